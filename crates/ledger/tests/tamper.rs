//! What somebody does to the files is noticed: the end cut off, an old copy put back, a newer format, lost keys.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;


use domain::*;
use ledger::*;
use redb::ReadableTable as _;
use support::*;

#[test]
fn a_database_cut_off_or_put_back_is_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let path = sample(dir.path());
    let old = dir.path().join("old.redb");
    std::fs::copy(path.join("ledger.redb"), &old).unwrap();
    let mut ledger = Ledger::open(&path).unwrap();
    ledger.append(&[with_source(contact(900), "c:900")], Expect::Any, at(10)).unwrap();
    ledger.sign_checkpoint().unwrap();
    let size = ledger.head().unwrap().size;
    drop(ledger);
    let new = std::fs::read(path.join("ledger.redb")).unwrap();

    std::fs::copy(&old, path.join("ledger.redb")).unwrap();
    for opened in [Ledger::open(&path), Ledger::open_reader(&path)] {
        let error = opened.err().unwrap();
        let LedgerError::RolledBack { database, signed, .. } = &error else { panic!("{error}") };
        assert_eq!((*database, *signed), (size - 1, size));
        assert!(error.to_string().contains("old copy was restored"));
    }
    std::fs::write(path.join("ledger.redb"), &new[..new.len() / 2]).unwrap();
    assert!(Ledger::open(&path).is_err());
    std::fs::write(path.join("ledger.redb"), b"").unwrap();
    assert!(Ledger::open(&path).is_err());
    std::fs::write(path.join("ledger.redb"), &new).unwrap();
    assert!(Ledger::open(&path).is_ok());

    // A high-water file signed by nobody is no reason to believe anything.
    let high_water = std::fs::read_to_string(path.join("high-water")).unwrap();
    std::fs::write(path.join("high-water"), high_water.replacen(&size.to_string(), "2", 1)).unwrap();
    assert!(matches!(Ledger::open(&path), Err(LedgerError::Damaged(_))));
    std::fs::remove_file(path.join("high-water")).unwrap();
    assert_eq!(Ledger::open(&path).unwrap().incidents(), [Incident::HighWaterMissing]);
}

#[test]
fn a_rewritten_history_is_refused_by_its_checkpoint() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let timed = |n: u64, m: u64| Draft { recorded_at: Some(at(n as i64)), ..with_source(contact(m), &format!("c:{n}")) };
    let (mut honest, mut forged) = (simulated(one.path()), simulated(two.path()));
    honest.append(&(0..300).map(|n| timed(n, n)).collect::<Vec<_>>(), Expect::Any, at(0)).unwrap();
    honest.sign_checkpoint().unwrap();
    forged.append(&(0..400).map(|n| timed(n, if n == 7 { 70_000 } else { n })).collect::<Vec<_>>(), Expect::Any, at(0)).unwrap();
    drop((honest, forged));
    // Everything recomputed with the same keys, only the checkpoint outside is from before.
    let (one, two) = (one.path().join("ledger"), two.path().join("ledger"));
    std::fs::copy(one.join("high-water"), two.join("high-water")).unwrap();
    let error = Ledger::open(&two).err().unwrap();
    assert!(matches!(error, LedgerError::Rewritten { size: 301, .. }), "{error}");
}

#[test]
fn a_changed_event_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let timed = |n: u64, m: u64| Draft { recorded_at: Some(at(n as i64)), ..with_source(contact(m), &format!("c:{n}")) };
    let mut ledger = simulated(dir.path());
    ledger.append(&(0..600).map(|n| timed(n, n)).collect::<Vec<_>>(), Expect::Any, at(0)).unwrap();
    drop(ledger);
    // The same ledger but for one event; its block is put into the first one's database, tree left as it was.
    let other = tempfile::tempdir().unwrap();
    let mut changed = simulated(other.path());
    changed.append(&(0..600).map(|n| timed(n, if n == 299 { 70_000 } else { n })).collect::<Vec<_>>(), Expect::Any, at(0)).unwrap();
    drop(changed);
    let table: redb::TableDefinition<'_, (u64, u32), &[u8]> = redb::TableDefinition::new("blocks");
    let open = |dir: &tempfile::TempDir| redb::Database::open(dir.path().join("ledger/ledger.redb")).unwrap();
    let row = |dir: &tempfile::TempDir| {
        let txn = open(dir).begin_write().unwrap();
        let table = txn.open_table(table).unwrap();
        let pieces = table.range((1, 0)..(2, 0)).unwrap();
        pieces.flat_map(|piece| piece.unwrap().1.value().to_vec()).collect::<Vec<u8>>()
    };
    // A row is its head of 55 bytes, 256 leaf hashes, and the compressed frames.
    let (honest, forged) = (row(&dir), row(&other));
    let row = [&forged[..55], &honest[55..55 + 256 * 32], &forged[55 + 256 * 32..]].concat();
    let path = dir.path().join("ledger");
    {
        let database = open(&dir);
        let txn = database.begin_write().unwrap();
        {
            let mut table = txn.open_table(table).unwrap();
            table.retain_in((1, 0)..(2, 0), |_, _| false).unwrap();
            for (at, piece) in (0..).zip(row.chunks(4_072)) {
                table.insert((1, at), piece).unwrap();
            }
        }
        txn.commit().unwrap();
    }
    let report = Ledger::open_reader(&path).unwrap().verify(&VerifyOptions::default()).unwrap();
    assert_eq!(report.failure.unwrap().seq, Some(Seq(300)));
}

#[test]
fn a_newer_format_foreign_keys_and_no_ledger_are_said_by_name() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(Ledger::open(dir.path()), Err(LedgerError::NotALedger(_))));
    let path = sample(dir.path());
    assert!(matches!(
        Ledger::create(&path, &CreateOptions { origin: "x.example".into(), simulated: false, now: at(0), entropy: None }),
        Err(LedgerError::Exists(_))
    ));
    let copy = dir.path().join("copy");
    copy_dir(&path, &copy);
    {
        let meta: redb::TableDefinition<'_, &str, &[u8]> = redb::TableDefinition::new("meta");
        let database = redb::Database::open(copy.join("ledger.redb")).unwrap();
        let txn = database.begin_write().unwrap();
        txn.open_table(meta).unwrap().insert("format", 2u32.to_le_bytes().as_slice()).unwrap();
        txn.commit().unwrap();
    }
    assert!(matches!(Ledger::open(&copy), Err(LedgerError::NewerFormat { found: 2, supported: 1 })));

    let other = tempfile::tempdir().unwrap();
    drop(real(other.path()));
    std::fs::copy(other.path().join("ledger/keys/log-key"), path.join("keys/log-key")).unwrap();
    assert!(matches!(Ledger::open(&path), Err(LedgerError::LogKey { .. })));
    assert!(Ledger::open_reader(&path).is_ok(), "reading needs no log key");
    let text = format!("{}", LedgerError::NotALedger(path));
    assert!(text.contains("countersign init"));
}
