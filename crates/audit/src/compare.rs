//! Two reports held against each other: what appeared, cleared or changed, and whether the rules or the facts are why.
//! Says that it cannot tell where both changed and nobody judged the step between; it never guesses.

use std::collections::BTreeMap;

use domain::{Cents, ValidDay};
use rules::{Class, Finding, Report, Status};

use crate::json::Frame;

/// What a report was made from: the facts, the day and the rule set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// Events that counted.
    pub size: u64,
    /// Root over them.
    pub root: String,
    /// Evaluation day.
    pub today: ValidDay,
    /// Identity of the rule set.
    pub rule_set: String,
}

impl From<&Frame> for Basis {
    fn from(frame: &Frame) -> Self {
        Self { size: frame.size, root: frame.root.clone(), today: frame.today, rule_set: frame.rule_set.clone() }
    }
}

/// What is different between two reports, as far as their bases say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The facts: events were added.
    Facts,
    /// The rules: another version, or other parameters, on the same facts.
    Rules,
    /// Only the day: a deadline passed.
    Day,
    /// Events were added and the day moved on; the rules are the same.
    FactsOrDay,
    /// Both the facts and the rules, each with its part in it.
    Both,
    /// Both changed, and what the new rules say of the old facts was not asked.
    Untold,
    /// Nothing: the same facts, day and rules. A difference then is a fault of the program.
    Nothing,
}

impl Cause {
    /// The cause in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Cause::Facts => "the facts changed",
            Cause::Rules => "the rule changed",
            Cause::Day => "a deadline passed",
            Cause::FactsOrDay => "the facts changed or a deadline passed",
            Cause::Both => "the facts and the rule changed",
            Cause::Untold => "the facts or the rule changed",
            Cause::Nothing => "nothing changed",
        }
    }

    /// Why reports on two bases can differ at all.
    pub fn between(before: &Basis, after: &Basis) -> Self {
        let facts = (before.size, &before.root) != (after.size, &after.root);
        let rules = before.rule_set != after.rule_set;
        let day = before.today != after.today;
        match (facts, rules, day) {
            (true, true, _) | (_, true, true) => Cause::Untold,
            (true, false, false) => Cause::Facts,
            (true, false, true) => Cause::FactsOrDay,
            (false, true, false) => Cause::Rules,
            (false, false, true) => Cause::Day,
            (false, false, false) => Cause::Nothing,
        }
    }
}

/// How a finding stood in a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Class.
    pub class: Class,
    /// Status.
    pub status: Status,
    /// Money at risk.
    pub exposure: Cents,
}

impl Standing {
    fn of(f: &Finding) -> Self {
        Self { class: f.class, status: f.status, exposure: f.exposure }
    }
}

/// A finding that is not the same in both reports.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The finding, as in the later report that has it.
    pub finding: Finding,
    /// How it stood; `None` if it was not there.
    pub before: Option<Standing>,
    /// How it stands; `None` if it is not there.
    pub after: Option<Standing>,
    /// Why.
    pub cause: Cause,
}

impl Difference {
    /// What happened, in a word.
    pub fn word(&self) -> &'static str {
        match (self.before, self.after) {
            (None, _) => "new",
            (Some(_), None) => "cleared",
            (Some(before), Some(after)) if before.class != after.class => "class changed",
            (Some(before), Some(after)) if before.status != after.status => "status changed",
            (Some(_), Some(_)) => "exposure changed",
        }
    }
}

/// What differs between two reports, in the order of class, rule and subject.
///
/// `between` is what the later rule set says of the earlier facts on the earlier day. With it each difference is told apart even where both
/// changed; without it such differences are [`Cause::Untold`].
pub fn compare(before: (&Basis, &Report), after: (&Basis, &Report), between: Option<&Report>) -> Vec<Difference> {
    let cause = Cause::between(before.0, after.0);
    let without_rules = Cause::between(before.0, &Basis { rule_set: before.0.rule_set.clone(), ..after.0.clone() });
    let (old, new) = (by_id(before.1), by_id(after.1));
    let step = between.map(by_id);
    let mut differences = Vec::new();
    for (id, finding) in old.iter().chain(new.iter().filter(|(id, _)| !old.contains_key(*id))) {
        let (was, is) = (standing(&old, id), standing(&new, id));
        if was == is {
            continue;
        }
        let cause = match (&step, cause) {
            (Some(step), Cause::Untold) => {
                let middle = standing(step, id);
                match (was == middle, middle == is) {
                    (false, true) => Cause::Rules,
                    (true, false) => without_rules,
                    (_, _) => Cause::Both,
                }
            }
            (_, cause) => cause,
        };
        let finding = new.get(id).copied().unwrap_or(finding).clone();
        differences.push(Difference { finding, before: was, after: is, cause });
    }
    differences.sort_by(|a, b| {
        let key = |d: &Difference| (d.after.or(d.before).map(|s| s.class), d.finding.rule);
        key(a).cmp(&key(b)).then_with(|| a.finding.subject.cmp(&b.finding.subject))
    });
    differences
}

fn by_id(report: &Report) -> BTreeMap<&str, &Finding> {
    report.each().map(|f| (f.id.as_str(), f)).collect()
}

fn standing(findings: &BTreeMap<&str, &Finding>, id: &str) -> Option<Standing> {
    findings.get(id).map(|f| Standing::of(f))
}
