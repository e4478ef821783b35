//! Events about service delivery: contacts, group sessions, notes and signatures, PROS units.
//! Note text never enters: only which elements a note has, and a digest that ties it to the chart.

use crate::ids::{ContactId, GoalId, GroupSessionId, IndividualId, NoteId, PersonId, ProgramId, SignificantEventId};
use crate::quantity::{Units, Version};
use crate::text::{Digest, Text};
use crate::time::{ValidAt, ValidDay};
use crate::words::*;

family! {
    /// Contacts, groups, notes, signatures.
    Delivery {
        /// A service contact took place.
        "contact_recorded" = 80 ContactRecorded {
            contact: ContactId, program: ProgramId, service: Service, peer: PersonId, individual: IndividualId, phase: Phase, format: Format,
            group_session: Option<GroupSessionId>, mode: Mode, site: Site, start: ValidAt, end: ValidAt, component: Option<Text>,
            activities: Vec<Text>, basis: Basis, event: Option<SignificantEventId>, goal: Option<GoalId>, recipient: Recipient, purpose: Option<Text>,
        }
        /// A group met; attendees are individuals and collaterals, no staff.
        "group_session_held" = 81 GroupSessionHeld { group_session: GroupSessionId, program: ProgramId, facilitators: Vec<PersonId>, start: ValidAt, end: ValidAt, attendees: Vec<IndividualId> }
        /// A note was written.
        "note_written" = 82 NoteWritten { note: NoteId, contact: ContactId, author: PersonId, written_at: ValidAt, elements: Vec<NoteElement>, digest: Option<Digest> }
        /// A note was amended.
        "note_amended" = 83 NoteAmended { note: NoteId, version: Version, amended_at: ValidAt, elements: Vec<NoteElement>, digest: Option<Digest> }
        /// One version of a note was signed.
        "note_signed" = 84 NoteSigned { note: NoteId, version: Option<Version>, signer: PersonId, capacity: SignatureCapacity, signed_at: ValidAt }
        /// PROS units were accrued.
        "pros_units_accrued" = 85 ProsUnitsAccrued { individual: IndividualId, program: ProgramId, accrued_on: ValidDay, units: Units, contact: Option<ContactId> }
    }
}
