//! `key`: changes the log key, and tells the keys of the log in their order.
//! Prints keys that verify and signed statements, never a secret.

use std::io::{self, Write};

use audit::outside::keys::{Change, Keys, keys, rotate};
use audit::vocabulary::KnownAt;
use audit::words::count;

use super::Outcome;
use crate::args::{Format, Global, KeyCommand};
use crate::exit::Done;
use crate::paper::prose;

pub(crate) fn run(global: &Global, command: &KeyCommand, now: KnownAt) -> Outcome {
    let KeyCommand::Rotate = command;
    let keys = rotate(&global.ledger, now)?;
    let mut out = io::stdout().lock();
    if global.format() != Format::Human {
        writeln!(out, "{}", json(&keys))?;
        return Ok(Done::Clean);
    }
    if let Some(change) = keys.changes.last() {
        // The statement's bytes as they are: a file of this output is what outsiders are given.
        write!(out, "{}", change.statement)?;
    }
    if !global.quiet {
        let said = "The new key signs from now on and the old one is gone. Give this statement to everybody who holds the old key: reviewers, \
                    and those who run witnesses. Checkpoints that the old key signed still verify.";
        write!(io::stderr().lock(), "\n{}", prose(said, 0))?;
    }
    Ok(Done::Clean)
}

/// `checkpoint key`: the key that signs now, alone on the first line; then what came before it.
pub(crate) fn show(global: &Global) -> Outcome {
    let keys = keys(&global.ledger)?;
    let mut out = io::stdout().lock();
    if global.format() != Format::Human {
        writeln!(out, "{}", json(&keys))?;
        return Ok(Done::Clean);
    }
    writeln!(out, "{}", keys.vkey)?;
    for change in keys.changes.iter().rev() {
        writeln!(out, "\nbefore, for the first {}:\n{}", count(change.from, "event"), change.old)?;
    }
    if let Some(first) = keys.changes.first() {
        writeln!(out, "\nEach change is signed by the key before and the key after it; who has the first of these, {},", short(&first.old))?;
        writeln!(out, "can follow these statements:")?;
        for change in &keys.changes {
            write!(out, "\n{}", change.statement)?;
        }
    }
    Ok(Done::Clean)
}

/// Name and key ID, without the base64 after them, which may hold a plus sign itself.
fn short(vkey: &str) -> &str {
    vkey.match_indices('+').nth(1).map_or(vkey, |(at, _)| &vkey[..at])
}

fn json(keys: &Keys) -> serde_json::Value {
    let change = |c: &Change| serde_json::json!({"old": c.old, "new": c.new, "from": c.from, "statement": c.statement});
    let changes: Vec<serde_json::Value> = keys.changes.iter().map(change).collect();
    serde_json::json!({"schema": "countersign.key.v1", "vkey": keys.vkey, "changes": changes})
}
