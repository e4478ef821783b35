//! What people did here, the newest first.
//! Individuals in it stand under the names the visitor sees them under, like everywhere.

use report::document::{Block, Cell, Column, Document, Table};

use crate::layout::{Place, Sheet};
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

const SHOWN: usize = 500;

pub(crate) fn show(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let columns = [Column::words("at", "When"), Column::words("who", "Who"), Column::words("what", "Did what"), Column::words("about", "To what or whom")];
    let mut table = Table::new("activity", format!("The last {SHOWN}, newest first"), &columns).or_else("Nobody has done anything yet.");
    let deeds = visit.state.activity.last(SHOWN)?;
    for deed in &deeds {
        let at = audit::vocabulary::KnownAt::parse(&deed.at).map_or_else(|| Cell::text(&deed.at), Cell::Instant);
        table.row([at, Cell::text(&deed.who), Cell::text(&deed.what), Cell::text(&deed.about)]);
    }
    let title = match deeds.first() {
        Some(last) => format!("{} {} last.", last.who, last.what),
        None => "Nobody has done anything yet.".to_owned(),
    };
    Ok(Sheet::new(Place::Activity, Document::new("activity", title, visit.stamp()).with(Block::Table(table))).into())
}
