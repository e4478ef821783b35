//! Timestamps of a public authority (RFC 3161) on signed checkpoints: the query out, the answer in, by network or on a data carrier.
//! Refuses an answer to another question; whether the authority may be believed is for `openssl ts -verify` and the reader's own CA file.

use std::path::{Path, PathBuf};

use ledger::{Ledger, Timestamped};
use transparency::{TimestampError, read_timestamp, timestamp_query};

use super::write_whole;
use super::submit::Answer;
use crate::error::AuditError;

/// The longest answer that is read.
const LIMIT: u64 = 1 << 20;

/// A timestamp that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamped {
    /// Number of events under the checkpoint.
    pub size: u64,
    /// When, in the authority's own words, as RFC 3161 writes it: `20250701143000Z`.
    pub time: String,
    /// The signed checkpoint: the bytes that were stamped.
    pub note: PathBuf,
    /// The authority's answer.
    pub answer: PathBuf,
}

impl Stamped {
    /// The command by which anybody checks the authority's signature, given a file with its CA.
    pub fn check(&self) -> String {
        format!("openssl ts -verify -data {} -in {} -CAfile CA.pem", self.note.display(), self.answer.display())
    }
}

/// A query that was written, and the size of the checkpoint it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Number of events under the checkpoint.
    pub size: u64,
    /// The signed checkpoint, kept with the ledger until the answer comes.
    pub note: PathBuf,
}

fn latest(ledger: &Ledger) -> Result<(Timestamped, Vec<u8>), AuditError> {
    let note = ledger.checkpoint()?.ok_or_else(|| AuditError::asked("no checkpoint was signed yet", "`countersign checkpoint sign` signs one"))?;
    Ok((ledger.await_timestamp(note.as_bytes())?, note.into_bytes()))
}

/// Writes the query for a timestamp of the latest signed checkpoint to a file.
///
/// # Errors
/// No checkpoint, a ledger that cannot be read, a file that cannot be written.
pub fn query(dir: &Path, to: &Path) -> Result<Asked, AuditError> {
    let (stamped, note) = latest(&Ledger::open_reader(dir)?)?;
    write_whole(to, &timestamp_query(&note))?;
    Ok(Asked { size: stamped.size, note: stamped.note })
}

/// Keeps the answer in a file, if it answers a query of this ledger.
///
/// # Errors
/// A file that cannot be read; an answer that is none, was not granted, or is about something else.
pub fn attach(dir: &Path, from: &Path) -> Result<Stamped, AuditError> {
    let shown = from.display().to_string();
    let io = AuditError::at(from);
    if std::fs::metadata(from).map_err(&io)?.len() > LIMIT {
        return Err(AuditError::Evidence(format!("{shown}: it is far too long for a timestamp")));
    }
    let answer = std::fs::read(from).map_err(io)?;
    let ledger = Ledger::open_reader(dir)?;
    let mut why = TimestampError::OtherData;
    for stamped in ledger.awaiting_timestamps()?.into_iter().rev() {
        let note = std::fs::read(&stamped.note).map_err(AuditError::at(&stamped.note))?;
        match read_timestamp(&answer, &note) {
            Ok(time) => return keep(&ledger, stamped, &answer, time),
            Err(TimestampError::OtherData) => {}
            Err(other) => why = other,
        }
    }
    Err(AuditError::Evidence(format!("{shown}: {why}")))
}

/// Asks an authority for a timestamp of the latest signed checkpoint and keeps its answer.
///
/// # Errors
/// An authority that cannot be reached; otherwise as [`attach`].
pub fn ask(dir: &Path, carry: &mut dyn FnMut(&[u8]) -> Result<Answer, String>) -> Result<Stamped, AuditError> {
    let ledger = Ledger::open_reader(dir)?;
    let (stamped, note) = latest(&ledger)?;
    let hint = "nothing was changed; ask again, or carry the query there: checkpoint timestamp --request-only";
    let answer = carry(&timestamp_query(&note)).map_err(|why| AuditError::asked(format!("the authority cannot be reached: {why}"), hint))?;
    if answer.status != 200 {
        return Err(AuditError::asked(format!("the authority answered with HTTP status {}", answer.status), hint));
    }
    let time = read_timestamp(&answer.body, &note).map_err(|error| AuditError::Evidence(format!("the authority's answer: {error}")))?;
    keep(&ledger, stamped, &answer.body, time)
}

fn keep(ledger: &Ledger, stamped: Timestamped, answer: &[u8], time: String) -> Result<Stamped, AuditError> {
    ledger.keep_timestamp(&stamped, answer)?;
    Ok(Stamped { size: stamped.size, time, note: stamped.note, answer: stamped.answer })
}
