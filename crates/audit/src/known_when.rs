//! What was known when: how a finding appeared, changed, cleared and came back as more became known, and the events that did it.
//! Exact at every instant of known time (claims counting from their submission); gives up, and says so, after a thousand steps.

use std::collections::BTreeSet;

use domain::event::{Claims, Event, Findings, Workforce};
use domain::ids::IdKind;
use domain::{KnownAt, Recorded, Seq};
use ledger::Ledger;
use rules::detect::{Reach, Standing};
use rules::{Class, Engine, Finding, Status};

use crate::error::AuditError;
use crate::explain::{Fact, fact};
use crate::history::trail::named;
use crate::loaded::Loaded;

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
pub(crate) fn known_when(ledger: &Ledger, engine: &Engine, loaded: &Loaded, finding: &Finding) -> Result<KnownWhen, AuditError> {
    let reach = Reach { until: KnownAt::END, floor: KnownAt::BEGINNING, steps: STEPS };
    let subject = finding.subject.find(&loaded.history);
    let Some(sequence) = subject.and_then(|s| engine.sequence(&loaded.view(), finding.rule, s, reach)) else {
        return Ok(KnownWhen::default());
    };
    let mut evidence: BTreeSet<Seq> = finding.evidence.iter().map(|(seq, _)| *seq).collect();
    evidence.extend(sequence.stretches.iter().flat_map(|s| s.evidence.iter().copied()));
    let instants: BTreeSet<KnownAt> = sequence.stretches.iter().map(|s| s.from).collect();
    let candidates = candidates(ledger, loaded.frame.size, &instants, finding, &evidence)?;
    let mut turns = Vec::new();
    let mut before = Standing::Clear;
    let mut was_there = false;
    for (i, stretch) in sequence.stretches.iter().rev().enumerate() {
        // Before anything is known there is nothing to tell; of a walk cut short, the oldest answer began before what was walked.
        let begins = stretch.from == KnownAt::BEGINNING || (i == 0 && sequence.cut_short);
        if !begins && let Some(what) = word(before, stretch.standing, was_there) {
            let standing = found(stretch.standing);
            turns.push(Turn { at: stretch.from, what, standing, causes: causes(&candidates, stretch.from, &evidence) });
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

/// An event that could be a cause: how near it is to the finding, nearest first.
struct Candidate {
    known: KnownAt,
    nearness: u8,
    recorded: Recorded,
}

fn causes(candidates: &[Candidate], at: KnownAt, evidence: &BTreeSet<Seq>) -> Vec<Fact> {
    let then: Vec<&Candidate> = candidates.iter().filter(|c| c.known == at).collect();
    let nearest = then.iter().map(|c| c.nearness).min();
    then.iter().filter(|c| Some(c.nearness) == nearest).map(|c| fact(&c.recorded, evidence.contains(&c.recorded.seq))).collect()
}

/// The instant from which an event counts: a claim from its submission.
fn counts_from(recorded: &Recorded) -> KnownAt {
    if let Event::Claims(Claims::ClaimSubmitted(e)) = &recorded.event { e.submitted_at.as_submission_known() } else { recorded.known_at() }
}

fn is_amendment(event: &Event) -> bool {
    matches!(event, Event::Findings(Findings::EventCorrected(_) | Findings::EventRetracted(_)))
}

/// Events known at one of the instants that bear on the finding: its evidence, what names what it is about, what names its people.
fn candidates(
    ledger: &Ledger,
    size: u64,
    instants: &BTreeSet<KnownAt>,
    finding: &Finding,
    evidence: &BTreeSet<Seq>,
) -> Result<Vec<Candidate>, AuditError> {
    let mut things = things(finding);
    let mut people = people(finding);
    let mut found = Vec::new();
    ledger.replay(0..size, |recorded| {
        learn(&recorded, &mut things, &mut people);
        if instants.contains(&counts_from(&recorded)) {
            let near = nearness(&recorded, evidence, &things, &people);
            found.extend(near.map(|nearness| Candidate { known: counts_from(&recorded), nearness, recorded }));
        }
    })?;
    for candidate in found.iter_mut().filter(|c| is_amendment(&c.recorded.event)) {
        let target = candidate.recorded.target.map(|seq| ledger.get(seq)).transpose()?.flatten();
        let near = target.and_then(|t| nearness(&t, evidence, &things, &people));
        candidate.nearness = near.map_or(FAR, |n| n.min(candidate.nearness));
    }
    found.retain(|c| c.nearness < FAR);
    Ok(found)
}

type Ids = BTreeSet<(IdKind, String)>;

/// Too far to be a cause.
const FAR: u8 = 9;

fn nearness(recorded: &Recorded, evidence: &BTreeSet<Seq>, things: &Ids, people: &Ids) -> Option<u8> {
    let ids = named(recorded);
    if evidence.contains(&recorded.seq) || recorded.target.is_some_and(|t| evidence.contains(&t)) {
        Some(0)
    } else if ids.iter().any(|id| things.contains(id)) {
        Some(1)
    } else if ids.iter().any(|id| people.contains(id)) {
        Some(2)
    } else if recorded.event.type_name() == "parameter_set" || is_amendment(&recorded.event) {
        // A setting bears on everybody; an amendment is as near as what it amends, looked up later.
        Some(3)
    } else {
        None
    }
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

/// A contact's notes are named by their signatures, a peer's supervisors by their licences: their ids are followed.
fn learn(recorded: &Recorded, things: &mut Ids, people: &mut Ids) {
    let note = recorded.event.type_name() == "note_written";
    let supervision = matches!(recorded.event, Event::Workforce(Workforce::SupervisionAssigned(_)));
    if note || supervision {
        let ids = named(recorded);
        if note && ids.iter().any(|id| things.contains(id)) {
            things.extend(ids.into_iter().filter(|(kind, _)| *kind == IdKind::Note));
        } else if supervision && ids.iter().any(|id| id.0 == IdKind::Person && people.contains(id)) {
            people.extend(ids.into_iter().filter(|(kind, _)| *kind == IdKind::Person));
        }
    }
}
