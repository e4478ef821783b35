//! Peer contacts with no sign of the team for long.
//!
//! ## What it finds
//! A peer with MHOTRS contacts in a program longer after the last team meeting attended there, or the last documented collaboration, than
//! the agency looks back (by default 90 days, about a quarter). The first interval begins with the first contact there.
//!
//! ## Why it matters
//! The peer perspective must be part of the team's approach whenever peer support is delivered. There is no measure for that; no meeting
//! and no collaboration in a quarter is a sign that it is not.
//!
//! ## Authority
//! [G] Multidisciplinary Team Approach: it says must and gives no measure, so this is a sign for a person to look at. The number is agency
//! policy.
//!
//! ## Evidence
//! The peer's engagements as a peer, contacts in those programs, meetings of any kind there with the peer present, and collaboration
//! documented with the peer about anybody. A contractor is looked at like an employee. Programs registered as MHOTRS or of no known kind.
//!
//! ## What it does not find
//! Whether the peer was heard. Each meeting missed: that is MHOTRS-TEAM-01. For contracted peers and single individuals, MHOTRS-CONTR-03.
//!
//! ## How to cure
//! Record the meetings with those present, or the collaboration. Set `MHOTRS-TEAM-03.days` to your own policy.

use rules::{Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::{PersonKey, View};
use timeline::view::EVER;

use crate::attendance::programs_as_peer;
use crate::due;
use crate::expected::{in_service, is_mhotrs};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-TEAM-03",
    title: "peer contacts with no sign of the team for long",
    authority: &[
        Citation::mhotrs("Multidisciplinary Team Approach", "must be integrated into the interdisciplinary team-based approach"),
        Citation::agency("Team", "how far back a meeting or a record of collaboration is looked for"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Person(check),
};

fn check(view: &View<'_>, peer: PersonKey, p: &Params<'_>) -> Checked {
    let history = view.history();
    for program in programs_as_peer(view, peer) {
        if !is_mhotrs(view, program) {
            continue;
        }
        let attended = view.meetings(program, EVER, |m| m.attendees.contains(&peer)).map(|row| row.value.held_on);
        let collaborated = view.rows(view.collaborated(peer), |_| true).map(|row| row.value);
        let last = attended.chain(collaborated).max();
        if let Some(due) = due::of_peer(view, peer, in_service(program), last, p)? {
            let (who, name) = (history.person_name(peer), history.program_name(program));
            let (since, day) = (due.since, due.day());
            return due
                .breach()
                .lacks(view, || format!("a team meeting of {name} attended by {who}, or collaboration documented, after {since}"))
                .say(view, || {
                    format!("{who} gave peer support in {name} on {day}, with no team meeting attended and no collaboration documented since {since}; either settles this")
                })
                .verdict();
        }
    }
    Ok(Verdict::Met)
}
