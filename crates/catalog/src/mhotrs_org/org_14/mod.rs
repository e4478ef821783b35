//! Peer support without recent staff training on roles.
//!
//! ## What it finds
//! A program with peer contacts longer after its last recorded staff training on roles than the agency takes for ongoing (by default 365
//! days). The first interval begins with the first contact. Topics that count: `peer_roles`, `roles`, `role_education`.
//!
//! ## Why it matters
//! Everybody should keep hearing what each role in the team is for, so that roles are neither confused nor misused.
//!
//! ## Authority
//! [G] Sustainability: a practice to consider. The number is agency policy: the guidance has none.
//!
//! ## Evidence
//! Staff trainings of the program, by topic and day, and its peer contacts. It looks at programs registered as MHOTRS or of no known kind,
//! from their first MHOTRS peer contact on; a program without peer contacts is never asked.
//!
//! ## What it does not find
//! Who came: that is MHOTRS-ORG-09 for staff and MHOTRS-TEAM-02 for peers.
//!
//! ## How to cure
//! Record the trainings that were held, with their topic. Set `MHOTRS-ORG-14.days` to your own policy.

use rules::{Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::{ProgramKey, View};

use crate::expected::{began, on_record, staff_trainings};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-ORG-14",
    title: "peer support without recent staff training on roles",
    authority: &[
        Citation::mhotrs("Sustainability", "Ongoing education and promotion of the unique and specialized roles"),
        Citation::agency("Training", "what interval is ongoing"),
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
    let last = staff_trainings(view, program, p, began.value.day)?.into_iter().max();
    on_record(view, program, p, last, "staff training on roles")
}
