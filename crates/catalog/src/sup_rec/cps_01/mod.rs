//! Supervisor of a peer specialist without Peer Credentialing & Training 101.
//!
//! ## What it finds
//! A supervisor who is no credentialed peer, supervises somebody with an active NYCPS, and has not completed Peer Credentialing & Training
//! 101, `APS-CRED-101`. A supervisor is asked about when assigned as `primary` or `co` to a peer, with no end recorded, when the peer had
//! peer contacts in that program longer after the assignment than the agency allows (by default 90 days), and when the supervisor holds no
//! active peer credential (NYCPS, FPA, YPA or CRPA) on the day of the first such contact.
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
//! Record the course. Set `SUP-TRN-CPS-01.days` to your own policy.

use domain::words::CredentialKind;
use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{PersonKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "SUP-TRN-CPS-01",
    title: "supervisor of a peer specialist without Peer Credentialing & Training 101",
    authority: &[
        Citation::peer_role(
            "Training Recommendations for Non-Peer Supervisors of CPS",
            "Peer Credentialing & Training 101 for OMH Providers",
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
    super::completed(view, supervisor, p, CredentialKind::Nycps, &["course"], "Peer Credentialing & Training 101")
}
