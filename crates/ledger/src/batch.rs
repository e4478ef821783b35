//! What is about to be appended: drafts checked against the ledger and against each other, encoded, and written in one commit.
//! It refuses to leave a trace when it is dropped: until [`Batch::commit`] the ledger is as it was.

use std::collections::VecDeque;
use std::sync::Arc;

use domain::{Draft, Event, KnownAt, Seq};
use rustc_hash::{FxHashMap, FxHashSet};
use vault::Pseudonym;

use crate::block::{BLOCK_LEN, Block, Frame, Packer, Unpacker, first_seq, position};
use crate::check::StagedAmendments;
use crate::core::Core;
use crate::encode::Encoder;
use crate::error::{LedgerError, damaged};
use crate::growth::{Growth, tile_bytes};
use crate::keys::{Filter, Keys};
use crate::outcome::{Outcome, Refusal};
use crate::people::Pseudonyms;
use crate::pipeline::{Finished, Pipeline};
use crate::staged::StagedKeys;
use crate::store::{AMENDMENTS, BLOCKS, INDIVIDUALS, META, Staging, TILES, failed, guarded, put_block, tile_key};
use crate::wire::seals::Place;

/// Blocks that are kept as they were handed over: what is corrected was mostly told not long before. Some five megabytes, and more than the pipeline
/// holds, so that nobody waits for it to look at a block.
const RECENT: usize = 128;

/// What a writer keeps in memory between commits: the right edge of everything.
pub(crate) struct Edge {
    pub(crate) growth: Growth,
    /// The block being filled, with all frames that are committed.
    pub(crate) tail: Block,
    pub(crate) keys: Keys,
    pub(crate) filter: Filter,
    pub(crate) pseudonyms: Pseudonyms,
    /// Kept from one commit to the next; lent to the thread of a large one, and lost with it if that is not committed.
    pub(crate) packer: Option<Packer>,
    /// Individuals known to be introduced and not erased.
    pub(crate) introduced: FxHashSet<Pseudonym>,
}

/// Drafts on their way into the ledger.
pub(crate) struct Batch<'l> {
    pub(crate) core: &'l Core,
    pub(crate) edge: &'l mut Edge,
    pub(crate) staging: Staging,
    pipeline: Option<Pipeline>,
    /// Blocks not handed to the pipeline; the last one is being filled.
    blocks: VecDeque<Block>,
    first_block: u64,
    /// Frames of the first of `blocks` that chain and tree have already.
    absorbed: usize,
    pub(crate) next_seq: u64,
    pub(crate) last_at: i64,
    now: i64,
    pub(crate) keys: StagedKeys,
    pub(crate) introduced: FxHashMap<Pseudonym, u64>,
    pub(crate) amendments: StagedAmendments,
    pub(crate) encoder: Encoder,
    pub(crate) already_there: u64,
    cached: Option<(u64, Block)>,
    /// Made when the first committed block is looked into, and used for all.
    unpacker: Option<Unpacker>,
    done: Vec<Finished>,
    /// The block that was written last if it is not full: the tail after the commit.
    unfinished: Option<Block>,
    /// The last blocks before `first_block`, as far as they are of this batch, ascending.
    recent: VecDeque<Arc<Block>>,
    /// A block that is recent no more, whose buffers are used again.
    spare: Option<Block>,
}

/// Where a batch can go back to while it is not bulk.
pub(crate) struct Mark {
    next_seq: u64,
    last_at: i64,
    already_there: u64,
}

impl<'l> Batch<'l> {
    /// Begins a batch at `now`. `bulk` hashes and packs on a thread of its own, and cannot go back to a [`Mark`].
    pub(crate) fn begin(core: &'l Core, edge: &'l mut Edge, now: KnownAt, bulk: bool) -> Result<Self, LedgerError> {
        Self::begin_on(core, edge, Staging::Ledger(core.store.write()?), now, bulk)
    }

    /// The same, with what is staged going where the caller says.
    pub(crate) fn begin_on(core: &'l Core, edge: &'l mut Edge, staging: Staging, now: KnownAt, bulk: bool) -> Result<Self, LedgerError> {
        let pipeline = if bulk { Some(Pipeline::start(edge.growth.clone(), packer(&mut edge.packer)?)?) } else { None };
        let next_seq = edge.growth.chain.next_seq;
        let last_at = edge.growth.chain.recorded_at;
        // One step after the last commit at least, so that a cut at the head's own instant never gains events later.
        let now = if core.genesis.simulated() || next_seq == 0 { last_at } else { now.micros().max(last_at.saturating_add(1)) };
        Ok(Self {
            blocks: VecDeque::from([edge.tail.clone()]),
            first_block: position(next_seq).0,
            absorbed: edge.tail.len(),
            core,
            edge,
            staging,
            pipeline,
            next_seq,
            last_at,
            now,
            keys: StagedKeys::default(),
            introduced: FxHashMap::default(),
            amendments: StagedAmendments::default(),
            encoder: Encoder::default(),
            already_there: 0,
            cached: None,
            unpacker: None,
            done: Vec::new(),
            unfinished: None,
            recent: VecDeque::new(),
            spare: None,
        })
    }

    /// Sets the clock for the drafts that follow; says whether it lay before the last committed event.
    pub(crate) fn set_clock(&mut self, now: KnownAt) -> bool {
        let committed = self.edge.growth.chain.recorded_at;
        if !self.core.genesis.simulated() && self.edge.growth.chain.next_seq > 0 {
            self.now = now.micros().max(committed.saturating_add(1)).max(self.last_at);
        }
        crate::ledger::clock_stepped_back(self.core, self.edge, now)
    }

    pub(crate) fn staged(&self) -> u64 {
        self.next_seq - self.edge.growth.chain.next_seq
    }

    /// The instant the draft is recorded at.
    pub(crate) fn time_of(&self, draft: &Draft) -> Result<i64, Refusal> {
        let own = matches!(draft.event, Event::Ledger(_));
        match (self.core.genesis.simulated(), draft.recorded_at) {
            (true, Some(at)) => Ok(at.micros()),
            (true, None) if own => Ok(self.last_at),
            (true, None) => Err(Refusal::RecordedAtMissing),
            (false, None) => Ok(self.now),
            (false, Some(_)) => Err(Refusal::RecordedAtRefused),
        }
    }

    /// Checks a draft and stages it if nothing speaks against it.
    pub(crate) fn push(&mut self, draft: &Draft) -> Result<Outcome, LedgerError> {
        guarded(|| crate::check::push(self, draft))
    }

    /// Adds a frame whose payload is complete.
    pub(crate) fn stage(&mut self, frame: Frame<'_>) -> Result<Seq, LedgerError> {
        if self.blocks.back().is_none_or(Block::is_full) {
            self.blocks.push_back(self.spare.take().unwrap_or_default());
        }
        if let Some(open) = self.blocks.back_mut() {
            open.push(frame);
        }
        let seq = self.next_seq;
        self.next_seq += 1;
        self.last_at = frame.recorded_at;
        if self.pipeline.is_some() && self.blocks.front().is_some_and(Block::is_full) {
            self.hand_over()?;
        }
        Ok(Seq(seq))
    }

    /// Gives the first block to the pipeline and writes what came out of it.
    fn hand_over(&mut self) -> Result<(), LedgerError> {
        if let (Some(pipeline), Some(block)) = (&mut self.pipeline, self.blocks.pop_front()) {
            let block = Arc::new(block);
            self.recent.push_back(Arc::clone(&block));
            pipeline.submit(self.first_block, block, self.absorbed, &mut self.done)?;
            self.first_block += 1;
            self.absorbed = 0;
        }
        if self.recent.len() > RECENT
            && let Some(mut block) = self.recent.pop_front().and_then(Arc::into_inner)
        {
            block.clear();
            self.spare = Some(block);
        }
        self.write_done()
    }

    fn write_done(&mut self) -> Result<(), LedgerError> {
        if self.done.is_empty() {
            return Ok(());
        }
        let txn = match &mut self.staging {
            Staging::Ledger(txn) => txn,
            Staging::Beside { blocks, .. } => {
                blocks.extend(self.done.drain(..).map(|finished| (finished.index, finished.grown.row)));
                return Ok(());
            }
        };
        let mut blocks = txn.open_table(BLOCKS).map_err(failed)?;
        let mut tiles = txn.open_table(TILES).map_err(failed)?;
        for Finished { index, grown, block } in self.done.drain(..) {
            put_block(&mut blocks, index, &grown.row)?;
            for (tile, hashes) in grown.tiles {
                tiles.insert(tile_key(tile), tile_bytes(&hashes).as_slice()).map_err(failed)?;
            }
            if !block.is_full() {
                self.unfinished = Some(Arc::unwrap_or_clone(block));
            }
        }
        Ok(())
    }

    /// A block as it stands in the transaction.
    fn written(&mut self, index: u64) -> Result<Option<(u64, Block)>, LedgerError> {
        let Some(row) = self.staging.block(index)? else { return Ok(None) };
        // The buffers of the block looked into before are used again.
        let mut block = self.cached.take().map(|(_, block)| block).unwrap_or_default();
        let unpacker = match &mut self.unpacker {
            Some(unpacker) => unpacker,
            none => none.insert(Unpacker::new()?),
        };
        unpacker.read(index, &row, &mut block)?;
        Ok(Some((index, block)))
    }

    /// Runs `read` over the frame at `seq`, staged or committed.
    pub(crate) fn with_frame<T>(
        &mut self,
        seq: u64,
        read: impl FnOnce(&Self, Place, Frame<'_>) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let (index, at) = position(seq);
        // The block that was last before this batch stands in the file with the frames it had then, until the pipeline has written it anew.
        let lacks = |block: &Option<(u64, Block)>| block.as_ref().is_none_or(|(known, block)| *known != index || block.len() <= at);
        let recent = |batch: &Self| {
            let back = usize::try_from(batch.first_block.checked_sub(index)?).ok()?;
            batch.recent.get(batch.recent.len().checked_sub(back)?).map(Arc::clone)
        };
        let near = recent(self);
        if near.is_none() && index < self.first_block && lacks(&self.cached) {
            self.cached = self.written(index)?;
            if lacks(&self.cached) && let Some(pipeline) = &mut self.pipeline {
                pipeline.drain(&mut self.done)?;
                self.write_done()?;
                self.cached = self.written(index)?;
            }
        }
        let staged = index.checked_sub(self.first_block).and_then(|at| self.blocks.get(usize::try_from(at).ok()?));
        let block = near.as_deref().or(staged).or(self.cached.as_ref().map(|(_, block)| block));
        let frame = block.and_then(|block| block.get(at)).ok_or_else(|| damaged(format!("seq {seq} is missing from its block")))?;
        read(self, self.core.place(seq, &frame), frame)
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark { next_seq: self.next_seq, last_at: self.last_at, already_there: self.already_there }
    }

    /// Forgets what was staged since the mark.
    pub(crate) fn back_to(&mut self, mark: &Mark) {
        let keep = mark.next_seq - first_seq(self.first_block);
        let blocks = usize::try_from(keep.div_ceil(BLOCK_LEN as u64)).unwrap_or(usize::MAX).max(1);
        self.blocks.truncate(blocks);
        if let Some(open) = self.blocks.back_mut() {
            open.truncate((keep - (blocks as u64 - 1) * BLOCK_LEN as u64) as usize);
        }
        self.next_seq = mark.next_seq;
        self.last_at = mark.last_at;
        self.already_there = mark.already_there;
        self.keys.truncate(mark.next_seq);
        self.introduced.retain(|_, seq| *seq < mark.next_seq);
        for amendments in self.amendments.values_mut() {
            amendments.retain(|(by, _)| *by < mark.next_seq);
        }
    }

    /// Writes everything staged, durably.
    ///
    /// The vault is flushed while blocks are packed and written, which nobody sees before the commit. If we stop here: before the commit there are at
    /// most keys that seal nothing yet; after it everything is there. The commit itself is all or nothing, and begins when the keys are durable.
    pub(crate) fn commit(mut self) -> Result<(), LedgerError> {
        if self.staged() == 0 {
            return Ok(());
        }
        let core = self.core;
        let (growth, keys) = beside(|| core.flush_vault(), core.has_unflushed(), || guarded(|| self.write_all()))?;
        let Self { staging, edge, introduced, unfinished, .. } = self;
        let Staging::Ledger(txn) = staging else { return Err(LedgerError::ReadOnly) };
        guarded(|| txn.commit().map_err(failed))?;
        edge.growth = growth;
        edge.keys = keys;
        edge.tail = unfinished.unwrap_or_default();
        edge.introduced.extend(introduced.into_keys());
        Ok(())
    }

    fn write_all(&mut self) -> Result<(Growth, Keys), LedgerError> {
        self.staging.ledger()?;
        let mut pipeline = self.pipeline.take();
        let mut growth = self.edge.growth.clone();
        while let Some(block) = self.blocks.pop_front() {
            match &mut pipeline {
                Some(pipeline) => pipeline.submit(self.first_block, Arc::new(block), self.absorbed, &mut self.done)?,
                None => {
                    let mut packed = packer(&mut self.edge.packer)?;
                    let grown = growth.grow(&block, self.absorbed, &mut packed)?;
                    self.edge.packer = Some(packed);
                    self.done.push(Finished { index: self.first_block, grown, block: Arc::new(block) });
                }
            }
            self.first_block += 1;
            self.absorbed = 0;
        }
        // While the pipeline is at the last blocks.
        let keys = self.write_derived()?;
        if let Some(pipeline) = pipeline {
            let (grown, packer) = pipeline.finish(&mut self.done)?;
            growth = grown;
            self.edge.packer = Some(packer);
        }
        self.write_done()?;
        let txn = self.staging.ledger()?;
        let mut tiles = txn.open_table(TILES).map_err(failed)?;
        for (tile, hashes) in growth.tree.partials().filter(|(tile, _)| tile.level > 0) {
            tiles.insert(tile_key(tile), tile_bytes(hashes).as_slice()).map_err(failed)?;
        }
        drop(tiles);
        let head = crate::core::head_bytes(&growth);
        txn.open_table(META).map_err(failed)?.insert("head", head.as_slice()).map_err(failed)?;
        Ok((growth, keys))
    }

    /// What is derived from the events and waits for no hash.
    fn write_derived(&mut self) -> Result<Keys, LedgerError> {
        let txn = self.staging.ledger()?;
        let mut individuals = txn.open_table(INDIVIDUALS).map_err(failed)?;
        let mut sorted: Vec<_> = self.introduced.iter().collect();
        sorted.sort_unstable();
        for (who, seq) in sorted {
            individuals.insert(&who.0, seq).map_err(failed)?;
        }
        drop(individuals);
        let mut amendments = txn.open_table(AMENDMENTS).map_err(failed)?;
        for (target, by) in &self.amendments {
            for (by, retraction) in by {
                amendments.insert((*target, *by), u8::from(*retraction)).map_err(failed)?;
            }
        }
        drop(amendments);
        let mut keys = self.edge.keys.clone();
        keys.add(txn, &mut self.edge.filter, std::mem::take(&mut self.keys).into_entries())?;
        Ok(keys)
    }
}

/// The packer that is kept, or a new one.
fn packer(kept: &mut Option<Packer>) -> Result<Packer, LedgerError> {
    kept.take().map_or_else(Packer::new, Ok)
}

/// Does the main work, and if there is `other` work to do, that on a thread meanwhile; the failure of the main work comes first.
fn beside<T>(other: impl FnOnce() -> Result<(), LedgerError> + Send, there_is: bool, main: impl FnOnce() -> Result<T, LedgerError>) -> Result<T, LedgerError> {
    if !there_is {
        return main();
    }
    std::thread::scope(|scope| {
        let thread = scope.spawn(other);
        let done = main();
        let also = thread.join().unwrap_or(Err(LedgerError::Poisoned));
        done.and_then(|done| also.map(|()| done))
    })
}
