//! What the guidance asks and only a person can check, as a list to take along: never a finding, never a pass.
//! Every line says that no machine checked it.

use audit::checklist::{Item, MARK};
use audit::words::{count, sentence};

use crate::document::{Block, Cell, Column, Document, Table};
use crate::stamp::Stamp;

/// The checklist as a document; `program` is the kind of program it is of, or all.
pub fn document(items: &[Item], program: Option<&str>, stamp: Stamp) -> Document {
    let of = program.map_or_else(String::new, |kind| format!(" for {kind}"));
    let columns = [
        Column::words("item", "Item"),
        Column::words("look", "What to look at"),
        Column::words("document", "Document"),
        Column::words("section", "Section"),
        Column::words("locator", "Words that find the place"),
        Column::words("programs", "Programs"),
        Column::words("checked", "Checked"),
        Column::words("seen", "Seen by, on"),
    ];
    let mut table = Table::new("checklist", "In the order of the documents", &columns);
    for item in items {
        table.row([
            Cell::text(&item.id),
            Cell::Text(sentence(&item.look)),
            Cell::text(item.document),
            Cell::text(&item.section),
            Cell::Text(format!("\u{201c}{}\u{201d}", item.locator)),
            Cell::Text(item.programs.join(", ")),
            Cell::text(MARK),
            Cell::Empty,
        ]);
    }
    Document::new("checklist", format!("{}{of} that a person checks.", sentence(&count(items.len() as u64, "item"))), stamp)
        .with(Block::Prose("What the guidance asks and facts in a ledger cannot decide. No item here is a finding, and none is a pass: somebody looks, and writes down who looked and when.".to_owned()))
        .with(Block::Table(table))
}
