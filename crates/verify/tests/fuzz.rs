//! Hostile packs: raw bytes, and good packs changed in structure and sealed anew. None may panic, be slow, or be green with other content.
//! What is counted here are inputs, 100,000 of them and more, each checked whole.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use support::Log;
use verify::{Given, check, to_json, to_text};

static LOG: LazyLock<Log> = LazyLock::new(|| Log::of(9));
static PACK: LazyLock<Vec<u8>> = LazyLock::new(|| LOG.pack(LOG.contents(&[0, 1, 2, 3, 5, 8], None, &[5], &[4])));

/// Checks a file in every way and gives whether it was green.
fn green(file: &[u8]) -> bool {
    let report = LOG.check(file);
    // What is printed of a hostile pack must not fail either.
    let _ = (to_text(&report).len(), to_json(&report));
    let without_key = check(file, &Given::default());
    assert!(!without_key.verdict().is_green());
    report.verdict().is_green()
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() })
}

#[test]
fn sixty_thousand_files_of_raw_bytes_are_refused() {
    let local = prop::collection::vec(prop_oneof![Just(b"PK\x03\x04".to_vec()), Just(b"PK\x01\x02".to_vec()), Just(b"PK\x05\x06".to_vec()), prop::collection::vec(any::<u8>(), 0..40)], 0..12);
    runner(60_000)
        .run(&local, |parts| {
            prop_assert!(!green(&parts.concat()));
            Ok(())
        })
        .unwrap();
}

#[test]
fn thirty_thousand_packs_with_bytes_changed_put_in_or_taken_out_are_refused() {
    let change = (any::<prop::sample::Index>(), 0..4u8, prop::collection::vec(any::<u8>(), 1..9));
    runner(30_000)
        .run(&prop::collection::vec(change, 1..4), |changes| {
            let mut file = PACK.clone();
            for (at, how, bytes) in changes {
                // A drained file may be empty; there is always one place to put something.
                let at = at.index(file.len() + 1);
                let end = (at + bytes.len()).min(file.len());
                match how {
                    0 => drop(file.splice(at..end, bytes)),
                    1 => drop(file.splice(at..at, bytes)),
                    2 => drop(file.drain(at..end)),
                    _ => file.truncate(at),
                }
            }
            prop_assert!(file == *PACK || !green(&file));
            Ok(())
        })
        .unwrap();
}

/// Behind the checksums: entries changed, and everything above them (digests, signature, CRC-32) made anew with the log's own key, as a dishonest holder of the key could.
#[test]
fn fifteen_thousand_packs_changed_inside_and_sealed_again_never_panic_and_evidence_stays_what_it_was() {
    let names = ["genesis.bin", "frames.bin", "proof.bin", "checkpoint.txt", "consistency.json", "keys.json", "findings.json", "redactions.json", "trailer.json", "manifest.json"];
    let numbers = prop_oneof![Just(b"18446744073709551615".to_vec()), Just(b"-1".to_vec()), Just(b"1e99".to_vec()), Just(b"[[[[[[[[".to_vec()), Just(b"\"".to_vec()), Just(b"null".to_vec()), prop::collection::vec(any::<u8>(), 1..9)];
    let change = (prop::sample::select(names.to_vec()), any::<prop::sample::Index>(), 0..3u8, numbers);
    let entries = support::take_apart(&PACK);
    let evidence = ["genesis.bin", "frames.bin", "proof.bin"];
    runner(15_000)
        .run(&prop::collection::vec(change, 1..3), |changes| {
            let mut changed = entries.clone();
            for (name, at, how, bytes) in changes {
                if let Some((_, entry)) = changed.iter_mut().find(|(entry, _)| entry == name) {
                    let at = at.index(entry.len().max(1)).min(entry.len());
                    let end = (at + bytes.len()).min(entry.len());
                    match how {
                        0 => drop(entry.splice(at..end, bytes)),
                        1 => drop(entry.splice(at..at, bytes)),
                        _ => drop(entry.drain(at..end)),
                    }
                }
            }
            let touched = evidence.iter().any(|name| changed.iter().find(|(n, _)| n == name) != entries.iter().find(|(n, _)| n == name));
            let file = support::reseal(&LOG, &changed);
            let is_green = green(&file);
            prop_assert!(!(touched && is_green));
            Ok(())
        })
        .unwrap();
}
