//! `append`: one JSON event from standard input.
//! Refuses more than one; that is what import is for.

use std::io::{self, Read, Write};

use audit::AuditError;
use audit::office::{Appended, append};
use audit::vocabulary::KnownAt;

use super::Outcome;
use crate::args::{Format, Global};
use crate::exit::Done;

/// The longest input read: an event is far smaller.
const LIMIT: u64 = 2 << 20;

pub(crate) fn run(global: &Global, now: KnownAt) -> Outcome {
    let appended = append(&global.ledger, &read()?, now)?;
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

fn read() -> Result<String, AuditError> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(LIMIT).read_to_end(&mut bytes).map_err(|source| AuditError::Io { path: "standard input".to_owned(), source })?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        AuditError::asked(format!("standard input is not UTF-8: byte {at} cannot be read as text"), "give one JSON event as UTF-8 text")
    })
}
