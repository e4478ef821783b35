//! `rules impact FILE`: what other settings would change in the findings. Nothing is appended.
//! Prints differences only; what stays as it is is counted.

use std::io::{self, Write};
use std::path::Path;

use audit::compare::{Difference, Standing};
use audit::impact::{Impact, impact};
use audit::vocabulary::{Class, Finding, KnownAt, Summary};
use audit::words::{count, money, sentence};
use serde_json::json;

use super::list::{unknown_json, unknown_line};
use crate::args::{Format, Global, When};
use crate::commands::scan::short;
use crate::commands::{Outcome, banner, when};
use crate::exit::Done;
use crate::paper::{Style, table, trimmed};
use crate::progress::Progress;

pub(super) fn run(global: &Global, file: &Path, asked: &When, now: KnownAt) -> Outcome {
    let (today, cut) = when(asked)?;
    let progress = Progress::new(global, "replaying");
    let impact = impact(&global.ledger, file, cut, today, now, &|n, all| progress.of(n, all))?;
    drop(progress);
    let mut out = io::stdout().lock();
    match global.format() {
        Format::Human => human(global, &mut out, &impact)?,
        Format::Json => writeln!(out, "{}", data(&impact))?,
        Format::Ndjson => {
            for difference in &impact.differences {
                writeln!(out, "{}", difference_json(difference))?;
            }
        }
        Format::Csv => {
            writeln!(out, "change,finding,rule,subject,class_before,class_after,exposure_before,exposure_after,why")?;
            for d in &impact.differences {
                let class = |s: Option<Standing>| s.map_or(String::new(), |s| s.class.as_str().to_owned());
                let cents = |s: Option<Standing>| s.map_or(String::new(), |s| s.exposure.0.to_string());
                let Finding { id, rule, subject, .. } = &d.finding;
                let cells = [
                    d.word().to_owned(),
                    id.to_string(),
                    (*rule).to_owned(),
                    subject.to_string(),
                    class(d.before),
                    class(d.after),
                    cents(d.before),
                    cents(d.after),
                    d.cause.as_str().to_owned(),
                ];
                writeln!(out, "{}", cells.iter().map(|c| crate::commands::findings::cell(c)).collect::<Vec<_>>().join(","))?;
            }
        }
    }
    Ok(Done::Clean)
}

fn human(global: &Global, out: &mut impl Write, impact: &Impact) -> io::Result<()> {
    let style = Style::stdout(global);
    banner(out, impact.loaded.frame.simulated)?;
    writeln!(out, "{} with other settings. Nothing is appended.", style.strong(&impact.loaded.frame.origin))?;
    for set in &impact.sets {
        writeln!(out, "  {} = {} from {}", set.name, set.value, set.from)?;
    }
    for unknown in &impact.unknown {
        writeln!(out, "  {} {}", style.violation("no rule and no table reads"), unknown_line(unknown))?;
    }
    writeln!(out, "\nRule set {} becomes {}.", short(&impact.before.rule_set), short(&impact.after.rule_set))?;
    if let Some(last) = impact.last_scanned_with() {
        writeln!(out, "The last scan recorded was by rule set {}: what differs from it may be the rules' doing too.", short(last))?;
    }
    writeln!(out, "  now   {}\n  then  {}", counts(&impact.now.summary), counts(&impact.then.summary))?;
    if impact.differences.is_empty() {
        return writeln!(out, "\n{}", style.good("No finding would change."));
    }
    let mut rows = table(&["Change", "Finding", "Rule", "Class", "What", "Why"]);
    for d in &impact.differences {
        let class = match (d.before, d.after) {
            (Some(before), Some(after)) if before.class != after.class => format!("{} \u{2192} {}", before.class, style.class(after.class)),
            (before, after) => after.or(before).map_or(String::new(), |s| style.class(s.class)),
        };
        rows.add_row([d.word().to_owned(), d.finding.id.to_string(), d.finding.rule.to_owned(), class, sentence(&d.finding.message), d.cause.as_str().to_owned()]);
    }
    writeln!(out, "\n{}", trimmed(&rows))?;
    let unchanged = impact.now.findings.len().saturating_sub(impact.differences.iter().filter(|d| d.before.is_some()).count());
    writeln!(out, "\n{} would change, {} stay as they are.", count(impact.differences.len() as u64, "finding"), unchanged)
}

fn counts(s: &Summary) -> String {
    format!(
        "{}, {}, {}, {} not evaluated, {} at risk",
        count(s.violation, "violation"),
        count(s.documentation, "documentation gap"),
        count(s.advisory, "advisory"),
        s.not_evaluated,
        money(s.exposure)
    )
}

fn summary_json(s: &Summary) -> serde_json::Value {
    json!({
        "violation": s.violation, "documentation": s.documentation, "advisory": s.advisory,
        "not_evaluated": s.not_evaluated, "exposure_cents": s.exposure.0,
    })
}

fn difference_json(d: &Difference) -> serde_json::Value {
    let standing = |s: Option<Standing>| {
        s.map(|s| json!({"class": Class::as_str(s.class), "status": s.status.as_str(), "exposure_cents": s.exposure.0}))
    };
    let subject: serde_json::Map<String, serde_json::Value> =
        d.finding.subject.0.iter().map(|(key, value)| ((*key).to_owned(), json!(value.to_string()))).collect();
    json!({
        "change": d.word(), "id": d.finding.id, "rule": d.finding.rule, "subject": subject,
        "before": standing(d.before), "after": standing(d.after), "message": d.finding.message, "why": d.cause.as_str(),
    })
}

fn data(impact: &Impact) -> serde_json::Value {
    let sets: Vec<_> = impact.sets.iter().map(|s| json!({"name": s.name, "value": s.value.to_string(), "from": s.from.to_string()})).collect();
    json!({
        "schema": "countersign.impact.v1",
        "ledger": {"origin": impact.loaded.frame.origin, "size": impact.before.size, "root": impact.before.root, "simulated": impact.loaded.frame.simulated},
        "today": impact.before.today.to_string(),
        "set": sets,
        "unknown": impact.unknown.iter().map(unknown_json).collect::<Vec<_>>(),
        "rule_set": {"now": impact.before.rule_set, "then": impact.after.rule_set, "last_scan": impact.loaded.activated},
        "summary": {"now": summary_json(&impact.now.summary), "then": summary_json(&impact.then.summary)},
        "differences": impact.differences.iter().map(difference_json).collect::<Vec<_>>(),
    })
}
