//! `rules list`: every rule on a line, or with `--parameters` every dated value, its source and what the agency has set.
//! Works without a ledger: then nothing is set.

use std::io::{self, Write};

use audit::rulebook::{Entry, ParameterLine, list};
use audit::settings::{Setting, Settings, Unknown, settings};
use audit::vocabulary::KnownAt;
use audit::words::count;
use serde_json::json;

use super::{classes, entry_json, parameter_json};
use crate::args::{Format, Global};
use crate::commands::Outcome;
use crate::exit::Done;
use crate::paper::{Style, prose, table, trimmed};

pub(super) fn run(global: &Global, parameters: bool, now: KnownAt) -> Outcome {
    let (entries, tables) = list()?;
    let mut out = io::stdout().lock();
    if global.format() != Format::Human {
        let mut value = json!({
            "schema": "countersign.rules.v1",
            "rules": entries.iter().map(entry_json).collect::<Vec<_>>(),
            "tables": tables.iter().map(parameter_json).collect::<Vec<_>>(),
        });
        if parameters {
            value["settings"] = settings_json(&settings(&global.ledger, now.local_day())?);
        }
        writeln!(out, "{value}")?;
    } else if parameters {
        let set = settings(&global.ledger, now.local_day())?;
        let lines: Vec<&ParameterLine> = entries.iter().flat_map(|e| &e.parameters).chain(&tables).collect();
        let style = Style::stdout(global);
        values(&mut out, style, &lines)?;
        set_here(&mut out, style, &set)?;
        let verify = lines.iter().filter(|p| p.verify).count() as u64;
        writeln!(out, "\n{} marked \u{201c}verify\u{201d}: the guidance does not say it, or not clearly; ask OMH and set your own.", count(verify, "value"))?;
    } else {
        let mut rows = table(&["Rule", "What breaks it", "Class", "Looks at"]);
        for Entry { rule, .. } in &entries {
            rows.add_row([rule.id.to_owned(), rule.title.to_owned(), classes(rule), rule.scope.as_str().to_owned()]);
        }
        writeln!(out, "{}", trimmed(&rows))?;
        writeln!(out, "\n{} rules. Next: countersign rules show RULE, rules list --parameters, rules checklist", entries.len())?;
    }
    Ok(Done::Clean)
}

/// Each value with its days, then source, setting and note: too much for the columns of a table.
fn values(out: &mut impl Write, style: Style, lines: &[&ParameterLine]) -> io::Result<()> {
    for p in lines {
        let verify = if p.verify { "  verify" } else { "" };
        writeln!(out, "{} = {}  {}{}", style.strong(&p.name), p.value, p.days, style.documentation(verify))?;
        let setting = p.setting.as_ref().map_or(String::new(), |name| format!("; you may set {name}"));
        let note = if p.note.is_empty() { String::new() } else { format!("; {}", p.note) };
        write!(out, "{}", prose(&format!("{}{setting}{note}", p.source), 4))?;
    }
    Ok(())
}

fn set_here(out: &mut impl Write, style: Style, settings: &Settings) -> io::Result<()> {
    match &settings.origin {
        None => writeln!(out, "\n{}", style.strong("There is no ledger here, so the agency has set nothing"))?,
        Some(origin) if settings.known.iter().all(|s| s.set.is_empty()) => {
            writeln!(out, "\n{}", style.strong(&format!("Nothing is set in {origin}: the values above hold")))?;
        }
        Some(origin) => {
            writeln!(out, "\n{}", style.strong(&format!("Set in {origin}")))?;
            let mut rows = table(&["Setting", "Value", "From", "Event", "What"]);
            for (setting, v) in settings.known.iter().flat_map(|s| s.set.iter().map(move |v| (s, v))) {
                rows.add_row([setting.name.clone(), v.value.clone(), v.from.to_string(), format!("seq {}", v.seq), setting.what.clone()]);
            }
            writeln!(out, "{}", trimmed(&rows))?;
        }
    }
    let wanting: Vec<&Setting> = settings.known.iter().filter(|s| s.is_wanting()).collect();
    if !wanting.is_empty() {
        writeln!(out, "\n{}", style.strong("Unset, and therefore not evaluated"))?;
        for setting in wanting {
            write!(out, "{}", prose(&format!("{}: {}. Not evaluated: {}.", setting.name, setting.what, setting.not_evaluated.join(", ")), 2))?;
        }
    }
    if !settings.unknown.is_empty() {
        writeln!(out, "\n{}", style.violation("Set, but no rule and no table reads it"))?;
        for unknown in &settings.unknown {
            writeln!(out, "  {}", unknown_line(unknown))?;
        }
    }
    Ok(())
}

/// A name that nothing reads, where it was set, and what was probably meant.
pub(super) fn unknown_line(unknown: &Unknown) -> String {
    let seqs: Vec<String> = unknown.seqs.iter().map(|s| format!("seq {s}")).collect();
    let at = if seqs.is_empty() { String::new() } else { format!(" ({})", seqs.join(", ")) };
    let near = unknown.near.as_ref().map_or(String::new(), |near| format!(": did you mean {near}?"));
    format!("{}{at}{near}", unknown.name)
}

/// Names that nothing reads, as data.
pub(super) fn unknown_json(unknown: &Unknown) -> serde_json::Value {
    json!({"name": unknown.name, "seqs": unknown.seqs.iter().map(|s| s.0).collect::<Vec<_>>(), "did_you_mean": unknown.near})
}

fn settings_json(settings: &Settings) -> serde_json::Value {
    let one = |s: &Setting| {
        let set: Vec<_> = s.set.iter().map(|v| json!({"from": v.from.to_string(), "value": v.value, "seq": v.seq.0})).collect();
        json!({"name": s.name, "what": s.what, "set": set, "not_evaluated": if s.is_wanting() { s.not_evaluated.clone() } else { Vec::new() }})
    };
    json!({
        "ledger": settings.origin,
        "known": settings.known.iter().map(one).collect::<Vec<_>>(),
        "unknown": settings.unknown.iter().map(unknown_json).collect::<Vec<_>>(),
    })
}
