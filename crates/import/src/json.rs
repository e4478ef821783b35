//! JSON text to plain values that borrow from it, keeping the order of fields, repeated fields, and numbers as they were written.
//! Knows no event type; refuses nesting deeper than any event has.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt;

use domain::field::{FieldProblem, Mismatch, Raw};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::line::Line;
use crate::plain;

/// Deepest nesting read: a correction of a claim's lines has four levels.
pub(crate) const MAX_DEPTH: u8 = 8;

/// Reads one line's object into envelope and payload.
///
/// # Errors
/// Whatever is not one JSON object, nested too deeply, or cut off; [`serde_json::Error::is_eof`] tells the last.
pub(crate) fn object(text: &str) -> serde_json::Result<Line<'_>> {
    let mut line = Line::default();
    object_into(text, &mut line)?;
    Ok(line)
}

/// The same into a line that is used again for many.
///
/// # Errors
/// As [`object`]; what the line holds then is nothing to rely on.
pub(crate) fn object_into<'a>(text: &'a str, line: &mut Line<'a>) -> serde_json::Result<()> {
    line.clear();
    match plain::object_into(text, line) {
        Some(()) => Ok(()),
        None => read_any(text, line),
    }
}

/// The same for a line with anything in it that JSON has.
pub(crate) fn read_any<'a>(text: &'a str, line: &mut Line<'a>) -> serde_json::Result<()> {
    line.clear();
    let inexact = Cell::new(false);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.deserialize_any(ObjectVisitor { inexact: &inexact, line })?;
    deserializer.end()?;
    if inexact.get() { keep_numbers_as_written(text, line) } else { Ok(()) }
}

/// Reads any one value.
pub(crate) fn value(text: &str) -> serde_json::Result<Raw<'_>> {
    let inexact = Cell::new(false);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = ValueSeed { depth: 0, inexact: &inexact }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    if inexact.get() { as_written(serde_json::from_str(text)?) } else { Ok(value) }
}

/// serde_json hands on a fraction as binary floating point; the rare line that has one is read again with its numbers as text.
fn keep_numbers_as_written<'a>(text: &'a str, line: &mut Line<'a>) -> serde_json::Result<()> {
    line.clear();
    for (name, raw) in serde_json::from_str::<Pairs<'a>>(text)?.0 {
        line.put(name, as_written(raw)?);
    }
    Ok(())
}

fn as_written(raw: &RawValue) -> serde_json::Result<Raw<'_>> {
    let text = raw.get();
    Ok(match text.as_bytes().first() {
        Some(b'{') => {
            let pairs = serde_json::from_str::<Pairs<'_>>(text)?.0;
            Raw::Record(pairs.into_iter().map(|(k, v)| Ok((k, as_written(v)?))).collect::<serde_json::Result<_>>()?)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text)?;
            Raw::List(items.into_iter().map(as_written).collect::<serde_json::Result<_>>()?)
        }
        Some(b'-' | b'0'..=b'9') => text.parse().map_or(Raw::Number(Cow::Borrowed(text)), Raw::Int),
        _ => value(text)?,
    })
}

/// Names and unread values of an object, in order, repeated names included.
struct Pairs<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairsVisitor;
        impl<'de> Visitor<'de> for PairsVisitor {
            type Value = Pairs<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(name) = map.next_key_seed(NameSeed)? {
                    pairs.push((name, map.next_value()?));
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(PairsVisitor)
    }
}

struct NameSeed;

impl<'de> DeserializeSeed<'de> for NameSeed {
    type Value = Cow<'de, str>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for NameSeed {
    type Value = Cow<'de, str>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

struct ObjectVisitor<'f, 'de> {
    inexact: &'f Cell<bool>,
    line: &'f mut Line<'de>,
}

impl<'de> Visitor<'de> for ObjectVisitor<'_, 'de> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while let Some(name) = map.next_key_seed(NameSeed)? {
            let value = map.next_value_seed(ValueSeed { depth: 1, inexact: self.inexact })?;
            self.line.put(name, value);
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct ValueSeed<'f> {
    depth: u8,
    inexact: &'f Cell<bool>,
}

impl ValueSeed<'_> {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(format_args!("values nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = Raw<'de>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = Raw<'de>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Raw::Null)
    }
    fn visit_bool<E: Error>(self, b: bool) -> Result<Self::Value, E> {
        Ok(Raw::Bool(b))
    }
    fn visit_i64<E: Error>(self, n: i64) -> Result<Self::Value, E> {
        Ok(Raw::Int(n))
    }
    fn visit_u64<E: Error>(self, n: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(n).map_or_else(|_| Raw::Number(Cow::Owned(n.to_string())), Raw::Int))
    }
    fn visit_f64<E: Error>(self, n: f64) -> Result<Self::Value, E> {
        self.inexact.set(true);
        Ok(Raw::Number(Cow::Owned(n.to_string())))
    }
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Raw::text(text))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Raw::owned(text.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let inner = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let inner = self.deeper()?;
        let mut fields = Vec::new();
        while let Some(name) = map.next_key_seed(NameSeed)? {
            fields.push((name, map.next_value_seed(inner)?));
        }
        Ok(Raw::Record(fields))
    }
}

/// What serde_json says is wrong, as a mismatch: its words and the column, without "line 1".
pub(crate) fn mismatch(error: &serde_json::Error) -> Mismatch {
    Mismatch::new(fhir::found_instead(error), "one JSON object on one line")
}

/// Names given twice inside nested objects, where the event types do not look.
#[inline]
pub(crate) fn nested_duplicates(field: &str, raw: &Raw<'_>, problems: &mut Vec<FieldProblem>) {
    if matches!(raw, Raw::Record(_) | Raw::List(_)) {
        duplicates_within(&Path::Field(field), raw, problems);
    }
}

/// Where a value stands. Written out only where something is wrong, as a name may be as long as its line and stand around thousands of others.
enum Path<'p> {
    Field(&'p str),
    Name(&'p Path<'p>, &'p str),
    Item(&'p Path<'p>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 60;
        match self {
            Path::Field(name) => f.write_str(name),
            Path::Name(within, name) => write!(f, "{within}.{name:.SHOWN$}"),
            Path::Item(within, place) => write!(f, "{within}[{place}]"),
        }
    }
}

fn duplicates_within(path: &Path<'_>, raw: &Raw<'_>, problems: &mut Vec<FieldProblem>) {
    match raw {
        Raw::Record(fields) => {
            let mut known = BTreeSet::new();
            for (name, value) in fields {
                let path = Path::Name(path, name);
                if !known.insert(name.as_ref()) {
                    let mismatch = Mismatch::new("the field a second time", "each field once");
                    problems.push(FieldProblem { field: path.to_string(), mismatch });
                }
                duplicates_within(&path, value, problems);
            }
        }
        Raw::List(items) => {
            for (place, item) in (1..).zip(items) {
                duplicates_within(&Path::Item(path, place), item, problems);
            }
        }
        Raw::Null | Raw::Bool(_) | Raw::Int(_) | Raw::Number(_) | Raw::Text(_) => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::disallowed_methods)]
    use super::*;

    #[test]
    fn numbers_stay_as_written() {
        assert_eq!(value("12").unwrap(), Raw::Int(12));
        assert_eq!(value("12.50").unwrap(), Raw::Number("12.50".into()));
        assert_eq!(value("18446744073709551615").unwrap(), Raw::Number("18446744073709551615".into()));
        assert_eq!(value("99999999999999999999999").unwrap(), Raw::Number("99999999999999999999999".into()));
        let nested = value(r#"{"a":[1,1.0,{"b":"x\n"}],"a":null}"#).unwrap();
        let record = Raw::Record(vec![("b".into(), Raw::text("x\n"))]);
        let list = Raw::List(vec![Raw::Int(1), Raw::Number("1.0".into()), record]);
        assert_eq!(nested, Raw::Record(vec![("a".into(), list), ("a".into(), Raw::Null)]));
    }

    #[test]
    fn deep_nesting_is_refused_and_not_followed() {
        let deep = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
        assert!(value(&deep).unwrap_err().to_string().contains("deeper than 8"));
        assert!(object("[1]").is_err() && object("{} {}").is_err() && object("").unwrap_err().is_eof());
    }

    #[test]
    fn nested_names_given_twice_are_reported_with_their_path() {
        let mut problems = Vec::new();
        nested_duplicates("lines", &value(r#"[{"units":1},{"units":1,"units":2}]"#).unwrap(), &mut problems);
        assert_eq!(problems.iter().map(|p| p.field.as_str()).collect::<Vec<_>>(), ["lines[2].units"]);
    }

    /// A mebibyte of names, all different, one of them long and around the others: looked through once, not each against all before it.
    #[test]
    fn many_names_on_a_line_take_no_longer_than_few_do() {
        let names: String = (0..60_000).map(|n| format!("\"{n}\":1,")).collect();
        let text = format!("{{\"{}\":{{{names}\"7\":1}}}}", "x".repeat(400_000));
        let (raw, mut problems) = (value(&text).unwrap(), Vec::new());
        let begun = std::time::Instant::now();
        nested_duplicates("fields", &raw, &mut problems);
        assert_eq!(problems.iter().map(|p| p.field.as_str()).collect::<Vec<_>>(), [format!("fields.{}.7", "x".repeat(60))]);
        assert!(begun.elapsed().as_secs() < 20, "sixty thousand names took {:?}", begun.elapsed());
    }
}
