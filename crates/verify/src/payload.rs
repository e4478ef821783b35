//! What a body says, read with the layouts of the page and nothing else (`PAYLOADS.md`).
//! It refuses bytes that are left over, lengths beyond what is there, and nesting beyond four levels.

use crate::json::hex;
use crate::layout::{Kind, LAYOUTS, Type};
use crate::time;

/// A value as it was read, with ids and words as text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Nothing,
    Bool(bool),
    Number(i128),
    Day(i32),
    Instant(i64),
    Text(String),
    Individual([u8; 16]),
    /// Place in the list of sealed values.
    Sealed(u16),
    List(Vec<Value>),
    Record(Vec<(String, Value)>),
}

/// One sealed value of a payload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sealed<'a> {
    pub(crate) role: u8,
    pub(crate) subject: [u8; 16],
    pub(crate) bytes: &'a [u8],
}

/// Role of a sealed value that is the agency's own identifier of its subject.
pub(crate) const INTRODUCTION: u8 = 1;

/// A payload as far as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Payload {
    pub(crate) kind: &'static Kind,
    pub(crate) fields: Vec<(&'static str, Value)>,
    /// Of a correction or retraction: the seq of its target.
    pub(crate) target: Option<u64>,
}

/// Why a payload was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// The page does not know this tag: a later countersign wrote it.
    Unknown,
    /// The bytes are not what the page says.
    Malformed,
}

/// The sealed values of a payload: the first thing in it.
pub(crate) fn sealed_values(payload: &[u8]) -> Option<Vec<Sealed<'_>>> {
    Reader { rest: payload }.sealed()
}

/// Reads a whole payload.
pub(crate) fn read(tag: u16, payload: &[u8]) -> Result<Payload, Unread> {
    let kind = LAYOUTS.kind(tag).ok_or(Unread::Unknown)?;
    let mut reader = Reader { rest: payload };
    let mut body = || {
        reader.sealed()?;
        let target = reader.front()?;
        let mut fields = Vec::with_capacity(kind.fields.len());
        for (name, of) in &kind.fields {
            fields.push((name.as_str(), reader.value(of)?));
        }
        reader.rest.is_empty().then_some(Payload { kind, fields, target })
    };
    body().ok_or(Unread::Malformed)
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.rest.split_at_checked(len)?;
        self.rest = tail;
        Some(head)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn present(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_le_bytes)
    }

    /// A number of things of at least one byte each: never more than there are bytes, so a giant number allocates nothing.
    fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.u64()?).ok()?;
        (count <= self.rest.len()).then_some(count)
    }

    fn text(&mut self) -> Option<&'a str> {
        let len = self.count()?;
        std::str::from_utf8(self.take(len)?).ok()
    }

    fn sealed(&mut self) -> Option<Vec<Sealed<'a>>> {
        let count = self.count()?;
        let mut values = Vec::new();
        for _ in 0..count {
            let role = self.byte()?;
            let subject = self.array()?;
            let len = self.count()?;
            values.push(Sealed { role, subject, bytes: self.take(len)? });
        }
        Some(values)
    }

    /// What lies between the sealed values and the event's own fields; gives the target.
    fn front(&mut self) -> Option<Option<u64>> {
        if self.present()? {
            self.text()?;
        }
        if self.present()? {
            self.i64()?;
        }
        if self.present()? {
            self.text()?;
        }
        for _ in 0..self.count()? {
            self.digest()?;
        }
        if self.present()? {
            self.take(32 + 8)?;
        }
        if self.present()? { self.u64().map(Some) } else { Some(None) }
    }

    fn digest(&mut self) -> Option<String> {
        let name = match self.byte()? {
            0 => "blake3",
            1 => "sha256",
            _ => return None,
        };
        Some(format!("{name}:{}", hex(self.take(32)?)))
    }

    fn value(&mut self, of: &Type) -> Option<Value> {
        Some(match of {
            Type::Bool => Value::Bool(self.present()?),
            Type::U32 => Value::Number(self.u32()?.into()),
            Type::U64 => Value::Number(self.u64()?.into()),
            Type::I64 => Value::Number(self.i64()?.into()),
            Type::Day => Value::Day(i32::from_le_bytes(self.array()?)),
            Type::Instant => Value::Instant(self.i64()?),
            Type::Text => Value::Text(self.text()?.to_owned()),
            Type::Word(list) => {
                let code = self.byte()?;
                Value::Text(LAYOUTS.word(list, code)?.to_owned())
            }
            Type::Digest => Value::Text(self.digest()?),
            Type::Moment => match self.u32()? {
                0 => self.value(&Type::Day)?,
                1 => self.value(&Type::Instant)?,
                _ => return None,
            },
            Type::Scalar => match self.u32()? {
                0 => self.value(&Type::Bool)?,
                1 => self.value(&Type::I64)?,
                2 | 3 => self.value(&Type::Text)?,
                _ => return None,
            },
            Type::Individual => Value::Individual(self.array()?),
            Type::Sealed => Value::Sealed(self.array().map(u16::from_le_bytes)?),
            Type::Line => {
                let fields = [("contact", Type::Text), ("hcpcs", Type::Text), ("modifiers", Type::List(Box::new(Type::Text))), ("units", Type::U32), ("charge_cents", Type::I64)];
                let read = fields.iter().map(|(name, of)| Some(((*name).to_owned(), self.value(of)?)));
                Value::Record(read.collect::<Option<_>>()?)
            }
            Type::Changes => self.changes(0)?,
            Type::Optional(inner) => {
                if self.present()? {
                    self.value(inner)?
                } else {
                    Value::Nothing
                }
            }
            Type::List(inner) => {
                let count = self.count()?;
                Value::List((0..count).map(|_| self.value(inner)).collect::<Option<_>>()?)
            }
        })
    }

    fn changes(&mut self, depth: u8) -> Option<Value> {
        let count = self.count()?;
        let read = (0..count).map(|_| Some((self.text()?.to_owned(), self.change(depth)?)));
        Some(Value::Record(read.collect::<Option<_>>()?))
    }

    fn change(&mut self, depth: u8) -> Option<Value> {
        if depth >= 4 {
            return None;
        }
        Some(match self.u32()? {
            0 => Value::Nothing,
            1 => self.value(&Type::Bool)?,
            2 => self.value(&Type::I64)?,
            3 | 4 => self.value(&Type::Text)?,
            5 => self.value(&Type::Individual)?,
            6 => self.value(&Type::Sealed)?,
            7 => {
                let count = self.count()?;
                Value::List((0..count).map(|_| self.change(depth + 1)).collect::<Option<_>>()?)
            }
            8 => self.changes(depth + 1)?,
            _ => return None,
        })
    }
}

impl Value {
    /// Whether this is the text, or a list or record that has it.
    pub(crate) fn names(&self, id: &str) -> bool {
        match self {
            Value::Text(text) => text == id,
            Value::List(items) => items.iter().any(|item| item.names(id)),
            Value::Record(fields) => fields.iter().any(|(_, value)| value.names(id)),
            Value::Nothing | Value::Bool(_) | Value::Number(_) | Value::Day(_) | Value::Instant(_) | Value::Individual(_) | Value::Sealed(_) => false,
        }
    }

    /// As a person reads it; `who` names an individual, `opened` tells a sealed value.
    pub(crate) fn said(&self, who: &dyn Fn([u8; 16]) -> String, opened: &dyn Fn(u16) -> String) -> String {
        match self {
            Value::Nothing => "nothing".into(),
            Value::Bool(flag) => if *flag { "yes" } else { "no" }.into(),
            Value::Number(number) => number.to_string(),
            Value::Day(day) => time::day(*day),
            Value::Instant(at) => time::instant(*at),
            Value::Text(text) => text.clone(),
            Value::Individual(id) => who(*id),
            Value::Sealed(at) => opened(*at),
            Value::List(items) => items.iter().map(|item| item.said(who, opened)).collect::<Vec<_>>().join(", "),
            Value::Record(fields) => {
                let said: Vec<String> = fields.iter().map(|(name, value)| format!("{name} {}", value.said(who, opened))).collect();
                format!("({})", said.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// The example of the page: a revocation of P-014's credential.
    fn example() -> Vec<u8> {
        let page = include_str!("../../ledger/PAYLOADS.md");
        let block = page.split("```payload\n").nth(1).unwrap().split("```").next().unwrap();
        let digits: String = block.lines().flat_map(|line| line.split("  ").next().unwrap().chars()).filter(|c| !c.is_whitespace()).collect();
        digits.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
    }

    #[test]
    fn the_example_of_the_page_reads_as_the_page_says() {
        let read = read(14, &example()).unwrap();
        assert_eq!(read.kind.name, "credential_revoked");
        assert_eq!(read.fields[0], ("person", Value::Text("P-014".into())));
        assert_eq!(read.fields[1], ("credential", Value::Text("NYCPS".into())));
        assert_eq!(read.fields[2].1.said(&|_| String::new(), &|_| String::new()), "2025-03-01");
        assert_eq!(read.fields[3], ("reason", Value::Text("ethics finding".into())));
        assert!(read.fields.iter().any(|(_, value)| value.names("P-014")));
    }

    #[test]
    fn no_cut_or_changed_payload_panics_and_none_that_is_cut_reads() {
        let bytes = example();
        for at in 0..bytes.len() {
            assert!(read(14, &bytes[..at]).is_err());
            for value in [0, 1, 0x7f, 0xff] {
                let mut changed = bytes.clone();
                changed[at] = value;
                let _ = read(14, &changed);
                for tag in [1, 60, 80, 100, 120] {
                    let _ = read(tag, &changed);
                }
            }
        }
        assert_eq!(read(9999, &bytes).unwrap_err(), Unread::Unknown);
    }
}
