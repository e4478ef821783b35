//! What was known when: how a finding appeared, changed, cleared and came back as more became known, and the events that did it.
//! Exact at every instant of known time (claims counting from their submission); gives up, and says so, after a thousand steps.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use domain::ids::IdKind;
use domain::{KnownAt, Recorded, Seq};
use rules::detect::{Reach, Standing};
use rules::{Class, Finding, Status};

use crate::error::AuditError;
use crate::explain::{Fact, Told, fact};
use crate::history::trail::{Ids, named};
use crate::places::{counts_from, read};

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
        let begins = stretch.from == KnownAt::BEGINNING || (i == 0 && sequence.cut_short);
        if !begins && let Some(what) = word(before, stretch.standing, was_there) {
            turns.push(Turn { at: stretch.from, what, standing: found(stretch.standing), causes: near.causes(stretch.from)? });
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

/// What is near enough to a finding to be why it turned, nearest first: its evidence, what names what it is about, what names its people, and what the
/// agency set. Corrections and retractions are as near as what they amend.
struct Near<'t> {
    told: &'t Told<'t>,
    evidence: BTreeSet<Seq>,
    things: Ids,
    people: Ids,
    /// Each tier holds places, ascending, looked up when it is reached; the first with an event that counts from an instant tells the causes at it.
    tiers: [OnceCell<Vec<Seq>>; 4],
}

impl<'t> Near<'t> {
    fn of(told: &'t Told<'t>, finding: &Finding, evidence: BTreeSet<Seq>) -> Result<Self, AuditError> {
        let history = &told.loaded.history;
        let naming = |ids: &Ids| -> Vec<Seq> { ids.iter().flat_map(|(kind, id)| told.places.naming(*kind, id)).collect() };
        let of_type = |ids: &Ids, kind: &str| -> Vec<Seq> { naming(ids).into_iter().filter(|seq| history.type_at(*seq) == Some(kind)).collect() };
        // A contact's notes are named by their signatures, a peer's supervisors by their licences: their ids are followed.
        let (mut things, mut people) = (things(finding), people(finding));
        let notes = followed(told, of_type(&things, "note_written"), &things, IdKind::Note)?;
        things.extend(notes);
        let staff: Ids = people.iter().filter(|(kind, _)| *kind == IdKind::Person).cloned().collect();
        people.extend(followed(told, of_type(&staff, "supervision_assigned"), &staff, IdKind::Person)?);
        Ok(Self { told, evidence, things, people, tiers: Default::default() })
    }

    /// The places of a tier, with what amends them.
    fn tier(&self, number: usize) -> Vec<Seq> {
        let places = self.told.places;
        let naming = |ids: &Ids| -> Vec<Seq> { ids.iter().flat_map(|(kind, id)| places.naming(*kind, id)).collect() };
        let mut seqs = match number {
            0 => self.evidence.iter().copied().collect(),
            1 => naming(&self.things),
            2 => naming(&self.people),
            _ => places.settings().collect(),
        };
        let amendments: Vec<Seq> = seqs.iter().flat_map(|seq| self.told.loaded.history.amendments_of(*seq).iter().copied()).collect();
        seqs.extend(amendments);
        seqs.retain(|seq| seq.0 < self.told.loaded.frame.size);
        seqs.sort_unstable();
        seqs.dedup();
        seqs
    }

    /// The events known at an instant that did it.
    fn causes(&self, at: KnownAt) -> Result<Vec<Fact>, AuditError> {
        for (number, tier) in self.tiers.iter().enumerate() {
            let events = read(self.told.ledger, &self.told.places.counting(at, tier.get_or_init(|| self.tier(number))))?;
            let then: Vec<&Recorded> = events.iter().filter(|recorded| counts_from(recorded) == at).collect();
            if !then.is_empty() {
                return Ok(then.into_iter().map(|recorded| fact(recorded, self.evidence.contains(&recorded.seq))).collect());
            }
        }
        Ok(Vec::new())
    }
}

/// Ids of a kind in events that name any of some ids.
fn followed(told: &Told<'_>, mut seqs: Vec<Seq>, ids: &Ids, kind: IdKind) -> Result<Ids, AuditError> {
    seqs.sort_unstable();
    seqs.dedup();
    let mut found = Ids::new();
    for recorded in read(told.ledger, &seqs)? {
        let names = named(&recorded);
        if names.iter().any(|id| ids.contains(id)) {
            found.extend(names.into_iter().filter(|(of, _)| *of == kind));
        }
    }
    Ok(found)
}

fn things(f: &Finding) -> Ids {
    let mut ids: Ids = f.contacts.iter().map(|c| (IdKind::Contact, c.to_string())).collect();
    ids.extend(f.about.claims.iter().map(|c| (IdKind::Claim, c.to_string())));
    let kinds = [("contact", IdKind::Contact), ("claim", IdKind::Claim), ("group_session", IdKind::GroupSession), ("plan", IdKind::Plan)];
    ids.extend(kinds.into_iter().filter_map(|(key, kind)| Some((kind, f.subject.get(key)?))));
    ids
}

fn people(f: &Finding) -> Ids {
    let subject = ["person", "peer"].into_iter().filter_map(|key| f.subject.get(key));
    let mut ids: Ids = subject.chain(f.about.peer.clone()).map(|p| (IdKind::Person, p)).collect();
    ids.extend(f.about.individual.iter().map(|i| (IdKind::Individual, i.clone())));
    ids.extend(f.about.program.iter().map(|p| (IdKind::Program, p.clone())));
    ids
}
