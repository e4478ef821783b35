//! What an import did, or would do: what was read, appended, there already and refused, and every problem with its place and what to do.
//! Keeps nothing back that it was given; what was only counted is said to be.

use audit::intake::{Intake, Problem};
use audit::words::{count, thousands};

use crate::document::{Block, Cell, Column, Document, Table};
use crate::stamp::Stamp;

/// The result as a document. `looked` says that nothing was to be appended.
pub fn document(name: &str, intake: &Intake, looked: bool, stamp: Stamp) -> Document {
    let verb = if looked { "would be appended" } else { "appended" };
    let appended = if intake.committed || looked { intake.appended } else { 0 };
    let title = format!(
        "{} read: {} {verb}, {} already there, {} refused.",
        count(intake.read, "event"),
        thousands(appended),
        thousands(intake.already_there),
        thousands(intake.refused)
    );
    let mut page = Document::new(name, title, stamp);
    if looked {
        page = page.with(Block::Prose("Nothing was appended yet.".to_owned()));
    } else if !intake.committed {
        page = page.with(Block::Notice("Nothing was appended: there are problems.".to_owned()));
    }
    if intake.clock_stepped_back {
        page = page.with(Block::Notice("The clock lies before the last event; its time was used instead. Check the clock.".to_owned()));
    }
    let total = intake.problems.total();
    if total > 0 {
        page = page.with(Block::Heading(count(total, "problem")));
        page = page.with(Block::Table(problems(intake.problems.kept(), total)));
    }
    page.with(Block::Heading("Files".to_owned())).with(Block::Table(files(intake)))
}

fn problems(kept: &[Problem], total: u64) -> Table {
    let columns = [
        Column::words("file", "File"),
        Column::numbers("line", "Line"),
        Column::words("field", "Field"),
        Column::words("found", "Found"),
        Column::words("wanted", "Wanted"),
        Column::words("hint", "What to do"),
    ];
    let caption = if (kept.len() as u64) < total { format!("The first {} of {}", kept.len(), thousands(total)) } else { "In the order of the files".to_owned() };
    let mut table = Table::new("problems", caption, &columns);
    for p in kept {
        table.row([
            Cell::text(&p.file),
            if p.line == 0 { Cell::Empty } else { Cell::Count(p.line) },
            p.field.clone().map_or(Cell::Empty, Cell::Text),
            Cell::text(&p.found),
            Cell::text(&p.wanted),
            p.hint.clone().map_or(Cell::Empty, Cell::Text),
        ]);
    }
    table
}

fn files(intake: &Intake) -> Table {
    let columns = [Column::words("file", "File"), Column::numbers("events", "Events read"), Column::words("notes", "What was passed over or guessed")];
    let mut table = Table::new("files", "As they were recognised", &columns).or_else("No file could be read.");
    for (file, events) in &intake.files {
        let notes: Vec<&str> = intake.notices.iter().filter(|n| n.file == *file).map(|n| n.text.as_str()).collect();
        table.row([Cell::text(file), Cell::Count(*events), Cell::Text(notes.join("; "))]);
    }
    for notice in intake.notices.iter().filter(|n| intake.files.iter().all(|(file, _)| *file != n.file)) {
        table.row([Cell::text(&notice.file), Cell::Count(0), Cell::text(&notice.text)]);
    }
    table
}
