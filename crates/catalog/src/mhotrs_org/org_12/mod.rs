//! Peer support without a recent feedback loop that includes peers.
//!
//! ## What it finds
//! A program with peer contacts longer after its last recorded feedback loop that includes a peer than the agency takes for regular (by
//! default 365 days). The first interval begins with the first contact. A round counts when it names somebody who gives peer support in the
//! program.
//!
//! ## Why it matters
//! What peers notice should find its way back into the organization, or peer work does not last.
//!
//! ## Authority
//! [G] Sustainability: a recommendation. The number is agency policy: the guidance has none.
//!
//! ## Evidence
//! Records of the organization of kind `feedback_loop`, whenever recorded, and the peer contacts of the program. It looks at programs
//! registered as MHOTRS or of no known kind, from their first MHOTRS peer contact on; a program without peer contacts is never asked.
//!
//! ## What it does not find
//! What was said, and what came of it.
//!
//! ## How to cure
//! Record the round of feedback that was held and who took part. Set `MHOTRS-ORG-12.days` to your own policy.

use domain::words::OrganizationRecord;
use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::program::Organization;
use timeline::{ProgramKey, View};

use crate::expected::{Often, record, serves};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-ORG-12",
    title: "peer support without a recent feedback loop that includes peers",
    authority: &[
        Citation::mhotrs("Sustainability", "Organizational feedback loops that include Peer Specialists/Advocates"),
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
    let has = |r: &Organization| r.people.iter().any(|who| serves(view, *who, program, p));
    record(view, program, p, (OrganizationRecord::FeedbackLoop, Often::Again), has, "feedback loop that includes a peer")
}
