//! Peer contact on a day on which the peer was not engaged.
//!
//! ## What it finds
//! A peer contact of any program dated before the first day of the peer's engagement, after its last day, or between two
//! engagements.
//!
//! ## Why it matters
//! A contact by somebody who did not work here on that day either did not take place as recorded, or was delivered by somebody
//! else. Neither can be defended in an audit.
//!
//! ## Authority
//! The agency's own records of engagement and separation; the guidance takes for granted that a peer is employed or contracted.
//!
//! ## Evidence
//! Engagements and separations of the peer. First and last day are covered. A separation ends every engagement begun on or before
//! it, and none begun later.
//!
//! ## What it does not find
//! A peer who was never engaged at all in the ledger: not evaluated, because personnel records may simply not have been imported.
//! Contacts of services that are not peer services. In which role or program the person was engaged is not asked.
//!
//! ## How to cure
//! Record the engagement if it was forgotten or its dates were typed wrong, or correct who delivered the contact and when.
//! Otherwise the contact cannot be billed: void or repay the claim.

use rules::{Case, Check, Checked, Citation, Class, Missing, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "WORK-01",
    title: "peer contact on a day the peer was not engaged",
    authority: &[Citation::agency("Personnel records", "engagement records cover every day of peer service")],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Peer,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, _: &Params<'_>) -> Checked {
    let (view, day, peer) = (case.view(), case.day(), case.contact().peer);
    let first = view.first_engaged(peer).ok_or_else(|| Missing(format!("an engagement of {}", case.peer_name())))?;
    if case.engagement().is_some() {
        return Ok(Verdict::Met);
    }
    let (engaged, separated) = view.engagements(peer);
    let last = view.rows(engaged, |e| e.start_on <= day).max_by_key(|row| (row.value.start_on, row.seq()));
    // The first separation on or after its start is the one that ended it.
    let ended = last.and_then(|last| {
        let start = last.value.start_on;
        view.rows(separated, |end| start <= *end && *end < day).min_by_key(|row| (row.value, row.seq()))
    });
    let message = || {
        let how = match ended {
            Some(end) => format!("whose engagement ended on {}", end.value),
            None => format!("whose first engagement began on {}", first.value.start_on),
        };
        format!("contact on {day} by {}, {how}", case.peer_name())
    };
    case.breach(Class::Violation)
        .because([last.unwrap_or(first).seq()])
        .because(ended.map(|row| row.seq()))
        .lacks(view, || format!("an engagement of {} that covers {day}", case.peer_name()))
        .say(view, message)
        .verdict()
}
