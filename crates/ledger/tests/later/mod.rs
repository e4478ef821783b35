//! A ledger that a later version wrote in: event types and layouts that this one does not know.
//! They verify like all others, are counted and listed as not interpreted, and stop nothing.

use domain::{Event, Seq};

use crate::block::Frame;
use crate::batch::Batch;
use crate::drafts::{at, contact, with_source};
use crate::wire::v1;
use crate::{CreateOptions, Expect, Ledger, NotInterpreted, Reason, State, VerifyOptions};

/// A tag that no event type has.
fn unknown_tag() -> u16 {
    Event::types().map(|schema| schema.tag.0).max().unwrap() + 1_000
}

#[test]
fn unknown_tags_and_layouts_are_verified_and_told_and_stop_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger");
    let options = CreateOptions { origin: "ledger.riverbend.example".into(), simulated: false, now: at(0), entropy: None };
    let mut ledger = Ledger::create(&path, &options).unwrap();
    ledger.append(&[with_source(contact(1), "c:1")], Expect::Any, at(1)).unwrap();
    let known_tag = Event::types().map(|schema| schema.tag.0).min().unwrap();
    let frames = [(unknown_tag(), v1::SCHEMA, &b"a fact of a later kind"[..]), (known_tag, v1::SCHEMA + 1, b"a known kind, laid out anew"), (unknown_tag(), v1::SCHEMA + 7, b"")];
    let core = &ledger.core;
    let writer = ledger.writer.as_mut().unwrap();
    let mut batch = Batch::begin(core, &mut writer.edge, at(2), false).unwrap();
    for (tag, schema, payload) in frames {
        batch.stage(Frame { recorded_at: at(2).micros(), tag, schema, payload }).unwrap();
    }
    batch.commit().unwrap();
    ledger.append(&[with_source(contact(2), "c:2")], Expect::Any, at(3)).unwrap();
    ledger.sign_checkpoint().unwrap();
    drop(ledger);

    let mut ledger = Ledger::open(&path).unwrap();
    let report = ledger.verify(&VerifyOptions::default()).unwrap();
    assert_eq!((report.state(), report.events, report.not_interpreted), (State::Verified, 6, 3), "{:?}", report.failure);
    let mut delivered = Vec::new();
    let replayed = ledger.replay(0..u64::MAX, |recorded| delivered.push(recorded.seq)).unwrap();
    assert_eq!(delivered, [Seq(0), Seq(1), Seq(5)]);
    let told: Vec<NotInterpreted> = (2..).zip(frames).map(|(seq, (tag, schema, _))| NotInterpreted { seq: Seq(seq), tag: domain::event::EventTag(tag), schema, reason: Reason::Unknown }).collect();
    assert_eq!(replayed.not_interpreted, told);
    // Its keys are recognised, it goes on, it is proved and backed up like any other.
    assert_eq!(ledger.append(&[with_source(contact(2), "c:2"), with_source(contact(3), "c:3")], Expect::Any, at(4)).unwrap().appended, 1);
    ledger.sign_checkpoint().unwrap();
    let copy = dir.path().join("backup");
    let backup = ledger.backup(&crate::BackupOptions { to: &copy, keys_to: None, beside: &[], progress: None }).unwrap();
    assert_eq!((backup.report.events, backup.report.not_interpreted), (7, 3));
}
