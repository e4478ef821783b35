//! What an event said is taken out again when a later correction or retraction makes it say something else.
//! Rows of the big columns stay where they are, because their numbers are in use; they are dead, and no index finds them.

use domain::Seq;
use rustc_hash::FxHashSet;

use crate::column::Column;
use crate::history::History;
use crate::indexing::{Indexed, RowSet};
use crate::row::{Row, Span};

/// Marks the rows of some events dead.
fn kill<T: Clone>(rows: &mut Column<Row<T>>, events: &FxHashSet<u32>, dead: &mut Vec<u32>) {
    rows.change(events, |row| events.contains(&row.seq) && row.span != Span::DEAD, |place, row| {
        row.span = Span::DEAD;
        dead.push(u32::try_from(place).unwrap_or(u32::MAX));
    });
}

impl History {
    /// Takes out what these events said. Says which rows of which columns are dead now.
    pub(crate) fn tell_anew(&mut self, events: &[Seq]) -> RowSet {
        let mut dead = RowSet::default();
        let (mut facts, mut delivery, mut claims) = (FxHashSet::default(), FxHashSet::default(), FxHashSet::default());
        for event in events {
            let of_family = match self.family_at(*event) {
                Some("Delivery") => &mut delivery,
                Some("Claims") => &mut claims,
                Some(_) => &mut facts,
                None => continue,
            };
            of_family.insert(u32::try_from(event.0).unwrap_or(u32::MAX));
        }
        if !facts.is_empty() {
            self.forget_facts(&facts);
        }
        if !delivery.is_empty() {
            kill(&mut self.contacts, &delivery, dead.of_mut(Indexed::Contacts));
            kill(&mut self.sessions, &delivery, dead.of_mut(Indexed::Sessions));
            kill(&mut self.notes, &delivery, dead.of_mut(Indexed::Notes));
            kill(&mut self.note_versions, &delivery, dead.of_mut(Indexed::NoteVersions));
            kill(&mut self.signatures, &delivery, dead.of_mut(Indexed::Signatures));
            kill(&mut self.accruals, &delivery, dead.of_mut(Indexed::Accruals));
        }
        if !claims.is_empty() {
            kill(&mut self.claims, &claims, dead.of_mut(Indexed::Claims));
            kill(&mut self.claim_ends, &claims, dead.of_mut(Indexed::ClaimEnds));
            kill(&mut self.payments, &claims, dead.of_mut(Indexed::Payments));
            let mut lines = Vec::new();
            for row in dead.of_mut(Indexed::Claims).iter() {
                let claim = &self.claims[*row as usize].value;
                lines.extend(claim.first_line..claim.first_line + claim.lines);
            }
            *dead.of_mut(Indexed::Lines) = lines;
        }
        dead
    }

    fn forget_facts(&mut self, events: &FxHashSet<u32>) {
        fn keep<T>(rows: &mut Vec<Row<T>>, events: &FxHashSet<u32>) {
            rows.retain(|row| !events.contains(&row.seq));
        }
        self.people.forget(events, |facts| facts.has_heard(events), |facts| facts.forget(events));
        self.programs.forget(events, |facts| facts.has_heard(events), |facts| facts.forget(events));
        self.contracts.forget(events, |facts| facts.has_heard(events), |facts| facts.forget(events));
        self.individuals.forget(events, |facts| facts.has_heard(events), |facts| facts.forget(events));
        self.policy_ends.forget(events, |rows| rows.iter().any(|row| events.contains(&row.seq)), |rows| keep(rows, events));
        keep(&mut self.rate_codes, events);
        keep(&mut self.complaints, events);
        self.settings.values_mut().for_each(|rows| keep(rows, events));
        // A name that was never set, as far as anybody ever knew, is none.
        self.settings.retain(|_, rows| !rows.is_empty());
    }
}
