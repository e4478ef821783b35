//! Claims: what was submitted, as believed at a moment and counting from its submission; whether it is live; and what a share of it is worth in the end.
//! Money is told as it stands when everything inside the cut is known.

use std::collections::BTreeSet;

use domain::event::{ClaimSubmitted, Claims};
use domain::{Cents, Event, KnownAt};

use crate::book::Fact;
use crate::sight::{Sight, told};

/// A submitted claim and what was believed of it.
pub(crate) struct Bill {
    pub(crate) seq: u64,
    /// From when it counts: its submission, with every correction. That it was submitted is no news to who submitted it.
    counts: KnownAt,
    /// As of every moment at which something about it became known.
    believed: Vec<(KnownAt, Option<ClaimSubmitted>)>,
}

/// A claim as believed at a moment.
#[derive(Clone, Copy)]
pub(crate) struct Submitted<'a> {
    pub(crate) claim: &'a ClaimSubmitted,
    pub(crate) at: KnownAt,
    pub(crate) seq: u64,
}

fn submission(event: &Event) -> Option<ClaimSubmitted> {
    if let Event::Claims(Claims::ClaimSubmitted(claim)) = event { Some(claim.clone()) } else { None }
}

impl Bill {
    pub(crate) fn all(facts: &[Fact]) -> Vec<Self> {
        let bill = |fact: &Fact| {
            let counts = submission(fact.settled.as_ref()?)?.submitted_at.as_submission_known();
            let believed = fact.believed.iter().map(|(at, event)| (*at, event.as_ref().and_then(submission))).collect();
            Some(Self { seq: fact.seq, counts, believed })
        };
        facts.iter().filter_map(bill).collect()
    }

    /// Every contact it named, in any belief.
    pub(crate) fn ever_named(&self) -> BTreeSet<&str> {
        self.believed.iter().filter_map(|(_, claim)| claim.as_ref()).flat_map(|claim| &claim.lines).map(|line| line.contact.as_str()).collect()
    }

    /// The claim as believed at a moment, if it counts by then; says every moment at which that may have changed.
    pub(crate) fn at(&self, at: KnownAt, note: impl Fn(KnownAt)) -> Option<Submitted<'_>> {
        self.believed.iter().for_each(|(from, _)| note(*from));
        note(self.counts);
        let claim = self.believed.iter().rev().find(|(from, _)| *from <= at)?.1.as_ref()?;
        let submitted = Submitted { claim, at: claim.submitted_at.as_submission_known(), seq: self.seq };
        (self.counts <= at).then_some(submitted)
    }
}

/// Whether a claim is neither voided nor denied nor replaced.
pub(crate) fn live(sight: &Sight<'_>, claim: &ClaimSubmitted) -> bool {
    let name = claim.claim.as_str();
    let denied = told!(sight, "dead", name, Claims::ClaimDenied).any(|(_, e)| e.claim == claim.claim);
    let voided = told!(sight, "dead", name, Claims::ClaimVoided).any(|(_, e)| e.claim == claim.claim);
    let replaced = told!(sight, "dead", name, Claims::ClaimAdjusted).any(|(_, e)| e.replaces == claim.claim);
    !denied && !voided && !replaced
}

/// What the lines at these places put at risk.
pub(crate) fn stake(sight: &Sight<'_>, claim: &ClaimSubmitted, lines: &BTreeSet<usize>) -> i64 {
    if !live(sight, claim) {
        return 0;
    }
    let charge: i64 = claim.lines.iter().map(|line| line.charge_cents.0).sum();
    let part: i64 = lines.iter().filter_map(|place| claim.lines.get(*place)).map(|line| line.charge_cents.0).sum();
    let payments: Vec<i64> = told!(sight, "paid", claim.claim.as_str(), Claims::ClaimPaid).filter(|(_, e)| e.claim == claim.claim).map(|(_, e)| e.paid_cents.0).collect();
    if payments.is_empty() { part } else { Cents(payments.iter().sum()).share(Cents(part), Cents(charge)).0 }
}
