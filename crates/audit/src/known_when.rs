//! What was known when: how a finding appeared, changed, cleared and came back as more became known, and the events that did it.
//! Exact at every instant of known time (claims counting from their submission); gives up, and says so, after a thousand steps.

use std::collections::BTreeSet;

use domain::event::{Claims, Event};
use domain::ids::IdKind;
use domain::{KnownAt, Recorded, Seq};
use rules::detect::{Beginning, Reach, Standing};
use rules::{Class, Finding, Status};

use crate::error::AuditError;
use crate::explain::{Fact, Told, fact};
use crate::history::trail::{Ids, named};
use crate::places::read;

/// Steps walked before giving up.
pub const STEPS: usize = 1_000;

/// A turn in the history of a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// When it became so.
    pub at: KnownAt,
    /// What happened: "appeared", "came back", "changed class", "cured late", "open again", "cleared", "could not be judged".
    pub what: &'static str,
    /// How it stood from here on, if it was there.
    pub standing: Option<(Class, Status)>,
    /// The events known at that instant that did it; none when a deadline passed.
    pub causes: Vec<Fact>,
}

/// How a finding went over known time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KnownWhen {
    /// Turns, oldest first.
    pub turns: Vec<Turn>,
    /// The beginning is missing: more steps than are walked.
    pub cut_short: bool,
}

/// Walks the whole of known time for a finding.
pub(crate) fn known_when(told: &Told<'_>, finding: &Finding) -> Result<KnownWhen, AuditError> {
    let reach = Reach { until: KnownAt::END, floor: KnownAt::BEGINNING, steps: STEPS };
    let subject = finding.subject.find(&told.loaded.history);
    let Some(sequence) = subject.and_then(|s| told.engine.sequence(&told.loaded.view(), finding.rule, s, reach)) else {
        return Ok(KnownWhen::default());
    };
    let mut evidence: BTreeSet<Seq> = finding.evidence.iter().map(|(seq, _)| *seq).collect();
    evidence.extend(sequence.stretches.iter().flat_map(|s| s.evidence.iter().copied()));
    let near = Near::of(told, finding, evidence)?;
    let mut turns = Vec::new();
    let mut before = Standing::Clear;
    let mut was_there = false;
    for (i, stretch) in sequence.stretches.iter().rev().enumerate() {
        // Before anything is known there is nothing to tell; of a walk cut short, the oldest answer began before what was walked.
        let at = stretch.from.at;
        let begins = at == KnownAt::BEGINNING || (i == 0 && sequence.cut_short);
        if !begins && let Some(what) = word(before, stretch.standing, was_there) {
            turns.push(Turn { at, what, standing: found(stretch.standing), causes: near.causes(&stretch.from)? });
        }
        was_there |= found(stretch.standing).is_some();
        before = stretch.standing;
    }
    Ok(KnownWhen { turns, cut_short: sequence.cut_short })
}

fn found(standing: Standing) -> Option<(Class, Status)> {
    if let Standing::Found(class, status) = standing { Some((class, status)) } else { None }
}

fn word(before: Standing, after: Standing, was_there: bool) -> Option<&'static str> {
    Some(match (before, after) {
        (Standing::Clear | Standing::NotEvaluated, Standing::Found(..)) if was_there => "came back",
        (Standing::Clear | Standing::NotEvaluated, Standing::Found(..)) => "appeared",
        (Standing::Found(_, Status::Open), Standing::Found(_, Status::CuredLate)) => "cured late",
        (Standing::Found(_, Status::CuredLate), Standing::Found(_, Status::Open)) => "open again",
        (Standing::Found(..), Standing::Found(..)) => "changed class",
        (Standing::Found(..), Standing::Clear) => "cleared",
        (_, Standing::NotEvaluated) => "could not be judged",
        (Standing::NotEvaluated | Standing::Clear, Standing::Clear) => return None,
    })
}

/// Which of the events that the rule looked at, and that became known when a finding turned, are told as why: those it shows as evidence, or else those
/// that name what it is about, or else all of them. Corrections and retractions are as near as what they amend.
struct Near<'n> {
    told: &'n Told<'n>,
    finding: &'n Finding,
    shown: BTreeSet<Seq>,
    evidence: Vec<Recorded>,
}

impl<'n> Near<'n> {
    fn of(told: &'n Told<'n>, finding: &'n Finding, shown: BTreeSet<Seq>) -> Result<Self, AuditError> {
        let evidence = with_amendments(told, shown.iter().copied().collect())?;
        Ok(Self { told, finding, shown, evidence })
    }

    fn causes(&self, beginning: &Beginning) -> Result<Vec<Fact>, AuditError> {
        // Only time passed: a deadline did.
        if beginning.changed.is_empty() {
            return Ok(Vec::new());
        }
        let counts = |recorded: &&Recorded| counts_from(recorded) == beginning.at;
        let told: Vec<Fact> = self.evidence.iter().filter(counts).map(|recorded| self.fact(recorded)).collect();
        if !told.is_empty() {
            return Ok(told);
        }
        let changed = with_amendments(self.told, beginning.changed.clone())?;
        // A claim told anew counts from its submission as corrected, from which no event does: what was looked at is told then.
        let exact: Vec<&Recorded> = changed.iter().filter(counts).collect();
        let then = if exact.is_empty() { changed.iter().collect() } else { exact };
        let things = self.things();
        let (about, others): (Vec<&Recorded>, Vec<&Recorded>) = then.into_iter().partition(|recorded| named(recorded).iter().any(|id| things.contains(id)));
        let nearest = if about.is_empty() { others } else { about };
        Ok(nearest.into_iter().map(|recorded| self.fact(recorded)).collect())
    }

    fn fact(&self, recorded: &Recorded) -> Fact {
        fact(recorded, self.shown.contains(&recorded.seq))
    }

    /// Ids of what the finding is about. A contact's notes are named by their signatures, which do not name the contact.
    fn things(&self) -> Ids {
        let f = self.finding;
        let history = &self.told.loaded.history;
        let mut ids: Ids = f.contacts.iter().map(|c| (IdKind::Contact, history.contact_name(c).to_owned())).collect();
        ids.extend(f.about.claims.iter().map(|c| (IdKind::Claim, c.to_string())));
        let kinds = [("contact", IdKind::Contact), ("claim", IdKind::Claim), ("group_session", IdKind::GroupSession), ("plan", IdKind::Plan)];
        ids.extend(kinds.into_iter().filter_map(|(key, kind)| Some((kind, f.subject.get(key)?.into()))));
        ids.extend(f.contacts.iter().flat_map(|contact| history.notes_of(contact)).map(|row| (IdKind::Note, history.note_name(row.value.note).to_owned())));
        ids
    }
}

/// Some events with what amends them, in ledger order.
fn with_amendments(told: &Told<'_>, mut seqs: Vec<Seq>) -> Result<Vec<Recorded>, AuditError> {
    let amendments: Vec<Seq> = seqs.iter().flat_map(|seq| told.loaded.history.amendments_of(*seq).iter().copied()).collect();
    seqs.extend(amendments);
    seqs.retain(|seq| seq.0 < told.loaded.frame.size);
    seqs.sort_unstable();
    seqs.dedup();
    read(told.ledger, &seqs)
}

/// The instant from which an event counts: a claim from its submission.
fn counts_from(recorded: &Recorded) -> KnownAt {
    if let Event::Claims(Claims::ClaimSubmitted(e)) = &recorded.event { e.submitted_at.as_submission_known() } else { recorded.known_at() }
}
