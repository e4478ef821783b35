//! Runs a parser over many inputs: a panic is caught and its input made as small as it will go; an answer not heard before is remembered with the smallest input that got it.
//! It refuses to look at a clock: whoever runs it says how many, is told of each input before it is read, and sees whether that one ever ends.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::{Target, altered};

/// An input that should not have done what it did.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Which parser.
    pub target: &'static str,
    /// The smallest input found that does it.
    pub input: Vec<u8>,
    /// What the panic said.
    pub said: String,
}

/// Inputs kept for one answer, by answer.
pub type Kept = BTreeMap<String, Vec<u8>>;

/// One input, read once.
///
/// # Errors
/// What the panic said.
pub fn one(target: &Target, input: &[u8]) -> Result<String, String> {
    let read = || (target.read)(input);
    catch_unwind(AssertUnwindSafe(read)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_else(|| "a panic without words".to_owned())
    })
}

/// Makes a failing input smaller for as long as it fails.
fn smallest(target: &Target, input: Vec<u8>, told: &mut impl FnMut(&[u8])) -> Vec<u8> {
    let mut best = input;
    let mut step = best.len() / 2;
    while step > 0 {
        let mut at = 0;
        while at < best.len() {
            let mut less = best.clone();
            less.drain(at..(at + step).min(best.len()));
            told(&less);
            if one(target, &less).is_err() {
                best = less;
            } else {
                at += step;
            }
        }
        step /= 2;
    }
    best
}

/// Runs inputs `from..to`; answers not in `kept` yet are added to it, with the smallest input seen for each. `told` has each input before it is read.
///
/// # Errors
/// The first input that panics, made small.
pub fn search(target: &Target, seeds: std::ops::Range<u64>, kept: &mut Kept, told: &mut impl FnMut(&[u8])) -> Result<(), Failure> {
    let good = (target.good)();
    for seed in seeds {
        let input = altered(target, &good, seed);
        told(&input);
        match one(target, &input) {
            Ok(answer) => {
                if kept.get(&answer).is_none_or(|other| input.len() < other.len()) {
                    kept.insert(answer, input);
                }
            }
            Err(said) => return Err(Failure { target: target.name, input: smallest(target, input, told), said }),
        }
    }
    Ok(())
}

/// An answer without what is particular to an input: numbers, and whatever stands in quotes.
pub(crate) fn plain(answer: &str) -> String {
    let mut plain = String::new();
    let mut quoted = false;
    for c in answer.chars().take(400) {
        match c {
            '"' | '`' => quoted = !quoted,
            c if !quoted && (c.is_ascii_alphabetic() || c == ' ') && plain.len() < 60 => plain.push(c),
            _ => {}
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where an input is kept: a name that follows from its bytes.
pub fn kept(input: &[u8]) -> String {
    // FNV-1a: names of files, not secrets.
    let hash = input.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}
