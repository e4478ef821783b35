//! What an interchange says, as plain values: claims with their lines, payments, answers to submissions, and where each came from.
//! Decides nothing: what becomes an event, and for which contact, is asked elsewhere.

use std::sync::Arc;

use domain::{ValidAt, ValidDay};

use crate::problem::Problem;

/// The envelopes around a transaction set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// ISA06, who sent it.
    pub sender: String,
    /// ISA08, who it is for.
    pub receiver: String,
    /// ISA13 without leading zeros.
    pub interchange: String,
    /// GS06 without leading zeros.
    pub group: String,
    /// ST02 without leading zeros.
    pub set: String,
    /// When it was made, New York time: of the transaction set where it says so, else of its group or interchange.
    pub at: ValidAt,
}

/// A claim of an 837.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Segment of its CLM.
    pub segment: u64,
    /// Its envelopes; `at` is the submission.
    pub origin: Arc<Origin>,
    /// CLM01, the submitter's number.
    pub number: String,
    /// CLM02, in cents.
    pub charge: i64,
    /// What it is.
    pub frequency: Frequency,
    /// REF*F8: the payer's number of the claim that is replaced or voided.
    pub original: Option<String>,
    /// REF*EA: the medical record number.
    pub medical_record: Option<String>,
    /// The rate code, value code 24.
    pub rate_code: Option<String>,
    /// NM109 of the billing provider.
    pub billing_npi: Option<String>,
    /// PRV03 of the billing provider.
    pub taxonomy: Option<String>,
    /// NM109 of the subscriber.
    pub member: Option<String>,
    /// The patient is somebody else than the subscriber (loop 2000C).
    pub dependent: bool,
    /// NM109 of the payer, or its name.
    pub payer: Option<String>,
    /// First and last day of DTP*472 or DTP*434 of the claim, for lines without a day of their own.
    pub days: Option<(ValidDay, ValidDay)>,
    /// Its service lines, at least one.
    pub lines: Vec<Line>,
}

/// CLM05-3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frequency {
    /// An original claim: 1, and the codes of interim institutional claims.
    Original,
    /// 7: replaces an earlier one.
    Replacement,
    /// 8: voids an earlier one.
    Void,
}

/// A service line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Segment of its SV1 or SV2.
    pub segment: u64,
    /// The procedure code, or `revenue:0900` of an institutional line without one.
    pub code: String,
    /// Its modifiers, at most four.
    pub modifiers: Vec<String>,
    /// SV104 or SV205, in thousandths.
    pub quantity: i64,
    /// Unit or basis: `UN` for units.
    pub basis: String,
    /// In cents.
    pub charge: i64,
    /// First and last day of its DTP*472.
    pub days: Option<(ValidDay, ValidDay)>,
    /// REF*6R, the line item control number.
    pub control: Option<String>,
}

/// What a payer did with a claim: one CLP of an 835.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Segment of its CLP.
    pub segment: u64,
    /// Place of the CLP in its transaction set, from 1.
    pub place: u32,
    /// Its envelopes.
    pub origin: Arc<Origin>,
    /// CLP01, our number of the claim.
    pub number: String,
    /// CLP02.
    pub status: Status,
    /// CLP02 as it was written.
    pub status_code: String,
    /// CLP04, in cents.
    pub paid: i64,
    /// CLP07, the payer's number, the TCN.
    pub tcn: Option<String>,
    /// The day of the payment: BPR16, else DTM*405, else the day it was made.
    pub day: ValidDay,
    /// Adjustments of the claim and its lines: group, reason, cents, in order, at most [`crate::remits::MAX_ADJUSTMENTS`].
    pub adjustments: Vec<Adjustment>,
    /// Its service lines; none where the payer reports whole claims.
    pub lines: Vec<PaidLine>,
}

/// CLP02, as far as it makes a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Processed: 1, 2, 3, and those forwarded afterwards, 19, 20, 21.
    Paid,
    /// 4.
    Denied,
    /// 22: an earlier payment is taken back.
    Reversed,
    /// 23, 25 and whatever else: no payment and no denial of our claim.
    Other,
}

/// One reason of a CAS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// CO, PR, OA, PI, CR.
    pub group: String,
    /// The claim adjustment reason code.
    pub reason: String,
    /// In cents.
    pub cents: i64,
}

/// A service line of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidLine {
    /// Segment of its SVC.
    pub segment: u64,
    /// The procedure code paid.
    pub code: String,
    /// The procedure code submitted, where it is another (SVC06).
    pub submitted: Option<String>,
    /// SVC03, in cents.
    pub paid: i64,
    /// DTM*472.
    pub day: Option<ValidDay>,
    /// REF*6R as it was submitted.
    pub control: Option<String>,
}

/// What a receiver says of something submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Segment that says so.
    pub segment: u64,
    /// Its envelopes.
    pub origin: Arc<Origin>,
    /// What is answered.
    pub to: AnswerTo,
    /// Whether it went in.
    pub accepted: bool,
    /// The codes of the answer, as in `A7:33` or `R`.
    pub code: String,
    /// The day of the answer.
    pub day: ValidDay,
}

/// What an answer is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerTo {
    /// TA1: an interchange, by its control number.
    Interchange(String),
    /// 999: a functional group, or one transaction set in it, by their control numbers.
    Set {
        /// AK102.
        group: String,
        /// AK202; absent when the whole group is meant.
        set: Option<String>,
    },
    /// 277CA: a claim, by our number.
    Claim(String),
}

/// Something an interchange says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A claim.
    Claim(Box<Claim>),
    /// A payment.
    Payment(Box<Payment>),
    /// An answer.
    Answer(Box<Answer>),
}

/// What reading comes across, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// An item. It counts once its transaction set has ended well.
    Item(Item),
    /// Something wrong.
    Problem(Problem),
    /// A transaction set ended: its items count if `well`, and do not otherwise. Answers that stand outside a set are followed by one too.
    End {
        /// Whether its envelope agrees with it.
        well: bool,
        /// Whether it is well but for its count of segments (SE01), which the caller said need not be right.
        miscounted: bool,
    },
}
