//! `erase`: somebody's key is destroyed, and the ledger says so.
//! Says what stays in the clear and what no program can promise; asks nobody twice.

use std::io::{self, Write};

use audit::holds::{Erasing, Reported, erase};
use audit::vocabulary::KnownAt;
use audit::words::count;

use super::{Outcome, banner};
use crate::args::{EraseArgs, Format, Global};
use crate::exit::Done;
use crate::paper::{Style, prose};

pub(crate) fn run(global: &Global, args: &EraseArgs, now: KnownAt) -> Outcome {
    let asked = Erasing {
        subject: args.subject.clone(),
        reason: args.reason.clone(),
        approved_by: args.approved_by.clone(),
        on: super::day("--on", args.on.as_deref())?,
        dry_run: args.dry_run,
    };
    let reported = erase(&global.ledger, &asked, now)?;
    if global.format() == Format::Human { human(global, args, &reported)? } else { json(&reported)? }
    Ok(Done::Clean)
}

/// Seqs named one by one before "and more".
const SHOWN: usize = 8;

fn human(global: &Global, args: &EraseArgs, r: &Reported) -> io::Result<()> {
    let style = Style::stdout(global);
    let mut out = io::stdout().lock();
    banner(&mut out, r.simulated)?;
    let what = if r.kind == "person" { "birth date, credential and licence numbers" } else { "identifier, birth date and every other sealed value" };
    match &r.done {
        None => {
            writeln!(out, "Nothing was erased (--dry-run). It would destroy the key of {}: {what}.", args.subject)?;
            for hold in &r.forbidden_by {
                writeln!(out, "  {}  legal hold {hold}", style.violation("forbidden by"))?;
            }
        }
        Some(done) if done.recorded_before && !done.key_destroyed_now => {
            writeln!(out, "{} was erased already: seq {} says so. Nothing was added.", args.subject, done.seq)?;
        }
        Some(done) if done.recorded_before => {
            writeln!(out, "The key of {}, which an old copy of the keys had brought back, is destroyed again; seq {} says of the erasure.", args.subject, done.seq)?;
        }
        Some(done) => {
            writeln!(out, "{} is erased: {what} can no longer be read. Recorded as seq {}.", style.strong(&args.subject), done.seq)?;
            if r.kind == "individual" {
                writeln!(out, "They read as {} from now on, and nothing that names them is taken in again.", r.reads_as)?;
            }
        }
    }
    if !r.left_in_clear.is_empty() {
        let seqs: Vec<String> = r.left_in_clear.iter().take(SHOWN).map(ToString::to_string).collect();
        let more = if r.left_in_clear.len() > SHOWN { ", ..." } else { "" };
        let said = format!(
            "{} it also stands in the clear, in {} (seq {}{more}): in a source id, a reason or another text that is not sealed. No key reaches it there.",
            style.violation("not erased:"),
            count(r.left_in_clear.len() as u64, "event"),
            seqs.join(", ")
        );
        write!(out, "\n{}", prose(&said, 0))?;
    }
    if !global.quiet && r.done.is_some() {
        let limits = if r.simulated {
            "In a simulated ledger nothing is destroyed for good: every key can be made again from its seed."
        } else {
            "Copies of the keys directory made before (backups, snapshots, what a solid-state disk keeps) still have the key: let them expire. Packs that disclosed a value keep it. docs/erasure.md says what else cannot be promised."
        };
        write!(out, "\n{}", prose(limits, 0))?;
    }
    Ok(())
}

fn json(r: &Reported) -> io::Result<()> {
    let value = serde_json::json!({
        "schema": "countersign.erasure.v1",
        "simulated": r.simulated,
        "kind": r.kind,
        "reads_as": r.reads_as,
        "erased": r.done.is_some(),
        "seq": r.done.map(|d| d.seq.0),
        "key_destroyed_now": r.done.map(|d| d.key_destroyed_now),
        "recorded_before": r.done.map(|d| d.recorded_before),
        "left_in_clear": r.left_in_clear.iter().map(|s| s.0).collect::<Vec<_>>(),
        "forbidden_by": r.forbidden_by,
    });
    writeln!(io::stdout().lock(), "{value}")
}
