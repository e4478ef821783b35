//! Stored fields of the events about service delivery, in stored order, schema 1: frozen, a change is a new schema.
//! It refuses to follow the domain: a renamed field must be renamed here, and no byte changes by it.

use super::confidential::Individual;
use super::scalar::Digest;

twins! {
    Delivery
    80 ContactRecorded<'a> {
        contact: &'a str, program: &'a str, service: u8, peer: &'a str, individual: Individual, phase: u8, format: u8,
        group_session: Option<&'a str>, mode: u8, site: u8, start: i64, end: i64, component: Option<&'a str>,
        activities: Vec<&'a str>, basis: u8, event: Option<&'a str>, goal: Option<&'a str>, recipient: u8, purpose: Option<&'a str>,
    }
    81 GroupSessionHeld<'a> {
        group_session: &'a str, program: &'a str, facilitators: Vec<&'a str>, start: i64, end: i64, attendees: Vec<Individual>,
    }
    82 NoteWritten<'a> { note: &'a str, contact: &'a str, author: &'a str, written_at: i64, elements: Vec<u8>, digest: Option<Digest> }
    83 NoteAmended<'a> { note: &'a str, version: u32, amended_at: i64, elements: Vec<u8>, digest: Option<Digest> }
    84 NoteSigned<'a> { note: &'a str, version: Option<u32>, signer: &'a str, capacity: u8, signed_at: i64 }
    85 ProsUnitsAccrued<'a> { individual: Individual, program: &'a str, accrued_on: i32, units: u32, contact: Option<&'a str> }
}
