//! `tiles`: the tree as static files for any web server.
//! Says how many events are not in it, because they are not under a signed checkpoint.

use std::io::{self, Write};

use audit::outside::tiles::export;
use audit::words::{count, thousands};

use super::Outcome;
use crate::args::{Format, Global, TilesCommand};
use crate::exit::Done;

pub(crate) fn run(global: &Global, command: &TilesCommand) -> Outcome {
    let TilesCommand::Export { dir } = command;
    let exported = export(&global.ledger, dir)?;
    let mut out = io::stdout().lock();
    if global.format() != Format::Human {
        let value = serde_json::json!({
            "schema": "countersign.tiles.v1", "dir": dir.display().to_string(), "size": exported.size, "root": exported.root,
            "unsigned": exported.unsigned, "witnesses": exported.witnesses, "written": exported.written, "kept": exported.kept,
        });
        writeln!(out, "{value}")?;
        return Ok(Done::Clean);
    }
    writeln!(out, "{} under {}: {} written, {} full ones were there.", count(exported.size, "event"), dir.display(), count(exported.written, "file"), thousands(exported.kept))?;
    writeln!(out, "  root  {}", exported.root)?;
    if exported.unsigned > 0 && !global.quiet {
        writeln!(out, "\n{} not under a signed checkpoint yet are not in it: countersign checkpoint sign", count(exported.unsigned, "event"))?;
    }
    Ok(Done::Clean)
}
