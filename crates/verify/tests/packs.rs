//! Good packs and what is said of them; the attacks of the attack table; and every byte of a pack of 200 events changed.
//! A change that is not noticed fails the sweep by its position: no byte of a pack is unused.
#![allow(clippy::unwrap_used)]

mod support;

use pack::{Redaction, What, Why};
use support::{Log, failed_at, take_apart};
use verify::{Given, Verdict, check};

#[test]
fn a_whole_pack_is_green_and_says_that_nothing_was_left_out() {
    let log = Log::of(300);
    let report = log.check(&log.whole());
    assert_eq!(failed_at(&report), None, "{}", report.sentence());
    assert_eq!(report.verdict(), Verdict::Verified);
    assert!(report.sentence().contains("these 300 records are the ones in ledger.riverbend.example at 300 events"), "{}", report.sentence());
    assert!(report.sentence().contains("nothing between seq 0 and seq 299 was left out"));
    assert!(report.sentence().contains("said 1 violation, 0 documentation gaps and 0 advisories"));
    assert_eq!(report.restated[0].evidence[0], (1, "credential_revoked: person P-001, credential NYCPS, effective on 2025-03-01".into()));
}

#[test]
fn the_same_contents_give_the_same_bytes_and_any_zip_reader_opens_them() {
    let log = Log::of(20);
    let file = log.whole();
    assert_eq!(file, log.whole());
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&file)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert!(names.contains(&"history/supervision.json".to_owned()));
    let mut manifest = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("manifest.json").unwrap(), &mut manifest).unwrap();
    assert!(manifest.starts_with("{\"schema\":\"countersign.pack.v1\""));
}

#[test]
fn packs_of_every_size_and_selection_verify() {
    for size in [1, 2, 3, 7, 8, 9, 255, 256, 257, 600] {
        let log = Log::of(size);
        for step in [1, 2, 3, 50, 255] {
            let seqs: Vec<u64> = (0..size).filter(|seq| *seq == 0 || seq % step == step - 1).collect();
            let report = log.check(&log.pack(log.contents(&seqs, None, &[], &[])));
            assert_eq!(report.verdict(), Verdict::Verified, "{size} {step}: {}", report.sentence());
            assert!(report.sentence().contains("cannot prove that nothing belonging to it was left out"));
        }
    }
}

#[test]
fn without_a_key_from_outside_it_is_never_green() {
    let log = Log::of(10);
    let report = check(&log.whole(), &Given::default());
    assert_eq!(report.verdict(), Verdict::SelfConsistentOnly);
    assert!(report.sentence().starts_with("Self-consistent only"));
    let other = transparency::Signer::from_seed(support::ORIGIN, &[9; 32]).unwrap().verifier().clone();
    let report = check(&log.whole(), &Given { key: Some(other), ..Given::default() });
    assert_eq!(failed_at(&report), Some("log_key"));
}

#[test]
fn nothing_is_never_green() {
    let log = Log::of(10);
    for file in [b"".as_slice(), b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", b"not a pack"] {
        assert_eq!(log.check(file).verdict(), Verdict::Failed);
    }
    let entries = take_apart(&log.whole());
    let emptied = reseal(&log, &entries, |name, bytes| if name == "frames.bin" { bytes.clear() });
    let report = log.check(&emptied);
    assert_eq!(report.verdict(), Verdict::Failed);
    assert_eq!(failed_at(&report), Some("frames"));
}

#[test]
fn erased_parts_are_a_third_state() {
    let log = Log::of(10);
    let mut contents = log.contents(&(0..10).collect::<Vec<_>>(), Some((0, 9)), &[], &[]);
    contents.keys.retain(|key| key.seq != 3);
    contents.redactions = [0, 1].map(|field| Redaction { seq: 3, what: What::Sealed(field), why: Why::Erased }).to_vec();
    let report = log.check(&log.pack(contents));
    assert_eq!(report.verdict(), Verdict::VerifiedWithErasedParts);
    assert!(report.sentence().starts_with("Verified, with erased parts"), "{}", report.sentence());
}

#[test]
fn a_sealed_value_that_is_neither_disclosed_nor_listed_is_noticed() {
    let log = Log::of(10);
    let mut contents = log.contents(&(0..10).collect::<Vec<_>>(), Some((0, 9)), &[], &[]);
    contents.keys.retain(|key| key.seq != 3);
    assert_eq!(failed_at(&log.check(&log.pack(contents))), Some("redactions"));
    let mut contents = log.contents(&(0..10).collect::<Vec<_>>(), Some((0, 9)), &[], &[]);
    contents.keys[0].key[0] ^= 1;
    assert_eq!(failed_at(&log.check(&log.pack(contents))), Some("sealed_values"));
}

#[test]
fn a_range_that_leaves_an_event_out_is_noticed_and_a_selection_says_that_it_cannot() {
    let log = Log::of(60);
    let all: Vec<u64> = (0..60).collect();
    for gone in [0, 1, 30, 59] {
        let seqs: Vec<u64> = all.iter().copied().filter(|seq| *seq != gone).collect();
        let report = log.check(&log.pack(log.contents(&seqs, Some((0, 59)), &[], &[])));
        assert_eq!(failed_at(&report), Some(if gone == 0 { "frames" } else { "completeness" }), "{gone}: {}", report.sentence());
    }
    let report = log.check(&log.pack(log.contents(&[0, 5, 6, 7, 9, 10], Some((5, 10)), &[], &[])));
    assert!(report.sentence().contains("seq 8 was left out of the range from 5 to 10"), "{}", report.sentence());
    let report = log.check(&log.pack(log.contents(&[0, 5, 6, 7, 8, 9, 10], Some((5, 10)), &[7], &[])));
    assert!(report.sentence().contains("nothing between seq 5 and seq 10 was left out (the contents of 1 are withheld and listed)"));
}

#[test]
fn a_changed_deleted_inserted_or_moved_event_is_noticed_even_when_the_insider_signs_again() {
    let log = Log::of(40);
    let entries = take_apart(&log.whole());
    let frames = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        reseal(&log, &entries, |name, bytes| {
            if name == "frames.bin" {
                let mut parts = split_frames(bytes);
                change(&mut parts);
                *bytes = parts.concat();
            }
        })
    };
    type Attack<'a> = (&'a str, &'a dyn Fn(&mut Vec<Vec<u8>>));
    let attacks: [Attack<'_>; 6] = [
        ("a body changed", &|f| *f[20].last_mut().unwrap() ^= 1),
        ("a header changed", &|f| f[20][30] ^= 1),
        ("deleted", &|f| drop(f.remove(20))),
        ("moved", &|f| f.swap(20, 21)),
        ("inserted twice", &|f| f.insert(21, f[20].clone())),
        ("cut off", &|f| f.truncate(30)),
    ];
    for (what, change) in attacks {
        let report = log.check(&frames(change));
        assert!(matches!(failed_at(&report), Some("frames" | "tree")), "{what}: {}", report.sentence());
    }
}

#[test]
fn everything_rewritten_without_the_key_fails_on_the_signature() {
    let (truth, mut lie) = (Log::of(30), Log::told(30, Some(12)));
    assert_eq!(truth.check(&lie.whole()).verdict(), Verdict::Verified, "the insider with the key is caught only from outside, below");
    lie.signer = transparency::Signer::from_seed(support::ORIGIN, &[2; 32]).unwrap();
    assert_eq!(failed_at(&truth.check(&lie.whole())), Some("signature"));
}

#[test]
fn everything_rewritten_with_the_key_fails_against_any_checkpoint_kept_outside() {
    let (truth, lie) = (Log::of(30), Log::told(40, Some(12)));
    let kept = |size: u64| Given { checkpoints: vec![("kept.txt".into(), truth.checkpoint(size).into_bytes())], ..truth.given() };
    // Before the lie nothing differs; after it every checkpoint tells.
    for (size, caught) in [(12, false), (13, true), (29, true), (30, true)] {
        let report = check(&lie.whole(), &kept(size));
        assert_eq!(failed_at(&report) == Some("outside"), caught, "{size}: {}", report.sentence());
    }
    // The same with a selection: the proof from the checkpoint is there and right, or the pack fails.
    let seqs = [0, 5, 35];
    let honest = Log::of(40);
    let report = check(&honest.pack(honest.contents(&seqs, None, &[], &[30])), &kept(30));
    assert_eq!(report.verdict(), Verdict::Verified, "{}", report.sentence());
    assert!(report.sentence().contains("unchanged since your checkpoint kept.txt over 30 events"));
    for contents in [lie.contents(&seqs, None, &[], &[30]), lie.contents(&seqs, None, &[], &[])] {
        assert_eq!(failed_at(&check(&lie.pack(contents), &kept(30))), Some("outside"));
    }
}

#[test]
fn a_tail_cut_off_fails_against_a_larger_checkpoint() {
    let (short, long) = (Log::of(20), Log::of(30));
    let given = Given { checkpoints: vec![("kept.txt".into(), long.checkpoint(30).into_bytes())], ..short.given() };
    let report = check(&short.whole(), &given);
    assert_eq!(failed_at(&report), Some("outside"));
    assert!(report.sentence().contains("events were removed"), "{}", report.sentence());
}

#[test]
fn a_finding_must_rest_on_events_that_are_there_and_are_what_it_says() {
    let log = Log::of(20);
    for (from, to) in [("\"seq\":1,", "\"seq\":900,"), ("credential_revoked", "credential_granted"), ("\"class\":\"violation\"", "\"class\":\"crime\"")] {
        let mut contents = log.contents(&(0..20).collect::<Vec<_>>(), Some((0, 19)), &[], &[]);
        contents.findings = contents.findings.replacen(from, to, 1);
        assert_eq!(failed_at(&log.check(&log.pack(contents))), Some("findings"), "{to}");
    }
}

#[test]
fn no_changed_byte_of_a_pack_of_200_events_goes_unnoticed() {
    let log = Log::of(200);
    let mut file = log.whole();
    let given = Given { first_failure: true, ..log.given() };
    assert!(check(&file, &given).verdict().is_green());
    for at in 0..file.len() {
        for change in [0x01, 0x80] {
            file[at] ^= change;
            assert_eq!(check(&file, &given).verdict(), Verdict::Failed, "byte {at} ^ {change:#x}");
            file[at] ^= change;
        }
    }
    for cut in [1, 22, 100, file.len() - 1] {
        assert_eq!(check(&file[..file.len() - cut], &given).verdict(), Verdict::Failed);
    }
    file.push(0);
    assert_eq!(check(&file, &given).verdict(), Verdict::Failed);
}

/// The same behind the checksums: whoever has the key writes digests, CRC-32 and signature anew, and still cannot change a byte of what is evidence.
#[test]
fn no_changed_byte_of_the_evidence_goes_unnoticed_when_the_pack_is_sealed_again() {
    let log = Log::of(12);
    let file = log.pack(log.contents(&[0, 1, 2, 3, 4, 7, 8, 11], None, &[4], &[5]));
    assert!(log.check(&file).verdict().is_green());
    let entries = take_apart(&file);
    for sealed in ["genesis.bin", "frames.bin", "proof.bin", "checkpoint.txt", "keys.json"] {
        let len = entries.iter().find(|(name, _)| name == sealed).unwrap().1.len();
        for at in 0..len {
            let changed = reseal(&log, &entries, |name, bytes| if name == sealed { bytes[at] ^= 1 });
            // In JSON a digit or letter of a name that no reader asks for may change; there is none of these in keys.json.
            assert_eq!(log.check(&changed).verdict(), Verdict::Failed, "byte {at} of {sealed}");
        }
    }
}

/// Changes entries and seals the pack again.
fn reseal(log: &Log, entries: &[(String, Vec<u8>)], change: impl Fn(&str, &mut Vec<u8>)) -> Vec<u8> {
    let mut entries = entries.to_vec();
    entries.iter_mut().for_each(|(name, bytes)| change(name, bytes));
    support::reseal(log, &entries)
}

fn split_frames(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let body = if rest[106] == 1 { u32::from_le_bytes(rest[38..42].try_into().unwrap()) as usize } else { 0 };
        let (frame, tail) = rest.split_at(107 + body);
        frames.push(frame.to_vec());
        rest = tail;
    }
    frames
}
