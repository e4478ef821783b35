//! The loops of an 835 to payments: what was paid, denied or taken back, claim by claim and line by line.
//! Reads what the payer says it did and checks no arithmetic of it; provider-level adjustments belong to no claim and are only counted.

use std::sync::Arc;

use domain::ValidDay;
use domain::field::Mismatch;

use crate::claims::MAX_LINES;
use crate::found::{Adjustment, Found, Item, Origin, PaidLine, Payment, Status};
use crate::problem::Problem;
use crate::segment::{Segment, day};

/// Adjustments kept of one payment; reasons are for people, and nobody reads more.
pub const MAX_ADJUSTMENTS: usize = 60;

/// The state of one transaction set.
#[derive(Debug)]
pub(crate) struct Remits {
    origin: Arc<Origin>,
    day: Option<ValidDay>,
    produced: Option<ValidDay>,
    payment: Option<Payment>,
    place: u32,
    broken: bool,
    /// PLB segments met.
    pub(crate) provider_adjustments: u64,
}

impl Remits {
    pub(crate) fn new(origin: Arc<Origin>) -> Self {
        Self { origin, day: None, produced: None, payment: None, place: 0, broken: false, provider_adjustments: 0 }
    }

    /// Takes the next segment of the set.
    pub(crate) fn take(&mut self, s: &Segment<'_>, found: &mut dyn FnMut(Found)) {
        if let Err(problem) = self.read(s, found) {
            self.broken = true;
            found(Found::Problem(problem));
        }
    }

    fn read(&mut self, s: &Segment<'_>, found: &mut dyn FnMut(Found)) -> Result<(), Problem> {
        match s.id() {
            // A set without a payment (BPR04 NON) may leave the day out.
            b"BPR" if !s.element(16).is_empty() => self.day = Some(s.day(16)?),
            b"DTM" => self.date(s)?,
            b"CLP" => {
                self.finish(found);
                self.broken = false;
                self.place += 1;
                self.payment = Some(self.begin(s)?);
            }
            b"LX" => self.finish(found),
            b"SVC" => self.line(s)?,
            b"CAS" => self.adjust(s)?,
            b"REF" if s.element(1) == b"6R" => {
                let control = s.optional(2, 0, 50)?.map(str::to_owned);
                if let Some(line) = self.payment.as_mut().and_then(|p| p.lines.last_mut()) {
                    line.control = control;
                }
            }
            b"PLB" => {
                self.finish(found);
                self.provider_adjustments += 1;
            }
            _ => {}
        }
        Ok(())
    }

    fn date(&mut self, s: &Segment<'_>) -> Result<(), Problem> {
        match (&mut self.payment, s.element(1)) {
            (None, b"405") => self.produced = Some(s.day(2)?),
            (Some(payment), b"472" | b"150") if !payment.lines.is_empty() => {
                let day = s.day(2)?;
                if let Some(line) = payment.lines.last_mut() {
                    line.day = Some(day);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn begin(&self, s: &Segment<'_>) -> Result<Payment, Problem> {
        let status_code = s.required(2, 0, 2, "a claim status code: 1, 2, 3, 4 or 22")?;
        let status = match status_code {
            "1" | "2" | "3" | "19" | "20" | "21" => Status::Paid,
            "4" => Status::Denied,
            "22" => Status::Reversed,
            _ => Status::Other,
        };
        s.cents(3)?;
        Ok(Payment {
            segment: s.ordinal(),
            place: self.place,
            origin: Arc::clone(&self.origin),
            number: s.required(1, 0, 50, "the claim's number")?.to_owned(),
            status,
            status_code: status_code.to_owned(),
            paid: s.cents(4)?,
            tcn: s.optional(7, 0, 50)?.map(str::to_owned),
            day: self.day.or(self.produced).unwrap_or_else(|| self.origin.at.local_day()),
            adjustments: Vec::new(),
            lines: Vec::new(),
        })
    }

    fn line(&mut self, s: &Segment<'_>) -> Result<(), Problem> {
        let Some(payment) = &mut self.payment else {
            return if self.broken { Ok(()) } else { Err(s.problem(Mismatch::new("a service line outside of a claim", "a CLP before it"))) };
        };
        if payment.lines.len() == MAX_LINES {
            return Err(s.problem(Mismatch::new("one more service line", format!("at most {MAX_LINES} in a claim"))));
        }
        s.cents(2)?;
        let code = s.required(1, 2, 48, "a procedure or revenue code, as in HC:H0038")?.to_owned();
        let submitted = s.optional(6, 2, 48)?.filter(|other| *other != code).map(str::to_owned);
        payment.lines.push(PaidLine { segment: s.ordinal(), code, submitted, paid: s.cents(3)?, day: None, control: None });
        Ok(())
    }

    /// Up to six reasons with their amounts: group, then reason, amount, quantity again and again.
    fn adjust(&mut self, s: &Segment<'_>) -> Result<(), Problem> {
        let Some(payment) = &mut self.payment else { return Ok(()) };
        let group = s.required(1, 0, 2, "an adjustment group, as in CO")?;
        for n in (2..=17).step_by(3).filter(|n| !s.element(*n).is_empty()) {
            let reason = s.required(n, 0, 5, "an adjustment reason")?.to_owned();
            let cents = s.cents(n + 1)?;
            if payment.adjustments.len() < MAX_ADJUSTMENTS {
                payment.adjustments.push(Adjustment { group: group.to_owned(), reason, cents });
            }
        }
        Ok(())
    }

    /// Hands on the payment under way, if it is whole.
    pub(crate) fn finish(&mut self, found: &mut dyn FnMut(Found)) {
        if let Some(payment) = self.payment.take().filter(|_| !self.broken) {
            found(Found::Item(Item::Payment(Box::new(payment))));
        }
    }
}

/// The day of an answer, where it gives one.
pub(crate) fn day_or(s: &Segment<'_>, n: usize, otherwise: ValidDay) -> ValidDay {
    day(s.element(n)).unwrap_or(otherwise)
}
