//! The header of a table and its first values, as text: what a proposal is made from.
//! Takes the first row that looks like a header; reads a few hundred rows and no more.

use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use domain::field::Mismatch;
use sheets::{Cell, Limits};

use crate::csv::{Next, Records};
use crate::encoding::Encoding;
use crate::format::{self, Looks};
use crate::mapping::files::{is_workbook, refusal, sheet_name};
use crate::mapping::fit::{HEADER_WITHIN, csv_candidates};
use crate::mapping::sheet;
use crate::mapping::value::{Value, plain};
use crate::problem::{Problem, Problems};
use crate::survey::Survey;

/// A table as far as it was looked at.
#[derive(Debug)]
pub(super) struct Sample {
    /// The sheet, of a workbook.
    pub(super) sheet: Option<String>,
    pub(super) header_row: u64,
    pub(super) header: Vec<String>,
    /// For each column, its values that are not blank.
    pub(super) values: Vec<Vec<String>>,
    /// For each column, whether it has cells that are dates to the spreadsheet.
    pub(super) dated: Vec<bool>,
}

/// Rows looked at.
const ROWS: usize = 300;

/// Bytes of a CSV file looked at.
const BYTES: u64 = 1 << 20;

/// Every table of a file that has a header.
///
/// # Errors
/// A file that cannot be read or has no table.
pub(super) fn samples(path: &Path) -> Result<Vec<Sample>, Problems> {
    let display = path.display().to_string();
    let failed = |problem: Problem| {
        let mut problems = Problems::new(1);
        problems.push(problem);
        problems
    };
    let unreadable = |error: std::io::Error| failed(Problem::unreadable(&display, Mismatch::new(error.to_string(), "a file that can be read")));
    let survey = Survey::of(path).map_err(unreadable)?;
    let found = if is_workbook(&survey.head) {
        workbook(path, &display).map_err(|problem| failed(*problem))?
    } else {
        let mark = Encoding::of_mark(&survey.head);
        let encoding = mark.unwrap_or(if survey.utf8 { Encoding::Utf8 } else { Encoding::Windows1252 });
        let text = encoding.head_text(&survey.head);
        if format::looks(&survey.head, &text) != Looks::Text {
            return Err(failed(Problem::unreadable(&display, Mismatch::new("a file that is no table", "a workbook (XLSX, XLS, ODS) or a CSV file"))));
        }
        let mut head = Vec::new();
        File::open(path).map_err(unreadable)?.take(BYTES).read_to_end(&mut head).map_err(unreadable)?;
        csv(&encoding.head_text(&head)).into_iter().collect()
    };
    if found.is_empty() {
        let mismatch = Mismatch::new("no row that looks like the names of columns", "a table under a row of names");
        return Err(failed(Problem::unreadable(&display, mismatch)));
    }
    Ok(found)
}

fn csv(text: &str) -> Option<Sample> {
    // The separator that cuts the first rows into the most cells.
    let (separator, _) = csv_candidates(text).into_iter().max_by_key(|(_, rows)| rows.iter().map(|r| r.cells.len()).max())?;
    let mut records = Records::new(text.as_bytes(), separator);
    let mut rows = Vec::new();
    while let Ok(Next::Record { line, cells }) = records.next_record() {
        rows.push((line, records.cells(cells)?.iter().map(|c| (c.trim().to_owned(), false)).collect::<Vec<_>>()));
        if rows.len() > ROWS {
            break;
        }
    }
    sample(None, rows)
}

fn workbook(path: &Path, display: &str) -> Result<Vec<Sample>, Box<Problem>> {
    let mut book = sheet::open(path, &Limits::default()).map_err(|e| Box::new(refusal(display, e)))?;
    let mut found = Vec::new();
    for one in book.sheets().to_vec().into_iter().filter(|s| !s.hidden) {
        let mut rows = Vec::new();
        let read = book.rows(&one.name, |row| {
            rows.push((u64::from(row.number), row.cells.iter().map(text_of).collect()));
            if rows.len() > ROWS { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        read.map_err(|e| Box::new(refusal(&sheet_name(display, &one.name), e)))?;
        found.extend(sample(Some(one.name), rows));
    }
    Ok(found)
}

/// A cell as text, and whether it is a date.
fn text_of(cell: &Cell<'_>) -> (String, bool) {
    let value = match cell {
        Cell::Text(text) => return (text.trim().to_owned(), false),
        Cell::Number(n) => Value::Number(*n),
        Cell::Bool(b) => Value::Bool(*b),
        Cell::Moment(moment) => Value::Moment(*moment),
        Cell::Empty | Cell::Duration(_) | Cell::Error(_) | Cell::Uncached => Value::Absent,
    };
    (plain(value).map(|t| t.into_owned()).unwrap_or_default(), matches!(cell, Cell::Moment(_)))
}

/// Takes the first row for the header that has nearly as many texts as any of the first rows.
fn sample(sheet: Option<String>, rows: Vec<(u64, Vec<(String, bool)>)>) -> Option<Sample> {
    let filled = |row: &[(String, bool)]| row.iter().filter(|(text, _)| !text.is_empty()).count();
    let most = rows.iter().take(HEADER_WITHIN as usize).map(|(_, row)| filled(row)).max().filter(|n| *n >= 2)?;
    let at = rows.iter().position(|(_, row)| filled(row) * 5 >= most * 4)?;
    let (header_row, names) = rows.get(at)?;
    let header: Vec<String> = names.iter().map(|(text, _)| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let mut values = vec![Vec::new(); header.len()];
    let mut dated = vec![false; header.len()];
    for (_, row) in &rows[at + 1..] {
        for (column, (text, is_date)) in row.iter().enumerate().take(header.len()) {
            if !text.is_empty() {
                values[column].push(text.clone());
                dated[column] |= *is_date;
            }
        }
    }
    Some(Sample { sheet, header_row: *header_row, header, values, dated })
}
