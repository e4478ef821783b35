//! `exposure`: money at risk, each claim line once, what became of the claims, and the clocks that people started.
//! Prints what `audit` computed; whether and when the law's own clock began is said to be counsel's question.

use std::io::{self, Write};

use audit::exposure::{By, Clock, Exposure, Group, Overpayment, State, exposure};
use audit::vocabulary::{Cents, KnownAt, ValidDay};
use audit::words::{count, day, money};
use serde_json::{Value, json};

use super::findings::cell;
use super::{Outcome, banner, when};
use crate::args::{ExposureBy, Format, Global, When};
use crate::exit::Done;
use crate::paper::{Style, prose, right, table, trimmed};

pub(crate) fn run(global: &Global, by: ExposureBy, at: &When, now: KnownAt) -> Outcome {
    let (today, cut) = when(at)?;
    let exposure = exposure(&global.ledger, by.into(), cut, today, now)?;
    match global.format() {
        Format::Human => human(global, &exposure)?,
        Format::Json => writeln!(io::stdout().lock(), "{}", whole(&exposure))?,
        Format::Ndjson => {
            let mut out = io::stdout().lock();
            for group in &exposure.groups {
                writeln!(out, "{}", group_json(group, exposure.by))?;
            }
        }
        Format::Csv => csv(&exposure)?,
    }
    Ok(Done::Clean)
}

impl From<ExposureBy> for By {
    fn from(by: ExposureBy) -> Self {
        match by {
            ExposureBy::Rule => By::Rule,
            ExposureBy::Program => By::Program,
            ExposureBy::Peer => By::Peer,
            ExposureBy::Month => By::Month,
        }
    }
}

/// Groups shown to people before "and more".
const SHOWN: usize = 12;

fn human(global: &Global, e: &Exposure) -> io::Result<()> {
    let style = Style::stdout(global);
    let mut out = io::stdout().lock();
    banner(&mut out, e.frame.simulated)?;
    let live = e.total.amounts.live;
    let lines = count(e.total.lines, "claim line");
    writeln!(out, "{} at risk on {}: {} under {}.", style.strong(&money(live)), day(e.frame.today), lines, count(e.total.findings, "violation"))?;
    if e.after_waivers != live {
        writeln!(out, "{} without the findings that are waived.", money(e.after_waivers))?;
    }
    if !e.groups.is_empty() {
        writeln!(out)?;
        let mut rows = table(&[title(e.by), "Found", "At risk", "Voided", "Denied", "Replaced", "Repaid"]);
        for group in e.groups.iter().take(SHOWN) {
            rows.add_row(cells(&group.key, group));
        }
        let more = e.groups.len().saturating_sub(SHOWN);
        if more > 0 {
            rows.add_row([format!("... and {more} more: --format csv"), String::new(), String::new(), String::new(), String::new(), String::new(), String::new()]);
        }
        rows.add_row(cells("total, each line once", &e.total));
        for column in 1..7 {
            right(&mut rows, column);
        }
        writeln!(out, "{}", trimmed(&rows))?;
    }
    clocks(&mut out, style, e)?;
    if !e.limits.is_empty() {
        writeln!(out, "\n{}", style.strong("Claims that grow old"))?;
        let mut rows = table(&["Claim", "Service", "On", "At risk", "What that means"]);
        for limit in &e.limits {
            rows.add_row([limit.claim.clone(), day(limit.service_date), day(limit.on), money(limit.exposure), limit.reached.says().to_owned()]);
        }
        right(&mut rows, 3);
        writeln!(out, "{}", trimmed(&rows))?;
    }
    Ok(())
}

fn title(by: By) -> &'static str {
    match by {
        By::Rule => "Rule",
        By::Program => "Program",
        By::Peer => "Peer",
        By::Month => "Month",
    }
}

fn cells(name: &str, group: &Group) -> [String; 7] {
    let some = |amount: Cents| if amount.0 == 0 { String::new() } else { money(amount) };
    let a = &group.amounts;
    [name.to_owned(), group.findings.to_string(), money(a.live), some(a.voided), some(a.denied), some(a.replaced), some(group.repaid)]
}

fn clocks(out: &mut impl Write, style: Style, e: &Exposure) -> io::Result<()> {
    writeln!(out, "\n{}", style.strong("Overpayment clocks"))?;
    if e.overpayments.is_empty() {
        return write!(out, "{}", prose("None runs: nobody entered an overpayment. Findings start no clock.", 2));
    }
    let mut rows = table(&["Overpayment", "Suspected", "Determined", "Quantified", "Federal statute", "New York"]);
    let on = |day_of: Option<ValidDay>| day_of.map_or_else(String::new, day);
    for o in &e.overpayments {
        let amount = o.amount.map_or_else(String::new, |a| format!(" {}", money(a)));
        rows.add_row([
            o.id.clone(),
            on(o.suspected_on),
            on(o.determined_on),
            format!("{}{amount}", on(o.quantified_on)),
            clock_words(&o.federal),
            clock_words(&o.new_york),
        ]);
    }
    writeln!(out, "{}", trimmed(&rows))?;
    for o in &e.overpayments {
        if let Some(through) = o.medicare_only_suspension_through {
            let said = format!("{}: an investigation would suspend a Medicare clock through {}. That rule does not bind Medicaid, and nothing is suspended here.", o.id, day(through));
            write!(out, "{}", prose(&said, 2))?;
        }
    }
    let said = "Counted from the days that people entered: the federal statute from determined, New York from the later of determined and quantified. \
                Whether the law's own clock began earlier is a question for counsel.";
    write!(out, "{}", prose(said, 2))
}

fn clock_words(clock: &Clock) -> String {
    let due = clock.due_on.map_or_else(String::new, day);
    match clock.state {
        State::NotStarted => "not started".to_owned(),
        State::Running(left) => format!("due {due}, {} left", count(u64::try_from(left).unwrap_or(0), "day")),
        State::Tolled(since) => format!("stopped by disclosure {}", day(since)),
        State::PastDue(by) => format!("due {due}, {} past", count(u64::try_from(by).unwrap_or(0), "day")),
        State::Returned(on, true) => format!("repaid {}", day(on)),
        State::Returned(on, false) => format!("repaid {}, after {due}", day(on)),
    }
}

fn whole(e: &Exposure) -> Value {
    let limits: Vec<Value> = e
        .limits
        .iter()
        .map(|l| {
            json!({"claim": l.claim, "service_date": l.service_date.to_string(), "reached": l.reached.as_str(), "on": l.on.to_string(),
                   "exposure_cents": l.exposure.0, "says": l.reached.says()})
        })
        .collect();
    let sources: Vec<Value> =
        e.sources.iter().map(|s| json!({"name": s.name, "days": s.days, "value": s.value, "source": s.source, "note": s.note})).collect();
    json!({
        "schema": "countersign.exposure.v1",
        "ledger": {"origin": e.frame.origin, "size": e.frame.size, "root": e.frame.root, "simulated": e.frame.simulated},
        "as_of": {"seq": e.frame.as_of_seq, "recorded_at": e.frame.as_of_recorded_at.to_string()},
        "today": e.frame.today.to_string(),
        "rule_set": e.frame.rule_set,
        "by": e.by.as_str(),
        "total": amounts(&e.total),
        "after_waivers_cents": e.after_waivers.0,
        "repaid_undivided_cents": e.repaid_undivided.0,
        "groups": e.groups.iter().map(|g| group_json(g, e.by)).collect::<Vec<_>>(),
        "overpayments": e.overpayments.iter().map(overpayment).collect::<Vec<_>>(),
        "limits": limits,
        "parameters": sources,
    })
}

fn amounts(group: &Group) -> Value {
    let a = &group.amounts;
    json!({"findings": group.findings, "lines": group.lines, "live_cents": a.live.0, "voided_cents": a.voided.0, "denied_cents": a.denied.0,
           "replaced_cents": a.replaced.0, "repaid_cents": group.repaid.0})
}

fn group_json(group: &Group, by: By) -> Value {
    let mut value = amounts(group);
    if let Some(object) = value.as_object_mut() {
        object.insert(by.as_str().to_owned(), group.key.clone().into());
    }
    value
}

fn overpayment(o: &Overpayment) -> Value {
    let on = |d: Option<ValidDay>| d.map(|d| d.to_string());
    let clock = |c: &Clock| {
        let (left, since) = match c.state {
            State::Running(left) => (Some(left), None),
            State::PastDue(by) => (Some(-by), None),
            State::Tolled(since) => (None, Some(since.to_string())),
            State::NotStarted | State::Returned(..) => (None, None),
        };
        json!({"started_on": on(c.started_on), "due_on": on(c.due_on), "state": c.state.as_str(), "days_left": left, "tolled_on": since})
    };
    json!({
        "overpayment": o.id,
        "findings": o.findings,
        "suspected_on": on(o.suspected_on),
        "determined_on": on(o.determined_on),
        "quantified_on": on(o.quantified_on),
        "amount_cents": o.amount.map(|a| a.0),
        "investigation_opened_on": on(o.investigated_from),
        "investigation_closed_on": on(o.investigated_to),
        "disclosure_submitted_on": on(o.disclosed_on),
        "disclosure_acknowledged_on": on(o.acknowledged_on),
        "repaid_cents": o.repaid.0,
        "repaid_in_full_on": on(o.repaid_in_full_on),
        "federal": clock(&o.federal),
        "new_york": clock(&o.new_york),
        "medicare_only_suspension_through": on(o.medicare_only_suspension_through),
    })
}

fn csv(e: &Exposure) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{},findings,lines,live_cents,voided_cents,denied_cents,replaced_cents,repaid_cents", e.by.as_str())?;
    for g in &e.groups {
        let a = &g.amounts;
        writeln!(
            out,
            "{},{},{},{},{},{},{},{}",
            cell(&g.key),
            g.findings,
            g.lines,
            a.live.0,
            a.voided.0,
            a.denied.0,
            a.replaced.0,
            g.repaid.0
        )?;
    }
    Ok(())
}
