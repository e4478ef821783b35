//! The rows of a CSV file of any columns, by a mapping, to events.
//! Holds one record; what stands above the header is passed over, and a row cut short is that row's problem.

use std::io::{self, Read};
use std::sync::Arc;

use domain::field::{FieldProblem, Mismatch};

use crate::batches::{BATCH, Batch, Parsed};
use crate::csv::{Next, Records, broken, wrong_width};
use crate::format::Separator;
use crate::mapping::bound::{Applier, Bound};
use crate::mapping::fit::Mapped;
use crate::mapping::value::TextCells;

/// The events of a CSV file, in batches.
pub(crate) struct MappedCsv<R> {
    records: Records<R>,
    mapped: Arc<Mapped>,
    applier: Applier,
    past_header: bool,
    ended: bool,
}

impl<R: Read> MappedCsv<R> {
    pub(crate) fn new(reader: R, separator: Separator, mapped: Arc<Mapped>) -> Self {
        Self { records: Records::new(reader, separator), applier: Applier::new(&mapped.bound), mapped, past_header: false, ended: false }
    }

    fn batch(&mut self) -> io::Result<Vec<Parsed>> {
        let mapped = Arc::clone(&self.mapped);
        let bound: &Bound = &mapped.bound;
        let mut out = Vec::with_capacity(BATCH);
        while out.len() < BATCH && !self.ended {
            match self.records.next_record()? {
                Next::End => {
                    self.ended = true;
                    self.applier.finish(bound, &mut out);
                    mapped.remember(self.applier.remarks.told(|column| bound.column(column)));
                }
                Next::Broken { line, what } => {
                    if self.past_header {
                        out.push(Parsed::refused(line, broken(&what)));
                    }
                }
                Next::Record { line, cells } => self.record(line, cells, bound, &mut out),
            }
        }
        Ok(out)
    }

    fn record(&mut self, line: u64, count: usize, bound: &Bound, out: &mut Vec<Parsed>) {
        if !self.past_header {
            self.past_header = line == self.mapped.header_row;
            return;
        }
        let Some(cells) = self.records.cells(count) else {
            let mismatch = Mismatch::new("bytes that are not UTF-8", "UTF-8 text");
            return out.push(Parsed::refused(line, FieldProblem { field: String::new(), mismatch }));
        };
        if cells.is_blank() {
            return;
        }
        if cells.len() != bound.width() {
            return out.push(Parsed::refused(line, wrong_width(cells.len(), bound.width(), self.records.ended_without_newline())));
        }
        self.applier.row(bound, line, &TextCells(cells), out);
    }
}

impl<R: Read> Iterator for MappedCsv<R> {
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

/// All events at once, by `recorded_at`, as only a simulated ledger has them: one row may tell of things recorded long apart.
pub(crate) fn in_order(batches: impl Iterator<Item = Batch>) -> impl Iterator<Item = Batch> {
    let mut batches = Some(batches);
    std::iter::from_fn(move || {
        let mut all = Vec::new();
        for batch in batches.take()? {
            match batch {
                Ok(batch) => all.extend(batch),
                Err(error) => return Some(Err(error)),
            }
        }
        all.sort_by_key(|parsed| parsed.result.as_ref().ok().and_then(|draft| draft.recorded_at));
        Some(Ok(all))
    })
}
