//! The stored form of a correction's new values: typed as JSON is, with individuals as pseudonyms and confidential values sealed.
//! It refuses lists in lists beyond four levels: no field of any event needs more, and depth on the disk must not become depth of the stack.

use std::borrow::Cow;

use domain::event::TypeSchema;
use domain::field::{Changes, Kind, Raw};
use domain::ids::IdKind;
use domain::IndividualId;
use serde::{Deserialize, Serialize};

use super::confidential::{Individual, SealedAt};
use super::scalar::Stored;
use crate::wire::seals::{Opening, Seals, Unreadable};

/// One new value; `Inner` is what its lists and records hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(serialize = "Inner: Serialize", deserialize = "'de: 'a, Inner: Deserialize<'de>"))]
#[cfg_attr(test, derive(wincode::SchemaWrite, wincode::SchemaRead))]
pub(crate) enum Value<'a, Inner> {
    /// The field is cleared.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number, as written.
    Number(&'a str),
    /// Text.
    Text(&'a str),
    /// An individual.
    Individual(Individual),
    /// A birth date or a number, sealed as text.
    Sealed(SealedAt),
    /// A list.
    List(Vec<Inner>),
    /// Named values.
    Record(Vec<(&'a str, Inner)>),
}

/// The fifth level, which no value reaches. It has a byte so that a hostile list of it cannot be long without being large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(wincode::SchemaWrite, wincode::SchemaRead))]
pub(crate) struct Deeper(u8);

/// A new value of at most four levels: a list of records that hold lists, as claim lines do.
pub(crate) type Change<'a> = Value<'a, Value<'a, Value<'a, Value<'a, Deeper>>>>;

/// The deepest nesting a correction may have.
pub(crate) const MAX_DEPTH: usize = 4;

/// How deep a value nests; a scalar is 1.
pub(crate) fn depth(raw: &Raw<'_>) -> usize {
    match raw {
        Raw::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Raw::Record(fields) => 1 + fields.iter().map(|(_, value)| depth(value)).max().unwrap_or(0),
        Raw::Null | Raw::Bool(_) | Raw::Int(_) | Raw::Number(_) | Raw::Text(_) => 1,
    }
}

trait Level<'a>: Sized {
    fn store(raw: &'a Raw<'static>, kind: Option<Kind>, seals: &mut Seals<'_>) -> Self;
    fn restore(self, opening: &mut Opening<'_>) -> Result<Raw<'static>, Unreadable>;
}

impl<'a> Level<'a> for Deeper {
    fn store(_: &'a Raw<'static>, _: Option<Kind>, _: &mut Seals<'_>) -> Self {
        Deeper(0)
    }
    fn restore(self, _: &mut Opening<'_>) -> Result<Raw<'static>, Unreadable> {
        Err(Unreadable::Malformed)
    }
}

impl<'a, Inner: Level<'a>> Level<'a> for Value<'a, Inner> {
    fn store(raw: &'a Raw<'static>, kind: Option<Kind>, seals: &mut Seals<'_>) -> Self {
        match raw {
            Raw::Null => Value::Null,
            Raw::Bool(b) => Value::Bool(*b),
            Raw::Int(n) => Value::Int(*n),
            Raw::Number(n) => Value::Number(n),
            Raw::Text(text) => {
                let individual = if kind == Some(Kind::Id(IdKind::Individual)) { IndividualId::parse(text).ok() } else { None };
                if let Some(id) = individual {
                    Value::Individual(id.store(seals))
                } else if matches!(kind, Some(Kind::BirthDate | Kind::Confidential | Kind::Id(IdKind::Individual))) {
                    Value::Sealed(SealedAt(seals.seal(text.as_bytes())))
                } else {
                    Value::Text(text)
                }
            }
            Raw::List(items) => {
                let kind = if let Some(Kind::List(inner)) = kind { Some(*inner) } else { None };
                Value::List(items.iter().map(|item| Inner::store(item, kind, seals)).collect())
            }
            Raw::Record(fields) => {
                Value::Record(fields.iter().map(|(name, value)| (name.as_ref(), Inner::store(value, None, seals))).collect())
            }
        }
    }

    fn restore(self, opening: &mut Opening<'_>) -> Result<Raw<'static>, Unreadable> {
        Ok(match self {
            Value::Null => Raw::Null,
            Value::Bool(b) => Raw::Bool(b),
            Value::Int(n) => Raw::Int(n),
            Value::Number(n) => Raw::Number(Cow::Owned(n.to_owned())),
            Value::Text(t) => Raw::owned(t.to_owned()),
            Value::Individual(who) => Raw::owned(IndividualId::restore(who, opening)?.as_str().to_owned()),
            Value::Sealed(at) => Raw::owned(opening.open(at.0)?),
            Value::List(items) => Raw::List(items.into_iter().map(|item| item.restore(opening)).collect::<Result<_, _>>()?),
            Value::Record(fields) => {
                let owned = |(name, value): (&str, Inner)| Ok((Cow::Owned(name.to_owned()), value.restore(opening)?));
                Raw::Record(fields.into_iter().map(owned).collect::<Result<_, Unreadable>>()?)
            }
        })
    }
}

impl<'a> Stored<'a, Vec<(&'a str, Change<'a>)>> for Changes {
    fn store(&'a self, seals: &mut Seals<'_>) -> Vec<(&'a str, Change<'a>)> {
        let schema = seals.correcting();
        let kind = |name: &str| schema.and_then(|s: &TypeSchema| s.fields.iter().find(|f| f.name == name)).map(|f| f.kind);
        self.0.iter().map(|(name, value)| (name.as_str(), Level::store(value, kind(name), seals))).collect()
    }

    /// A new value whose subject was erased is left out: the correction of that field is gone with the key.
    fn restore(stored: Vec<(&'a str, Change<'a>)>, opening: &mut Opening<'_>) -> Result<Self, Unreadable> {
        let mut changes = Vec::with_capacity(stored.len());
        for (name, value) in stored {
            match value.restore(opening) {
                Ok(value) => changes.push((name.to_owned(), value)),
                Err(Unreadable::Erased) => {}
                Err(other @ (Unreadable::Malformed | Unreadable::NotInterpreted | Unreadable::ForeignKey(_))) => return Err(other),
            }
        }
        Ok(Changes(changes))
    }
}
