//! Changes as data: one JSON object, one object a line, or CSV.
//! The field names are a promise; causes are in order, the decisive one first.

use std::io::{self, Write};

use audit::changes::{Because, Change, Changes, Kind, Side};
use audit::compare::Standing;
use audit::json::FindingJson;
use serde_json::{Value, json};

use crate::args::Format;
use crate::commands::explain::fact_json;
use crate::commands::findings::cell;

pub(super) fn write(format: Format, changes: &Changes, schema: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match format {
        Format::Human | Format::Json => writeln!(out, "{}", whole(changes, schema)),
        Format::Ndjson => changes.changes.iter().try_for_each(|c| writeln!(out, "{}", change(c))),
        Format::Csv => {
            writeln!(out, "change,id,rule,subject,class_before,class_after,status_before,status_after,exposure_before,exposure_after,cause,cause_seq,known_at,actor,message")?;
            changes.changes.iter().try_for_each(|c| writeln!(out, "{}", row(c)))
        }
    }
}

fn side(side: &Side) -> Value {
    json!({
        "point": side.point.words,
        "scan": side.point.scan.as_ref().map(|s| s.seq.0),
        "as_of": {"seq": side.frame.as_of_seq, "recorded_at": side.frame.as_of_recorded_at.to_string()},
        "size": side.frame.size, "root": side.frame.root, "today": side.frame.today.to_string(),
        "summary": {
            "violation": side.summary.violation, "documentation": side.summary.documentation, "advisory": side.summary.advisory,
            "not_evaluated": side.summary.not_evaluated, "exposure_cents": side.summary.exposure.0,
        },
    })
}

fn whole(changes: &Changes, schema: &str) -> Value {
    let frame = &changes.after.frame;
    let counted = |kind: Kind| changes.of(&[kind]).count();
    json!({
        "schema": schema,
        "ledger": {"origin": frame.origin, "simulated": frame.simulated},
        "rule_set": frame.rule_set,
        "before": side(&changes.before),
        "after": side(&changes.after),
        "summary": {
            "appeared": counted(Kind::Appeared), "reopened": counted(Kind::Reopened), "class_changed": counted(Kind::ClassChanged),
            "cured_late": counted(Kind::CuredLate), "status_changed": counted(Kind::StatusChanged), "cleared": counted(Kind::Cleared),
            "not_evaluated_any_more": counted(Kind::NotEvaluatedAnyMore),
        },
        "notes": changes.notes,
        "changes": changes.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

fn standing(s: Option<Standing>) -> Value {
    s.map_or(Value::Null, |s| json!({"class": s.class.as_str(), "status": s.status.as_str(), "exposure_cents": s.exposure.0}))
}

fn change(c: &Change) -> Value {
    let causes: Vec<Value> = c
        .causes
        .iter()
        .map(|b| match b {
            Because::Event(fact) => fact_json(fact),
            Because::Day { from, to } => json!({"type": "deadline", "from": from.to_string(), "to": to.to_string()}),
        })
        .collect();
    json!({
        "change": c.kind.as_str(), "before": standing(c.difference.before), "after": standing(c.difference.after),
        "causes": causes, "finding": FindingJson::new(&c.difference.finding, None),
    })
}

fn row(c: &Change) -> String {
    let f = &c.difference.finding;
    let of = |s: Option<Standing>, get: fn(Standing) -> String| s.map_or_else(String::new, get);
    let class: fn(Standing) -> String = |s| s.class.as_str().to_owned();
    let status: fn(Standing) -> String = |s| s.status.as_str().to_owned();
    let cents: fn(Standing) -> String = |s| s.exposure.0.to_string();
    let (was, is) = (c.difference.before, c.difference.after);
    let (cause, seq, known, actor) = match c.causes.first() {
        Some(Because::Event(fact)) => (fact.kind.to_owned(), fact.seq.to_string(), fact.known_at.to_string(), fact.actor.clone().unwrap_or_default()),
        Some(Because::Day { to, .. }) => ("deadline".to_owned(), String::new(), to.to_string(), String::new()),
        None => (String::new(), String::new(), String::new(), String::new()),
    };
    let cells = [
        c.kind.as_str().to_owned(), f.id.to_string(), f.rule.to_owned(), f.subject.to_string(), of(was, class), of(is, class), of(was, status),
        of(is, status), of(was, cents), of(is, cents), cause, seq, known, actor, f.message.clone(),
    ];
    cells.iter().map(|c| cell(c)).collect::<Vec<_>>().join(",")
}
