//! A contact, or a claim with a contact, with what several rules ask of it, each asked at most once.
//! Holds no opinion: the answers are the view's, the escalation is evaluation.md's.

use std::cell::OnceCell;

use domain::words::{NoteElement, Phase};
use domain::{Seq, Units, ValidAt, ValidDay};
use timeline::delivery::Contact;
use timeline::individual::Happened;
use timeline::money::Claim;
use timeline::people::Engaged;
use timeline::view::{LineRef, NoteState};
use timeline::{ContactKey, Row, TextListKey, View};

use crate::class::{Class, Status};
use crate::verdict::Breach;

/// A contact under judgement.
#[derive(Debug)]
pub struct Case<'h> {
    view: View<'h>,
    row: &'h Row<Contact>,
    admission: OnceCell<Option<&'h Row<Happened>>>,
    engagement: OnceCell<Option<&'h Row<Engaged>>>,
    note: OnceCell<Option<NoteState<'h>>>,
    first_submission: OnceCell<Option<LineRef<'h>>>,
}

/// Whether a gap is still open, or since when it is closed and by which event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// Nothing closes it.
    Open,
    /// Closed at this valid time by this event.
    Closed(ValidAt, Seq),
}

impl<'h> Case<'h> {
    /// A contact as a view believes it.
    pub fn new(view: View<'h>, row: &'h Row<Contact>) -> Self {
        Self {
            view,
            row,
            admission: OnceCell::new(),
            engagement: OnceCell::new(),
            note: OnceCell::new(),
            first_submission: OnceCell::new(),
        }
    }

    /// The view.
    pub fn view(&self) -> &View<'h> {
        &self.view
    }

    /// The contact.
    pub fn contact(&self) -> &'h Contact {
        &self.row.value
    }

    /// Its key.
    pub fn key(&self) -> ContactKey {
        self.row.value.contact
    }

    /// The event that recorded it.
    pub fn seq(&self) -> Seq {
        self.row.seq()
    }

    /// Local date of its start.
    pub fn day(&self) -> ValidDay {
        self.row.value.day
    }

    /// The peer's id.
    pub fn peer_name(&self) -> &'h str {
        self.view.history().person_name(self.contact().peer)
    }

    /// The admission that covers it, if any.
    pub fn admission(&self) -> Option<&'h Row<Happened>> {
        *self.admission.get_or_init(|| {
            let c = self.contact();
            self.view.admission(c.individual, c.program, c.start, c.day)
        })
    }

    /// `enrolled` if enrolled, otherwise the label on the contact.
    pub fn phase(&self) -> Phase {
        if self.admission().is_some() { Phase::Enrolled } else { self.contact().phase }
    }

    /// Effective phase pre-admission.
    pub fn is_preadmission(&self) -> bool {
        self.phase() == Phase::Preadmission
    }

    /// Effective phase enrolled.
    pub fn is_enrolled(&self) -> bool {
        self.phase() == Phase::Enrolled
    }

    /// The engagement of the peer that covers the day.
    pub fn engagement(&self) -> Option<&'h Row<Engaged>> {
        *self.engagement.get_or_init(|| self.view.engagement(self.contact().peer, self.day()))
    }

    /// The note whose elements and signatures count.
    pub fn note(&self) -> Option<NoteState<'h>> {
        *self.note.get_or_init(|| self.view.note(self.key()))
    }

    /// The first submission of a claim naming the contact.
    pub fn first_submission(&self) -> Option<LineRef<'h>> {
        *self.first_submission.get_or_init(|| self.view.first_submission(self.key()))
    }

    /// Some claim names the contact.
    pub fn is_billed(&self) -> bool {
        self.first_submission().is_some()
    }

    /// Units on live lines.
    pub fn live_units(&self) -> Units {
        self.view.live_lines(self.key()).map(|l| l.line.units).sum()
    }

    /// Documentation while no claim was submitted, violation once one was (D→V of evaluation.md).
    pub fn unless_billed(&self) -> Class {
        if self.is_billed() { Class::Violation } else { Class::Documentation }
    }

    /// D→V with cure: what a gap amounts to, or `None` when it was closed before (or at the very instant of) the first submission.
    pub fn escalate(&self, gap: Gap) -> Option<(Class, Status)> {
        match (gap, self.first_submission()) {
            (Gap::Open, _) => Some((self.unless_billed(), Status::Open)),
            (Gap::Closed(at, _), Some(claim)) if at > claim.submitted_at() => Some((Class::Violation, Status::CuredLate)),
            (Gap::Closed(..), _) => None,
        }
    }

    /// A breach about this contact, dated on its day, shown by its own event.
    pub fn breach(&self, class: Class) -> Breach {
        Breach::new(class, self.day()).because([self.seq()]).contacts([self.key()])
    }

    /// The note lacks an element.
    pub fn note_lacks(&self, element: NoteElement) -> bool {
        self.note().is_some_and(|n| !n.elements.has(element))
    }

    /// Texts of a list of the contact.
    pub fn texts(&self, list: TextListKey) -> impl Iterator<Item = &'h str> {
        let history = self.view.history();
        history.list(list).iter().map(move |t| history.text_name(*t))
    }

    /// Activity codes of the contact.
    pub fn activities(&self) -> impl Iterator<Item = &'h str> {
        self.texts(self.contact().activities)
    }

    /// The component, if one is given.
    pub fn component(&self) -> Option<&'h str> {
        self.contact().component.map(|c| self.view.history().text_name(c))
    }
}

/// A claim and a contact that lines of it name.
#[derive(Debug)]
pub struct Billing<'h> {
    /// The view.
    pub view: View<'h>,
    /// The contact named, whether or not it is believed to exist.
    pub contact: ContactKey,
    /// The contact, if it is believed to have taken place.
    pub case: Option<Case<'h>>,
    /// The claim.
    pub claim: &'h Row<Claim>,
    /// Its lines that name the contact.
    pub lines: Vec<LineRef<'h>>,
}

impl<'h> Billing<'h> {
    /// The claim's id.
    pub fn claim_name(&self) -> &'h str {
        self.view.history().claim_name(self.claim.value.claim)
    }

    /// The contact's id.
    pub fn contact_name(&self) -> &'h str {
        self.view.history().contact_name(self.contact)
    }

    /// The day the finding concerns: of the contact if there is one, else the claim's service date.
    pub fn day(&self) -> ValidDay {
        self.case.as_ref().map_or(self.claim.value.service_date, Case::day)
    }

    /// The rate code, if the claim has one.
    pub fn rate_code(&self) -> Option<&'h str> {
        self.claim.value.rate_code.map(|c| self.view.history().text_name(c))
    }

    /// A breach about these lines, shown by the claim and the contact.
    pub fn breach(&self, class: Class) -> Breach {
        Breach::new(class, self.day())
            .because([self.claim.seq()])
            .because(self.case.as_ref().map(Case::seq))
            .lines(self.lines.iter().map(|l| l.place), [self.contact])
    }
}
