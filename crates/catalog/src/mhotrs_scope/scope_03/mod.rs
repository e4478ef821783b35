//! Youth contact without a component of any list.
//!
//! ## What it finds
//! A youth peer contact with no component recorded, or with one that stands in no list of components.
//!
//! ## Why it matters
//! The component says which part of peer support was given. Without it nobody can tell that it was peer support at all.
//!
//! ## Authority
//! [G] Service Components of youth peer support. They are five: skill building, coaching, engagement and bridging, self-advocacy and empowerment, community connections.
//!
//! ## Evidence
//! The component of the contact and the lists in force on its day.
//!
//! ## What it does not find
//! A component of another peer type's list (MHOTRS-SCOPE-00). Activities (MHOTRS-SET-09, MHOTRS-ORG-18).
//!
//! ## Soft spots
//! The guidance calls its lists open, the deck says that services must lie within scope. A component in no list is a documentation
//! finding to look at.
//!
//! ## How to cure
//! Correct the contact with the component that was given.

use domain::words::Service;
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-SCOPE-03",
    title: "youth contact without a component of any list",
    authority: &[Citation::mhotrs(
        "Youth Peer Support Services > Service Components",
        "emphasize the opportunity for the youth to expand the skills",
    )],
    classes: &[Class::Documentation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    super::component_in_a_list(case, p, Service::MhotrsYouthPeer)
}
