//! `prove`: one event's place in the ledger, in a file that standard tools check.
//! Says which key the reader needs, because a proof that brings its own key proves nothing.

use std::io::{self, Write};

use audit::outside::proof::prove;
use audit::words::{count, sentence};

use super::Outcome;
use crate::args::{Format, Global, ProveArgs};
use crate::exit::Done;

pub(crate) fn run(global: &Global, args: &ProveArgs) -> Outcome {
    let proved = prove(&global.ledger, args.seq, &args.output)?;
    let mut out = io::stdout().lock();
    if global.format() != Format::Human {
        let value = serde_json::json!({
            "schema": "countersign.prove.v1", "seq": proved.seq, "size": proved.size, "leaf": proved.leaf, "witnesses": proved.witnesses,
            "proof_file": args.output.display().to_string(), "leaf_file": proved.leaf_file.display().to_string(), "vkey": proved.vkey,
        });
        writeln!(out, "{value}")?;
        return Ok(Done::Clean);
    }
    writeln!(out, "{}", sentence(&format!("event {} is in the ledger of {}", proved.seq, count(proved.size, "event"))))?;
    writeln!(out, "  proof  {}", args.output.display())?;
    writeln!(out, "  leaf   {}", proved.leaf_file.display())?;
    match proved.witnesses.as_slice() {
        [] => writeln!(out, "  its checkpoint is cosigned by no witness")?,
        names => writeln!(out, "  its checkpoint is cosigned by {}", names.join(", "))?,
    }
    if !global.quiet {
        writeln!(out, "\nThe reader needs this key from you by another way than the file:\n  {}", proved.vkey)?;
    }
    Ok(Done::Clean)
}
