//! The two clocks on returning an overpayment, side by side, counted from what people entered and from nothing else.
//! Findings start no clock; a step that nobody entered leaves it standing, and what a word means in law is not decided here.

use std::collections::BTreeMap;

use domain::{Cents, ValidDay};

use super::Terms;
use crate::acts::{Step, StepKind};
use crate::error::AuditError;

/// How a clock stands on the evaluation day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody entered what starts it.
    NotStarted,
    /// It runs; days left, 0 on the last day.
    Running(i64),
    /// Stopped by an acknowledged self-disclosure since this day.
    Tolled(ValidDay),
    /// Its last day passed this many days ago.
    PastDue(i64),
    /// The amount was repaid in full on this day, in time or not.
    Returned(ValidDay, bool),
}

impl State {
    /// The state in a word.
    pub fn as_str(self) -> &'static str {
        match self {
            State::NotStarted => "not_started",
            State::Running(_) => "running",
            State::Tolled(_) => "tolled",
            State::PastDue(_) => "past_due",
            State::Returned(_, true) => "returned",
            State::Returned(_, false) => "returned_late",
        }
    }
}

/// One clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// The day it is counted from.
    pub started_on: Option<ValidDay>,
    /// Its last day.
    pub due_on: Option<ValidDay>,
    /// How it stands.
    pub state: State,
}

/// An overpayment as people entered it, with both clocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overpayment {
    /// Its id.
    pub id: String,
    /// Findings it was suspected for.
    pub findings: Vec<String>,
    /// First day each step was entered for.
    pub suspected_on: Option<ValidDay>,
    /// Determined.
    pub determined_on: Option<ValidDay>,
    /// Quantified first.
    pub quantified_on: Option<ValidDay>,
    /// The amount quantified last.
    pub amount: Option<Cents>,
    /// An investigation began.
    pub investigated_from: Option<ValidDay>,
    /// It ended.
    pub investigated_to: Option<ValidDay>,
    /// A self-disclosure was submitted.
    pub disclosed_on: Option<ValidDay>,
    /// It was acknowledged.
    pub acknowledged_on: Option<ValidDay>,
    /// Repaid so far.
    pub repaid: Cents,
    /// The day on which the repayments reached the amount.
    pub repaid_in_full_on: Option<ValidDay>,
    /// The federal statute.
    pub federal: Clock,
    /// New York.
    pub new_york: Clock,
    /// Through when an investigation would suspend the clock if this were Medicare money: never applied to either clock.
    pub medicare_only_suspension_through: Option<ValidDay>,
}

/// The overpayments of the steps, by id.
pub(super) fn overpayments(steps: &[Step], today: ValidDay, terms: &Terms) -> Result<Vec<Overpayment>, AuditError> {
    let mut by_id: BTreeMap<&str, Vec<&Step>> = BTreeMap::new();
    for step in steps {
        by_id.entry(&step.overpayment).or_default().push(step);
    }
    by_id.into_iter().map(|(id, steps)| overpayment(id, &steps, today, terms)).collect()
}

fn overpayment(id: &str, steps: &[&Step], today: ValidDay, terms: &Terms) -> Result<Overpayment, AuditError> {
    let first = |is: fn(&StepKind) -> bool| steps.iter().filter(|s| is(&s.kind)).map(|s| s.on).min();
    let determined_on = first(|k| matches!(k, StepKind::Determined));
    let quantified_on = first(|k| matches!(k, StepKind::Quantified(_)));
    let acknowledged_on = first(|k| matches!(k, StepKind::DisclosureAcknowledged));
    let investigated_from = first(|k| matches!(k, StepKind::InvestigationOpened));
    let investigated_to = first(|k| matches!(k, StepKind::InvestigationClosed));
    let amount = steps.iter().rev().find_map(|s| if let StepKind::Quantified(amount) = s.kind { Some(amount) } else { None });
    let mut findings = Vec::new();
    let mut repayments = Vec::new();
    for step in steps {
        match &step.kind {
            StepKind::Suspected(named) => findings.extend(named.iter().cloned()),
            StepKind::Repaid(cents) => repayments.push((step.on, *cents)),
            StepKind::Determined
            | StepKind::Quantified(_)
            | StepKind::InvestigationOpened
            | StepKind::InvestigationClosed
            | StepKind::DisclosureSubmitted
            | StepKind::DisclosureAcknowledged => {}
        }
    }
    findings.sort_unstable();
    findings.dedup();
    repayments.sort_by_key(|(on, _)| *on);
    let in_full = amount.and_then(|amount| reached(&repayments, amount));
    let both = determined_on.zip(quantified_on).map(|(d, q)| d.max(q));
    let suspension = match investigated_from {
        None => None,
        // The rule is not older than its first period; an investigation before it has no suspension to show.
        Some(from) => terms.on("medicare_suspension_days", from).ok().map(|days| {
            let most = from.plus_days(days);
            investigated_to.map_or(most, |to| to.min(most))
        }),
    };
    Ok(Overpayment {
        id: id.to_owned(),
        findings,
        suspected_on: first(|k| matches!(k, StepKind::Suspected(_))),
        determined_on,
        quantified_on,
        amount,
        investigated_from,
        investigated_to,
        disclosed_on: first(|k| matches!(k, StepKind::DisclosureSubmitted)),
        acknowledged_on,
        repaid: repayments.iter().map(|(_, cents)| *cents).sum(),
        repaid_in_full_on: in_full,
        federal: clock(determined_on, "federal_days", None, in_full, today, terms)?,
        new_york: clock(both, "new_york_days", acknowledged_on, in_full, today, terms)?,
        medicare_only_suspension_through: suspension,
    })
}

/// The day on which repayments in order of their days reach an amount.
fn reached(repayments: &[(ValidDay, Cents)], amount: Cents) -> Option<ValidDay> {
    let mut sum = Cents(0);
    for (on, cents) in repayments {
        sum = sum + *cents;
        if sum >= amount {
            return Some(*on);
        }
    }
    None
}

fn clock(from: Option<ValidDay>, days: &str, tolled_on: Option<ValidDay>, returned: Option<ValidDay>, today: ValidDay, terms: &Terms) -> Result<Clock, AuditError> {
    let Some(from) = from else { return Ok(Clock { started_on: None, due_on: None, state: State::NotStarted }) };
    let due = from.plus_days(terms.on(days, from)?);
    // What stops a clock that had run out does not bring its days back.
    let tolled = tolled_on.filter(|on| *on <= due && *on <= today);
    let state = match (returned.filter(|on| *on <= today), tolled) {
        (Some(on), tolled) => State::Returned(on, on <= due || tolled.is_some()),
        (None, Some(on)) => State::Tolled(on),
        (None, None) if today > due => State::PastDue(today.days_since(due)),
        (None, None) => State::Running(due.days_since(today)),
    };
    Ok(Clock { started_on: Some(from), due_on: Some(due), state })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use domain::Seq;

    fn day(text: &str) -> ValidDay {
        ValidDay::parse(text).unwrap()
    }

    fn at(today: &str, steps: &[(&str, StepKind)]) -> Overpayment {
        let steps: Vec<Step> =
            steps.iter().map(|(on, kind)| Step { seq: Seq(0), overpayment: "OP-1".to_owned(), on: day(on), kind: kind.clone() }).collect();
        overpayments(&steps, day(today), &Terms::load().unwrap()).unwrap().pop().unwrap()
    }

    #[test]
    fn suspicion_and_investigation_start_no_clock() {
        let op = at("2025-12-01", &[("2025-03-03", StepKind::Suspected(vec!["F-1".to_owned()])), ("2025-03-10", StepKind::InvestigationOpened)]);
        assert_eq!((op.federal.state, op.new_york.state), (State::NotStarted, State::NotStarted));
        assert_eq!(op.medicare_only_suspension_through, Some(day("2025-09-06")));
    }

    #[test]
    fn the_federal_clock_counts_from_determined_and_new_york_from_the_later_of_determined_and_quantified() {
        let steps = [("2025-03-03", StepKind::Determined), ("2025-04-02", StepKind::Quantified(Cents(9_200)))];
        let op = at("2025-05-02", &steps);
        assert_eq!((op.federal.due_on, op.federal.state), (Some(day("2025-05-02")), State::Running(0)));
        assert_eq!((op.new_york.due_on, op.new_york.state), (Some(day("2025-06-01")), State::Running(30)));
        assert_eq!(at("2025-05-03", &steps).federal.state, State::PastDue(1));
        assert_eq!(at("2025-05-03", &steps[..1]).new_york.state, State::NotStarted);
    }

    #[test]
    fn an_acknowledged_disclosure_stops_new_york_alone_and_only_in_time() {
        let steps = |ack: &'static str| {
            [("2025-03-03", StepKind::Determined), ("2025-03-03", StepKind::Quantified(Cents(100))), (ack, StepKind::DisclosureAcknowledged)]
        };
        let op = at("2025-06-01", &steps("2025-05-02"));
        assert_eq!(op.new_york.state, State::Tolled(day("2025-05-02")));
        assert_eq!(op.federal.state, State::PastDue(30));
        assert_eq!(at("2025-06-01", &steps("2025-05-03")).new_york.state, State::PastDue(30));
    }

    #[test]
    fn repayments_add_up_to_the_amount_or_do_not() {
        let mut steps = vec![("2025-03-03", StepKind::Determined), ("2025-03-03", StepKind::Quantified(Cents(100)))];
        steps.push(("2025-03-10", StepKind::Repaid(Cents(60))));
        assert_eq!(at("2025-03-20", &steps).federal.state, State::Running(43));
        steps.push(("2025-03-12", StepKind::Repaid(Cents(40))));
        assert_eq!(at("2025-03-20", &steps).federal.state, State::Returned(day("2025-03-12"), true));
    }
}
