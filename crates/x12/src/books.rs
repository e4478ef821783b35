//! What is known of claims while an import runs: who submitted what, what is still live, which payment was which.
//! Filled from the ledger and from the import's other files first, then by each claim and payment as it is taken.

use domain::event::{ClaimLine, Claims, Event};
use domain::{ClaimId, IndividualId, ProgramId, SourceId, ValidAt, ValidDay};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::join::Contacts;
use crate::keys::{self, SetKey};

/// A claim that was submitted.
#[derive(Debug, Clone)]
pub(crate) struct KnownClaim {
    pub(crate) id: ClaimId,
    pub(crate) individual: IndividualId,
    pub(crate) program: ProgramId,
    pub(crate) day: ValidDay,
    pub(crate) submitted_at: ValidAt,
    pub(crate) lines: Vec<ClaimLine>,
    /// Not denied, voided or replaced.
    pub(crate) live: bool,
    pub(crate) payments: Vec<KnownPayment>,
}

/// A payment on record.
#[derive(Debug, Clone)]
pub(crate) struct KnownPayment {
    /// What a correction of it points at.
    pub(crate) target: String,
    pub(crate) cents: i64,
}

/// Claims that may have one number. Each new one is held against all before it, and a number that names so many names none.
pub(crate) const MAX_SAME: usize = 2_000;

/// All of it.
#[derive(Debug, Default)]
pub struct Books {
    pub(crate) claims: Vec<KnownClaim>,
    by_id: FxHashMap<ClaimId, usize>,
    by_base: FxHashMap<String, Vec<usize>>,
    by_tcn: FxHashMap<String, Vec<usize>>,
    by_set: FxHashMap<SetKey, Vec<usize>>,
    /// Beginnings of the source ids that this import will give.
    awaited: FxHashSet<String>,
    /// Of a claim's id that is taken, the number from which on one that is free is looked for: ids once taken stay so.
    numbered: FxHashMap<ClaimId, u64>,
    /// Events on record under source ids that this import will give again.
    recorded: FxHashMap<SourceId, Event>,
}

impl Books {
    pub(crate) fn await_ids(&mut self, beginning: String) {
        self.awaited.insert(beginning);
    }

    /// An event on record: `target` is what a correction would point at, `standing` what it says now, nothing if it was retracted.
    pub fn know(&mut self, contacts: &mut Contacts, target: &str, source: Option<&SourceId>, event: &Event, standing: Option<&Event>) {
        if let Some(source) = source {
            // A hash stands in for long ones, which name no set.
            let beginning = source.as_str().rsplit_once(':').map_or("", |(beginning, _)| beginning);
            let set = source.as_str().splitn(5, ':').take(4).collect::<Vec<_>>().join(":");
            if self.awaited.contains(&set) || beginning.matches(':').count() == 1 {
                self.recorded.insert(source.clone(), event.clone());
            }
        }
        let Some(Event::Claims(standing)) = standing else { return };
        self.apply(contacts, target, source, standing);
    }

    /// The event under a source id, if it is on record.
    pub(crate) fn recorded(&self, source: &SourceId) -> Option<&Event> {
        self.recorded.get(source)
    }

    /// What an event does to what is known.
    pub(crate) fn apply(&mut self, contacts: &mut Contacts, target: &str, source: Option<&SourceId>, event: &Claims) {
        match event {
            Claims::ClaimSubmitted(e) => {
                let place = self.claims.len();
                self.by_id.insert(e.claim.clone(), place);
                self.by_base.entry(keys::base(&e.claim).to_owned()).or_default().push(place);
                if let Some(set) = source.and_then(|s| keys::set_of(s.as_str())) {
                    self.by_set.entry(set).or_default().push(place);
                }
                e.lines.iter().for_each(|line| contacts.bill(&line.contact));
                let (id, individual, program, lines) = (e.claim.clone(), e.individual.clone(), e.program.clone(), e.lines.clone());
                let (day, submitted_at) = (e.service_date, e.submitted_at);
                self.claims.push(KnownClaim { id, individual, program, day, submitted_at, lines, live: true, payments: Vec::new() });
            }
            Claims::ClaimPaid(e) => {
                let Some(place) = self.by_id.get(&e.claim).copied() else { return };
                if let Some(tcn) = &e.tcn {
                    let places = self.by_tcn.entry(tcn.as_str().to_owned()).or_default();
                    // A number that as many claims share is nobody's, and is looked up no further.
                    if places.len() < MAX_SAME && !places.contains(&place) {
                        places.push(place);
                    }
                }
                self.claims[place].payments.push(KnownPayment { target: target.to_owned(), cents: e.paid_cents.0 });
            }
            Claims::ClaimDenied(e) => self.end(contacts, &e.claim),
            Claims::ClaimVoided(e) => self.end(contacts, &e.claim),
            Claims::ClaimAdjusted(e) => self.end(contacts, &e.replaces),
            Claims::OverpaymentSuspected(_)
            | Claims::OverpaymentDetermined(_)
            | Claims::OverpaymentQuantified(_)
            | Claims::InvestigationOpened(_)
            | Claims::InvestigationClosed(_)
            | Claims::DisclosureSubmitted(_)
            | Claims::DisclosureAcknowledged(_)
            | Claims::OverpaymentRepaid(_) => {}
        }
    }

    fn end(&mut self, contacts: &mut Contacts, claim: &ClaimId) {
        if let Some(claim) = self.by_id.get(claim).and_then(|place| self.claims.get_mut(*place)).filter(|claim| claim.live) {
            claim.live = false;
            claim.lines.iter().for_each(|line| contacts.release(&line.contact));
        }
    }

    /// The id named, or the first of `77:2`, `77:3`, .. that is not taken; `None` if such an id would be too long.
    pub(crate) fn free(&mut self, named: &ClaimId) -> Option<ClaimId> {
        if !self.by_id.contains_key(named) {
            return Some(named.clone());
        }
        let from = self.numbered.get(named).copied().unwrap_or(2);
        for again in from.. {
            let id = keys::claim_id(named.as_str(), &again.to_string())?;
            if !self.by_id.contains_key(&id) {
                self.numbered.insert(named.clone(), again);
                return Some(id);
            }
        }
        None
    }

    /// The claims submitted under a number, in the order they came, which is that of their places.
    pub(crate) fn of_number(&self, number: &str) -> &[usize] {
        self.by_base.get(&keys::clean(number)).map_or(&[], Vec::as_slice)
    }

    /// The claims that a payer's or our own number means: all parts of the one submission that was the last by the end of `day`. A payer's
    /// number that is known goes first; then our number, live submissions before others.
    pub(crate) fn meant(&self, tcn: Option<&str>, number: &str, day: ValidDay) -> Vec<usize> {
        let by_tcn = tcn.and_then(|tcn| self.by_tcn.get(tcn)).map_or(&[][..], Vec::as_slice);
        let ours = self.of_number(number);
        // A payer may give one number to several of ours, as when it splits or bundles: then ours decides among them.
        let both: Vec<usize> = by_tcn.iter().copied().filter(|place| ours.binary_search(place).is_ok()).collect();
        let one = |places: &[usize]| places.first().map(|first| self.parts(*first));
        one(&both).or_else(|| if ours.is_empty() { one(by_tcn) } else { None }).or_else(|| self.last(ours, day)).unwrap_or_default()
    }

    /// The claim of exactly this payer's number.
    pub(crate) fn of_tcn(&self, tcn: &str) -> Vec<usize> {
        self.by_tcn.get(tcn).and_then(|places| places.last()).map(|last| self.parts(*last)).unwrap_or_default()
    }

    fn last(&self, places: &[usize], day: ValidDay) -> Option<Vec<usize>> {
        let in_time = |place: &&usize| self.claims[**place].submitted_at.local_day() <= day;
        let latest = |live: bool| places.iter().filter(in_time).filter(|p| !live || self.claims[**p].live).max_by_key(|p| self.claims[**p].submitted_at);
        let chosen = latest(true).or(latest(false)).or(places.last())?;
        Some(self.parts(*chosen))
    }

    /// The live parts of the last submission of a number.
    pub(crate) fn live_of(&self, number: &str) -> Vec<usize> {
        let live = self.of_number(number).iter().filter(|p| self.claims[**p].live).max_by_key(|p| self.claims[**p].submitted_at);
        live.map(|place| self.parts(*place)).unwrap_or_default()
    }

    /// All parts of the submission that a claim is a part of, by day.
    fn parts(&self, place: usize) -> Vec<usize> {
        let of = &self.claims[place];
        let same = |other: &&usize| self.claims[**other].submitted_at == of.submitted_at;
        let siblings = self.by_base.get(keys::base(&of.id)).map_or(&[][..], Vec::as_slice);
        let mut parts: Vec<usize> = siblings.iter().filter(same).copied().collect();
        parts.sort_by_key(|p| self.claims[*p].day);
        parts
    }

    /// The claims of a submitted interchange, group or set, of the last one with these control numbers by the end of `day`.
    pub(crate) fn of_set(&self, source: &str, interchange: Option<&str>, group: Option<&str>, set: Option<&str>, day: ValidDay) -> Vec<usize> {
        let same = |wanted: Option<&str>, have: &str| wanted.is_none_or(|w| w == have);
        let matching = self.by_set.iter().filter(|(key, _)| {
            key.source == source && same(interchange, &key.interchange) && same(group, &key.group) && same(set, &key.set)
        });
        let mut places: Vec<usize> = matching.flat_map(|(_, places)| places.iter().copied()).collect();
        places.retain(|p| self.claims[*p].submitted_at.local_day() <= day);
        let last = places.iter().map(|p| self.claims[*p].submitted_at.local_day()).max();
        places.retain(|p| Some(self.claims[*p].submitted_at.local_day()) == last);
        places.sort_unstable();
        places
    }
}
