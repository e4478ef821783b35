//! What a ledger rests on: in words first, then the checkpoint, the anchors outside and the keys, for whoever wants to check.
//! Says what nobody vouches for.

use audit::evidence::{Signed, Standing};
use audit::words::{count, known, thousands};

use crate::document::{Block, Cell, Column, Document, Table};
use crate::stamp::Stamp;

/// The page.
pub fn document(standing: &Standing, signed: Option<&Signed>, stamp: Stamp) -> Document {
    let mut page = Document::new("ledger", title(standing), stamp).with(Block::Prose(rests(standing)));
    page.blocks.extend(standing.incidents.iter().map(|incident| Block::Notice(format!("{incident}."))));
    page = page.with(Block::Heading("Who outside vouches for it".to_owned())).with(Block::Table(anchors(standing)));
    let stamps = match standing.anchors.timestamps.last() {
        Some(size) => format!("A timestamp authority has stamped a checkpoint of {}.", count(*size, "event")),
        None => "No timestamp authority has stamped a checkpoint.".to_owned(),
    };
    page = page.with(Block::Prose(stamps)).with(Block::Heading("Technical details".to_owned())).with(Block::Facts(vec![
        ("Origin".to_owned(), Cell::text(&standing.origin)),
        ("Events".to_owned(), Cell::Count(standing.size)),
        ("Root (RFC 6962)".to_owned(), Cell::Hash(standing.root.clone())),
        ("Events under the last signed checkpoint".to_owned(), standing.signed_size.map_or(Cell::text("none"), Cell::Count)),
        ("Key that checks it".to_owned(), signed.map_or(Cell::Empty, |s| Cell::Hash(s.vkey.clone()))),
        ("Size of the database".to_owned(), Cell::Text(format!("{} bytes", thousands(standing.bytes)))),
    ]));
    page.with(Block::Prose(
        "`countersign verify` hashes every stored byte again. `countersign checkpoint print` prints three lines to keep on paper; `countersign verify --against FILE` compares the ledger with a checkpoint that somebody else kept.".to_owned(),
    ))
}

fn title(s: &Standing) -> String {
    match s.anchors.last() {
        Some(last) if last.size == s.size => format!("All {} are as they were when {} signed on {}.", count(s.size, "event"), last.witness, known(last.at)),
        Some(last) => format!("{} of {} are as they were when {} signed on {}.", thousands(last.size), count(s.size, "event"), last.witness, known(last.at)),
        None => format!("{} are on record; nobody outside vouches for them yet.", count(s.size, "event")),
    }
}

fn rests(s: &Standing) -> String {
    let signed = match s.signed_size {
        Some(size) if size == s.size => "Every event is under the last checkpoint that the ledger signed.".to_owned(),
        Some(size) => format!("{} of {} are under the last checkpoint that the ledger signed.", thousands(size), count(s.size, "event")),
        None => "No checkpoint was signed yet.".to_owned(),
    };
    let outside = if s.anchors.last().is_some() {
        "What a witness has signed cannot be taken back or changed without a contradiction that anybody can show."
    } else {
        "Whoever holds the disk and the key could still write another history: a witness, a timestamp or a print of the checkpoint in other hands closes that gap."
    };
    format!("{signed} {outside}")
}

fn anchors(s: &Standing) -> Table {
    let columns = [Column::words("witness", "Witness"), Column::numbers("size", "Events it saw"), Column::words("at", "By its clock"), Column::words("vkey", "Its key")];
    let mut table = Table::new("witnesses", "Witnesses", &columns).or_else("No witness has cosigned this ledger. `countersign witness submit` sends a checkpoint to one.");
    for a in &s.anchors.witnesses {
        table.row([Cell::text(&a.witness), Cell::Count(a.size), Cell::Instant(a.at), Cell::Hash(a.vkey.clone())]);
    }
    table
}
