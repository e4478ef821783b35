//! The claims that somebody sees who sees a part: a reviewer's visit, a peer's own.
//! Lists what it is given, in that order; totals are of these alone.

use audit::desk::ClaimInside;
use audit::words::count;

use crate::document::{Block, Cell, Column, Document, Table, Thing};
use crate::stamp::Stamp;

const COLUMNS: [Column; 6] = [
    Column::words("claim", "Claim"),
    Column::words("service_date", "Service date"),
    Column::words("program", "Program"),
    Column::words("individual", "Individual"),
    Column::numbers("charge", "Charged"),
    Column::numbers("findings", "Findings"),
];

/// The claims as a document.
pub fn claims(claims: &[ClaimInside], stamp: Stamp) -> Document {
    let mut table = Table::new("claims", "By service date", &COLUMNS).or_else("No claim on record lies inside your part of the ledger.");
    for c in claims {
        table.row([
            Cell::Id(Thing::Claim, c.claim.clone()),
            Cell::Day(c.service_date),
            Cell::Id(Thing::Program, c.program.clone()),
            Cell::Id(Thing::Individual, c.individual.clone()),
            Cell::Money(c.charge),
            Cell::Count(c.findings),
        ]);
    }
    let touched = claims.iter().filter(|c| c.findings > 0).count();
    let title = format!("{}, {} of them with findings.", count(claims.len() as u64, "claim"), touched);
    Document::new("claims", title, stamp).with(Block::Table(table))
}
