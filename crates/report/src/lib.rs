//! What `audit` answers, as documents that print, open in a spreadsheet or feed a program: HTML, CSV, XLSX and JSON from one description.
//! Computes nothing and reads nothing; every document says which ledger, size, root, rules, cut and day it is of.
#![forbid(unsafe_code)]

pub mod stamp;
pub mod document;
pub mod veil;
pub mod html;
pub mod csv;
pub mod json;
pub mod xlsx;
pub mod figure;
pub mod of;

pub use document::{Block, Cell, Column, Document, Table, Thing};
pub use stamp::Stamp;
pub use veil::Veil;
