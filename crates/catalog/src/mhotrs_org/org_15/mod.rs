//! Peer support without a recent review of outcomes.
//!
//! ## What it finds
//! A program with peer contacts longer after its last recorded review of outcomes than the agency takes for regular (by default 365 days).
//! The first interval begins with the first contact.
//!
//! ## Why it matters
//! Tracking outcomes shows where a program does well and where something should change.
//!
//! ## Authority
//! [G] Sustainability: a recommendation. The number is agency policy: the guidance has none.
//!
//! ## Evidence
//! Records of the organization of kind `outcomes_review`, whenever recorded, and the peer contacts of the program. It looks at programs
//! registered as MHOTRS or of no known kind, from their first MHOTRS peer contact on; a program without peer contacts is never asked.
//!
//! ## What it does not find
//! What the outcomes were.
//!
//! ## How to cure
//! Record the review that was held, with its date. Set `MHOTRS-ORG-15.days` to your own policy.

use domain::words::OrganizationRecord;
use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{ProgramKey, View};

use crate::expected::{Often, record};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-ORG-15",
    title: "peer support without a recent review of outcomes",
    authority: &[
        Citation::mhotrs("Sustainability", "Program outcomes tracking to identify where a program excels"),
        Citation::agency("Organization", "what interval is regular"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Program(check),
};

fn check(view: &View<'_>, program: ProgramKey, p: &Params<'_>) -> Checked {
    record(view, program, p, (OrganizationRecord::OutcomesReview, Often::Again), |_| true, "review of outcomes")
}
