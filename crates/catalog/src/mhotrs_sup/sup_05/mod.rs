//! No policy that puts recovery values and trauma-informed practice into supervision.
//!
//! ## What it finds
//! A program that has given peer support for longer than the agency allows (by default 90 days), has policies on record, and none in force
//! that names the topic. Topics looked for: policy on recovery values in supervision: any of `recovery_values`, `recovery_principles`;
//! policy on trauma-informed supervision: any of `trauma_informed`, `trauma_informed_supervision`.
//!
//! ## Why it matters
//! Recovery values and principles and trauma-informed practice must be embedded in supervision. No single session or contact can show it; a
//! policy can.
//!
//! ## Authority
//! [G] Supervision: it says must and gives no measure, so it is asked of the program and never of a contact. The number of days is agency
//! policy.
//!
//! ## Evidence
//! Adopted policies of the program, their topics and their ends. A policy counts until the day it was retired, whenever it was adopted. It
//! looks at programs registered as MHOTRS or of no known kind, from their first MHOTRS peer contact on; a program without peer contacts is
//! never asked.
//!
//! ## What it does not find
//! Single supervision sessions, and what was said in them. Programs with no policy on record at all: MHOTRS-POL-01 speaks there.
//!
//! ## How to cure
//! Record the policy with its topics, or correct the topics of the one on record. Set `MHOTRS-SUP-05.days` to your own policy.

use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{ProgramKey, View};

use crate::expected::policy;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-SUP-05",
    title: "no policy that puts recovery values and trauma-informed practice into supervision",
    authority: &[
        Citation::mhotrs("Supervision", "must be embedded in the supervision practice"),
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
    policy(view, program, p, &[("values", "policy on recovery values in supervision"), ("trauma", "policy on trauma-informed supervision")])
}
