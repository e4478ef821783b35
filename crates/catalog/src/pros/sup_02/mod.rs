//! PROS peer support under a peer supervisor who lacks only the three years.
//!
//! ## What it finds
//! A contact that PROS-SUP-01 would find, when some supervisor of the day has a full NYCPS or YPA active and lacks nothing but three
//! years of direct peer service.
//!
//! ## Why it matters
//! The way for peers to supervise peers asks for at least three years of direct peer support. It is told apart from PROS-SUP-01 because
//! its cure is usually a record of earlier work.
//!
//! ## Authority
//! [R] Staffing Qualifications for New Peer Support Service in PROS.
//!
//! ## Evidence
//! The supervisor's credential and every recorded stretch of direct peer service up to the day, first and last day included, each day
//! counted once. Work before certification counts.
//!
//! ## What it does not find
//! Whether the experience is evidenced by a document: recorded is enough here.
//!
//! ## How to cure
//! Record the earlier direct peer service of the supervisor, or the assignment of somebody who qualified on the day.

use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

use super::Supervised;

/// The rule.
pub const RULE: Rule = Rule {
    id: "PROS-SUP-02",
    title: "PROS peer supervisor without three years of direct peer service",
    authority: &[Citation::peer_role(
        "Staffing Qualifications for New Peer Support Service in PROS",
        "at least three years of direct experience providing peer support services",
    )],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Pros,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    let Some(start) = super::begun(case)? else { return Ok(Verdict::NotApplicable) };
    let assignment = match super::supervised(case, p)? {
        Supervised::Yes => return Ok(Verdict::Met),
        Supervised::No => return Ok(Verdict::NotApplicable),
        Supervised::LacksExperience(row) => row,
    };
    let (view, day) = (case.view(), case.day());
    let supervisor = assignment.value.supervisor;
    let name = view.history().person_name(supervisor);
    let wanted = p.int("supervising_peer.direct_service_days", day)?;
    let message = || {
        let has = view.direct_service_days(supervisor, day);
        format!(
            "PROS peer support on {day} by {}, supervised by {name} with {has} of {wanted} days of direct peer service",
            case.peer_name()
        )
    };
    super::breach(case, Class::Violation, start)
        .because([assignment.seq()])
        .lacks(view, || format!("{wanted} days of direct peer service of {name} by {day}"))
        .say(view, message)
        .verdict()
}
