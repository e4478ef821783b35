//! Stored fields of the events about people served, in stored order, schema 1: frozen, a change is a new schema.
//! It refuses to follow the domain: a renamed field must be renamed here, and no byte changes by it.

use super::confidential::{Individual, SealedAt};
use super::scalar::Moment;

twins! {
    Individuals
    60 IndividualRegistered { individual: Individual, birth_date: Option<SealedAt>, part2: Option<bool> }
    61 PreadmissionOpened<'a> { individual: Individual, program: &'a str, opened_on: i32, purpose: bool, goal: bool }
    62 PreadmissionVisit<'a> { individual: Individual, program: &'a str, visited_on: i32, practitioner: &'a str }
    63 TreatmentDeclined<'a> { individual: Individual, program: &'a str, declined_at: Moment }
    64 Reengaged<'a> { individual: Individual, program: &'a str, reengaged_at: Moment, rationale: bool }
    65 ReferredOut<'a> { individual: Individual, program: &'a str, to: &'a str, referred_on: i32 }
    66 Admitted<'a> { individual: Individual, program: &'a str, admitted_at: Moment }
    67 Discharged<'a> { individual: Individual, program: &'a str, discharged_on: i32 }
    68 PlanCreated<'a> {
        plan: &'a str, individual: Individual, program: &'a str, kind: u8, version: u32, effective_on: i32, goals: Vec<&'a str>,
        services: Vec<&'a str>, contracted_collaboration: bool, events: Vec<&'a str>,
    }
    69 PlanAmended<'a> {
        plan: &'a str, individual: Individual, program: &'a str, kind: u8, version: u32, effective_on: i32, goals: Vec<&'a str>,
        services: Vec<&'a str>, contracted_collaboration: bool, events: Vec<&'a str>,
    }
    70 PlanSigned<'a> { plan: &'a str, version: u32, signer: &'a str, capacity: &'a str, signed_at: i64 }
    71 SignificantEventRecorded<'a> { event: &'a str, individual: Individual, program: &'a str, kind: &'a str, occurred_on: i32 }
    72 CrisisRecorded<'a> { individual: Individual, from: i32, to: i32, note: Option<&'a str> }
    73 IntensityConsulted<'a> {
        individual: Individual, peer: &'a str, clinical_supervisor: &'a str, consulted_on: i32, from: i32, to: i32,
    }
    74 CollaborationDocumented<'a> { individual: Individual, peer: &'a str, documented_on: i32, kind: &'a str }
    75 PreferenceRecorded<'a> { individual: Individual, recorded_on: i32, topics: Vec<&'a str> }
}
