//! How long proofs from a ledger of 1,000,000 events take, the way `prove` makes them: `cargo bench -p ledger`.
//! Times the machine it runs on and judges nothing but that every proof verifies.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "a benchmark measures time")]

use std::time::Instant;

use domain::event::ContractEnded;
use domain::{ContractId, Draft, KnownAt, ValidDay};
use ledger::{CreateOptions, Expect, Ledger};
use transparency::{consistency_proof, inclusion_proof, leaf_hash, verify_consistency, verify_inclusion};

const EVENTS: u64 = 1_000_000;
const BATCH: u64 = 50_000;
const PROOFS: u64 = 500;

fn ledger(dir: &std::path::Path) -> Ledger {
    let now = KnownAt::from_micros(1_740_830_400_000_000);
    let mut ledger = Ledger::create(dir, &CreateOptions { origin: "l.example".into(), simulated: true, now, entropy: None }).unwrap();
    let ended_on = ValidDay::parse("2025-01-31").unwrap();
    for from in (0..EVENTS).step_by(BATCH as usize) {
        let ended = |n| Draft { recorded_at: Some(now), ..Draft::bare(ContractEnded { contract: ContractId::parse(&format!("K-{n}")).unwrap(), ended_on }) };
        let drafts: Vec<Draft> = (from..from + BATCH).map(ended).collect();
        ledger.append(&drafts, Expect::Any, now).unwrap();
    }
    ledger
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder.path().join("l"));
    let head = ledger.head().unwrap();
    let seqs = || (0..PROOFS).map(|n| n * (EVENTS / PROOFS) + 7);
    for _ in 0..3 {
        let start = Instant::now();
        for seq in seqs() {
            let mut tree = ledger.tree().unwrap();
            let path = inclusion_proof(seq, head.size, |level, index| tree.hash(level, index)).unwrap();
            let mut leaf = Vec::new();
            ledger
                .headers(seq..seq + 1, |header| {
                    leaf.extend_from_slice(header);
                    Ok(())
                })
                .unwrap();
            verify_inclusion(&leaf_hash(&leaf), seq, head.size, &path, &head.root).unwrap();
        }
        println!("inclusion, with its header, verified  {:>8.3} ms", start.elapsed().as_secs_f64() * 1e3 / PROOFS as f64);
        let start = Instant::now();
        for size in seqs() {
            let mut tree = ledger.tree().unwrap();
            let old = transparency::root(size, |level, index| tree.hash(level, index)).unwrap();
            let path = consistency_proof(size, head.size, |level, index| tree.hash(level, index)).unwrap();
            verify_consistency(size, &old, head.size, &head.root, &path).unwrap();
        }
        println!("consistency, with the old root, verified  {:>8.3} ms", start.elapsed().as_secs_f64() * 1e3 / PROOFS as f64);
    }
}
