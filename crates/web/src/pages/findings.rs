//! The worklist: a filter in the address, findings as rows, pages of fifty.
//! Files hold all that fits, not only the page shown.

use audit::desk::{Line, Listing, Sort, Sought};
use audit::vocabulary::{Class, ValidDay};
use audit::words::{count, day, money, sentence};
use audit::worklist::{Choice, Disposed, amount};
use maud::{Markup, html};
use report::html::class as class_mark;

use super::{decide, views};
use crate::layout::{self, Place, Sheet};
use crate::paging::{self, Piece};
use crate::params::Param;
use crate::query::segment;
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::{Form, Visit};

const PER_PAGE: usize = 50;

/// What the filter takes.
pub(crate) const TAKES: &[Param] = &[
    Param::words("q", "words of the message, or the finding's id"),
    Param::one_of("class", "its class", &["violation", "documentation", "advisory"]),
    Param::words("rule", "the rule it is of"),
    Param::words("program", "the program it is about"),
    Param::words("person", "the member of the staff it is about"),
    Param::words("individual", "the individual it is about, under the name they stand under"),
    Param::words("assignee", "to whom it was assigned last"),
    Param::one_of("disposition", "what was decided", &["none", "acknowledged", "assigned", "disputed", "waived", "remediated", "expired"]),
    Param::one_of("known", "whether the agency could have known at the claim", &["yes", "no"]),
    Param::day("since", "true on this day or later"),
    Param::number("older", "known for more than so many days", 0, 36_600),
    Param::dollars("min", "with at least so many dollars at risk"),
    Param::one_of("sort", "the order", &["class", "newest", "oldest", "money", "rule"]),
];

pub(crate) fn show(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let desk = visit.desk();
    let (sought, problems) = sought(visit);
    let bounded = visit.visitor.role.is_bounded();
    let listing = desk.list(&sought, &|f| visit.visitor.sees(f));
    let piece = paging::piece(visit, listing.findings.len(), PER_PAGE, &|row| visit.state.marks.of(listing.findings.get(row).map(|f| f.id.as_str())));
    let chosen = listing.findings.get(piece.range()).unwrap_or_default();
    let lines: Vec<Line<'_>> = chosen.iter().map(|f| desk.line(f)).collect();
    let mut document = report::of::findings::document((!bounded).then_some(desk), &lines, &words(&sought), visit.stamp());
    document.title = title(&listing, &sought);
    let mut sheet = Sheet::new(Place::Findings, document);
    // The fixed JSON counts everything, which is not for everybody.
    if visit.form == Form::Json && !bounded {
        sheet.data = Some(desk.findings_json(chosen)?);
    }
    sheet.filter = Some(html! { div { (filter(visit, &sought)) (views::kept(visit)?) } });
    sheet.instead = Some(html! {
        @for problem in &problems { p.notice { strong { (problem) } } }
        @if decide::decides(visit) && piece.total > 0 {
            form method="get" action="/decide" { (rows(visit, &lines, &piece)) div.buttons { button type="submit" { "Decide about those chosen" } } }
        } @else { (rows(visit, &lines, &piece)) }
        (layout::pager(Some(&piece)))
    });
    sheet.piece = Some(piece);
    Ok(sheet.into())
}

/// What the address asks for, and what of it makes no sense.
pub(crate) fn sought(visit: &Visit<'_>) -> (Sought, Vec<String>) {
    let q = &visit.query;
    let owned = |name: &str| q.get(name).map(str::to_owned);
    let mut problems = Vec::new();
    let mut choice = Choice {
        rule: owned("rule"),
        class: q.get("class").and_then(class_of),
        program: owned("program"),
        person: owned("person"),
        individual: q.get("individual").map(|i| visit.state.veils.who(i)),
        ..Choice::default()
    };
    if let Some(text) = q.get("since") {
        choice.since = ValidDay::parse(text);
        problems.extend(choice.since.is_none().then(|| format!("“{text}” is no day; write it as 2025-03-04. This part of the filter was left out.")));
    }
    if let Some(text) = q.get("min") {
        choice.min_amount = amount(text).ok();
        problems.extend(choice.min_amount.is_none().then(|| format!("“{text}” is no amount; write dollars, as 100 or 99.50. This part of the filter was left out.")));
    }
    choice.older_than = q.number("older");
    choice.disposition = q.get("disposition").and_then(|d| Disposed::parse(d).ok());
    let known_at_claim = q.get("known").and_then(|k| match k {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    });
    let sort = q.get("sort").map_or(Sort::Class, Sort::parse);
    (Sought { choice, text: owned("q"), known_at_claim, assignee: owned("assignee"), sort }, problems)
}

fn class_of(word: &str) -> Option<Class> {
    [Class::Violation, Class::Documentation, Class::Advisory].into_iter().find(|c| c.as_str() == word)
}

fn title(listing: &Listing<'_>, sought: &Sought) -> String {
    let [violations, gaps, advisories] = listing.by_class;
    if listing.findings.is_empty() {
        return "No finding fits.".to_owned();
    }
    let said = [count(violations, "violation"), count(gaps, "documentation gap"), count(advisories, "advisory")];
    let counted: Vec<String> = said.into_iter().zip([violations, gaps, advisories]).filter(|(_, n)| *n > 0).map(|(words, _)| words).collect();
    let filter = words(sought);
    if filter.is_empty() { format!("{}.", counted.join(", ")) } else { format!("{} {filter}.", counted.join(", ")) }
}

/// The filter in words: "of MHOTRS-CRED-01 by P-14, undecided".
fn words(sought: &Sought) -> String {
    let c = &sought.choice;
    let mut said: Vec<String> = Vec::new();
    said.extend(c.rule.as_ref().map(|r| format!("of {r}")));
    said.extend(c.program.as_ref().map(|p| format!("in {p}")));
    said.extend(c.person.as_ref().map(|p| format!("about {p}")));
    said.extend(c.individual.as_ref().map(|i| format!("for {i}")));
    said.extend(c.since.map(|d| format!("from {}", day(d))));
    said.extend(c.min_amount.map(|m| format!("of at least {}", money(m))));
    said.extend(c.older_than.map(|d| format!("known for more than {}", count(d.unsigned_abs(), "day"))));
    said.extend(sought.known_at_claim.map(|k| if k { "known at the claim".to_owned() } else { "not knowable at the claim".to_owned() }));
    said.extend(c.disposition.map(|d| match d {
        Disposed::As(word) => word.as_str().to_owned(),
        Disposed::Not => "undecided".to_owned(),
        Disposed::WaiverExpired => "with an expired waiver".to_owned(),
    }));
    said.extend(sought.assignee.as_ref().map(|a| format!("assigned to {a}")));
    said.extend(sought.text.as_ref().map(|t| format!("with “{t}”")));
    said.join(", ")
}

fn rows(visit: &Visit<'_>, lines: &[Line<'_>], piece: &Piece) -> Markup {
    if piece.total == 0 {
        return html! { p.empty { "Nothing fits this filter. " a href="/findings" { "Show everything" } } };
    }
    html! {
        div.scroll tabindex="0" role="region" aria-label="Findings" {
            table.worklist {
                caption { (count(piece.total as u64, "finding")) @if let Some((page, pages)) = piece.page().filter(|_| piece.count < piece.total) { ", page " (page) " of " (pages) } }
                thead { tr {
                    @if decide::decides(visit) { th scope="col" { "Choose" } }
                    th scope="col" { "Class" } th scope="col" { "What" } th scope="col" { "Who" } th.num scope="col" { "At risk" }
                    th scope="col" { "Known at" br; "the claim" } th.num scope="col" { "Age" } th scope="col" { "Decided" }
                } }
                tbody { @for line in lines { (row(visit, line)) } }
            }
        }
    }
}

fn row(visit: &Visit<'_>, line: &Line<'_>) -> Markup {
    let f = line.finding;
    let veiled = |text: &str| report::veil::sentence(text, &|word| visit.veil(word));
    html! {
        tr {
            @if decide::decides(visit) { td { input type="checkbox" name="id" value=(f.id) aria-label={ "Choose " (f.id) }; } }
            td { (class_mark(f.class)) @if f.status.as_str() != "open" { br; span.soft { (f.status.as_str().replace('_', " ")) } } }
            td.says { a href={ "/findings/" (segment(&f.id)) } { (sentence(&veiled(&f.message))) } br; span.soft { (f.rule) " · " span.id { (f.id) } } }
            td {
                @if let Some(peer) = &f.about.peer { span.id { (peer) } br; }
                @if let Some(individual) = &f.about.individual { span.id { (veiled(individual)) } br; }
                span.soft { time datetime=(f.true_from) { (day(f.true_from)) } }
            }
            td.num { @if f.exposure.0 > 0 { (money(f.exposure)) } }
            td { @match f.known_at_claim { Some(true) => "yes", Some(false) => "no", None => span.soft { "not billed" } } }
            td.num { (line.age) " d" }
            td { @if let Some(d) = line.decision { (d.word.as_str()) br; span.soft { (d.by) } } }
        }
    }
}

fn filter(visit: &Visit<'_>, sought: &Sought) -> Markup {
    let desk = visit.desk();
    let q = |name: &str| visit.query.get(name).unwrap_or_default();
    let dispositions = [("none", "nothing yet"), ("acknowledged", "acknowledged"), ("assigned", "assigned"), ("disputed", "disputed"), ("waived", "waived"), ("remediated", "remediated"), ("expired", "a waiver that expired")];
    html! {
        details.filter { summary { "Filter" } form method="get" action="/findings" {
            (field("q", "Words or finding", html! { input #q type="search" name="q" value=(q("q")); }))
            (field("class", "Class", choose("class", q("class"), [("violation", "violation"), ("documentation", "documentation"), ("advisory", "advisory")].map(|(v, n)| (v.to_owned(), n.to_owned())))))
            @if !visit.visitor.role.is_bounded() {
            (field("rule", "Rule", choose("rule", q("rule"), desk.rules_counted().iter().map(|(r, n)| (r.to_owned(), format!("{r} ({n})"))))))
            (field("program", "Program", choose("program", q("program"), desk.programs_found().iter().map(|(p, n)| (p.to_owned(), format!("{p} ({n})"))))))
            (field("person", "Peer", choose("person", q("person"), desk.peers_found().iter().map(|(p, n)| (p.to_owned(), format!("{p} ({n})"))))))
            (field("assignee", "Assigned to", choose("assignee", q("assignee"), desk.assignees().iter().map(|a| (a.to_owned(), a.to_owned())))))
            }
            (field("disposition", "Decided", choose("disposition", q("disposition"), dispositions.map(|(v, n)| (v.to_owned(), n.to_owned())))))
            (field("known", "Known at the claim", choose("known", q("known"), [("yes", "yes"), ("no", "no")].map(|(v, n)| (v.to_owned(), n.to_owned())))))
            (field("since", "True on or after", html! { input #since type="date" name="since" value=(q("since")); }))
            (field("older", "Known for more than, days", html! { input #older type="number" min="0" name="older" value=(q("older")); }))
            (field("min", "At least, dollars", html! { input #min type="text" inputmode="decimal" name="min" value=(q("min")); }))
            @let order = Sort::ALL.iter().find(|(s, _)| *s == sought.sort).map_or("class", |(_, word)| word);
            (field("sort", "Order", html! {
                select #sort name="sort" {
                    @for (word, name) in [("class", "class, then known longest"), ("newest", "known last first"), ("oldest", "known longest first"), ("money", "most money first"), ("rule", "rule")] {
                        option value=(word) selected[word == order] { (name) }
                    }
                }
            }))
            div.buttons { button type="submit" { "Apply" } @if !visit.query.is_empty() { a href="/findings" { "Clear" } } }
        } }
    }
}

fn field(id: &str, name: &str, input: Markup) -> Markup {
    html! { div.field { label for=(id) { (name) } (input) } }
}

fn choose(name: &str, chosen: &str, options: impl IntoIterator<Item = (String, String)>) -> Markup {
    html! {
        select id=(name) name=(name) {
            option value="" { "any" }
            @for (value, words) in options { option value=(value) selected[value == chosen] { (words) } }
        }
    }
}
