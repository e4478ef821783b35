//! The row types and domain's types as they are stored: one list of fields each, in the order of the bytes.
//! A field left out of its list does not compile.

use compact_str::CompactString;
use domain::event::EventTag;
use domain::field::Scalar;
use domain::quantity::Version;
use domain::words::*;
use domain::{Cents, KnownAt, Minutes, Moment, Seq, Units, ValidAt, ValidDay};

use super::codec::{Input, Output, Stored};
use super::keys::Counts;
use super::lying::Held;
use crate::delivery::*;
use crate::amended::Amended;
use crate::individual::*;
use crate::money::*;
use crate::names::*;
use crate::people::*;
use crate::program::*;
use crate::row::{Row, Span};
use crate::settings::*;

macro_rules! stored {
    ($( $name:ty { $( $field:ident: $type:ty ),* $(,)? } )*) => { $(
        impl Stored for $name {
            const LEAST: usize = 0 $( + <$type as Stored>::LEAST )*;
            fn put(&self, out: &mut Output<'_>) {
                let Self { $( $field ),* } = self;
                $( <$type as Stored>::put($field, out); )*
            }
            #[inline]
            fn take(input: &mut Input<'_>) -> Option<Self> {
                $( let $field = <$type as Stored>::take(input)?; )*
                Some(Self { $( $field ),* })
            }
        }
    )* };
}

/// A row: how far its event lies after that of the row before, when it was believed, and the fact.
impl<T: Stored> Stored for Row<T> {
    const LEAST: usize = 3 + T::LEAST;
    fn put(&self, out: &mut Output<'_>) {
        out.signed(i64::from(self.seq) - i64::from(out.seq));
        out.signed(self.span.from.micros().wrapping_sub(out.from));
        (out.seq, out.from) = (self.seq, self.span.from.micros());
        self.span.until.put(out);
        self.value.put(out);
    }
    #[inline]
    fn take(input: &mut Input<'_>) -> Option<Self> {
        let seq = u32::try_from(i64::from(input.seq).checked_add(input.signed()?)?).ok()?;
        let from = input.from.wrapping_add(input.signed()?);
        (input.seq, input.from) = (seq, from);
        let until = KnownAt::take(input)?;
        Some(Row { seq, span: Span { from: KnownAt::from_micros(from), until }, value: T::take(input)? })
    }
    fn held(&self, held: &mut Held) {
        held.event(self.seq);
    }
}

impl Stored for ValidDay {
    fn put(&self, out: &mut Output<'_>) {
        out.signed(i64::from(self.days()));
    }
    #[inline]
    fn take(input: &mut Input<'_>) -> Option<Self> {
        input.day()
    }
}

impl Stored for ValidAt {
    const LEAST: usize = 8;
    fn put(&self, out: &mut Output<'_>) {
        out.bytes.extend_from_slice(&self.micros().to_le_bytes());
    }
    #[inline]
    fn take(input: &mut Input<'_>) -> Option<Self> {
        ValidAt::accepted(i64::from_le_bytes(input.fixed()?))
    }
}

impl Stored for Moment {
    fn put(&self, out: &mut Output<'_>) {
        match self {
            Moment::Day(day) => {
                out.bytes.push(0);
                day.put(out);
            }
            Moment::At(at) => {
                out.bytes.push(1);
                at.put(out);
            }
        }
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        match input.byte()? {
            0 => ValidDay::take(input).map(Moment::Day),
            1 => ValidAt::take(input).map(Moment::At),
            _ => None,
        }
    }
}

macro_rules! stored_numbers {
    ($( $name:ident: $inner:ty; )*) => { $(
        impl Stored for $name {
            fn put(&self, out: &mut Output<'_>) {
                <$inner>::from(self.0).put(out);
            }
            #[inline]
            fn take(input: &mut Input<'_>) -> Option<Self> {
                <$inner as Stored>::take(input)?.try_into().ok().map($name)
            }
        }
    )* };
}

stored_numbers! {
    Minutes: u32;
    Units: u32;
    Cents: i64;
    Version: u32;
    EventTag: u16;
}

impl Stored for Seq {
    fn put(&self, out: &mut Output<'_>) {
        out.number(self.0);
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        input.number().map(Seq)
    }
}

macro_rules! stored_words {
    ($( $name:ident )*) => { $(
        impl Stored for $name {
            fn put(&self, out: &mut Output<'_>) {
                out.bytes.push(self.code());
            }
            #[inline]
            fn take(input: &mut Input<'_>) -> Option<Self> {
                $name::from_code(input.byte()?)
            }
        }
    )* };
}

stored_words! {
    Engagement Role CredentialKind CredentialLevel Discipline RegulationPart SupervisionKind ProgramKind Population RateCodeMeaning
    MeetingKind OrganizationRecord PlanKind Service Phase Format Mode Site Basis Recipient SignatureCapacity
}

/// Enums with fields: a code for the variant, then its fields.
macro_rules! stored_variants {
    ($( $name:ident { $( $code:literal $variant:ident $( ( $inner:ident: $type:ty ) )? $( { $( $field:ident ),* } )? ),* $(,)? } )*) => { $(
        impl Stored for $name {
            fn put(&self, out: &mut Output<'_>) {
                match self { $(
                    $name::$variant $( ( $inner ) )? $( { $( $field ),* } )? => {
                        out.bytes.push($code);
                        $( $inner.put(out); )?
                        $( $( $field.put(out); )* )?
                    }
                )* }
            }
            fn take(input: &mut Input<'_>) -> Option<Self> {
                Some(match input.byte()? {
                    $( $code => $name::$variant $( ( <$type as Stored>::take(input)? ) )? $( { $( $field: Stored::take(input)? ),* } )?, )*
                    _ => return None,
                })
            }
        }
    )* };
}

stored_variants! {
    CredentialChange {
        0 Granted { level, issuer, expires_on },
        1 Renewed { expires_on },
        2 Upgraded { expires_on },
        3 Suspended,
        4 Reinstated { expires_on },
        5 Revoked,
        6 Surrendered,
    }
    LicenceChange { 0 Granted { permit, to }, 1 Renewed { to }, 2 Ended }
    ClaimEndKind { 0 Voided, 1 Denied, 2 Replaced { by } }
    Scalar { 0 Bool(b: bool), 1 Int(n: i64), 2 Number(t: CompactString), 3 Text(t: CompactString) }
}

stored! {
    Engaged { engagement: Engagement, contract: Option<ContractKey>, roles: Vec<Role>, programs: Vec<ProgramKey>, start_on: ValidDay }
    CredentialStep { kind: CredentialKind, effective_on: ValidDay, change: CredentialChange }
    LicenceStep { discipline: Discipline, on: ValidDay, change: LicenceChange }
    Days { from: ValidDay, to: Option<ValidDay> }
    RoleDays { role: Role, program: Option<ProgramKey>, days: Days }
    RoleEnd { role: Role, program: Option<ProgramKey>, ended_on: ValidDay }
    Supervision { supervisor: PersonKey, program: ProgramKey, kind: SupervisionKind, from: ValidDay, has_rationale: bool }
    Supervised { peer: PersonKey, program: ProgramKey, kind: SupervisionKind, from: ValidDay }
    SupervisionEnd { supervisor: PersonKey, program: ProgramKey, ended_on: ValidDay }
    SupervisionSession {
        supervisor: PersonKey, held_on: ValidDay, minutes: Minutes, topics: Vec<TextKey>, documented: bool, copy_given: bool,
    }
    Experience { days: Days, direct_service: bool }
    Training { course: CompactString, has_provider: bool, completed_on: ValidDay, topics: Vec<TextKey> }
    Attested { topic: TextKey, on: ValidDay }
    Registered { kind: ProgramKind, populations: Vec<Population>, days: Days }
    Policy { policy: PolicyKey, topics: Vec<TextKey>, from: ValidDay }
    Meeting {
        kind: MeetingKind, held_on: ValidDay, invitees: Vec<PersonKey>, attendees: Vec<PersonKey>, individuals: Vec<IndividualKey>,
        has_minutes: bool,
    }
    StaffTraining { topic: TextKey, held_on: ValidDay, attendees: Vec<PersonKey> }
    Organization { kind: OrganizationRecord, recorded_on: ValidDay, elements: Vec<TextKey>, people: Vec<PersonKey> }
    Opened { program: ProgramKey, on: ValidDay, purpose: bool, goal: bool }
    Happened { program: ProgramKey, at: Moment }
    Discharge { program: ProgramKey, on: ValidDay }
    PlanVersion {
        plan: PlanKey, program: ProgramKey, kind: PlanKind, version: Version, effective_on: ValidDay, goals: Vec<GoalKey>,
        services: Vec<TextKey>, contracted_collaboration: bool, events: Vec<SignificantEventKey>,
    }
    SignificantEvent { event: SignificantEventKey, program: ProgramKey, on: ValidDay }
    Consultation { peer: PersonKey, clinical_supervisor: PersonKey, on: ValidDay, days: Days }
    Collaboration { peer: PersonKey, on: ValidDay }
    Contact {
        contact: ContactKey, program: ProgramKey, peer: PersonKey, individual: IndividualKey, session: Option<SessionKey>,
        start: ValidAt, end: ValidAt, day: ValidDay, component: Option<TextKey>, activities: TextListKey,
        event: Option<SignificantEventKey>, goal: Option<GoalKey>, purpose: Option<TextKey>, service: Service, phase: Phase,
        format: Format, mode: Mode, site: Site, basis: Basis, recipient: Recipient,
    }
    Session { session: SessionKey, program: ProgramKey, day: ValidDay, attendees: Box<[IndividualKey]> }
    Note { note: NoteKey, contact: ContactKey, author: PersonKey, written_at: ValidAt, elements: Elements }
    NoteVersion { note: NoteKey, version: Version, amended_at: ValidAt, elements: Elements }
    Signature { note: NoteKey, version: Version, signer: PersonKey, capacity: SignatureCapacity, signed_at: ValidAt }
    Accrual { individual: IndividualKey, program: ProgramKey, contact: Option<ContactKey>, on: ValidDay, units: Units }
    Setting { from: ValidDay, value: Scalar }
    RateCode { program: Option<ProgramKey>, code: TextKey, meaning: RateCodeMeaning, days: Days }
    ClaimEnd { claim: ClaimKey, kind: ClaimEndKind, on: ValidDay }
    Payment { claim: ClaimKey, paid: Cents, on: ValidDay }
    Amended { known: KnownAt, all: Vec<Seq>, shaping: Vec<Seq> }
    Counts {
        people: u32, individuals: u32, programs: u32, contracts: u32, policies: u32, plans: u32, events: u32, goals: u32, contacts: u32,
        sessions: u32, notes: u32, claims: u32, texts: u32, text_lists: u32, claim_rows: u32, lines: u32,
    }
}

/// What is said of one person, individual, program or contract: lists of rows, each stored, put in order and freed of events alike.
macro_rules! facts {
    ($( $name:ty { $( $field:ident ),* $(,)? } )*) => { $(
        impl Stored for $name {
            const LEAST: usize = [$( stringify!($field) ),*].len();
            fn put(&self, out: &mut Output<'_>) {
                let Self { $( $field ),* } = self;
                $( $field.put(out); )*
            }
            fn take(input: &mut Input<'_>) -> Option<Self> {
                $( let $field = Stored::take(input)?; )*
                Some(Self { $( $field ),* })
            }
            fn held(&self, held: &mut Held) {
                let Self { $( $field ),* } = self;
                $( $field.held(held); )*
            }
        }

        impl $name {
            /// Takes out what some events said.
            pub(crate) fn forget(&mut self, events: &rustc_hash::FxHashSet<u32>) {
                let Self { $( $field ),* } = self;
                $( $field.retain(|row| !events.contains(&row.seq)); )*
            }

            /// Whether one of some events said anything of it.
            pub(crate) fn has_heard(&self, events: &rustc_hash::FxHashSet<u32>) -> bool {
                let Self { $( $field ),* } = self;
                false $( || $field.iter().any(|row| events.contains(&row.seq)) )*
            }

            /// Puts every list in ledger order.
            pub(crate) fn in_ledger_order(&mut self) {
                let Self { $( $field ),* } = self;
                $( crate::row::in_ledger_order($field); )*
            }
        }
    )* };
}

facts! {
    Person {
        engaged, separated, roles, role_ends, births, lived_experience, credentials, verifications, licences, designations, qualified,
        experience, supervisors, supervisor_ends, supervises, sessions, in_discipline, collaborated, trainings, attestations,
        complaints, interest,
    }
    ProgramFacts {
        registered, policies, meetings, trainings, records,
    }
    ContractFacts {
        executed, ended,
    }
    Individual {
        registered, births, opened, visits, declined, reengaged, referred, admitted, discharged, plans, events, crises, consultations,
        collaborations, preferences,
    }
}

impl Stored for Elements {
    fn put(&self, out: &mut Output<'_>) {
        self.0.put(out);
    }
    #[inline]
    fn take(input: &mut Input<'_>) -> Option<Self> {
        u16::take(input).map(Elements)
    }
}

/// A claim's lines must be among the lines.
impl Stored for Claim {
    const LEAST: usize = 16;
    fn put(&self, out: &mut Output<'_>) {
        let Self { claim, individual, program, service_date, submitted_at, rate_code, charge, first_line, lines } = self;
        (*claim, *individual, *program).put(out);
        (*service_date, *submitted_at, *rate_code).put(out);
        (*charge, *first_line, *lines).put(out);
    }
    #[inline]
    fn take(input: &mut Input<'_>) -> Option<Self> {
        let (claim, individual, program) = Stored::take(input)?;
        let (service_date, submitted_at, rate_code) = Stored::take(input)?;
        let (charge, first_line, lines): (Cents, u32, u32) = Stored::take(input)?;
        let fits = first_line.checked_add(lines)? <= input.counts.lines;
        fits.then_some(Claim { claim, individual, program, service_date, submitted_at, rate_code, charge, first_line, lines })
    }
}

/// A line's claim must be among the claims.
impl Stored for Line {
    const LEAST: usize = 7;
    fn put(&self, out: &mut Output<'_>) {
        let Self { claim_row, number, contact, hcpcs, modifiers, units, charge } = self;
        (*claim_row, *number, *contact).put(out);
        (*hcpcs, *modifiers).put(out);
        (*units, *charge).put(out);
    }
    #[inline]
    fn take(input: &mut Input<'_>) -> Option<Self> {
        let (claim_row, number, contact) = Stored::take(input)?;
        let (hcpcs, modifiers) = Stored::take(input)?;
        let (units, charge) = Stored::take(input)?;
        (claim_row < input.counts.claim_rows).then_some(Line { claim_row, number, contact, hcpcs, modifiers, units, charge })
    }
}
