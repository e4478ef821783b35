//! `checkpoint`: the signed note that outsiders keep.
//! Printing one for paper is the cheapest anchor there is.

use std::io::{self, Write};

use audit::evidence::{checkpoint, sign};

use super::Outcome;
use crate::args::{CheckpointCommand, Format, Global};
use crate::exit::Done;

pub(crate) fn run(global: &Global, command: &CheckpointCommand) -> Outcome {
    let signed = match command {
        CheckpointCommand::Key => return super::key::show(global),
        CheckpointCommand::Sign => sign(&global.ledger)?,
        CheckpointCommand::Show | CheckpointCommand::Print => checkpoint(&global.ledger)?,
    };
    let mut out = io::stdout().lock();
    if global.format() != Format::Human {
        let value = serde_json::json!({"schema": "countersign.checkpoint.v1", "size": signed.size, "root": signed.root, "vkey": signed.vkey, "note": signed.note});
        writeln!(out, "{value}")?;
        return Ok(Done::Clean);
    }
    match command {
        // The note's bytes as they are: a file of this output is what `verify --against` takes.
        CheckpointCommand::Show | CheckpointCommand::Sign | CheckpointCommand::Key => write!(out, "{}", signed.note)?,
        CheckpointCommand::Print => {
            for line in signed.note.lines().take(3) {
                writeln!(out, "{line}")?;
            }
            writeln!(out, "\nkey  {}", signed.vkey)?;
        }
    }
    Ok(Done::Clean)
}
