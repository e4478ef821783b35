//! The findings the invented agency must yield, as the simulator's own bookkeeping knows them, and the page that states them.
//! Computed from what was planted, never by a rule engine: agreement between the two is the test.

use std::collections::BTreeMap;

use domain::{KnownAt, ValidDay};
use serde_json::Value;

use crate::office::Office;

/// A finding that must be there. What is `None` is not claimed.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// Rule id.
    pub rule: &'static str,
    /// `violation` or `documentation`.
    pub class: &'static str,
    /// `open` or `cured_late`.
    pub status: &'static str,
    /// Keys and values as interfaces.md names them; texts, or a number for `version`.
    pub subject: BTreeMap<&'static str, Value>,
    /// Whether it was known when first billed; `Some(None)` for what was not billed.
    pub known_at_claim: Option<Option<bool>>,
    /// Instant, UTC.
    pub first_detectable: Option<String>,
    /// Date.
    pub true_from: Option<String>,
    /// Money at risk.
    pub exposure_cents: Option<i64>,
}

pub(crate) const VIOLATION: &str = "violation";
pub(crate) const DOCUMENTATION: &str = "documentation";
pub(crate) const OPEN: &str = "open";
pub(crate) const CURED_LATE: &str = "cured_late";

impl Expected {
    /// A finding about a subject given as keys and texts, with nothing claimed about times and money yet.
    pub(crate) fn about(rule: &'static str, class: &'static str, subject: &[(&'static str, &str)]) -> Self {
        let subject = subject.iter().map(|(k, v)| (*k, Value::from(*v))).collect();
        Self { rule, class, status: OPEN, subject, known_at_claim: None, first_detectable: None, true_from: None, exposure_cents: None }
    }

    /// The same, cured after the claim.
    pub(crate) fn cured_late(mut self) -> Self {
        self.status = CURED_LATE;
        self
    }

    /// The same with the day it concerns, the instant it could first be known, the first submission involved, and the money.
    pub(crate) fn dated(mut self, true_from: ValidDay, detectable: KnownAt, submitted: Option<KnownAt>, exposure: i64) -> Self {
        self.true_from = Some(true_from.to_string());
        self.first_detectable = Some(detectable.to_string());
        self.known_at_claim = Some(submitted.map(|s| detectable <= s));
        self.exposure_cents = Some(if self.class == VIOLATION { exposure } else { 0 });
        self
    }

    fn subject_json(&self) -> String {
        let fields: Vec<String> = self.subject.iter().map(|(k, v)| format!("\"{k}\":{v}")).collect();
        format!("{{{}}}", fields.join(","))
    }

    /// In the form of a conformance case's expectation, fields in the order in which people read them.
    fn to_json(&self) -> String {
        let mut page = format!(
            "{{\"rule\":\"{}\",\"class\":\"{}\",\"status\":\"{}\",\"subject\":{}",
            self.rule,
            self.class,
            self.status,
            self.subject_json()
        );
        let known = self.known_at_claim.map(Value::from);
        let detectable = self.first_detectable.as_deref().map(Value::from);
        let true_from = self.true_from.as_deref().map(Value::from);
        let exposure = self.exposure_cents.map(Value::from);
        let further = [("known_at_claim", known), ("first_detectable", detectable), ("true_from", true_from), ("exposure_cents", exposure)];
        for (name, value) in further.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            page.push_str(&format!(",\"{name}\":{value}"));
        }
        page + "}"
    }

    /// Order of findings: class (violations first), rule, subject.
    pub(crate) fn order(&self) -> (bool, &'static str, String) {
        (self.class != VIOLATION, self.rule, self.subject_json())
    }
}

/// The page `case.json`: one check without a cut, an expectation a line.
pub(crate) fn case_page(why: &str, today: ValidDay, expected: &[Expected]) -> String {
    let lines: Vec<String> = expected.iter().map(|e| format!("    {}", e.to_json())).collect();
    format!(
        "{{\"why\":{},\n \"checks\":[\n  {{\"today\":\"{today}\",\"as_of\":null,\n   \"expect\":[\n{}\n   ]}}\n ]}}\n",
        Value::from(why),
        lines.join(",\n")
    )
}

impl Office {
    /// Expects a finding about one contact.
    pub(crate) fn expect(&mut self, rule: &'static str, class: &'static str, place: usize, detectable: KnownAt) {
        let finding = self.finding(rule, class, place, detectable);
        self.expected.push(finding);
    }

    /// A finding about one contact, for a plant that has more to say about it.
    pub(crate) fn finding(&self, rule: &'static str, class: &'static str, place: usize, detectable: KnownAt) -> Expected {
        let served = &self.served[place];
        Expected::about(rule, class, &[("contact", served.contact.as_str())]).dated(
            served.day,
            detectable,
            self.first_submitted(place),
            self.stake(&[place], None),
        )
    }

    /// Expects a finding about the lines of one claim for one contact; known once both are.
    pub(crate) fn expect_line(&mut self, rule: &'static str, class: &'static str, claim: usize, place: usize, known: KnownAt) {
        let served = &self.served[place];
        let detectable = known.max(self.claims[claim].submitted);
        let subject = [("claim", self.claims[claim].id.as_str()), ("contact", served.contact.as_str())];
        let finding = Expected::about(rule, class, &subject).dated(
            served.day,
            detectable,
            self.first_submitted(place),
            self.stake(&[place], Some(claim)),
        );
        self.expected.push(finding);
    }

    /// When a filed contact became known.
    pub(crate) fn known(&self, place: usize) -> KnownAt {
        self.served[place].known
    }

    /// When the note of a filed contact became known; the contact's own time where there is none.
    pub(crate) fn note_known(&self, place: usize) -> KnownAt {
        self.served[place].note.as_ref().map_or(self.served[place].known, |(_, entry)| entry.known.max(self.served[place].known))
    }
}
