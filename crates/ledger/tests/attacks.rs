//! The ledger's rows of the attack table: what somebody does to the database who can write it, rebuilt rows and all, and how it shows.
//! Rows are changed through the database's own interface, so that no page checksum helps; whole files are in `tests/attacks.rs`.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::path::{Path, PathBuf};

use domain::*;
use ledger::*;
use redb::{ReadableTable as _, TableDefinition};
use support::*;

const BLOCKS: TableDefinition<'_, (u64, u32), &[u8]> = TableDefinition::new("blocks");
const META: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");

/// A simulated ledger of these contacts, one a second; the same keys and ledger id every time, as an attacker has who holds the vault.
fn told(dir: &Path, contacts: impl IntoIterator<Item = (u64, u64)>, sign: bool) -> PathBuf {
    let mut ledger = simulated(dir);
    let timed = |(n, m): (u64, u64)| Draft { recorded_at: Some(at(n as i64)), ..with_source(contact(m), &format!("c:{m}")) };
    let drafts: Vec<Draft> = contacts.into_iter().map(timed).collect();
    ledger.append(&drafts, Expect::Any, at(0)).unwrap();
    if sign {
        ledger.sign_checkpoint().unwrap();
    }
    dir.join("ledger")
}

fn database(path: &Path) -> redb::Database {
    redb::Database::open(path.join("ledger.redb")).unwrap()
}

fn block(path: &Path, index: u64) -> Vec<u8> {
    let txn = database(path).begin_write().unwrap();
    let table = txn.open_table(BLOCKS).unwrap();
    table.range((index, 0)..(index + 1, 0)).unwrap().flat_map(|piece| piece.unwrap().1.value().to_vec()).collect()
}

fn put_block(path: &Path, index: u64, row: &[u8]) {
    let txn = database(path).begin_write().unwrap();
    {
        let mut table = txn.open_table(BLOCKS).unwrap();
        table.retain_in((index, 0)..(index + 1, 0), |_, _| false).unwrap();
        for (at, piece) in (0..).zip(row.chunks(4_072)) {
            table.insert((index, at), piece).unwrap();
        }
    }
    txn.commit().unwrap();
}

fn meta(path: &Path, name: &str) -> Option<Vec<u8>> {
    let txn = database(path).begin_write().unwrap();
    let table = txn.open_table(META).unwrap();
    table.get(name).unwrap().map(|row| row.value().to_vec())
}

fn put_meta(path: &Path, name: &str, row: Option<&[u8]>) {
    let txn = database(path).begin_write().unwrap();
    {
        let mut table = txn.open_table(META).unwrap();
        match row {
            Some(row) => drop(table.insert(name, row).unwrap()),
            None => drop(table.remove(name).unwrap()),
        }
    }
    txn.commit().unwrap();
}

/// A row of `PAYLOADS.md`, "How it lies in the database", taken apart.
struct Row {
    head: [u8; 55],
    leaves: Vec<u8>,
    frames: Vec<u8>,
}

impl Row {
    fn read(bytes: &[u8]) -> Self {
        let n = usize::from(u16::from_le_bytes([bytes[1], bytes[2]]));
        let (head, rest) = bytes.split_at(55);
        let (leaves, packed) = rest.split_at(32 * n);
        let frames = zstd::stream::decode_all(packed).unwrap();
        Self { head: head.try_into().unwrap(), leaves: leaves.to_vec(), frames }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut head = self.head;
        head[51..55].copy_from_slice(&(self.frames.len() as u32).to_le_bytes());
        [&head[..], &self.leaves, &zstd::stream::encode_all(&self.frames[..], 1).unwrap()].concat()
    }

    /// Where each payload lies in the frames.
    fn payloads(&self) -> Vec<std::ops::Range<usize>> {
        let n = usize::from(u16::from_le_bytes([self.head[1], self.head[2]]));
        let lengths = &self.frames[n * 12..n * 16];
        let mut at = n * 16;
        lengths.as_chunks::<4>().0.iter().map(|len| {
            let range = at..at + u32::from_le_bytes(*len) as usize;
            at = range.end;
            range
        }).collect()
    }
}

fn failure(path: &Path) -> Failure {
    Ledger::open_reader(path).unwrap().verify(&VerifyOptions::default()).unwrap().failure.unwrap()
}

#[test]
fn a_byte_changed_in_any_stored_event_is_named_with_its_seq() {
    let dir = tempfile::tempdir().unwrap();
    let path = told(dir.path(), (0..40).map(|n| (n, n)), true);
    let honest = block(&path, 0);
    let places = Row::read(&honest).payloads();
    for (seq, range) in places.iter().enumerate() {
        for at in [range.start, range.start + range.len() / 2, range.end - 1] {
            let mut row = Row::read(&honest);
            row.frames[at] ^= 1;
            put_block(&path, 0, &row.bytes());
            assert_eq!(failure(&path).seq, Some(Seq(seq as u64)), "byte {at}");
        }
    }
    // Its instant, its tag and its schema are as much part of it: the columns before the payloads. An instant is a step from the one before,
    // so the next step is shortened by what this one is lengthened.
    let n = places.len();
    for (up, down, seq) in [(7 * 8, Some(8 * 8), 7), (n * 8 + 9 * 2, None, 9), (n * 10 + 11 * 2, None, 11)] {
        let mut row = Row::read(&honest);
        row.frames[up] += 1;
        down.into_iter().for_each(|at: usize| row.frames[at] -= 1);
        put_block(&path, 0, &row.bytes());
        assert_eq!(failure(&path).seq, Some(Seq(seq)), "column byte {up}");
    }
    // The leaf that would contradict it is under the signed root: with another leaf the ledger does not even open.
    let mut row = Row::read(&honest);
    row.leaves[32 * 13] ^= 1;
    put_block(&path, 0, &row.bytes());
    assert!(matches!(Ledger::open_reader(&path), Err(LedgerError::Rewritten { size: 41, .. })));
    put_block(&path, 0, &honest);
    assert_eq!(Ledger::open_reader(&path).unwrap().verify(&VerifyOptions::default()).unwrap().state(), State::Verified);
}

/// Histories that were tampered with, and the first seq that differs from the honest one; seq 0 is `ledger_opened`.
fn forgeries() -> [(&'static str, Vec<(u64, u64)>, u64); 4] {
    let honest = || (0..300u64).map(|n| (n, n));
    let deleted = honest().filter(|(_, m)| *m != 20).enumerate().map(|(n, (_, m))| (n as u64, m)).collect();
    let inserted = honest().flat_map(|(n, m)| if m == 20 { vec![(n, 7_000), (n, m)] } else { vec![(n, m)] }).collect();
    let reordered = honest().map(|(n, m)| (n, match m { 20 => 21, 21 => 20, m => m })).collect();
    let changed = honest().map(|(n, m)| (n, if m == 20 { 7_000 } else { m })).collect();
    [("deleted", deleted, 21), ("inserted", inserted, 21), ("reordered", reordered, 21), ("changed", changed, 21)]
}

#[test]
fn events_deleted_inserted_reordered_or_changed_are_noticed_however_much_is_rebuilt() {
    for (what, history, first) in forgeries() {
        let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let honest = told(dirs[0].path(), (0..300).map(|n| (n, n)), true);
        let forged = told(dirs[1].path(), history, false);
        let untouched = std::fs::read(honest.join("ledger.redb")).unwrap();

        // Only the events are exchanged: the leaves of the tree contradict the first that differs.
        let (mine, theirs) = (Row::read(&block(&honest, 0)), Row::read(&block(&forged, 0)));
        put_block(&honest, 0, &Row { leaves: mine.leaves, ..theirs }.bytes());
        assert_eq!(failure(&honest).seq, Some(Seq(first)), "{what}, events alone");

        // The leaves with them: the block after it does not follow, or the tile above has another hash.
        std::fs::write(honest.join("ledger.redb"), &untouched).unwrap();
        put_block(&honest, 0, &block(&forged, 0));
        match Ledger::open_reader(&honest) {
            Ok(ledger) => drop(ledger.verify(&VerifyOptions::default()).unwrap().failure.unwrap()),
            Err(error) => assert!(matches!(error, LedgerError::Rewritten { .. } | LedgerError::Damaged(_)), "{what}: {error}"),
        }

        // Everything but the head: chain and tree lead elsewhere.
        put_meta(&forged, "head", meta(&honest, "head").as_deref());
        match Ledger::open_reader(&forged) {
            Ok(ledger) => assert!(ledger.verify(&VerifyOptions::default()).unwrap().failure.is_some(), "{what}, all but the head"),
            Err(error) => assert!(matches!(error, LedgerError::Damaged(_)), "{what}: {error}"),
        }
    }
}

#[test]
fn everything_rebuilt_without_the_log_key_meets_its_own_signatures() {
    for (what, history, _) in forgeries() {
        let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let honest = told(dirs[0].path(), (0..300).map(|n| (n, n)), true);
        let forged = told(dirs[1].path(), history, false);
        let signed = meta(&honest, "checkpoint").unwrap();
        // With the checkpoint that was signed, in the database or beside it: refused at every opening.
        put_meta(&forged, "checkpoint", Some(&signed));
        let refused = |path: &Path| match Ledger::open_reader(path) {
            Ok(_) => panic!("{what}: opened"),
            Err(error) => error,
        };
        assert!(matches!(refused(&forged), LedgerError::Rewritten { .. } | LedgerError::RolledBack { .. }), "{what}");
        put_meta(&forged, "checkpoint", None);
        std::fs::copy(honest.join("high-water"), forged.join("high-water")).unwrap();
        assert!(matches!(refused(&forged), LedgerError::Rewritten { .. } | LedgerError::RolledBack { .. }), "{what}");
        // A checkpoint that says what the forger would like, under the old signature.
        std::fs::remove_file(forged.join("high-water")).unwrap();
        let head = Ledger::open_reader(&forged).unwrap().head().unwrap();
        let text = String::from_utf8(signed).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        (lines[1], lines[2]) = (head.size.to_string(), head.root.to_string());
        put_meta(&forged, "checkpoint", Some(format!("{}\n", lines.join("\n")).as_bytes()));
        let error = refused(&forged);
        assert!(matches!(&error, LedgerError::Damaged(what) if what.contains("cannot be trusted")), "{what}: {error}");
        // With no checkpoint at all it opens, and verification says that no signature was checked: the command counts that as bad.
        put_meta(&forged, "checkpoint", None);
        let report = Ledger::open_reader(&forged).unwrap().verify(&VerifyOptions::default()).unwrap();
        assert!(report.checkpoints.is_empty() && report.not_checked.iter().any(|n| n.contains("signatures")), "{what}");
    }
}

#[test]
fn a_tail_cut_off_inside_the_database_is_noticed() {
    let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let honest = told(dirs[0].path(), (0..300).map(|n| (n, n)), true);
    let shorter = told(dirs[1].path(), (0..290).map(|n| (n, n)), false);
    // The shorter history is honest as far as it goes; only what was signed over more of it tells.
    put_meta(&shorter, "checkpoint", meta(&honest, "checkpoint").as_deref());
    let Err(LedgerError::RolledBack { database, signed, .. }) = Ledger::open_reader(&shorter) else { panic!("opened") };
    assert_eq!((database, signed), (291, 301));
    // The last block alone, with the head left as it was: not what the head says.
    let row = block(&honest, 1);
    put_block(&honest, 1, &block(&shorter, 1));
    match Ledger::open_reader(&honest) {
        Ok(ledger) => assert!(ledger.verify(&VerifyOptions::default()).unwrap().failure.is_some()),
        Err(error) => assert!(matches!(error, LedgerError::Damaged(_)), "{error}"),
    }
    put_block(&honest, 1, &row);
    assert!(Ledger::open(&honest).is_ok());
}
