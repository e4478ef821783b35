//! Staff or supervisors with no training on peer roles.
//!
//! ## What it finds
//! A program with MHOTRS peer contacts where some of the staff and supervisors have no training on peer roles on record and have had longer
//! for it than the agency allows (by default 90 days after they began there, or after the first peer contact of the program, if that was
//! later). It is one finding for the program and names them.
//!
//! ## Why it matters
//! Training on what peers are for should be required of everybody concerned, supervisors included.
//!
//! ## Authority
//! [G] Integrating Peers. The number is agency policy, and so is that once is enough: the guidance has neither.
//!
//! ## Evidence
//! People engaged in the program, in a role of the list, and not separated since; courses they completed and staff trainings of the program
//! they attended, by topic or course. Topics: `peer_roles`, `roles`. Courses: `APS-WHAT-IS-PEER-SUPPORT`, `APS-SUPERVISION-OF-PEER-STAFF`.
//! It looks at programs registered as MHOTRS or of no known kind, from their first MHOTRS peer contact on; a program without peer contacts
//! is never asked.
//!
//! ## What it does not find
//! People whose engagement is not on record. How long ago the training was.
//!
//! ## How to cure
//! Record the trainings that were had. Set `MHOTRS-ORG-09.days` to your own policy.

use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{ProgramKey, View};

use crate::staff_training::untrained;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-ORG-09",
    title: "staff or supervisors with no training on peer roles",
    authority: &[
        Citation::mhotrs("Integrating Peers", "Training should be required of all relevant agency staff and supervisors"),
        Citation::agency("Training", "how long a new colleague has for it"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Program(check),
};

fn check(view: &View<'_>, program: ProgramKey, p: &Params<'_>) -> Checked {
    untrained(view, program, p, "peer roles")
}
