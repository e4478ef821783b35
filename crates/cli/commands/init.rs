//! `init`: makes a ledger and says where its keys are.
//! Prints the key others need, never one that must stay.

use std::io::{self, Write};

use audit::vocabulary::KnownAt;
use audit::{InitOptions, init};

use super::Outcome;
use crate::args::{Format, Global};
use crate::exit::Done;

pub(crate) fn run(global: &Global, origin: &str, simulated: bool, now: KnownAt) -> Outcome {
    let made = init(&global.ledger, &InitOptions { origin: origin.to_owned(), simulated, now, entropy: None })?;
    let mut out = io::stdout().lock();
    if global.format() != Format::Human {
        let json = serde_json::json!({"schema": "countersign.init.v1", "origin": made.origin, "vkey": made.vkey, "simulated": simulated});
        writeln!(out, "{json}")?;
        return Ok(Done::Clean);
    }
    let kind = if simulated { "simulated ledger" } else { "ledger" };
    writeln!(out, "Made the {kind} {} in {}.", made.origin, global.ledger.display())?;
    if !global.quiet {
        writeln!(out, "\nGive this key to whoever will check your checkpoints; keep the directory, its keys above all, out of other hands:")?;
        writeln!(out, "  {}", made.vkey)?;
        writeln!(out, "\nNext: countersign import PATH...")?;
    }
    Ok(Done::Clean)
}
