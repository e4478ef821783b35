//! Events about programs and the organization: registration, rate codes, settings, policies, meetings, training.
//! Settings are facts with an approver and a day, not configuration files.

use crate::field::Scalar;
use crate::ids::{IndividualId, PersonId, PolicyId, ProgramId};
use crate::text::{Digest, Text};
use crate::time::ValidDay;
use crate::words::*;

family! {
    /// Programs, settings, policies, meetings.
    Program {
        /// A program began.
        "program_registered" = 40 ProgramRegistered { program: ProgramId, kind: ProgramKind, populations: Vec<Population>, from: ValidDay, to: Option<ValidDay> }
        /// A rate code and its meaning, for one program or for all.
        "rate_code_adopted" = 41 RateCodeAdopted { program: Option<ProgramId>, code: Text, meaning: RateCodeMeaning, from: ValidDay, to: Option<ValidDay> }
        /// An agency setting, in force from a service date.
        "parameter_set" = 42 ParameterSet { name: Text, value: Scalar, from: ValidDay, approved_by: Text }
        /// A policy took effect.
        "policy_adopted" = 43 PolicyAdopted { program: ProgramId, policy: PolicyId, topics: Vec<Text>, from: ValidDay }
        /// The last day of a policy.
        "policy_retired" = 44 PolicyRetired { policy: PolicyId, ended_on: ValidDay }
        /// A team met.
        "team_meeting_held" = 45 TeamMeetingHeld { program: ProgramId, kind: MeetingKind, held_on: ValidDay, invitees: Vec<PersonId>, attendees: Vec<PersonId>, individuals: Vec<IndividualId>, minutes: Option<Digest> }
        /// Staff were trained.
        "staff_training_held" = 46 StaffTrainingHeld { program: ProgramId, topic: Text, held_on: ValidDay, attendees: Vec<PersonId> }
        /// The organization recorded something about itself.
        "organization_recorded" = 47 OrganizationRecorded { program: ProgramId, kind: OrganizationRecord, recorded_on: ValidDay, elements: Vec<Text>, people: Vec<PersonId> }
        /// A complaint came in.
        "complaint_recorded" = 48 ComplaintRecorded { category: Text, received_on: ValidDay, person: Option<PersonId> }
    }
}
