//! PROS week without a weekly team meeting, or a peer who was not invited to it.
//!
//! ## What it finds
//! An ISO week with PROS peer-support contacts in a program and no meeting of kind `pros_weekly` there; or, where there was one, each peer
//! with such contacts that week whom no meeting of the week invited. A week is judged once it is over.
//!
//! ## Why it matters
//! Peers are to be part of the team, and the weekly meeting is where the team meets.
//!
//! ## Authority
//! [R] Peer Support in PROS.
//!
//! ## Evidence
//! Contacts of the week from the beginning of the service on, and the program's weekly meetings with their invitees.
//!
//! ## What it does not find
//! Who came: an invitation is enough. Weeks without a contact, such as a closure. Meetings of other kinds do not count.
//!
//! ## How to cure
//! Record the meeting that was held, or correct its invitees from the minutes.

use domain::ValidDay;
use domain::words::MeetingKind;
use rules::{Breach, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::delivery::Contact;
use timeline::{PersonKey, ProgramKey, Row, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "PROS-TEAM-02",
    title: "PROS week without a team meeting that includes the peers",
    authority: &[Citation::peer_role("Peer Support in PROS", "a weekly PROS Team meeting")],
    classes: &[Class::Documentation],
    version: 1,
    scope: Scope::Pros,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::ProgramWeek(check),
};

/// Days from the Monday of an ISO week to its Sunday: what a week is, not a threshold.
const MONDAY_TO_SUNDAY: i64 = 6;

fn check(view: &View<'_>, program: ProgramKey, monday: ValidDay, peer: Option<PersonKey>, p: &Params<'_>) -> Checked {
    let sunday = monday.plus_days(MONDAY_TO_SUNDAY);
    let start = super::start(view);
    let days = (start.as_ref().map_or(monday, |start| monday.max(start.day)), sunday);
    // What the week lacks is said once, not for each peer as well.
    if sunday < days.0 || start.is_err() && peer.is_some() {
        return Ok(Verdict::NotApplicable);
    }
    let in_scope = |c: &Contact| c.program == program && RULE.scope.takes(c.service) && p.in_force(c.day);
    let contacts: Vec<&Row<Contact>> = match peer {
        None => view.contacts_of_program_on(program, days, in_scope).collect(),
        Some(peer) => view.contacts_of_peer_on(peer, days, in_scope).collect(),
    };
    let Some(first) = contacts.first().filter(|_| view.deadline_passed(sunday)) else { return Ok(Verdict::NotApplicable) };
    let start = start?;

    let history = view.history();
    let meetings: Vec<_> =
        view.meetings(program, (monday, sunday), |m| m.kind == MeetingKind::ProsWeekly).collect();
    let breach = Breach::new(Class::Documentation, first.value.day)
        .because([first.seq(), start.set_by])
        .contacts(contacts.iter().map(|row| row.value.contact));
    match peer {
        None if meetings.is_empty() => breach
            .lacks(view, || format!("a weekly PROS team meeting of {} from {monday} to {sunday}", history.program_name(program)))
            .say(view, || format!("no weekly PROS team meeting of {} in the week of {monday}", history.program_name(program)))
            .verdict(),
        // A week without a meeting is the program's finding, not each peer's.
        Some(peer) if !meetings.is_empty() && !meetings.iter().any(|m| m.value.invitees.contains(&peer)) => {
            let name = history.person_name(peer);
            breach
                .because(meetings.iter().map(|row| row.seq()))
                .lacks(view, || format!("an invitation of {name} to a weekly PROS team meeting from {monday} to {sunday}"))
                .say(view, || format!("{name} had PROS contacts in the week of {monday} and was not invited to its team meeting"))
                .verdict()
        }
        None | Some(_) => Ok(Verdict::Met),
    }
}
