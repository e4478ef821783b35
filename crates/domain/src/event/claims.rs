//! Events about claims and money: submission, payment, denial, adjustment, void, and the human-entered steps of an overpayment.
//! Never says that an overpayment was "identified": that word has two legal meanings and belongs to people (outside-facts.md 2.8).

use crate::field::{FieldSpec, FieldType, Kind, Mismatch, Raw};
use crate::ids::{ClaimId, ContactId, FindingId, IndividualId, OverpaymentId, ProgramId};
use crate::quantity::{Cents, Units};
use crate::text::Text;
use crate::time::{ValidAt, ValidDay};
use crate::words::QuantificationMethod;
use std::borrow::Cow;

/// One service line of a claim.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimLine {
    /// The contact billed.
    pub contact: ContactId,
    /// Procedure code, as in `H0038`.
    pub hcpcs: Text,
    /// Procedure modifiers, as in `HQ`.
    pub modifiers: Vec<Text>,
    /// Units billed.
    pub units: Units,
    /// Charge of the line, in cents.
    pub charge_cents: Cents,
}

impl ClaimLine {
    /// The fields of a line.
    pub const FIELDS: &'static [FieldSpec] = &[
        FieldSpec { name: "contact", kind: ContactId::KIND, required: true },
        FieldSpec { name: "hcpcs", kind: Text::KIND, required: true },
        FieldSpec { name: "modifiers", kind: Kind::List(&Text::KIND), required: false },
        FieldSpec { name: "units", kind: Units::KIND, required: true },
        FieldSpec { name: "charge_cents", kind: Cents::KIND, required: true },
    ];
}

impl FieldType for ClaimLine {
    const KIND: Kind = Kind::Record(ClaimLine::FIELDS);

    fn read(raw: &Raw<'_>) -> Result<Self, Mismatch> {
        let Raw::Record(fields) = raw else {
            return Err(Mismatch::new(raw.describe(), "a claim line: an object with contact, hcpcs, modifiers, units, charge_cents"));
        };
        let null = Raw::Null;
        let get = |name: &str| fields.iter().find(|(k, _)| k == name).map_or(&null, |(_, v)| v);
        fn field<T: FieldType>(raw: &Raw<'_>, name: &str) -> Result<T, Mismatch> {
            T::read(raw).map_err(|m| Mismatch { found: format!("{} as {name}", m.found), ..m })
        }
        if let Some((name, _)) = fields.iter().find(|(k, _)| !ClaimLine::FIELDS.iter().any(|f| f.name == k)) {
            return Err(Mismatch::new(format!("the field {name:?}"), "a claim line with contact, hcpcs, modifiers, units, charge_cents"));
        }
        Ok(ClaimLine {
            contact: field(get("contact"), "contact")?,
            hcpcs: field(get("hcpcs"), "hcpcs")?,
            modifiers: field(get("modifiers"), "modifiers")?,
            units: field(get("units"), "units")?,
            charge_cents: field(get("charge_cents"), "charge_cents")?,
        })
    }

    fn write(&self) -> Raw<'_> {
        Raw::Record(vec![
            (Cow::Borrowed("contact"), self.contact.write()),
            (Cow::Borrowed("hcpcs"), self.hcpcs.write()),
            (Cow::Borrowed("modifiers"), self.modifiers.write()),
            (Cow::Borrowed("units"), self.units.write()),
            (Cow::Borrowed("charge_cents"), self.charge_cents.write()),
        ])
    }
}

family! {
    /// Claims, payments, overpayments.
    Claims {
        /// A claim was submitted.
        "claim_submitted" = 100 ClaimSubmitted { claim: ClaimId, payer: Option<Text>, individual: IndividualId, program: ProgramId, service_date: ValidDay, submitted_at: ValidAt, rate_code: Option<Text>, lines: Vec<ClaimLine> }
        /// A claim was paid; several payments add up.
        "claim_paid" = 101 ClaimPaid { claim: ClaimId, tcn: Option<Text>, paid_cents: Cents, paid_on: ValidDay }
        /// A claim was denied.
        "claim_denied" = 102 ClaimDenied { claim: ClaimId, denied_on: ValidDay, reason: Option<Text> }
        /// A claim replaces another; the replacing claim has its own submission.
        "claim_adjusted" = 103 ClaimAdjusted { claim: ClaimId, replaces: ClaimId, adjusted_on: ValidDay }
        /// A claim was voided.
        "claim_voided" = 104 ClaimVoided { claim: ClaimId, voided_on: ValidDay, reason: Option<Text> }
        /// Somebody suspects an overpayment.
        "overpayment_suspected" = 105 OverpaymentSuspected { overpayment: OverpaymentId, findings: Vec<FindingId>, on: ValidDay }
        /// Somebody determined that there is one.
        "overpayment_determined" = 106 OverpaymentDetermined { overpayment: OverpaymentId, on: ValidDay }
        /// Its amount was quantified.
        "overpayment_quantified" = 107 OverpaymentQuantified { overpayment: OverpaymentId, amount_cents: Cents, method: QuantificationMethod, on: ValidDay }
        /// A good-faith investigation began.
        "investigation_opened" = 108 InvestigationOpened { overpayment: OverpaymentId, on: ValidDay }
        /// The investigation ended.
        "investigation_closed" = 109 InvestigationClosed { overpayment: OverpaymentId, on: ValidDay }
        /// A self-disclosure was submitted.
        "disclosure_submitted" = 110 DisclosureSubmitted { overpayment: OverpaymentId, reference: Option<Text>, on: ValidDay }
        /// The self-disclosure was acknowledged.
        "disclosure_acknowledged" = 111 DisclosureAcknowledged { overpayment: OverpaymentId, on: ValidDay }
        /// An amount was repaid.
        "overpayment_repaid" = 112 OverpaymentRepaid { overpayment: OverpaymentId, amount_cents: Cents, on: ValidDay }
    }
}
