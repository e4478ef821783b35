//! JSON of a pack, read within bounds, and its fields by name with an error that says which.
//! It refuses nesting beyond 32, names that are repeated, and numbers that another reader could take for something else.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::archive::MAX_TEXT_LEN;

const MAX_DEPTH: usize = 32;
/// Up to here every reader, a browser's too, has every integer.
const MAX_INTEGER: u64 = 1 << 53;

/// A value in which every reader sees the same: `serde_json` alone would take the last of two equal names, and fractions.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value without fractions, exponents or repeated names")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Value, E> {
        if number < MAX_INTEGER { Ok(number.into()) } else { Err(E::custom("a number of 2^53 or above")) }
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Value, E> {
        if number.unsigned_abs() < MAX_INTEGER { Ok(number.into()) } else { Err(E::custom("a number of 2^53 or above")) }
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            let Strict(value) = fields.next_value()?;
            if object.insert(name, value).is_some() {
                return Err(A::Error::custom("a name is repeated"));
            }
        }
        Ok(Value::Object(object))
    }
}

/// Reads one object.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Value, String> {
    if bytes.len() > MAX_TEXT_LEN {
        return Err(format!("{name} is longer than 256 MiB"));
    }
    if deeper_than(bytes, MAX_DEPTH) {
        return Err(format!("{name} is nested more than {MAX_DEPTH} deep"));
    }
    let Strict(value) = serde_json::from_slice(bytes).map_err(|error| format!("{name} is not JSON: {error}"))?;
    if value.is_object() { Ok(value) } else { Err(format!("{name} is not a JSON object")) }
}

/// Reads one object and compares its `schema`.
pub(crate) fn read_as(name: &str, bytes: &[u8], schema: &str) -> Result<Value, String> {
    let value = read(name, bytes)?;
    match text(&value, "schema") {
        Ok(found) if found == schema => Ok(value),
        Ok(found) => Err(format!("{name} is of schema {found}, this program reads {schema}")),
        Err(error) => Err(format!("{name}: {error}")),
    }
}

fn deeper_than(bytes: &[u8], most: usize) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0usize, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                depth += 1;
                if depth > most {
                    return true;
                }
            }
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// A field that is text.
pub(crate) fn text<'v>(value: &'v Value, name: &str) -> Result<&'v str, String> {
    value.get(name).and_then(Value::as_str).ok_or_else(|| format!("`{name}` is missing or not text"))
}

/// A field that is a number from 0 on.
pub(crate) fn number(value: &Value, name: &str) -> Result<u64, String> {
    let found = value.get(name).and_then(Value::as_u64).filter(|n| *n < MAX_INTEGER);
    found.ok_or_else(|| format!("`{name}` is missing or not a whole number"))
}

/// A field that is `true` or `false`.
pub(crate) fn flag(value: &Value, name: &str) -> Result<bool, String> {
    value.get(name).and_then(Value::as_bool).ok_or_else(|| format!("`{name}` is missing or neither true nor false"))
}

/// A field that is a list.
pub(crate) fn list<'v>(value: &'v Value, name: &str) -> Result<&'v [Value], String> {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).ok_or_else(|| format!("`{name}` is missing or not a list"))
}

/// A field that is a list of texts.
pub(crate) fn texts(value: &Value, name: &str) -> Result<(), String> {
    if list(value, name)?.iter().all(Value::is_string) { Ok(()) } else { Err(format!("`{name}` holds something that is not text")) }
}

/// A field that is an object.
pub(crate) fn object<'v>(value: &'v Value, name: &str) -> Result<&'v Value, String> {
    value.get(name).filter(|v| v.is_object()).ok_or_else(|| format!("`{name}` is missing or not an object"))
}

/// Lower-case hexadecimal digits of exactly N bytes.
pub(crate) fn bytes<const N: usize>(hex: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if hex.len() != 2 * N {
        return None;
    }
    let digit = |c: u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().as_chunks::<2>().0) {
        *byte = (digit(pair[0])? << 4) | digit(pair[1])?;
    }
    Some(bytes)
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_is_bounded_and_brackets_in_text_do_not_count() {
        let nested = |n: usize| format!("{{\"a\":{}{}}}", "[".repeat(n), "]".repeat(n));
        assert!(read("x", nested(31).as_bytes()).is_ok());
        assert!(read("x", nested(32).as_bytes()).is_err());
        assert!(read("x", nested(1_000_000).as_bytes()).is_err());
        assert!(read("x", format!("{{\"a\":\"\\\"{}\"}}", "[".repeat(99)).as_bytes()).is_ok());
    }

    #[test]
    fn what_two_readers_could_take_for_two_things_is_refused() {
        for right in ["{}", "{\"a\":9007199254740991,\"b\":-9007199254740991,\"c\":[null,true,\"\\ud83d\\ude00\"]}", " {\"a\":{\"b\":0},\"b\":{\"b\":0}}\n"] {
            assert!(read("x", right.as_bytes()).is_ok(), "{right}");
        }
        for wrong in ["{\"a\":1,\"a\":1}", "{\"b\":{\"a\":1,\"\\u0061\":2}}", "{\"a\":1.0}", "{\"a\":1e3}", "{\"a\":-0}", "{\"a\":9007199254740992}", "{\"a\":\"\\ud83d\"}", "[]", "{\"a\":01}"] {
            assert!(read("x", wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn hexadecimal_is_lower_case_and_of_the_right_length() {
        assert_eq!(bytes::<2>("0aff"), Some([0x0a, 0xff]));
        for wrong in ["0aF0", "0af", "0afff", "0a g", "é0a"] {
            assert_eq!(bytes::<2>(wrong), None, "{wrong}");
        }
        assert_eq!(hex(&[0x0a, 0xff]), "0aff");
    }
}
