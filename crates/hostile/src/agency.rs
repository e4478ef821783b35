//! The books of a small agency with something of every kind in them: what derived state is made of, before it is spoiled.
//! Public cases told side by side, each with ids of its own, and the example of every type. It refuses to be large: every input judges all of it.

use domain::{Draft, KnownAt, Recorded, ValidDay};
use scenario::replay;

/// A public case.
macro_rules! case {
    ($name:literal) => {
        include_str!(concat!("../../../fixtures/conformance/", $name, "/events.jsonl"))
    };
}

/// Programs of each kind, with what most rules look at: credentials that come and go, supervision, crises, groups, late entries, corrections and
/// retractions, claims that are paid, denied and voided.
const CASES: [&str; 7] = [
    case!("mhotrs-cred-01-reinstated-and-upgraded"),
    case!("mhotrs-cred-01-expiry-corrected"),
    case!("mhotrs-cred-01-claim-voided"),
    case!("mhotrs-pre-10-decline-entered-late"),
    case!("mhotrs-contr-03-collaboration"),
    case!("core-int-06-over-the-range"),
    case!("pros-irp-01-goal"),
];

/// How ids of things begin.
const IDS: [&str; 16] =
    ["\"C-", "\"CL-", "\"CO-", "\"EV-", "\"G-", "\"GS-", "\"I-", "\"K-", "\"MH-", "\"N-", "\"P-", "\"PL-", "\"POL-", "\"PR-", "\"S-", "\"AG-"];

/// What happened in one case, as of nobody else.
fn told_apart((number, case): (usize, &str)) -> Vec<Draft> {
    let own = |line: &str| IDS.iter().fold(line.to_owned(), |line, begins| line.replace(begins, &format!("{begins}{number}-")));
    case.lines().filter_map(|line| import::parse_line(&own(line)).ok()).collect()
}

/// One of each type, recorded a second apart after everything else.
fn examples() -> impl Iterator<Item = Draft> {
    const BEGIN: i64 = 1_767_225_600_000_000;
    let drafts = import::schema::EXAMPLES.lines().filter_map(|line| import::parse_line(line).ok());
    drafts.zip(0..).map(|(draft, place)| Draft { recorded_at: Some(KnownAt::from_micros(BEGIN + place * 1_000_000)), ..draft })
}

/// Everything it has on record, in order, and today.
pub(crate) fn books() -> (Vec<Recorded>, ValidDay) {
    let mut drafts: Vec<Draft> = CASES.into_iter().enumerate().flat_map(told_apart).collect();
    drafts.sort_by_key(|draft| draft.recorded_at);
    drafts.extend(examples());
    let recorded = replay::record(drafts).unwrap_or_default();
    let today = recorded.iter().map(|r| r.recorded_at.local_day()).max().unwrap_or(ValidDay::MIN);
    (recorded, today)
}
