//! Stored fields of the events about corrections and the work on findings, in stored order, schema 1: frozen, a change is a new schema.
//! It refuses to follow the domain: a renamed field must be renamed here, and no byte changes by it.

use super::changes::Change;

twins! {
    Findings
    120 EventCorrected<'a> { target: &'a str, fields: Vec<(&'a str, Change<'a>)>, reason: &'a str }
    121 EventRetracted<'a> { target: &'a str, reason: &'a str }
    122 FindingAcknowledged<'a> { finding: &'a str, by: &'a str, on: i32, rationale: Option<&'a str>, due_on: Option<i32> }
    123 FindingAssigned<'a> { finding: &'a str, by: &'a str, on: i32, rationale: Option<&'a str>, due_on: Option<i32> }
    124 FindingDisputed<'a> { finding: &'a str, by: &'a str, on: i32, rationale: Option<&'a str>, due_on: Option<i32> }
    125 FindingWaived<'a> { finding: &'a str, by: &'a str, on: i32, rationale: Option<&'a str>, due_on: Option<i32> }
    126 FindingRemediated<'a> { finding: &'a str, by: &'a str, on: i32, rationale: Option<&'a str>, due_on: Option<i32> }
    127 SampleDrawn<'a> { universe: &'a str, seed: &'a str, size: u32, on: i32 }
    128 LegalHoldPlaced<'a> { hold: &'a str, scope: &'a str, on: i32, reason: &'a str }
    129 LegalHoldReleased<'a> { hold: &'a str, scope: &'a str, on: i32, reason: &'a str }
}
