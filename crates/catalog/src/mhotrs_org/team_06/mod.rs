//! No policy on collaboration in the team.
//!
//! ## What it finds
//! A program that has given peer support for longer than the agency allows (by default 90 days), has policies on record, and none in force
//! that names the topic. Topics looked for: policy on collaboration in the team: any of `collaboration`, `team_collaboration`.
//!
//! ## Why it matters
//! Strong collaboration should not depend on who is on duty: agencies are told to set policies and practices for it.
//!
//! ## Authority
//! [G] Multidisciplinary Team Approach: agencies should establish them. The number of days is agency policy.
//!
//! ## Evidence
//! Adopted policies of the program, their topics and their ends. A policy counts until the day it was retired, whenever it was adopted. It
//! looks at programs registered as MHOTRS or of no known kind, from their first MHOTRS peer contact on; a program without peer contacts is
//! never asked.
//!
//! ## What it does not find
//! The practice itself. Programs with no policy on record at all: MHOTRS-POL-01 speaks there.
//!
//! ## How to cure
//! Record the policy with its topics, or correct the topics of the one on record. Set `MHOTRS-TEAM-06.days` to your own policy.

use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{ProgramKey, View};

use crate::expected::policy;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-TEAM-06",
    title: "no policy on collaboration in the team",
    authority: &[
        Citation::mhotrs("Multidisciplinary Team Approach", "establish policies and practices to ensure strong collaboration"),
        Citation::agency("Policies", "how long a program has to adopt it"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Program(check),
};

fn check(view: &View<'_>, program: ProgramKey, p: &Params<'_>) -> Checked {
    policy(view, program, p, &[("topics", "policy on collaboration in the team")])
}
