//! MHOTRS peer contact without supervision by professional staff.
//!
//! ## What it finds
//! A contact on a day on which nobody assigned to the peer in that program, as primary or co-supervisor, was professional staff in
//! the sense of 14 NYCRR 599.4.
//!
//! ## Why it matters
//! Supervision by professional staff is part of the definition of every qualified peer. A supervisor's licence that lapses unnoticed
//! takes every contact of every supervised peer with it.
//!
//! ## Authority
//! [G] Qualified Individuals, the item on supervision in each of the three lists. Neither frequency nor form is stated; an open
//! assignment on the day is our reading.
//!
//! ## Evidence
//! Assignments and their ends, the supervisor's licences and permits, and designations as professional staff, all on the day of the
//! contact. The last day of an assignment is covered, the day a licence ends is not. Disciplines are in the table `disciplines`.
//!
//! ## What it does not find
//! Any discipline in the table will do, and a permit will; the supervisor need not be a peer (MHOTRS-SUP-02). A certified peer who is
//! not professional staff does not satisfy it, nor does an assignment of kind `in_discipline`. Whether the supervisor was engaged,
//! and whether sessions were held, is not asked.
//!
//! ## Soft spots
//! In one place any professional staff may supervise, in another peer professional staff should where possible: the first binds,
//! the second is a preference and never a violation. The list of 599.4 is in the regulation, not in the guidance: it is a dated
//! table here, to be verified.
//!
//! ## How to cure
//! Record the assignment, licence renewal or designation that covers the day, if there was one. Otherwise the contact cannot be
//! billed: assign somebody qualified from today, and void or repay the claims of the gap.

use domain::Seq;
use domain::words::RegulationPart;
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict, staff};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-SUP-01",
    title: "peer contact without supervision by professional staff",
    authority: &[Citation::mhotrs(
        "Peer Support Services > Qualified Individuals who may provide Peer Support Services include",
        "Are supervised by any professional staff as defined in 599.4",
    )],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    let (view, day, contact) = (case.view(), case.day(), case.contact());
    let mut assigned = Vec::new();
    let mut shown_by: Vec<Seq> = Vec::new();
    for assignment in view.supervisors(contact.peer, contact.program, day) {
        let supervisor = assignment.value.supervisor;
        if staff::professional_staff(view, p, supervisor, RegulationPart::Mhotrs, day)?.is_some() {
            return Ok(Verdict::Met);
        }
        assigned.push(view.history().person_name(supervisor));
        shown_by.push(assignment.seq());
        shown_by.extend(view.licences(supervisor, day).filter_map(|licence| licence.why.row()).map(|row| row.seq()));
    }
    let message = || {
        let peer = case.peer_name();
        let program = view.history().program_name(contact.program);
        if assigned.is_empty() {
            return format!("contact on {day} by {peer}, to whom no supervisor was assigned in {program}");
        }
        format!("contact on {day} by {peer}, supervised in {program} by {}, not professional staff on that day", assigned.join(" and "))
    };
    case.breach(Class::Violation)
        .because(shown_by)
        .lacks(view, || format!("a supervisor of {} on {day} who is professional staff (14 NYCRR 599.4)", case.peer_name()))
        .say(view, message)
        .verdict()
}
