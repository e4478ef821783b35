//! Importing in the browser: files are sent, what would become of them is shown with every problem, and only then is anything appended.
//! Every step is written down first.

use audit::intake::Intake;
use audit::words::{count, known, thousands};
use axum::http::StatusCode;
use maud::{Markup, html};

use crate::answer::Answer;
use crate::layout::{self, Place, Sheet};
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::uploads::{How, Upload};
use crate::visit::Visit;

/// Bytes that an upload may have, all its files together.
pub(crate) const MOST: usize = 64 * 1024 * 1024;

/// The form, and what waits.
pub(crate) fn ask(visit: &Visit<'_>) -> Result<Page, Trouble> {
    Ok(Page::Answer(Answer::html(form(visit, None)?)))
}

fn form(visit: &Visit<'_>, problem: Option<&str>) -> Result<Markup, Trouble> {
    let (maps, waiting) = (visit.state.uploads.maps()?, visit.state.uploads.all());
    let title = "Import files";
    let main = html! {
        h1 { (title) }
        p.prose { "Files of JSON Lines, CSV, workbooks, FHIR bulk data or X12, as " code { "countersign import" } " reads them. First you see what would be appended and every problem; nothing is appended before you say so." }
        @if let Some(problem) = problem { p.notice role="alert" { strong { (problem) } " Nothing was kept." } }
        @if !waiting.is_empty() {
            h2 { "Waiting for somebody to decide" }
            ul.onward { @for upload in &waiting { li { a href={ "/import/" (upload.id) } { (names(upload)) } ", sent by " (upload.by) " on " (known(upload.at)) } } }
        }
        h2 { "Send files" }
        form.decide method="post" action="/import" enctype="multipart/form-data" {
            (layout::form_token(visit))
            div.field { label for="file" { "Files, " (MOST / 1024 / 1024) " MiB in all" } input #file type="file" name="file" multiple required; }
            div.field { label for="as_type" { "Event type of CSV files whose names do not say it" } input #as_type name="as_type" autocomplete="off" spellcheck="false" aria-describedby="as-says"; p #as-says .soft { "As in contact_recorded; of other files left empty." } }
            div.field { label for="map" { "Mapping, for spreadsheets with columns of their own" } select #map name="map" { option value="" { "none" } @for map in &maps { option value=(map) { (map) } } } }
            div.field { label for="mapping" { "Or a mapping file of yours (.toml)" } input #mapping type="file" name="mapping" accept=".toml"; }
            div.buttons { button type="submit" { "See what would be appended" } }
        }
    };
    Ok(layout::around(visit, title, &main))
}

fn names(upload: &Upload) -> String {
    upload.files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
}

/// Takes files and leads to what would become of them.
pub(crate) fn send(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let files: Vec<_> = visit.files.iter().filter(|f| f.field == "file" || f.field == "mapping").collect();
    if !files.iter().any(|f| f.field == "file") {
        return Ok(Page::Answer(Answer::html(form(visit, Some("Choose a file."))?).status(StatusCode::UNPROCESSABLE_ENTITY)));
    }
    let said: Vec<String> = files.iter().map(|f| format!("{} ({} bytes)", f.name, thousands(f.bytes.len() as u64))).collect();
    visit.note("sent files to be imported", &said.join(", "))?;
    let how = How { as_type: visit.sent.get("as_type").map(str::to_owned), map: visit.sent.get("map").map(str::to_owned) };
    let upload = visit.state.uploads.begin(&files, how, &visit.visitor.name, visit.now)?;
    Ok(Page::Answer(Answer::onward(&format!("/import/{}", upload.id))))
}

/// What would become of an upload, or did.
pub(crate) fn show(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let upload = visit.state.uploads.find(&visit.part(0))?;
    let intake: &Intake = &upload.intake;
    let document = report::of::intake::document("import", intake, upload.looked, visit.stamp());
    let mut sheet = Sheet::new(Place::Import, document).under("/import", "Import");
    let problems = intake.problems.total();
    let button = |act: &str, words: String, second: bool| {
        html! {
            form method="post" action={ "/import/" (upload.id) } {
                (layout::form_token(visit))
                button.second[second] type="submit" name="act" value=(act) { (words) }
            }
        }
    };
    sheet.before = html! {
        p.soft { (names(&upload)) ", sent by " (upload.by) " on " (known(upload.at)) "." }
        @if intake.committed {
            p role="status" { a href="/home" { "Go to the first page" } " · " a href="/import" { "Import more" } }
        } @else {
            div.buttons {
                @if problems == 0 && intake.appended > 0 { (button("append", format!("Append {}", count(intake.appended, "event")), false)) }
                @if problems > 0 && intake.appended > 0 { (button("partial", format!("Append the {} without fault", count(intake.appended, "event")), false)) }
                (button("let_go", "Let it go".to_owned(), true))
            }
            @if problems == 0 && intake.appended == 0 { p.empty { "The ledger has all of it already." } }
        }
    };
    Ok(sheet.into())
}

/// Appends an upload or lets it go.
pub(crate) fn settle(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let id = visit.part(0);
    let upload = visit.state.uploads.find(&id)?;
    let partial = match visit.sent.get("act") {
        Some("append") => false,
        Some("partial") => true,
        Some("let_go") => {
            visit.note("let go files sent to be imported", &names(&upload))?;
            visit.state.uploads.let_go(&id)?;
            return Ok(Page::Answer(Answer::onward("/import")));
        }
        _ => return Err(Trouble::Refused("Say whether it is to be appended.".to_owned())),
    };
    visit.note(if partial { "imports the lines without fault" } else { "imports" }, &names(&upload))?;
    let upload = visit.state.uploads.append(&id, partial, visit.now)?;
    let appended = if upload.intake.committed { upload.intake.appended } else { 0 };
    visit.note("imported", &format!("{} of {}", count(appended, "event"), names(&upload)))?;
    visit.state.refresh()?;
    Ok(Page::Answer(Answer::onward(&format!("/import/{id}"))))
}
