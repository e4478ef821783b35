//! Mapping files: which column of a foreign spreadsheet is which field of which event, said in TOML and never guessed at import.
//! Refuses what would lose something: cells that cannot be read, names for ids, and columns that the file does not have.

mod bound;
mod clock;
mod conditions;
mod file;
mod files;
pub(crate) mod fit;
#[cfg(test)]
pub(crate) mod fuzz;
mod guess;
mod preview;
mod remarks;
mod rows;
mod rule;
mod sheet;
mod spelling;
mod table;
mod toml_value;
mod value;

pub use file::Mapping;
pub use guess::guess;
pub use preview::{Preview, PreviewRow, PreviewTable, preview};
pub(crate) use files::{csv, is_workbook, sheet_name, workbook};
pub(crate) use rows::{MappedCsv, in_order};
pub(crate) use sheet::mapped_sheet;
pub(crate) use fit::Mapped;
