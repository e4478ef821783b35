//! Ad hoc contact without a recorded reason.
//!
//! ## What it finds
//! An ad hoc MHOTRS contact whose note gives no rationale, when no team meeting with minutes within fourteen days before or after it
//! names the individual.
//!
//! ## Why it matters
//! A single contact need not be in the plan, but the record should show why it was given.
//!
//! ## Authority
//! [G] Treatment Planning Documentation: ad hoc interventions. It names no interval for minutes; the agency may set one.
//!
//! ## Evidence
//! The latest version of the note written last, and the meetings of the same program, of any kind, that have minutes and name the
//! individual.
//!
//! ## What it does not find
//! A contact without any note (MHOTRS-NOTE-05, MHOTRS-PRE-04). Planned and targeted contacts (MHOTRS-PLAN-01, -02).
//!
//! ## How to cure
//! Amend the note with the rationale, or record the meeting whose minutes give it.

use domain::words::{Basis, NoteElement};
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-PLAN-04",
    title: "ad hoc contact without a recorded reason",
    authority: &[Citation::mhotrs("Treatment Planning Documentation", "evidence of rationale for the intervention via progress note")],
    classes: &[Class::Documentation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    let (view, contact, day) = (case.view(), case.contact(), case.day());
    if contact.basis != Basis::AdHoc {
        return Ok(Verdict::NotApplicable);
    }
    let Some(note) = case.note() else { return Ok(Verdict::NotApplicable) };
    if note.elements.has(NoteElement::Rationale) {
        return Ok(Verdict::Met);
    }
    let days = p.int("days", day)?;
    let (from, to) = (day.plus_days(-days), day.plus_days(days));
    let mut minutes = view.meetings(contact.program, (from, to), |m| m.has_minutes && m.individuals.contains(&contact.individual));
    if minutes.next().is_some() {
        return Ok(Verdict::Met);
    }
    case.breach(Class::Documentation)
        .because([note.latest_seq])
        .lacks(view, || format!("a rationale in the note, or minutes from {from} to {to} that name the individual"))
        .say(view, || format!("ad hoc contact on {day} without a rationale in its note or in team minutes"))
        .verdict()
}
