//! Claims and what becomes of them: submitted in weekly batches about ten days after the service, paid about ten days after that.
//! Knows what a right claim for a contact is; a plant changes the draft before it is submitted.

use domain::event::*;
use domain::words::{Format, ProgramKind, Site};
use domain::{Cents, ClaimId, ContactId, IndividualId, KnownAt, ProgramId, SourceId, Units, ValidAt, ValidDay};

use crate::calendar::{at, later, monday_of, working_from};
use crate::office::Office;
use crate::programs::text;

/// Charge of a unit, in cents, one person and in a group.
const INDIVIDUAL_UNIT: i64 = 2_315;
const GROUP_UNIT: i64 = 1_042;

/// A claim about to be submitted.
#[derive(Clone)]
pub(crate) struct ClaimDraft {
    pub(crate) individual: IndividualId,
    pub(crate) program: ProgramId,
    pub(crate) service_date: ValidDay,
    pub(crate) batch: ValidDay,
    pub(crate) rate_code: Option<&'static str>,
    pub(crate) lines: Vec<LineDraft>,
    pub(crate) fate: Fate,
}

/// A line of it.
#[derive(Clone)]
pub(crate) struct LineDraft {
    pub(crate) contact: ContactId,
    /// Place in the book of services, if the contact is there.
    pub(crate) served: Option<usize>,
    pub(crate) hcpcs: &'static str,
    pub(crate) modifiers: Vec<&'static str>,
    pub(crate) units: u32,
    pub(crate) charge: i64,
}

/// What the payer makes of a claim.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Fate {
    /// Paid this many per mille of the charge.
    Paid(i64),
    /// Paid in two halves, the second a week later.
    PaidTwice,
    /// Not adjudicated by the day of the export.
    Pending,
    Denied,
    /// Paid, and voided by the agency three weeks after.
    Voided,
}

/// What is remembered of a submitted claim.
pub(crate) struct Claim {
    pub(crate) id: ClaimId,
    pub(crate) submitted: KnownAt,
    pub(crate) source: SourceId,
    pub(crate) lines: Vec<(Option<usize>, i64)>,
    total: i64,
    paid: Option<i64>,
    /// Voided, denied or replaced.
    pub(crate) dead: bool,
}

impl Claim {
    /// What hangs on one line: its share of what was paid, or its charge while nothing was.
    fn stake(&self, charge: i64) -> i64 {
        match self.paid {
            _ if self.dead => 0,
            None => charge,
            Some(paid) => Cents(paid).share(Cents(charge), Cents(self.total)).0,
        }
    }
}

impl Office {
    /// The weekly batch that takes a day's services: the Thursday of the week after, or the first working day from it.
    pub(crate) fn batch_for(service_day: ValidDay) -> ValidDay {
        working_from(monday_of(service_day).plus_days(10))
    }

    /// A right claim for contacts of one person, day and site.
    pub(crate) fn claim_for(&self, places: &[usize]) -> ClaimDraft {
        let first = &self.served[places[0]];
        let (individual, program) = self.who(first.client);
        let clinic = self.programs[self.clients[first.client].program].kind == ProgramKind::Mhotrs;
        let rate_code = if first.site == Site::Offsite { "1507" } else { "1474" };
        let lines = places.iter().map(|place| self.line_for(*place)).collect();
        ClaimDraft {
            individual,
            program,
            service_date: first.day,
            batch: Self::batch_for(first.day),
            rate_code: clinic.then_some(rate_code),
            lines,
            fate: Fate::Paid(1000),
        }
    }

    fn line_for(&self, place: usize) -> LineDraft {
        let served = &self.served[place];
        let units = served.minutes.0 / 15;
        let group = served.format == Format::Group;
        let unit = if group { GROUP_UNIT } else { INDIVIDUAL_UNIT };
        LineDraft {
            contact: served.contact.clone(),
            served: Some(place),
            hcpcs: "H0038",
            modifiers: if group { vec!["HQ"] } else { Vec::new() },
            units,
            charge: i64::from(units) * unit,
        }
    }

    /// Submits a claim and lets its fate take its course; nothing if its batch runs after the export.
    pub(crate) fn submit(&mut self, draft: ClaimDraft) -> Option<usize> {
        if draft.batch > self.end || draft.lines.is_empty() {
            return None;
        }
        let submitted_at = self.batch(draft.batch, 18 * 60);
        let id = ClaimId::parse(&format!("CL-{}", self.new_claim_number())).expect("letters and digits are an id");
        let lines: Vec<ClaimLine> = draft
            .lines
            .iter()
            .map(|line| ClaimLine {
                contact: line.contact.clone(),
                hcpcs: text(line.hcpcs),
                modifiers: line.modifiers.iter().map(|m| text(m)).collect(),
                units: Units(line.units),
                charge_cents: Cents(line.charge),
            })
            .collect();
        let event = ClaimSubmitted {
            claim: id.clone(),
            payer: Some(text("MCD")),
            individual: draft.individual,
            program: draft.program,
            service_date: draft.service_date,
            submitted_at,
            rate_code: draft.rate_code.map(text),
            lines,
        };
        let entry = self.record(later(submitted_at, 3), "bill:claim", event);
        let total: i64 = draft.lines.iter().map(|l| l.charge).sum();
        let place = self.claims.len();
        for line in &draft.lines {
            if let Some(served) = line.served {
                self.served[served].claims.push(place);
            }
        }
        self.claims.push(Claim {
            id,
            submitted: KnownAt::from_micros(submitted_at.micros()),
            source: entry.source,
            lines: draft.lines.iter().map(|l| (l.served, l.charge)).collect(),
            total,
            paid: None,
            dead: false,
        });
        match draft.fate {
            Fate::Pending => {}
            Fate::Paid(per_mille) => self.pay(place, total * per_mille / 1000, draft.batch.plus_days(11)),
            Fate::PaidTwice => {
                self.pay(place, total / 2, draft.batch.plus_days(11));
                self.pay(place, total - total / 2, draft.batch.plus_days(18));
            }
            Fate::Denied => self.deny(place, draft.batch.plus_days(11)),
            Fate::Voided => {
                self.pay(place, total, draft.batch.plus_days(11));
                self.void(place, draft.batch.plus_days(32), "billed in error");
            }
        }
        Some(place)
    }

    /// A right claim for one contact, submitted.
    pub(crate) fn bill(&mut self, place: usize) -> Option<usize> {
        let draft = self.claim_for(&[place]);
        self.submit(draft)
    }

    fn pay(&mut self, claim: usize, cents: i64, day: ValidDay) {
        let day = working_from(day);
        if day > self.end {
            return;
        }
        let when = self.batch(day, 9 * 60);
        let id = self.claims[claim].id.clone();
        let tcn = Some(text(&format!("TCN{}", id.as_str().replacen("CL-", "", 1))));
        self.record(when, "bill:pay", ClaimPaid { claim: id, tcn, paid_cents: Cents(cents), paid_on: day });
        let paid = &mut self.claims[claim].paid;
        *paid = Some(paid.unwrap_or(0) + cents);
    }

    fn deny(&mut self, claim: usize, day: ValidDay) {
        let day = working_from(day);
        if day > self.end {
            return;
        }
        let when = self.batch(day, 9 * 60);
        let id = self.claims[claim].id.clone();
        self.record(when, "bill:deny", ClaimDenied { claim: id, denied_on: day, reason: Some(text("coverage terminated")) });
        self.claims[claim].dead = true;
    }

    /// Voids a claim, if the day is within the export.
    pub(crate) fn void(&mut self, claim: usize, day: ValidDay, reason: &str) {
        let day = working_from(day);
        if day > self.end {
            return;
        }
        let id = self.claims[claim].id.clone();
        self.record(at(day, 14 * 60), "bill:void", ClaimVoided { claim: id, voided_on: day, reason: Some(text(reason)) });
        self.claims[claim].dead = true;
    }

    /// Replaces a claim by another, if the other's batch is within the export.
    pub(crate) fn replace(&mut self, claim: usize, draft: ClaimDraft) {
        let adjusted_on = draft.batch;
        let Some(new) = self.submit(draft) else { return };
        let event = ClaimAdjusted { claim: self.claims[new].id.clone(), replaces: self.claims[claim].id.clone(), adjusted_on };
        // Minutes after the batch, well before anybody looks.
        self.record(later(at(adjusted_on, 18 * 60), 90), "bill:adjust", event);
        self.claims[claim].dead = true;
    }

    /// When a contact was first submitted, if it was.
    pub(crate) fn first_submitted(&self, place: usize) -> Option<KnownAt> {
        self.served[place].claims.iter().map(|c| self.claims[*c].submitted).min()
    }

    /// What hangs on the live lines of some contacts; with `only`, of that claim alone.
    pub(crate) fn stake(&self, places: &[usize], only: Option<usize>) -> i64 {
        let mut claims: Vec<usize> =
            places.iter().flat_map(|p| self.served[*p].claims.iter().copied()).filter(|c| only.is_none_or(|o| o == *c)).collect();
        claims.sort_unstable();
        claims.dedup();
        let involved =
            |claim: &Claim| claim.lines.iter().filter(|(s, _)| s.is_some_and(|s| places.contains(&s))).map(|(_, c)| *c).sum::<i64>();
        claims.iter().map(|c| &self.claims[*c]).map(|claim| claim.stake(involved(claim))).sum()
    }

    /// What hangs on every line of a claim.
    pub(crate) fn stake_of_claim(&self, claim: usize) -> i64 {
        let claim = &self.claims[claim];
        claim.stake(claim.total)
    }
}

/// The instant a batch of a day is submitted at the earliest, for facts that must come before or after it.
pub(crate) fn batch_hour(batch: ValidDay) -> ValidAt {
    at(batch, 18 * 60)
}
