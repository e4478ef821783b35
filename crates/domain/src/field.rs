//! How a field of an event is read from and written to plain values, whatever file they came from.
//! Refuses by value ([`Mismatch`]), never by panic; knows no file format and no line numbers.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::given::{Given, items};
use crate::ids::IdKind;
use crate::time::ValidAt;

/// A plain value as a file gives it: what JSON has, and what a CSV cell can be turned into.
#[derive(Debug, Clone, PartialEq)]
pub enum Raw<'a> {
    /// Absent, or JSON `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number that is not a whole number of 64 bits, as written.
    Number(Cow<'a, str>),
    /// Text.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Raw<'a>>),
    /// Named values in the order given.
    Record(Vec<(Cow<'a, str>, Raw<'a>)>),
}

impl<'a> Raw<'a> {
    /// Borrowed text.
    pub fn text(text: &'a str) -> Self {
        Raw::Text(Cow::Borrowed(text))
    }

    /// Owned text.
    pub fn owned(text: String) -> Self {
        Raw::Text(Cow::Owned(text))
    }

    /// The text, if it is text.
    pub fn as_text(&self) -> Option<&str> {
        if let Raw::Text(text) = self { Some(text) } else { None }
    }

    /// The whole number, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        if let Raw::Int(n) = self { Some(*n) } else { None }
    }

    /// What this is, in words for a message.
    pub fn describe(&self) -> String {
        match self {
            Raw::Null => "nothing".into(),
            Raw::Bool(b) => b.to_string(),
            Raw::Int(n) => n.to_string(),
            Raw::Number(n) => format!("the number {n}"),
            Raw::Text(t) => format!("{:?}", shorten(t)),
            Raw::List(items) => format!("a list of {}", items.len()),
            Raw::Record(fields) => format!("an object of {} fields", fields.len()),
        }
    }

    /// The same value owning all it holds.
    pub fn into_owned(self) -> Raw<'static> {
        match self {
            Raw::Null => Raw::Null,
            Raw::Bool(b) => Raw::Bool(b),
            Raw::Int(n) => Raw::Int(n),
            Raw::Number(n) => Raw::Number(Cow::Owned(n.into_owned())),
            Raw::Text(t) => Raw::Text(Cow::Owned(t.into_owned())),
            Raw::List(items) => Raw::List(items.into_iter().map(Raw::into_owned).collect()),
            Raw::Record(fields) => {
                Raw::Record(fields.into_iter().map(|(k, v)| (Cow::Owned(k.into_owned()), v.into_owned())).collect())
            }
        }
    }
}

fn shorten(text: &str) -> Cow<'_, str> {
    const SHOWN: usize = 60;
    if text.chars().count() <= SHOWN {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().take(SHOWN).chain(['…']).collect())
}

/// A value that is not what the field wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// What was there.
    pub found: String,
    /// What should have been there.
    pub wanted: String,
    /// What to do about it, when that is known.
    pub hint: Option<String>,
}

impl Mismatch {
    /// A mismatch without a hint.
    pub fn new(found: impl Into<String>, wanted: impl Into<String>) -> Self {
        Self { found: found.into(), wanted: wanted.into(), hint: None }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// A mismatch and the field it is in (`lines[2].units` for a nested one).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// Path of the field.
    pub field: String,
    /// What is wrong with it.
    pub mismatch: Mismatch,
}

/// What a field holds; enough to turn a CSV cell into a [`Raw`], to write a schema, and to know what is confidential.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// An id of a kind of thing.
    Id(IdKind),
    /// Free text.
    Text,
    /// Text sealed at rest.
    Confidential,
    /// A birth date, sealed at rest.
    BirthDate,
    /// A local date.
    Day,
    /// An instant, RFC 3339 with offset.
    Instant,
    /// Either of the two.
    DayOrInstant,
    /// `true` or `false`.
    Bool,
    /// A whole number within bounds.
    Int {
        /// Least value.
        min: i64,
        /// Greatest value.
        max: i64,
    },
    /// One of a fixed set of words.
    Word(&'static [&'static str]),
    /// A document digest.
    Digest,
    /// Any scalar: the value of a parameter.
    Scalar,
    /// A list of one kind.
    List(&'static Kind),
    /// A nested record with fields of its own.
    Record(&'static [FieldSpec]),
    /// Fields of another event with their new values (`event_corrected.fields`).
    Changes,
}

/// One field of an event type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FieldSpec {
    /// Its name in the interchange.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it must be given. Lists need not be: an absent list is an empty one.
    pub required: bool,
}

/// A Rust type that a field can have.
pub trait FieldType: Sized {
    /// What the field holds.
    const KIND: Kind;
    /// Whether the field must be given.
    const REQUIRED: bool = true;
    /// Reads the value; `Raw::Null` stands for an absent one.
    fn read(raw: &Raw<'_>) -> Result<Self, Mismatch>;
    /// Reads text, as `read` does.
    fn read_text(text: &str) -> Result<Self, Mismatch> {
        Self::read(&Raw::text(text))
    }
    /// Reads an instant, as `read` does when it is written.
    fn read_at(at: ValidAt) -> Result<Self, Mismatch> {
        Self::read(&Raw::owned(at.to_string()))
    }
    /// Reads a list of texts that is written as one, as `read` does the list.
    fn read_items(text: &str, between: u8) -> Result<Self, Mismatch> {
        Self::read(&Given::Items(text, between).to_raw())
    }
    /// Writes the value so that `read` gives it back.
    fn write(&self) -> Raw<'_>;
}

impl FieldType for bool {
    const KIND: Kind = Kind::Bool;
    fn read(raw: &Raw<'_>) -> Result<Self, Mismatch> {
        if let Raw::Bool(b) = raw { Ok(*b) } else { Err(Mismatch::new(raw.describe(), "true or false")) }
    }
    fn write(&self) -> Raw<'_> {
        Raw::Bool(*self)
    }
}

impl<T: FieldType> FieldType for Option<T> {
    const KIND: Kind = T::KIND;
    const REQUIRED: bool = false;
    fn read(raw: &Raw<'_>) -> Result<Self, Mismatch> {
        if matches!(raw, Raw::Null) { Ok(None) } else { T::read(raw).map(Some) }
    }
    fn read_text(text: &str) -> Result<Self, Mismatch> {
        T::read_text(text).map(Some)
    }
    fn read_at(at: ValidAt) -> Result<Self, Mismatch> {
        T::read_at(at).map(Some)
    }
    fn read_items(text: &str, between: u8) -> Result<Self, Mismatch> {
        T::read_items(text, between).map(Some)
    }
    fn write(&self) -> Raw<'_> {
        self.as_ref().map_or(Raw::Null, FieldType::write)
    }
}

/// All items of a list, or what is wrong with the first that is wrong, with its place.
fn placed<T>(items: impl Iterator<Item = Result<T, Mismatch>>) -> Result<Vec<T>, Mismatch> {
    let placed = |(place, item): (usize, Result<T, Mismatch>)| item.map_err(|m| Mismatch { found: format!("{} at place {place}", m.found), ..m });
    (1..).zip(items).map(placed).collect()
}

impl<T: FieldType> FieldType for Vec<T> {
    const KIND: Kind = Kind::List(&T::KIND);
    const REQUIRED: bool = false;
    fn read(raw: &Raw<'_>) -> Result<Self, Mismatch> {
        match raw {
            Raw::Null => Ok(Vec::new()),
            Raw::List(items) => placed(items.iter().map(T::read)),
            Raw::Bool(_) | Raw::Int(_) | Raw::Number(_) | Raw::Text(_) | Raw::Record(_) => {
                Err(Mismatch::new(raw.describe(), "a list"))
            }
        }
    }
    fn read_items(text: &str, between: u8) -> Result<Self, Mismatch> {
        placed(items(text, between).map(T::read_text))
    }
    fn write(&self) -> Raw<'_> {
        Raw::List(self.iter().map(FieldType::write).collect())
    }
}

/// A setting's value: any JSON scalar (events.md, `parameter_set`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scalar {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number, as written.
    Number(compact_str::CompactString),
    /// Text.
    Text(compact_str::CompactString),
}

impl std::fmt::Display for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Scalar::Bool(b) => b.fmt(f),
            Scalar::Int(n) => n.fmt(f),
            Scalar::Number(t) | Scalar::Text(t) => f.write_str(t),
        }
    }
}

impl FieldType for Scalar {
    const KIND: Kind = Kind::Scalar;
    fn read(raw: &Raw<'_>) -> Result<Self, Mismatch> {
        match raw {
            Raw::Bool(b) => Ok(Scalar::Bool(*b)),
            Raw::Int(n) => Ok(Scalar::Int(*n)),
            Raw::Number(n) => Ok(Scalar::Number(n.as_ref().into())),
            Raw::Text(t) => Ok(Scalar::Text(t.as_ref().into())),
            Raw::Null | Raw::List(_) | Raw::Record(_) => Err(Mismatch::new(raw.describe(), "a number, text, true or false")),
        }
    }
    fn write(&self) -> Raw<'_> {
        match self {
            Scalar::Bool(b) => Raw::Bool(*b),
            Scalar::Int(n) => Raw::Int(*n),
            Scalar::Number(n) => Raw::Number(Cow::Borrowed(n)),
            Scalar::Text(t) => Raw::text(t),
        }
    }
}

/// The fields a correction changes, with their new values, in the order given.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes(pub Vec<(String, Raw<'static>)>);

impl FieldType for Changes {
    const KIND: Kind = Kind::Changes;
    fn read(raw: &Raw<'_>) -> Result<Self, Mismatch> {
        let Raw::Record(fields) = raw else {
            return Err(Mismatch::new(raw.describe(), "an object of field names and new values"));
        };
        if fields.is_empty() {
            return Err(Mismatch::new("an object without fields", "at least one field to change"));
        }
        Ok(Changes(fields.iter().map(|(k, v)| (k.to_string(), v.clone().into_owned())).collect()))
    }
    fn write(&self) -> Raw<'_> {
        Raw::Record(self.0.iter().map(|(k, v)| (Cow::Borrowed(k.as_str()), v.clone())).collect())
    }
}

/// The fields of one line by name, in the order of the line.
#[derive(Debug, Clone, Default)]
pub struct Fields<'a>(pub Vec<(Cow<'a, str>, Raw<'a>)>);

/// Names on a line that have no place in its type.
#[derive(Debug, Default)]
pub(crate) struct Stray {
    /// Names given a second time, in order.
    pub(crate) repeated: Vec<String>,
    /// Names the type does not have, in order.
    pub(crate) unknown: Vec<String>,
}

impl<'a> Fields<'a> {
    /// Moves every field into `values`, where the type has it; absent ones are `Raw::Null` there. Fields mostly come in the order of the type, so
    /// each is looked for after the one before. Of a field given twice the first counts and the second is noted: which of two values was meant
    /// is not ours to guess.
    pub(crate) fn place(&mut self, specs: &[FieldSpec], values: &mut Vec<Raw<'a>>) -> Stray {
        values.clear();
        values.resize_with(specs.len(), || Raw::Null);
        let mut stray = Stray::default();
        let mut known = BTreeSet::new();
        // Whether a field was given, a bit each; no type has as many fields.
        let (mut next, mut given) = (0, 0u128);
        for (name, value) in self.0.drain(..) {
            let is_named = |spec: &FieldSpec| spec.name == name;
            let at = specs[next..].iter().position(is_named).map(|ahead| next + ahead).or_else(|| specs[..next].iter().position(is_named));
            match at {
                Some(at) if given & (1 << at) == 0 => {
                    given |= 1 << at;
                    values[at] = value;
                    next = at + 1;
                }
                None if known.insert(name.to_string()) => stray.unknown.push(name.into_owned()),
                Some(_) | None => stray.repeated.push(name.into_owned()),
            }
        }
        stray
    }
}

/// What a kind of field wants, in words.
pub fn wanted(kind: &Kind) -> String {
    match kind {
        Kind::Id(id) => {
            let what = id.as_str();
            let article = if what.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            format!("the id of {article} {what}")
        }
        Kind::Text | Kind::Confidential => "text".into(),
        Kind::Day | Kind::BirthDate => "a date, YYYY-MM-DD".into(),
        Kind::Instant => "an instant with offset, as in 2025-03-04T09:30:00-05:00".into(),
        Kind::DayOrInstant => "a date, or an instant with offset".into(),
        Kind::Bool => "true or false".into(),
        Kind::Int { min, max } => format!("a whole number from {min} to {max}"),
        Kind::Word(words) => format!("one of {}", words.join(", ")),
        Kind::Digest => "a document digest, blake3:<hex> or sha256:<hex>".into(),
        Kind::Scalar => "a number, text, true or false".into(),
        Kind::List(inner) => format!("a list, each {}", wanted(inner)),
        Kind::Record(_) => "a record".into(),
        Kind::Changes => "an object of field names and new values".into(),
    }
}
