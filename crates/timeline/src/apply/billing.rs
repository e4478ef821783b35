//! Events about claims and payments, taken into rows.
//! Part of the one `apply`; it decides nothing.

use domain::event::{ClaimSubmitted, Claims};

use crate::history::History;
use crate::money::{Claim, ClaimEnd, ClaimEndKind, Line, Payment};
use crate::row::{At, Row};

impl History {
    pub(super) fn take_claim(&mut self, at: At, event: &Claims) {
        match event {
            Claims::ClaimSubmitted(e) => self.take_submission(at, e),
            Claims::ClaimPaid(e) => {
                let value = Payment { claim: self.claim(&e.claim), paid: e.paid_cents, on: e.paid_on };
                self.payments.push(Row::new(at, value));
            }
            Claims::ClaimDenied(e) => self.claim_end(at, &e.claim, ClaimEndKind::Denied, e.denied_on),
            Claims::ClaimVoided(e) => self.claim_end(at, &e.claim, ClaimEndKind::Voided, e.voided_on),
            Claims::ClaimAdjusted(e) => {
                let by = self.claim(&e.claim);
                self.claim_end(at, &e.replaces, ClaimEndKind::Replaced { by }, e.adjusted_on);
            }
            // The steps of an overpayment are what people entered about findings; exposure and clocks read them from the ledger.
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

    fn claim_end(&mut self, at: At, claim: &domain::ClaimId, kind: ClaimEndKind, on: domain::ValidDay) {
        let claim = self.claim(claim);
        self.claim_ends.push(Row::new(at, ClaimEnd { claim, kind, on }));
    }

    fn take_submission(&mut self, at: At, e: &ClaimSubmitted) {
        let claim_row = u32::try_from(self.claims.len()).unwrap_or(u32::MAX);
        let first_line = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        for (number, line) in (1..).zip(&e.lines) {
            let modifiers: Vec<_> = line.modifiers.iter().map(|m| self.text(m.as_str())).collect();
            let line = Line {
                claim_row,
                number,
                contact: self.contact(&line.contact),
                hcpcs: self.text(line.hcpcs.as_str()),
                modifiers: self.text_list(&modifiers),
                units: line.units,
                charge: line.charge_cents,
            };
            self.lines.push(line);
        }
        let value = Claim {
            claim: self.claim(&e.claim),
            individual: self.individual(&e.individual),
            program: self.program(&e.program),
            service_date: e.service_date,
            submitted_at: e.submitted_at,
            rate_code: e.rate_code.as_ref().map(|c| self.text(c.as_str())),
            charge: e.lines.iter().map(|l| l.charge_cents).sum(),
            first_line,
            lines: u32::try_from(e.lines.len()).unwrap_or(u32::MAX),
        };
        self.claims.push(Row::new(at, value));
    }
}
