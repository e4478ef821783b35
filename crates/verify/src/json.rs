//! JSON of a pack, read within bounds, and its fields by name with an error that says which.
//! It refuses nesting beyond 32 and numbers that another reader could take for something else.

use serde_json::Value;

use crate::archive::MAX_TEXT_LEN;

const MAX_DEPTH: usize = 32;
/// Up to here every reader, a browser's too, has every integer.
const MAX_INTEGER: u64 = 1 << 53;

/// Reads one object.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Value, String> {
    if bytes.len() > MAX_TEXT_LEN {
        return Err(format!("{name} is longer than 256 MiB"));
    }
    if deeper_than(bytes, MAX_DEPTH) {
        return Err(format!("{name} is nested more than {MAX_DEPTH} deep"));
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|error| format!("{name} is not JSON: {error}"))?;
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
    fn hexadecimal_is_lower_case_and_of_the_right_length() {
        assert_eq!(bytes::<2>("0aff"), Some([0x0a, 0xff]));
        for wrong in ["0aF0", "0af", "0afff", "0a g", "é0a"] {
            assert_eq!(bytes::<2>(wrong), None, "{wrong}");
        }
        assert_eq!(hex(&[0x0a, 0xff]), "0aff");
    }
}
