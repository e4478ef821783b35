//! A report for people, step by step with the sentence at the end, and for programs as JSON.
//! It refuses to pass on control characters of a hostile pack to a terminal.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::report::{Outcome, Report, Verdict};

/// Findings whose evidence is printed for people; JSON has all.
const SHOWN: usize = 20;

/// The report for people. Colours are the caller's affair: none are in it.
pub fn to_text(report: &Report) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    if report.told.simulated {
        text.push_str("SIMULATED: nobody in this pack exists.\n\n");
    }
    for step in &report.steps {
        let _ = writeln!(text, "{:<11}  {}\n             {}", step.outcome.as_str(), step.what, plain(&step.detail));
    }
    if !report.restated.is_empty() && report.verdict() != Verdict::Failed {
        text.push_str("\nThe findings, with their evidence as the records say it:\n");
        for finding in report.restated.iter().take(SHOWN) {
            let _ = writeln!(text, "\n  {} {} ({})\n  {}", plain(&finding.id), plain(&finding.rule), plain(&finding.class), plain(&finding.message));
            for (seq, words) in &finding.evidence {
                let _ = writeln!(text, "    seq {seq}  {}", plain(words));
            }
        }
        if report.restated.len() > SHOWN {
            let _ = writeln!(text, "\n  and {} more; --json lists them all", report.restated.len() - SHOWN);
        }
    }
    if report.told.part2 {
        text.push_str("\n42 CFR part 2 prohibits unauthorized use or disclosure of these records.\n");
    }
    let _ = writeln!(text, "\n{}", plain(&report.sentence()));
    text
}

/// Without control characters, so that no pack can move the cursor.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// The report as one JSON object, `countersign.pack_verify.v1`.
pub fn to_json(report: &Report) -> Value {
    let told = &report.told;
    let steps: Vec<Value> = report
        .steps
        .iter()
        .map(|step| {
            let outcome = match step.outcome {
                Outcome::Passed => "passed",
                Outcome::Failed => "failed",
                Outcome::NotChecked => "not_checked",
            };
            json!({"id": step.id, "what": step.what, "outcome": outcome, "detail": step.detail})
        })
        .collect();
    let findings: Vec<Value> = report
        .restated
        .iter()
        .map(|f| {
            let evidence: Vec<Value> = f.evidence.iter().map(|(seq, says)| json!({"seq": seq, "says": says})).collect();
            json!({"id": f.id, "rule": f.rule, "class": f.class, "message": f.message, "evidence": evidence})
        })
        .collect();
    json!({
        "schema": "countersign.pack_verify.v1",
        "verdict": report.verdict().as_str(),
        "sentence": report.sentence(),
        "origin": told.origin,
        "simulated": told.simulated,
        "size": told.tree.as_ref().map(|(size, _)| size),
        "root": told.tree.as_ref().map(|(_, root)| root),
        "scope": told.scope,
        "complete": told.complete.map(|(from, to)| json!({"from": from, "to": to})),
        "frames": told.frames,
        "bodies": told.bodies,
        "erased": told.erased,
        "anchored_at": told.anchor.as_ref().map(|(_, size)| size),
        "witnessed_at": told.witnessed,
        "today": told.judged.as_ref().map(|(today, _)| today),
        "rule_set": told.judged.as_ref().map(|(_, rules)| rules),
        "steps": steps,
        "findings": findings,
    })
}
