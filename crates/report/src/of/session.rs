//! A group session: when, who led it, who was there, what was billed for each, and what was found.
//! Names individuals as they are told; who is hidden is decided where the document is shown.

use audit::desk::SessionPage;
use audit::words::{count, day, instant, sentence};

use super::{person, trail};
use crate::document::{Block, Cell, Column, Document, Table, Thing};
use crate::stamp::Stamp;

/// The session as a document.
pub fn document(session: &SessionPage<'_>, stamp: Stamp) -> Document {
    let billed = session.attendees.iter().filter(|a| a.claims.iter().any(|(_, _, live)| *live)).count();
    let title = format!("{} on {}, {billed} of them billed; {}.", sentence(&count(session.attendees.len() as u64, "attendee")), day(session.day), count(session.findings.len() as u64, "finding"));
    let times = session.times.map_or(Cell::text("not on record"), |(from, to)| Cell::Text(format!("{} to {}, {}", instant(from), instant(to), count(u64::from(from.minutes_until(to).0), "minute"))));
    Document::new(format!("session-{}", session.session), title, stamp)
        .with(Block::Table(attendees(session)))
        .with(Block::Heading("Findings".to_owned()))
        .with(Block::Table(person::findings("findings", "About the session or a contact in it", &session.findings)))
        .with(Block::Heading("What is on record".to_owned()))
        .with(Block::Table(trail::facts(&session.trail)))
        .beside(Block::Facts(vec![
            ("Group session".to_owned(), Cell::text(&session.session)),
            ("Program".to_owned(), Cell::Id(Thing::Program, session.program.clone())),
            ("Day".to_owned(), Cell::Day(session.day)),
            ("Time".to_owned(), times),
            ("Led by".to_owned(), Cell::Ids(Thing::Person, session.facilitators.clone())),
        ]))
}

fn attendees(session: &SessionPage<'_>) -> Table {
    let columns = [
        Column::words("individual", "Individual"),
        Column::words("listed", "On the session's list"),
        Column::words("contact", "Contact"),
        Column::words("peer", "Peer"),
        Column::numbers("minutes", "Minutes"),
        Column::numbers("units", "Units billed"),
        Column::numbers("charged", "Charged"),
        Column::words("claims", "Claims"),
    ];
    let mut table = Table::new("attendees", "Everybody on its list or with a contact in it", &columns).or_else("Nobody is on its list, and no contact names it.");
    for a in &session.attendees {
        let live: u64 = a.claims.iter().filter(|(_, _, live)| *live).map(|(_, units, _)| units).sum();
        table.row([
            Cell::Id(Thing::Individual, a.individual.clone()),
            Cell::Answer(Some(a.listed)),
            a.contact.clone().map_or(Cell::text("none on record"), |id| Cell::Id(Thing::Contact, id)),
            Cell::id(Thing::Person, a.peer.as_deref()),
            a.minutes.map_or(Cell::Empty, |n| Cell::Count(n.unsigned_abs())),
            Cell::Count(live),
            Cell::Money(a.charged),
            Cell::Ids(Thing::Claim, a.claims.iter().map(|(id, ..)| id.clone()).collect()),
        ]);
    }
    table
}
