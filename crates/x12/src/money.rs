//! Payments and answers to events: paid, denied, taken back, rejected; each matched to the claim it means by the payer's number or ours.
//! A payment of a claim that nobody submitted is kept too; nothing is added up that the payer did not say.

use domain::event::{ClaimDenied, ClaimPaid, Claims, Event, EventCorrected, Findings};
use domain::field::{Changes, Mismatch, Raw};
use domain::{Cents, ClaimId, Draft, TargetRef, Text};

use crate::desk::{Desk, numbered};
use crate::found::{Answer, AnswerTo, PaidLine, Payment, Status};
use crate::keys;
use crate::problem::Problem;
use crate::tally::Tally;

impl Desk<'_> {
    /// The events of one CLP.
    pub(crate) fn payment(&mut self, payment: &Payment, tally: &mut Tally) -> Result<Vec<Draft>, Problem> {
        let problem = |field: &str, mismatch: Mismatch| Problem::new(payment.segment, field, mismatch);
        let number = keys::clean(&payment.number);
        let Some(unknown) = keys::claim_id(&number, "") else {
            return Err(problem("CLP01", Mismatch::new(format!("{:?}", payment.number), "a number that fits into an id of 64 characters")));
        };
        let taken = |line: &PaidLine| self.map.takes(&line.code) || line.submitted.as_ref().is_some_and(|code| self.map.takes(code));
        let meant = self.books.meant(payment.tcn.as_deref(), &payment.number, payment.day);
        if meant.is_empty() && self.map.is_selective() && !payment.lines.iter().any(taken) {
            tally.foreign_payments += 1;
            return Ok(Vec::new());
        }
        if payment.status == Status::Other {
            *tally.other_statuses.entry(payment.status_code.clone()).or_insert(0) += 1;
            return Ok(Vec::new());
        }
        tally.payments += 1;
        if meant.is_empty() {
            tally.unknown_payments += 1;
        }
        let ids: Vec<ClaimId> = if meant.is_empty() { vec![unknown] } else { meant.iter().map(|place| self.books.claims[*place].id.clone()).collect() };
        match payment.status {
            Status::Paid if payment.paid < 0 => {
                let hint = "a payer takes a payment back with claim status 22";
                Err(problem("CLP04", Mismatch::new("a negative payment", "an amount of zero or more").hint(hint)))
            }
            Status::Paid => Ok(self.pay(payment, &meant, &ids)),
            Status::Denied => Ok(self.deny(payment, &ids)),
            Status::Reversed if payment.paid > 0 => {
                Err(problem("CLP04", Mismatch::new("a reversal of more than nothing", "an amount of zero or less, as it is taken back")))
            }
            Status::Reversed => Ok(self.reverse(payment, &meant, &ids)),
            Status::Other => Ok(Vec::new()),
        }
    }

    /// The claim's amount for each of its parts: by the day of the lines paid where it has several, and only of lines that were taken.
    fn shares(&self, payment: &Payment, meant: &[usize]) -> Vec<i64> {
        let taken = |line: &&PaidLine| self.map.takes(&line.code) || line.submitted.as_ref().is_some_and(|code| self.map.takes(code));
        let selective = self.map.is_selective() && !payment.lines.is_empty();
        let total = if selective { payment.lines.iter().filter(taken).map(|line| line.paid).sum() } else { payment.paid };
        if meant.len() < 2 {
            return vec![total];
        }
        let days: Vec<_> = meant.iter().map(|place| self.books.claims[*place].day).collect();
        let on = |day| payment.lines.iter().filter(taken).filter(move |line| line.day == Some(day)).map(|line| line.paid).sum::<i64>();
        let mut shares: Vec<i64> = days.iter().map(|day| on(*day)).collect();
        if shares.iter().sum::<i64>() != total {
            // The payer says nothing of days, or not of all of it: by charge, and what rounding leaves to the last.
            let charge = |place: &usize| self.books.claims[*place].lines.iter().map(|line| line.charge_cents).sum::<Cents>();
            let whole: Cents = meant.iter().map(charge).sum();
            shares = meant.iter().map(|place| Cents(total).share(charge(place), whole).0).collect();
            let rest = total - shares.iter().sum::<i64>();
            if let Some(last) = shares.last_mut() {
                *last += rest;
            }
        }
        shares
    }

    fn pay(&mut self, payment: &Payment, meant: &[usize], ids: &[ClaimId]) -> Vec<Draft> {
        let shares = self.shares(payment, meant);
        let mut drafts = Vec::new();
        for (n, (id, cents)) in ids.iter().zip(shares).enumerate() {
            let Some(key) = self.key("835", &payment.origin, &numbered(&payment.place.to_string(), n)) else { continue };
            let tcn = payment.tcn.as_deref().and_then(|text| Text::parse(text).ok());
            let mut event = ClaimPaid { claim: id.clone(), tcn, paid_cents: Cents(cents.max(0)), paid_on: payment.day };
            // Which claim a number meant then, it means still.
            if let Some(Event::Claims(Claims::ClaimPaid(before))) = self.books.recorded(&key) {
                event.claim = before.claim.clone();
                drafts.push(self.draft(&key, payment.origin.at, Event::Claims(Claims::ClaimPaid(event))));
            } else {
                self.issue(&mut drafts, &key, payment.origin.at, Claims::ClaimPaid(event));
            }
        }
        drafts
    }

    fn deny(&mut self, payment: &Payment, ids: &[ClaimId]) -> Vec<Draft> {
        let mut reasons: Vec<String> = payment.adjustments.iter().map(|a| format!("{}-{}", a.group, a.reason)).collect();
        reasons.dedup();
        reasons.truncate(6);
        let reason = if reasons.is_empty() { "denied by the payer".to_owned() } else { format!("denied by the payer: {}", reasons.join(", ")) };
        self.end_all("835", payment.place, &payment.origin, ids, payment.day, &reason)
    }

    /// A denial of each of these claims, under a key of the transaction set and a place in it.
    fn end_all(&mut self, kind: &str, place: impl ToString, origin: &crate::found::Origin, ids: &[ClaimId], day: domain::ValidDay, reason: &str) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for (n, id) in ids.iter().enumerate() {
            let Some(key) = self.key(kind, origin, &numbered(&place.to_string(), n)) else { continue };
            let mut event = ClaimDenied { claim: id.clone(), denied_on: day, reason: Text::parse(reason).ok() };
            if let Some(Event::Claims(Claims::ClaimDenied(before))) = self.books.recorded(&key) {
                event.claim = before.claim.clone();
                drafts.push(self.draft(&key, origin.at, Event::Claims(Claims::ClaimDenied(event))));
            } else {
                self.issue(&mut drafts, &key, origin.at, Claims::ClaimDenied(event));
            }
        }
        drafts
    }

    /// A payment taken back: the amounts on record are corrected, the latest first, to what is left of them. Where no payment is on record,
    /// the claim was paid nothing, as far as anybody can say.
    fn reverse(&mut self, payment: &Payment, meant: &[usize], ids: &[ClaimId]) -> Vec<Draft> {
        let mut drafts = Vec::new();
        let key = |desk: &Self, n| desk.key("835", &payment.origin, &numbered(&payment.place.to_string(), n));
        for n in 0.. {
            let Some(key) = key(self, n) else { break };
            let Some(event) = self.books.recorded(&key).cloned() else { break };
            drafts.push(self.draft(&key, payment.origin.at, event));
        }
        if !drafts.is_empty() {
            return drafts;
        }
        let mut n = 0;
        let shares = self.shares(payment, meant);
        for (at, (id, share)) in ids.iter().zip(shares).enumerate() {
            let mut left = share.saturating_neg().max(0);
            let payments = meant.get(at).map(|place| self.books.claims[*place].payments.clone()).unwrap_or_default();
            if payments.is_empty() {
                let tcn = payment.tcn.as_deref().and_then(|text| Text::parse(text).ok());
                let event = ClaimPaid { claim: id.clone(), tcn, paid_cents: Cents(0), paid_on: payment.day };
                if let Some(key) = key(self, n) {
                    self.issue(&mut drafts, &key, payment.origin.at, Claims::ClaimPaid(event));
                    n += 1;
                }
                continue;
            }
            for (which, known) in payments.iter().enumerate().rev().filter(|(_, known)| known.cents > 0) {
                let back = left.min(known.cents);
                if back == 0 {
                    break;
                }
                left -= back;
                let rest = known.cents - back;
                let fields = Changes(vec![("paid_cents".to_owned(), Raw::Int(rest))]);
                let reason = Text::parse(&format!("the payer took back {}.{:02} on {}", back / 100, back % 100, payment.day));
                let (Ok(target), Ok(reason), Some(key)) = (TargetRef::parse(&known.target), reason, key(self, n)) else { continue };
                let event = Event::Findings(Findings::EventCorrected(EventCorrected { target, fields, reason }));
                drafts.push(self.draft(&key, payment.origin.at, event));
                n += 1;
                if let Some(place) = meant.get(at) {
                    self.books.claims[*place].payments[which].cents = rest;
                }
            }
        }
        drafts
    }

    /// A rejection ends the claims it is about: they never reached the payer's decision. An acceptance changes nothing.
    pub(crate) fn answer(&mut self, answer: &Answer, tally: &mut Tally) -> Vec<Draft> {
        if answer.accepted {
            tally.accepted += 1;
            return Vec::new();
        }
        tally.rejected += 1;
        // An answer goes to whoever submitted.
        let source = self.map.source(&answer.origin.receiver).to_owned();
        let (places, about) = match &answer.to {
            AnswerTo::Interchange(number) => (self.books.of_set(&source, Some(number), None, None, answer.day), format!("interchange {number}")),
            AnswerTo::Set { group, set } => {
                let about = set.as_ref().map_or(format!("group {group}"), |set| format!("transaction set {set} of group {group}"));
                (self.books.of_set(&source, None, Some(group), set.as_deref(), answer.day), about)
            }
            AnswerTo::Claim(number) => (self.books.meant(None, number, answer.day), format!("claim {number}")),
        };
        if places.is_empty() {
            tally.detail(answer.segment, format!("{} rejects {about}, of which no claim is on record", answer.code));
        }
        let ids: Vec<ClaimId> = places.iter().map(|place| self.books.claims[*place].id.clone()).collect();
        let reason = format!("rejected before adjudication: {}", answer.code);
        self.end_all("277", answer.segment, &answer.origin, &ids, answer.day, &reason)
    }
}
