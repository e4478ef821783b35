//! What the agency has set and may set, every number of the rules with its days and its source, the mappings, and who may do what.
//! Shows what holds; settings are made by events like everything else.

use audit::rulebook::{Entry, ParameterLine};
use audit::settings::Settings;
use audit::words::{count, sentence};

use super::rules;
use crate::document::{Block, Cell, Column, Document, Table};
use crate::stamp::Stamp;

/// A row of who may do what: the address, what it is for, the roles.
pub type May = (String, String, String);

/// The page.
pub fn document(settings: &Settings, entries: &[Entry], tables: &[ParameterLine], mappings: &[String], may: &[May], stamp: Stamp) -> Document {
    let wanting: Vec<&str> = settings.known.iter().filter(|s| s.is_wanting()).map(|s| s.name.as_str()).collect();
    let title = match wanting.len() {
        0 => "Everything that must be set is set.".to_owned(),
        n => format!("{} not set, and rules are not evaluated without {}.", if n == 1 { "1 setting is".to_owned() } else { format!("{n} settings are") }, if n == 1 { "it" } else { "them" }),
    };
    let mut page = Document::new("settings", title, stamp).with(Block::Prose(
        "A setting is an event (parameter_set) with the day from which it holds: what was judged before it stays as it was judged, and is judged again by what holds on its own day.".to_owned(),
    ));
    page.blocks.extend(settings.unknown.iter().map(|unknown| {
        let near = unknown.near.as_deref().map_or_else(String::new, |near| format!(" Was {near} meant?"));
        Block::Notice(format!("{} was set, and nothing reads it.{near}", unknown.name))
    }));
    let lines: Vec<ParameterLine> = entries.iter().flat_map(|e| e.parameters.iter()).chain(tables).cloned().collect();
    page.with(Block::Heading("What the agency sets".to_owned()))
        .with(Block::Table(agency(settings)))
        .with(Block::Heading("Numbers and dates of the rules".to_owned()))
        .with(Block::Prose(format!("{}, each with the days it is in force and where it was read.", sentence(&count(lines.len() as u64, "value")))))
        .with(Block::Table(rules::parameters(&lines)))
        .with(Block::Heading("Mappings of foreign spreadsheets".to_owned()))
        .with(Block::Table(mapped(mappings)))
        .with(Block::Heading("Who may".to_owned()))
        .with(Block::Table(who(may)))
}

fn agency(settings: &Settings) -> Table {
    let columns = [
        Column::words("name", "Setting"),
        Column::words("what", "What it is"),
        Column::words("value", "Value"),
        Column::words("from", "In force from"),
        Column::words("seq", "Event"),
        Column::words("not_evaluated", "Not evaluated while it is unset"),
    ];
    let mut table = Table::new("settings", "Those that must be set first", &columns);
    for s in &settings.known {
        let without = if s.set.is_empty() { s.not_evaluated.join(", ") } else { String::new() };
        if s.set.is_empty() {
            let value = if s.is_wanting() { "not set" } else { "not set; the guidance's own value holds" };
            table.row([Cell::text(&s.name), Cell::Text(sentence(&s.what)), Cell::text(value), Cell::Empty, Cell::Empty, Cell::Text(without)]);
        }
        for value in &s.set {
            table.row([Cell::text(&s.name), Cell::Text(sentence(&s.what)), Cell::text(&value.value), Cell::Day(value.from), Cell::Seq(value.seq), Cell::Empty]);
        }
    }
    table
}

fn mapped(mappings: &[String]) -> Table {
    let mut table = Table::new("mappings", "Files that say which column is which field", &[Column::words("file", "File")])
        .or_else("No mapping file lies in the folder maps beside the ledger. `countersign map --guess` proposes one.");
    mappings.iter().for_each(|file| table.row([Cell::text(file)]));
    table
}

fn who(may: &[May]) -> Table {
    let columns = [Column::words("address", "Address"), Column::words("says", "What it is for"), Column::words("roles", "Roles")];
    let mut table = Table::new("may", "Every address, and the roles that reach it", &columns);
    for (address, says, roles) in may {
        table.row([Cell::text(address), Cell::Text(sentence(says)), Cell::text(roles)]);
    }
    table
}
