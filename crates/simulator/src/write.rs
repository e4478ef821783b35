//! The files an agency's systems give: one CSV a type from personnel and health record, JSON Lines from billing, or the whole ledger as JSON Lines.
//! Writes times of the source systems with New York's offset and the ledger's clock in UTC; reads nothing and asks no clock.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::Context;
use domain::field::{FieldSpec, Kind, Raw};
use domain::{Event, KnownAt, ValidAt};

use crate::agency::Agency;
use crate::calendar::local_text;
use crate::office::Line;

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Its name, without a folder.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// The file billing gives.
const BILLING: &str = "billing.jsonl";

/// A value as the source system writes it: instants with the local offset, everything else as it is.
fn as_written<'a>(spec: &FieldSpec, value: Raw<'a>) -> Raw<'a> {
    match (spec.kind, &value) {
        (Kind::Instant | Kind::DayOrInstant, Raw::Text(text)) => match ValidAt::parse(text) {
            Some(at) => Raw::owned(local_text(at)),
            None => value,
        },
        _ => value,
    }
}

fn fields(event: &Event) -> impl Iterator<Item = (&'static str, Raw<'_>)> {
    event.fields().into_iter().zip(event.schema().fields).map(|((name, value), spec)| (name, as_written(spec, value)))
}

fn entered(at: KnownAt) -> String {
    local_text(ValidAt::from_micros(at.micros()))
}

fn write_text(out: &mut Vec<u8>, text: &str) -> io::Result<()> {
    serde_json::to_writer(out, text).map_err(io::Error::other)
}

fn write_json(out: &mut Vec<u8>, value: &Raw<'_>) -> io::Result<()> {
    match value {
        Raw::Null => out.write_all(b"null"),
        Raw::Bool(b) => write!(out, "{b}"),
        Raw::Int(n) => write!(out, "{n}"),
        Raw::Number(n) => out.write_all(n.as_bytes()),
        Raw::Text(text) => write_text(out, text),
        Raw::List(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_json(out, item)?;
            }
            out.push(b']');
            Ok(())
        }
        Raw::Record(fields) => {
            out.push(b'{');
            for (i, (name, item)) in fields.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_text(out, name)?;
                out.push(b':');
                write_json(out, item)?;
            }
            out.push(b'}');
            Ok(())
        }
    }
}

/// Appends a line as JSON, with its line end.
pub(crate) fn write_line(out: &mut Vec<u8>, line: &Line) -> io::Result<()> {
    write!(out, "{{\"recorded_at\":\"{}\",\"type\":\"{}\",\"source_id\":\"{}\"", line.recorded_at, line.event.type_name(), line.source_id)?;
    if let Some(at) = line.entered_at {
        write!(out, ",\"entered_at\":\"{}\"", entered(at))?;
    }
    for (i, digest) in line.evidence.iter().enumerate() {
        write!(out, "{}\"{}\"", if i == 0 { ",\"evidence\":[" } else { "," }, digest.as_str())?;
    }
    if !line.evidence.is_empty() {
        out.push(b']');
    }
    for (name, value) in fields(&line.event).filter(|(_, value)| *value != Raw::Null) {
        write!(out, ",\"{name}\":")?;
        write_json(out, &value)?;
    }
    out.extend_from_slice(b"}\n");
    Ok(())
}

/// A cell: lists separated by semicolons, nothing for nothing, JSON for the fields of a correction.
fn cell(value: &Raw<'_>) -> io::Result<String> {
    Ok(match value {
        Raw::Null => String::new(),
        Raw::Bool(b) => b.to_string(),
        Raw::Int(n) => n.to_string(),
        Raw::Number(text) | Raw::Text(text) => text.to_string(),
        Raw::List(items) => items.iter().map(cell).collect::<io::Result<Vec<_>>>()?.join(";"),
        Raw::Record(_) => {
            let mut json = Vec::new();
            write_json(&mut json, value)?;
            String::from_utf8_lossy(&json).into_owned()
        }
    })
}

/// The rows of a line: one, or one for each line of a claim.
pub(crate) fn rows(line: &Line) -> io::Result<Vec<Vec<String>>> {
    let mut row = vec![line.recorded_at.to_string(), line.source_id.as_str().to_owned(), line.entered_at.map(entered).unwrap_or_default()];
    row.push(line.evidence.iter().map(|d| d.as_str()).collect::<Vec<_>>().join(";"));
    let mut nested: Vec<Vec<String>> = Vec::new();
    for (name, value) in fields(&line.event) {
        if let (Raw::List(items), "lines") = (&value, name) {
            for fields in items.iter().filter_map(|item| if let Raw::Record(fields) = item { Some(fields) } else { None }) {
                nested.push(fields.iter().map(|(_, value)| cell(value)).collect::<io::Result<_>>()?);
            }
        } else {
            row.push(cell(&value)?);
        }
    }
    if nested.is_empty() {
        return Ok(vec![row]);
    }
    Ok(nested.into_iter().map(|own| row.iter().cloned().chain(own).collect()).collect())
}

pub(crate) fn header(line: &Line) -> Vec<&'static str> {
    let mut names = vec!["recorded_at", "source_id", "entered_at", "evidence"];
    let mut nested: &[FieldSpec] = &[];
    for spec in line.event.schema().fields {
        if let Kind::List(Kind::Record(fields)) = spec.kind {
            nested = fields;
        } else {
            names.push(spec.name);
        }
    }
    names.extend(nested.iter().map(|f| f.name));
    names
}

/// One CSV of lines of one type; columns that are empty throughout are left out.
fn csv_of(lines: &[&Line]) -> anyhow::Result<Vec<u8>> {
    let Some(first) = lines.first() else { return Ok(Vec::new()) };
    let header = header(first);
    let mut table: Vec<Vec<String>> = Vec::new();
    for line in lines {
        table.extend(rows(line)?);
    }
    let used: Vec<usize> = (0..header.len()).filter(|column| table.iter().any(|row| !row[*column].is_empty())).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(used.iter().map(|column| header[*column]))?;
    for row in &table {
        writer.write_record(used.iter().map(|column| row[*column].as_str()))?;
    }
    writer.into_inner().context("a CSV in memory")
}

impl Agency {
    /// Writes the whole ledger as JSON Lines, in the order of the ledger's clock.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write_jsonl_to(&self, out: &mut impl Write) -> io::Result<()> {
        let mut text = Vec::with_capacity(1024);
        for line in &self.lines {
            text.clear();
            write_line(&mut text, line)?;
            out.write_all(&text)?;
        }
        out.flush()
    }

    /// Writes `events.jsonl` and `case.json` into a folder, which is made if it is not there.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write_jsonl(&self, dir: &Path) -> anyhow::Result<()> {
        std::fs::create_dir_all(dir).with_context(|| format!("making {}", dir.display()))?;
        let path = dir.join("events.jsonl");
        let file = File::create(&path).with_context(|| format!("writing {}", path.display()))?;
        self.write_jsonl_to(&mut BufWriter::with_capacity(1 << 20, file))?;
        std::fs::write(dir.join("case.json"), self.case_json())?;
        Ok(())
    }

    /// What the agency's systems export: a CSV for every type of the personnel system and the health record, and JSON Lines from billing.
    ///
    /// # Errors
    /// What the CSV writer says; nothing known.
    pub fn exports(&self) -> anyhow::Result<Vec<Export>> {
        let mut by_type: BTreeMap<&'static str, Vec<&Line>> = BTreeMap::new();
        let mut billing = Vec::new();
        for line in &self.lines {
            if matches!(line.event, Event::Claims(_)) {
                write_line(&mut billing, line)?;
            } else {
                by_type.entry(line.event.type_name()).or_default().push(line);
            }
        }
        let mut exports = vec![Export { name: BILLING.into(), bytes: billing }];
        for (name, lines) in by_type {
            exports.push(Export { name: format!("{name}.csv"), bytes: csv_of(&lines)? });
        }
        Ok(exports)
    }

    /// Every type as a CSV, claims with a row for every line of theirs.
    ///
    /// # Errors
    /// What the CSV writer says; nothing known.
    pub fn csv_exports(&self) -> anyhow::Result<Vec<Export>> {
        let mut by_type: BTreeMap<&'static str, Vec<&Line>> = BTreeMap::new();
        for line in &self.lines {
            by_type.entry(line.event.type_name()).or_default().push(line);
        }
        by_type.into_iter().map(|(name, lines)| Ok(Export { name: format!("{name}.csv"), bytes: csv_of(&lines)? })).collect()
    }

    /// Writes [`Agency::x12_exports`] and `case.json` into a folder, which is made if it is not there.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write_x12(&self, dir: &Path, name_contacts: bool) -> anyhow::Result<()> {
        std::fs::create_dir_all(dir).with_context(|| format!("making {}", dir.display()))?;
        for export in self.x12_exports(name_contacts)? {
            std::fs::write(dir.join(&export.name), &export.bytes).with_context(|| format!("writing {}", export.name))?;
        }
        std::fs::write(dir.join("case.json"), self.case_json())?;
        Ok(())
    }

    /// Writes [`Agency::exports`] and `case.json` into a folder, which is made if it is not there.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write_exports(&self, dir: &Path) -> anyhow::Result<()> {
        std::fs::create_dir_all(dir).with_context(|| format!("making {}", dir.display()))?;
        for export in self.exports()? {
            std::fs::write(dir.join(&export.name), &export.bytes).with_context(|| format!("writing {}", export.name))?;
        }
        std::fs::write(dir.join("case.json"), self.case_json())?;
        Ok(())
    }
}
