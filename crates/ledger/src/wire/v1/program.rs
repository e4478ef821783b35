//! Stored fields of the events about programs and the organization, in stored order, schema 1: frozen, a change is a new schema.
//! It refuses to follow the domain: a renamed field must be renamed here, and no byte changes by it.

use super::confidential::Individual;
use super::scalar::{Digest, Scalar};

twins! {
    Program
    40 ProgramRegistered<'a> { program: &'a str, kind: u8, populations: Vec<u8>, from: i32, to: Option<i32> }
    41 RateCodeAdopted<'a> { program: Option<&'a str>, code: &'a str, meaning: u8, from: i32, to: Option<i32> }
    42 ParameterSet<'a> { name: &'a str, value: Scalar<'a>, from: i32, approved_by: &'a str }
    43 PolicyAdopted<'a> { program: &'a str, policy: &'a str, topics: Vec<&'a str>, from: i32 }
    44 PolicyRetired<'a> { policy: &'a str, ended_on: i32 }
    45 TeamMeetingHeld<'a> {
        program: &'a str, kind: u8, held_on: i32, invitees: Vec<&'a str>, attendees: Vec<&'a str>, individuals: Vec<Individual>,
        minutes: Option<Digest>,
    }
    46 StaffTrainingHeld<'a> { program: &'a str, topic: &'a str, held_on: i32, attendees: Vec<&'a str> }
    47 OrganizationRecorded<'a> { program: &'a str, kind: u8, recorded_on: i32, elements: Vec<&'a str>, people: Vec<&'a str> }
    48 ComplaintRecorded<'a> { category: &'a str, received_on: i32, person: Option<&'a str> }
}
