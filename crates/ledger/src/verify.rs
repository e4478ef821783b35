//! Verifying a ledger: every stored byte is hashed again, and chain, tree, head, checkpoints and derived tables must all agree.
//! It refuses to believe anything stored, and says what it did not check; it repairs nothing.

use std::sync::PoisonError;

use domain::{Event, Seq};
use redb::{ReadTransaction, ReadableTableMetadata as _};
use rustc_hash::FxHashSet;
use transparency::{Hash, TILE_WIDTH, TileId, leaf_hash, root_of};
use vault::Pseudonym;
use zeroize::Zeroizing;

use crate::anchor;
use crate::block::{BLOCK_LEN, Block, RowHead, Unpacker, first_seq, leaves, position};
use crate::core::{Core, Head, read_head};
use crate::error::{LedgerError, damaged};
use crate::growth::tile_hashes;
use crate::keys::{Fingerprints, Keys};
use crate::ledger::Ledger;
use crate::ordered::ordered;
use crate::store::{AMENDMENTS, BLOCKS, INDIVIDUALS, PIECE_LEN, Rows as _, TILES, failed, guarded};
use crate::wire::seals::INTRODUCTION;
use crate::wire::v1::{SCHEMA, front::Front};
use crate::tree;
use crate::verified::{Failure, VerifyReport};

/// What to verify.
#[derive(Clone, Copy, Default)]
pub struct VerifyOptions<'p> {
    /// The first seq to verify, cut down to a multiple of 256. What lies before is believed, and the report says so.
    pub from: u64,
    /// Called now and then with the number of events done and of all to do.
    pub progress: Option<&'p dyn Fn(u64, u64)>,
}

/// What a worker found out about one block.
struct BlockFacts {
    head: RowHead,
    link_after: chain::Link,
    /// Root of the level-0 tile, when the block is full.
    tile_root: Option<Hash>,
    /// Rows of the database that hold it.
    pieces: u64,
    erased_values: u64,
    introductions: u64,
    amendments: u64,
    not_interpreted: u64,
}

struct Checker<'l> {
    core: &'l Core,
    txn: &'l ReadTransaction,
    secret: Zeroizing<[u8; 32]>,
    known_tags: FxHashSet<u16>,
    size: u64,
}

fn bad(seq: u64, what: impl Into<String>) -> Failure {
    Failure { seq: Some(Seq(seq)), what: what.into() }
}

fn at_block(index: u64, error: &LedgerError) -> Failure {
    let what = if let LedgerError::Damaged(what) = error { what.clone() } else { error.to_string() };
    bad(first_seq(index), what)
}

impl Checker<'_> {
    /// Rebuilds every header of a block and compares its leaf with the tile.
    fn block(&self, unpacker: &mut Unpacker, block: &mut Block, index: u64) -> Result<BlockFacts, Failure> {
        let storage = |error: LedgerError| at_block(index, &error);
        let row = guarded(|| self.txn.block(index)).map_err(storage)?.ok_or_else(|| bad(first_seq(index), "its block is missing"))?;
        self.row(unpacker, block, index, &row)
    }

    fn row(&self, unpacker: &mut Unpacker, block: &mut Block, index: u64, row: &[u8]) -> Result<BlockFacts, Failure> {
        let storage = |error: LedgerError| at_block(index, &error);
        let head = unpacker.read(index, row, block).map_err(storage)?;
        let expected = (self.size - first_seq(index)).min(BLOCK_LEN as u64);
        if head.count as u64 != expected {
            return Err(bad(first_seq(index), format!("its block has {} events instead of {expected}", head.count)));
        }
        let (_, stored) = leaves(index, row).map_err(storage)?;
        let pieces = row.len().div_ceil(PIECE_LEN) as u64;
        let ledger_id = self.core.genesis.ledger_id();
        let mut chain = chain::Head { ledger_id, next_seq: first_seq(index), link: head.previous, recorded_at: head.first_at };
        let (mut erased_values, mut introductions, mut amendments, mut not_interpreted) = (0, 0, 0, 0);
        for (frame, leaf) in block.frames().zip(&stored) {
            let seq = chain.next_seq;
            let blinding = chain::blinding(&self.secret, ledger_id, seq);
            let draft = chain::Draft { recorded_at: frame.recorded_at, tag: frame.tag, schema: frame.schema };
            let header = chain.extend(draft, &blinding, frame.payload).map_err(|error| bad(seq, error.to_string()))?;
            if leaf_hash(&header) != *leaf {
                return Err(bad(seq, "the event is not the one in the tree: its bytes, its place or the one before it were changed"));
            }
            if frame.schema != SCHEMA || !self.known_tags.contains(&frame.tag) {
                not_interpreted += 1;
                continue;
            }
            let front = Front::read(frame.payload).map_err(|_| bad(seq, "its payload does not have the layout of its schema"))?;
            if front.sealed.is_empty() && front.target.is_none() {
                continue;
            }
            amendments += u64::from(front.target.is_some());
            let place = self.core.place(seq, &frame);
            guarded(|| self.details(&place, &front, &mut erased_values, &mut introductions)).map_err(|error| bad(seq, error.to_string()))?;
        }
        let tile_root = (head.count == BLOCK_LEN).then(|| root_of(&stored));
        Ok(BlockFacts { head, link_after: chain.link, tile_root, pieces, erased_values, introductions, amendments, not_interpreted })
    }

    /// Opens the sealed values of an event, and compares what derived tables say of it.
    fn details(
        &self,
        place: &crate::wire::seals::Place,
        front: &Front<'_>,
        erased_values: &mut u64,
        introductions: &mut u64,
    ) -> Result<(), LedgerError> {
        for (at, value) in (0u16..).zip(&front.sealed) {
            let who = Pseudonym(value.subject);
            match self.core.people.opens(place, at, value) {
                Ok(()) => {}
                Err(crate::wire::seals::Unreadable::Erased) => *erased_values += 1,
                // Every key was unwrapped before.
                Err(_) => return Err(damaged(format!("sealed value {at} does not open under its subject's key"))),
            }
            if value.role == INTRODUCTION {
                *introductions += 1;
                if self.txn.introduced_at(who)? != Some(place.seq) {
                    return Err(damaged("the table of individuals does not point to the event that introduces this one"));
                }
            }
        }
        if let Some(target) = front.target {
            let retraction = place.tag == RETRACTED;
            if target >= place.seq || !self.txn.amendments(target)?.contains(&(place.seq, retraction)) {
                return Err(damaged("the table of amendments does not list this one"));
            }
        }
        Ok(())
    }

    /// Compares the root of a tile with its entry one level up, and so on as long as tiles are full.
    fn above(&self, index: u64, root: Hash) -> Result<(), Failure> {
        let (mut level, mut index, mut root) = (1, index, root);
        loop {
            let tile = TileId { level, index: index / TILE_WIDTH as u64 };
            let seq = first_seq(index);
            let row = guarded(|| self.txn.tile(tile)).map_err(|error| bad(seq, error.to_string()))?.unwrap_or_default();
            let hashes = tile_hashes(&row);
            let at = (index % TILE_WIDTH as u64) as usize;
            if row.len() != tile.width(self.size) * 32 || hashes.get(at) != Some(&root) {
                return Err(Failure { seq: None, what: format!("{} does not agree with the tiles below it", tile.path(TILE_WIDTH)) });
            }
            if at + 1 < TILE_WIDTH {
                return Ok(());
            }
            (level, index, root) = (level + 1, tile.index, root_of(&hashes));
        }
    }
}

/// Tag of `event_retracted`.
const RETRACTED: u16 = 121;

impl Ledger {
    /// Unwraps the key of every subject. An opening does not: a key that was exchanged is otherwise noticed by who needs it.
    ///
    /// # Errors
    /// [`LedgerError::Vault`] with the place of the first key that is not this vault's.
    pub fn check_keys(&self) -> Result<(), LedgerError> {
        Ok(self.core.people.vault.read().unwrap_or_else(PoisonError::into_inner).check()?)
    }

    /// Unwraps the subjects' keys, hashes every stored byte again and compares: bodies, chain, tiles of every level, root, head, signed
    /// checkpoints, high-water file, derived tables. Stops at the first thing that does not agree, and names the first bad event.
    ///
    /// # Errors
    /// Only when the files cannot be read at all, or keys are not this vault's; what does not agree is in the report.
    pub fn verify(&self, options: &VerifyOptions<'_>) -> Result<VerifyReport, LedgerError> {
        self.check_keys()?;
        let txn = self.core.store.read()?;
        let mut report = VerifyReport {
            head: None,
            from: Seq(0),
            events: 0,
            erased_values: 0,
            not_interpreted: 0,
            checkpoints: Vec::new(),
            not_checked: Vec::new(),
            failure: None,
        };
        let checked = guarded(|| check(&self.core, &txn, options, &mut report));
        match checked {
            Ok(Ok(())) => {}
            Ok(Err(failure)) => report.failure = Some(failure),
            Err(LedgerError::Damaged(what)) => report.failure = Some(Failure { seq: None, what }),
            Err(other) => return Err(other),
        }
        Ok(report)
    }
}

fn check(core: &Core, txn: &ReadTransaction, options: &VerifyOptions<'_>, report: &mut VerifyReport) -> Result<Result<(), Failure>, LedgerError> {
    let head = read_head(txn)?;
    report.head = Some(head);
    let first_block = position(options.from.min(head.size)).0;
    let blocks = head.size.div_ceil(BLOCK_LEN as u64);
    report.from = Seq(first_seq(first_block));
    if first_block > 0 {
        report.not_checked.push(format!("events before seq {}, whose bytes were believed", report.from));
    }
    let known_tags = Event::types().map(|t| t.tag.0).collect();
    let checker = Checker { core, txn, secret: core.people.ledger_secret(), known_tags, size: head.size };
    let mut link = if first_block == 0 { Some(core.genesis.first_link()) } else { None };
    let mut last_at = if first_block == 0 { core.genesis.created_at() } else { i64::MIN };
    let (mut introductions, mut amendments, mut pieces) = (0, 0, 0);
    let mut failure = None;
    ordered(
        first_block..blocks,
        || (Unpacker::new(), Block::default()),
        |(unpacker, block), index| match unpacker {
            Ok(unpacker) => checker.block(unpacker, block, index),
            Err(error) => Err(at_block(index, error)),
        },
        |index, facts| {
            let taken = facts.and_then(|facts| {
                if link.is_some_and(|link| link != facts.head.previous) {
                    return Err(bad(first_seq(index), "it does not follow the event before it"));
                }
                if facts.head.first_at < last_at {
                    return Err(bad(first_seq(index), "it was recorded before the event before it"));
                }
                (link, last_at) = (Some(facts.link_after), facts.head.last_at);
                if let Some(root) = facts.tile_root {
                    checker.above(index, root)?;
                }
                report.events += facts.head.count as u64;
                report.erased_values += facts.erased_values;
                report.not_interpreted += facts.not_interpreted;
                introductions += facts.introductions;
                amendments += facts.amendments;
                pieces += facts.pieces;
                Ok(())
            });
            if let Some(progress) = options.progress {
                progress(report.events, head.size - report.from.0);
            }
            failure = taken.err();
            failure.is_none()
        },
    );
    if let Some(failure) = failure {
        return Ok(Err(failure));
    }
    whole_ledger(core, txn, report, &head, link, last_at)?;
    if first_block == 0 {
        let individuals = txn.open_table(INDIVIDUALS).map_err(failed)?.len().map_err(failed)?;
        let amended = txn.open_table(AMENDMENTS).map_err(failed)?.len().map_err(failed)?;
        let rows = txn.open_table(BLOCKS).map_err(failed)?.len().map_err(failed)?;
        if (individuals, amended, rows) != (introductions, amendments, pieces) {
            return Err(damaged("the tables hold rows that no event made"));
        }
    }
    Ok(Ok(()))
}

/// What is not about one block: head, root, checkpoints, number of rows, key index.
fn whole_ledger(
    core: &Core,
    txn: &ReadTransaction,
    report: &mut VerifyReport,
    head: &Head,
    link: Option<chain::Link>,
    last_at: i64,
) -> Result<(), LedgerError> {
    if link.is_some_and(|link| link != head.link) || (report.events > 0 && last_at != head.recorded_at.micros()) {
        return Err(damaged("the head is not that of the last event"));
    }
    let root = |size| tree::root(txn, size);
    if root(head.size)? != head.root {
        return Err(damaged("the tree does not lead to the root of the head"));
    }
    let mut tiles = 0;
    for level in 1..8u8 {
        tiles += (head.size >> (8 * u32::from(level))).div_ceil(TILE_WIDTH as u64);
    }
    if txn.open_table(TILES).map_err(failed)?.len().map_err(failed)? != tiles {
        return Err(damaged("there are more or fewer tiles than the head's size asks for"));
    }
    for (whose, checkpoint) in anchor::checkpoints(core, txn)? {
        if checkpoint.size() > head.size {
            return Err(damaged(format!("{whose} checkpoint is over {} events, the ledger has {}", checkpoint.size(), head.size)));
        }
        if root(checkpoint.size())? != checkpoint.root() {
            return Err(damaged(format!("the first {} events are not those of {whose} checkpoint", checkpoint.size())));
        }
        report.checkpoints.push((whose, checkpoint.size()));
    }
    if report.checkpoints.is_empty() {
        report.not_checked.push("signatures: no checkpoint was signed yet".into());
    }
    let fingerprints = Fingerprints(core.people.pseudonyms().fingerprint_key(core.genesis.ledger_id()));
    Keys::load(fingerprints, txn)?.check(txn)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{CreateOptions, Expect};
    use domain::event::{ContractEnded, EventTag};
    use domain::{ContractId, Draft, KnownAt, ValidDay};

    #[test]
    fn the_tag_of_a_retraction_is_the_domains() {
        assert_eq!(Event::schema_of("event_retracted").map(|t| t.tag), Some(EventTag(RETRACTED)));
    }

    /// Each bit of a stored row in turn. What passes must be the same frames under the same previous link.
    #[test]
    fn no_byte_of_a_stored_block_can_be_changed() {
        let dir = tempfile::tempdir().unwrap();
        let now = KnownAt::from_micros(1_740_830_400_000_000);
        let options = CreateOptions { origin: "ledger.riverbend.example".into(), simulated: true, now, entropy: Some([1; 32]) };
        let mut ledger = Ledger::create(&dir.path().join("ledger"), &options).unwrap();
        let ended_on = ValidDay::parse("2025-01-31").unwrap();
        let ended = |n| ContractEnded { contract: ContractId::parse(&format!("contract-{n}")).unwrap(), ended_on };
        let drafts: Vec<Draft> = (0..40).map(|n| Draft { recorded_at: Some(now), ..Draft::bare(ended(n * n)) }).collect();
        ledger.append(&drafts, Expect::Any, now).unwrap();
        let txn = ledger.core.store.read().unwrap();
        let known_tags = Event::types().map(|t| t.tag.0).collect();
        let checker = Checker { core: &ledger.core, txn: &txn, secret: ledger.core.people.ledger_secret(), known_tags, size: 41 };
        let (mut unpacker, mut block, mut original) = (Unpacker::new().unwrap(), Block::default(), Block::default());
        let row = txn.block(0).unwrap().unwrap();
        let head = checker.row(&mut unpacker, &mut original, 0, &row).map(|facts| facts.head).unwrap_or_else(|failure| panic!("{failure}"));
        let mut passed = 0;
        for bit in 0..row.len() * 8 {
            let mut changed = row.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            if let Ok(facts) = checker.row(&mut unpacker, &mut block, 0, &changed) {
                assert!(facts.head == head && block.frames().eq(original.frames()), "bit {bit}");
                passed += 1;
            }
        }
        assert!(passed * 100 < row.len() * 8, "{passed} bits of {} are not used", row.len() * 8);
    }
}
