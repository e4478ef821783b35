//! PROS peer support without an attestation of lived experience.
//!
//! ## What it finds
//! Somebody who delivers PROS peer support, with no attestation of lived experience on the basis `recovery`, `youth` and no grant of NYCPS
//! or YPA on record. While `PROS-SVC-01.credential_is_proof` is true, as it is unless the agency says otherwise, a grant is enough,
//! whatever became of it: the issuing body looks at this before it certifies.
//!
//! ## Why it matters
//! Peer support in PROS is always given through the lens of shared lived experience.
//!
//! ## Authority
//! [R] Peer Support in PROS. That the credential is accepted as proof is agency policy.
//!
//! ## Evidence
//! The contacts of that service, attestations on any day, and grants. An attestation is a date and a basis; no detail, and no diagnosis, is
//! kept or asked for.
//!
//! ## What it does not find
//! Anybody who delivers no such peer support: whether to disclose is each worker's own choice, and nobody is listed for not having done so.
//! Whether a credential is active on a day, which other rules ask.
//!
//! ## How to cure
//! Record the attestation, or the grant of the credential.

use domain::words::Service;
use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{PersonKey, View};

use crate::lived_experience::attested;

/// The rule.
pub const RULE: Rule = Rule {
    id: "PROS-SVC-01",
    title: "PROS peer support without an attestation of lived experience",
    authority: &[
        Citation::peer_role("Peer Support in PROS", "always provided through the lens of shared lived experience"),
        Citation::agency("Credentials", "whether the credential is proof of lived experience"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Pros,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Person(check),
};

fn check(view: &View<'_>, peer: PersonKey, p: &Params<'_>) -> Checked {
    let start = super::start(view)?;
    attested(view, peer, (Service::ProsPss, start.day), p)
}
