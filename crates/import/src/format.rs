//! What a file is, told by how it begins: JSON Lines, CSV, or one of the formats this version knows and does not read.
//! Never goes by the name alone, and never guesses a type.

use domain::event::{Event, TypeSchema};
use domain::field::Mismatch;

/// What separates the cells of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    /// `,`
    Comma,
    /// A tab.
    Tab,
    /// `;`, in files that are read by a mapping.
    Semicolon,
    /// `|`, in files that are read by a mapping.
    Pipe,
}

impl Separator {
    pub(crate) fn byte(self) -> u8 {
        match self {
            Separator::Comma => b',',
            Separator::Tab => b'\t',
            Separator::Semicolon => b';',
            Separator::Pipe => b'|',
        }
    }
}

/// A format this version reads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Format {
    /// One JSON object a line, each naming its type.
    JsonLines,
    /// Rows of one event type under a header of field names.
    Csv {
        /// The type of every row.
        event_type: &'static TypeSchema,
        /// Between the cells.
        separator: Separator,
    },
    /// Rows of any columns, which a mapping turns into events.
    MappedCsv {
        /// Between the cells.
        separator: Separator,
    },
    /// A sheet of a workbook, whose rows a mapping turns into events.
    MappedSheet,
    /// FHIR R4 resources: bulk files and bundles.
    Fhir,
    /// Interchanges of claims, remittances and answers. What they mean depends on the contacts they are about, so they are only
    /// recognised here, and opened with [`crate::open`].
    X12,
}

impl Format {
    /// Its name, for people.
    pub fn name(&self) -> &'static str {
        match self {
            Format::JsonLines => "JSON Lines",
            Format::Csv { .. } => "CSV",
            Format::MappedCsv { .. } => "CSV through a mapping",
            Format::MappedSheet => "a sheet through a mapping",
            Format::Fhir => "FHIR",
            Format::X12 => "X12",
        }
    }
}

/// What the beginning of a file looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looks {
    /// Nothing but white space.
    Empty,
    /// Starts with an object.
    JsonLines,
    /// Starts with an object that names its resource type.
    Fhir,
    /// Begins with an ISA.
    X12,
    /// Some other text: CSV, if its name or the caller gives it a type.
    Text,
    /// Known by name and not read by this version; what it is, and what to do.
    Foreign(&'static str, &'static str),
    /// Not text.
    Binary,
}

const AS_CSV: &str = "export it as CSV or JSON Lines";
const MAP_IT: &str = "say with --map FILE.toml what its columns mean; `countersign map --guess` proposes such a file";
const UNPACK: &str = "unpack it and import what is inside";

/// Formats with a signature at the very beginning.
const SIGNATURES: &[(&[u8], &str, &str)] = &[
    (b"\x1F\x8B", "a gzip file", "unpack it with gunzip and import what is inside"),
    (b"PK\x03\x04", "an XLSX workbook or another zip file", MAP_IT),
    (b"PK\x05\x06", "an empty zip file", UNPACK),
    (b"\xD0\xCF\x11\xE0", "an XLS workbook or another old Office file", MAP_IT),
    (b"\x28\xB5\x2F\xFD", "a zstd file", UNPACK),
    (b"\xFD7zXZ", "an xz file", UNPACK),
    (b"BZh", "a bzip2 file", UNPACK),
    (b"7z\xBC\xAF", "a 7-Zip file", UNPACK),
    (b"%PDF", "a PDF document", AS_CSV),
    (b"PAR1", "a Parquet file", AS_CSV),
    (b"SQLite format 3", "an SQLite database", AS_CSV),
    (b"MSH|", "an HL7 v2 message", AS_CSV),
    (b"FHS|", "an HL7 v2 file", AS_CSV),
    (b"UNA:", "an EDIFACT interchange", AS_CSV),
];

/// Looks at the first bytes, and at the same bytes as text.
pub(crate) fn looks(head: &[u8], text: &str) -> Looks {
    if is_x12(head) {
        return Looks::X12;
    }
    if let Some((_, what, hint)) = SIGNATURES.iter().find(|(signature, ..)| head.starts_with(signature)) {
        return Looks::Foreign(what, hint);
    }
    // A NUL here and there is damage, named by its line; many are not text, or UTF-16 that does not say so.
    if text.bytes().filter(|b| *b == 0).count() * 16 > text.len() {
        return Looks::Binary;
    }
    let text = text.trim_start();
    match text.as_bytes().first() {
        None => Looks::Empty,
        Some(b'{') if is_fhir(text) => Looks::Fhir,
        Some(b'{') => Looks::JsonLines,
        Some(b'[') => Looks::Foreign("a JSON list", "write each object of the list on a line of its own"),
        Some(b'<') => Looks::Foreign("XML or HTML", AS_CSV),
        Some(_) => Looks::Text,
    }
}

/// An ISA: three letters, then a separator that stands again where the elements of fixed width end. With the usual separators a damaged
/// ISA is one too, so that it is refused with its place.
fn is_x12(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let separator = head.get(3).copied().filter(|b| head.starts_with(b"ISA") && !b.is_ascii_alphanumeric());
    separator.is_some_and(|s| matches!(s, b'*' | b'|') || [6, 17, 20, 31].iter().all(|at| head.get(*at) == Some(&s)))
}

/// A FHIR resource names its type in `resourceType`, a key that no event has.
fn is_fhir(text: &str) -> bool {
    const KEY: &str = "\"resourceType\"";
    text.match_indices(KEY).any(|(at, _)| text[at + KEY.len()..].trim_start().starts_with(':'))
}

/// Why a recognised file is not read.
pub(crate) fn foreign(what: &str, hint: &str) -> Mismatch {
    Mismatch::new(what, "JSON Lines, CSV, FHIR or X12, which is what this version reads").hint(hint)
}

/// Tab if the header row has one, else comma.
pub(crate) fn separator(text: &str) -> Separator {
    let header = text.trim_start_matches(['\r', '\n']).lines().next().unwrap_or_default();
    if header.contains('\t') { Separator::Tab } else { Separator::Comma }
}

/// The importable type of that name.
///
/// # Errors
/// A mismatch with the closest name as hint.
pub(crate) fn importable(name: &str) -> Result<&'static TypeSchema, Mismatch> {
    Event::importable().find(|t| t.name == name).ok_or_else(|| {
        let names: Vec<&str> = Event::importable().map(|t| t.name).collect();
        let mismatch = Mismatch::new(format!("{name:?}"), "an event type that can be imported");
        match domain::words::nearest(name, &names) {
            Some(close) => mismatch.hint(format!("did you mean {close}?")),
            None => mismatch.hint("`countersign schema` lists the types"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_beginning() {
        let isa = "ISA*00*          *00*          *ZZ*SENDERETIN     *ZZ*EMEDNYBAT      *260105*1200*^*00501*000000001*0*T*:~GS*HC";
        let (piped, plussed) = (isa.replace('*', "|"), isa.replace('*', "+"));
        for (head, expected) in [
            ("", Looks::Empty),
            (" \r\n\t", Looks::Empty),
            ("\n {\"type\":1}", Looks::JsonLines),
            ("{\"topics\":[\"resourceType\"]}", Looks::JsonLines),
            ("person,credential\n", Looks::Text),
            ("ISAAC,contact\n", Looks::Text),
            ("a\0b", Looks::Binary),
            ("claim,reason,voided_on\0\n", Looks::Text),
            ("{\n \"resourceType\" : \"Bundle\"}", Looks::Fhir),
            (isa, Looks::X12),
            (piped.as_str(), Looks::X12),
            (plussed.as_str(), Looks::X12),
            ("\r\nISA*00*", Looks::X12),
            ("ISA,contact\n", Looks::Text),
        ] {
            assert_eq!(looks(head.as_bytes(), head), expected, "{head:?}");
        }
        for (head, word) in [
            ("PK\u{3}\u{4}", "XLSX"),
            ("[{}]", "list"),
            ("<html>", "XML"),
            ("%PDF-1.7", "PDF"),
            ("MSH|^~\\&|", "HL7"),
        ] {
            let Looks::Foreign(what, _) = looks(head.as_bytes(), head) else { unreachable!("{head:?}") };
            assert!(what.contains(word), "{what}");
        }
        assert!(matches!(looks(b"\x1F\x8B\x08", ""), Looks::Foreign("a gzip file", hint) if hint.contains("gunzip")));
    }

    #[test]
    fn a_type_is_found_or_the_closest_one_hinted() {
        assert!(importable("contact_recorded").is_ok());
        assert_eq!(importable("contacts_recorded").unwrap_err().hint.as_deref(), Some("did you mean contact_recorded?"));
        assert!(importable("scan_completed").is_err());
    }
}
