//! PROS peer support dated before the service existed.
//!
//! ## What it finds
//! A contact recorded as PROS peer support on a day before the one the agency has set as the beginning of the service.
//!
//! ## Why it matters
//! The redesign made an entirely new service. What peers did in PROS before it may have been good work, but it was another service and
//! cannot be counted as this one.
//!
//! ## Authority
//! [R] Adding Peer Support Services to the CRS Component. The deck gives no date, so there is no default: the setting
//! `pros.pss_effective_on` says it.
//!
//! ## Evidence
//! The contact and the setting as last set. Until it is set every PROS rule is not evaluated.
//!
//! ## What it does not find
//! Other services that peers give in PROS, credentialed or not: nothing here is asked of them.
//!
//! ## Soft spots
//! The deck announces the service for the redesign of 2025 without a date. Nothing is guessed: the agency sets it, and should
//! verify it with OMH.
//!
//! ## How to cure
//! Correct the service of the contact if it was another one, or the setting if the date is wrong. Otherwise take back the units.

use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "PROS-GEN-01",
    title: "PROS peer support before the service existed",
    authority: &[Citation::peer_role("Adding Peer Support Services to the CRS Component", "all new Peer Support Service")],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Pros,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, _: &Params<'_>) -> Checked {
    let start = super::start(case.view())?;
    if start.day <= case.day() {
        return Ok(Verdict::Met);
    }
    let message = || format!("PROS peer support on {} by {}, before the service began on {}", case.day(), case.peer_name(), start.day);
    super::breach(case, Class::Violation, start).say(case.view(), message).verdict()
}
