//! `append`: one JSON event from standard input.
//! Refuses more than one; that is what import is for.

use std::io::{self, Read, Write};

use audit::office::{Appended, append};
use audit::vocabulary::KnownAt;

use super::Outcome;
use crate::args::{Format, Global};
use crate::exit::Done;

/// The longest input read: an event is far smaller.
const LIMIT: u64 = 2 << 20;

pub(crate) fn run(global: &Global, now: KnownAt) -> Outcome {
    let mut text = String::new();
    io::stdin().lock().take(LIMIT).read_to_string(&mut text)?;
    let appended = append(&global.ledger, &text, now)?;
    let mut out = io::stdout().lock();
    let (seq, new) = match appended {
        Appended::New(seq) => (seq, true),
        Appended::AlreadyThere(seq) => (seq, false),
    };
    if global.format() != Format::Human {
        writeln!(out, "{}", serde_json::json!({"schema": "countersign.append.v1", "seq": seq.0, "appended": new}))?;
    } else if new {
        writeln!(out, "Appended as seq {seq}.")?;
    } else {
        writeln!(out, "Already there as seq {seq}; nothing was added.")?;
    }
    Ok(Done::Clean)
}
