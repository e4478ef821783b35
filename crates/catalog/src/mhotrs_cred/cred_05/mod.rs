//! Youth peer contact by somebody without an active peer credential.
//!
//! ## What it finds
//! A youth peer-support contact on a day on which the peer has no active OMH peer credential of any kind (NYCPS, FPA or YPA,
//! provisional or full), and is not in the twelve months that a CRPA has to obtain one.
//!
//! ## Why it matters
//! Medicaid pays only for peer support by a credentialed peer. A lapse makes every contact of the gap recoverable.
//!
//! ## Authority
//! [G] Qualified Individuals: the person holds YPA, in full or provisionally, from an OMH-approved program.
//!
//! ## Evidence
//! Grants, renewals, upgrades, suspensions, reinstatements, revocations and surrenders of the person's credentials, by the day
//! they take effect. The expiry day is still covered; the day a suspension or revocation takes effect no longer is.
//!
//! ## What it does not find
//! A credential of the wrong kind (MHOTRS-CRED-10), a CRPA inside or past the twelve months (MHOTRS-CRED-12, -13), an issuer
//! that is not on the approved list (MHOTRS-CRED-15). A provisional credential is enough.
//!
//! ## Soft spots
//! The same credential is written YPA-C in the guidance and C-YPA in the deck; one kind stands for both, and its level says whether
//! it is provisional.
//!
//! ## How to cure
//! Record the grant or renewal that covers the day, if there was one, with the issuer's stated dates. Otherwise the contact cannot be
//! billed: void or repay the claim.

use domain::words::{CredentialKind, Service};
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-CRED-05",
    title: "youth peer contact without an active peer credential",
    authority: &[Citation::mhotrs("Peer Support Services > Qualified Individuals who may provide Peer Support Services include", "are provisionally credentialed as a Youth Peer Advocate")],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    super::uncredentialed(case, p, Service::MhotrsYouthPeer, CredentialKind::Ypa)
}
