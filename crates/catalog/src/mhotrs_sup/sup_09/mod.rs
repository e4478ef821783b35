//! No recent outside training or networking of the peers.
//!
//! ## What it finds
//! A program with peer contacts longer after the last recorded outside training, networking or conference of one of its peers than the
//! agency takes for regular (by default 365 days). The first interval begins with the first contact. A course counts when it names who
//! provided it, or one of the topics `peer_networking`, `conference`, `external_training`.
//!
//! ## Why it matters
//! Peers should be given chances to meet other peers, to train and to develop outside the agency.
//!
//! ## Authority
//! [G] Supervision: a recommendation. The number is agency policy: the guidance has none.
//!
//! ## Evidence
//! Courses completed by people who gave peer support in the program, and its peer contacts. It looks at programs registered as MHOTRS or of
//! no known kind, from their first MHOTRS peer contact on; a program without peer contacts is never asked.
//!
//! ## What it does not find
//! Which peer had the chance and which had not: one peer is enough for the program. Chances that were offered and not taken.
//!
//! ## How to cure
//! Record the courses with their provider or topic. Set `MHOTRS-SUP-09.days` to your own policy.

use rules::{Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::{ProgramKey, View};

use crate::expected::{any_listed, began, courses_of_peers, on_record};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-SUP-09",
    title: "no recent outside training or networking of the peers",
    authority: &[
        Citation::mhotrs("Supervision", "external peer networking, training and conferences"),
        Citation::agency("Training", "how far back a chance is looked for"),
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
    let outside = courses_of_peers(view, program, p, |t| Ok(t.has_provider || any_listed(view, p, "topics", &t.topics, day)?))?;
    on_record(view, program, p, outside.into_iter().max(), "outside training or networking of a peer")
}
