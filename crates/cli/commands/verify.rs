//! `verify`: what was checked, what failed, and what was not checked.
//! Exit 1 when the evidence is bad, saying which and where.

use std::io::{self, Write};
use std::path::PathBuf;

use audit::evidence::{Verified, verify};
use audit::words::count;

use super::{Outcome, banner};
use crate::args::{Format, Global};
use crate::exit::Done;
use crate::paper::{Style, prose};
use crate::progress::Progress;

pub(crate) fn run(global: &Global, against: &[PathBuf], from: u64) -> Outcome {
    let progress = Progress::new(global, "verifying");
    let verified = verify(&global.ledger, against, from, &|n, all| progress.of(n, all))?;
    drop(progress);
    if global.format() == Format::Human { human(global, &verified)? } else { json(&verified)? }
    Ok(if verified.is_good() { Done::Clean } else { Done::Found })
}

pub(crate) fn human(global: &Global, v: &Verified) -> io::Result<()> {
    let style = Style::stdout(global);
    let mut out = io::stdout().lock();
    banner(&mut out, v.simulated)?;
    match &v.report.failure {
        Some(failure) => writeln!(out, "{}", style.violation(&format!("The ledger {} does not verify. First thing that does not agree: {failure}", v.origin)))?,
        None if v.report.erased_values > 0 => writeln!(
            out,
            "{}",
            style.good(&format!("All {} of {} verify; {} can no longer be opened because their subjects were erased.", count(v.report.events, "event"), v.origin, count(v.report.erased_values, "sealed value")))
        )?,
        None => writeln!(out, "{}", style.good(&format!("All {} of {} are unchanged: every body, link and tree hash agrees.", count(v.report.events, "event"), v.origin)))?,
    }
    if let Some(head) = &v.report.head {
        writeln!(out, "  root      {}", head.root)?;
    }
    for (whose, size) in &v.report.checkpoints {
        writeln!(out, "  agrees    with the checkpoint over {} ({whose})", count(*size, "event"))?;
    }
    for c in &v.outside {
        match &c.failure {
            None if c.signed => writeln!(out, "  agrees    with {} over {}", c.file, count(c.size, "event"))?,
            None => writeln!(out, "  agrees    with {} over {} (a print without a signature)", c.file, count(c.size, "event"))?,
            Some(failure) => writeln!(out, "  {}    {}: {failure}", style.violation("FAILED"), c.file)?,
        }
    }
    for incident in &v.incidents {
        writeln!(out, "  incident  {incident}")?;
    }
    for not_checked in &v.report.not_checked {
        write!(out, "{}", prose(&format!("not checked: {not_checked}"), 2))?;
    }
    if v.outside.is_empty() {
        let witnessed = v.report.checkpoints.iter().any(|(whose, _)| *whose == "a witnessed");
        let ask = if witnessed { "ask the witness: witness submit" } else { "compare with a checkpoint kept outside: verify --against FILE" };
        write!(out, "{}", prose(&format!("not checked: whether the whole ledger was replaced together with its key. To see that, {ask}"), 2))?;
    }
    Ok(())
}

fn json(v: &Verified) -> io::Result<()> {
    let outside: Vec<serde_json::Value> =
        v.outside.iter().map(|c| serde_json::json!({"file": c.file, "size": c.size, "signed": c.signed, "agrees": c.failure.is_none(), "failure": c.failure})).collect();
    let value = serde_json::json!({
        "schema": "countersign.verify.v1",
        "origin": v.origin,
        "simulated": v.simulated,
        "state": match v.report.state() {
            audit::evidence::State::Verified => "verified",
            audit::evidence::State::VerifiedWithErasedParts => "verified_with_erased_parts",
            audit::evidence::State::Failed => "failed",
        },
        "events": v.report.events,
        "erased_values": v.report.erased_values,
        "root": v.report.head.as_ref().map(|h| h.root.to_string()),
        "first_bad_seq": v.report.failure.as_ref().and_then(|f| f.seq).map(|s| s.0),
        "failure": v.report.failure.as_ref().map(ToString::to_string),
        "checkpoints": v.report.checkpoints.iter().map(|(whose, size)| serde_json::json!({"whose": whose, "size": size})).collect::<Vec<_>>(),
        "against": outside,
        "not_checked": v.report.not_checked,
        "incidents": v.incidents,
    });
    writeln!(io::stdout().lock(), "{value}")
}
