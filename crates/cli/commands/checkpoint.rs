//! `checkpoint`: the signed note that outsiders keep.
//! Printing one for paper is the cheapest anchor there is.

use std::io::{self, Write};

use audit::evidence::{checkpoint, sign};

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

use super::Outcome;
use crate::args::{CheckpointCommand, Format, Global};
use crate::exit::Done;
use crate::paper::prose;

pub(crate) fn run(global: &Global, command: &CheckpointCommand) -> Outcome {
    let signed = match command {
        CheckpointCommand::Key => return super::key::show(global),
        CheckpointCommand::Timestamp(args) => return super::timestamp::run(global, args),
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
        CheckpointCommand::Show | CheckpointCommand::Sign | CheckpointCommand::Key | CheckpointCommand::Timestamp(_) => write!(out, "{}", signed.note)?,
        CheckpointCommand::Print => {
            for line in signed.note.lines().take(3) {
                writeln!(out, "{line}")?;
            }
            writeln!(out, "\nkey  {}", signed.vkey)?;
            write!(out, "\n{}", code(&signed.note)?)?;
            if !global.quiet {
                let said = "The code holds the whole signed checkpoint. Print it, have somebody outside keep it; its text in a file, or the three lines \
                            typed in again, is what verify --against takes.";
                write!(io::stderr().lock(), "\n{}", prose(said, 0))?;
            }
        }
    }
    Ok(Done::Clean)
}

/// The signed note as a QR code in half blocks, dark on light as ink on paper, with the quiet margin that readers need.
fn code(note: &str) -> io::Result<String> {
    let code = QrCode::with_error_correction_level(note, EcLevel::L).map_err(io::Error::other)?;
    let lines = code.render::<Dense1x2>().quiet_zone(true).build();
    Ok(lines.lines().map(|line| format!("{}\n", line.trim_end())).collect())
}
