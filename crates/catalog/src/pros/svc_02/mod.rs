//! PROS peer support with no activity that is known.
//!
//! ## What it finds
//! A program with PROS peer-support contacts that name no activity at all, or none that is known: neither one of the list, nor a code of a
//! PROS component, nor `other`. It is one finding for the program and counts them.
//!
//! ## Why it matters
//! PROS peer support consists of psychoeducation, goal planning, coping skills, community connection, crisis support and the like. What was
//! done should be recognisable in the record.
//!
//! ## Authority
//! [R] Service Definition (New for Redesign in 2025). The definition says includes, so the list is open: an agency may name its own words.
//!
//! ## Evidence
//! The activities of PROS peer-support contacts since the service began.
//!
//! ## What it does not find
//! Whether an activity suited the goal. The component, which is PROS-SVC-03. Nothing before `pros.pss_effective_on`, and nothing while it
//! is not set.
//!
//! ## How to cure
//! Correct the activities of the contacts, or set `PROS-SVC-02.activities` to the words you use, separated by semicolons.

use domain::words::Service;
use rules::{Breach, Check, Checked, Citation, Class, Missing, Params, Rule, Scope, Verdict};
use timeline::delivery::Contact;
use timeline::{ProgramKey, View};

use crate::activity::is_listed;

/// The rule.
pub const RULE: Rule = Rule {
    id: "PROS-SVC-02",
    title: "PROS peer support with no activity that is known",
    authority: &[
        Citation::peer_role(
            "Service Definition (New for Redesign in 2025)",
            "psychoeducation, person-centered goal planning, demonstrating effective coping skills",
        ),
        Citation::agency("Activities", "which words an agency uses for them"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Pros,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Program(check),
};

fn check(view: &View<'_>, program: ProgramKey, p: &Params<'_>) -> Checked {
    let start = super::start(view)?;
    let of_service = |c: &Contact| c.service == Service::ProsPss && start.day <= c.day && p.in_force(c.day);
    let unknown = view.contacts_of_program_on(program, p.days_from(start.day), |c| of_service(c) && matches!(is_known(view, c, p), Ok(false)));
    // One suffices; the others are only for the words.
    let most = if view.wants_words() { usize::MAX } else { 1 };
    let unknown: Vec<_> = unknown.take(most).collect();
    let Some(first) = unknown.first() else { return Ok(Verdict::Met) };
    let (name, day) = (view.history().program_name(program), first.value.day);
    Breach::new(Class::Advisory, day)
        .because([first.seq(), start.set_by])
        .lacks(view, || format!("a known activity of PROS peer support on contacts of {name}"))
        .say(view, || {
            format!(
                "PROS peer-support contacts of {name} with no activity that is known: {}, the first on {day}; their activities settle this",
                unknown.len()
            )
        })
        .verdict()
}

/// Whether some activity of a contact is known.
fn is_known(view: &View<'_>, contact: &Contact, p: &Params<'_>) -> Result<bool, Missing> {
    let history = view.history();
    for text in history.list(contact.activities) {
        let activity = history.text_name(*text);
        if is_listed(p, "activities", activity, contact.day)? || is_listed(p, "components.pros", activity, contact.day)? {
            return Ok(true);
        }
    }
    Ok(false)
}
