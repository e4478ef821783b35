//! The rules as documents: the catalogue with how often each found something, and the page of a rule with its dated parameters.
//! Prints what the rules' own folders say.

use audit::rulebook::{Entry, Page, ParameterLine};
use audit::words::{count, sentence};

use crate::document::{Block, Cell, Column, Document, Table, Thing};
use crate::stamp::Stamp;

/// The catalogue, with how often each rule found something where that is said.
pub fn list(found: Option<&[(&str, usize)]>, entries: &[Entry], stamp: Stamp) -> Document {
    let mut columns = vec![Column::words("rule", "Rule"), Column::words("title", "What breaks it"), Column::words("document", "Document")];
    columns.extend(found.map(|_| Column::numbers("findings", "Findings now")));
    let mut table = Table::new("rules", "In the order of the guidance", &columns);
    for entry in entries {
        let mut row = vec![
            Cell::Id(Thing::Rule, entry.rule.id.to_owned()),
            Cell::Text(sentence(entry.rule.title)),
            entry.rule.authority.first().map_or(Cell::Empty, |c| Cell::text(c.document.title())),
        ];
        row.extend(found.map(|found| Cell::Count(found.iter().find(|(rule, _)| *rule == entry.rule.id).map_or(0, |(_, n)| *n as u64))));
        table.row(row);
    }
    Document::new("rules", format!("{} are checked.", count(entries.len() as u64, "rule")), stamp).with(Block::Table(table))
}

/// A rule's page.
pub fn page(entry: &Entry, page: &Page, stamp: Stamp) -> Document {
    let rule = entry.rule;
    let mut facts = vec![("Rule".to_owned(), Cell::text(rule.id))];
    for citation in rule.authority {
        facts.push(("Document".to_owned(), Cell::text(citation.document.title())));
        facts.push(("Section".to_owned(), Cell::text(citation.section)));
        facts.push(("Words that find the place".to_owned(), Cell::Text(format!("\u{201c}{}\u{201d}", citation.locator))));
    }
    let mut document = Document::new(format!("rule-{}", rule.id), page.title.clone(), stamp).with(Block::Facts(facts));
    for section in &page.sections {
        document = document.with(Block::Heading(section.heading.clone())).with(Block::Prose(section.text.clone()));
    }
    document.with(Block::Heading("Numbers and dates it uses".to_owned())).with(Block::Table(parameters(&entry.parameters)))
}

/// Dated parameters with their sources.
pub fn parameters(lines: &[ParameterLine]) -> Table {
    let columns = [
        Column::words("name", "Parameter"),
        Column::words("value", "Value"),
        Column::words("days", "In force"),
        Column::words("source", "Source"),
        Column::words("setting", "The agency may set it as"),
        Column::words("note", "Note"),
    ];
    let mut table = Table::new("parameters", "Every value with the days it is in force and where it was read", &columns).or_else("It uses no number of its own.");
    for line in lines {
        table.row([
            Cell::text(&line.name),
            Cell::text(&line.value),
            Cell::Text(sentence(&line.days)),
            Cell::Text(sentence(&line.source)),
            line.setting.clone().map_or(Cell::Empty, Cell::Text),
            Cell::text(&line.note),
        ]);
    }
    table
}
