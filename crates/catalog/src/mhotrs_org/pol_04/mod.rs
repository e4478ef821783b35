//! Policies that say nothing on how peer support is incorporated.
//!
//! ## What it finds
//! A program that has given peer support for longer than the agency allows (by default 90 days), has policies on record, and none in force
//! that names the topic. Topics looked for: policy on how peer support is incorporated: any of `incorporation`, `integration`.
//!
//! ## Why it matters
//! The guidance names what policies on peer support may cover. One that leaves this out leaves it to habit.
//!
//! ## Authority
//! [G] Policies and Procedures: what the policies may cover; nothing is required of them there. The number of days is agency policy.
//!
//! ## Evidence
//! Adopted policies of the program, their topics and their ends. A policy counts until the day it was retired, whenever it was adopted. It
//! looks at programs registered as MHOTRS or of no known kind, from their first MHOTRS peer contact on; a program without peer contacts is
//! never asked.
//!
//! ## What it does not find
//! What the policy says. Programs with no policy on record at all: MHOTRS-POL-01 speaks there.
//!
//! ## How to cure
//! Record the policy with its topics, or correct the topics of the one on record. Set `MHOTRS-POL-04.days` to your own policy.

use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{ProgramKey, View};

use crate::expected::policy;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-POL-04",
    title: "policies that say nothing on how peer support is incorporated",
    authority: &[
        Citation::mhotrs("Policies and Procedures", "how to incorporate providing Peer Support Services"),
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
    policy(view, program, p, &[("topics", "policy on how peer support is incorporated")])
}
