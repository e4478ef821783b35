//! MHOTRS: who supervises peers.
//! One question per contact, whether somebody qualified was assigned on its day; how supervision is held is no matter of a claim.

pub mod sup_01;
pub mod sup_03;
pub mod sup_04;
pub mod sup_05;
pub mod sup_06;
pub mod sup_08;
pub mod sup_09;
pub mod sup_10;

use domain::words::SupervisionKind;
use timeline::people::{Supervision, SupervisionEnd};
use timeline::{ProgramKey, Row, View};

/// Assignments of supervisors to peers of a program, of kind `primary` or `co`, to which no end is recorded.
pub(crate) fn open_assignments<'h>(view: &View<'h>, program: ProgramKey) -> Vec<&'h Row<Supervision>> {
    let counts = |s: &Supervision| s.program == program && matches!(s.kind, SupervisionKind::Primary | SupervisionKind::Co);
    let mut open = Vec::new();
    for peer in view.everyone() {
        let facts = view.person_facts(peer);
        for row in view.rows(&facts.supervisors, counts) {
            let Supervision { supervisor, from, .. } = row.value;
            let ends = |e: &SupervisionEnd| e.program == program && e.supervisor == supervisor && from <= e.ended_on;
            if view.rows(&facts.supervisor_ends, ends).next().is_none() {
                open.push(row);
            }
        }
    }
    open
}
