//! `hold place|release|list`: legal holds, which forbid erasing.
//! Prints what was recorded; whether a hold is right is not asked.

use std::io::{self, Write};

use audit::holds::{Act, Hold, list, place, release};
use audit::vocabulary::KnownAt;
use audit::words::{count, day};
use serde_json::{Value, json};

use super::findings::cell;
use super::{Outcome, banner};
use crate::args::{Format, Global, HoldAct, HoldCommand};
use crate::exit::Done;
use crate::paper::{table, trimmed};

pub(crate) fn run(global: &Global, command: &HoldCommand, now: KnownAt) -> Outcome {
    match command {
        HoldCommand::Place { subject, hold, act } => {
            let placed = place(&global.ledger, subject, hold.as_deref(), &self::act(global, act, now)?, now)?;
            let value = json!({"schema": "countersign.hold.v1", "simulated": placed.simulated, "hold": placed.hold, "seq": placed.seq.0, "scope": placed.scope, "in_force": true});
            let said = format!("Hold {} is in force (seq {}): {subject} cannot be erased until it is released.", placed.hold, placed.seq);
            say(global, placed.simulated, &value, &format!("{said}\n\nNext: countersign hold release {} --reason \"...\"", placed.hold))?;
        }
        HoldCommand::Release { hold, act } => {
            let released = release(&global.ledger, hold, &self::act(global, act, now)?, now)?;
            let value = json!({"schema": "countersign.hold.v1", "simulated": released.simulated, "hold": released.hold, "seq": released.seq.0, "in_force": false});
            let rest = if released.still_in_force == 0 { "No other hold is in force.".to_owned() } else { format!("{} in force.", count(released.still_in_force as u64, "other hold")) };
            say(global, released.simulated, &value, &format!("Hold {} is released (seq {}). {rest}", released.hold, released.seq))?;
        }
        HoldCommand::List { all } => {
            let (simulated, holds) = list(&global.ledger)?;
            let shown: Vec<&Hold> = holds.iter().filter(|h| *all || h.released.is_none()).collect();
            match global.format() {
                Format::Human => human(simulated, &shown)?,
                Format::Json => {
                    let holds: Vec<Value> = shown.iter().map(|h| hold_json(h)).collect();
                    writeln!(io::stdout().lock(), "{}", json!({"schema": "countersign.holds.v1", "simulated": simulated, "holds": holds}))?;
                }
                Format::Ndjson => shown.iter().try_for_each(|h| writeln!(io::stdout().lock(), "{}", hold_json(h)))?,
                Format::Csv => csv(&shown)?,
            }
        }
    }
    Ok(Done::Clean)
}

fn act(global: &Global, act: &HoldAct, now: KnownAt) -> Result<Act, audit::AuditError> {
    let on = super::day("--on", act.on.as_deref())?;
    Ok(Act { reason: act.reason.clone(), by: act.by.clone(), on, at: global.at.as_ref().map(|_| now) })
}

fn say(global: &Global, simulated: bool, value: &Value, words: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if global.format() != Format::Human {
        return writeln!(out, "{value}");
    }
    banner(&mut out, simulated)?;
    writeln!(out, "{}", if global.quiet { words.lines().next().unwrap_or_default() } else { words })
}

fn human(simulated: bool, holds: &[&Hold]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    banner(&mut out, simulated)?;
    if holds.is_empty() {
        return writeln!(out, "No legal hold is in force.");
    }
    let mut rows = table(&["Hold", "Placed", "By", "Covers", "Why", "Released"]);
    for h in holds {
        let covers = if h.covers_everybody() { format!("everybody ({})", h.scope) } else { h.scope.clone() };
        let released = h.released.as_ref().map_or_else(String::new, |end| day(end.on));
        rows.add_row([h.hold.clone(), day(h.on), h.by.clone().unwrap_or_default(), covers, h.reason.clone(), released]);
    }
    writeln!(out, "{}", trimmed(&rows))
}

fn hold_json(h: &Hold) -> Value {
    json!({
        "hold": h.hold, "seq": h.seq.0, "scope": h.scope, "covers_everybody": h.covers_everybody(), "on": h.on.to_string(), "reason": h.reason, "by": h.by,
        "released": h.released.as_ref().map(|end| json!({"seq": end.seq.0, "on": end.on.to_string(), "reason": end.reason})),
    })
}

fn csv(holds: &[&Hold]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "hold,seq,scope,on,reason,by,released_on")?;
    holds.iter().try_for_each(|h| {
        let released = h.released.as_ref().map_or_else(String::new, |end| end.on.to_string());
        writeln!(out, "{},{},{},{},{},{},{released}", h.hold, h.seq, cell(&h.scope), h.on, cell(&h.reason), cell(h.by.as_deref().unwrap_or("")))
    })
}
