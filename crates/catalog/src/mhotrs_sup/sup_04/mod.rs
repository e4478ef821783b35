//! No supervisor of the peers is a peer.
//!
//! ## What it finds
//! A program with MHOTRS peer contacts and assigned supervisors, none of whom is both a credentialed peer and professional staff under 14
//! NYCRR 599.4 on the evaluation day.
//!
//! ## Why it matters
//! When possible, supervision should be given to peer professional staff: who has walked the same way sees other things.
//!
//! ## Authority
//! [G] Integrating Peers. It stands beside a sentence that any professional staff may supervise (MHOTRS-SUP-02): a wish, never a
//! requirement, and one such supervisor is enough.
//!
//! ## Evidence
//! Assignments of kind `primary` or `co` in the program to which no end is recorded; credentials, licences and designations of those
//! supervisors as they stand on the evaluation day. It looks at programs registered as MHOTRS or of no known kind, from their first MHOTRS
//! peer contact on; a program without peer contacts is never asked.
//!
//! ## What it does not find
//! Whether it was possible. Whether supervision meets the requirement: that is MHOTRS-SUP-01. Programs with no supervisor assigned at all.
//!
//! ## How to cure
//! Assign somebody who is both where you can, also as a second supervisor; record credential and licence of one who already is. Otherwise
//! note why it is not possible.

use domain::words::RegulationPart;
use rules::{Breach, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict, staff};
use timeline::{ProgramKey, View};

use crate::expected::began;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-SUP-04",
    title: "no supervisor of the peers is a peer",
    authority: &[Citation::mhotrs("Integrating Peers", "peer professional staff should be given this supervisory responsibility")],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Program(check),
};

fn check(view: &View<'_>, program: ProgramKey, p: &Params<'_>) -> Checked {
    let Some(began) = began(view, program, p) else { return Ok(Verdict::NotApplicable) };
    let today = view.today();
    let assignments = super::open_assignments(view, program);
    for row in &assignments {
        let supervisor = row.value.supervisor;
        let is_peer = staff::omh_credential(view, supervisor, today).is_some();
        if is_peer && staff::professional_staff(view, p, supervisor, RegulationPart::Mhotrs, today)?.is_some() {
            return Ok(Verdict::Met);
        }
    }
    let Some(first) = assignments.iter().map(|row| row.value.from).min() else { return Ok(Verdict::NotApplicable) };
    let name = view.history().program_name(program);
    Breach::new(Class::Advisory, first.max(began.value.day))
        .because([began.seq()])
        .because(assignments.iter().map(|row| row.seq()))
        .lacks(view, || format!("a supervisor of peers of {name} who is a credentialed peer and professional staff"))
        .say(view, || {
            format!("no supervisor assigned to peers of {name} is a credentialed peer who is professional staff; one who is settles this, where that is possible")
        })
        .verdict()
}
