//! Adult peer support without an attestation of lived experience.
//!
//! ## What it finds
//! Somebody who delivers adult MHOTRS peer support, with no attestation of lived experience on the basis `recovery` and no grant of NYCPS
//! on record. While `MHOTRS-CRED-02.credential_is_proof` is true, as it is unless the agency says otherwise, a grant is enough, whatever
//! became of it: the issuing body looks at this before it certifies.
//!
//! ## Why it matters
//! A certified peer specialist is somebody in recovery who says so openly. That is what the service rests on, and the issuing body vets it.
//!
//! ## Authority
//! [G] Qualified Individuals who may provide Peer Support Services include. That the credential is accepted as proof is agency policy.
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

use domain::ValidDay;
use domain::words::Service;
use rules::{Check, Checked, Citation, Class, Params, Rule, Scope};
use timeline::{PersonKey, View};

use crate::lived_experience::attested;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-CRED-02",
    title: "adult peer support without an attestation of lived experience",
    authority: &[
        Citation::mhotrs(
            "Qualified Individuals who may provide Peer Support Services include",
            "Identify as being actively in recovery from a mental health condition",
        ),
        Citation::agency("Credentials", "whether the credential is proof of lived experience"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Person(check),
};

fn check(view: &View<'_>, peer: PersonKey, p: &Params<'_>) -> Checked {
    attested(view, peer, (Service::MhotrsAdultPeer, ValidDay::MIN), p)
}
