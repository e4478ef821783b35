//! The rules themselves, one folder each, and the one list that is the registry.
//! Knows no storage and no output; every number it uses is a dated parameter.

pub mod mhotrs_cred;

use rules::{Rule, Table};

/// Every rule, in the order of the catalogue. Adding a rule is a folder and a line here.
pub const CATALOG: &[&Rule] = &[
    &mhotrs_cred::cred_01::RULE,
    &mhotrs_cred::cred_03::RULE,
    &mhotrs_cred::cred_05::RULE,
    &mhotrs_cred::cred_06::RULE,
    &mhotrs_cred::cred_10::RULE,
    &mhotrs_cred::cred_12::RULE,
    &mhotrs_cred::cred_13::RULE,
    &mhotrs_cred::cred_15::RULE,
];

/// Parameters that several rules share.
pub const TABLES: &[Table] = &[
    Table { name: "disciplines", params: include_str!("tables/disciplines.toml") },
    Table { name: "issuers", params: include_str!("tables/issuers.toml") },
    Table { name: "rate_codes", params: include_str!("tables/rate_codes.toml") },
    Table { name: "components", params: include_str!("tables/components.toml") },
    Table { name: "activities", params: include_str!("tables/activities.toml") },
    Table { name: "crpa", params: include_str!("tables/crpa.toml") },
    Table { name: "supervising_peer", params: include_str!("tables/supervising_peer.toml") },
];
