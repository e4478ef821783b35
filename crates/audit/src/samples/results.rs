//! Reading what was found in a sample: a CSV file with a row for every unit drawn.
//! It refuses a row too many, a row too few, an amount above what was paid, and says of each where, what and what to do.

use std::collections::BTreeMap;
use std::path::Path;

use domain::field::{FieldProblem, Mismatch};
use import::{Problem, Problems};

use super::file::Sample;
use crate::error::AuditError;

/// Problems named one by one before the rest is counted.
const SHOWN: usize = 20;
/// The largest file read: a worksheet of a million rows is smaller.
const LARGEST: u64 = 256 << 20;

/// Columns that are looked at; others may stand beside them.
struct Columns {
    unit: Option<usize>,
    claim: Option<usize>,
    line: Option<usize>,
    paid: Option<usize>,
    overpaid: usize,
}

/// Reads results: what was overpaid, in cents, for every unit drawn, in the order drawn.
///
/// # Errors
/// [`AuditError::Refused`] with every problem; a file that cannot be read.
pub(super) fn read(path: &Path, sample: &Sample) -> Result<Vec<u64>, AuditError> {
    let display = path.display().to_string();
    let failed = AuditError::at(path);
    if std::fs::metadata(path).map_err(&failed)?.len() > LARGEST {
        return Err(AuditError::asked(format!("{display} is too large to be results"), "give the worksheet that `sample draw` wrote, filled in"));
    }
    let bytes = std::fs::read(path).map_err(failed)?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut problems = Problems::new(SHOWN);
    let found = rows(bytes, &display, sample, &mut problems);
    if problems.is_empty() {
        return Ok(found);
    }
    problems.sort();
    let mut said: Vec<String> = problems.kept().iter().map(ToString::to_string).collect();
    if problems.left_out() > 0 {
        said.push(format!("... and {} more", problems.left_out()));
    }
    Err(AuditError::Refused(said.join("\n")))
}

fn problem(file: &str, line: u64, field: &str, found: impl Into<String>, wanted: impl Into<String>, hint: &str) -> Problem {
    Problem::data(file, line, FieldProblem { field: field.into(), mismatch: Mismatch::new(found, wanted).hint(hint) })
}

fn rows(bytes: &[u8], file: &str, sample: &Sample, problems: &mut Problems) -> Vec<u64> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let columns = match reader.headers().map_err(|e| e.to_string()).map(|header| columns(header, sample)) {
        Ok(Ok(columns)) => columns,
        Ok(Err((field, found))) => {
            let hint = if found.contains(';') { "save it as CSV with commas, not semicolons" } else { "give the worksheet that `sample draw` wrote, filled in" };
            problems.push(problem(file, 1, field, found, format!("a column {field}"), hint));
            return Vec::new();
        }
        Err(error) => {
            problems.push(problem(file, 1, "", error, "a header of column names", "save it as CSV in UTF-8"));
            return Vec::new();
        }
    };
    let at: BTreeMap<&str, usize> = sample.drawn.iter().enumerate().map(|(at, unit)| (unit.unit.as_str(), at)).collect();
    let mut found: Vec<Option<(u64, Option<u64>)>> = vec![None; sample.drawn.len()];
    let mut last = 1;
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(last + 1, csv::Position::line);
                problems.push(problem(file, line, "", "bytes that are not text", "CSV in UTF-8", "save it as CSV in UTF-8"));
                return Vec::new();
            }
        };
        let line = record.position().map_or(last + 1, csv::Position::line);
        last = line;
        if record.iter().all(str::is_empty) {
            continue;
        }
        let cell = |column: Option<usize>| column.and_then(|column| record.get(column)).unwrap_or("");
        let name = named(&cell, &columns);
        let Some(place) = at.get(name.as_str()).copied() else {
            problems.push(problem(file, line, "claim", format!("{name:?}, which was not drawn"), "a unit of the sample", "take the row out; results count only for what chance chose"));
            continue;
        };
        if let Some(Some((before, _))) = found.get(place) {
            problems.push(problem(file, line, "claim", format!("{name:?}, which line {before} has already"), "each unit once", "keep the row that counts"));
            continue;
        }
        let paid = sample.drawn.get(place).map_or(0, |unit| unit.paid_cents);
        let stated = cell(columns.paid);
        if !stated.is_empty() && stated.parse() != Ok(paid) {
            problems.push(problem(file, line, "paid_cents", format!("{stated:?}"), format!("{paid}, what was paid when the sample was drawn"), "leave the column as the worksheet has it"));
        }
        let overpaid = overpaid(cell(Some(columns.overpaid)), paid).map_err(|(found, wanted, hint)| problems.push(problem(file, line, "overpaid_cents", found, wanted, hint)));
        if let Some(slot) = found.get_mut(place) {
            *slot = Some((line, overpaid.ok()));
        }
    }
    for (unit, found) in sample.drawn.iter().zip(&found) {
        if found.is_none() {
            let hint = "every unit drawn needs a result; what could not be found counts as overpaid, or not, by a decision and not by leaving it out";
            problems.push(problem(file, last + 1, "claim", format!("no row for {}", unit.unit), "a row for every unit drawn", hint));
        }
    }
    found.into_iter().map(|found| found.and_then(|(_, overpaid)| overpaid).unwrap_or(0)).collect()
}

/// The unit that a row is about: its own name, or claim and line.
fn named<'c>(cell: &impl Fn(Option<usize>) -> &'c str, columns: &Columns) -> String {
    let unit = cell(columns.unit);
    if !unit.is_empty() {
        return unit.to_owned();
    }
    match cell(columns.line) {
        "" => cell(columns.claim).to_owned(),
        line => format!("{}/{line}", cell(columns.claim)),
    }
}

type Wrong = (String, String, &'static str);

fn overpaid(cell: &str, paid: u64) -> Result<u64, Wrong> {
    let wanted = format!("whole cents from 0 to {paid}, what was paid");
    match cell.parse::<u64>() {
        Ok(cents) if cents <= paid && cell.bytes().all(|b| b.is_ascii_digit()) => Ok(cents),
        Ok(_) => Err((cell.to_owned(), wanted, "more than was paid cannot have been overpaid; is the amount in cents?")),
        Err(_) if cell.is_empty() => Err(("nothing".to_owned(), wanted, "write 0 where nothing was overpaid")),
        Err(_) => Err((format!("{cell:?}"), wanted, "write whole cents: 9300 for $93.00")),
    }
}

fn columns(header: &csv::StringRecord, sample: &Sample) -> Result<Columns, (&'static str, String)> {
    let place = |name: &str| header.iter().position(|column| column.eq_ignore_ascii_case(name));
    let there = || header.iter().collect::<Vec<_>>().join(", ");
    let (unit, claim, line) = (place("unit"), place("claim"), place("line"));
    if unit.is_none() && claim.is_none() {
        return Err(("claim", there()));
    }
    if unit.is_none() && line.is_none() && sample.unit == "line" {
        return Err(("line", there()));
    }
    Ok(Columns { unit, claim, line, paid: place("paid_cents"), overpaid: place("overpaid_cents").ok_or_else(|| ("overpaid_cents", there()))? })
}
