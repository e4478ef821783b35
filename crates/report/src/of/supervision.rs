//! Who supervised a peer, stretch by stretch, whether each qualified and why, and every gap with the contacts in it.
//! Says what was reconstructed; which of it breaks a rule is said by findings.

use audit::history::supervision::{Stretch, SupervisionHistory};
use audit::vocabulary::KnownAt;
use audit::words::{count, known, sentence};

use crate::document::{Block, Cell, Column, Document, Table, Thing};
use crate::stamp::Stamp;

/// The history as a document, as known at `asked`, or at the cut.
pub fn document(history: &SupervisionHistory, asked: Option<KnownAt>, stamp: Stamp) -> Document {
    let peer = &history.peer;
    let gaps: Vec<&Stretch> = history.stretches.iter().filter(|s| !s.covered()).collect();
    let contacts = gaps.iter().map(|s| s.contacts).sum::<u64>();
    let title = if history.stretches.is_empty() {
        format!("Nothing says that {peer} worked in a program.")
    } else if gaps.is_empty() {
        format!("{peer} was supervised by somebody who qualified on every day.")
    } else {
        format!("{} in the supervision of {peer}, with {}.", sentence(&count(gaps.len() as u64, "gap")), count(contacts, "contact"))
    };
    Document::new(format!("supervision-{peer}"), title, stamp)
        .with(Block::Prose(format!("As known on {}.", known(asked.unwrap_or(history.frame.as_of_recorded_at)))))
        .with(Block::Table(table(history)))
}

fn table(history: &SupervisionHistory) -> Table {
    let columns = [
        Column::words("from", "From"),
        Column::words("to", "Through"),
        Column::words("program", "Program"),
        Column::words("supervisor", "Supervisor"),
        Column::words("assigned", "Assigned as"),
        Column::words("qualifies", "Qualifies"),
        Column::words("why", "Why"),
        Column::words("covered", "Covered"),
        Column::numbers("contacts", "Contacts"),
        Column::words("seq", "Event"),
    ];
    let mut table = Table::new("supervision", "By program and day; a stretch without anybody who qualifies is a gap", &columns)
        .or_else("Assignments and supervisors would stand here once they are imported.");
    for s in &history.stretches {
        let span = |person: Cell, kind: Cell, qualifies: Cell, why: Cell, seq: Cell| {
            let covered = Cell::text(if s.covered() { "yes" } else { "gap" });
            [Cell::Day(s.from), Cell::Day(s.to), Cell::Id(Thing::Program, s.program.clone()), person, kind, qualifies, why, covered, Cell::Count(s.contacts), seq]
        };
        if s.supervisors.is_empty() {
            table.row(span(Cell::text("nobody"), Cell::Empty, Cell::text("no"), Cell::text("Nobody was assigned"), Cell::Empty));
        }
        for who in &s.supervisors {
            let qualifies = Cell::text(if who.qualifies { "yes" } else { "no" });
            let person = Cell::Id(Thing::Person, who.person.clone());
            table.row(span(person, Cell::text(who.kind.as_str()), qualifies, Cell::Text(sentence(&who.why)), Cell::Seq(who.assignment)));
        }
    }
    table
}
