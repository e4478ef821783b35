//! Which mapping reads a file: the one whose columns the file has, found by looking at the first rows and never by a name alone.
//! Says which columns are missing where none fits, and refuses to choose where several do.

use std::sync::{Mutex, PoisonError};

use domain::field::{FieldProblem, Mismatch};

use crate::csv::{Next, Records};
use crate::format::Separator;
use crate::mapping::bound::Bound;
use crate::mapping::file::Mapping;
use crate::mapping::rule::{Settings, Table, header_key};

/// Rows among which a header is looked for: reports begin with a title, a date, a filter.
pub(crate) const HEADER_WITHIN: u64 = 30;

/// A table of a mapping bound to a file, and what was noticed while reading it.
#[derive(Debug)]
pub(crate) struct Mapped {
    pub(crate) bound: Bound,
    /// Line or row of the header.
    pub(crate) header_row: u64,
    /// The sheet, of a workbook.
    pub(crate) sheet: Option<String>,
    remarks: Mutex<Vec<String>>,
}

impl Mapped {
    pub(crate) fn new(bound: Bound, header_row: u64, sheet: Option<String>) -> Self {
        Self { bound, header_row, sheet, remarks: Mutex::new(Vec::new()) }
    }

    /// Keeps what was noticed, for whoever read the file.
    pub(crate) fn remember(&self, told: Vec<String>) {
        self.remarks.lock().unwrap_or_else(PoisonError::into_inner).extend(told);
    }

    /// What was noticed so far; it is told once.
    pub(crate) fn told(&self) -> Vec<String> {
        std::mem::take(&mut *self.remarks.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl PartialEq for Mapped {
    /// Two are the same when they are one: a mapping bound to one file.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// A row that may be a header.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) row: u64,
    pub(crate) cells: Vec<String>,
}

/// A table that fits a file.
#[derive(Debug)]
pub(crate) struct Fitting {
    pub(crate) bound: Bound,
    pub(crate) header_row: u64,
    /// Columns of the file that the table neither reads nor sets aside.
    pub(crate) unused: Vec<String>,
    /// Columns that it reads.
    used: usize,
    from: String,
}

/// What looking for a fitting table gave.
#[derive(Debug)]
pub(crate) enum Answer {
    Fits(Box<Fitting>),
    /// What is missing for the table that came closest, by column; none where there is no table at all.
    Misses(Vec<FieldProblem>),
    /// The mappings that fit equally well.
    Several(Vec<String>),
}

/// Looks for the one table, of those given, that reads rows under one of the candidates.
pub(crate) fn choose<'m>(tables: impl Iterator<Item = (&'m Mapping, &'m Table)>, candidates: &[Candidate], lettered: bool) -> Answer {
    let mut fitting: Vec<Fitting> = Vec::new();
    let mut closest: Option<(usize, Vec<FieldProblem>)> = None;
    for (mapping, table) in tables {
        match fit(&mapping.settings, table, candidates, lettered) {
            Ok((bound, header_row)) => {
                let unused = bound.unused(table).map(str::to_owned).collect();
                fitting.push(Fitting { bound, header_row, unused, used: table.columns().len(), from: mapping.file.clone() });
            }
            Err(problems) => {
                // Of a table that reads many columns, many may be missing and it is still the one that was meant.
                let found = table.columns().len().saturating_sub(problems.len());
                if closest.as_ref().is_none_or(|(most, _)| found > *most) {
                    closest = Some((found, problems));
                }
            }
        }
    }
    // The table that reads the most of the file is the one made for it.
    let most = fitting.iter().map(|f| f.used).max().unwrap_or(0);
    fitting.retain(|f| f.used == most);
    if fitting.len() > 1 {
        return Answer::Several(fitting.into_iter().map(|f| f.from).collect());
    }
    match fitting.pop() {
        Some(one) => Answer::Fits(Box::new(one)),
        None => Answer::Misses(closest.map(|(_, problems)| problems).unwrap_or_default()),
    }
}

/// Binds a table to the first candidate that has all its columns.
fn fit(settings: &Settings, table: &Table, candidates: &[Candidate], lettered: bool) -> Result<(Bound, u64), Vec<FieldProblem>> {
    let mut closest: Option<Vec<FieldProblem>> = None;
    for candidate in candidates.iter().filter(|c| table.header_row.is_none_or(|row| row == c.row)) {
        let cells: Vec<&str> = candidate.cells.iter().map(String::as_str).collect();
        match Bound::new(settings, table, &cells, lettered) {
            Ok(bound) => return Ok((bound, candidate.row)),
            Err(problems) if closest.as_ref().is_none_or(|c| problems.len() < c.len()) => closest = Some(problems),
            Err(_) => {}
        }
    }
    Err(closest.unwrap_or_else(|| {
        let mismatch = Mismatch::new("no row", "a row with the names of the columns");
        vec![FieldProblem { field: String::new(), mismatch: mismatch.hint("check header_row in the mapping") }]
    }))
}

/// The first records of a CSV file, as each separator cuts them.
pub(crate) fn csv_candidates(head: &str) -> Vec<(Separator, Vec<Candidate>)> {
    let separators = [Separator::Comma, Separator::Tab, Separator::Semicolon, Separator::Pipe];
    separators.into_iter().map(|separator| (separator, candidates(head, separator))).collect()
}

fn candidates(head: &str, separator: Separator) -> Vec<Candidate> {
    let mut records = Records::new(head.as_bytes(), separator);
    let mut found = Vec::new();
    for _ in 0..HEADER_WITHIN {
        let Ok(Next::Record { line, cells }) = records.next_record() else { break };
        if line > HEADER_WITHIN {
            break;
        }
        let cells = records.cells(cells).map(|cells| cells.iter().map(str::to_owned).collect());
        found.push(Candidate { row: line, cells: cells.unwrap_or_default() });
    }
    found
}

/// Looks for the table that reads a CSV file. One named like the file wins over others.
pub(crate) fn choose_csv(maps: &[Mapping], stem: &str, head: &str) -> (Separator, Answer) {
    let all = || maps.iter().flat_map(|m| m.tables.iter().map(move |t| (m, t)));
    let named = |t: &Table| t.sheet.as_deref().is_some_and(|s| header_key(s) == header_key(stem));
    let mut best: Option<(Separator, Answer)> = None;
    for (separator, candidates) in csv_candidates(head) {
        for by_name in [true, false] {
            let answer = choose(all().filter(|(_, t)| !by_name || named(t)), &candidates, false);
            match answer {
                Answer::Fits(_) | Answer::Several(_) => return (separator, answer),
                Answer::Misses(problems) => {
                    let fewer = match &best {
                        Some((_, Answer::Misses(least))) => !problems.is_empty() && (least.is_empty() || problems.len() < least.len()),
                        _ => true,
                    };
                    if fewer {
                        best = Some((separator, Answer::Misses(problems)));
                    }
                }
            }
        }
    }
    best.unwrap_or((Separator::Comma, Answer::Misses(Vec::new())))
}
