//! PROS peer support without a supervisor who qualifies.
//!
//! ## What it finds
//! A PROS peer-support contact on a day on which nobody assigned as primary or co-supervisor is 512.4 professional staff, or a
//! peer with a full NYCPS or YPA and three years of direct peer service.
//!
//! ## Why it matters
//! The service may be offered only with suitable supervision in place; each contact stands on the supervisor of its day.
//!
//! ## Authority
//! [R] Staffing Qualifications for New Peer Support Service in PROS. The list there is read as alternatives.
//!
//! ## Evidence
//! Assignments open on the day in the contact's program; the supervisors' licences, permits, designations, credentials and days of
//! direct service. Which disciplines count is the table `disciplines`, to be verified against 14 NYCRR 512.4.
//!
//! ## What it does not find
//! A supervisor who lacks only the three years (PROS-SUP-02 says that instead). How often supervision took place.
//!
//! ## How to cure
//! Record the assignment, licence, designation or experience that covers the day, if there was one. Otherwise the contact earns no units.

use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict, staff};

use super::Supervised;

/// The rule.
pub const RULE: Rule = Rule {
    id: "PROS-SUP-01",
    title: "PROS peer support without a qualifying supervisor",
    authority: &[Citation::peer_role("Staffing Qualifications for New Peer Support Service in PROS", "must be supervised by a")],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Pros,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    let Some(start) = super::begun(case)? else { return Ok(Verdict::NotApplicable) };
    match super::supervised(case, p)? {
        Supervised::Yes => return Ok(Verdict::Met),
        Supervised::LacksExperience(_) => return Ok(Verdict::NotApplicable),
        Supervised::No => {}
    }
    let (view, day, c) = (case.view(), case.day(), case.contact());
    let assigned: Vec<_> = view.supervisors(c.peer, c.program, day).collect();
    let message = || {
        let mut names: Vec<&str> = assigned.iter().map(|row| view.history().person_name(row.value.supervisor)).collect();
        names.sort_unstable();
        names.dedup();
        let who = if names.is_empty() { "nobody was assigned".to_owned() } else { format!("{} did not qualify", names.join(", ")) };
        format!("PROS peer support on {day} by {} without a qualifying supervisor: {who}", case.peer_name())
    };
    super::breach(case, Class::Violation, start)
        .because(assigned.iter().map(|row| row.seq()))
        .because(assigned.iter().flat_map(|row| staff::lost_by(view, row.value.supervisor, day)))
        .lacks(view, || format!("a supervisor of {} who was 512.4 professional staff or an experienced peer on {day}", case.peer_name()))
        .say(view, message)
        .verdict()
}
