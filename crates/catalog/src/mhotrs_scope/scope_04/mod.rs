//! Youth contact of nothing but transport.
//!
//! ## What it finds
//! A youth peer contact whose only recorded activity is transport, billed or not.
//!
//! ## Why it matters
//! A youth peer advocate may go with a youth to appointments to mentor and support. Driving alone is not peer support.
//!
//! ## Authority
//! [G] Youth, Community Connections and Natural Supports.
//!
//! ## Evidence
//! The activity codes of the contact. A finer code belongs to its head: X5.01 is X5.
//!
//! ## What it does not find
//! Transport beside any other activity, also beside other work outside the scope (MHOTRS-ORG-18). Adult and family contacts of nothing
//! but transport (MHOTRS-ORG-18): the sentence speaks of youth.
//!
//! ## How to cure
//! Correct the activities if mentoring was given and left out. Otherwise the contact cannot be billed: void or repay the claim.

use domain::words::Service;
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

use crate::activity;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-SCOPE-04",
    title: "youth contact of nothing but transport",
    authority: &[Citation::mhotrs(
        "Youth > 5. Community Connections and Natural Supports",
        "not for the sole purpose of providing transportation",
    )],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    if case.contact().service != Service::MhotrsYouthPeer {
        return Ok(Verdict::NotApplicable);
    }
    let only_transport = activity::only(case, p, "activities.transport")?;
    if !only_transport {
        return Ok(Verdict::Met);
    }
    case.breach(Class::Violation).say(case.view(), || format!("youth contact on {} of nothing but transport", case.day())).verdict()
}
