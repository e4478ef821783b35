//! Which indexes a history has: of which column, by which key, in which order. One list, used to build them all and to bring them up to date.
//! Decides nothing about belief: a row is found whether or not anybody still believes it.

use domain::{KnownAt, ValidAt};

use crate::column::Column;
use crate::history::History;
use crate::index::Index;
use crate::money::Line;
use crate::names::Key;
use crate::row::Row;
use crate::met::{Alone, Met};
use crate::sketch::Sketch;

/// The columns that have indexes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Indexed {
    Contacts,
    Sessions,
    Notes,
    NoteVersions,
    Signatures,
    Accruals,
    Claims,
    Lines,
    ClaimEnds,
    Payments,
}

/// How many columns there are.
const COLUMNS: usize = 10;

/// A row number for each column.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Lengths([usize; COLUMNS]);

impl Lengths {
    fn of(&self, column: Indexed) -> usize {
        self.0[column as usize]
    }
}

/// Row numbers, by column.
#[derive(Debug, Default)]
pub(crate) struct RowSet([Vec<u32>; COLUMNS]);

impl RowSet {
    pub(crate) fn of_mut(&mut self, column: Indexed) -> &mut Vec<u32> {
        &mut self.0[column as usize]
    }

    fn of(&self, column: Indexed) -> &[u32] {
        &self.0[column as usize]
    }
}

/// Which index is meant: of which column of how many rows, over how many keys.
#[derive(Debug, Clone, Copy)]
struct Meant {
    column: Indexed,
    rows: usize,
    keys: usize,
    by_start: bool,
}

/// What is done with every index.
trait Work {
    fn index<O: Ord>(&mut self, index: &mut Index, meant: Meant, key: impl Fn(u32) -> Option<usize>, order: impl Fn(u32) -> O);
}

/// Builds from nothing. Rows up to `settled` of each column came in ledger order, those after it were amended and came late.
struct Whole {
    settled: Lengths,
}

impl Work for Whole {
    fn index<O: Ord>(&mut self, index: &mut Index, meant: Meant, key: impl Fn(u32) -> Option<usize>, order: impl Fn(u32) -> O) {
        *index = Index::build(meant.keys, meant.rows, &key);
        if meant.by_start {
            index.order_by(order);
        } else {
            index.order_keys(numbers(self.settled.of(meant.column), meant.rows).filter_map(&key).collect(), order);
        }
    }
}

/// Takes the rows after `known` into indexes that were built before, and rows told anew out of them.
struct Changes<'a> {
    known: Lengths,
    gone: &'a RowSet,
}

impl Work for Changes<'_> {
    fn index<O: Ord>(&mut self, index: &mut Index, meant: Meant, key: impl Fn(u32) -> Option<usize>, order: impl Fn(u32) -> O) {
        let pair = |row: u32| Some((u32::try_from(key(row)?).ok()?, row));
        let gone = self.gone.of(meant.column).iter().filter_map(|row| pair(*row)).collect();
        let new = numbers(self.known.of(meant.column), meant.rows).filter_map(pair).collect();
        index.change(gone, new, order);
    }
}

/// Measures every index against its column and keys.
struct Check {
    fits: bool,
}

impl Work for Check {
    fn index<O: Ord>(&mut self, index: &mut Index, meant: Meant, _: impl Fn(u32) -> Option<usize>, _: impl Fn(u32) -> O) {
        self.fits &= index.keys() <= meant.keys && index.rows_below(meant.rows);
    }
}

fn numbers(from: usize, to: usize) -> std::ops::Range<u32> {
    u32::try_from(from).unwrap_or(u32::MAX)..u32::try_from(to).unwrap_or(u32::MAX)
}

/// The fact of a row, to take a key from.
fn at<T: Clone>(rows: &Column<Row<T>>, row: u32) -> &T {
    &rows[row as usize].value
}

fn ledger<T: Clone>(rows: &Column<Row<T>>) -> impl Fn(u32) -> (u32, KnownAt) {
    |row| rows[row as usize].order()
}

impl History {
    /// How long each column is.
    pub(crate) fn lengths(&self) -> Lengths {
        let mut lengths = Lengths::default();
        for (column, length) in [
            (Indexed::Contacts, self.contacts.len()),
            (Indexed::Sessions, self.sessions.len()),
            (Indexed::Notes, self.notes.len()),
            (Indexed::NoteVersions, self.note_versions.len()),
            (Indexed::Signatures, self.signatures.len()),
            (Indexed::Accruals, self.accruals.len()),
            (Indexed::Claims, self.claims.len()),
            (Indexed::Lines, self.lines.len()),
            (Indexed::ClaimEnds, self.claim_ends.len()),
            (Indexed::Payments, self.payments.len()),
        ] {
            lengths.0[column as usize] = length;
        }
        lengths
    }

    /// Makes the history ready for questions; rows up to `settled` came in ledger order.
    pub(crate) fn index(&mut self, settled: Lengths) {
        self.order_facts();
        self.longest_contact = self.contacts.iter().map(length).max().unwrap_or(0);
        self.contact_sketch = Sketch::of(&self.contacts);
        self.each_index(&mut Whole { settled });
        self.met = Met::default();
        self.contacts.iter().for_each(|row| self.met.add(&row.value));
    }

    /// Makes it ready again after rows were added past `known` and those in `gone` were told anew.
    pub(crate) fn index_changes(&mut self, known: Lengths, gone: &RowSet) {
        self.order_facts();
        self.contact_sketch.extend(&self.contacts);
        let added = self.contacts.range(known.of(Indexed::Contacts)..self.contacts.len());
        self.longest_contact = added.map(length).max().unwrap_or(0).max(self.longest_contact);
        if gone.of(Indexed::Contacts).iter().any(|row| length(&self.contacts[*row as usize]) == self.longest_contact) {
            let living = self.contacts.iter().filter(|row| row.span != crate::row::Span::DEAD);
            self.longest_contact = living.map(length).max().unwrap_or(0);
        }
        self.each_index(&mut Changes { known, gone });
        self.meet(known.of(Indexed::Contacts), gone.of(Indexed::Contacts));
    }

    /// Brings up to date with whom contacts were and where, once the indexes are.
    fn meet(&mut self, known: usize, gone: &[u32]) {
        let (contacts, mut met) = (&self.contacts, std::mem::take(&mut self.met));
        let contact = |row: u32| at(contacts, row);
        let added = numbers(known, contacts.len()).map(contact);
        added.clone().for_each(|c| met.add(c));
        let Alone { individuals, peers } = Met::alone(gone.iter().copied().map(contact), added);
        for who in individuals {
            met.individual_anew(who, self.contacts_of_individual.of(who.index()).iter().copied().map(contact));
        }
        for who in peers {
            met.peer_anew(who, self.contacts_of_peer.of(who.index()).iter().copied().map(contact));
        }
        self.met = met;
    }

    /// Whether every index fits its column and its keys.
    pub(crate) fn indexes_fit(&mut self) -> bool {
        let mut check = Check { fits: self.contact_sketch.len() == self.contacts.len() && self.met.fits(self.individual_names.len(), self.person_names.len()) };
        self.each_index(&mut check);
        check.fits
    }

    fn order_facts(&mut self) {
        use crate::row::in_ledger_order;
        self.people.order(|person| {
            person.in_ledger_order();
            // "Later" is by effective date, on one date by ledger order (evaluation.md, "People and episodes").
            person.credentials.sort_by_key(|r| (r.value.kind, r.value.effective_on));
            person.licences.sort_by_key(|r| (r.value.discipline, r.value.on));
        });
        self.programs.order(crate::program::ProgramFacts::in_ledger_order);
        self.contracts.order(crate::program::ContractFacts::in_ledger_order);
        self.individuals.order(crate::individual::Individual::in_ledger_order);
        self.policy_ends.order(|rows| in_ledger_order(rows));
        self.settings.values_mut().for_each(|rows| in_ledger_order(rows));
        in_ledger_order(&mut self.rate_codes);
        in_ledger_order(&mut self.complaints);
    }

    /// The list of indexes. By start where a view looks for the contacts of some days without looking at all of them.
    fn each_index(&mut self, work: &mut impl Work) {
        let (contacts, sessions, notes, versions) = (&self.contacts, &self.sessions, &self.notes, &self.note_versions);
        let (signatures, accruals, claims, lines) = (&self.signatures, &self.accruals, &self.claims, &self.lines);
        let (ends, payments) = (&self.claim_ends, &self.payments);
        let (n_contacts, n_notes, n_claims) = (self.contact_names.len(), self.note_names.len(), self.claim_names.len());
        let start = |row: u32| -> (ValidAt, (u32, KnownAt)) { (at(contacts, row).start, contacts[row as usize].order()) };
        let line = |row: u32| -> ((u32, KnownAt), u32) {
            let Line { claim_row, number, .. } = lines[row as usize];
            (claims[claim_row as usize].order(), number)
        };
        let of = |column, rows, keys| Meant { column, rows, keys, by_start: false };
        let of_contacts = |keys, by_start| Meant { column: Indexed::Contacts, rows: contacts.len(), keys, by_start };

        work.index(&mut self.contact_rows, of_contacts(n_contacts, false), |r| Some(at(contacts, r).contact.index()), ledger(contacts));
        let individuals = self.individual_names.len();
        work.index(&mut self.contacts_of_individual, of_contacts(individuals, true), |r| Some(at(contacts, r).individual.index()), start);
        work.index(&mut self.contacts_of_peer, of_contacts(self.person_names.len(), true), |r| Some(at(contacts, r).peer.index()), start);
        let programs = self.program_names.len();
        work.index(&mut self.contacts_of_program, of_contacts(programs, true), |r| Some(at(contacts, r).program.index()), start);
        let n_sessions = self.session_names.len();
        work.index(&mut self.contacts_of_session, of_contacts(n_sessions, false), |r| at(contacts, r).session.map(Key::index), ledger(contacts));
        let meant = of(Indexed::Sessions, sessions.len(), n_sessions);
        work.index(&mut self.session_rows, meant, |r| Some(at(sessions, r).session.index()), ledger(sessions));
        let meant = of(Indexed::Notes, notes.len(), n_contacts);
        work.index(&mut self.notes_of_contact, meant, |r| Some(at(notes, r).contact.index()), ledger(notes));
        let meant = of(Indexed::Notes, notes.len(), n_notes);
        work.index(&mut self.note_rows, meant, |r| Some(at(notes, r).note.index()), ledger(notes));
        let meant = of(Indexed::NoteVersions, versions.len(), n_notes);
        work.index(&mut self.versions_of_note, meant, |r| Some(at(versions, r).note.index()), ledger(versions));
        let meant = of(Indexed::Signatures, signatures.len(), n_notes);
        work.index(&mut self.signatures_of_note, meant, |r| Some(at(signatures, r).note.index()), ledger(signatures));
        let meant = of(Indexed::Accruals, accruals.len(), n_contacts);
        work.index(&mut self.accruals_of_contact, meant, |r| at(accruals, r).contact.map(Key::index), ledger(accruals));
        let meant = of(Indexed::Claims, claims.len(), n_claims);
        work.index(&mut self.claim_rows, meant, |r| Some(at(claims, r).claim.index()), ledger(claims));
        let meant = of(Indexed::Lines, lines.len(), n_contacts);
        work.index(&mut self.lines_of_contact, meant, |r| Some(lines[r as usize].contact.index()), line);
        let meant = of(Indexed::ClaimEnds, ends.len(), n_claims);
        work.index(&mut self.ends_of_claim, meant, |r| Some(at(ends, r).claim.index()), ledger(ends));
        let meant = of(Indexed::Payments, payments.len(), n_claims);
        work.index(&mut self.payments_of_claim, meant, |r| Some(at(payments, r).claim.index()), ledger(payments));
    }
}

/// Microseconds a contact took.
fn length(row: &Row<crate::delivery::Contact>) -> i64 {
    row.value.end.micros().saturating_sub(row.value.start.micros())
}
