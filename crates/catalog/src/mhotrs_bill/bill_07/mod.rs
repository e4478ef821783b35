//! Claim line for peer support under another procedure code.
//!
//! ## What it finds
//! A claim line that names a MHOTRS peer contact and whose HCPCS code is not H0038.
//!
//! ## Why it matters
//! Peer support has one procedure code; under another, something else was claimed.
//!
//! ## Authority
//! [G] Billing: the code and its unit.
//!
//! ## Evidence
//! The lines of the claim that name the contact; one wrong line is enough.
//!
//! ## What it does not find
//! Modifiers (MHOTRS-BILL-08), rate codes (MHOTRS-BILL-10, -11). Lines for contacts of other services.
//!
//! ## How to cure
//! Replace the claim with one under the right code, or correct the line if it was imported wrongly.

use rules::{Billing, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-BILL-07",
    title: "peer support claimed under another procedure code",
    authority: &[Citation::mhotrs("Billing", "HCPCS code H0038, per 15 minutes")],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::ClaimContact(check),
};

fn check(billing: &Billing<'_>, p: &Params<'_>) -> Checked {
    let wanted = p.text("hcpcs", billing.day())?;
    let code = |line: &timeline::view::LineRef<'_>| billing.view.history().text_name(line.line.hcpcs).to_owned();
    let Some(other) = billing.lines.iter().map(code).find(|code| *code != wanted) else { return Ok(Verdict::Met) };

    let message = || format!("contact of {} on a claim line with {other} and not {wanted}", billing.day());
    billing.breach(Class::Violation).say(&billing.view, message).verdict()
}
