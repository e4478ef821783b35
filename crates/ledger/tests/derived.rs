//! Derived state beside a ledger: read again as written, or not at all.
//! Excerpts give the events as a replay gives them.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use domain::{IndividualId, Seq};
use ledger::{Grounds, Ledger, Origin, Subject};
use support::*;

fn origin(ledger: &Ledger, version: &str) -> Origin {
    let head = ledger.head().unwrap();
    Origin { size: head.size, root: head.root.0, version: version.to_owned() }
}

fn keep(ledger: &mut Ledger) {
    let origin = origin(ledger, "1");
    ledger.keep_derived("history", origin, vec![("one", b"what was worked out".to_vec()), ("two", vec![7; 300])]).unwrap();
}

/// What an open of the file gives, in full.
fn read(ledger: &Ledger) -> Option<(Vec<u8>, Vec<u8>)> {
    let kept = ledger.derived("history", "1")?;
    let bytes = |name| kept.section(name).map(|section| section.as_ref().to_vec());
    Some((bytes("one")?, bytes("two")?))
}

#[test]
fn what_is_kept_is_read_again_by_readers_and_later_writers() {
    let dir = tempfile::tempdir().unwrap();
    let path = sample(dir.path());
    let mut ledger = Ledger::open(&path).unwrap();
    assert!(read(&ledger).is_none());
    keep(&mut ledger);
    ledger.append(&[with_source(contact(900), "late")], ledger::Expect::Any, at(9)).unwrap();
    drop(ledger);
    let reader = Ledger::open_reader(&path).unwrap();
    let kept = Some((b"what was worked out".to_vec(), vec![7; 300]));
    assert_eq!(read(&reader), kept);
    assert_eq!(reader.derived("history", "1").unwrap().origin().size + 1, reader.head().unwrap().size);
    assert!(reader.derived("history", "2").is_none(), "another version derived it");
    assert!(reader.derived("findings", "1").is_none());
    assert_eq!(read(&Ledger::open(&path).unwrap()), kept);
}

#[test]
fn a_file_with_any_byte_changed_or_cut_off_is_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = sample(dir.path());
    keep(&mut Ledger::open(&path).unwrap());
    let reader = Ledger::open_reader(&path).unwrap();
    let file = path.join("derived/history");
    let good = std::fs::read(&file).unwrap();
    for place in 0..good.len() {
        let mut bad = good.clone();
        bad[place] ^= 1;
        std::fs::write(&file, &bad).unwrap();
        assert!(read(&reader).is_none(), "byte {place}");
        if place % 8 == 0 {
            std::fs::write(&file, &good[..place]).unwrap();
            assert!(read(&reader).is_none(), "cut at {place}");
        }
    }
    std::fs::write(&file, &good).unwrap();
    assert!(read(&reader).is_some());
}

#[test]
fn state_of_another_ledger_or_of_events_that_are_not_there_is_not_opened() {
    let dir = tempfile::tempdir().unwrap();
    let path = sample(dir.path());
    let mut ledger = Ledger::open(&path).unwrap();
    let real = origin(&ledger, "1");
    ledger.keep_derived("history", Origin { size: real.size + 1, ..real.clone() }, Vec::new()).unwrap();
    assert!(ledger.derived("history", "1").is_none());
    ledger.keep_derived("history", Origin { root: [0; 32], ..real.clone() }, Vec::new()).unwrap();
    assert!(ledger.derived("history", "1").is_none());
    ledger.keep_derived("history", real, Vec::new()).unwrap();
    assert!(ledger.derived("history", "1").is_some());
    let other = dir.path().join("other");
    std::fs::create_dir(&other).unwrap();
    let other = sample(&other);
    std::fs::create_dir(other.join("derived")).unwrap();
    std::fs::copy(path.join("derived/history"), other.join("derived/history")).unwrap();
    assert!(Ledger::open_reader(&other).unwrap().derived("history", "1").is_none());
}

#[test]
fn an_erasure_makes_what_was_derived_unreadable() {
    let dir = tempfile::tempdir().unwrap();
    let path = sample(dir.path());
    let mut ledger = Ledger::open(&path).unwrap();
    keep(&mut ledger);
    let old = std::fs::read(path.join("derived/history")).unwrap();
    let grounds = Grounds { reason: text("asked for it"), approved_by: text("Ben Cole"), on: day("2025-03-01") };
    ledger.erase(&Subject::Individual(IndividualId::parse("I-00007").unwrap()), grounds, at(20)).unwrap();
    assert!(read(&ledger).is_none());
    let erasures = ledger.erasures().unwrap();
    assert!(erasures.unrecorded.is_empty() && erasures.undone.is_empty(), "{erasures:?}");
    keep(&mut ledger);
    assert!(read(&ledger).is_some(), "what is derived from now on is sealed anew");
    std::fs::write(path.join("derived/history"), old).unwrap();
    assert!(read(&ledger).is_none(), "the old file stays closed for good");
}

#[test]
fn an_excerpt_gives_the_events_of_a_replay() {
    let dir = tempfile::tempdir().unwrap();
    let path = sample(dir.path());
    let ledger = Ledger::open_reader(&path).unwrap();
    let some: Vec<_> = all(&ledger).into_iter().filter(|r| r.seq.0 % 7 == 3).collect();
    let seqs: Vec<Seq> = some.iter().map(|r| r.seq).collect();
    let bytes = ledger.excerpt(&seqs).unwrap();
    let mut read = Vec::new();
    assert!(ledger.read_excerpt(&bytes, |recorded| read.push(recorded)).unwrap());
    assert_eq!(read, some);
    assert!(!ledger.read_excerpt(&bytes[..bytes.len() - 1], |_| {}).unwrap());
    assert!(ledger.excerpt(&[Seq(1_000_000)]).is_err());
}
