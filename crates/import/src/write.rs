//! Drafts back to the interchange, so that what was read can be written, compared and read again.
//! Writes confidential fields in the clear, as the files that come in have them; provenance is not part of the interchange.

use std::borrow::Cow;
use std::fmt;

use domain::Draft;
use domain::event::TypeSchema;
use domain::field::{FieldType, Raw};

use crate::csv::{nested, possible, to_cell};
use crate::line::ENVELOPE_FIELDS;

/// One line of JSON without newline: `recorded_at`, `type`, `source_id`, `entered_at`, `actor`, `evidence`, then the fields in the
/// order of the type. Absent fields are left out.
pub fn write_jsonl(draft: &Draft) -> String {
    let mut out = String::with_capacity(512);
    let mut separator = '{';
    let recorded_at = ("recorded_at", draft.recorded_at.write());
    let event_type = ("type", Raw::text(draft.event.type_name()));
    for (name, value) in [recorded_at, event_type].into_iter().chain(envelope(draft)).chain(draft.event.fields()) {
        if value == Raw::Null {
            continue;
        }
        out.push(separator);
        push_text(&mut out, name);
        out.push(':');
        push(&mut out, &value);
        separator = ',';
    }
    out.push('}');
    out
}

/// Envelope fields but `type` and `recorded_at`; absent evidence is `Null` like the others.
fn envelope(draft: &Draft) -> [(&'static str, Raw<'_>); 4] {
    let envelope = &draft.envelope;
    let evidence = if envelope.evidence.is_empty() { Raw::Null } else { envelope.evidence.write() };
    let named = [envelope.source_id.write(), envelope.entered_at.write(), envelope.actor.write(), evidence];
    let mut names = ENVELOPE_FIELDS.into_iter().filter(|name| !matches!(*name, "type" | "recorded_at"));
    named.map(|value| (names.next().unwrap_or_default(), value))
}

/// A value as JSON text.
pub(crate) fn json(raw: &Raw<'_>) -> String {
    let mut out = String::new();
    push(&mut out, raw);
    out
}

fn push(out: &mut String, raw: &Raw<'_>) {
    match raw {
        Raw::Null => out.push_str("null"),
        Raw::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Raw::Int(n) => out.push_str(&n.to_string()),
        Raw::Number(n) => out.push_str(n),
        Raw::Text(text) => push_text(out, text),
        Raw::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                push(out, item);
            }
            out.push(']');
        }
        Raw::Record(fields) => {
            out.push('{');
            for (i, (name, value)) in fields.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                push_text(out, name);
                out.push(':');
                push(out, value);
            }
            out.push('}');
        }
    }
}

/// Text in quotes, with what RFC 8259 says must be escaped and nothing else.
fn push_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Why a draft cannot be a row of CSV.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotCsv {
    /// Index of the draft.
    pub draft: usize,
    /// Field that no cell can hold, as a list whose items have semicolons; or `type` for a draft of another type.
    pub field: &'static str,
}

impl fmt::Display for NotCsv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} of event {} cannot be written as a cell of CSV; JSON Lines holds every event", self.field, self.draft + 1)
    }
}

impl std::error::Error for NotCsv {}

/// A CSV file of one type with its header: a column for every field, and for those of the envelope that are used. A claim is a row for each line.
///
/// # Errors
/// The first value that a cell cannot hold.
pub fn write_csv(schema: &'static TypeSchema, drafts: &[Draft]) -> Result<String, NotCsv> {
    let mut rows: Vec<Vec<(&'static str, String)>> = Vec::new();
    for (index, draft) in drafts.iter().enumerate() {
        let not_csv = |field| NotCsv { draft: index, field };
        if draft.event.schema() != schema {
            return Err(not_csv("type"));
        }
        let fields: Vec<(&'static str, Raw<'_>)> =
            std::iter::once(("recorded_at", draft.recorded_at.write())).chain(envelope(draft)).chain(draft.event.fields()).collect();
        for line in lines(schema, &fields) {
            let mut row = Vec::new();
            for (column, _) in possible(schema) {
                let value = if column.of_line {
                    line.iter().find(|(name, _)| name == column.name).map(|(_, v)| v)
                } else {
                    fields.iter().find(|(name, _)| *name == column.name).map(|(_, v)| v)
                };
                let cell = to_cell(&column.kind, value.unwrap_or(&Raw::Null)).ok_or_else(|| not_csv(column.name))?;
                row.push((column.name, cell));
            }
            rows.push(row);
        }
    }
    Ok(table(schema, &rows))
}

/// What the rows of one event hold beside its own fields: the fields of each line of a claim, nothing for any other type.
fn lines<'f, 'a>(schema: &TypeSchema, fields: &'f [(&'static str, Raw<'a>)]) -> Vec<&'f [(Cow<'a, str>, Raw<'a>)]> {
    let list = nested(schema).and_then(|(list, _)| fields.iter().find(|(name, _)| *name == list));
    match list {
        Some((_, Raw::List(lines))) => {
            lines.iter().filter_map(|line| if let Raw::Record(of_line) = line { Some(of_line.as_slice()) } else { None }).collect()
        }
        Some(_) | None => vec![&[]],
    }
}

fn table(schema: &'static TypeSchema, rows: &[Vec<(&'static str, String)>]) -> String {
    let columns: Vec<(usize, &'static str)> = possible(schema)
        .iter()
        .map(|(column, _)| column.name)
        .enumerate()
        .filter(|(i, name)| !ENVELOPE_FIELDS.contains(name) || rows.iter().any(|row| row.get(*i).is_some_and(|(_, cell)| !cell.is_empty())))
        .collect();
    let mut out = String::new();
    push_row(&mut out, columns.iter().map(|(_, name)| *name));
    for row in rows {
        push_row(&mut out, columns.iter().filter_map(|(i, _)| row.get(*i)).map(|(_, cell)| cell.as_str()));
    }
    out
}

/// A row as RFC 4180 writes it, ended by a newline alone as every spreadsheet accepts it.
fn push_row<'c>(out: &mut String, cells: impl Iterator<Item = &'c str>) {
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            out.push(',');
        }
        if cell.contains(['"', ',', '\n', '\r', '\t']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    out.push('\n');
}
