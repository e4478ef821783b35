//! PROS peer support by a youth peer advocate to a participant outside the ages.
//!
//! ## What it finds
//! A PROS peer-support contact by somebody with an active YPA and no active NYCPS, for a participant who on that day had not reached
//! the 18th birthday or had reached the 27th.
//!
//! ## Why it matters
//! The youth credential opens the PROS service only for young adults, "at this time".
//!
//! ## Authority
//! [R] Staffing Qualifications for New Peer Support Service in PROS, footnote.
//!
//! ## Evidence
//! The participant's birth date recorded last (sealed at rest), and the peer's credentials on the day. A birthday on 29 February is
//! reached on 1 March in common years.
//!
//! ## What it does not find
//! The peer's own age (MHOTRS-CRED-06 asks that elsewhere). A peer who holds NYCPS as well is not limited. Without a birth date the
//! contact is not evaluated.
//!
//! ## How to cure
//! Correct the birth date if it is wrong, or record the peer's NYCPS if there was one. Otherwise the contact earns no units.

use domain::words::CredentialKind;
use rules::{Case, Check, Checked, Citation, Class, Missing, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "PROS-STAFF-02",
    title: "PROS peer support by a youth peer advocate outside the participant's ages",
    authority: &[Citation::peer_role(
        "Staffing Qualifications for New Peer Support Service in PROS (footnote)",
        "may only deliver PROS Peer Support Services to participants ages 18-26",
    )],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Pros,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    let Some(start) = super::begun(case)? else { return Ok(Verdict::NotApplicable) };
    let (view, day, c) = (case.view(), case.day(), case.contact());
    let ypa = view.credential(c.peer, CredentialKind::Ypa, day);
    let only_ypa = ypa.active() && !view.credential(c.peer, CredentialKind::Nycps, day).active();
    if !only_ypa {
        return Ok(Verdict::NotApplicable);
    }
    let individual = view.history().individual_name(c.individual);
    let birth = view.birth_of_individual(c.individual).ok_or_else(|| Missing(format!("birth date of {individual}")))?;
    let age = i64::from(day.age_of(birth.value));

    if (p.int("least_age", day)?..=p.int("greatest_age", day)?).contains(&age) {
        return Ok(Verdict::Met);
    }
    let message = || format!("PROS peer support on {day} by {}, a youth peer advocate, for {individual}, aged {age}", case.peer_name());
    super::breach(case, Class::Violation, start)
        .because([birth.seq()])
        .because(ypa.why.row().map(|row| row.seq()))
        .say(view, message)
        .verdict()
}
