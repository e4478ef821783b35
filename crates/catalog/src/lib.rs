//! The rules themselves, one folder each, and the one list that is the registry.
//! Knows no storage and no output; every number it uses is a dated parameter.

pub mod coverage;
pub mod settings;
mod activity;
mod attendance;
mod due;
mod expected;
mod interval;
mod lived_experience;
mod staff_training;
pub mod late;
pub mod mhotrs_cred;
pub mod mhotrs_bill;
pub mod mhotrs_org;
pub mod mhotrs_plan;
pub mod mhotrs_scope;
pub mod mhotrs_set;
pub mod mhotrs_note;
pub mod mhotrs_pre;
pub mod mhotrs_sup;
pub mod work;
pub mod pros;
pub mod core;
pub mod sup_rec;
pub mod role;

use rules::{Rule, Table};

/// Every rule, in the order of the catalogue. Adding a rule is a folder and a line here.
pub const CATALOG: &[&Rule] = &[
    &work::work_01::RULE,
    &mhotrs_cred::cred_01::RULE,
    &mhotrs_cred::cred_02::RULE,
    &mhotrs_cred::cred_03::RULE,
    &mhotrs_cred::cred_04::RULE,
    &mhotrs_cred::cred_05::RULE,
    &mhotrs_cred::cred_06::RULE,
    &mhotrs_cred::cred_07::RULE,
    &mhotrs_cred::cred_10::RULE,
    &mhotrs_cred::cred_12::RULE,
    &mhotrs_cred::cred_13::RULE,
    &mhotrs_cred::cred_14::RULE,
    &mhotrs_cred::cred_15::RULE,
    &mhotrs_sup::sup_01::RULE,
    &mhotrs_sup::sup_03::RULE,
    &mhotrs_sup::sup_04::RULE,
    &mhotrs_sup::sup_05::RULE,
    &mhotrs_sup::sup_06::RULE,
    &mhotrs_sup::sup_08::RULE,
    &mhotrs_sup::sup_09::RULE,
    &mhotrs_sup::sup_10::RULE,
    &mhotrs_set::set_08::RULE,
    &mhotrs_set::set_09::RULE,
    &mhotrs_pre::pre_02::RULE,
    &mhotrs_pre::pre_03::RULE,
    &mhotrs_pre::pre_04::RULE,
    &mhotrs_pre::pre_05::RULE,
    &mhotrs_pre::pre_06::RULE,
    &mhotrs_pre::pre_07::RULE,
    &mhotrs_pre::pre_08::RULE,
    &mhotrs_pre::pre_09::RULE,
    &mhotrs_pre::pre_10::RULE,
    &mhotrs_pre::pre_12::RULE,
    &mhotrs_pre::pre_13::RULE,
    &mhotrs_org::team_01::RULE,
    &mhotrs_org::team_02::RULE,
    &mhotrs_org::team_03::RULE,
    &mhotrs_org::team_05::RULE,
    &mhotrs_org::team_06::RULE,
    &mhotrs_org::contr_03::RULE,
    &mhotrs_org::contr_04::RULE,
    &mhotrs_org::contr_05::RULE,
    &mhotrs_org::org_01::RULE,
    &mhotrs_org::org_02::RULE,
    &mhotrs_org::org_03::RULE,
    &mhotrs_org::org_04::RULE,
    &mhotrs_org::org_05::RULE,
    &mhotrs_org::org_06::RULE,
    &mhotrs_org::org_07::RULE,
    &mhotrs_org::org_08::RULE,
    &mhotrs_org::org_09::RULE,
    &mhotrs_org::org_10::RULE,
    &mhotrs_org::org_11::RULE,
    &mhotrs_org::org_12::RULE,
    &mhotrs_org::org_14::RULE,
    &mhotrs_org::org_15::RULE,
    &mhotrs_org::org_16::RULE,
    &mhotrs_org::org_18::RULE,
    &mhotrs_org::pol_01::RULE,
    &mhotrs_org::pol_02::RULE,
    &mhotrs_org::pol_03::RULE,
    &mhotrs_org::pol_04::RULE,
    &mhotrs_org::pol_05::RULE,
    &mhotrs_org::pol_06::RULE,
    &mhotrs_plan::plan_01::RULE,
    &mhotrs_plan::plan_02::RULE,
    &mhotrs_plan::plan_03::RULE,
    &mhotrs_plan::plan_04::RULE,
    &mhotrs_plan::plan_05::RULE,
    &mhotrs_note::note_01::RULE,
    &mhotrs_note::note_02::RULE,
    &mhotrs_note::note_03::RULE,
    &mhotrs_note::note_04::RULE,
    &mhotrs_note::note_05::RULE,
    &mhotrs_scope::scope_00::RULE,
    &mhotrs_scope::scope_01::RULE,
    &mhotrs_scope::scope_02::RULE,
    &mhotrs_scope::scope_03::RULE,
    &mhotrs_scope::scope_04::RULE,
    &mhotrs_bill::bill_02::RULE,
    &mhotrs_bill::bill_04::RULE,
    &mhotrs_bill::bill_05::RULE,
    &mhotrs_bill::bill_07::RULE,
    &mhotrs_bill::bill_08::RULE,
    &mhotrs_bill::bill_10::RULE,
    &mhotrs_bill::bill_11::RULE,
    &mhotrs_bill::bill_13::RULE,
    &mhotrs_bill::bill_14::RULE,
    &late::late_01::RULE,
    &pros::gen_01::RULE,
    &pros::staff_01::RULE,
    &pros::staff_02::RULE,
    &pros::sup_01::RULE,
    &pros::sup_02::RULE,
    &pros::irp_01::RULE,
    &pros::svc_01::RULE,
    &pros::team_01::RULE,
    &pros::team_02::RULE,
    &pros::svc_02::RULE,
    &pros::svc_03::RULE,
    &pros::role_04::RULE,
    &core::staff_01::RULE,
    &core::staff_02::RULE,
    &core::mod_01::RULE,
    &core::mod_02::RULE,
    &core::svc_01::RULE,
    &core::svc_02::RULE,
    &core::svc_03::RULE,
    &core::int_04::RULE,
    &core::int_05::RULE,
    &core::int_06::RULE,
    &sup_rec::rec_01::RULE,
    &sup_rec::rec_02::RULE,
    &sup_rec::rec_03::RULE,
    &sup_rec::cps_01::RULE,
    &sup_rec::cps_02::RULE,
    &sup_rec::cps_03::RULE,
    &sup_rec::cps_04::RULE,
    &sup_rec::ypa_01::RULE,
    &sup_rec::ypa_02::RULE,
    &sup_rec::ypa_03::RULE,
    &sup_rec::rec_04::RULE,
    &sup_rec::rec_05::RULE,
    &sup_rec::rec_07::RULE,
    &sup_rec::rec_08::RULE,
    &role::val_01::RULE,
];

/// Parameters that several rules share.
pub const TABLES: &[Table] = &[
    Table { name: "disciplines", params: include_str!("tables/disciplines.toml") },
    Table { name: "issuers", params: include_str!("tables/issuers.toml") },
    Table { name: "rate_codes", params: include_str!("tables/rate_codes.toml") },
    Table { name: "components", params: include_str!("tables/components.toml") },
    Table { name: "activities", params: include_str!("tables/activities.toml") },
    Table { name: "units", params: include_str!("tables/units.toml") },
    Table { name: "crpa", params: include_str!("tables/crpa.toml") },
    Table { name: "supervising_peer", params: include_str!("tables/supervising_peer.toml") },
    Table { name: "core_units", params: include_str!("tables/core_units.toml") },
];
