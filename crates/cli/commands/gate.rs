//! `gate`: claims not yet submitted, each passed or held with the reasons. Exit 1 if any is held.
//! An unknown is always said; with `--strict` it holds the claim.

use std::io::{self, Write};

use audit::ahead::gate::{Gate, Verdict, gate};
use audit::intake::IntakeOptions;
use audit::json::FindingJson;
use audit::vocabulary::{Cents, Finding, KnownAt};
use audit::words::{count, day, money, sentence};
use serde_json::{Value, json};

use super::findings::cell;
use super::{Outcome, banner};
use crate::args::{Format, GateArgs, Global};
use crate::exit::Done;
use crate::paper::{Style, right, table, trimmed};

pub(crate) fn run(global: &Global, args: &GateArgs, now: KnownAt) -> Outcome {
    let today = super::day("--today", args.today.as_deref())?;
    // A gate takes claims and nothing else, so the type of a CSV need not be said; with a mapping, that says it.
    let as_type = args.maps.is_empty().then(|| "claim_submitted".to_owned());
    let options = IntakeOptions { as_type, maps: args.maps.clone(), dry_run: true, partial: false, max_problems: super::changes::KEPT, now };
    let answer = gate(&global.ledger, &args.files, args.strict, today, &options)?;
    let Some(frame) = &answer.frame else {
        return super::import::refused(global, &answer.intake);
    };
    match global.format() {
        Format::Human => human(global, &answer)?,
        Format::Json => {
            let held = answer.held().count();
            let value = json!({
                "schema": "countersign.gate.v1",
                "ledger": {"origin": frame.origin, "size": frame.size, "root": frame.root, "simulated": frame.simulated},
                "today": frame.today.to_string(), "rule_set": frame.rule_set, "strict": args.strict,
                "summary": {"claims": answer.claims.len(), "held": held, "passed": answer.claims.len() - held},
                "claims": answer.claims.iter().map(claim_json).collect::<Vec<_>>(),
                "notices": super::import::notice_lines(&answer.intake),
            });
            writeln!(io::stdout().lock(), "{value}")?;
        }
        Format::Ndjson => {
            let mut out = io::stdout().lock();
            for claim in &answer.claims {
                writeln!(out, "{}", claim_json(claim))?;
            }
        }
        Format::Csv => csv(&answer)?,
    }
    Ok(if answer.held().next().is_some() { Done::Found } else { Done::Clean })
}

fn human(global: &Global, answer: &Gate) -> io::Result<()> {
    let style = Style::stdout(global);
    let mut out = io::stdout().lock();
    let Some(frame) = &answer.frame else { return Ok(()) };
    banner(&mut out, frame.simulated)?;
    let held: Vec<&Verdict> = answer.held().collect();
    let charge: i64 = held.iter().map(|c| c.charge_cents).sum();
    let passed = (answer.claims.len() - held.len()) as u64;
    let said = format!("{} of {} held ({})", held.len(), count(answer.claims.len() as u64, "claim"), money(Cents(charge)));
    let said = if held.is_empty() { style.good(&said) } else { style.violation(&said) };
    writeln!(out, "{said}, {passed} may go, judged on {}. Nothing was appended.", day(frame.today))?;
    super::import::notices(global, &answer.intake, &mut out)?;
    if answer.claims.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let mut rows = table(&["Claim", "", "Charge", "Why"]);
    for claim in &answer.claims {
        let why = reasons(claim);
        let mark = if claim.held { style.violation("■ held") } else { style.good("passes") };
        // A claim that passes with nothing to say is counted above.
        if claim.held || !why.is_empty() {
            for (i, reason) in why.iter().enumerate() {
                let first = i == 0;
                let lead = |text: String| if first { text } else { String::new() };
                rows.add_row([lead(claim.claim.clone()), lead(mark.clone()), lead(money(Cents(claim.charge_cents))), reason.clone()]);
            }
        }
    }
    right(&mut rows, 2);
    if !rows.is_empty() {
        writeln!(out, "{}", trimmed(&rows))?;
    }
    Ok(())
}

fn reasons(claim: &Verdict) -> Vec<String> {
    let mut said: Vec<String> = claim.submitted.then(|| "The ledger has this claim already".to_owned()).into_iter().collect();
    said.extend(claim.held_for.iter().map(|f| format!("{}: {}", f.rule, sentence(&f.message))));
    said.extend(claim.unknown.iter().map(|n| format!("{} could not be judged for {}: {}", n.rule, n.subject, n.missing)));
    said.extend(claim.gaps.iter().map(|f| format!("Documentation gap, {}: {}", f.rule, sentence(&f.message))));
    said
}

fn claim_json(c: &Verdict) -> Value {
    let findings = |list: &[Finding]| -> Vec<Value> { list.iter().map(|f| json!(FindingJson::new(f, None))).collect() };
    let unknown: Vec<Value> = c.unknown.iter().map(|n| json!({"rule": n.rule, "subject": n.subject.to_string(), "missing": n.missing})).collect();
    json!({
        "claim": c.claim, "individual": c.individual, "line": c.line, "verdict": if c.held { "held" } else { "pass" }, "submitted": c.submitted,
        "charge_cents": c.charge_cents, "held_for": findings(&c.held_for), "not_evaluated": unknown, "gaps": findings(&c.gaps),
    })
}

/// A line for each reason; a claim without any has one line.
fn csv(answer: &Gate) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "claim,line,verdict,charge_cents,reason,rule,subject,message")?;
    for c in &answer.claims {
        let mut reasons: Vec<[String; 4]> = Vec::new();
        let of = |kind: &str, f: &Finding| [kind.to_owned(), f.rule.to_owned(), f.subject.to_string(), f.message.clone()];
        reasons.extend(c.held_for.iter().map(|f| of("violation", f)));
        reasons.extend(c.unknown.iter().map(|n| ["not_evaluated".to_owned(), n.rule.to_owned(), n.subject.to_string(), n.missing.clone()]));
        reasons.extend(c.gaps.iter().map(|f| of("documentation", f)));
        if reasons.is_empty() {
            reasons.push(Default::default());
        }
        for reason in reasons {
            let verdict = if c.held { "held" } else { "pass" };
            let cells = [c.claim.clone(), c.line.to_string(), verdict.to_owned(), c.charge_cents.to_string()].into_iter().chain(reason);
            writeln!(out, "{}", cells.map(|c| cell(&c)).collect::<Vec<_>>().join(","))?;
        }
    }
    Ok(())
}
