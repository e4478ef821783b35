//! Findings as people and programs read them, in words and fixed names; only contacts and exposed lines are places in the history judged.
//! Derived, never stored: delete them and the same ledger, cut and day give them again byte for byte.

use std::sync::Arc;

use compact_str::CompactString;
use domain::{Cents, KnownAt, Seq, ValidDay};

use crate::citation::Citation;
use crate::class::{Class, Status};
use crate::contact_set::ContactSet;
use crate::listed::Listed;
use crate::subject::SubjectName;

/// Whom and what a finding touches, beside its subject.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Program.
    pub program: Option<CompactString>,
    /// Peer.
    pub peer: Option<CompactString>,
    /// Individual.
    pub individual: Option<CompactString>,
    /// Claims that name a contact involved, sorted.
    pub claims: Listed,
}

/// A finding. What may be long is shared between copies: a scan keeps its findings, reports them, and compares them with the last ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Stable id, `F-...`.
    pub id: CompactString,
    /// Rule.
    pub rule: &'static str,
    /// Class.
    pub class: Class,
    /// Status.
    pub status: Status,
    /// Subject.
    pub subject: SubjectName,
    /// Whom and what it touches.
    pub about: About,
    /// Service date or first day concerned.
    pub true_from: ValidDay,
    /// When it could first be known.
    pub first_detectable: KnownAt,
    /// Whether it could be known when the first claim was submitted; `None` when unbilled.
    pub known_at_claim: Option<bool>,
    /// Money at risk.
    pub exposure: Cents,
    /// One sentence, dates as YYYY-MM-DD.
    pub message: String,
    /// Events it needs, with their types, in ledger order.
    pub evidence: Arc<[(Seq, &'static str)]>,
    /// What was looked for and not found.
    pub missing: Vec<String>,
    /// Where the rule comes from.
    pub citation: Citation,
    /// Contacts involved.
    pub contacts: ContactSet,
    /// Places of exposed lines, for totals that count each line once.
    pub(crate) lines: Vec<u32>,
}

impl Finding {
    /// Where it stands in a report.
    pub(crate) fn order(&self) -> impl Ord {
        (self.class, self.rule, &self.subject)
    }

    /// Reads what still lies of it where it was kept, so that it can be told when nobody looks any more whether that was damaged.
    pub fn read(&self) {
        self.about.claims.parts();
        self.contacts.places();
    }

    /// Places of the live claim lines it exposes, sorted; a line under several findings has the same place in each.
    pub fn exposed_lines(&self) -> &[u32] {
        &self.lines
    }
}

/// A rule that could not be judged for a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotEvaluated {
    /// Rule.
    pub rule: &'static str,
    /// Subject.
    pub subject: SubjectName,
    /// What would be needed.
    pub missing: String,
}

impl NotEvaluated {
    /// Where it stands in a report.
    pub(crate) fn order(&self) -> impl Ord {
        (self.rule, &self.subject)
    }
}

/// Counts of a report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Violations.
    pub violation: u64,
    /// Documentation gaps.
    pub documentation: u64,
    /// Advisories.
    pub advisory: u64,
    /// Not evaluated, of rules that can find violations or documentation gaps.
    pub not_evaluated: u64,
    /// Money at risk, each claim line once.
    pub exposure: Cents,
}

/// Everything a scan found, in order of class, rule and subject.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// Counts.
    pub summary: Summary,
    /// Findings: one of them may name thousands of contacts, so that reports share them.
    pub findings: Vec<Arc<Finding>>,
    /// What could not be judged.
    pub not_evaluated: Vec<NotEvaluated>,
}

impl Report {
    /// The findings, one by one.
    pub fn each(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().map(AsRef::as_ref)
    }

    /// The finding of an id, in letters of either case.
    pub fn of_id(&self, id: &str) -> Option<&Arc<Finding>> {
        self.findings.iter().find(|f| f.id.eq_ignore_ascii_case(id))
    }

    /// Findings by class, rule and subject; what was not evaluated by rule and subject.
    pub fn put_in_order(&mut self) {
        self.findings.sort_by(|a, b| a.order().cmp(&b.order()));
        self.not_evaluated.sort_by(|a, b| a.order().cmp(&b.order()));
    }
}
