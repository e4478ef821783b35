//! Whether the lived experience that a peer service rests on is attested for those who deliver it, or vouched for by who certified them.
//! Asks nobody who delivers no peer support, and keeps and shows no detail: an attestation is a date and a basis.

use domain::ValidDay;
use domain::words::{CredentialKind, Service};
use rules::{Breach, Checked, Class, Params, Verdict};
use timeline::people::{CredentialChange, CredentialStep};
use timeline::{PersonKey, View};

/// The check that the rules on lived experience share, each for contacts of its own service from a day on: an attestation on one of the
/// `basis`, or, while `credential_is_proof`, any grant of one of the credentials in `proof`, whatever became of it.
///
/// # Errors
/// When a parameter is not in force.
pub(crate) fn attested(view: &View<'_>, peer: PersonKey, (service, from): (Service, ValidDay), p: &Params<'_>) -> Checked {
    let mut contacts = view.contacts_of_peer_serving(peer, p.days_from(from), |_, s| s == service, |c| p.in_force(c.day));
    let Some(first) = contacts.next() else { return Ok(Verdict::NotApplicable) };
    let (facts, day) = (view.person_facts(peer), first.value.day);
    for row in view.rows(&facts.lived_experience, |_| true) {
        if p.lists("basis", view.history().text_name(row.value.topic), day)? {
            return Ok(Verdict::Met);
        }
    }
    if p.flag("credential_is_proof", day)? {
        for kind in CredentialKind::ALL {
            let granted = |s: &CredentialStep| s.kind == *kind && matches!(s.change, CredentialChange::Granted { .. });
            if p.lists("proof", kind.as_str(), day)? && view.rows(&facts.credentials, granted).next().is_some() {
                return Ok(Verdict::Met);
            }
        }
    }
    let name = view.history().person_name(peer);
    Breach::new(Class::Advisory, day)
        .because([first.seq()])
        .lacks(view, || format!("an attestation of lived experience for {name}, or a credential that vouches for it"))
        .say(view, || {
            format!("{name} has given peer support since {day} without an attestation of lived experience; the attestation, without any detail, or the credential settles this")
        })
        .verdict()
}
