//! Pages, one file each: they ask the desk, choose words, and give a sheet.
//! None reads the ledger by itself.

pub(crate) mod activity;
pub(crate) mod assets;
pub(crate) mod as_of;
pub(crate) mod decide;
pub(crate) mod finding;
pub(crate) mod findings;
pub(crate) mod home;
pub(crate) mod import;
pub(crate) mod ledger;
pub(crate) mod login;
pub(crate) mod money;
pub(crate) mod packs;
pub(crate) mod people;
pub(crate) mod programs;
pub(crate) mod rules;
pub(crate) mod scans;
pub(crate) mod service;
pub(crate) mod settings;
pub(crate) mod supervision;
pub(crate) mod trails;
pub(crate) mod views;
