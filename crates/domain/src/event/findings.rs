//! Corrections, retractions and what people decide about findings.
//! None of these changes another event: a correction is a new fact about an old line.

use crate::field::Changes;
use crate::ids::{FindingId, HoldId, TargetRef};
use crate::text::Text;
use crate::time::ValidDay;

family! {
    /// Corrections and the work on findings.
    Findings {
        /// Some fields of an earlier event have other values.
        "event_corrected" = 120 EventCorrected { target: TargetRef, fields: Changes, reason: Text }
        /// An earlier event never counts again.
        "event_retracted" = 121 EventRetracted { target: TargetRef, reason: Text }
        /// Somebody has seen a finding.
        "finding_acknowledged" = 122 FindingAcknowledged { finding: FindingId, by: Text, on: ValidDay, rationale: Option<Text>, due_on: Option<ValidDay> }
        /// A finding was assigned.
        "finding_assigned" = 123 FindingAssigned { finding: FindingId, by: Text, on: ValidDay, rationale: Option<Text>, due_on: Option<ValidDay> }
        /// A finding is disputed.
        "finding_disputed" = 124 FindingDisputed { finding: FindingId, by: Text, on: ValidDay, rationale: Option<Text>, due_on: Option<ValidDay> }
        /// A finding was waived.
        "finding_waived" = 125 FindingWaived { finding: FindingId, by: Text, on: ValidDay, rationale: Option<Text>, due_on: Option<ValidDay> }
        /// A finding was remediated.
        "finding_remediated" = 126 FindingRemediated { finding: FindingId, by: Text, on: ValidDay, rationale: Option<Text>, due_on: Option<ValidDay> }
        /// A sample of claims was drawn.
        "sample_drawn" = 127 SampleDrawn { universe: Text, seed: Text, size: u32, on: ValidDay }
        /// A legal hold was placed.
        "legal_hold_placed" = 128 LegalHoldPlaced { hold: HoldId, scope: Text, on: ValidDay, reason: Text }
        /// A legal hold was released.
        "legal_hold_released" = 129 LegalHoldReleased { hold: HoldId, scope: Text, on: ValidDay, reason: Text }
    }
}
