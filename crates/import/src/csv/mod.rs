//! CSV: one file per event type under a header of field names, a claim spread over rows of the same `claim`.
//! Guesses neither types nor columns: what the header does not say exactly is a problem with a hint.

mod cells;
mod claims;
mod columns;
mod records;
mod rows;

pub(crate) use cells::to_cell;
pub(crate) use columns::{nested, possible};
pub(crate) use rows::CsvRows;
