//! No policy on trauma-informed or on culturally and linguistically competent service.
//!
//! ## What it finds
//! A program that has given peer support for longer than the agency allows (by default 90 days), has policies on record, and none in force
//! that names the topic. Topics looked for: policy on trauma-informed service: any of `trauma_informed`, `trauma_informed_care`; policy on
//! cultural and linguistic competence: any of `cultural_competence`, `language_access`, `cultural_and_linguistic_competence`.
//!
//! ## Why it matters
//! Services are to be trauma-informed and culturally and linguistically competent. What a contact was like is no matter of a ledger; that
//! there is a policy is.
//!
//! ## Authority
//! [G] Peer Support Services in Adult Serving MHOTRS Programs: how services are to be given; no policy is asked for in so many words. The
//! number of days is agency policy.
//!
//! ## Evidence
//! Adopted policies of the program, their topics and their ends. A policy counts until the day it was retired, whenever it was adopted. It
//! looks at programs registered as MHOTRS or of no known kind, from their first MHOTRS peer contact on; a program without peer contacts is
//! never asked.
//!
//! ## What it does not find
//! Any single contact. Programs with no policy on record at all: MHOTRS-POL-01 speaks there.
//!
//! ## How to cure
//! Record the policy with its topics, or correct the topics of the one on record. Set `MHOTRS-SET-08.days` to your own policy.

use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{ProgramKey, View};

use crate::expected::policy;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-SET-08",
    title: "no policy on trauma-informed or on culturally and linguistically competent service",
    authority: &[
        Citation::mhotrs(
            "Peer Support Services in Adult Serving MHOTRS Programs",
            "trauma informed, culturally and linguistically competent manner",
        ),
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
    let topics = [("trauma", "policy on trauma-informed service"), ("culture", "policy on cultural and linguistic competence")];
    policy(view, program, p, &topics)
}
