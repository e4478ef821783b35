//! The rules run again over the records in a pack, and the findings compared with those that the pack says.
//! It refuses to call a difference a lie where events were withheld or other rules were used: then it says what it cannot tell.

use std::collections::{BTreeMap, BTreeSet};

use domain::{KnownAt, Recorded, ValidDay};
use ledger::{Outsider, Reason};
use serde_json::Value;
use timeline::Timeline;

use super::counts;
use super::pack::Pack;
use crate::acts::Reading;
use crate::error::AuditError;
use crate::json::Frame;
use crate::loaded::{self, Loaded};

/// How the findings of a pack compare with those of the rules run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Every finding that could be judged again came out the same.
    Same,
    /// At least one did not, or the counts are not theirs.
    Different,
    /// The pack was judged with other rules than this program has: differences may come from that.
    OtherRuleSet,
}

impl Comparison {
    /// As JSON writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Comparison::Same => "same",
            Comparison::Different => "different",
            Comparison::OtherRuleSet => "other_rule_set",
        }
    }
}

/// A finding that did not come out the same, or could not be judged again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// Finding, as the pack or the rules here call it.
    pub id: String,
    /// Rule.
    pub rule: String,
    /// What is the matter.
    pub what: String,
}

/// What running the rules again gave.
#[derive(Debug, Clone)]
pub struct Rejudged {
    /// The outcome.
    pub comparison: Comparison,
    /// The pack holds every event up to its cut, with everything that was not erased.
    pub whole: bool,
    /// Rule set of the pack, and of this program.
    pub rule_sets: (String, String),
    /// The day judged.
    pub today: String,
    /// Findings in the pack.
    pub in_pack: u64,
    /// Findings that came out the same here.
    pub same: u64,
    /// Findings that did not.
    pub different: Vec<Noted>,
    /// Counts and sums over the findings that are not what they must be, in words.
    pub counts: Vec<String>,
    /// Findings that cannot be judged again, because events they rest on were withheld.
    pub not_rejudgeable: Vec<Noted>,
    /// Events that this program cannot interpret.
    pub not_interpreted: u64,
}

/// The fields of a finding that rules give, beside rule and subject by which it is found again.
const FACTS: [&str; 11] =
    ["class", "status", "about", "true_from", "first_detectable", "known_at_claim", "exposure_cents", "message", "evidence", "missing", "citation"];

/// What people decided, which is known where nothing was withheld.
const WHOLE: [&str; 2] = ["id", "disposition"];

/// Runs the rules over a pack, as of its cut and day.
///
/// # Errors
/// A day that is none, or parameters with gaps or overlaps.
pub fn rejudge(pack: &Pack<'_>) -> Result<Rejudged, AuditError> {
    let engine = loaded::engine()?;
    let manifest = &pack.manifest;
    let (events, unread) = events(pack)?;
    let loaded = replayed(pack, &events, engine.rule_set())?;
    let report = loaded.judge(&engine);
    let here: Value = serde_json::from_str(&loaded.json(&report)?)?;
    let covered = manifest.complete.as_ref().is_some_and(|range| range.from == 0 && range.to >= manifest.cut.seq);
    let whole = covered && !pack.withheld && unread.malformed == 0;
    let other_rules = manifest.rule_set != engine.rule_set();
    let mut rejudged = Rejudged {
        comparison: Comparison::Same,
        whole,
        rule_sets: (manifest.rule_set.clone(), engine.rule_set().to_owned()),
        today: manifest.today.clone(),
        in_pack: 0,
        same: 0,
        different: Vec::new(),
        counts: counts::disagreeing(&pack.findings, Some(&here).filter(|_| whole && manifest.scope.kind == "everything")),
        not_rejudgeable: Vec::new(),
        not_interpreted: unread.not_interpreted,
    };
    compare(pack, &here, &mut rejudged);
    rejudged.comparison = match (other_rules, rejudged.different.is_empty() && rejudged.counts.is_empty()) {
        (true, _) => Comparison::OtherRuleSet,
        (false, true) => Comparison::Same,
        (false, false) => Comparison::Different,
    };
    Ok(rejudged)
}

#[derive(Default)]
struct Unread {
    not_interpreted: u64,
    malformed: u64,
}

/// The events of a pack up to its cut, as far as they were disclosed.
fn events(pack: &Pack<'_>) -> Result<(Vec<Recorded>, Unread), AuditError> {
    let mut outsider = Outsider::new(pack.ledger_id, pack.event_keys.clone(), pack.erased.clone());
    let mut unread = Unread::default();
    let inside = || pack.frames.iter().filter(|frame| frame.header.seq <= pack.manifest.cut.seq).filter_map(|frame| Some((&frame.header, frame.body?)));
    for (header, body) in inside() {
        outsider.learn(header, body).map_err(|_| AuditError::Evidence(format!("seq {}: its sealed values are not what the format says", header.seq)))?;
    }
    let mut events = Vec::with_capacity(pack.frames.len());
    for (header, body) in inside() {
        match outsider.read(header, body) {
            Ok((recorded, _)) => events.push(recorded),
            Err(Reason::Malformed) => unread.malformed += 1,
            Err(Reason::Unknown | Reason::Erased) => unread.not_interpreted += 1,
        }
    }
    unread.not_interpreted += unread.malformed;
    Ok((events, unread))
}

fn replayed(pack: &Pack<'_>, events: &[Recorded], rule_set: &str) -> Result<Loaded, AuditError> {
    let manifest = &pack.manifest;
    let today = ValidDay::parse(&manifest.today).ok_or_else(|| AuditError::Evidence(format!("{:?} is no day to judge on", manifest.today)))?;
    let mut timeline = Timeline::new(events.iter().filter_map(|recorded| recorded.target));
    let mut acts = Reading::default();
    let mut activated = None;
    for recorded in events {
        acts.take(recorded);
        activated = loaded::activation(recorded).or(activated.take());
        timeline.apply(recorded);
    }
    let history = timeline.settle();
    let frame = Frame {
        origin: manifest.ledger.origin.clone(),
        size: manifest.cut.seq.saturating_add(1),
        root: String::new(),
        simulated: manifest.ledger.simulated,
        as_of_seq: manifest.cut.seq,
        as_of_recorded_at: events.last().map_or(KnownAt::from_micros(0), |recorded| recorded.recorded_at),
        today,
        rule_set: rule_set.to_owned(),
    };
    Ok(Loaded { history, frame, acts: acts.settle(), activated, not_interpreted: Vec::new(), erased_values: 0, erased: BTreeSet::new() })
}

/// Rule and subject: the same finding in every scan.
fn name(finding: &Value) -> (String, String) {
    (finding["rule"].as_str().unwrap_or_default().to_owned(), finding["subject"].to_string())
}

fn list(report: &Value) -> &[Value] {
    report["findings"].as_array().map_or(&[], Vec::as_slice)
}

fn noted(finding: &Value, what: impl Into<String>) -> Noted {
    let text = |field: &str| finding[field].as_str().unwrap_or_default().to_owned();
    Noted { id: text("id"), rule: text("rule"), what: what.into() }
}

fn compare(pack: &Pack<'_>, here: &Value, rejudged: &mut Rejudged) {
    let again: BTreeMap<_, &Value> = list(here).iter().map(|finding| (name(finding), finding)).collect();
    let bodies: BTreeSet<u64> = pack.frames.iter().filter(|frame| frame.body.is_some()).map(|frame| frame.header.seq).collect();
    let mut met = BTreeSet::new();
    for theirs in list(&pack.findings) {
        rejudged.in_pack += 1;
        let key = name(theirs);
        let twice = !met.insert(key.clone());
        match again.get(&key) {
            _ if twice => rejudged.different.push(noted(theirs, "the pack has it twice")),
            None if rejudged.whole => rejudged.different.push(noted(theirs, "the rules do not give it over these records")),
            None => rejudged.not_rejudgeable.push(noted(theirs, "the rules do not give it over the records that were disclosed; others were withheld")),
            Some(ours) => {
                let differing: Vec<&str> = FACTS.into_iter().chain(WHOLE.into_iter().filter(|_| rejudged.whole)).filter(|field| theirs[field] != ours[field]).collect();
                if differing.is_empty() {
                    rejudged.same += 1;
                } else {
                    let said = differing.iter().map(|field| format!("{field}: {} in the pack, {} here", short(&theirs[field]), short(&ours[field]))).collect::<Vec<_>>();
                    // Resting on the same events, all of them disclosed, it must say the same of them.
                    let rests_on_same = !differing.contains(&"evidence") && evidence(theirs).all(|seq| bodies.contains(&seq));
                    let list = if rejudged.whole || rests_on_same && settled(&differing) { &mut rejudged.different } else { &mut rejudged.not_rejudgeable };
                    list.push(noted(theirs, said.join("; ")));
                }
            }
        }
    }
    if rejudged.whole {
        let asked = pack.manifest.complete.as_ref().filter(|_| pack.manifest.scope.kind == "range").map(|range| range.from..=range.to);
        let belongs = |finding: &Value| asked.as_ref().is_none_or(|range| evidence(finding).any(|seq| range.contains(&seq)));
        let left_out = list(here).iter().filter(|finding| !met.contains(&name(finding)) && belongs(finding));
        rejudged.different.extend(left_out.map(|finding| noted(finding, "the rules give it over these records, and the pack leaves it out")));
    }
}

/// Whether what differs follows from the events of evidence alone: money and knowledge may hang on records of others.
fn settled(differing: &[&str]) -> bool {
    differing.iter().any(|field| matches!(*field, "class" | "citation" | "true_from" | "message"))
}

fn evidence(finding: &Value) -> impl Iterator<Item = u64> {
    finding["evidence"].as_array().into_iter().flatten().filter_map(|item| item["seq"].as_u64())
}

fn short(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if text.chars().count() > 80 { format!("{}…", text.chars().take(79).collect::<String>()) } else { text }
}
