//! What is told to machines and mailboxes after a night's scan: Prometheus metrics, a signed webhook, a mail digest.
//! Knows counts and links only: no type here can hold the name or identifier of a person, a contact, a claim or a finding.
#![forbid(unsafe_code)]

pub mod error;
pub mod tidings;
pub mod wording;
pub mod settings;
pub mod secret;
pub mod durable;
pub mod textfile;
pub mod webhook;
pub mod mail;
pub mod outbox;
pub mod delivery;

pub use delivery::{Delivered, Surroundings, deliver};
pub use error::NotifyError;
pub use outbox::{Channel, Outbox};
pub use secret::Secrets;
pub use settings::Settings;
pub use tidings::Tidings;
