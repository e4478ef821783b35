//! Claim line with no contact behind it.
//!
//! ## What it finds
//! A claim line, of any program and service, that names a contact which was never recorded or was retracted; a contact with somebody
//! else; a contact of another day than the claim's service date; or a contact for which an earlier live line exists already.
//!
//! ## Why it matters
//! What is billed must have happened: to that person, on that day, once.
//!
//! ## Authority
//! [G] Billing: claims for services provided. The duty is implied there and stated by every payer.
//!
//! ## Evidence
//! The claim, and the contact as it is known. Of several live lines for one contact the first submitted stands, on one instant by
//! ledger order, then by place on the claim; the later ones are in excess, and they alone are exposed.
//!
//! ## What it does not find
//! Whether units or codes fit (MHOTRS-BILL-04 to -11). A line that bills again after the earlier claim was voided, denied or replaced.
//!
//! ## How to cure
//! Record the contact if it took place and was forgotten, correct the day or the person on whichever record is wrong, or void the claim.

use rules::{Billing, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::view::LineRef;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-BILL-13",
    title: "claim line with no contact behind it",
    authority: &[Citation::mhotrs("Billing", "providers will use HCPCS code H0038")],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Any,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::ClaimContact(check),
};

fn check(billing: &Billing<'_>, _: &Params<'_>) -> Checked {
    let (view, claim) = (&billing.view, &billing.claim.value);
    let breach = || billing.breach(Class::Violation);
    let Some(case) = &billing.case else {
        let message = || format!("claim line of {} for a contact that is not on record", claim.service_date);
        return breach().lacks(view, || format!("contact {}", billing.contact_name())).say(view, message).verdict();
    };
    let contact = case.contact();
    if claim.individual != contact.individual {
        return breach().say(view, || format!("claim line for a contact of {} with another individual", contact.day)).verdict();
    }
    if claim.service_date != contact.day {
        return breach().say(view, || format!("claim dated {} for a contact of {}", claim.service_date, contact.day)).verdict();
    }
    let first = view.live_lines(billing.contact).min_by_key(LineRef::order);
    let is_later = |line: &LineRef<'_>| first.is_some_and(|f| f.order() < line.order());
    let is_live = view.live(claim.claim);
    let later: Vec<u32> = billing.lines.iter().filter(|l| is_live && is_later(l)).map(|l| l.place).collect();
    if later.is_empty() {
        return Ok(Verdict::Met);
    }
    breach()
        .because(first.map(|f| f.claim.seq()))
        .lines(later, [billing.contact])
        .say(view, || format!("contact of {} billed a second time", contact.day))
        .verdict()
}
