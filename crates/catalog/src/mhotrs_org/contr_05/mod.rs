//! Contracted peer without a contract in force.
//!
//! ## What it finds
//! A MHOTRS peer contact by somebody engaged as a contractor when no contract was in force on the day.
//!
//! ## Why it matters
//! What makes a contracted peer part of the program is the contract. Outside its days there is nothing that does.
//!
//! ## Authority
//! [G] Peer Support Services and Multidisciplinary Team Approach, on services provided by contract. That the contract covers the day
//! is inferred, and so the finding is a gap in the record.
//!
//! ## Evidence
//! The engagement that covers the day and the contract it names, by the days it was executed for and the day it ended. An engagement
//! that names no contract has none. The last day of a contract is covered.
//!
//! ## What it does not find
//! Employed peers, and people not engaged at all (WORK-01).
//!
//! ## How to cure
//! Record the contract, its extension, or the engagement under the contract that did cover the day.

use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-CONTR-05",
    title: "contracted peer without a contract in force",
    authority: &[Citation::mhotrs(
        "Multidisciplinary Team Approach",
        "When Peer Support Services are provided via contract with a MHOTRS Program",
    )],
    classes: &[Class::Documentation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, _: &Params<'_>) -> Checked {
    let (view, day) = (case.view(), case.day());
    let Some(engaged) = super::contractor(view, case.contact()) else { return Ok(Verdict::NotApplicable) };
    if view.contract_in_force(&engaged.value, day).is_some() {
        return Ok(Verdict::Met);
    }
    let contract = || match engaged.value.contract {
        Some(key) => format!("contract {} in force on {day}", view.history().contract_name(key)),
        None => format!("a contract named by the engagement of {}", case.peer_name()),
    };
    case.breach(Class::Documentation)
        .because([engaged.seq()])
        .lacks(view, contract)
        .say(view, || format!("contact on {day} by {}, a contracted peer with no contract in force", case.peer_name()))
        .verdict()
}
