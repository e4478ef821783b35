//! Whole-product tests, one target: the binary as people and scripts use it.
//! Nothing here looks inside a crate that the command line does not show.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod command;
mod conformance;
mod bad_input;
mod one_writer;
mod simulator;
mod riverbend;
mod rebuild;
mod first_hour;
mod changes;
mod tidy;
mod worklist;
