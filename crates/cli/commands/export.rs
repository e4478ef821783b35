//! `export`: the trail in a form that other systems read, one resource a line.
//! Streams; a million events need no more memory than one.

use std::io::{self, BufWriter, Write};

use audit::fhir_trail::fhir_trail;

use super::Outcome;
use crate::args::{ExportCommand, Global};
use crate::exit::{Done, Stop};

pub(crate) fn run(global: &Global, command: &ExportCommand) -> Outcome {
    let ExportCommand::Fhir { subject } = command;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut failed: Option<io::Error> = None;
    fhir_trail(&global.ledger, subject.as_deref(), |resource| {
        if failed.is_none() {
            failed = writeln!(out, "{resource}").err();
        }
    })?;
    if let Some(error) = failed {
        return Err(Stop::Output(error));
    }
    out.flush()?;
    Ok(Done::Clean)
}
