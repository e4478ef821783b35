//! Supervisor of a peer specialist without both parts of An Introduction to Supervising Peer Specialists.
//!
//! ## What it finds
//! A supervisor who is no credentialed peer, supervises somebody with an active NYCPS, and has not completed both parts of An Introduction
//! to Supervising Peer Specialists, `APS-INTRO-SUPERVISING-1` and `APS-INTRO-SUPERVISING-2`. A supervisor is asked about when assigned as
//! `primary` or `co` to a peer, with no end recorded, when the peer had peer contacts in that program longer after the assignment than the
//! agency allows (by default 90 days), and when the supervisor holds no active peer credential (NYCPS, FPA, YPA or CRPA) on the day of the
//! first such contact.
//!
//! ## Why it matters
//! It is one of the courses recommended to non-peer supervisors of peer specialists.
//!
//! ## Authority
//! [R] Training Recommendations for Non-Peer Supervisors of CPS: recommended only, once, with no expiry. The number of days is agency
//! policy.
//!
//! ## Evidence
//! Assignments, the supervised peer's contacts and credential on the day of the contact, the supervisor's credentials, and the courses the
//! supervisor completed on any day.
//!
//! ## What it does not find
//! Supervisors of family peer advocates: no course is listed for them.
//!
//! ## How to cure
//! Record both parts of the course. Set `SUP-TRN-CPS-04.days` to your own policy.

use domain::words::CredentialKind;
use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{PersonKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "SUP-TRN-CPS-04",
    title: "supervisor of a peer specialist without both parts of An Introduction to Supervising Peer Specialists",
    authority: &[
        Citation::peer_role(
            "Training Recommendations for Non-Peer Supervisors of CPS",
            "An Introduction to Supervising Peer Specialists – Parts 1 & 2",
        ),
        Citation::agency("Training", "how long a new supervisor has for it"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Peer,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Person(check),
};

fn check(view: &View<'_>, supervisor: PersonKey, p: &Params<'_>) -> Checked {
    super::completed(
        view,
        supervisor,
        p,
        CredentialKind::Nycps,
        &["part_1", "part_2"],
        "both parts of An Introduction to Supervising Peer Specialists",
    )
}
