//! People who use the interface: their accounts, how they prove who they are, their sessions, and what they did.
//! Nothing of it stands in the ledger but the names under acts.

pub(crate) mod accounts;
pub(crate) mod activity;
pub(crate) mod attempts;
pub(crate) mod bounds;
mod listed;
pub(crate) mod password;
pub(crate) mod rates;
pub(crate) mod secret;
pub(crate) mod sessions;
pub(crate) mod totp;
pub(crate) mod views;
pub(crate) mod waivers;
