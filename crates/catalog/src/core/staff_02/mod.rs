//! CORE peer support without a supervisor, or with one whose qualification is not on record.
//!
//! ## What it finds
//! A CORE peer-support contact on a day on which nobody is assigned to the peer as primary or co-supervisor (violation), or somebody is
//! but none is recorded as a qualified supervisor, is 599.4 professional staff, or is an experienced peer as in PROS-SUP-01 (documentation).
//!
//! ## Why it matters
//! The service is delivered under a qualified supervisor. The deck does not say who qualifies, so an unknown basis is a gap in the record
//! and not a violation.
//!
//! ## Authority
//! [R] Staffing Qualifications (CORE).
//!
//! ## Evidence
//! Assignments open on the day in the contact's program, and what is known of the supervisors on that day.
//!
//! ## What it does not find
//! How often supervision took place. Whether the recorded basis of a qualification is one that OMH accepts.
//!
//! ## Soft spots
//! The deck asks for a qualified supervisor and does not say who that is. Whoever would do in MHOTRS or PROS is taken, and whoever
//! the agency has recorded as qualified; an assigned supervisor of neither kind is a documentation finding, not a violation.
//!
//! ## How to cure
//! Record the assignment, or the supervisor's qualification with its basis and first day.

use domain::words::RegulationPart;
use rules::staff::{self, SupervisingPeer};
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "CORE-STAFF-02",
    title: "CORE peer support without a supervisor known to qualify",
    authority: &[Citation::peer_role("Staffing Qualifications (CORE)", "under the supervision of a qualified supervisor")],
    classes: &[Class::Violation, Class::Documentation],
    version: 1,
    scope: Scope::Core,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    let (view, day, c) = (case.view(), case.day(), case.contact());
    let assigned: Vec<_> = view.supervisors(c.peer, c.program, day).collect();
    for row in &assigned {
        let supervisor = row.value.supervisor;
        let qualifies = view.supervisor_qualification(supervisor, day).is_some()
            || staff::professional_staff(view, p, supervisor, RegulationPart::Mhotrs, day)?.is_some()
            || staff::supervising_peer(view, p, supervisor, day)? == SupervisingPeer::Yes;
        if qualifies {
            return Ok(Verdict::Met);
        }
    }
    if assigned.is_empty() {
        return case
            .breach(Class::Violation)
            .lacks(view, || format!("a supervisor assigned to {} on {day}", case.peer_name()))
            .say(view, || format!("CORE peer support on {day} by {}, to whom no supervisor was assigned", case.peer_name()))
            .verdict();
    }
    let message = || {
        let mut names: Vec<&str> = assigned.iter().map(|row| view.history().person_name(row.value.supervisor)).collect();
        names.sort_unstable();
        names.dedup();
        format!(
            "CORE peer support on {day} by {}, supervised by {}, for whom no qualification is on record",
            case.peer_name(),
            names.join(", ")
        )
    };
    case.breach(Class::Documentation)
        .because(assigned.iter().map(|row| row.seq()))
        .because(assigned.iter().flat_map(|row| staff::lost_by(view, row.value.supervisor, day)))
        .lacks(view, || format!("what qualified a supervisor of {} on {day}", case.peer_name()))
        .say(view, message)
        .verdict()
}
