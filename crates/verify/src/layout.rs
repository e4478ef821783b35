//! The layouts of all payloads, read from the page that describes them: `PAYLOADS.md` is compiled in and its tables are the table here.
//! It refuses to hold a second copy of what the page says.

use std::collections::BTreeMap;
use std::sync::LazyLock;

const PAGE: &str = include_str!("../../ledger/PAYLOADS.md");

/// The one layout of payloads this page describes.
pub(crate) const SCHEMA: u16 = 1;

/// How a value lies in the bytes (`PAYLOADS.md`, "Plain types").
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Bool,
    U32,
    U64,
    I64,
    Day,
    Instant,
    Text,
    Word(String),
    Digest,
    Moment,
    Scalar,
    Individual,
    Sealed,
    Line,
    Changes,
    Optional(Box<Type>),
    List(Box<Type>),
}

/// One kind of event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) name: String,
    pub(crate) fields: Vec<(String, Type)>,
}

/// Both tables of the page.
#[derive(Debug, Default)]
pub(crate) struct Layouts {
    kinds: BTreeMap<u16, Kind>,
    words: BTreeMap<String, BTreeMap<u8, String>>,
}

pub(crate) static LAYOUTS: LazyLock<Layouts> = LazyLock::new(|| Layouts::read(PAGE));

impl Layouts {
    /// Reads the rows of the tables "Events" and "Words". A row that cannot be read is left out; a test sees to it that none is.
    fn read(page: &str) -> Self {
        let mut layouts = Self::default();
        for line in page.lines() {
            let cells: Vec<&str> = line.trim().trim_matches('|').split(" | ").map(str::trim).collect();
            match cells.as_slice() {
                [tag, name, fields] => {
                    if let (Ok(tag), Some(name)) = (tag.parse::<u16>(), quoted(name))
                        && let Some(fields) = fields.split(", ").map(field).collect()
                    {
                        layouts.kinds.insert(tag, Kind { name: name.to_owned(), fields });
                    }
                }
                [list, codes] => {
                    if let (Some(list), Some(codes)) = (quoted(list), codes.split(", ").map(code).collect()) {
                        layouts.words.insert(list.to_owned(), codes);
                    }
                }
                _ => {}
            }
        }
        layouts
    }

    /// What kind of event has this tag.
    pub(crate) fn kind(&self, tag: u16) -> Option<&Kind> {
        self.kinds.get(&tag)
    }

    /// The word that a list has for a code.
    pub(crate) fn word(&self, list: &str, code: u8) -> Option<&str> {
        self.words.get(list)?.get(&code).map(String::as_str)
    }
}

/// What stands between backquotes.
fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('`')?.strip_suffix('`')
}

/// `0 ` and a word in backquotes.
fn code(text: &str) -> Option<(u8, String)> {
    let (code, word) = text.split_once(' ')?;
    Some((code.parse().ok()?, quoted(word)?.to_owned()))
}

/// A name and a type, as in `roles word Role[]`.
fn field(text: &str) -> Option<(String, Type)> {
    let (name, kind) = text.trim().split_once(' ')?;
    Some((name.to_owned(), read_type(kind)?))
}

fn read_type(text: &str) -> Option<Type> {
    if let Some(inner) = text.strip_suffix('?') {
        return Some(Type::Optional(Box::new(read_type(inner)?)));
    }
    if let Some(inner) = text.strip_suffix("[]") {
        return Some(Type::List(Box::new(read_type(inner)?)));
    }
    Some(match text {
        "bool" => Type::Bool,
        "u32" => Type::U32,
        "u64" => Type::U64,
        "i64" => Type::I64,
        "day" => Type::Day,
        "instant" => Type::Instant,
        "text" => Type::Text,
        "digest" => Type::Digest,
        "moment" => Type::Moment,
        "scalar" => Type::Scalar,
        "individual" => Type::Individual,
        "sealed" => Type::Sealed,
        "line" => Type::Line,
        "changes" => Type::Changes,
        other => Type::Word(other.strip_prefix("word ")?.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_row_of_the_page_is_read() {
        let rows = |heading: &str| {
            let section = PAGE.split_once(heading).unwrap().1.split("\n## ").next().unwrap();
            section.lines().filter(|line| line.starts_with("| ")).count() - 1
        };
        assert_eq!(LAYOUTS.kinds.len(), rows("\n## Events\n"));
        assert_eq!(LAYOUTS.words.len(), rows("\n## Words\n"));
    }

    #[test]
    fn every_list_of_words_that_a_field_names_is_there() {
        fn named(kind: &Type) -> Option<&str> {
            match kind {
                Type::Word(list) => Some(list),
                Type::Optional(inner) | Type::List(inner) => named(inner),
                Type::Bool | Type::U32 | Type::U64 | Type::I64 | Type::Day | Type::Instant | Type::Text | Type::Digest => None,
                Type::Moment | Type::Scalar | Type::Individual | Type::Sealed | Type::Line | Type::Changes => None,
            }
        }
        let lists: Vec<&str> = LAYOUTS.kinds.values().flat_map(|kind| &kind.fields).filter_map(|(_, kind)| named(kind)).collect();
        assert!(lists.len() > 20);
        assert!(lists.iter().all(|list| LAYOUTS.words.contains_key(*list)));
    }

    #[test]
    fn a_row_reads_as_it_is_written() {
        let engaged = LAYOUTS.kind(1).unwrap();
        assert_eq!(engaged.name, "person_engaged");
        assert_eq!(engaged.fields[1], ("engagement".to_owned(), Type::Word("Engagement".to_owned())));
        assert_eq!(engaged.fields[3], ("roles".to_owned(), Type::List(Box::new(Type::Word("Role".to_owned())))));
        assert_eq!(LAYOUTS.word("RegulationPart", 1), Some("512.4"));
        assert_eq!(LAYOUTS.word("RegulationPart", 2), None);
    }
}
