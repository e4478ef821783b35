//! Program giving peer support without a policy on it.
//!
//! ## What it finds
//! A MHOTRS program with peer contacts on days on which no adopted policy on peer support was in force.
//!
//! ## Why it matters
//! Policies and procedures on peer support are required of a program that provides it. It is no condition of payment that the
//! guidance states.
//!
//! ## Authority
//! [G] Policies and Procedures.
//!
//! ## Evidence
//! The contacts of the program, and its policies that name the topic, by the days they were in force. A policy is in force on the day
//! it was retired. A program counts while it is registered as MHOTRS or its kind is not known.
//!
//! ## What it does not find
//! What the policy says. One program's policy does not serve another.
//!
//! ## How to cure
//! Record the policy that was in force, with the day it was adopted; otherwise adopt one. Earlier contacts stay without one.

use domain::words::ProgramKind;
use rules::{Breach, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::{ProgramKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-POL-01",
    title: "peer support without a policy on it",
    authority: &[Citation::mhotrs("Policies and Procedures", "OMH requires that programs who are providing Peer Support Services develop")],
    classes: &[Class::Documentation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Program(check),
};

fn check(view: &View<'_>, program: ProgramKey, p: &Params<'_>) -> Checked {
    let is_mhotrs = view.program_kind(program).is_none_or(|kind| kind == ProgramKind::Mhotrs);
    if !is_mhotrs {
        return Ok(Verdict::NotApplicable);
    }
    let mut uncovered = Vec::new();
    for row in view.contacts_of_program_on(program, p.days(), |c| c.service.is_mhotrs() && p.in_force(c.day)) {
        let day = row.value.day;
        if view.policy(program, &p.text("topic", day)?, day).is_none() {
            uncovered.push(row);
            // One contact suffices; the others are only for the words and the first day. A program has many.
            if !view.wants_words() {
                break;
            }
        }
    }
    let Some(first) = uncovered.iter().map(|row| row.value.day).min() else { return Ok(Verdict::Met) };
    let name = view.history().program_name(program);
    Breach::new(Class::Documentation, first)
        .because(uncovered.iter().map(|row| row.seq()))
        .contacts(uncovered.iter().map(|row| row.value.contact))
        .lacks(view, || format!("a policy on peer support of {name} in force on {first}"))
        .say(view, || format!("peer contact of {name} on {first} with no policy on peer support in force"))
        .verdict()
}
