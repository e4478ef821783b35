//! What people entered about findings and overpayments, corrected and retracted as everything else is, inside one cut.
//! Derives from the ledger and stores nothing; it starts no clock and decides nothing in anybody's stead.

use std::collections::BTreeMap;

use domain::event::{Claims, Event, Findings};
use domain::{Cents, FindingId, KnownAt, Recorded, Seq, Text, ValidDay};

use crate::settled::Entered;

/// What somebody decided about a finding, in the word of its event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// Seen.
    Acknowledged,
    /// Given to somebody.
    Assigned,
    /// Held to be wrong.
    Disputed,
    /// Let be, with a reason and somebody's approval.
    Waived,
    /// Put right.
    Remediated,
}

impl Word {
    /// Every word.
    pub const ALL: [Word; 5] = [Word::Acknowledged, Word::Assigned, Word::Disputed, Word::Waived, Word::Remediated];

    /// The word as findings JSON writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Word::Acknowledged => "acknowledged",
            Word::Assigned => "assigned",
            Word::Disputed => "disputed",
            Word::Waived => "waived",
            Word::Remediated => "remediated",
        }
    }
}

/// One decision of a person about one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Its event.
    pub seq: Seq,
    /// What was decided.
    pub word: Word,
    /// The finding.
    pub finding: String,
    /// Whose decision it is; of an assignment, to whom it was given.
    pub by: String,
    /// Who put it on record; of a waiver, who approved it.
    pub actor: Option<String>,
    /// The day it was decided.
    pub on: ValidDay,
    /// Why.
    pub rationale: Option<String>,
    /// Due date; of a waiver, its last day.
    pub due_on: Option<ValidDay>,
    /// When it was entered.
    pub known_at: KnownAt,
}

impl Decision {
    /// A waiver whose last day lies before `today`: the finding is open again.
    pub fn expired(&self, today: ValidDay) -> bool {
        self.word == Word::Waived && self.due_on.is_some_and(|last| last < today)
    }
}

/// One human-entered step of an overpayment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its event.
    pub seq: Seq,
    /// The overpayment.
    pub overpayment: String,
    /// The day it happened.
    pub on: ValidDay,
    /// What happened.
    pub kind: StepKind,
}

/// What happened to an overpayment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepKind {
    /// Somebody suspects one, because of these findings.
    Suspected(Vec<String>),
    /// Somebody determined that there is one.
    Determined,
    /// Its amount was quantified.
    Quantified(Cents),
    /// An investigation began.
    InvestigationOpened,
    /// It ended.
    InvestigationClosed,
    /// A disclosure was submitted.
    DisclosureSubmitted,
    /// It was acknowledged.
    DisclosureAcknowledged,
    /// An amount was repaid.
    Repaid(Cents),
}

/// Acts read one by one, not yet settled.
#[derive(Debug, Default)]
pub(crate) struct Reading(Entered);

/// Everything people entered, as it stands inside the cut.
#[derive(Debug, Default)]
pub struct Acts {
    decisions: BTreeMap<String, Vec<Decision>>,
    entered: BTreeMap<String, u64>,
    steps: Vec<Step>,
    seqs: Vec<Seq>,
}

impl Reading {
    /// Takes an event if it is such an act or amends one; an amendment comes after what it amends.
    pub(crate) fn take(&mut self, recorded: &Recorded) {
        self.0.take(recorded, |event| finding_of(event).is_some() || step_of(event).is_some());
    }

    /// What stands.
    pub(crate) fn settle(self) -> Acts {
        let mut acts = Acts { seqs: self.0.seqs(), ..Acts::default() };
        for (recorded, event) in self.0.standing() {
            if let Some(finding) = finding_of(&recorded.event) {
                *acts.entered.entry(finding.as_str().to_owned()).or_default() += 1;
            }
            let Some(event) = event else { continue };
            if let Some(decision) = decision_of(recorded, &event) {
                acts.decisions.entry(decision.finding.clone()).or_default().push(decision);
            }
            if let Some((overpayment, on, kind)) = step_of(&event) {
                acts.steps.push(Step { seq: recorded.seq, overpayment, on, kind });
            }
        }
        acts
    }
}

impl Acts {
    /// What was decided about a finding, in the order it was entered.
    pub fn decisions(&self, finding: &str) -> &[Decision] {
        self.decisions.get(finding).map_or(&[], Vec::as_slice)
    }

    /// The decision entered last, expired or not.
    pub fn last(&self, finding: &str) -> Option<&Decision> {
        self.decisions(finding).last()
    }

    /// The last decision of each finding, by finding.
    pub fn latest(&self) -> impl Iterator<Item = &Decision> {
        self.decisions.values().filter_map(|all| all.last())
    }

    /// The decision in force on a day: the last one, unless it is a waiver that expired.
    pub fn in_force(&self, finding: &str, today: ValidDay) -> Option<&Decision> {
        self.last(finding).filter(|d| !d.expired(today))
    }

    /// Whether a finding is waived on a day.
    pub fn waived(&self, finding: &str, today: ValidDay) -> bool {
        self.in_force(finding, today).is_some_and(|d| d.word == Word::Waived)
    }

    /// How many decisions were ever entered about a finding, retracted ones included.
    pub fn entered(&self, finding: &str) -> u64 {
        self.entered.get(finding).copied().unwrap_or(0)
    }

    /// The events they are read from, in ledger order.
    pub(crate) fn seqs(&self) -> &[Seq] {
        &self.seqs
    }

    /// The steps of overpayments, in ledger order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }
}

fn finding_of(event: &Event) -> Option<&FindingId> {
    let Event::Findings(event) = event else { return None };
    match event {
        Findings::FindingAcknowledged(e) => Some(&e.finding),
        Findings::FindingAssigned(e) => Some(&e.finding),
        Findings::FindingDisputed(e) => Some(&e.finding),
        Findings::FindingWaived(e) => Some(&e.finding),
        Findings::FindingRemediated(e) => Some(&e.finding),
        Findings::EventCorrected(_)
        | Findings::EventRetracted(_)
        | Findings::SampleDrawn(_)
        | Findings::LegalHoldPlaced(_)
        | Findings::LegalHoldReleased(_) => None,
    }
}

fn decision_of(recorded: &Recorded, event: &Event) -> Option<Decision> {
    let Event::Findings(event) = event else { return None };
    let make = |word, finding: &FindingId, by: &Text, on, rationale: &Option<Text>, due_on| Decision {
        seq: recorded.seq,
        word,
        finding: finding.as_str().to_owned(),
        by: by.as_str().to_owned(),
        actor: recorded.envelope.actor.as_ref().map(|a| a.as_str().to_owned()),
        on,
        rationale: rationale.as_ref().map(|r| r.as_str().to_owned()),
        due_on,
        known_at: recorded.known_at(),
    };
    Some(match event {
        Findings::FindingAcknowledged(e) => make(Word::Acknowledged, &e.finding, &e.by, e.on, &e.rationale, e.due_on),
        Findings::FindingAssigned(e) => make(Word::Assigned, &e.finding, &e.by, e.on, &e.rationale, e.due_on),
        Findings::FindingDisputed(e) => make(Word::Disputed, &e.finding, &e.by, e.on, &e.rationale, e.due_on),
        Findings::FindingWaived(e) => make(Word::Waived, &e.finding, &e.by, e.on, &e.rationale, e.due_on),
        Findings::FindingRemediated(e) => make(Word::Remediated, &e.finding, &e.by, e.on, &e.rationale, e.due_on),
        Findings::EventCorrected(_)
        | Findings::EventRetracted(_)
        | Findings::SampleDrawn(_)
        | Findings::LegalHoldPlaced(_)
        | Findings::LegalHoldReleased(_) => return None,
    })
}

fn step_of(event: &Event) -> Option<(String, ValidDay, StepKind)> {
    let Event::Claims(event) = event else { return None };
    let (overpayment, on, kind) = match event {
        Claims::OverpaymentSuspected(e) => {
            (&e.overpayment, e.on, StepKind::Suspected(e.findings.iter().map(|f| f.as_str().to_owned()).collect()))
        }
        Claims::OverpaymentDetermined(e) => (&e.overpayment, e.on, StepKind::Determined),
        Claims::OverpaymentQuantified(e) => (&e.overpayment, e.on, StepKind::Quantified(e.amount_cents)),
        Claims::InvestigationOpened(e) => (&e.overpayment, e.on, StepKind::InvestigationOpened),
        Claims::InvestigationClosed(e) => (&e.overpayment, e.on, StepKind::InvestigationClosed),
        Claims::DisclosureSubmitted(e) => (&e.overpayment, e.on, StepKind::DisclosureSubmitted),
        Claims::DisclosureAcknowledged(e) => (&e.overpayment, e.on, StepKind::DisclosureAcknowledged),
        Claims::OverpaymentRepaid(e) => (&e.overpayment, e.on, StepKind::Repaid(e.amount_cents)),
        Claims::ClaimSubmitted(_) | Claims::ClaimPaid(_) | Claims::ClaimDenied(_) | Claims::ClaimAdjusted(_) | Claims::ClaimVoided(_) => return None,
    };
    Some((overpayment.as_str().to_owned(), on, kind))
}
