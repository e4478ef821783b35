//! The command, shared by `countersign-verify` and `countersign pack verify`: what it takes, what it reads, how it ends.
//! It refuses to read more of a file than a pack or a checkpoint can be long.

use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::{CosignatureVerifier, Given, Report, Verdict, Verifier, check, to_json, to_text};

/// What a check is asked for.
#[derive(Clone, Debug, Args)]
pub struct Asked {
    /// The pack
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The key of the log, as you were given it by another way than this pack
    #[arg(long, value_name = "VKEY")]
    pub key: Option<String>,
    /// Checkpoints of the same log that you kept
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub checkpoint: Vec<PathBuf>,
    /// Keys of witnesses you know, whose cosignatures are to be checked
    #[arg(long, value_name = "VKEY", num_args = 1..)]
    pub witness: Vec<String>,
}

/// Why nothing could be checked: exit code 2.
#[derive(Debug)]
pub enum Unusable {
    /// A file cannot be read.
    File(PathBuf, io::Error),
    /// A key is not one.
    Key(String),
    /// A file is longer than it can be.
    TooLong(PathBuf),
}

impl std::fmt::Display for Unusable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Key(why) => write!(f, "{why}; a key looks like ledger.example+cc9de1c6+AYqI4910... and is printed by `countersign checkpoint key`"),
            Self::TooLong(path) => write!(f, "{}: the file is longer than any pack or checkpoint is", path.display()),
        }
    }
}

impl std::error::Error for Unusable {}

/// Packs are below 4 GiB.
const MAX_PACK_LEN: u64 = u32::MAX as u64;

/// Reads what is asked for and checks it.
///
/// # Errors
/// [`Unusable`]; whatever is wrong with the pack itself is in the report.
pub fn run(asked: &Asked) -> Result<Report, Unusable> {
    let key = asked.key.as_deref().map(|key| Verifier::parse(key.trim()).map_err(|error| Unusable::Key(format!("--key: {error}")))).transpose()?;
    let witness = |key: &String| CosignatureVerifier::parse(key.trim()).map_err(|error| Unusable::Key(format!("--witness: {error}")));
    let witnesses = asked.witness.iter().map(witness).collect::<Result<_, _>>()?;
    let kept = |path: &PathBuf| Ok((path.display().to_string(), read(path, transparency::MAX_NOTE_LEN as u64)?));
    let checkpoints = asked.checkpoint.iter().map(kept).collect::<Result<_, Unusable>>()?;
    let file = read(&asked.file, MAX_PACK_LEN)?;
    Ok(check(&file, &Given { key, checkpoints, witnesses, first_failure: false }))
}

fn read(path: &Path, most: u64) -> Result<Vec<u8>, Unusable> {
    let failed = |error| Unusable::File(path.to_owned(), error);
    let file = File::open(path).map_err(failed)?;
    let len = file.metadata().map_err(failed)?.len();
    if len > most {
        return Err(Unusable::TooLong(path.to_owned()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(len).unwrap_or(0));
    file.take(most + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > most { Err(Unusable::TooLong(path.to_owned())) } else { Ok(bytes) }
}

/// Prints a report.
///
/// # Errors
/// Those of the writer.
pub fn print(report: &Report, as_json: bool, out: &mut impl Write) -> io::Result<()> {
    if as_json { writeln!(out, "{}", to_json(report)) } else { write!(out, "{}", to_text(report)) }
}

/// 0 when the pack can be relied on, else 1.
pub fn exit_code(report: &Report) -> u8 {
    match report.verdict() {
        Verdict::Verified | Verdict::VerifiedWithErasedParts => 0,
        Verdict::SelfConsistentOnly | Verdict::Failed => 1,
    }
}
