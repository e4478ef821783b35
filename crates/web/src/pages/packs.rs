//! Audit packs: asked for by a form, made while other pages go on, read about, downloaded.
//! A pack is made by who may, put on record in the ledger, and every download is written down.

use audit::Cut;
use audit::packs::{Asked, Scope, read_sample};
use audit::vocabulary::{KnownAt, ValidDay};
use audit::words::{count, known, sentence, thousands};
use axum::http::StatusCode;
use maud::{Markup, html};
use report::document::{Block, Cell, Column, Document, Table};

use crate::answer::Answer;
use crate::layout::{self, Place, Sheet};
use crate::routes::Page;
use crate::shelf::{Job, Standing};
use crate::trouble::Trouble;
use crate::visit::Visit;

/// What a pack may be about: the word in the form, its name, what is written beside it.
const SCOPES: [(&str, &str, &str); 7] = [
    ("claim", "A claim", "with its contacts, notes, signatures, payments and what stands behind them"),
    ("person", "A member of the staff", "credentials, supervision and the contacts delivered; individuals stay pseudonyms"),
    ("individual", "An individual", "everything about somebody served"),
    ("contact", "A contact", "with its note, signatures and claims"),
    ("finding", "A finding", "with everything it rests on"),
    ("sample", "A sample of claims", "one id a line, or the file that `countersign sample draw` writes"),
    ("range", "A range of events", "the only one that shows that nothing was left out: 0..4811"),
];

/// The shelf, and the form.
pub(crate) fn list(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let (kept, jobs) = visit.state.shelf.all()?;
    let columns = [
        Column::words("made_at", "Made"),
        Column::words("about", "About"),
        Column::words("recipient", "For"),
        Column::words("by", "By"),
        Column::numbers("records", "Records"),
        Column::numbers("findings", "Findings"),
        Column::words("seq", "On record as"),
        Column::words("id", "Pack"),
    ];
    let mut table = Table::new("packs", "Newest first", &columns).or_else("No pack was made here yet.");
    for pack in &kept {
        let handed = &pack.handed;
        table.row([
            KnownAt::parse(&pack.at).map_or(Cell::Empty, Cell::Instant),
            Cell::Text(sentence(&handed.about)),
            handed.recipient.clone().map_or(Cell::Empty, Cell::Text),
            Cell::text(&pack.by),
            Cell::Count(handed.records.0),
            Cell::Count(handed.findings.len() as u64),
            Cell::Seq(audit::vocabulary::Seq(handed.recorded)),
            Cell::text(&pack.id),
        ]);
    }
    let title = if kept.is_empty() { "No pack was made here yet.".to_owned() } else { format!("{} made here.", sentence(&count(kept.len() as u64, "pack"))) };
    let mut sheet = Sheet::new(Place::Packs, Document::new("packs", title, visit.stamp()).with(Block::Table(table)));
    sheet.before = html! {
        @for (id, job) in &jobs { p.notice { a href={ "/packs/" (id) } { "A pack about " (veiled(visit, &job.about)) } @if job.ended().is_some() { " could not be made." } @else { " is being made." } } }
        ul.onward { @for pack in kept.iter().take(20) { li { a href={ "/packs/" (pack.id) } { (sentence(&veiled(visit, &pack.handed.about))) } @if let Some(to) = &pack.handed.recipient { ", for " (veiled(visit, to)) } } } }
    };
    sheet.after = form(visit, None);
    Ok(sheet.into())
}

fn veiled(visit: &Visit<'_>, text: &str) -> String {
    report::veil::sentence(text, &|word| visit.veil(word))
}

fn form(visit: &Visit<'_>, problem: Option<&str>) -> Markup {
    let kept = |name: &str| visit.sent.get(name).or_else(|| visit.query.get(name)).unwrap_or_default();
    let field = |id: &str, name: &str, input: Markup| html! { div.field { label for=(id) { (name) } (input) } };
    html! {
        h2 #make { "Make a pack" }
        @if let Some(problem) = problem { p.notice role="alert" { strong { (problem) } " Nothing was made." } }
        form.decide method="post" action="/packs" {
            (layout::form_token(visit))
            fieldset {
                legend { "What it is about" }
                @for (word, name, says) in SCOPES {
                    div.choice { input type="radio" name="scope" id=(word) value=(word) required checked[kept("scope") == word]; " " label for=(word) { (name) } " " span.soft { (says) } }
                }
            }
            (field("ids", "Its id; of a sample the claims, one a line; of a range from..to", html! { textarea #ids name="ids" rows="2" required spellcheck="false" { (kept("ids")) } }))
            (field("from", "Only from this day on (not of a finding or a range)", html! { input #from type="date" name="from" value=(kept("from")); }))
            (field("to", "Only through this day", html! { input #to type="date" name="to" value=(kept("to")); }))
            (field("recipient", "To whom it goes; stands in the ledger", html! { input #recipient name="recipient" maxlength="120" value=(kept("recipient")); }))
            div.choice { input type="checkbox" id="part2" name="part2" value="yes" checked[kept("part2") == "yes"]; " " label for="part2" { "Put the notice of 42 CFR part 2 on it, whatever the registrations say" } }
            div.buttons { button type="submit" { "Make the pack" } }
        }
        p.soft { "While a pack is read together, nothing else is appended. It is put on record under the digest of its file." }
    }
}

/// Begins to make a pack.
pub(crate) fn make(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let again = |problem: &str| {
        let main = html! { nav.above aria-label="Above this page" { ol { li { a href="/packs" { "Packs" } } } } h1 { "That pack cannot be made as it was asked for." } (form(visit, Some(problem))) };
        Ok(Page::Answer(Answer::html(layout::around(visit, "That pack cannot be made as it was asked for.", &main)).status(StatusCode::UNPROCESSABLE_ENTITY)))
    };
    let asked = match asked(visit) {
        Ok(asked) => asked,
        Err(problem) => return again(&problem),
    };
    let (about, to) = (asked.scope.words(), asked.recipient.as_deref().map_or_else(String::new, |to| format!(", for {to}")));
    visit.note("asked for a pack", &format!("{about}{to}"))?;
    let id = visit.state.shelf.begin(asked, &visit.visitor.name, visit.now)?;
    Ok(Page::Answer(Answer::onward(&format!("/packs/{id}"))))
}

/// What the form asks for, or what is wrong with it.
fn asked(visit: &Visit<'_>) -> Result<Asked, String> {
    let sent = &visit.sent;
    let day = |name: &str| sent.get(name).map(|text| ValidDay::parse(text).ok_or_else(|| format!("“{text}” is no day; write it as 2025-03-04."))).transpose();
    let (from, to) = (day("from")?, day("to")?);
    let ids = sent.get("ids").unwrap_or_default();
    let id = || match ids.split_whitespace().collect::<Vec<_>>()[..] {
        [one] => Ok(visit.state.veils.who(one)),
        _ => Err("Give one id.".to_owned()),
    };
    let mut sample = None;
    let scope = match sent.get("scope") {
        Some("claim") => Scope::Claim(id()?),
        Some("person") => Scope::Person(id()?),
        Some("individual") => Scope::Individual(id()?),
        Some("contact") => Scope::Contact(id()?),
        Some("finding") => Scope::Finding(id()?),
        Some("sample") => {
            let (claims, kept) = read_sample(ids.as_bytes()).map_err(|error| sentence(&format!("{error}: {}.", error.hint().unwrap_or_default())))?;
            sample = Some(kept);
            Scope::Sample(claims)
        }
        Some("range") => {
            let range = ids.split_once("..").and_then(|(from, to)| Some((from.trim().parse().ok()?, to.trim().parse().ok()?)));
            let (from, to) = range.ok_or_else(|| "Write the range as 0..4811: its first and its last event.".to_owned())?;
            Scope::Range(from, to)
        }
        _ => return Err("Choose what it is about.".to_owned()),
    };
    let days = match (from, to) {
        (None, None) => None,
        (Some(from), Some(to)) if from <= to => Some((from, to)),
        _ => return Err("Give the first and the last day, or neither.".to_owned()),
    };
    if days.is_some() && matches!(scope, Scope::Range(..) | Scope::Finding(_)) {
        return Err("A range or a finding is not cut by days.".to_owned());
    }
    Ok(Asked {
        scope,
        days,
        cut: Cut::Head,
        today: None,
        part2: sent.get("part2") == Some("yes"),
        since: Vec::new(),
        sample,
        recipient: sent.get("recipient").map(str::to_owned),
        file: std::path::PathBuf::new(),
        dry_run: false,
    })
}

/// A pack, or how far it is.
pub(crate) fn show(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let id = visit.part(0);
    match visit.state.shelf.find(&id)? {
        Standing::Job(job) => Ok(Page::Answer(under_way(visit, &id, &job))),
        Standing::Pack(kept) => {
            let document = report::of::pack::cover(&kept.handed, KnownAt::parse(&kept.at), &kept.by, visit.stamp());
            let mut sheet = Sheet::new(Place::Packs, document).under("/packs", "Packs");
            sheet.before = html! {
                p { a.button href={ "/packs/" (id) "/file" } { "Download the pack" } }
                p.prose { "Send the key by another way than the pack. Whoever has both checks them " a href="/verify" { "in a browser" } " or with countersign-verify." }
            };
            Ok(sheet.into())
        }
    }
}

fn under_way(visit: &Visit<'_>, id: &str, job: &Job) -> Answer {
    let about = veiled(visit, &job.about);
    let (title, says) = match job.ended() {
        Some(Err(why)) => ("The pack could not be made.".to_owned(), format!("{} Nothing was put on record.", veiled(visit, &format!("{}.", why.trim_end_matches('.'))))),
        Some(Ok(())) | None => {
            let (done, all) = job.so_far();
            let far = if all > 0 { format!("{} of {} read.", thousands(done), count(all, "event")) } else { "The ledger is being read.".to_owned() };
            ("The pack is being made.".to_owned(), far)
        }
    };
    let main = html! {
        nav.above aria-label="Above this page" { ol { li { a href="/packs" { "Packs" } } } }
        h1 { (title) }
        p role="status" { "About " (about) ", asked for by " (job.by) ". " (says) }
        @if job.ended().is_none() { p { a.button href={ "/packs/" (id) } { "Look again" } } } @else { p { a href="/packs#make" { "Ask for another" } } }
        p.soft { "Looked at " (known(visit.now)) "." }
    };
    Answer::html(layout::around(visit, &title, &main))
}

/// The file of a pack.
pub(crate) fn file(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let id = visit.part(0);
    let Standing::Pack(kept) = visit.state.shelf.find(&id)? else { return Err(Trouble::NotFound("This pack is not made yet.".to_owned())) };
    visit.note("downloaded a pack", &kept.handed.about)?;
    let name = format!("{}.pack", kept.handed.about.replace(' ', "-"));
    let name = if kept.handed.about.starts_with("individual") { format!("individual-{id}.pack") } else { name };
    Ok(Page::Answer(Answer::new("application/zip", visit.state.shelf.file(&id)?).file(&name)))
}
