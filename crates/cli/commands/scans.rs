//! `scans`: past scans with their counts, and whether judging them again gives the same.
//! Exit 1 when a scan's findings come out differently today.

use std::io::{self, Write};

use audit::scans::{Again, PastScan, again, scans};
use audit::words::{count, day, known, money, thousands};
use serde_json::{Value, json};

use super::Outcome;
use super::findings::cell;
use crate::args::{Format, Global, ScansArgs};
use crate::exit::Done;
use crate::paper::{Style, right, table, trimmed};
use crate::progress::Progress;

pub(crate) fn run(global: &Global, args: &ScansArgs) -> Outcome {
    let past = scans(&global.ledger)?;
    let mut checked: Vec<(PastScan, Option<Again>)> = Vec::new();
    let progress = Progress::new(global, "judging again");
    for scan in past {
        let again = if args.check { Some(again(&global.ledger, &scan, &|n, all| progress.of(n, all))?) } else { None };
        checked.push((scan, again));
    }
    drop(progress);
    match global.format() {
        Format::Human => human(global, &checked, args.check)?,
        Format::Json => {
            let list: Vec<Value> = checked.iter().map(scan_json).collect();
            writeln!(io::stdout().lock(), "{}", json!({"schema": "countersign.scans.v1", "scans": list}))?;
        }
        Format::Ndjson => {
            let mut out = io::stdout().lock();
            for scan in &checked {
                writeln!(out, "{}", scan_json(scan))?;
            }
        }
        Format::Csv => csv(&checked)?,
    }
    let differs = checked.iter().any(|(_, again)| matches!(again, Some(Again::Other(_))));
    Ok(if differs { Done::Found } else { Done::Clean })
}

fn word(again: Option<&Again>) -> &'static str {
    match again {
        None => "",
        Some(Again::Same) => "same findings",
        Some(Again::Other(_)) => "other findings",
        Some(Again::Erased(_)) => "values erased since",
        Some(Again::OtherRules) => "other rules",
    }
}

fn human(global: &Global, scans: &[(PastScan, Option<Again>)], check: bool) -> io::Result<()> {
    let style = Style::stdout(global);
    let mut out = io::stdout().lock();
    let Some((last, _)) = scans.last() else {
        return writeln!(out, "No scan was recorded yet. Next: countersign scan");
    };
    writeln!(out, "{} recorded, the last on {}.\n", count(scans.len() as u64, "scan"), known(last.recorded_at))?;
    let mut rows = table(&["Scan", "Recorded", "Day", "Events", "Violations", "Gaps", "At risk", if check { "Judged again" } else { "" }]);
    for (s, again) in scans {
        let said = word(again.as_ref());
        rows.add_row([
            format!("seq {}", s.seq),
            known(s.recorded_at),
            day(s.today),
            thousands(s.size),
            thousands(s.violation),
            thousands(s.documentation),
            money(s.exposure),
            if matches!(again, Some(Again::Other(_))) { style.violation(said) } else { said.to_owned() },
        ]);
    }
    for column in 3..7 {
        right(&mut rows, column);
    }
    writeln!(out, "{}", trimmed(&rows))?;
    if scans.iter().any(|(_, again)| matches!(again, Some(Again::Other(_)))) {
        writeln!(out, "\nThe same events, day and rules gave other findings than were recorded: another version of the program, or a changed ledger (countersign verify).")?;
    }
    if !global.quiet {
        writeln!(out, "\nNext: countersign diff {}      countersign scans --check", if scans.len() > 1 { "last~1 last" } else { "last" })?;
    }
    Ok(())
}

fn scan_json((s, again): &(PastScan, Option<Again>)) -> Value {
    let mut value = json!({
        "seq": s.seq.0, "recorded_at": s.recorded_at.to_string(), "today": s.today.to_string(), "size": s.size,
        "summary": {
            "violation": s.violation, "documentation": s.documentation, "advisory": s.advisory, "not_evaluated": s.not_evaluated,
            "exposure_cents": s.exposure.0,
        },
        "rule_set": s.rule_set, "findings_digest": s.digest,
    });
    if let (Some(again), Some(object)) = (again, value.as_object_mut()) {
        let (same, digest) = match again {
            Again::Same => (Some(true), Some(&s.digest)),
            Again::Other(digest) | Again::Erased(digest) => (Some(false), Some(digest)),
            Again::OtherRules => (None, None),
        };
        object.insert("again".to_owned(), json!({"same": same, "findings_digest": digest, "other_rules": *again == Again::OtherRules, "values_erased": matches!(again, Again::Erased(_))}));
    }
    value
}

fn csv(scans: &[(PastScan, Option<Again>)]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "seq,recorded_at,today,size,violation,documentation,advisory,not_evaluated,exposure_cents,rule_set,findings_digest,again")?;
    for (s, again) in scans {
        let cells = [
            s.seq.to_string(),
            s.recorded_at.to_string(),
            s.today.to_string(),
            s.size.to_string(),
            s.violation.to_string(),
            s.documentation.to_string(),
            s.advisory.to_string(),
            s.not_evaluated.to_string(),
            s.exposure.0.to_string(),
            s.rule_set.clone(),
            s.digest.clone(),
            word(again.as_ref()).to_owned(),
        ];
        writeln!(out, "{}", cells.iter().map(|c| cell(c)).collect::<Vec<_>>().join(","))?;
    }
    Ok(())
}
