//! The fixed words of the interchange, one enum per list of events.md.
//! Refuses any other word; the code beside each word is what is stored and never changes.

use crate::field::{FieldType, Kind, Mismatch, Raw};

macro_rules! words {
    ($( $(#[$meta:meta])* $name:ident { $( $variant:ident = $code:literal $word:literal ),+ $(,)? } )*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $( #[doc = concat!("`", $word, "`")] $variant, )+ }

        impl $name {
            /// Every word of the list, in its order.
            pub const ALL: &'static [$name] = &[$( $name::$variant ),+];
            const WORDS: &'static [&'static str] = &[$( $word ),+];

            /// The word as the interchange writes it.
            pub const fn as_str(self) -> &'static str {
                match self { $( $name::$variant => $word, )+ }
            }
            /// The stored code.
            pub const fn code(self) -> u8 {
                match self { $( $name::$variant => $code, )+ }
            }
            /// The word of a stored code.
            pub const fn from_code(code: u8) -> Option<Self> {
                match code { $( $code => Some($name::$variant), )+ _ => None }
            }
            /// The word itself.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $( $word => Some($name::$variant), )+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FieldType for $name {
            const KIND: Kind = Kind::Word($name::WORDS);
            fn read(raw: &Raw<'_>) -> Result<Self, Mismatch> {
                match raw.as_text() {
                    Some(text) => Self::read_text(text),
                    None => Err(Mismatch::new(raw.describe(), crate::field::wanted(&Self::KIND))),
                }
            }
            fn read_text(text: &str) -> Result<Self, Mismatch> {
                Self::parse(text).ok_or_else(|| {
                    let mismatch = Mismatch::new(Raw::text(text).describe(), crate::field::wanted(&Self::KIND));
                    match nearest(text, Self::WORDS) {
                        Some(word) => mismatch.hint(format!("did you mean {word}?")),
                        None => mismatch,
                    }
                })
            }
            fn write(&self) -> Raw<'_> {
                Raw::text(self.as_str())
            }
        }
    )* };
}

words! {
    /// How a person is engaged.
    Engagement { Employee = 0 "employee", Contractor = 1 "contractor" }
    /// What a person does for the agency.
    Role {
        Peer = 0 "peer", Supervisor = 1 "supervisor", Clinician = 2 "clinician", ClinicalSupervisor = 3 "clinical_supervisor",
        Leadership = 4 "leadership", Compliance = 5 "compliance", Other = 6 "other",
    }
    /// On what lived experience an attestation rests; never any detail.
    LivedExperience { Recovery = 0 "recovery", Caregiver = 1 "caregiver", Youth = 2 "youth" }
    /// Kinds of peer credential.
    CredentialKind { Nycps = 0 "NYCPS", Fpa = 1 "FPA", Ypa = 2 "YPA", Crpa = 3 "CRPA" }
    /// Level of a credential.
    CredentialLevel { Provisional = 0 "provisional", Full = 1 "full" }
    /// Result of asking the issuer.
    VerificationResult { Confirmed = 0 "confirmed", NotFound = 1 "not_found", Mismatch = 2 "mismatch" }
    /// Licensed disciplines.
    Discipline {
        Physician = 0 "physician", Psychiatrist = 1 "psychiatrist", PhysicianAssistant = 2 "physician_assistant",
        NursePractitioner = 3 "nurse_practitioner", PsychiatricNursePractitioner = 4 "psychiatric_nurse_practitioner",
        RegisteredNurse = 5 "registered_nurse", Psychologist = 6 "psychologist", Lcsw = 7 "lcsw", Lmsw = 8 "lmsw", Lmhc = 9 "lmhc",
        Lmft = 10 "lmft", Lcat = 11 "lcat", LicensedPsychoanalyst = 12 "licensed_psychoanalyst",
        OccupationalTherapist = 13 "occupational_therapist", RehabilitationCounselor = 14 "rehabilitation_counselor",
        Casac = 15 "casac", TherapeuticRecreationSpecialist = 16 "therapeutic_recreation_specialist",
        PastoralCounselor = 17 "pastoral_counselor",
    }
    /// Why a licence ended.
    LicenceEnd { Lapsed = 0 "lapsed", Suspended = 1 "suspended", Revoked = 2 "revoked", Surrendered = 3 "surrendered" }
    /// Which regulation's professional staff.
    RegulationPart { Mhotrs = 0 "599.4", Pros = 1 "512.4" }
    /// Kind of supervision.
    SupervisionKind { Primary = 0 "primary", Co = 1 "co", InDiscipline = 2 "in_discipline" }
    /// Where in-discipline support came from.
    SupportSource { Internal = 0 "internal", LocalAgency = 1 "local_agency", PeerRunContract = 2 "peer_run_contract" }
    /// Kind of program.
    ProgramKind { Mhotrs = 0 "mhotrs", Pros = 1 "pros", Core = 2 "core" }
    /// Whom a program serves.
    Population { Adult = 0 "adult", Child = 1 "child" }
    /// What a rate code means.
    RateCodeMeaning { HealthServices = 0 "health_services", Offsite = 1 "offsite" }
    /// Kind of team meeting.
    MeetingKind { Clinical = 0 "clinical", ProsWeekly = 1 "pros_weekly", Other = 2 "other" }
    /// What an organization recorded.
    OrganizationRecord {
        ActionPlan = 0 "action_plan", ReadinessAssessment = 1 "readiness_assessment", RoleDefinition = 2 "role_definition",
        PeerChampion = 3 "peer_champion", OutcomesReview = 4 "outcomes_review", FeedbackLoop = 5 "feedback_loop",
        LeadershipMeeting = 6 "leadership_meeting",
    }
    /// Kind of plan.
    PlanKind { Treatment = 0 "treatment", Irp = 1 "irp", Isp = 2 "isp" }
    /// Service delivered; `other` is any non-peer service.
    Service {
        MhotrsAdultPeer = 0 "mhotrs_adult_peer", MhotrsFamilyPeer = 1 "mhotrs_family_peer", MhotrsYouthPeer = 2 "mhotrs_youth_peer",
        ProsPss = 3 "pros_pss", CorePeer = 4 "core_peer", Other = 5 "other",
    }
    /// The label a contact carries about admission.
    Phase { Preadmission = 0 "preadmission", Enrolled = 1 "enrolled" }
    /// One person or a group.
    Format { Individual = 0 "individual", Group = 1 "group" }
    /// How the people met.
    Mode { InPerson = 0 "in_person", Video = 1 "video", Audio = 2 "audio" }
    /// Where.
    Site { Onsite = 0 "onsite", Offsite = 1 "offsite" }
    /// On what basis a contact took place.
    Basis { Planned = 0 "planned", Targeted = 1 "targeted", AdHoc = 2 "ad_hoc" }
    /// Who received the service.
    Recipient { Individual = 0 "individual", Family = 1 "family", Collateral = 2 "collateral" }
    /// What a note contains; never the text itself.
    NoteElement {
        ServiceType = 0 "service_type", Purpose = 1 "purpose", Response = 2 "response", Progress = 3 "progress", Outcome = 4 "outcome",
        Rationale = 5 "rationale", Crisis = 6 "crisis", Goal = 7 "goal",
    }
    /// In what capacity somebody signed a note.
    SignatureCapacity { Peer = 0 "peer", Lpha = 1 "lpha", Author = 2 "author", Supervisor = 3 "supervisor" }
    /// How an overpayment was quantified.
    QuantificationMethod { Actual = 0 "actual", Extrapolated = 1 "extrapolated" }
}

impl Service {
    /// Any service but `other` (evaluation.md, "Shared definitions").
    pub fn is_peer(self) -> bool {
        self != Service::Other
    }

    /// `mhotrs_*`.
    pub fn is_mhotrs(self) -> bool {
        matches!(self, Service::MhotrsAdultPeer | Service::MhotrsFamilyPeer | Service::MhotrsYouthPeer)
    }
}

/// The candidate closest to a mistyped word, if any is close enough to be what was meant.
pub fn nearest<'a>(text: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let given = text.to_ascii_lowercase().replace(['-', ' '], "_");
    candidates
        .iter()
        .map(|c| (edit_distance(&given, &c.to_ascii_lowercase()), *c))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, word)| *distance <= 1 + word.len() / 5)
        .map(|(_, word)| word)
}

/// Levenshtein distance over characters, one row at a time; inputs longer than any of our words are not compared.
fn edit_distance(a: &str, b: &str) -> usize {
    const LONGEST: usize = 80;
    if a.len() > LONGEST || b.len() > LONGEST {
        return usize::MAX;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let cost = if ca == *cb { diagonal } else { diagonal + 1 };
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_finds_its_word() {
        assert_eq!(nearest("in person", &["in_person", "video"]), Some("in_person"));
        assert_eq!(nearest("enroled", &["preadmission", "enrolled"]), Some("enrolled"));
        assert_eq!(nearest("tuesday", &["preadmission", "enrolled"]), None);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
    }
}
