//! Workbooks (XLSX, XLS, ODS) to rows of cells, each with its kind: what a cell holds, not what it is meant to say.
//! Refuses what would unpack or spread beyond its limits before a library reads it; knows no events, and never guesses a value.
#![forbid(unsafe_code)]

mod cell;
mod compound;
mod guard;
mod refusal;
mod tags;
mod workbook;

pub use cell::{Cell, Moment, Row, column_letters};
pub use guard::Limits;
pub use refusal::Refusal;
pub use workbook::{Container, Merged, Sheet, Workbook};
