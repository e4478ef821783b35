//! The rows of a CSV file to events: the header first, then every row, each with all its problems.
//! Goes on after any bad row; gives up only where no row could be read, at a header that lacks a required column.

use std::io::{self, Read};

use domain::event::TypeSchema;
use domain::field::{FieldProblem, Mismatch};

use crate::batches::{BATCH, Batch, Parsed};
use crate::csv::claims::{Claims, Row};
use crate::csv::columns::{self, Column, Columns};
use crate::csv::records::{Broken, Next, Records};
use crate::csv::{cells, nested};
use crate::format::Separator;
use crate::jsonl::{CUT_OFF, MAX_LINE};
use crate::line::PlacedLine;

/// The events of a CSV file, in batches.
pub(crate) struct CsvRows<R> {
    records: Records<R>,
    schema: &'static TypeSchema,
    header: Option<Columns>,
    claims: Option<Claims>,
    ended: bool,
}

impl<R: Read> CsvRows<R> {
    pub(crate) fn new(reader: R, schema: &'static TypeSchema, separator: Separator) -> Self {
        let claims = nested(schema).map(|(list, _)| Claims::new(schema, list));
        Self { records: Records::new(reader, separator), schema, header: None, claims, ended: false }
    }

    fn batch(&mut self) -> io::Result<Vec<Parsed>> {
        let mut out = Vec::with_capacity(BATCH);
        while out.len() < BATCH && !self.ended {
            match self.records.next_record()? {
                Next::End => {
                    self.ended = true;
                    if let Some(claims) = &mut self.claims {
                        claims.finish(&mut out);
                    }
                }
                Next::Broken { line, what } => out.push(Parsed::refused(line, broken(&what))),
                Next::Record { line, cells } => self.record(line, cells, &mut out),
            }
        }
        if self.header.as_ref().is_some_and(|h| !h.problems.is_empty()) {
            // A column that is not known is in every row: rows are checked, and none is handed on.
            for parsed in out.iter_mut().filter(|p| p.result.is_ok()) {
                parsed.result = Err(Vec::new());
            }
        }
        Ok(out)
    }

    fn record(&mut self, line: u64, count: usize, out: &mut Vec<Parsed>) {
        let Some(cells) = self.records.cells(count) else {
            let mismatch = Mismatch::new("bytes that are not UTF-8", "UTF-8 text");
            return out.push(Parsed::refused(line, whole(mismatch)));
        };
        let Some(header) = &self.header else {
            let mut header = columns::read(self.schema, &cells.iter().collect::<Vec<_>>());
            if !header.problems.is_empty() {
                // Kept as a mark that the header is bad; the problems themselves are told once.
                out.push(Parsed { line, rows: 0, result: Err(header.problems.clone()) });
            }
            self.ended = header.incomplete;
            header.problems.truncate(1);
            self.header = Some(header);
            return;
        };
        if cells.is_blank() {
            return;
        }
        let wanted = header.columns.len();
        if cells.len() != wanted {
            return out.push(Parsed::refused(line, wrong_width(cells.len(), wanted, self.records.ended_without_newline())));
        }
        let read = |cell| if cells.is_damaged(cell) { Err(Mismatch::new("a NUL byte", "text").hint("the file is damaged, or not text")) } else { Ok(cell) };
        let pairs = header.columns.iter().zip(cells.iter()).filter_map(|(column, cell)| column.map(|column| (column, read(cell))));
        match &mut self.claims {
            Some(claims) => claims.push(claim_row(line, pairs), out),
            None => out.push(Parsed { line, rows: 1, result: draft(self.schema, pairs) }),
        }
    }
}

impl<R: Read> Iterator for CsvRows<R> {
    type Item = Batch;
    fn next(&mut self) -> Option<Batch> {
        if self.ended {
            return None;
        }
        let batch = self.batch();
        self.ended |= batch.is_err();
        Some(batch)
    }
}

fn draft<'c>(schema: &'static TypeSchema, cells: impl Iterator<Item = (Column, Cell<'c>)>) -> Result<domain::Draft, Vec<FieldProblem>> {
    let mut line = PlacedLine::new(schema);
    let mut problems = Vec::new();
    for (column, cell) in cells.filter(|(_, cell)| *cell != Ok("")) {
        match read_cell(column, cell) {
            Ok(raw) => line.put(column.slot, raw),
            Err(problem) => problems.push(problem),
        }
    }
    match line.into_draft() {
        Ok(draft) if problems.is_empty() => Ok(draft),
        Ok(_) => Err(problems),
        Err(more) => {
            // A cell that could not be read is not also a missing one.
            let unread: Vec<String> = problems.iter().map(|p| p.field.clone()).collect();
            problems.extend(more.into_iter().filter(|p| !unread.contains(&p.field)));
            Err(problems)
        }
    }
}

fn claim_row<'c>(line: u64, cells: impl Iterator<Item = (Column, Cell<'c>)>) -> Row {
    let mut row = Row { line, ..Row::default() };
    for (column, cell) in cells {
        match read_cell(column, cell) {
            Ok(raw) if column.of_line => row.of_line.push((column.name, raw.into_owned())),
            Ok(raw) => row.claim.push((column.name, raw.into_owned())),
            Err(problem) => row.problems.push(problem),
        }
    }
    row
}

/// The text of a cell, or why it is none.
type Cell<'c> = Result<&'c str, Mismatch>;

fn read_cell<'c>(column: Column, cell: Cell<'c>) -> Result<domain::field::Raw<'c>, FieldProblem> {
    let raw = cell.and_then(|cell| cells::read(&column.kind, cell));
    raw.map_err(|mismatch| FieldProblem { field: column.name.to_owned(), mismatch })
}

/// A row that has more or fewer cells than the header.
pub(crate) fn wrong_width(found: usize, wanted: usize, ended_without_newline: bool) -> FieldProblem {
    let mismatch = Mismatch::new(cell_count(found), format!("{}, as in the header", cell_count(wanted)));
    let hint = if ended_without_newline {
        CUT_OFF
    } else if found > wanted {
        "a cell that contains the separator stands in quotes"
    } else {
        "an empty cell still has its separator"
    };
    whole(mismatch.hint(hint))
}

fn cell_count(n: usize) -> String {
    format!("{n} {}", if n == 1 { "cell" } else { "cells" })
}

fn whole(mismatch: Mismatch) -> FieldProblem {
    FieldProblem { field: String::new(), mismatch }
}

/// What is no record.
pub(crate) fn broken(what: &Broken) -> FieldProblem {
    whole(match what {
        Broken::Unclosed => Mismatch::new("a quote that is never closed", "a row").hint("close the quote; or the file is cut off"),
        Broken::TooLong => {
            let mismatch = Mismatch::new("a row that goes on and on", format!("a row of at most {MAX_LINE} bytes"));
            mismatch.hint("a quote in it is probably never closed; reading went on at the next line")
        }
    })
}
