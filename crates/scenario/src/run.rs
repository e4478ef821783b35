//! Runs the cases of one rule and says where expectation and findings differ.
//! Only findings of the rule itself are compared, so a case tells of nothing else.

use anyhow::{Context, Result, bail};
use domain::{Draft, KnownAt, Recorded, ValidDay};
use rules::{Engine, Report};
use std::collections::BTreeMap;

use crate::findings::{Expected, write, write_not_evaluated};
use crate::markdown::Case;
use crate::{replay, script};

/// A line of a findings block: a cut, a day, and what is expected then.
#[derive(Debug)]
pub(crate) struct Check {
    pub(crate) head: String,
    pub(crate) cut: KnownAt,
    pub(crate) today: ValidDay,
    expected: Vec<Expected>,
}

/// `known <date or instant>` as an instant: a bare date is noon in New York.
fn known(text: &str) -> Result<KnownAt> {
    let noon = format!("{text}T12:00");
    let at = if text.contains('T') { script::instant(text) } else { script::instant(&noon) };
    Ok(KnownAt::from_micros(at.with_context(|| format!("known {text:?}: not a date or time"))?.micros()))
}

pub(crate) fn events(case: &Case) -> Result<Vec<Recorded>> {
    let mut at = None;
    let mut days: BTreeMap<String, ValidDay> = BTreeMap::new();
    let mut drafts: Vec<Draft> = Vec::new();
    for line in case.common.iter().chain(&case.events) {
        if let Some(when) = line.trim().strip_prefix("known ") {
            let next = known(when.trim())?;
            if at.is_some_and(|now| next < now) {
                bail!("known {when} goes back");
            }
            at = Some(next);
            continue;
        }
        let draft = script::draft(line, at.context("events begin with a `known` line")?, |c| days.get(c).copied())?;
        if let Some((contact, day)) = script::contact_day(&draft.event) {
            days.insert(contact.to_owned(), day);
        }
        drafts.push(draft);
    }
    replay::record(drafts)
}

pub(crate) fn checks(case: &Case) -> Result<Vec<Check>> {
    let mut checks: Vec<Check> = Vec::new();
    for line in &case.findings {
        let rest = match line.trim().strip_prefix("known ") {
            None => line.trim(),
            Some(rest) => {
                let (when, mut rest) = rest.split_once(char::is_whitespace).with_context(|| format!("{line:?}: `none` or a finding is missing"))?;
                let day = ValidDay::parse(when.get(..10).unwrap_or(when)).with_context(|| format!("{when:?} is not a date"))?;
                let cut = if when.contains('T') { known(when)? } else { KnownAt::from_micros(day.deadline_passed().micros() - 1) };
                let mut head = format!("known {when}");
                let mut today = day;
                if let Some(after) = rest.trim_start().strip_prefix("today ") {
                    let (text, after) = after.split_once(char::is_whitespace).with_context(|| format!("{line:?}: `none` or a finding is missing"))?;
                    today = ValidDay::parse(text).with_context(|| format!("{text:?} is not a date"))?;
                    head = format!("{head} today {text}");
                    rest = after;
                }
                checks.push(Check { head, cut, today, expected: Vec::new() });
                rest.trim()
            }
        };
        let check = checks.last_mut().context("findings begin with a `known` line")?;
        if rest != "none" {
            check.expected.push(Expected::parse(rest)?);
        }
    }
    Ok(checks)
}

fn own(report: Report, rule: &str) -> Report {
    let mut report = report;
    report.findings.retain(|f| f.rule == rule);
    report.not_evaluated.retain(|n| n.rule == rule);
    report
}

/// What differs in a case; empty when nothing does.
///
/// # Errors
/// A case that cannot be read.
pub fn differences(engine: &Engine, rule: &str, case: &Case) -> Result<Vec<String>> {
    let recorded = events(case)?;
    let mut differences = Vec::new();
    for check in checks(case)? {
        let report = own(replay::judge(engine, &recorded, check.cut, check.today), rule);
        let unexpected = report.each().filter(|f| !check.expected.iter().any(|e| e.matches(f))).map(write);
        let unjudged = report.not_evaluated.iter().filter(|n| !check.expected.iter().any(|e| e.matches_not_evaluated(n))).map(write_not_evaluated);
        let missing = check.expected.iter().filter(|e| {
            !report.findings.iter().any(|f| e.matches(f)) && !report.not_evaluated.iter().any(|n| e.matches_not_evaluated(n))
        });
        differences.extend(unexpected.chain(unjudged).map(|f| format!("{}: found     {f}", check.head)));
        differences.extend(missing.map(|e| format!("{}: expected  {e:?}", check.head)));
    }
    Ok(differences)
}

/// The whole reports of a case, every rule's, at each line of its findings block that begins with `known`.
///
/// # Errors
/// A case that cannot be read.
pub fn reports(engine: &Engine, case: &Case) -> Result<Vec<Report>> {
    let recorded = events(case)?;
    Ok(checks(case)?.iter().map(|check| replay::judge(engine, &recorded, check.cut, check.today)).collect())
}

/// The findings block as the engine would write it, for blessing.
///
/// # Errors
/// A case that cannot be read.
pub fn bless(engine: &Engine, rule: &str, case: &Case) -> Result<Vec<String>> {
    let recorded = events(case)?;
    let mut lines = Vec::new();
    for check in checks(case)? {
        let report = own(replay::judge(engine, &recorded, check.cut, check.today), rule);
        let found: Vec<String> = report.each().map(write).chain(report.not_evaluated.iter().map(write_not_evaluated)).collect();
        match found.split_first() {
            None => lines.push(format!("{}  none", check.head)),
            Some((first, rest)) => {
                lines.push(format!("{}  {first}", check.head));
                lines.extend(rest.iter().map(|f| format!("  {f}")));
            }
        }
    }
    Ok(lines)
}
