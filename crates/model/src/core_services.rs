//! CORE empowerment services: credentials, supervision, one person at a time, plans, and the units of a month.
//! From 1 February 2022.

use domain::event::ContactRecorded;
use domain::field::Scalar;
use domain::words::{CredentialKind, Format, NoteElement, PlanKind, Service};

use crate::Class;
use crate::clinic::clinical;
use crate::episodes::plan_in_force;
use crate::papers::note;
use crate::people::{Standing, credential, is, senior_peer, supervisors};
use crate::sight::{Sayings, Sight, day, on, told};

fn is_core(contact: &ContactRecorded) -> bool {
    contact.service == Service::CorePeer && day(contact) >= on(2022, 2, 1)
}

/// Every CORE row but those of the month.
pub(crate) fn contact(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    if !is_core(contact) {
        return;
    }
    let (peer, at) = (contact.peer.as_str(), day(contact));
    if ![CredentialKind::Nycps, CredentialKind::Crpa].iter().any(|kind| credential(sight, peer, *kind, at).is_some()) {
        out.about("CORE-STAFF-01", Class::Violation, contact);
    }
    let who = supervisors(sight, contact);
    let qualified = |person: &str| {
        let mut told = told!(sight, "person", person, Workforce::SupervisorQualified).filter(|(_, q)| q.person.as_str() == person);
        told.any(|(_, q)| q.from <= at && q.to.is_none_or(|to| at <= to))
    };
    if who.is_empty() {
        out.about("CORE-STAFF-02", Class::Violation, contact);
    } else if !who.iter().any(|s| qualified(s) || is(sight, s, Standing::Clinic, at) || senior_peer(sight, s, at)) {
        out.about("CORE-STAFF-02", Class::Documentation, contact);
    }
    let mut others = told!(sight, "contacts by", peer, Delivery::ContactRecorded).map(|(_, c)| c);
    let elsewhere = others.any(|c| c.peer == contact.peer && c.individual != contact.individual && c.start < contact.end && contact.start < c.end);
    if contact.format == Format::Group || elsewhere {
        out.about("CORE-MOD-01", Class::Violation, contact);
    }
    if contact.activities.iter().any(clinical) {
        out.about("CORE-SVC-01", Class::Violation, contact);
    }
    if contact.goal.is_none() || plan_in_force(sight, contact, PlanKind::Isp).is_none() {
        out.about("CORE-SVC-02", Class::Documentation, contact);
    }
}

/// CORE-INT-04, -06: said by the contact that takes the month over its maximum.
pub(crate) fn month(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    if !is_core(contact) {
        return;
    }
    let (year, month, _) = day(contact).ymd();
    let subject = format!("individual={} month={year:04}-{month:02}", contact.individual);
    let all = told!(sight, "contacts of", contact.individual.as_str(), Delivery::ContactRecorded).map(|(_, c)| c);
    let mut of_month: Vec<&ContactRecorded> =
        all.filter(|c| is_core(c) && c.individual == contact.individual && day(c).ymd().0 == year && day(c).ymd().1 == month).collect();
    of_month.sort_by_key(|c| (c.start, c.contact.clone()));
    let first = of_month.first().map_or(day(contact), |c| day(c));
    let Some(Scalar::Int(most)) = sight.setting("core.units_per_month_max", first) else {
        out.cannot("CORE-INT-04", subject.clone());
        out.cannot("CORE-INT-06", subject);
        return;
    };
    let mut sum = 0;
    let over = of_month.iter().find(|c| {
        sum += i64::from(c.start.minutes_until(c.end).0 / 15);
        sum > *most
    });
    if over.is_none_or(|over| over.contact != contact.contact) {
        return;
    }
    let at = day(contact);
    let individual = contact.individual.as_str();
    let crises: Vec<_> = told!(sight, "individual", individual, Individuals::CrisisRecorded)
        .map(|(_, c)| c)
        .filter(|c| c.individual == contact.individual && c.from <= at && at <= c.to)
        .collect();
    if crises.is_empty() {
        let mut consulted = told!(sight, "individual", individual, Individuals::IntensityConsulted).filter(|(_, c)| c.individual == contact.individual);
        if !consulted.any(|(_, c)| c.consulted_on <= at && c.from <= at && at <= c.to) {
            out.of("CORE-INT-06", Class::Documentation, subject, contact);
        }
        return;
    }
    let mut all = told!(sight, "contacts of", individual, Delivery::ContactRecorded).map(|(_, c)| c);
    let noted = all.any(|c| {
        let inside = crises.iter().any(|crisis| crisis.from <= day(c) && day(c) <= crisis.to);
        inside && c.individual == contact.individual && note(sight, c.contact.as_str()).is_some_and(|n| n.has(NoteElement::Crisis))
    });
    if !noted {
        out.of("CORE-INT-04", Class::Documentation, subject, contact);
    }
}
