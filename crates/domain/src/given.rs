//! Values lent to whoever reads an event: text stays where it stands, in the cell of a row or in a line, and is copied once, into its field.
//! Holds nothing and owns nothing; what a value must be, its field says.

use crate::field::{FieldProblem, FieldType, Mismatch, Raw, wanted};
use crate::time::ValidAt;

/// One value of an event as whoever reads it holds it: lent, so that a row of cells is read without a copy of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Given<'v> {
    /// Nothing: `null`, a blank cell, no such column.
    Absent,
    /// Text.
    Text(&'v str),
    /// An instant that was put together from a date and a time of day, and not written anywhere.
    At(ValidAt),
    /// A list of texts in one: its items stand between such bytes, with or without blanks around them. The byte is one of ASCII.
    Items(&'v str, u8),
    /// Any other value.
    Other(&'v Raw<'v>),
}

/// The items of a list that is written as one text.
pub fn items(text: &str, between: u8) -> impl Iterator<Item = &str> {
    text.split(char::from(between)).map(trimmed)
}

/// The text without blanks around it; most have none, which its first and last byte tell.
#[inline]
pub fn trimmed(text: &str) -> &str {
    let bytes = text.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(first), Some(last)) if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

impl<'v> Given<'v> {
    /// A value that stands somewhere.
    #[inline]
    pub fn of(raw: &'v Raw<'v>) -> Self {
        match raw {
            Raw::Null => Given::Absent,
            Raw::Text(text) => Given::Text(text),
            Raw::Bool(_) | Raw::Int(_) | Raw::Number(_) | Raw::List(_) | Raw::Record(_) => Given::Other(raw),
        }
    }

    /// The value by itself. An instant is written by the clock of UTC.
    pub fn to_raw(self) -> Raw<'v> {
        match self {
            Given::Absent => Raw::Null,
            Given::Text(text) => Raw::text(text),
            Given::At(at) => Raw::owned(at.to_string()),
            Given::Items(text, between) => Raw::List(items(text, between).map(Raw::text).collect()),
            Given::Other(raw) => raw.clone(),
        }
    }

    /// Reads it as a field that must be given, or need not be.
    ///
    /// # Errors
    /// A value that is not what the field wants.
    #[inline]
    pub fn read<T: FieldType>(self) -> Result<T, Mismatch> {
        match self {
            Given::Absent if T::REQUIRED => Err(Mismatch::new("nothing", wanted(&T::KIND)).hint("this field is required")),
            Given::Absent => T::read(&Raw::Null),
            Given::Text(text) => T::read_text(text),
            Given::At(at) => T::read_at(at),
            Given::Items(text, between) => T::read_items(text, between),
            Given::Other(raw) => T::read(raw),
        }
    }
}

/// The values of an event, each in the place of its field.
pub trait Values {
    /// The value in a place; nothing where there is none.
    fn given(&self, place: usize) -> Given<'_>;
}

impl Values for Vec<Raw<'_>> {
    fn given(&self, place: usize) -> Given<'_> {
        self.get(place).map_or(Given::Absent, Given::of)
    }
}

/// Reads a value of an event, or notes what is wrong with it.
pub(crate) fn read_or_note<T: FieldType>(given: Given<'_>, name: &'static str, problems: &mut Vec<FieldProblem>) -> Option<T> {
    given.read().map_err(|mismatch| problems.push(FieldProblem { field: name.into(), mismatch })).ok()
}
