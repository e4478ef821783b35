//! Events about people who work for the agency: engagement, credentials, licences, supervision, training.
//! Holds no detail of anybody's lived experience, only that it was attested.

use crate::ids::{ContractId, PersonId, ProgramId};
use crate::quantity::Minutes;
use crate::text::{BirthDate, Confidential, Text};
use crate::time::ValidDay;
use crate::words::*;

family! {
    /// People, credentials, licences, supervision, training.
    Workforce {
        /// A person began to work for the agency, employed or contracted.
        "person_engaged" = 1 PersonEngaged { person: PersonId, engagement: Engagement, contract: Option<ContractId>, roles: Vec<Role>, programs: Vec<ProgramId>, start_on: ValidDay }
        /// A person's last day with the agency.
        "person_separated" = 2 PersonSeparated { person: PersonId, separated_on: ValidDay, reason: Option<Text> }
        /// A contract with a peer agency or peer.
        "contract_executed" = 3 ContractExecuted { contract: ContractId, agency: Text, from: ValidDay, to: Option<ValidDay> }
        /// The last day of a contract.
        "contract_ended" = 4 ContractEnded { contract: ContractId, ended_on: ValidDay }
        /// A role given to a person.
        "role_assigned" = 5 RoleAssigned { person: PersonId, role: Role, program: Option<ProgramId>, from: ValidDay, to: Option<ValidDay> }
        /// The last day of a role.
        "role_ended" = 6 RoleEnded { person: PersonId, role: Role, program: Option<ProgramId>, ended_on: ValidDay }
        /// A staff member's birth date; encrypted at rest.
        "birth_date_recorded" = 7 BirthDateRecorded { person: PersonId, birth_date: BirthDate }
        /// A person attested lived experience; never any detail.
        "lived_experience_attested" = 8 LivedExperienceAttested { person: PersonId, basis: LivedExperience, attested_on: ValidDay }
        /// A credential was granted.
        "credential_granted" = 9 CredentialGranted { person: PersonId, credential: CredentialKind, level: CredentialLevel, issuer: Text, number: Option<Confidential>, effective_on: ValidDay, expires_on: Option<ValidDay> }
        /// A credential was renewed.
        "credential_renewed" = 10 CredentialRenewed { person: PersonId, credential: CredentialKind, effective_on: ValidDay, expires_on: ValidDay }
        /// A provisional credential became full.
        "credential_upgraded" = 11 CredentialUpgraded { person: PersonId, credential: CredentialKind, effective_on: ValidDay, expires_on: Option<ValidDay> }
        /// A credential was suspended; `effective_on` is the first day without it.
        "credential_suspended" = 12 CredentialSuspended { person: PersonId, credential: CredentialKind, effective_on: ValidDay, reason: Option<Text> }
        /// A suspended credential was reinstated.
        "credential_reinstated" = 13 CredentialReinstated { person: PersonId, credential: CredentialKind, effective_on: ValidDay, expires_on: Option<ValidDay> }
        /// A credential was revoked; `effective_on` is the first day without it.
        "credential_revoked" = 14 CredentialRevoked { person: PersonId, credential: CredentialKind, effective_on: ValidDay, reason: Option<Text> }
        /// A credential was surrendered; `effective_on` is the first day without it.
        "credential_surrendered" = 15 CredentialSurrendered { person: PersonId, credential: CredentialKind, effective_on: ValidDay, reason: Option<Text> }
        /// The issuer was asked about a credential.
        "credential_verified" = 16 CredentialVerified { person: PersonId, credential: CredentialKind, method: Text, result: VerificationResult, verified_on: ValidDay }
        /// A licence or permit was granted.
        "licence_granted" = 17 LicenceGranted { person: PersonId, discipline: Discipline, permit: Option<bool>, number: Option<Confidential>, from: ValidDay, to: Option<ValidDay> }
        /// A licence was renewed.
        "licence_renewed" = 18 LicenceRenewed { person: PersonId, discipline: Discipline, from: ValidDay, to: Option<ValidDay> }
        /// A licence ended; `effective_on` is the first day without it.
        "licence_ended" = 19 LicenceEnded { person: PersonId, discipline: Discipline, reason: LicenceEnd, effective_on: ValidDay }
        /// A person was designated professional staff without a listed licence.
        "professional_staff_designated" = 20 ProfessionalStaffDesignated { person: PersonId, part: RegulationPart, from: ValidDay, to: Option<ValidDay> }
        /// A person was found to be a qualified supervisor (CORE).
        "supervisor_qualified" = 21 SupervisorQualified { person: PersonId, basis: Text, from: ValidDay, to: Option<ValidDay> }
        /// Work experience of a peer.
        "peer_experience_recorded" = 22 PeerExperienceRecorded { person: PersonId, employer: Text, from: ValidDay, to: Option<ValidDay>, direct_service: bool, evidenced: bool }
        /// A supervisor was assigned to a peer.
        "supervision_assigned" = 23 SupervisionAssigned { peer: PersonId, supervisor: PersonId, program: ProgramId, kind: SupervisionKind, from: ValidDay, rationale: Option<Text> }
        /// The last day of an assignment.
        "supervision_ended" = 24 SupervisionEnded { peer: PersonId, supervisor: PersonId, program: ProgramId, ended_on: ValidDay }
        /// A supervision session took place.
        "supervision_session_held" = 25 SupervisionSessionHeld { peer: PersonId, supervisor: PersonId, held_on: ValidDay, minutes: Minutes, topics: Vec<Text>, documented: bool, copy_given: bool }
        /// A peer had support from other peers.
        "in_discipline_support_provided" = 26 InDisciplineSupportProvided { peer: PersonId, source: SupportSource, provided_on: ValidDay, by: Option<Text> }
        /// A course was completed.
        "training_completed" = 27 TrainingCompleted { person: PersonId, course: Text, provider: Option<Text>, completed_on: ValidDay, topics: Vec<Text> }
        /// A supervisor attested understanding of a topic.
        "supervisor_attested" = 28 SupervisorAttested { person: PersonId, topic: Text, attested_on: ValidDay }
        /// A peer's interest in non-peer services was determined.
        "peer_service_interest_determined" = 29 PeerServiceInterestDetermined { peer: PersonId, determined_on: ValidDay, services: Vec<Text> }
    }
}
