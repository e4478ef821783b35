//! Documents of what `audit` answers, one file a kind.
//! Words and order are chosen here; nothing is computed.

pub mod home;
pub mod findings;
pub mod finding;
pub mod scans;
pub mod rules;
pub mod ledger;
mod time;
pub mod person;
pub mod individual;
pub mod program;
pub mod session;
pub mod trail;
pub mod money;
pub mod visit;
pub mod supervision;
pub mod checklist;
pub mod pack;
pub mod settings;
pub mod intake;
