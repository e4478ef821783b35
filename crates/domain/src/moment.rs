//! A point in valid time given either as a whole local day or as an instant.
//! Refuses to pretend that a day has a time: comparisons with an instant say what they do with the day.

use std::fmt;

use crate::field::{FieldType, Kind, Mismatch, Raw};
use crate::time::{ValidAt, ValidDay};

/// A day or an instant (`date|instant` in events.md; a bare date is the whole day).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    /// A whole local day.
    Day(ValidDay),
    /// An instant.
    At(ValidAt),
}

impl Moment {
    /// The local day it lies on.
    pub fn day(self) -> ValidDay {
        match self {
            Moment::Day(day) => day,
            Moment::At(at) => at.local_day(),
        }
    }

    /// The instant, if one was given.
    pub fn at(self) -> Option<ValidAt> {
        match self {
            Moment::Day(_) => None,
            Moment::At(at) => Some(at),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Moment::Day(day) => day.fmt(f),
            Moment::At(at) => at.fmt(f),
        }
    }
}

impl FieldType for Moment {
    const KIND: Kind = Kind::DayOrInstant;
    fn read(raw: &Raw<'_>) -> Result<Self, Mismatch> {
        let text = raw.as_text().unwrap_or_default();
        ValidDay::parse(text).map(Moment::Day).or_else(|| ValidAt::parse(text).map(Moment::At)).ok_or_else(|| {
            Mismatch::new(raw.describe(), crate::field::wanted(&Kind::DayOrInstant))
        })
    }
    fn read_at(at: ValidAt) -> Result<Self, Mismatch> {
        ValidAt::read_at(at).map(Moment::At).map_err(|mismatch| Mismatch { wanted: crate::field::wanted(&Kind::DayOrInstant), hint: None, ..mismatch })
    }
    fn write(&self) -> Raw<'_> {
        Raw::owned(self.to_string())
    }
}
