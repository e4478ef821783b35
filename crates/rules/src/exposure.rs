//! Money at risk: the live lines a finding involves, and their share of what was paid or charged.
//! A line counts once in a total, however many findings touch it.

use std::collections::BTreeMap;

use domain::Cents;
use timeline::{ContactKey, View};

use crate::class::Class;
use crate::finding::Finding;
use crate::verdict::{Breach, Involved};

/// Places of the live lines that a breach exposes; nothing for a documentation or advisory breach.
pub fn exposed_lines(view: &View<'_>, breach: &Breach) -> Vec<u32> {
    if breach.class != Class::Violation {
        return Vec::new();
    }
    let mut places: Vec<u32> = match &breach.involved {
        Involved::Contacts(contacts) => contacts.iter().flat_map(|c| view.live_lines(*c)).map(|l| l.place).collect(),
        Involved::Lines { lines, .. } => {
            lines.iter().filter(|p| view.line_at(**p).is_some_and(|l| view.live(l.claim.value.claim))).copied().collect()
        }
    };
    places.sort_unstable();
    places.dedup();
    places
}

/// Their share of what was paid, or of the charge where nothing was adjudicated: rounded half to even for each claim, then summed.
pub fn amount(view: &View<'_>, places: &[u32]) -> Cents {
    let mut by_claim: BTreeMap<_, (Cents, Cents, Cents)> = BTreeMap::new();
    for line in places.iter().filter_map(|p| view.line_at(*p)) {
        let claim = &line.claim.value;
        let entry = by_claim.entry(claim.claim).or_insert_with(|| (view.paid_or_charged(claim), Cents(0), claim.charge));
        entry.1 = entry.1 + line.line.charge;
    }
    by_claim.into_values().map(|(money, part, whole)| money.share(part, whole)).sum()
}

/// Money at risk over several findings, each claim line once.
pub fn total<'f>(view: &View<'_>, findings: impl IntoIterator<Item = &'f Finding>) -> Cents {
    let mut places: Vec<u32> = findings.into_iter().flat_map(|f| f.lines.iter().copied()).collect();
    places.sort_unstable();
    places.dedup();
    amount(view, &places)
}

/// The earliest submission of a claim that names one of the contacts.
pub fn earliest_submission(view: &View<'_>, contacts: &[ContactKey]) -> Option<domain::ValidAt> {
    contacts.iter().filter_map(|c| view.first_submission(*c)).map(|l| l.submitted_at()).min()
}
