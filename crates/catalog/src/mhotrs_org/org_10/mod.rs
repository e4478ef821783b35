//! Peer support without a named peer champion.
//!
//! ## What it finds
//! A program that has given peer support for longer than the agency allows for it (by default 90 days) with no peer champion by name on
//! record.
//!
//! ## Why it matters
//! Somebody in the organization should be chosen to promote peer support and to keep people talking to each other.
//!
//! ## Authority
//! [G] Integrating Peers: a recommendation. The number is agency policy: the guidance has none.
//!
//! ## Evidence
//! Records of the organization of kind `peer_champion`, whenever recorded, and the peer contacts of the program. It looks at programs
//! registered as MHOTRS or of no known kind, from their first MHOTRS peer contact on; a program without peer contacts is never asked.
//!
//! ## What it does not find
//! Whether the champion is still there, or what was done.
//!
//! ## How to cure
//! Record who it is. Set `MHOTRS-ORG-10.days` to your own policy.

use domain::words::OrganizationRecord;
use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{ProgramKey, View};

use crate::expected::{Often, record};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-ORG-10",
    title: "peer support without a named peer champion",
    authority: &[
        Citation::mhotrs("Integrating Peers", "choose individuals to act as peer champions"),
        Citation::agency("Organization", "how long the program has for it"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Program(check),
};

fn check(view: &View<'_>, program: ProgramKey, p: &Params<'_>) -> Checked {
    record(view, program, p, (OrganizationRecord::PeerChampion, Often::Once), |r| !r.people.is_empty(), "peer champion by name")
}
