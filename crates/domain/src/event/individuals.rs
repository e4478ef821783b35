//! Events about the people served: registration, pre-admission, admission, plans, crises, preferences.
//! Individuals are ids here and pseudonyms at rest; no name or address exists in the vocabulary.

use crate::ids::{GoalId, IndividualId, PersonId, PlanId, ProgramId, SignificantEventId};
use crate::moment::Moment;
use crate::quantity::Version;
use crate::text::{BirthDate, Text};
use crate::time::{ValidAt, ValidDay};
use crate::words::*;

family! {
    /// Individuals, admissions, plans.
    Individuals {
        /// An individual became known to the agency.
        "individual_registered" = 60 IndividualRegistered { individual: IndividualId, birth_date: Option<BirthDate>, part2: Option<bool> }
        /// Pre-admission work began, with or without purpose and goal in the record.
        "preadmission_opened" = 61 PreadmissionOpened { individual: IndividualId, program: ProgramId, opened_on: ValidDay, purpose: bool, goal: bool }
        /// A clinical, non-peer pre-admission visit.
        "preadmission_visit" = 62 PreadmissionVisit { individual: IndividualId, program: ProgramId, visited_on: ValidDay, practitioner: PersonId }
        /// The individual declined treatment.
        "treatment_declined" = 63 TreatmentDeclined { individual: IndividualId, program: ProgramId, declined_at: Moment }
        /// The individual came back after declining.
        "reengaged" = 64 Reengaged { individual: IndividualId, program: ProgramId, reengaged_at: Moment, rationale: bool }
        /// The individual was referred elsewhere.
        "referred_out" = 65 ReferredOut { individual: IndividualId, program: ProgramId, to: Text, referred_on: ValidDay }
        /// Admission to a program.
        "admitted" = 66 Admitted { individual: IndividualId, program: ProgramId, admitted_at: Moment }
        /// The last day of an admission.
        "discharged" = 67 Discharged { individual: IndividualId, program: ProgramId, discharged_on: ValidDay }
        /// The first version of a plan.
        "plan_created" = 68 PlanCreated { plan: PlanId, individual: IndividualId, program: ProgramId, kind: PlanKind, version: Version, effective_on: ValidDay, goals: Vec<GoalId>, services: Vec<Text>, contracted_collaboration: bool, events: Vec<SignificantEventId> }
        /// A later version of a plan.
        "plan_amended" = 69 PlanAmended { plan: PlanId, individual: IndividualId, program: ProgramId, kind: PlanKind, version: Version, effective_on: ValidDay, goals: Vec<GoalId>, services: Vec<Text>, contracted_collaboration: bool, events: Vec<SignificantEventId> }
        /// A plan version was signed.
        "plan_signed" = 70 PlanSigned { plan: PlanId, version: Version, signer: PersonId, capacity: Text, signed_at: ValidAt }
        /// A clinically significant event in an individual's life.
        "significant_event_recorded" = 71 SignificantEventRecorded { event: SignificantEventId, individual: IndividualId, program: ProgramId, kind: Text, occurred_on: ValidDay }
        /// A crisis and its days.
        "crisis_recorded" = 72 CrisisRecorded { individual: IndividualId, from: ValidDay, to: ValidDay, note: Option<crate::ids::NoteId> }
        /// The Clinical Supervisor was consulted about intensity (CORE).
        "intensity_consulted" = 73 IntensityConsulted { individual: IndividualId, peer: PersonId, clinical_supervisor: PersonId, consulted_on: ValidDay, from: ValidDay, to: ValidDay }
        /// Collaboration with a peer is in the case record.
        "collaboration_documented" = 74 CollaborationDocumented { individual: IndividualId, peer: PersonId, documented_on: ValidDay, kind: Text }
        /// Preferences were asked and recorded.
        "preference_recorded" = 75 PreferenceRecorded { individual: IndividualId, recorded_on: ValidDay, topics: Vec<Text> }
    }
}
