//! The stored form of each plain domain type: ids and texts, words, days, instants, quantities, digests.
//! It refuses values the domain would refuse, so that bytes altered on the disk cannot become an impossible fact.

use domain::field::Scalar as DomainScalar;
use domain::ids::*;
use domain::quantity::{Cents, Minutes, Seq, Units, Version};
use domain::time::{KnownAt, ValidAt, ValidDay};
use domain::words::*;
use domain::{Moment as DomainMoment, Text};
use serde::{Deserialize, Serialize};

use crate::wire::seals::{Opening, Seals, Unreadable};

/// A domain type and the plain type `T` it is stored as. Lists, options and nested records follow from their parts.
pub(crate) trait Stored<'a, T>: Sized {
    /// The stored form, borrowing from the value where it is text.
    fn store(&'a self, seals: &mut Seals<'_>) -> T;
    /// The value of a stored form.
    fn restore(stored: T, opening: &mut Opening<'_>) -> Result<Self, Unreadable>;
}

macro_rules! stored_as_text {
    ($($name:ident)*) => {$(
        impl<'a> Stored<'a, &'a str> for $name {
            fn store(&'a self, _: &mut Seals<'_>) -> &'a str {
                self.as_str()
            }
            fn restore(stored: &'a str, _: &mut Opening<'_>) -> Result<Self, Unreadable> {
                $name::parse(stored).map_err(|_| Unreadable::Malformed)
            }
        }
    )*};
}
stored_as_text! {
    PersonId ProgramId ContractId ContactId GroupSessionId NoteId PlanId SignificantEventId ClaimId PolicyId OverpaymentId HoldId
    GoalId FindingId SourceId TargetRef Text
}

macro_rules! stored_as_code {
    ($($name:ident)*) => {$(
        impl Stored<'_, u8> for $name {
            fn store(&self, _: &mut Seals<'_>) -> u8 {
                self.code()
            }
            fn restore(stored: u8, _: &mut Opening<'_>) -> Result<Self, Unreadable> {
                $name::from_code(stored).ok_or(Unreadable::Malformed)
            }
        }
    )*};
}
stored_as_code! {
    Engagement Role LivedExperience CredentialKind CredentialLevel VerificationResult Discipline LicenceEnd RegulationPart SupervisionKind
    SupportSource ProgramKind Population RateCodeMeaning MeetingKind OrganizationRecord PlanKind Service Phase Format Mode Site Basis
    Recipient NoteElement SignatureCapacity QuantificationMethod
}

macro_rules! stored_as_number {
    ($($name:ident($number:ty) = $get:expr, $make:expr;)*) => {$(
        impl Stored<'_, $number> for $name {
            fn store(&self, _: &mut Seals<'_>) -> $number {
                let get: fn(&$name) -> $number = $get;
                get(self)
            }
            fn restore(stored: $number, _: &mut Opening<'_>) -> Result<Self, Unreadable> {
                let make: fn($number) -> Option<$name> = $make;
                make(stored).ok_or(Unreadable::Malformed)
            }
        }
    )*};
}
stored_as_number! {
    ValidDay(i32) = |v| v.days(), ValidDay::from_days;
    ValidAt(i64) = |v| v.micros(), |n| Some(ValidAt::from_micros(n));
    KnownAt(i64) = |v| v.micros(), |n| Some(KnownAt::from_micros(n));
    Cents(i64) = |v| v.0, |n| Some(Cents(n));
    Units(u32) = |v| v.0, |n| Some(Units(n));
    Minutes(u32) = |v| v.0, |n| Some(Minutes(n));
    Version(u32) = |v| v.0, |n| Some(Version(n));
    Seq(u64) = |v| v.0, |n| Some(Seq(n));
    u32(u32) = |v| *v, Some;
    u64(u64) = |v| *v, Some;
    bool(bool) = |v| *v, Some;
}

impl<'a, D: Stored<'a, T>, T> Stored<'a, Option<T>> for Option<D> {
    fn store(&'a self, seals: &mut Seals<'_>) -> Option<T> {
        self.as_ref().map(|value| value.store(seals))
    }
    /// An optional value whose key was destroyed reads as absent: that is all that is left to say of it.
    fn restore(stored: Option<T>, opening: &mut Opening<'_>) -> Result<Self, Unreadable> {
        match stored.map(|value| D::restore(value, opening)) {
            None | Some(Err(Unreadable::Erased)) => Ok(None),
            Some(Ok(value)) => Ok(Some(value)),
            Some(Err(other @ (Unreadable::Malformed | Unreadable::NotInterpreted | Unreadable::ForeignKey(_)))) => Err(other),
        }
    }
}

impl<'a, D: Stored<'a, T>, T> Stored<'a, Vec<T>> for Vec<D> {
    fn store(&'a self, seals: &mut Seals<'_>) -> Vec<T> {
        self.iter().map(|value| value.store(seals)).collect()
    }
    fn restore(stored: Vec<T>, opening: &mut Opening<'_>) -> Result<Self, Unreadable> {
        stored.into_iter().map(|value| D::restore(value, opening)).collect()
    }
}

/// A document digest: algorithm (0 blake3, 1 sha256), then its 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(wincode::SchemaWrite, wincode::SchemaRead))]
pub(crate) struct Digest(pub(crate) u8, pub(crate) [u8; 32]);

const ALGORITHMS: [&str; 2] = ["blake3:", "sha256:"];

impl Stored<'_, Digest> for domain::Digest {
    fn store(&self, _: &mut Seals<'_>) -> Digest {
        let text = self.as_str();
        let (code, hex) = if let Some(hex) = text.strip_prefix(ALGORITHMS[1]) { (1, hex) } else { (0, text.trim_start_matches(ALGORITHMS[0])) };
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
            *byte = (nibble(pair[0]) << 4) | nibble(pair[1]);
        }
        Digest(code, bytes)
    }
    fn restore(stored: Digest, _: &mut Opening<'_>) -> Result<Self, Unreadable> {
        let prefix = ALGORITHMS.get(usize::from(stored.0)).ok_or(Unreadable::Malformed)?;
        let mut text = String::with_capacity(prefix.len() + 64);
        text.push_str(prefix);
        for byte in stored.1 {
            text.push(char::from(HEX[usize::from(byte >> 4)]));
            text.push(char::from(HEX[usize::from(byte & 15)]));
        }
        domain::Digest::parse(&text).ok_or(Unreadable::Malformed)
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

/// The value of a lower-case hexadecimal digit; the domain has let no other character in.
fn nibble(digit: u8) -> u8 {
    if digit.is_ascii_digit() { digit - b'0' } else { digit.wrapping_sub(b'a').wrapping_add(10) & 15 }
}

/// A whole day or an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(wincode::SchemaWrite, wincode::SchemaRead))]
pub(crate) enum Moment {
    /// Days since 1970-01-01.
    Day(i32),
    /// Microseconds since the epoch, UTC.
    At(i64),
}

impl Stored<'_, Moment> for DomainMoment {
    fn store(&self, _: &mut Seals<'_>) -> Moment {
        match self {
            DomainMoment::Day(day) => Moment::Day(day.days()),
            DomainMoment::At(at) => Moment::At(at.micros()),
        }
    }
    fn restore(stored: Moment, _: &mut Opening<'_>) -> Result<Self, Unreadable> {
        match stored {
            Moment::Day(days) => ValidDay::from_days(days).map(DomainMoment::Day).ok_or(Unreadable::Malformed),
            Moment::At(micros) => Ok(DomainMoment::At(ValidAt::from_micros(micros))),
        }
    }
}

/// A setting's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(wincode::SchemaWrite, wincode::SchemaRead))]
pub(crate) enum Scalar<'a> {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number, as written.
    Number(&'a str),
    /// Text.
    Text(&'a str),
}

impl<'a> Stored<'a, Scalar<'a>> for DomainScalar {
    fn store(&'a self, _: &mut Seals<'_>) -> Scalar<'a> {
        match self {
            DomainScalar::Bool(b) => Scalar::Bool(*b),
            DomainScalar::Int(n) => Scalar::Int(*n),
            DomainScalar::Number(n) => Scalar::Number(n),
            DomainScalar::Text(t) => Scalar::Text(t),
        }
    }
    fn restore(stored: Scalar<'a>, _: &mut Opening<'_>) -> Result<Self, Unreadable> {
        Ok(match stored {
            Scalar::Bool(b) => DomainScalar::Bool(b),
            Scalar::Int(n) => DomainScalar::Int(n),
            Scalar::Number(n) => DomainScalar::Number(n.into()),
            Scalar::Text(t) => DomainScalar::Text(t.into()),
        })
    }
}
