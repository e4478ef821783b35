//! Reading events: all of them in order, one by its seq, those of a type or about somebody, and the cut that belongs to an instant.
//! It refuses to stop at an event it cannot interpret: such events are counted and named, and the rest is delivered.

use std::ops::Range;

use chain::Header;
use domain::event::EventTag;
use domain::{KnownAt, Recorded, Seq};
use redb::ReadTransaction;

use crate::block::{Block, RowHead, Unpacker, first_seq, position};
use crate::core::{Core, Head, read_event, read_head};
use crate::error::{LedgerError, damaged};
use crate::ledger::Ledger;
use crate::ordered::ordered;
use crate::people::Resolver;
use crate::store::{AMENDMENTS, Rows as _, failed, guarded};
use crate::wire::seals::Unreadable;

/// An event that is there and verifies, but cannot be delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotInterpreted {
    /// The event.
    pub seq: Seq,
    /// Its tag.
    pub tag: EventTag,
    /// Its schema.
    pub schema: u16,
    /// Why.
    pub reason: Reason,
}

/// Why an event cannot be delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The tag or schema is of a later countersign.
    Unknown,
    /// What it says was sealed under a key that was destroyed.
    Erased,
    /// Its payload is not what its schema says. `verify` tells whether the bytes were changed.
    Malformed,
}

impl From<Unreadable> for Reason {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::NotInterpreted => Self::Unknown,
            Unreadable::Erased => Self::Erased,
            // A key that is not the vault's ends a replay before (`read_event` says it as the failure it is), and an outsider has no vault.
            Unreadable::Malformed | Unreadable::ForeignKey(_) => Self::Malformed,
        }
    }
}

/// What a replay came across.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Events delivered.
    pub delivered: u64,
    /// Events that could not be delivered, in order.
    pub not_interpreted: Vec<NotInterpreted>,
    /// Values of delivered events that were left out because their subject was erased.
    pub erased_values: u64,
}

/// Which events to find.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Only these types; all if empty.
    pub types: Vec<EventTag>,
    /// Only events with a field (or list entry) that is exactly this id.
    pub subject: Option<String>,
}

/// One event of a block, decoded.
type Decoded = Result<(Recorded, u32), NotInterpreted>;

struct Worker<'l> {
    resolver: Resolver<'l>,
    unpacker: Result<Unpacker, LedgerError>,
    block: Block,
}

fn decode_block(
    core: &Core,
    txn: &ReadTransaction,
    worker: &mut Worker<'_>,
    index: u64,
    seqs: &Range<u64>,
    types: &[EventTag],
) -> Result<Vec<Decoded>, LedgerError> {
    let row = txn.block(index)?.ok_or_else(|| damaged(format!("the block of seq {} is missing", first_seq(index))))?;
    let unpacker = worker.unpacker.as_mut().map_err(|error| damaged(error.to_string()))?;
    unpacker.read(index, &row, &mut worker.block)?;
    let mut events = Vec::with_capacity(worker.block.len());
    for (seq, frame) in (first_seq(index)..).zip(worker.block.frames()) {
        let tag = EventTag(frame.tag);
        if !seqs.contains(&seq) || !(types.is_empty() || types.contains(&tag)) {
            continue;
        }
        events.push(match read_event(core.place(seq, &frame), frame.payload, &mut worker.resolver)? {
            Ok(read) => {
                let recorded_at = KnownAt::from_micros(frame.recorded_at);
                let recorded = Recorded { seq: Seq(seq), recorded_at, envelope: read.envelope, target: read.target, event: read.event };
                Ok((recorded, read.erased))
            }
            Err(unreadable) => {
                Err(NotInterpreted { seq: Seq(seq), tag, schema: frame.schema, reason: unreadable.into() })
            }
        });
    }
    let last = first_seq(index) + worker.block.len() as u64;
    if last < seqs.end.min(first_seq(index + 1)) {
        return Err(damaged(format!("seq {last} is missing from its block")));
    }
    Ok(events)
}

impl Ledger {
    /// Where the ledger stands now. For a reader this follows the writer's commits.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`], [`LedgerError::Io`].
    pub fn head(&self) -> Result<Head, LedgerError> {
        let txn = self.core.store.read()?;
        guarded(|| read_head(&txn))
    }

    /// Delivers the events of a range in order; the end is cut at the head.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`], [`LedgerError::Io`]. Events that cannot be interpreted are no error.
    pub fn replay(&self, seqs: Range<u64>, f: impl FnMut(Recorded)) -> Result<Replayed, LedgerError> {
        self.scan(seqs, &[], f)
    }

    /// Delivers the events that a query asks for, in order, reading everything.
    ///
    /// # Errors
    /// As [`Ledger::replay`].
    pub fn find(&self, query: &Query, mut f: impl FnMut(Recorded)) -> Result<Replayed, LedgerError> {
        let mut found = 0;
        let scanned = self.scan(0..u64::MAX, &query.types, |recorded| {
            if query.subject.as_ref().is_none_or(|subject| names(&recorded, subject)) {
                found += 1;
                f(recorded);
            }
        })?;
        Ok(Replayed { delivered: found, ..scanned })
    }

    fn scan(&self, seqs: Range<u64>, types: &[EventTag], mut f: impl FnMut(Recorded)) -> Result<Replayed, LedgerError> {
        let txn = self.core.store.read()?;
        let size = guarded(|| read_head(&txn))?.size;
        let seqs = seqs.start..seqs.end.min(size);
        let mut replayed = Replayed::default();
        if seqs.is_empty() {
            return Ok(replayed);
        }
        let blocks = position(seqs.start).0..position(seqs.end - 1).0 + 1;
        let start = || Worker { resolver: Resolver::new(&self.core.people, &txn), unpacker: Unpacker::new(), block: Block::default() };
        let mut failure = None;
        ordered(
            blocks,
            start,
            |worker, index| guarded(|| decode_block(&self.core, &txn, worker, index, &seqs, types)),
            |_, events| match events {
                Ok(events) => {
                    for event in events {
                        match event {
                            Ok((recorded, erased)) => {
                                replayed.delivered += 1;
                                replayed.erased_values += u64::from(erased);
                                f(recorded);
                            }
                            Err(not_interpreted) => replayed.not_interpreted.push(not_interpreted),
                        }
                    }
                    true
                }
                Err(error) => {
                    failure = Some(error);
                    false
                }
            },
        );
        failure.map_or(Ok(replayed), Err)
    }

    /// The event at a seq; `None` when it is there but cannot be interpreted.
    ///
    /// # Errors
    /// [`LedgerError::NoSuchEvent`]; as [`Ledger::replay`].
    pub fn get(&self, seq: Seq) -> Result<Option<Recorded>, LedgerError> {
        self.must_have(seq)?;
        let mut found = None;
        self.replay(seq.0..seq.0.saturating_add(1), |recorded| found = Some(recorded))?;
        Ok(found)
    }

    /// The frame header at a seq: the leaf data of the tree.
    ///
    /// # Errors
    /// As [`Ledger::get`].
    pub fn header(&self, seq: Seq) -> Result<Header, LedgerError> {
        self.must_have(seq)?;
        let mut found = None;
        self.each_frame(seq.0..seq.0.saturating_add(1), |header, _| {
            found = Some(header);
            Ok(())
        })?;
        let bytes = found.ok_or_else(|| damaged(format!("seq {seq} is missing")))?;
        Header::from_bytes(&bytes).map_err(|error| damaged(error.to_string()))
    }

    fn must_have(&self, seq: Seq) -> Result<(), LedgerError> {
        let size = self.head()?.size;
        if seq.0 < size { Ok(()) } else { Err(LedgerError::NoSuchEvent { asked: seq.0, size }) }
    }

    /// Header bytes and body of every frame of a range, rebuilt from what is stored. Nothing is compared with tree or head: that is `verify`.
    pub(crate) fn each_frame(
        &self,
        seqs: Range<u64>,
        mut f: impl FnMut([u8; chain::HEADER_LEN], &[u8]) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        let txn = self.core.store.read()?;
        let end = seqs.end.min(guarded(|| read_head(&txn))?.size);
        let secret = self.core.people.ledger_secret();
        let mut unpacker = Unpacker::new()?;
        let mut block = Block::default();
        let mut body = Vec::new();
        for index in position(seqs.start).0..end.div_ceil(crate::block::BLOCK_LEN as u64) {
            let row = guarded(|| txn.block(index))?.ok_or_else(|| damaged(format!("the block of seq {} is missing", first_seq(index))))?;
            let head = unpacker.read(index, &row, &mut block)?;
            let ledger_id = self.core.genesis.ledger_id();
            let mut chain = chain::Head { ledger_id, next_seq: first_seq(index), link: head.previous, recorded_at: head.first_at };
            for frame in block.frames() {
                let seq = chain.next_seq;
                let blinding = chain::blinding(&secret, ledger_id, seq);
                let draft = chain::Draft { recorded_at: frame.recorded_at, tag: frame.tag, schema: frame.schema };
                let header = chain.extend(draft, &blinding, frame.payload).map_err(|error| damaged(error.to_string()))?;
                if (seqs.start..end).contains(&seq) {
                    body.clear();
                    body.extend_from_slice(&blinding);
                    body.extend_from_slice(frame.payload);
                    f(header, &body)?;
                }
            }
        }
        Ok(())
    }

    /// The cut of an instant: the greatest seq recorded at or before it.
    ///
    /// # Errors
    /// [`LedgerError::AfterHead`] when the instant lies after the last event, because the answer could still change;
    /// [`LedgerError::BeforeOpening`] when nothing was recorded yet.
    pub fn cut_at(&self, instant: KnownAt) -> Result<Seq, LedgerError> {
        let txn = self.core.store.read()?;
        let head = guarded(|| read_head(&txn))?;
        if instant > head.recorded_at {
            return Err(LedgerError::AfterHead { asked: instant.to_string(), head: head.recorded_at.to_string() });
        }
        let row_of = |index: u64| {
            guarded(|| txn.block(index))?.ok_or_else(|| damaged(format!("the block of seq {} is missing", first_seq(index))))
        };
        // The last block that begins at or before the instant.
        let (mut low, mut high) = (0, head.size.div_ceil(crate::block::BLOCK_LEN as u64));
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            let start = guarded(|| txn.block_start(middle, 1))?.ok_or_else(|| damaged(format!("the block of seq {} is missing", first_seq(middle))))?;
            if RowHead::read(middle, &start)?.first_at <= instant.micros() {
                low = middle;
            } else {
                high = middle;
            }
        }
        let mut block = Block::default();
        Unpacker::new()?.read(low, &row_of(low)?, &mut block)?;
        let before = block.frames().take_while(|frame| frame.recorded_at <= instant.micros()).count() as u64;
        match (first_seq(low) + before).checked_sub(1) {
            Some(seq) => Ok(Seq(seq)),
            None => Err(LedgerError::BeforeOpening { asked: instant.to_string() }),
        }
    }

    /// Every event that a later correction or retraction points at, ascending, each once.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`], [`LedgerError::Io`].
    pub fn amended(&self) -> Result<Vec<Seq>, LedgerError> {
        self.amended_among(0..u64::MAX)
    }

    /// The same of some events that lie one after another: those that a correction or retraction among them points at.
    ///
    /// # Errors
    /// As [`Ledger::amended`].
    pub fn amended_among(&self, events: Range<u64>) -> Result<Vec<Seq>, LedgerError> {
        let txn = self.core.store.read()?;
        guarded(|| {
            let table = txn.open_table(AMENDMENTS).map_err(failed)?;
            let mut targets: Vec<Seq> = Vec::new();
            for row in table.range((events.start, 0)..(events.end, 0)).map_err(failed)? {
                let (target, amendment) = row.map_err(failed)?.0.value();
                if amendment < events.end && targets.last() != Some(&Seq(target)) {
                    targets.push(Seq(target));
                }
            }
            Ok(targets)
        })
    }
}

/// Whether a field of the event, or an entry of a list field, is exactly this id.
fn names(recorded: &Recorded, id: &str) -> bool {
    use domain::field::Raw;
    fn is(raw: &Raw<'_>, id: &str) -> bool {
        match raw {
            Raw::Text(text) => text == id,
            Raw::List(items) => items.iter().any(|item| is(item, id)),
            Raw::Record(fields) => fields.iter().any(|(_, value)| is(value, id)),
            Raw::Null | Raw::Bool(_) | Raw::Int(_) | Raw::Number(_) => false,
        }
    }
    recorded.event.fields().iter().any(|(_, value)| is(value, id))
}
