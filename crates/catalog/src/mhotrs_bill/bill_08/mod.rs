//! Group modifier where it does not belong, or missing where it does.
//!
//! ## What it finds
//! A claim line without the modifier HQ for a group contact (violation), or with it for an individual contact (documentation).
//!
//! ## Why it matters
//! A group is paid at another rate than one person. Without the modifier the program is overpaid; with it on an individual contact it
//! is usually underpaid, and the claim does not say what was given.
//!
//! ## Authority
//! [G] Billing: the modifier of group services.
//!
//! ## Evidence
//! The format recorded on the contact, and the modifiers of the claim's lines that name it. There is one finding for a claim and a
//! contact: one line without the modifier makes it a violation.
//!
//! ## What it does not find
//! Whether the session really was a group: the contact's own format is believed. Other modifiers.
//!
//! ## Soft spots
//! The guidance also names APG peer group base rates. Those are groups of providers for setting rates and have nothing to do with
//! groups of people: no rule rests on them.
//!
//! ## How to cure
//! Replace the claim with the right modifier, or correct the format of the contact if it was recorded wrongly.

use domain::words::Format;
use rules::{Billing, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-BILL-08",
    title: "group modifier missing, or on an individual contact",
    authority: &[Citation::mhotrs("Billing", "Group services will also require the use of modifier HQ")],
    classes: &[Class::Violation, Class::Documentation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::ClaimContact(check),
};

fn check(billing: &Billing<'_>, p: &Params<'_>) -> Checked {
    let Some(case) = &billing.case else { return Ok(Verdict::NotApplicable) };
    let (view, day) = (&billing.view, billing.day());
    let modifier = p.text("group_modifier", day)?;
    let has = |line: &timeline::view::LineRef<'_>| view.list_has(line.line.modifiers, &modifier);

    match case.contact().format {
        Format::Group if !billing.lines.iter().all(has) => {
            let message = || format!("group contact of {day} on a claim line without {modifier}");
            billing.breach(Class::Violation).say(view, message).verdict()
        }
        Format::Individual if billing.lines.iter().any(has) => {
            let message = || format!("individual contact of {day} on a claim line with {modifier}");
            billing.breach(Class::Documentation).say(view, message).verdict()
        }
        Format::Group | Format::Individual => Ok(Verdict::Met),
    }
}
