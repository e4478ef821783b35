//! A list of findings as a document: the sentence, whom and what it is about, money, since when, and what was decided.
//! Lists what it is given, in that order.

use audit::desk::{Desk, Line};
use audit::words::{count, money, sentence};

use crate::document::{Block, Cell, Column, Document, Table, Thing};
use crate::stamp::Stamp;

const COLUMNS: [Column; 14] = [
    Column::words("finding", "Finding"),
    Column::words("class", "Class"),
    Column::words("status", "Status"),
    Column::words("rule", "Rule"),
    Column::words("says", "What"),
    Column::words("program", "Program"),
    Column::words("peer", "Peer"),
    Column::words("individual", "Individual"),
    Column::words("true_from", "True from"),
    Column::words("first_detectable", "Could be known from"),
    Column::words("known_at_claim", "Known at claim"),
    Column::numbers("exposure", "At risk"),
    Column::numbers("age_days", "Age"),
    Column::words("disposition", "Decided"),
];

/// Counts by class in words, without those that are none; nothing where all are.
pub(super) fn by_class([violations, gaps, advisories]: [u64; 3]) -> String {
    let counts = [(violations, "violation"), (gaps, "documentation gap"), (advisories, "advisory")];
    counts.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| count(n, word)).collect::<Vec<_>>().join(", ")
}

/// Findings as a table.
pub fn table(lines: &[Line<'_>]) -> Table {
    let mut table = Table::new("findings", count(lines.len() as u64, "finding"), &COLUMNS).or_else("No finding fits.");
    for line in lines {
        let f = line.finding;
        let decided = line.decision.map_or(Cell::Empty, |d| Cell::Text(format!("{} by {}", d.word.as_str(), d.by)));
        table.row([
            Cell::Id(Thing::Finding, f.id.to_string()),
            Cell::Class(f.class),
            Cell::Text(f.status.as_str().replace('_', " ")),
            Cell::Named(Thing::Rule, f.rule.to_owned(), f.rule.to_owned()),
            Cell::Text(sentence(&f.message)),
            Cell::id(Thing::Program, f.about.program.as_deref()),
            Cell::id(Thing::Person, f.about.peer.as_deref()),
            Cell::id(Thing::Individual, f.about.individual.as_deref()),
            Cell::Day(f.true_from),
            Cell::Instant(f.first_detectable),
            Cell::Answer(f.known_at_claim),
            Cell::Money(f.exposure),
            Cell::Days(line.age),
            decided,
        ]);
    }
    table
}

/// Findings as a document, with what the filter that chose them was, in words; with the counts of everything where a desk is given.
pub fn document(desk: Option<&Desk>, lines: &[Line<'_>], filter: &str, stamp: Stamp) -> Document {
    let title = format!("{} {filter}", count(lines.len() as u64, "finding"));
    let mut page = Document::new("findings", title.trim().to_owned(), stamp);
    if let Some(summary) = desk.map(|d| d.report().summary) {
        page = page.with(Block::Prose(format!(
            "In all: {}, {}, {}; {} at risk on live claims, each claim line once. {} could not be judged for want of evidence.",
            count(summary.violation, "violation"),
            count(summary.documentation, "documentation gap"),
            count(summary.advisory, "advisory"),
            money(summary.exposure),
            count(summary.not_evaluated, "question"),
        )));
    }
    page.with(Block::Table(table(lines)))
}
