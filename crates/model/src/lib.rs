//! The rules judged a second time, by brute force and from the page that defines them: an agency's books, looked at again at every moment that could matter.
//! Knows nothing of the product's timeline, rules or catalogue, and is in no hurry: two people who read the same page must come to the same findings.

mod book;
mod claims;
mod sight;
mod people;
mod episodes;
mod papers;
mod credentials;
mod clinic;
mod plans;
mod notes;
mod preadmission;
mod billing;
mod pros;
mod core_services;
mod settle;
pub mod disturb;

use std::collections::BTreeSet;

use domain::{KnownAt, Recorded, ValidDay};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Something to look at.
    Advisory,
    /// A gap in the record.
    Documentation,
    /// A claim is or would be at risk.
    Violation,
}

impl Class {
    /// The word of the interchange.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Advisory => "advisory",
            Class::Documentation => "documentation",
            Class::Violation => "violation",
        }
    }
}

/// A finding, in words and numbers that compare.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Rule id.
    pub rule: &'static str,
    /// `key=value`, in the order of interfaces.md, with a space between.
    pub subject: String,
    /// Class.
    pub class: Class,
    /// Whether its gap was closed after the first submission.
    pub cured_late: bool,
    /// The day it concerns.
    pub true_from: ValidDay,
    /// When it could first be known.
    pub first_detectable: KnownAt,
    /// Whether that was at the first submission or before; `None` when unbilled.
    pub known_at_claim: Option<bool>,
    /// Money at risk.
    pub exposure_cents: i64,
}

/// What the second judge says.
#[derive(Debug, Default)]
pub struct Verdicts {
    /// By rule and subject.
    pub findings: Vec<Found>,
    /// Rule and subject of what could not be judged.
    pub not_evaluated: BTreeSet<(&'static str, String)>,
}

/// Rules it judges: every row of the table of violations and documentation gaps, and LATE-01.
pub const RULES: &[&str] = &[
    "WORK-01",
    "MHOTRS-CRED-01",
    "MHOTRS-CRED-03",
    "MHOTRS-CRED-05",
    "MHOTRS-CRED-06",
    "MHOTRS-CRED-10",
    "MHOTRS-CRED-12",
    "MHOTRS-CRED-13",
    "MHOTRS-CRED-15",
    "MHOTRS-SUP-01",
    "MHOTRS-SET-09",
    "MHOTRS-ORG-18",
    "MHOTRS-SCOPE-00",
    "MHOTRS-SCOPE-01",
    "MHOTRS-SCOPE-02",
    "MHOTRS-SCOPE-03",
    "MHOTRS-SCOPE-04",
    "MHOTRS-PRE-02",
    "MHOTRS-PRE-03",
    "MHOTRS-PRE-04",
    "MHOTRS-PRE-05",
    "MHOTRS-PRE-06",
    "MHOTRS-PRE-07",
    "MHOTRS-PRE-08",
    "MHOTRS-PRE-09",
    "MHOTRS-PRE-10",
    "MHOTRS-PRE-13",
    "MHOTRS-NOTE-01",
    "MHOTRS-NOTE-02",
    "MHOTRS-NOTE-03",
    "MHOTRS-NOTE-04",
    "MHOTRS-NOTE-05",
    "MHOTRS-PLAN-01",
    "MHOTRS-PLAN-02",
    "MHOTRS-PLAN-04",
    "MHOTRS-CONTR-03",
    "MHOTRS-CONTR-04",
    "MHOTRS-CONTR-05",
    "MHOTRS-POL-01",
    "MHOTRS-BILL-02",
    "MHOTRS-BILL-04",
    "MHOTRS-BILL-05",
    "MHOTRS-BILL-07",
    "MHOTRS-BILL-08",
    "MHOTRS-BILL-10",
    "MHOTRS-BILL-11",
    "MHOTRS-BILL-13",
    "MHOTRS-BILL-14",
    "LATE-01",
    "PROS-GEN-01",
    "PROS-STAFF-01",
    "PROS-STAFF-02",
    "PROS-SUP-01",
    "PROS-SUP-02",
    "PROS-IRP-01",
    "PROS-SVC-03",
    "PROS-TEAM-02",
    "CORE-STAFF-01",
    "CORE-STAFF-02",
    "CORE-MOD-01",
    "CORE-SVC-01",
    "CORE-SVC-02",
    "CORE-INT-04",
    "CORE-INT-06",
];

/// Judges what was recorded at or before a cut, on a day.
pub fn judge(recorded: &[Recorded], cut: KnownAt, today: ValidDay) -> Verdicts {
    let inside: Vec<&Recorded> = recorded.iter().filter(|r| r.recorded_at <= cut).collect();
    settle::verdicts(&book::Book::of(&inside), today)
}
