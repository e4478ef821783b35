//! Whole-product tests, one target: the binary as people and scripts use it.
//! Nothing here looks inside a crate that the command line does not show, except where the engine stands against a model of it:
//! `simulator`, `as_of` and `detectable`.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod command;
mod conformance;
mod bad_input;
mod one_writer;
mod beside_writers;
mod simulator;
mod supply_chain;
mod riverbend;
mod samples;
mod attacks;
mod backup;
mod rebuild;
mod review;
mod second_verifier;
mod browser_verifier;
mod cosigned_packs;
mod first_hour;
mod kills;
mod old_ledgers;
mod drop_folder;
mod fhir;
mod schema;
mod evidence_outside;
mod timestamps;
mod world;
mod as_of;
mod detectable;
mod goes_on;
mod wrong_century;
mod mapping;
mod explained;
mod erasure;
mod changes;
mod gate;
mod tidy;
mod worklist;
mod packs;
mod papers;
mod pages;
mod x12;
mod unattended;
mod nights;
mod clocks;
mod deployed;
#[path = "../crates/notify/tests/http_receiver/mod.rs"]
#[allow(dead_code, reason = "its own tests misbehave in more ways")]
mod http_receiver;
#[path = "../crates/notify/tests/smtp_sink/mod.rs"]
#[allow(dead_code, reason = "its own tests misbehave in more ways")]
mod smtp_sink;
