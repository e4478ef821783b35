//! A history as bytes, so that a nightly scan goes on from where the last one ended instead of replaying every event.
//! It is derived state: whatever is wrong with the bytes, `restore` says `None` and everything is replayed; nothing is repaired.
//!
//! ## Format
//!
//! Named sections, each read without the others except for the counts in `head`, so that all cores read at once. The order of sections
//! and of the fields in each is that of the list below; the fields of a row are those of `rows.rs`, in its order.
//!
//! - Numbers: seven bits a byte, lowest first, the high bit set in all but the last. Signed ones carry their sign in the lowest bit.
//! - Instants: microseconds, eight bytes, little-endian; one of knowledge is led by 1, "never" is 0 alone. Days: signed days since 1970.
//! - Words: their stored codes. Keys: their place plus one. Options: 0, or 1 and the value. Lists: the count, then the values.
//! - Rows: seq and first instant as signed differences from the row before in the section, the end of belief, the fact.
//! - Columns: pieces of so many rows (`column.rs`), each in stretches of rows that are read together (`lying.rs`); in each stretch differences
//!   begin anew. Where each stretch of a piece ends stands before them all.
//! - Names: blocks of texts, each with where they end before them, and the open-addressing slots that find them (`slots.rs`); an index: where each
//!   key's rows begin, and the rows in groups of whole keys; days of contact rows: since 1970, with the sign turned. Ends, slots, rows and days
//!   are four little-endian bytes a number. One number alone stands where it is told.
//! - With whom and where contacts were (`met.rs`): of each individual programs and peers, of each peer programs and services, as columns.
//! - Amendments: by stretches of so many events (`amended.rs`), how many bytes each takes, and where it was laid.
//!
//! A section has a front and pieces (`pieces.rs`). What is long was laid into pieces: the front says which and where, and a piece is read when
//! somebody asks for something in it, since a question about a large history needs little of it. What is small, or tells how much there is of
//! something, stands in the front, which restoring reads as a whole.
//!
//! The caller hands in fronts and pieces that it authenticates; who can write such bytes can make a scan say anything. A piece that turns out
//! not to be as it was written, or holds what is no row, is noted as damage: whoever answers from the history looks at it last, and throws
//! the answer away. Until then what was asked for reads as nothing, or as another row, and no question can leave an array: keys and row numbers
//! lie below their counts.
//! The bytes hold birth dates and what events of erased subjects said: the caller seals them, and forgets them when somebody is erased.
//!
//! Any change of a row type, of a code, of the hash of names or of what `apply` makes of an event needs a new [`FORMAT`].

mod codec;
mod keys;
mod later;
mod lying;
mod numbers;
mod pieces;
mod rows;
mod texts;

use std::sync::{Arc, Mutex};
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::{KnownAt, Seq};
use rustc_hash::FxHashMap;

pub use codec::{Input, Output, Stored};
use keys::Counts;
pub(crate) use later::Later;
pub(crate) use lying::Lying;
use pieces::Lain;
pub use numbers::Numbers;
pub(crate) use numbers::Paged;
pub use pieces::{AllPieces, Damage, Laid, Opened, Pieces, ReadAll, ReadPiece};
pub use texts::Texts;
pub(crate) use texts::stretch;
pub use lying::Held;

use crate::axis::Axis;
use crate::history::History;
use crate::index::Index;
use crate::met::Met;
use crate::sketch::Sketch;

/// The version of the format. Bytes of another version are not read.
pub const FORMAT: u32 = 6;

/// A part of a stored history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its name, by which `restore` asks for it.
    pub name: &'static str,
    /// Its bytes.
    pub laid: Laid,
}

const HEAD: &str = "head";

/// Numbers are read as they lie in the pieces: a machine that writes them the other way round keeps no history.
const READABLE: bool = cfg!(target_endian = "little");

/// Puts what one section holds into a history.
type Fill = Box<dyn FnOnce(&mut History) + Send>;

/// How one section is written and read.
struct Part {
    name: &'static str,
    put: fn(&History, &mut Output<'_>),
    take: fn(&mut Input<'_>) -> Option<Fill>,
}

macro_rules! parts {
    ($( $name:literal: $( $field:ident ),*; )*) => {
        const PARTS: &[Part] = &[ $( Part {
            name: $name,
            put: |history, out| {
                $( (out.seq, out.from) = (0, 0); history.$field.put(out); )*
            },
            take: |input| {
                $( (input.seq, input.from) = (0, 0); let $field = Stored::take(input)?; )*
                Some(Box::new(move |history| { $( history.$field = $field; )* }))
            },
        } ),* ];
    };
}

// The large ones first: the last section to be read should be a small one.
parts! {
    "contacts": contacts;
    "claims": claims;
    "notes": notes;
    "payments": payments;
    "lines": lines;
    "accruals": accruals;
    "contact names": contact_names;
    "note names": note_names;
    "claim names": claim_names;
    "people": people;
    "individuals": individuals;
    "contact index": contact_sketch, contact_rows, contacts_of_individual, contacts_of_peer, contacts_of_program, contacts_of_session;
    "note index": notes_of_contact, note_rows, versions_of_note, signatures_of_note, accruals_of_contact;
    "claim index": claim_rows, lines_of_contact, ends_of_claim, payments_of_claim;
    "types": tags;
    "signatures": signatures, note_versions;
    "claim ends": claim_ends;
    "met": met;
    "sessions": sessions, session_rows;
    "names": person_names, individual_names, program_names, contract_names, policy_names, plan_names, event_names, goal_names, session_names;
    "texts": texts, text_lists;
    "programs": programs, contracts, policy_ends, settings, rate_codes, complaints;
    "amended": amended;
}

impl History {
    /// The history in sections. `None` for a history by place: it is made for one question and not kept.
    pub fn store(&self) -> Option<Vec<Section>> {
        if self.axis.is_by_place() || !READABLE {
            return None;
        }
        let mut sections = on_cores(self.counts().threads(), |part| {
            let mut out = Output::default();
            (part.put)(self, &mut out);
            Some(Section { name: part.name, laid: out.done() })
        })?;
        let mut head = Output::default();
        FORMAT.put(&mut head);
        self.counts().put(&mut head);
        self.last.put(&mut head);
        self.longest_contact.put(&mut head);
        sections.insert(0, Section { name: HEAD, laid: head.done() });
        Some(sections)
    }

    /// The history of some sections. `section` opens a section by its name; it is called from several threads at once, so that unsealing is
    /// shared out as well, and `pieces` says when what lies in pieces is read. `None` when a section is missing, of another format, or not
    /// what it should be.
    pub fn restore(section: impl Fn(&str) -> Option<Opened> + Sync, pieces: &Pieces) -> Option<History> {
        let head = section(HEAD)?.front;
        let none = Counts::default();
        let mut input = Input::new(&head, &none)?;
        if u32::take(&mut input)? != FORMAT || !READABLE {
            return None;
        }
        let counts = Counts::take(&mut input)?;
        let last: Option<(Seq, KnownAt)> = Stored::take(&mut input)?;
        let longest_contact = i64::take(&mut input)?;
        if !input.is_at_end() {
            return None;
        }
        let shared = Arc::new(counts);
        let fills = on_cores(counts.threads(), |part| {
            let (front, lain) = Lain::open(section(part.name)?, &shared, pieces)?;
            let mut input = Input::of_section(&front, &lain)?;
            let fill = (part.take)(&mut input)?;
            input.is_at_end().then_some(fill)
        })?;
        let mut history = History { axis: Axis::Known, last, longest_contact, ..History::default() };
        for fill in fills {
            fill(&mut history);
        }
        // What one section's numbers point at is in another: the counts they were held against must be the real ones.
        (history.counts() == counts && history.owners_fit() && history.indexes_fit()).then_some(history)
    }

    /// Bytes of what others keep beside a history: keys in it are those of this history and of histories that go on from it.
    pub fn write_with(&self, write: impl FnOnce(&mut Output<'_>)) -> Laid {
        let mut out = Output::default();
        write(&mut out);
        out.done()
    }

    /// Reads such bytes; `None` unless all of them are what `read` takes, with keys that this history has. What is long may be left lying
    /// in them.
    pub fn read_with<T>(&self, opened: Opened, pieces: &Pieces, read: impl FnOnce(&mut Input<'_>) -> Option<T>) -> Option<T> {
        let (front, lain) = Lain::open(opened, &Arc::new(self.counts()), pieces)?;
        let mut input = Input::of_section(&front, &lain)?;
        let value = read(&mut input)?;
        input.is_at_end().then_some(value)
    }

    fn counts(&self) -> Counts {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Counts {
            people: count(self.person_names.len()),
            individuals: count(self.individual_names.len()),
            programs: count(self.program_names.len()),
            contracts: count(self.contract_names.len()),
            policies: count(self.policy_names.len()),
            plans: count(self.plan_names.len()),
            events: count(self.event_names.len()),
            goals: count(self.goal_names.len()),
            contacts: count(self.contact_names.len()),
            sessions: count(self.session_names.len()),
            notes: count(self.note_names.len()),
            claims: count(self.claim_names.len()),
            texts: count(self.texts.len()),
            text_lists: count(self.text_lists.len()),
            claim_rows: count(self.claims.len()),
            lines: count(self.lines.len()),
        }
    }

    /// Whether what is owned one by one has as many rows as names.
    fn owners_fit(&self) -> bool {
        self.people.len() == self.person_names.len()
            && self.programs.len() == self.program_names.len()
            && self.contracts.len() == self.contract_names.len()
            && self.policy_ends.len() == self.policy_names.len()
            && self.individuals.len() == self.individual_names.len()
    }
}

impl Counts {
    /// How many threads a history of this size is worth.
    fn threads(&self) -> usize {
        const WORTH_THREADS: u32 = 10_000;
        if self.contacts.max(self.claims) < WORTH_THREADS { 1 } else { std::thread::available_parallelism().map_or(1, usize::from).min(PARTS.len()) }
    }
}

/// Does some work for each part on some threads; the results in the order of the parts, `None` if any is.
fn on_cores<T: Send>(threads: usize, work: impl Fn(&Part) -> Option<T> + Sync) -> Option<Vec<T>> {
    if threads == 1 {
        return PARTS.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Option<T>)>> = Mutex::new(Vec::with_capacity(PARTS.len()));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((place, part)) = Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, PARTS.get(at)?))) {
                    let result = work(part);
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((place, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

impl Stored for Index {
    fn put(&self, out: &mut Output<'_>) {
        let (starts, rows) = self.flat();
        out.paged(&starts);
        let groups = Index::groups(&starts, &rows);
        out.number(groups.len() as u64);
        for (begin, rows) in groups {
            out.number(u64::from(begin));
            out.array(rows);
        }
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        let starts = input.paged()?;
        let groups: Option<_> = (0..input.count(2)?).map(|_| Some((u32::take(input)?, input.array()?))).collect();
        Index::of_groups(starts, groups?)
    }
}

impl Stored for Sketch {
    fn put(&self, out: &mut Output<'_>) {
        let (days, earliest) = self.parts();
        out.paged(&days);
        earliest.put(out);
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        Self::from_parts(input.paged()?, Stored::take(input)?)
    }
}

impl Stored for Met {
    fn put(&self, out: &mut Output<'_>) {
        self.of_individual.put(out);
        self.of_peer.put(out);
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        Some(Self { of_individual: Stored::take(input)?, of_peer: Stored::take(input)? })
    }
}

/// Settings by name, sorted.
impl<T: Stored> Stored for FxHashMap<compact_str::CompactString, T> {
    fn put(&self, out: &mut Output<'_>) {
        let mut entries: Vec<_> = self.iter().collect();
        entries.sort_unstable_by_key(|(name, _)| *name);
        out.number(entries.len() as u64);
        for (name, value) in entries {
            name.put(out);
            value.put(out);
        }
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        (0..input.count(1 + T::LEAST)?).map(|_| Stored::take(input)).collect()
    }
}

