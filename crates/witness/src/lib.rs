//! A witness of transparency logs (C2SP tlog-witness v1.0.0): it remembers the largest checkpoint of each log it knows and cosigns only what
//! continues it. It refuses to know what any log is about, to read a clock, and to answer before what it answered is durable.
//!
//! Read the modules in this order: rules (what is answered to what), state (what is remembered, and how it survives), keeper (both together, one
//! request of a log at a time), key (the witness's own key file), server (HTTP), client (how a log reaches a witness or a time stamping authority).

mod client;
mod error;
mod keeper;
mod key;
mod rules;
mod server;
mod state;

pub use client::{Reply, post};
pub use error::WitnessError;
pub use keeper::{Answer, Clock, Keeper};
pub use key::{create_key, read_key};
pub use rules::{Logs, Refusal};
pub use server::serve;
pub use state::{Cosigned, State};
