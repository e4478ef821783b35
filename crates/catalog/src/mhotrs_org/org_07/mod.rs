//! Peer support without a definition of the peer role.
//!
//! ## What it finds
//! A program that has given peer support for longer than the agency allows for it (by default 90 days) with no definition of the peer role
//! on record.
//!
//! ## Why it matters
//! Roles and responsibilities of peers are to be clearly defined and given to everybody concerned, so that peers are not used for something
//! else.
//!
//! ## Authority
//! [G] Integrating Peers: a recommendation. The number is agency policy: the guidance has none.
//!
//! ## Evidence
//! Records of the organization of kind `role_definition`, whenever recorded, and the peer contacts of the program. It looks at programs
//! registered as MHOTRS or of no known kind, from their first MHOTRS peer contact on; a program without peer contacts is never asked.
//!
//! ## What it does not find
//! What the definition says, and whether everybody read it.
//!
//! ## How to cure
//! Record the definition in use, the day it was handed out and to whom. Set `MHOTRS-ORG-07.days` to your own policy.

use domain::words::OrganizationRecord;
use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{ProgramKey, View};

use crate::expected::{Often, record};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-ORG-07",
    title: "peer support without a definition of the peer role",
    authority: &[
        Citation::mhotrs("Integrating Peers", "clearly define Peer Specialists/Advocates' roles and responsibilities"),
        Citation::agency("Organization", "how long the program has for it"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Program(check),
};

fn check(view: &View<'_>, program: ProgramKey, p: &Params<'_>) -> Checked {
    record(view, program, p, (OrganizationRecord::RoleDefinition, Often::Once), |_| true, "definition of the peer role")
}
