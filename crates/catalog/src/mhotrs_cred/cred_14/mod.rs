//! Former CRPA whose OMH credential has stayed provisional for long.
//!
//! ## What it finds
//! Somebody with a CRPA whose NYCPS, FPA or YPA is active and still provisional longer after it first took effect than the agency takes
//! for a reasonable time (by default 24 months).
//!
//! ## Why it matters
//! A CRPA who has taken the provisional step is expected to complete the full certification within a reasonable time.
//!
//! ## Authority
//! [G] the paragraph after the lists of qualified individuals. The number is agency policy: the guidance has none.
//!
//! ## Evidence
//! The first provisional grant of the credential, its level and standing on the evaluation day, and any grant of a CRPA.
//!
//! ## What it does not find
//! Provisional credentials of people who never were CRPA: nothing is expected of them in that paragraph. No contact is touched; a
//! provisional credential is enough.
//!
//! ## Soft spots
//! How long a provisional credential may last is not in the guidance: only the expiry that was recorded counts for what is a
//! violation, and the age from which this advises is the agency's.
//!
//! ## How to cure
//! Record the full credential, or set `MHOTRS-CRED-14.months` to your own policy.

use domain::words::{CredentialKind, CredentialLevel};
use rules::{Breach, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::people::{CredentialChange, CredentialStep};
use timeline::{PersonKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-CRED-14",
    title: "former CRPA with a credential that stayed provisional",
    authority: &[
        Citation::mhotrs(
            "Peer Support Services (paragraph after the qualified-individual lists)",
            "expected that, within a reasonable amount of time",
        ),
        Citation::agency("Credentials", "what is a reasonable time"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Any,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::PersonCredential(check),
};

fn check(view: &View<'_>, person: PersonKey, kind: CredentialKind, p: &Params<'_>) -> Checked {
    let today = view.today();
    if kind == CredentialKind::Crpa || !p.in_force(today) {
        return Ok(Verdict::NotApplicable);
    }
    let standing = view.credential(person, kind, today);
    let steps = &view.person_facts(person).credentials;
    let granted =
        |s: &CredentialStep| s.kind == kind && matches!(s.change, CredentialChange::Granted { level: CredentialLevel::Provisional, .. });
    let Some(provisional) = view.rows(steps, granted).min_by_key(|row| (row.value.effective_on, row.seq())) else {
        return Ok(Verdict::NotApplicable);
    };
    let is_crpa = |s: &CredentialStep| s.kind == CredentialKind::Crpa && matches!(s.change, CredentialChange::Granted { .. });
    let Some(crpa) = view.rows(steps, is_crpa).min_by_key(|row| (row.value.effective_on, row.seq())) else {
        return Ok(Verdict::NotApplicable);
    };

    let still_provisional = standing.active() && standing.level == CredentialLevel::Provisional;
    let since = provisional.value.effective_on;
    let last_day = since.plus_months(p.int("months", today)?);
    if !still_provisional || !view.deadline_passed(last_day) {
        return Ok(Verdict::Met);
    }
    let message = || format!("{kind} of {} has been provisional since {since}, past {last_day}", view.history().person_name(person));
    Breach::new(Class::Advisory, last_day.plus_days(1)).because([provisional.seq(), crpa.seq()]).say(view, message).verdict()
}
