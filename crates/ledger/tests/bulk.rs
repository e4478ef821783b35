//! Imports and shared commits: what is there after a commit, what is not after a refusal or a drop, and who waits for whom.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use domain::field::Raw;
use domain::*;
use ledger::*;
use support::*;

fn draft(n: u64) -> Draft {
    let mut draft = with_source(contact(n), &format!("ehr:contact:{n}"));
    draft.envelope.provenance = Some(Provenance { file: [3; 32], line: n + 1 });
    draft
}

fn import(ledger: &mut Ledger, drafts: impl Iterator<Item = Draft>, now: KnownAt) -> (Vec<Outcome>, Receipt) {
    let mut import = ledger.begin_import(now).unwrap();
    let outcomes = drafts.map(|draft| import.push(&draft).unwrap()).collect();
    (outcomes, import.commit().unwrap())
}

#[test]
fn an_import_is_one_commit_and_comes_again_without_adding() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = real(dir.path());
    let (_, receipt) = import(&mut ledger, (0..5_000).map(draft), at(1));
    assert_eq!((receipt.appended, receipt.already_there, receipt.head.size), (5_000, 0, 5_001));
    assert_eq!(ledger.verify(&VerifyOptions::default()).unwrap().state(), State::Verified);

    // Again, with a thousand new ones between the old: enough lookups for the filter to be built.
    let (outcomes, receipt) = import(&mut ledger, (4_000..9_000).chain(0..4_000).map(draft), at(2));
    assert_eq!((receipt.appended, receipt.already_there), (4_000, 5_000));
    assert_eq!(outcomes[0], Outcome::AlreadyThere(Seq(4_001)));
    assert_eq!(outcomes[1_000], Outcome::Appended(Seq(5_001)));
    assert_eq!(ledger.verify(&VerifyOptions::default()).unwrap().events, 9_001);
    let read = all(&ledger);
    assert!(read[1..].iter().zip((0..9_000).map(draft)).all(|(recorded, draft)| recorded.event == draft.event && recorded.envelope == draft.envelope));

    // The same events one by one make the same tree only if time agrees; the head must at least survive reopening.
    let head = ledger.head().unwrap();
    drop(ledger);
    assert_eq!(Ledger::open(&dir.path().join("ledger")).unwrap().head().unwrap(), head);
}

#[test]
fn small_appends_and_imports_make_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mut small, mut bulk) = (simulated(one.path()), simulated(two.path()));
    let timed = |n| Draft { recorded_at: Some(at(n as i64)), ..draft(n) };
    for chunk in (0..600).map(timed).collect::<Vec<_>>().chunks(70) {
        small.append(chunk, Expect::Any, at(0)).unwrap();
    }
    import(&mut bulk, (0..600).map(timed), at(0));
    assert_eq!(small.head().unwrap(), bulk.head().unwrap());
    let export = |ledger: &Ledger| {
        let mut bytes = Vec::new();
        ledger.export_frames(&mut bytes).unwrap();
        bytes
    };
    assert_eq!(export(&small), export(&bulk));
}

#[test]
fn a_dropped_import_leaves_nothing_and_a_refused_line_can_be_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = real(dir.path());
    let before = ledger.head().unwrap();
    let mut dropped = ledger.begin_import(at(1)).unwrap();
    (0..2_000).for_each(|n| assert!(matches!(dropped.push(&draft(n)).unwrap(), Outcome::Appended(_))));
    // A correction of an event that lies in a block already handed on, within the same import.
    let corrects = Draft::bare(correction("ehr:contact:3", vec![("site", domain::field::Raw::text("offsite"))]));
    assert_eq!(dropped.push(&corrects).unwrap(), Outcome::Appended(Seq(2_001)));
    drop(dropped);
    assert_eq!(ledger.head().unwrap(), before);

    let mut partial = ledger.begin_import(at(2)).unwrap();
    assert_eq!(partial.push(&draft(0)).unwrap(), Outcome::Appended(Seq(1)));
    let mut conflicting = draft(0);
    conflicting.event = contact(1).into();
    assert!(matches!(partial.push(&conflicting).unwrap(), Outcome::Refused(Refusal::Conflict { seq: Seq(1), .. })));
    assert_eq!(partial.push(&draft(0)).unwrap(), Outcome::AlreadyThere(Seq(1)));
    assert_eq!(partial.push(&draft(1)).unwrap(), Outcome::Appended(Seq(2)));
    assert_eq!(partial.commit().unwrap().head.size, 3);
    assert_eq!(ledger.verify(&VerifyOptions::default()).unwrap().state(), State::Verified);
}

#[test]
fn a_rehearsal_says_what_an_import_would_beside_a_writer_and_never_becomes_one() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = real(dir.path());
    import(&mut ledger, (0..700).map(draft), at(1));
    let before = ledger.head().unwrap();
    let mut conflicting = draft(650);
    conflicting.event = contact(1).into();
    // Some there already, more than a block of new ones, twice the same, a correction of one handed on, and a conflict with one there.
    let corrects = Draft::bare(correction("ehr:contact:900", vec![("site", domain::field::Raw::text("offsite"))]));
    let drafts: Vec<Draft> = (600..2_000).map(draft).chain([draft(900), corrects, conflicting]).collect();
    let mut rehearsal = Ledger::open_to_rehearse(&dir.path().join("ledger")).unwrap();
    let mut tried = rehearsal.begin_import(at(2)).unwrap();
    let said: Vec<Outcome> = drafts.iter().map(|draft| tried.push(draft).unwrap()).collect();
    assert_eq!((tried.staged(), tried.already_there()), (1_301, 101));
    // Who writes meanwhile writes, and the rehearsal does not see it.
    ledger.append(&[draft(5_000)], Expect::Any, at(3)).unwrap();
    assert_eq!(tried.push(&draft(5_000)).unwrap(), Outcome::Appended(Seq(before.size + 1_301)));
    assert!(matches!(tried.commit(), Err(LedgerError::ReadOnly)));
    assert_eq!(rehearsal.head().unwrap().size, before.size + 1, "as a reader it sees what is there");
    // Begun anew it sees it, and names keys of its own: those of the last one are gone.
    assert_eq!(rehearsal.begin_import(at(4)).unwrap().push(&draft(5_000)).unwrap(), Outcome::AlreadyThere(Seq(before.size)));
    drop(rehearsal);

    let other = tempfile::tempdir().unwrap();
    let mut same = real(other.path());
    import(&mut same, (0..700).map(draft), at(1));
    assert_eq!(import(&mut same, drafts.into_iter(), at(2)).0, said);
    assert_eq!(ledger.verify(&VerifyOptions::default()).unwrap().state(), State::Verified);
}

#[test]
fn a_large_append_is_all_or_nothing_and_makes_the_bytes_of_small_ones() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mut small, mut large) = (simulated(one.path()), simulated(two.path()));
    let drafts: Vec<Draft> = (0..1_400).map(|n| Draft { recorded_at: Some(at(n as i64)), ..draft(n) }).collect();
    drafts.chunks(100).for_each(|chunk| drop(small.append(chunk, Expect::Any, at(0)).unwrap()));

    let (first, rest) = drafts.split_at(700);
    large.append(first, Expect::Any, at(0)).unwrap();
    let before = large.head().unwrap();
    // Whole blocks of the rest are written before the last one is refused.
    let mut bad = rest.to_vec();
    bad.push(Draft { event: contact(9_999).into(), ..drafts[650].clone() });
    assert!(matches!(large.append(&bad, Expect::Any, at(0)), Err(LedgerError::Refused(refused)) if refused[0].index == 700));
    assert!(matches!(large.append(rest, Expect::Head(Seq(7)), at(0)), Err(LedgerError::HeadMoved { .. })));
    assert_eq!(large.head().unwrap(), before);
    assert_eq!(large.verify(&VerifyOptions::default()).unwrap().state(), State::Verified);

    let receipt = large.append(rest, Expect::Head(Seq(before.size - 1)), at(0)).unwrap();
    assert_eq!((receipt.appended, receipt.head), (700, small.head().unwrap()));
    assert_eq!(large.append(rest, Expect::Any, at(0)).unwrap().already_there, 700);
    assert_eq!(large.verify(&VerifyOptions::default()).unwrap().state(), State::Verified);
}

#[test]
fn threads_share_commits_and_keep_their_own_refusals() {
    let dir = tempfile::tempdir().unwrap();
    let appender = Appender::new(real(dir.path()));
    let seqs: Vec<Seq> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16u64)
            .map(|thread| {
                let appender = appender.clone();
                scope.spawn(move || {
                    (0..10)
                        .map(|n| {
                            let receipt = appender.append(vec![draft(thread * 100 + n)], Expect::Any, at(1)).unwrap();
                            // A draft that conflicts with this thread's own does not disturb the others.
                            let mut bad = draft(thread * 100 + n);
                            bad.event = contact(9_999).into();
                            let refused = appender.append(vec![draft(50_000 + thread * 100 + n), bad], Expect::Any, at(1));
                            assert!(matches!(refused, Err(LedgerError::Refused(_))));
                            let Outcome::Appended(seq) = receipt.outcomes[0] else { panic!("{receipt:?}") };
                            seq
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let mut sorted: Vec<u64> = seqs.iter().map(|seq| seq.0).collect();
    sorted.sort_unstable();
    assert!(sorted.into_iter().eq(1..=160), "every event has a seq of its own, and nothing refused left a gap");
    appender.with(|ledger| {
        assert_eq!(ledger.verify(&VerifyOptions::default()).unwrap().state(), State::Verified);
        assert_eq!(ledger.head().unwrap().size, 161);
    });
}

#[test]
fn a_reader_is_not_blocked_by_a_writer_and_follows_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = real(dir.path());
    let path = dir.path().join("ledger");
    assert!(matches!(Ledger::open(&path), Err(LedgerError::Locked { by }) if by.contains("process")));
    let mut reader = Ledger::open_reader(&path).unwrap();
    assert_eq!(reader.head().unwrap().size, 1);
    let mut import = writer.begin_import(at(1)).unwrap();
    (0..300).for_each(|n| drop(import.push(&draft(n)).unwrap()));
    assert_eq!(reader.head().unwrap().size, 1, "an import under way is not seen");
    import.commit().unwrap();
    assert_eq!(reader.head().unwrap().size, 301);
    // Individuals introduced after the reader was opened are named: it reads their keys anew.
    let read = all(&reader);
    assert_eq!(read[1].event, contact(0).into());
    assert_eq!(reader.verify(&VerifyOptions::default()).unwrap().state(), State::Verified);
    assert!(matches!(reader.append(&[draft(1)], Expect::Any, at(2)), Err(LedgerError::ReadOnly)));
}

#[test]
fn a_crash_at_any_point_of_an_import_leaves_all_or_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger");
    let mut ledger = real(dir.path());
    import(&mut ledger, (0..300).map(draft), at(1));
    // What a crashed process leaves behind is what lies on the disk at that moment.
    let crashed = |name: &str| {
        let copy = dir.path().join(name);
        copy_dir(&path, &copy);
        copy
    };
    let mut under_way = ledger.begin_import(at(2)).unwrap();
    (300..3_000).for_each(|n| drop(under_way.push(&draft(n)).unwrap()));
    let before = crashed("before");
    under_way.commit().unwrap();
    let after = crashed("after");

    for (copy, size) in [(before, 301), (after, 3_001)] {
        let reader = Ledger::open_reader(&copy).unwrap();
        assert_eq!(reader.head().unwrap().size, size);
        drop(reader);
        let mut again = Ledger::open(&copy).unwrap();
        let (_, receipt) = import(&mut again, (0..3_000).map(draft), at(3));
        assert_eq!((receipt.already_there, receipt.head.size), (size - 1, 3_001));
        assert_eq!(again.verify(&VerifyOptions::default()).unwrap().state(), State::Verified);
    }
    // The first to open it after the crash is told.
    let mut torn = ledger.begin_import(at(4)).unwrap();
    (5_000..6_000).for_each(|n| drop(torn.push(&draft(n)).unwrap()));
    let copy = crashed("told");
    assert_eq!(Ledger::open(&copy).unwrap().incidents(), [Incident::Repaired]);
    assert_eq!(Ledger::open(&copy).unwrap().incidents(), []);
}

/// The block that was last before an import is written anew by it. What lies in its new part can be amended while that is still under way.
#[test]
fn an_import_amends_what_it_added_to_the_last_block_itself() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = real(dir.path());
    import(&mut ledger, (0..200).map(draft), at(1));
    let amendments = (201..256).map(|n| with_source(correction(&format!("ehr:contact:{n}"), vec![("mode", Raw::text("video"))]), &format!("fix:{n}")));
    let (outcomes, receipt) = import(&mut ledger, (200..258).map(draft).chain(amendments).chain((258..1_300).map(draft)).chain((190..260).map(draft)), at(2));
    assert_eq!((receipt.appended, receipt.already_there), (1_100 + 55, 70), "{:?}", outcomes.iter().find(|o| matches!(o, Outcome::Refused(_))));
    assert_eq!(ledger.verify(&VerifyOptions::default()).unwrap().state(), State::Verified);
}
