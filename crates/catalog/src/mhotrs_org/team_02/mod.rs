//! Peer seldom at staff trainings.
//!
//! ## What it finds
//! A peer on record at fewer than so many (by default 2) of the last so many (by default 4) staff trainings of a program in which the peer
//! works.
//!
//! ## Why it matters
//! Peers should attend all staff trainings, as members of the staff.
//!
//! ## Authority
//! [G] Multidisciplinary Team Approach says all, and says should. The numbers are agency policy, so that a missed training is no finding.
//!
//! ## Evidence
//! The peer's engagements as a peer in the program, the first MHOTRS contact there, and its staff trainings from that day on, with those
//! present. A contractor is looked at like an employee. Programs registered as MHOTRS or of no known kind.
//!
//! ## What it does not find
//! A single absence, and why the peer was absent. Courses a peer completed alone.
//!
//! ## How to cure
//! Record who was present. Set `MHOTRS-TEAM-02.attended` and `MHOTRS-TEAM-02.of_last` to your own policy.

use domain::ValidDay;
use domain::words::Service;
use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{PersonKey, ProgramKey, View};

use crate::attendance::{self, Held};
use crate::expected::is_mhotrs;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-TEAM-02",
    title: "peer seldom at staff trainings",
    authority: &[
        Citation::mhotrs("Multidisciplinary Team Approach", "should attend all clinical team meetings and staff trainings"),
        Citation::agency("Training", "at how many of the last trainings a peer is expected"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Person(check),
};

fn check(view: &View<'_>, person: PersonKey, p: &Params<'_>) -> Checked {
    let serving = |program: ProgramKey, service: Service| service.is_mhotrs() && is_mhotrs(view, program);
    let held = |program: ProgramKey| {
        let trainings = view.rows(view.staff_trainings(program), |t| p.in_force(t.held_on));
        trainings.map(|row| Held { on: row.value.held_on, seq: row.seq(), attended: row.value.attendees.contains(&person) }).collect()
    };
    attendance::check(view, person, p, (serving, ValidDay::MIN), held, "staff trainings")
}
