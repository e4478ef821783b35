//! Supervisors assigned without a recorded reason.
//!
//! ## What it finds
//! A program with MHOTRS peer contacts where some supervisor was assigned without a rationale on record. It is one finding for the program
//! and counts the assignments.
//!
//! ## Why it matters
//! Programs should think about who supervises, so that the peer is part of the treatment team and not beside it. A written reason shows
//! that somebody thought.
//!
//! ## Authority
//! [G] Supervision: a recommendation, and mostly a matter for people to judge.
//!
//! ## Evidence
//! Assignments of kind `primary` or `co` in the program to which no end is recorded. It looks at programs registered as MHOTRS or of no
//! known kind, from their first MHOTRS peer contact on; a program without peer contacts is never asked.
//!
//! ## What it does not find
//! What the reason says.
//!
//! ## How to cure
//! Record the reason: correct the field `rationale` of the assignment.

use rules::{Breach, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::{ProgramKey, View};

use crate::expected::began;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-SUP-10",
    title: "supervisors assigned without a recorded reason",
    authority: &[Citation::mhotrs("Supervision", "thoughtful about who provides supervision")],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Program(check),
};

fn check(view: &View<'_>, program: ProgramKey, p: &Params<'_>) -> Checked {
    let Some(began) = began(view, program, p) else { return Ok(Verdict::NotApplicable) };
    let mut without = super::open_assignments(view, program);
    without.retain(|row| !row.value.has_rationale);
    let Some(first) = without.iter().map(|row| row.value.from).min() else { return Ok(Verdict::Met) };
    let name = view.history().program_name(program);
    Breach::new(Class::Advisory, first.max(began.value.day))
        .because([began.seq()])
        .because(without.iter().map(|row| row.seq()))
        .lacks(view, || format!("a rationale for each assignment of a supervisor in {name}"))
        .say(view, || {
            format!("supervisors of peers of {name} assigned without a recorded reason: {}; the reason settles this", without.len())
        })
        .verdict()
}
