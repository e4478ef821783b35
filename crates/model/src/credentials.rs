//! Who may deliver a clinic contact: the OMH credentials, the CRPA case, youth peers' ages, issuers.
//! Every number is the one of the page.

use domain::event::ContactRecorded;
use domain::field::Scalar;
use domain::words::{CredentialKind, Service};

use crate::Class;
use crate::people::{OMH, any_omh, born, credential, first_start, grants};
use crate::sight::{Said, Sayings, Sight, day, is_clinic};

fn wanted(service: Service) -> Option<(CredentialKind, &'static str)> {
    match service {
        Service::MhotrsAdultPeer => Some((CredentialKind::Nycps, "MHOTRS-CRED-01")),
        Service::MhotrsFamilyPeer => Some((CredentialKind::Fpa, "MHOTRS-CRED-03")),
        Service::MhotrsYouthPeer => Some((CredentialKind::Ypa, "MHOTRS-CRED-05")),
        Service::ProsPss | Service::CorePeer | Service::Other => None,
    }
}

/// MHOTRS-CRED-01, -03, -05, -10, -12, -13.
pub(crate) fn held(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    let Some((kind, without)) = wanted(contact.service).filter(|_| is_clinic(contact)) else { return };
    let (peer, on) = (contact.peer.as_str(), day(contact));
    if credential(sight, peer, kind, on).is_some() {
        return;
    }
    if any_omh(sight, peer, on) {
        out.about("MHOTRS-CRED-10", Class::Violation, contact);
        return;
    }
    let started = first_start(sight, peer).filter(|start| *start <= on);
    let Some(start) = started.filter(|_| credential(sight, peer, CredentialKind::Crpa, on).is_some()) else {
        out.about(without, Class::Violation, contact);
        return;
    };
    let window_ends = start.plus_months(12);
    let omh = grants(sight, peer);
    let in_time = || omh.iter().filter(|g| OMH.contains(&g.credential) && g.effective_on <= window_ends);
    if in_time().any(|grant| grant.effective_on <= on) {
        out.about(without, Class::Violation, contact);
    } else if on > window_ends {
        out.about("MHOTRS-CRED-13", Class::Violation, contact);
    } else if sight.setting("crpa.strict", on) == Some(&Scalar::Bool(true)) {
        out.about("MHOTRS-CRED-12", Class::Violation, contact);
    } else if in_time().next().is_none() && sight.passed(window_ends) {
        out.about("MHOTRS-CRED-13", Class::Documentation, contact);
    } else {
        out.about("MHOTRS-CRED-12", Class::Advisory, contact);
    }
}

/// MHOTRS-CRED-06.
pub(crate) fn youth_age(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    if !is_clinic(contact) || contact.service != Service::MhotrsYouthPeer {
        return;
    }
    let (peer, on) = (contact.peer.as_str(), day(contact));
    let Some(born) = born(sight, peer) else {
        out.cannot("MHOTRS-CRED-06", format!("contact={}", contact.contact));
        return;
    };
    let age = on.age_of(born);
    if age < 18 {
        out.about("MHOTRS-CRED-06", Class::Violation, contact);
    } else if age >= 31 && credential(sight, peer, CredentialKind::Ypa, on).is_some() {
        out.about("MHOTRS-CRED-06", Class::Documentation, contact);
    }
}

/// MHOTRS-CRED-15, about a person.
pub(crate) fn issuers(sight: &Sight<'_>, person: &str, out: &mut Sayings) {
    for grant in grants(sight, person) {
        let approved = match grant.credential {
            CredentialKind::Nycps => "NYPSCB",
            CredentialKind::Fpa | CredentialKind::Ypa => "FTNYS",
            CredentialKind::Crpa => "NYCB",
        };
        if grant.issuer.as_str() != approved {
            let subject = format!("person={person} credential={}", grant.credential);
            let (contacts, lines, day) = (Default::default(), None, grant.effective_on);
            out.say(Said { rule: "MHOTRS-CRED-15", subject, class: Class::Documentation, cured_late: false, day, contacts, lines });
        }
    }
}
