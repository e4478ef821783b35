//! A stream far larger than memory should hold is read with a bounded part of it underway.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use import::{Blocks, JsonLines, parse_batches};

/// Gives the same line again and again and counts what was taken from it.
struct Endless {
    line: Vec<u8>,
    at: usize,
    left: u64,
    given: Arc<AtomicU64>,
}

impl Read for Endless {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = out.len().min(self.line.len() - self.at).min(usize::try_from(self.left).unwrap_or(usize::MAX));
        out[..n].copy_from_slice(&self.line[self.at..self.at + n]);
        self.at = (self.at + n) % self.line.len();
        self.left -= n as u64;
        self.given.fetch_add(n as u64, Ordering::SeqCst);
        Ok(n)
    }
}

const LINES: u64 = 100_000;

fn endless() -> (Endless, u64, Arc<AtomicU64>) {
    let line = format!("{{\"type\":\"event_retracted\",\"target\":\"a:1\",\"reason\":\"{}\"}}\n", "x".repeat(1_950)).into_bytes();
    let length = line.len() as u64;
    let given = Arc::new(AtomicU64::new(0));
    (Endless { line, at: 0, left: LINES * length, given: Arc::clone(&given) }, length, given)
}

/// The most bytes taken from the stream and not yet handed on, over the whole of it.
fn most_underway(batches: impl Iterator<Item = import::Batch>, length: u64, given: &AtomicU64) -> u64 {
    let (mut lines, mut most) = (0, 0);
    for batch in batches {
        // What was handed on before this batch is no longer underway.
        most = most.max(given.load(Ordering::SeqCst) - lines * length);
        for parsed in batch.unwrap() {
            lines += 1;
            assert!(parsed.line == lines && parsed.result.is_ok());
        }
    }
    assert_eq!(lines, LINES);
    most
}

#[test]
fn two_hundred_megabytes_go_through_a_few_blocks() {
    let block = Blocks::<Endless>::SIZE as u64;
    let (reader, length, given) = endless();
    assert!(length * LINES > 200_000_000);
    assert!(most_underway(JsonLines::new(Blocks::new(reader)), length, &given) <= 2 * block);

    for threads in [1, 3] {
        let (reader, length, given) = endless();
        let most = most_underway(parse_batches(reader, threads), length, &given);
        assert!(most <= (2 * threads as u64 + 6) * block, "{most} bytes underway with {threads} threads");
    }
}
