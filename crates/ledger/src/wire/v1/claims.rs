//! Stored fields of the events about claims and money, in stored order, schema 1: frozen, a change is a new schema.
//! It refuses to follow the domain: a renamed field must be renamed here, and no byte changes by it.

use super::confidential::Individual;
use super::scalar::Stored;
use crate::wire::seals::{Opening, Seals, Unreadable};
use serde::{Deserialize, Serialize};

twins! {
    Claims
    100 ClaimSubmitted<'a> {
        claim: &'a str, payer: Option<&'a str>, individual: Individual, program: &'a str, service_date: i32, submitted_at: i64,
        rate_code: Option<&'a str>, lines: Vec<ClaimLine<'a>>,
    }
    101 ClaimPaid<'a> { claim: &'a str, tcn: Option<&'a str>, paid_cents: i64, paid_on: i32 }
    102 ClaimDenied<'a> { claim: &'a str, denied_on: i32, reason: Option<&'a str> }
    103 ClaimAdjusted<'a> { claim: &'a str, replaces: &'a str, adjusted_on: i32 }
    104 ClaimVoided<'a> { claim: &'a str, voided_on: i32, reason: Option<&'a str> }
    105 OverpaymentSuspected<'a> { overpayment: &'a str, findings: Vec<&'a str>, on: i32 }
    106 OverpaymentDetermined<'a> { overpayment: &'a str, on: i32 }
    107 OverpaymentQuantified<'a> { overpayment: &'a str, amount_cents: i64, method: u8, on: i32 }
    108 InvestigationOpened<'a> { overpayment: &'a str, on: i32 }
    109 InvestigationClosed<'a> { overpayment: &'a str, on: i32 }
    110 DisclosureSubmitted<'a> { overpayment: &'a str, reference: Option<&'a str>, on: i32 }
    111 DisclosureAcknowledged<'a> { overpayment: &'a str, on: i32 }
    112 OverpaymentRepaid<'a> { overpayment: &'a str, amount_cents: i64, on: i32 }
}

/// One service line of a claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
#[cfg_attr(test, derive(wincode::SchemaWrite, wincode::SchemaRead))]
pub(crate) struct ClaimLine<'a> {
    pub(crate) contact: &'a str,
    pub(crate) hcpcs: &'a str,
    pub(crate) modifiers: Vec<&'a str>,
    pub(crate) units: u32,
    pub(crate) charge_cents: i64,
}

impl<'a> Stored<'a, ClaimLine<'a>> for domain::event::ClaimLine {
    fn store(&'a self, seals: &mut Seals<'_>) -> ClaimLine<'a> {
        ClaimLine {
            contact: self.contact.store(seals),
            hcpcs: self.hcpcs.store(seals),
            modifiers: self.modifiers.store(seals),
            units: self.units.store(seals),
            charge_cents: self.charge_cents.store(seals),
        }
    }
    fn restore(stored: ClaimLine<'a>, opening: &mut Opening<'_>) -> Result<Self, Unreadable> {
        Ok(Self {
            contact: Stored::restore(stored.contact, opening)?,
            hcpcs: Stored::restore(stored.hcpcs, opening)?,
            modifiers: Stored::restore(stored.modifiers, opening)?,
            units: Stored::restore(stored.units, opening)?,
            charge_cents: Stored::restore(stored.charge_cents, opening)?,
        })
    }
}
