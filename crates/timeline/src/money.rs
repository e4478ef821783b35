//! Claims, their lines, what became of them, and payments, as columns of small rows.
//! A claim is believed from the instant it was submitted, however late it reached the ledger (evaluation.md, "Times and money").

use domain::{Cents, Units, ValidAt, ValidDay};

use crate::names::{ClaimKey, ContactKey, IndividualKey, ProgramKey, TextKey, TextListKey};

/// A claim as submitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Claim {
    /// Its key.
    pub claim: ClaimKey,
    /// Individual on the claim.
    pub individual: IndividualKey,
    /// Program on the claim.
    pub program: ProgramKey,
    /// Service date on the claim.
    pub service_date: ValidDay,
    /// When it was submitted.
    pub submitted_at: ValidAt,
    /// Rate code, if given.
    pub rate_code: Option<TextKey>,
    /// Sum of its lines' charges.
    pub charge: Cents,
    /// First line in the column of lines.
    pub(crate) first_line: u32,
    /// How many.
    pub(crate) lines: u32,
}

/// One line of a claim.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Row of its claim.
    pub(crate) claim_row: u32,
    /// Place on the claim, from 1.
    pub number: u32,
    /// Contact billed.
    pub contact: ContactKey,
    /// Procedure code.
    pub hcpcs: TextKey,
    /// Modifiers.
    pub modifiers: TextListKey,
    /// Units.
    pub units: Units,
    /// Charge.
    pub charge: Cents,
}

/// Why a claim is no longer live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimEndKind {
    /// Voided.
    Voided,
    /// Denied.
    Denied,
    /// Replaced by another claim.
    Replaced {
        /// The replacing claim.
        by: ClaimKey,
    },
}

/// The end of a claim's life.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClaimEnd {
    /// Claim.
    pub claim: ClaimKey,
    /// Why.
    pub kind: ClaimEndKind,
    /// Day.
    pub on: ValidDay,
}

/// A payment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Payment {
    /// Claim.
    pub claim: ClaimKey,
    /// Amount.
    pub paid: Cents,
    /// Day.
    pub on: ValidDay,
}
