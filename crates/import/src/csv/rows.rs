//! The rows of a CSV file to events: the header first, then every row, each with all its problems.
//! Goes on after any bad row; gives up only where no row could be read, at a header that lacks a required column.

use std::io::{self, Read};

use domain::event::TypeSchema;
use domain::field::{FieldProblem, Mismatch};

use crate::batches::{BATCH, Batch, Parsed};
use crate::csv::claims::{Claims, Row};
use crate::csv::columns::{self, Column, Columns};
use crate::csv::records::{Broken, Cells, Next, Records};
use crate::csv::{cells, nested};
use crate::format::Separator;
use crate::jsonl::{CUT_OFF, MAX_LINE};
use crate::line::{Held, PlacedLine};

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
        match &mut self.claims {
            Some(claims) => claims.push(claim_row(line, &header.columns, cells), out),
            None => out.push(Parsed { line, rows: 1, result: draft(self.schema, &header.columns, cells) }),
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

/// The cells of a row that stand in a column that is known.
fn known<'c>(columns: &'c [Option<Column>], cells: Cells<'c>) -> impl Iterator<Item = (&'c Column, &'c str)> {
    columns.iter().zip(cells.iter()).filter_map(|(column, cell)| column.as_ref().map(|column| (column, cell)))
}

fn draft(schema: &'static TypeSchema, columns: &[Option<Column>], cells: Cells<'_>) -> Result<domain::Draft, Vec<FieldProblem>> {
    let mut line = PlacedLine::new(schema);
    let mut problems = Vec::new();
    for (column, cell) in known(columns, cells) {
        // `read_cell` would do, but what it hands back takes a fifth of a row's time to move, and nearly every cell is lent.
        if let Some(given) = cells::lent(&column.kind, cell).filter(|_| !cells.is_damaged(cell)) {
            line.lend(column.slot, given);
            continue;
        }
        match read_cell(column, cell, cells) {
            Ok(value) => line.put(column.slot, value),
            Err(problem) => problems.push(problem),
        }
    }
    match line.draft() {
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

fn claim_row(line: u64, columns: &[Option<Column>], cells: Cells<'_>) -> Row {
    let mut row = Row { line, ..Row::default() };
    for (column, cell) in known(columns, cells) {
        match read_cell(column, cell, cells) {
            Ok(value) => {
                let to = if column.of_line { &mut row.of_line } else { &mut row.claim };
                to.push((column.name, value.into_raw().into_owned()));
            }
            Err(problem) => row.problems.push(problem),
        }
    }
    row
}

fn read_cell<'c>(column: &Column, cell: &'c str, row: Cells<'c>) -> Result<Held<'c>, FieldProblem> {
    let value = if row.is_damaged(cell) { Err(Mismatch::new("a NUL byte", "text").hint("the file is damaged, or not text")) } else { cells::held(&column.kind, cell) };
    value.map_err(|mismatch| FieldProblem { field: column.name.to_owned(), mismatch })
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
