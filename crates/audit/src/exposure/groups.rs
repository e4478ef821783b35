//! Claim lines under violations, once in the total and once in each group, by what became of their claims.
//! A rule's group holds the lines of its findings; the other groups hold lines by the claim's own program, peer and month, so they add up.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use compact_str::CompactString;
use domain::Cents;
use rules::subject::Name;
use rules::{Class, Finding, exposure::amount};
use timeline::View;
use timeline::money::ClaimEndKind;

use super::Overpayment;

/// How lines are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// By the rule broken.
    Rule,
    /// By the program on the claim.
    Program,
    /// By the peer who delivered the contact.
    Peer,
    /// By the month of the service date.
    Month,
}

impl By {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            By::Rule => "rule",
            By::Program => "program",
            By::Peer => "peer",
            By::Month => "month",
        }
    }
}

/// Money by what became of the claims: paid, or charged where nothing was adjudicated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amounts {
    /// On live claims: at risk.
    pub live: Cents,
    /// On voided claims.
    pub voided: Cents,
    /// On denied claims.
    pub denied: Cents,
    /// On claims replaced by others.
    pub replaced: Cents,
}

/// A group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// Rule, program, peer or month; empty for the total.
    pub key: String,
    /// Violations that concern it.
    pub findings: u64,
    /// Live claim lines.
    pub lines: u64,
    /// Money.
    pub amounts: Amounts,
    /// Repaid for overpayments suspected for its findings alone.
    pub repaid: Cents,
}

pub(super) struct Grouped {
    pub(super) groups: Vec<Group>,
    pub(super) total: Group,
    pub(super) undivided: Cents,
}

#[derive(Default)]
struct Collected {
    findings: BTreeSet<usize>,
    lines: BTreeSet<u32>,
}

pub(super) fn group(view: &View<'_>, findings: &[Arc<Finding>], by: By, overpayments: &[Overpayment]) -> Grouped {
    let mut groups: BTreeMap<String, Collected> = BTreeMap::new();
    let mut all = Collected::default();
    for (i, finding) in findings.iter().enumerate().filter(|(_, f)| f.class == Class::Violation) {
        let lines = involved(view, finding);
        let mut keys: Vec<(String, Option<u32>)> = lines.iter().map(|place| (line_key(view, finding, by, *place), Some(*place))).collect();
        if keys.is_empty() {
            keys.push((own_key(finding, by), None));
        }
        for (key, place) in keys {
            let group = groups.entry(key).or_default();
            group.findings.insert(i);
            group.lines.extend(place);
        }
        all.findings.insert(i);
        all.lines.extend(lines);
    }
    let repaid = repaid(findings, overpayments, &groups);
    let mut done: Vec<Group> = groups
        .iter()
        .map(|(key, collected)| Group { repaid: repaid.get(key).copied().unwrap_or_default(), ..summed(view, key, collected) })
        .collect();
    if by != By::Month {
        done.sort_by_key(|g| (std::cmp::Reverse(g.amounts.live), g.key.clone()));
    }
    let everything: Cents = overpayments.iter().map(|o| o.repaid).sum();
    let divided: Cents = repaid.values().copied().sum();
    let total = Group { repaid: everything, ..summed(view, "", &all) };
    Grouped { groups: done, total, undivided: Cents(everything.0.saturating_sub(divided.0)) }
}

/// Lines a violation concerns: the live ones it exposes, and those of claims that died, which it would expose if they were live.
fn involved(view: &View<'_>, finding: &Finding) -> BTreeSet<u32> {
    let history = view.history();
    let claim = finding.subject.0.iter().find_map(|(key, value)| match value {
        Name::Text(text) if *key == "claim" => history.find_claim(text),
        Name::Text(_) | Name::Number(_) => None,
    });
    let dead = finding
        .contacts
        .iter()
        .flat_map(|c| view.lines(c))
        .filter(|l| claim.is_none_or(|claim| claim == l.claim.value.claim) && !view.live(l.claim.value.claim))
        .map(|l| l.place);
    finding.exposed_lines().iter().copied().chain(dead).collect()
}

fn line_key(view: &View<'_>, finding: &Finding, by: By, place: u32) -> String {
    let history = view.history();
    let Some(line) = view.line_at(place) else { return own_key(finding, by) };
    match by {
        By::Rule => finding.rule.to_owned(),
        By::Program => history.program_name(line.claim.value.program).to_owned(),
        // A contact that was retracted still says who was said to have delivered it.
        By::Peer => history
            .contact_rows(line.line.contact)
            .max_by_key(|row| row.seq())
            .map_or_else(|| UNKNOWN.to_owned(), |row| history.person_name(row.value.peer).to_owned()),
        By::Month => month(line.claim.value.service_date),
    }
}

/// Where a violation belongs that no claim line hangs on.
fn own_key(finding: &Finding, by: By) -> String {
    let named = |name: &Option<CompactString>| name.as_deref().unwrap_or(UNKNOWN).to_owned();
    match by {
        By::Rule => finding.rule.to_owned(),
        By::Program => named(&finding.about.program),
        By::Peer => named(&finding.about.peer),
        By::Month => month(finding.true_from),
    }
}

const UNKNOWN: &str = "(several or none)";

fn month(day: domain::ValidDay) -> String {
    let (year, month, _) = day.ymd();
    format!("{year:04}-{month:02}")
}

fn summed(view: &View<'_>, key: &str, collected: &Collected) -> Group {
    let mut fates: [Vec<u32>; 4] = Default::default();
    for place in &collected.lines {
        let Some(line) = view.line_at(*place) else { continue };
        let fate = match view.claim_end(line.claim.value.claim).map(|row| row.value.kind) {
            None => 0,
            Some(ClaimEndKind::Voided) => 1,
            Some(ClaimEndKind::Denied) => 2,
            Some(ClaimEndKind::Replaced { .. }) => 3,
        };
        fates[fate].push(*place);
    }
    let [live, voided, denied, replaced] = &fates;
    Group {
        key: key.to_owned(),
        findings: collected.findings.len() as u64,
        lines: live.len() as u64,
        amounts: Amounts {
            live: amount(view, live),
            voided: amount(view, voided),
            denied: amount(view, denied),
            replaced: amount(view, replaced),
        },
        repaid: Cents(0),
    }
}

/// Repayments by group, where all findings of an overpayment that are still there lie in one group.
fn repaid(findings: &[Arc<Finding>], overpayments: &[Overpayment], groups: &BTreeMap<String, Collected>) -> BTreeMap<String, Cents> {
    let mut repaid: BTreeMap<String, Cents> = BTreeMap::new();
    for overpayment in overpayments.iter().filter(|o| o.repaid > Cents(0)) {
        let named = |i: &usize| findings.get(*i).is_some_and(|f| overpayment.findings.iter().any(|id| *id == f.id));
        let mut touched = groups.iter().filter(|(_, g)| g.findings.iter().any(named)).map(|(key, _)| key);
        if let (Some(only), None) = (touched.next(), touched.next()) {
            let sum = repaid.entry(only.clone()).or_default();
            *sum = *sum + overpayment.repaid;
        }
    }
    repaid
}
