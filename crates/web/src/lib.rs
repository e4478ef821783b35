//! The web interface: pages of what `audit` answers, and acts put on record; it listens on loopback unless told otherwise.
//! Computes nothing that `audit` answers, reads no clock of its own, and waits for no scan while somebody appends.
#![forbid(unsafe_code)]
// What is told to whoever runs the service goes through one door, `Settings::tell`, and names nobody who is on record.
#![cfg_attr(not(test), deny(clippy::print_stdout, clippy::print_stderr))]

mod roles;
mod people;
mod trouble;
mod query;
mod multipart;
mod shelf;
mod uploads;
mod params;
mod paging;
mod veils;
mod marks;
mod state;
mod visit;
mod answer;
mod links;
mod layout;
mod kept;
mod routes;
mod api;
mod pages;
#[cfg(feature = "oidc")]
mod sign_in;
mod entry;
mod dispatch;
mod asked;
mod tls;
mod server;
#[cfg(test)]
mod tests;

pub use asked::{read_form, read_query, read_segment};
pub use people::accounts::{Account, AccountError, Accounts, Newcomer};
pub use people::bounds::Bounds;
pub use people::secret::NoChance;
pub use roles::Role;
pub use server::{Clock, ServeError, Settings, Tell, serve};
pub use tls::CertificateFiles;
