//! Component of another peer type.
//!
//! ## What it finds
//! A MHOTRS peer contact whose component stands in the list of another peer type: adult, family, youth or PROS.
//!
//! ## Why it matters
//! Each type of peer has a scope of its own. A component of another may be a slip of the pen or the wrong peer for the work.
//!
//! ## Authority
//! [R] the slide on components; the lists themselves are [G] Service Components. The lists of [G] are open, so this is for review.
//!
//! ## Evidence
//! The component of the contact and the lists in force on its day.
//!
//! ## What it does not find
//! A contact without a component, or with one that is in no list (MHOTRS-SCOPE-01, -02, -03).
//!
//! ## Soft spots
//! The guidance calls the lists of components open, the deck says that services must lie within each peer type's scope. Between the
//! two, a component of another type's list is a documentation finding to look at, never a violation.
//!
//! ## How to cure
//! Correct the component or the service, whichever was recorded wrongly.

use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-SCOPE-00",
    title: "component of another peer type",
    authority: &[Citation::peer_role(
        "What Do Peer Support Workers Do?",
        "Services provided must be within each peer type's scope of practice",
    )],
    classes: &[Class::Documentation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    let (Some(own), Some(component)) = (super::own_list(case.contact().service), case.component()) else {
        return Ok(Verdict::NotApplicable);
    };
    if p.lists(own, component, case.day())? {
        return Ok(Verdict::Met);
    }
    let Some(other) = super::list_of_component(case, p)? else { return Ok(Verdict::NotApplicable) };
    let message = || {
        let whose = other.trim_start_matches("components.");
        format!("{} contact on {} with component {component} of the {whose} list", case.contact().service, case.day())
    };
    case.breach(Class::Documentation).say(case.view(), message).verdict()
}
