//! Stored fields of the events about people who work for the agency, in stored order, schema 1: frozen, a change is a new schema.
//! It refuses to follow the domain: a renamed field must be renamed here, and no byte changes by it.

use super::confidential::SealedAt;

twins! {
    Workforce
    1 PersonEngaged<'a> {
        person: &'a str, engagement: u8, contract: Option<&'a str>, roles: Vec<u8>, programs: Vec<&'a str>, start_on: i32,
    }
    2 PersonSeparated<'a> { person: &'a str, separated_on: i32, reason: Option<&'a str> }
    3 ContractExecuted<'a> { contract: &'a str, agency: &'a str, from: i32, to: Option<i32> }
    4 ContractEnded<'a> { contract: &'a str, ended_on: i32 }
    5 RoleAssigned<'a> { person: &'a str, role: u8, program: Option<&'a str>, from: i32, to: Option<i32> }
    6 RoleEnded<'a> { person: &'a str, role: u8, program: Option<&'a str>, ended_on: i32 }
    7 BirthDateRecorded<'a> { person: &'a str, birth_date: SealedAt }
    8 LivedExperienceAttested<'a> { person: &'a str, basis: u8, attested_on: i32 }
    9 CredentialGranted<'a> {
        person: &'a str, credential: u8, level: u8, issuer: &'a str, number: Option<SealedAt>, effective_on: i32,
        expires_on: Option<i32>,
    }
    10 CredentialRenewed<'a> { person: &'a str, credential: u8, effective_on: i32, expires_on: i32 }
    11 CredentialUpgraded<'a> { person: &'a str, credential: u8, effective_on: i32, expires_on: Option<i32> }
    12 CredentialSuspended<'a> { person: &'a str, credential: u8, effective_on: i32, reason: Option<&'a str> }
    13 CredentialReinstated<'a> { person: &'a str, credential: u8, effective_on: i32, expires_on: Option<i32> }
    14 CredentialRevoked<'a> { person: &'a str, credential: u8, effective_on: i32, reason: Option<&'a str> }
    15 CredentialSurrendered<'a> { person: &'a str, credential: u8, effective_on: i32, reason: Option<&'a str> }
    16 CredentialVerified<'a> { person: &'a str, credential: u8, method: &'a str, result: u8, verified_on: i32 }
    17 LicenceGranted<'a> { person: &'a str, discipline: u8, permit: Option<bool>, number: Option<SealedAt>, from: i32, to: Option<i32> }
    18 LicenceRenewed<'a> { person: &'a str, discipline: u8, from: i32, to: Option<i32> }
    19 LicenceEnded<'a> { person: &'a str, discipline: u8, reason: u8, effective_on: i32 }
    20 ProfessionalStaffDesignated<'a> { person: &'a str, part: u8, from: i32, to: Option<i32> }
    21 SupervisorQualified<'a> { person: &'a str, basis: &'a str, from: i32, to: Option<i32> }
    22 PeerExperienceRecorded<'a> {
        person: &'a str, employer: &'a str, from: i32, to: Option<i32>, direct_service: bool, evidenced: bool,
    }
    23 SupervisionAssigned<'a> { peer: &'a str, supervisor: &'a str, program: &'a str, kind: u8, from: i32, rationale: Option<&'a str> }
    24 SupervisionEnded<'a> { peer: &'a str, supervisor: &'a str, program: &'a str, ended_on: i32 }
    25 SupervisionSessionHeld<'a> {
        peer: &'a str, supervisor: &'a str, held_on: i32, minutes: u32, topics: Vec<&'a str>, documented: bool, copy_given: bool,
    }
    26 InDisciplineSupportProvided<'a> { peer: &'a str, source: u8, provided_on: i32, by: Option<&'a str> }
    27 TrainingCompleted<'a> { person: &'a str, course: &'a str, provider: Option<&'a str>, completed_on: i32, topics: Vec<&'a str> }
    28 SupervisorAttested<'a> { person: &'a str, topic: &'a str, attested_on: i32 }
    29 PeerServiceInterestDetermined<'a> { peer: &'a str, determined_on: i32, services: Vec<&'a str> }
}
