//! A sheet of a workbook, by a mapping, to events: read on a thread of its own, a few batches ahead of whoever takes them.
//! Reads the bytes that were looked over and no others; a file that changed since is not read.

use std::borrow::Cow;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sheets::{Cell, Limits, Merged, Refusal, Row, Workbook};

use crate::ahead::Ahead;
use crate::batches::{BATCH, Batch};
use crate::mapping::bound::{Applier, Bound};
use crate::mapping::fit::{Candidate, HEADER_WITHIN, Mapped};
use crate::mapping::value::{Cells, Value};

/// Merged areas of the rows being read; sheets may have thousands.
pub(crate) struct Areas {
    /// By first row, the last one first.
    coming: Vec<Merged>,
    here: Vec<Merged>,
}

impl Areas {
    pub(crate) fn new(mut all: Vec<Merged>) -> Self {
        all.sort_by_key(|m| std::cmp::Reverse(m.rows.0));
        Self { coming: all, here: Vec::new() }
    }

    /// Goes on to a row, which must not be before the last one.
    pub(crate) fn go_to(&mut self, row: u32) {
        self.here.retain(|m| m.rows.1 >= row);
        while self.coming.last().is_some_and(|m| m.rows.0 <= row) {
            self.here.extend(self.coming.pop().filter(|m| m.rows.1 >= row));
        }
    }
}

/// The cells of a row of a sheet.
pub(crate) struct SheetCells<'s, 'a> {
    pub(crate) row: &'a Row<'s>,
    pub(crate) areas: &'a Areas,
}

impl<'a> Cells<'a> for SheetCells<'_, 'a> {
    const ARE_TEXT: bool = false;
    fn get(&self, column: usize) -> Value<'a> {
        match self.row.cells.get(column).unwrap_or(&Cell::Empty) {
            Cell::Empty => {
                let place = u32::try_from(column).unwrap_or(u32::MAX);
                let is_covered = self.areas.here.iter().any(|m| m.covers(self.row.number, place));
                if is_covered { Value::Merged } else { Value::Absent }
            }
            Cell::Text(text) => match text.trim() {
                "" => Value::Absent,
                text if text.contains('\0') => Value::Nul,
                text => Value::Text(text),
            },
            Cell::Number(n) => Value::Number(*n),
            Cell::Bool(b) => Value::Bool(*b),
            Cell::Moment(moment) => Value::Moment(*moment),
            Cell::Duration(days) => Value::Duration(*days),
            Cell::Error(error) => Value::Error(error),
            Cell::Uncached => Value::Uncached,
        }
    }
}

/// Opens a workbook for the first time, within the limits.
///
/// # Errors
/// Why it is not read.
pub(crate) fn open(path: &Path, limits: &Limits) -> Result<Workbook, Refusal> {
    let unreadable = |e: io::Error| Refusal { found: e.to_string(), wanted: "a file that can be read".into(), hint: "check the file and its permissions".into() };
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if length > limits.file {
        let (found, wanted) = (format!("a workbook of {} MiB", length >> 20), format!("a workbook of at most {} MiB", limits.file >> 20));
        return Err(Refusal { found, wanted, hint: "split the export by month, or export it as CSV".into() });
    }
    Workbook::open(std::fs::read(path).map_err(unreadable)?.into(), limits)
}

/// The first rows of a sheet, among which its header is.
///
/// # Errors
/// A damaged sheet.
pub(crate) fn candidates(book: &mut Workbook, sheet: &str) -> Result<Vec<Candidate>, Refusal> {
    let mut found = Vec::new();
    book.rows(sheet, |row| {
        if u64::from(row.number) > HEADER_WITHIN {
            return ControlFlow::Break(());
        }
        let text = |cell: &Cell<'_>| if let Cell::Text(text) = cell { text.clone().into_owned() } else { String::new() };
        found.push(Candidate { row: u64::from(row.number), cells: row.cells.iter().map(text).collect() });
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

/// The events of a sheet, in batches.
pub(crate) fn mapped_sheet(path: PathBuf, digest: [u8; 32], mapped: Arc<Mapped>) -> Ahead<Batch> {
    Ahead::run(
        move |send| {
            if let Err(error) = read(&path, digest, &mapped, send) {
                send(Err(error));
            }
        },
        4,
    )
}

fn read(path: &Path, digest: [u8; 32], mapped: &Mapped, send: &dyn Fn(Batch) -> bool) -> io::Result<()> {
    let bytes: Arc<[u8]> = std::fs::read(path)?.into();
    if *blake3::hash(&bytes).as_bytes() != digest {
        return Err(io::Error::other("the file changed while it was being read"));
    }
    let refused = |refusal: Refusal| io::Error::other(refusal.found);
    let mut book = Workbook::open_again(bytes).map_err(refused)?;
    let sheet = mapped.sheet.as_deref().unwrap_or_default();
    let mut areas = Areas::new(book.merged(sheet).map_err(refused)?);
    let bound: &Bound = &mapped.bound;
    let mut applier = Applier::new(bound);
    let mut out = Vec::new();
    let mut taken = true;
    let result = book.rows(sheet, |row| {
        if u64::from(row.number) <= mapped.header_row {
            return ControlFlow::Continue(());
        }
        areas.go_to(row.number);
        for column in row.formulas.iter().filter_map(|c| usize::try_from(*c).ok()).filter(|c| bound.reads(*c)) {
            applier.remarks.formula(column, u64::from(row.number));
        }
        if row.cells.iter().any(|cell| !matches!(cell, Cell::Text(Cow::Borrowed(text)) if text.trim().is_empty())) {
            applier.row(bound, u64::from(row.number), &SheetCells { row, areas: &areas }, &mut out);
        }
        if out.len() >= BATCH {
            taken = send(Ok(std::mem::take(&mut out)));
        }
        if taken { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    applier.finish(bound, &mut out);
    mapped.remember(applier.remarks.told(|column| bound.column(column)));
    send(Ok(out));
    result.map_err(refused)
}
