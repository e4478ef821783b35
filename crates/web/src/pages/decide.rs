//! Deciding about findings, one or many: what is sent becomes events with the visitor's name, all or none.
//! A waiver is only asked for here; a second person approves it.

use audit::acts::Word;
use audit::vocabulary::{Finding, ValidDay};
use audit::words::{count, money, sentence};
use audit::worklist::{Asked, Which, act};
use audit::AuditError;
use maud::{Markup, html};

use crate::answer::Answer;
use crate::layout;
use crate::people::waivers::Proposal;
use crate::query::segment;
use crate::roles::Role;
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// What a role may decide.
fn words(role: Role) -> &'static [Word] {
    match role {
        Role::Officer => &Word::ALL,
        Role::Supervisor => &[Word::Acknowledged, Word::Assigned, Word::Disputed, Word::Remediated],
        Role::Biller => &[Word::Acknowledged, Word::Remediated],
        Role::Approver | Role::Peer | Role::Reviewer | Role::Administrator | Role::Service | Role::Guest => &[],
    }
}

/// A decision as a choice in a form.
fn choice(word: Word) -> (&'static str, &'static str) {
    match word {
        Word::Acknowledged => ("Acknowledge", "somebody has seen it"),
        Word::Assigned => ("Assign", "somebody is to see to it, by a day"),
        Word::Disputed => ("Dispute", "it is held to be wrong; say why"),
        Word::Waived => ("Ask for a waiver", "let be for a reason, once a second person agrees"),
        Word::Remediated => ("Remediated", "it was put right; say how"),
    }
}

/// The findings named, as they stand; those that are gone are left out.
fn named<'v>(visit: &'v Visit<'_>, ids: &[&str]) -> Vec<&'v Finding> {
    let mut found: Vec<&Finding> = ids.iter().filter_map(|id| visit.desk().finding(id)).filter(|f| visit.visitor.sees(f)).collect();
    found.dedup_by(|a, b| a.id == b.id);
    found
}

/// The form, with the findings it is about.
pub(crate) fn ask(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let findings = named(visit, &visit.query.all("id"));
    Ok(Page::Answer(Answer::html(form(visit, &findings, None))))
}

fn form(visit: &Visit<'_>, findings: &[&Finding], problem: Option<&str>) -> Markup {
    let title = match findings {
        [] => "No finding was chosen.".to_owned(),
        [one] => format!("Decide about {}", one.id),
        many => format!("Decide about {}", count(many.len() as u64, "finding")),
    };
    let kept = |name: &str| visit.sent.get(name).unwrap_or_default();
    let main = html! {
        nav.above aria-label="Above this page" { ol { li { a href="/findings" { "Findings" } } } }
        h1 { (title) }
        @if let Some(problem) = problem { p.notice role="alert" { strong { (problem) } } }
        @if findings.is_empty() { p.empty { "Choose findings in the " a href="/findings" { "worklist" } ", or open one." } }
        @else {
            ul.lines { @for f in findings.iter().take(20) { li { (report::html::class(f.class)) " " a href={ "/findings/" (segment(&f.id)) } { (sentence(&veiled(visit, &f.message))) } @if f.exposure.0 > 0 { ", " (money(f.exposure)) } } } }
            @if findings.len() > 20 { p { "and " (findings.len() - 20) " more." } }
            form.decide method="post" action="/decide" {
                (layout::form_token(visit))
                @for f in findings { input type="hidden" name="id" value=(f.id); }
                fieldset {
                    legend { "What is decided" }
                    @for word in words(visit.visitor.role) {
                        @let (name, says) = choice(*word);
                        div.choice { input type="radio" name="word" id=(word.as_str()) value=(word.as_str()) required checked[kept("word") == word.as_str()]; " " label for=(word.as_str()) { (name) } " " span.soft { (says) } }
                    }
                }
                div.field { label for="to" { "Assign to" } input #to name="to" value=(kept("to")) autocomplete="off"; }
                div.field { label for="due" { "By this day; of a waiver, its last day" } input #due type="date" name="due" value=(kept("due")); }
                div.field { label for="why" { "Why" } textarea #why name="why" rows="3" maxlength="1000" aria-describedby="why-says" { (kept("why")) } p #why-says .soft { "Stands in the ledger for ever: name nobody who is served." } }
                div.buttons { button type="submit" { "Put on record" } a href="/findings" { "Cancel" } }
            }
        }
    };
    layout::around(visit, &title, &main)
}

fn veiled(visit: &Visit<'_>, text: &str) -> String {
    report::veil::sentence(text, &|word| visit.veil(word))
}

/// Puts a decision on record, or asks for a waiver.
pub(crate) fn decide(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let findings = named(visit, &visit.sent.all("id"));
    let again = |problem: &str| Ok(Page::Answer(Answer::html(form(visit, &findings, Some(problem))).status(axum::http::StatusCode::UNPROCESSABLE_ENTITY)));
    let Some(word) = words(visit.visitor.role).iter().copied().find(|w| visit.sent.get("word") == Some(w.as_str())) else {
        return again("Choose what is decided. Nothing was recorded.");
    };
    let ids: Vec<String> = findings.iter().map(|f| f.id.to_string()).collect();
    let (to, why) = (visit.sent.get("to"), visit.sent.get("why"));
    let due = visit.sent.get("due").map(ValidDay::parse);
    if findings.is_empty() {
        return again("None of the findings is there any more. Nothing was recorded.");
    }
    if due == Some(None) {
        return again("Write the day as 2025-03-04. Nothing was recorded.");
    }
    if word == Word::Assigned && to.is_none() {
        return again("Say to whom it is assigned. Nothing was recorded.");
    }
    if matches!(word, Word::Waived | Word::Disputed | Word::Remediated) && why.is_none() {
        return again("Say why. Nothing was recorded.");
    }
    let due_on = due.flatten();
    let back = match ids.as_slice() {
        [one] => format!("/findings/{}", segment(one)),
        _ => "/findings".to_owned(),
    };
    if word == Word::Waived {
        let proposal = Proposal {
            id: String::new(),
            findings: ids.clone(),
            by: visit.visitor.name.clone(),
            rationale: why.unwrap_or_default().to_owned(),
            due_on: due_on.map(|d| d.to_string()),
            at: visit.now.to_string(),
        };
        visit.note("asked for a waiver", &ids.join(" "))?;
        visit.state.proposals.ask(proposal)?;
        return Ok(Page::Answer(Answer::onward("/waivers")));
    }
    let asked = Asked {
        word,
        by: visit.visitor.name.clone(),
        to: to.filter(|_| word == Word::Assigned).map(str::to_owned),
        approver: None,
        on: None,
        rationale: why.map(str::to_owned),
        due_on,
        today: None,
        at: None,
    };
    match record(visit, ids, &asked) {
        Ok(()) => Ok(Page::Answer(Answer::onward(&back))),
        Err(Trouble::Refused(what)) => again(&format!("{what} Nothing was recorded.")),
        Err(trouble) => Err(trouble),
    }
}

/// Appends a decision and looks at the ledger anew, so that the next page shows it.
fn record(visit: &Visit<'_>, ids: Vec<String>, asked: &Asked) -> Result<(), Trouble> {
    visit.note(&format!("decided: {}", asked.word.as_str()), &ids.join(" "))?;
    act(visit.desk().dir(), &Which::Ids(ids), asked, visit.now).map_err(|error| {
        if let AuditError::Asked { what, .. } = &error { Trouble::Refused(format!("{}.", sentence(what))) } else { Trouble::Audit(error) }
    })?;
    visit.state.refresh()?;
    Ok(())
}

/// The waivers that wait for a second person.
pub(crate) fn waivers(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let waiting = visit.state.proposals.waiting()?;
    let title = match waiting.len() {
        0 => "No waiver waits for a second person.".to_owned(),
        n => format!("{} for a second person.", count(n as u64, "waiver").replace("waivers", "waivers wait").replace("1 waiver", "1 waiver waits")),
    };
    let main = html! {
        h1 { (title) }
        @if waiting.is_empty() { p.empty { "Whoever asks for a waiver does it from the page of a finding; it is then decided here." } }
        @for p in &waiting {
            section.proposal aria-labelledby=(p.id) {
                h2 id=(p.id) { (count(p.findings.len() as u64, "finding")) ", asked for by " (p.by) }
                p { (veiled(visit, &p.rationale)) }
                ul.lines { @for id in p.findings.iter().take(20) { li { a href={ "/findings/" (segment(id)) } { (visit.desk().finding(id).map_or_else(|| format!("{id}, cleared since"), |f| sentence(&veiled(visit, &f.message)))) } } } }
                p.soft { @match p.due_on.as_deref().and_then(ValidDay::parse) { Some(d) => { "Through " (audit::words::day(d)) "." }, None => "Without an end." } }
                @if p.by == visit.visitor.name { p.soft { "You asked for it: somebody else decides." } }
                @else {
                    form.buttons method="post" action="/waivers" {
                        (layout::form_token(visit))
                        input type="hidden" name="proposal" value=(p.id);
                        button type="submit" name="answer" value="approve" { "Approve" }
                        button.second type="submit" name="answer" value="decline" { "Decline" }
                    }
                }
            }
        }
    };
    Ok(Page::Answer(Answer::html(layout::around(visit, &title, &main))))
}

/// Approves a waiver, which becomes events with both names, or declines it.
pub(crate) fn approve(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let id = visit.sent.get("proposal").unwrap_or_default();
    let approves = visit.sent.get("answer") == Some("approve");
    visit.state.proposals.settle(id, |p| {
        if p.by == visit.visitor.name {
            return Err(Trouble::Refused("You asked for this waiver; somebody else decides about it.".to_owned()));
        }
        if !approves {
            return visit.note("declined a waiver", &p.findings.join(" "));
        }
        let standing: Vec<String> = p.findings.iter().filter(|id| visit.desk().finding(id).is_some()).cloned().collect();
        if standing.is_empty() {
            return visit.note("let go a waiver whose findings are cleared", &p.findings.join(" "));
        }
        let asked = Asked {
            word: Word::Waived,
            by: p.by.clone(),
            to: None,
            approver: Some(visit.visitor.name.clone()),
            on: None,
            rationale: Some(p.rationale.clone()),
            due_on: p.due_on.as_deref().and_then(ValidDay::parse),
            today: None,
            at: None,
        };
        record(visit, standing, &asked)
    })?;
    Ok(Page::Answer(Answer::onward("/waivers")))
}

/// The way from a finding to deciding about it.
pub(crate) fn way(visit: &Visit<'_>, id: &str) -> Markup {
    html! { @if !words(visit.visitor.role).is_empty() { p { a.button href={ "/decide?id=" (segment(id)) } { "Decide about this finding" } } } }
}

/// Whether a visitor decides about anything.
pub(crate) fn decides(visit: &Visit<'_>) -> bool {
    !words(visit.visitor.role).is_empty()
}
