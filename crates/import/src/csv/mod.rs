//! CSV: one file per event type under a header of field names, a claim spread over rows of the same `claim`.
//! Guesses neither types nor columns: what the header does not say exactly is a problem with a hint.

mod cells;
mod claims;
mod columns;
#[cfg(test)]
mod fuzz;
mod records;
mod rows;

pub(crate) use cells::{held as held_cell, read as read_cell_text, to_cell};
pub(crate) use claims::{Claims, Row};
pub(crate) use columns::{Column, nested, possible};
pub(crate) use records::{Cells, Next, Records};
pub(crate) use rows::{CsvRows, broken, wrong_width};
