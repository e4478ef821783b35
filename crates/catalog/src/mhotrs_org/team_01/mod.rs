//! Peer seldom at clinical team meetings.
//!
//! ## What it finds
//! A peer on record at fewer than so many (by default 2) of the last so many (by default 4) clinical team meetings of a program in which
//! the peer works.
//!
//! ## Why it matters
//! Peers should attend all clinical team meetings: the team hears the peer perspective there or nowhere.
//!
//! ## Authority
//! [G] Multidisciplinary Team Approach says all, and says should. The numbers are agency policy, so that a missed meeting is no finding.
//!
//! ## Evidence
//! The peer's engagements as a peer in the program, the first MHOTRS contact there, and its meetings of kind `clinical` from that day on,
//! with those present. A contractor is looked at like an employee. Programs registered as MHOTRS or of no known kind.
//!
//! ## What it does not find
//! A single absence, and why the peer was absent. Meetings of other kinds.
//!
//! ## How to cure
//! Record who was present, from the minutes. Set `MHOTRS-TEAM-01.attended` and `MHOTRS-TEAM-01.of_last` to your own policy.

use domain::ValidDay;
use domain::words::{MeetingKind, Service};
use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{PersonKey, ProgramKey, View};
use timeline::view::EVER;

use crate::attendance::{self, Held};
use crate::expected::is_mhotrs;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-TEAM-01",
    title: "peer seldom at clinical team meetings",
    authority: &[
        Citation::mhotrs("Multidisciplinary Team Approach", "should attend all clinical team meetings and staff trainings"),
        Citation::agency("Team meetings", "at how many of the last meetings a peer is expected"),
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
        let meetings = view.meetings(program, EVER, |m| m.kind == MeetingKind::Clinical && p.in_force(m.held_on));
        meetings.map(|row| Held { on: row.value.held_on, seq: row.seq(), attended: row.value.attendees.contains(&person) }).collect()
    };
    attendance::check(view, person, p, (serving, ValidDay::MIN), held, "clinical team meetings")
}
