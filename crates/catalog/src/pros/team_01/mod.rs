//! PROS peer seldom at the weekly team meeting.
//!
//! ## What it finds
//! A peer on record at fewer than so many (by default 2) of the last so many (by default 4) weekly team meetings of a program in which the
//! peer works.
//!
//! ## Why it matters
//! PROS teams include peers in communication and collaboration. An invitation can be followed by an empty chair every week.
//!
//! ## Authority
//! [R] Peer Support in PROS. The numbers are agency policy: the deck has none.
//!
//! ## Evidence
//! The peer's engagements as a peer in the program, the first PROS peer-support contact there since the service began, and the meetings of
//! kind `pros_weekly` from that day on, with those present.
//!
//! ## What it does not find
//! A single absence, and why the peer was absent. Whether there was a meeting, and who was invited: that is PROS-TEAM-02. Nothing before
//! `pros.pss_effective_on`, and nothing while it is not set.
//!
//! ## How to cure
//! Record who was present, from the minutes. Set `PROS-TEAM-01.attended` and `PROS-TEAM-01.of_last` to your own policy.

use domain::words::{MeetingKind, Service};
use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{PersonKey, ProgramKey, View};
use timeline::view::EVER;

use crate::attendance::{self, Held};

/// The rule.
pub const RULE: Rule = Rule {
    id: "PROS-TEAM-01",
    title: "PROS peer seldom at the weekly team meeting",
    authority: &[
        Citation::peer_role("Peer Support in PROS", "PROS Teams will include peers in team communication, collaboration"),
        Citation::agency("Team meetings", "at how many of the last meetings a peer is expected"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Pros,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Person(check),
};

fn check(view: &View<'_>, person: PersonKey, p: &Params<'_>) -> Checked {
    let start = super::start(view)?;
    let held = |program: ProgramKey| {
        let meetings = view.meetings(program, EVER, |m| m.kind == MeetingKind::ProsWeekly);
        meetings.map(|row| Held { on: row.value.held_on, seq: row.seq(), attended: row.value.attendees.contains(&person) }).collect()
    };
    attendance::check(view, person, p, (|_, service| service == Service::ProsPss, start.day), held, "weekly team meetings")
}
