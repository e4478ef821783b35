//! Peer support without a recent meeting of leadership with the peers.
//!
//! ## What it finds
//! A program with peer contacts longer after its last recorded meeting of leadership with peers than the agency takes for regular (by
//! default 90 days). The first interval begins with the first contact.
//!
//! ## Why it matters
//! Leadership should meet regularly with peers and team leaders, see how it goes and solve problems promptly. How often, the guidance does
//! not say.
//!
//! ## Authority
//! [G] Supervision: a recommendation. The number is agency policy: the guidance has none.
//!
//! ## Evidence
//! Records of the organization of kind `leadership_meeting`, whenever recorded, and the peer contacts of the program. It looks at programs
//! registered as MHOTRS or of no known kind, from their first MHOTRS peer contact on; a program without peer contacts is never asked.
//!
//! ## What it does not find
//! Who came, and what was solved.
//!
//! ## How to cure
//! Record the meetings that were held. Set `MHOTRS-SUP-08.days` to your own policy.

use domain::words::OrganizationRecord;
use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{ProgramKey, View};

use crate::expected::{Often, record};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-SUP-08",
    title: "peer support without a recent meeting of leadership with the peers",
    authority: &[
        Citation::mhotrs("Supervision", "Agency leadership should meet regularly with Peer Specialists/Advocates"),
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
    record(view, program, p, (OrganizationRecord::LeadershipMeeting, Often::Again), |_| true, "meeting of leadership with peers")
}
