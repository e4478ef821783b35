//! Peers with no training beyond certification.
//!
//! ## What it finds
//! A program that has given peer support for longer than the agency allows (by default 365 days), where neither a peer completed a course
//! nor staff had a training on any of these topics: `motivational_interviewing`, `risk`, `community_safety`, `social_determinants`.
//!
//! ## Why it matters
//! Certification is where a peer begins. Training can go beyond it, and the guidance names examples.
//!
//! ## Authority
//! [G] Integrating Peers: training could go further; nothing is required. The number is agency policy.
//!
//! ## Evidence
//! Courses completed by people who gave peer support in the program, staff trainings of the program, both by topic, and its peer contacts.
//! It looks at programs registered as MHOTRS or of no known kind, from their first MHOTRS peer contact on; a program without peer contacts
//! is never asked.
//!
//! ## What it does not find
//! Which peer had which course, and how long ago.
//!
//! ## How to cure
//! Record the courses with their topics. Set `MHOTRS-ORG-08.days` to your own policy.

use rules::{Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::{ProgramKey, View};

use crate::expected::{any_listed, began, courses_of_peers, on_record, staff_trainings};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-ORG-08",
    title: "peers with no training beyond certification",
    authority: &[
        Citation::mhotrs("Integrating Peers", "Training could surpass standard peer certification requirements"),
        Citation::agency("Training", "how long a program has for it"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Program(check),
};

fn check(view: &View<'_>, program: ProgramKey, p: &Params<'_>) -> Checked {
    let Some(began) = began(view, program, p) else { return Ok(Verdict::NotApplicable) };
    let day = began.value.day;
    let courses = courses_of_peers(view, program, p, |t| any_listed(view, p, "topics", &t.topics, day))?;
    if !courses.is_empty() || !staff_trainings(view, program, p, day)?.is_empty() {
        return Ok(Verdict::Met);
    }
    on_record(view, program, p, None, "training of peers beyond certification")
}
