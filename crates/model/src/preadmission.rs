//! Contacts before admission: purpose and goal, groups, a decline that stands, an episode that was never opened again.
//! Days with an hour are compared by the hour only where both have one.

use domain::event::ContactRecorded;
use domain::words::{Format, Phase};
use domain::{Moment, ValidDay};

use crate::Class;
use crate::episodes::{admissions, last_discharge, pair, phase};
use crate::sight::{Sayings, Sight, day, is_clinic, told};

/// Whether a contact is a clinic contact before admission.
fn before(sight: &Sight<'_>, contact: &ContactRecorded) -> bool {
    is_clinic(contact) && phase(sight, contact) == Phase::Preadmission
}

/// MHOTRS-PRE-02, because of this contact: the episode it lies in lacks its opening.
pub(crate) fn opened(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    if !before(sight, contact) {
        return;
    }
    let since = last_discharge(sight, contact);
    let pair = pair(contact);
    let others = told!(sight, "contacts in", &pair, Delivery::ContactRecorded).map(|(_, c)| c);
    let same_episode = others.filter(|c| c.individual == contact.individual && c.program == contact.program).filter(|c| before(sight, c));
    let first = same_episode.filter(|c| last_discharge(sight, c) == since).map(day).min().unwrap_or(day(contact));
    let mut openings = told!(sight, "episodes", &pair, Individuals::PreadmissionOpened);
    let opened = openings.any(|(_, o)| {
        let same = o.individual == contact.individual && o.program == contact.program;
        same && o.purpose && o.goal && o.opened_on <= first && since.is_none_or(|since| since <= o.opened_on)
    });
    if !opened {
        let class = sight.escalated(contact);
        out.of("MHOTRS-PRE-02", class, format!("individual={} program={}", contact.individual, contact.program), contact);
    }
}

/// MHOTRS-PRE-03.
pub(crate) fn grouped(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    if !before(sight, contact) {
        return;
    }
    let session = contact.group_session.as_ref().map_or("", |id| id.as_str());
    let mut held = told!(sight, "session", session, Delivery::GroupSessionHeld);
    let several = held.any(|(_, s)| {
        let mut who: Vec<&str> = s.attendees.iter().map(|a| a.as_str()).collect();
        who.sort_unstable();
        who.dedup();
        who.len() >= 2
    });
    if contact.format == Format::Group || several {
        out.about("MHOTRS-PRE-03", Class::Violation, contact);
    }
}

/// Whether something dated lies at the contact or before it.
fn through(moment: Moment, contact: &ContactRecorded) -> bool {
    match moment.at() {
        Some(at) => at <= contact.start,
        None => moment.day() <= day(contact),
    }
}

fn after(moment: Moment, decline: Moment) -> bool {
    match (moment.at(), decline.at()) {
        (Some(at), Some(declined)) => at > declined,
        (Some(_), None) | (None, Some(_)) | (None, None) => moment.day() > decline.day(),
    }
}

/// MHOTRS-PRE-10.
pub(crate) fn declined(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    if !before(sight, contact) {
        return;
    }
    let pair = pair(contact);
    macro_rules! dated {
        ($variant:ident, $field:ident) => {
            told!(sight, "episodes", &pair, Individuals::$variant)
                .filter(|(_, e)| e.individual == contact.individual && e.program == contact.program)
                .map(|(_, e)| e.$field)
                .collect::<Vec<_>>()
        };
    }
    let back: Vec<Moment> = dated!(Reengaged, reengaged_at);
    let opened: Vec<ValidDay> = dated!(PreadmissionOpened, opened_on);
    let admitted: Vec<Moment> = dated!(Admitted, admitted_at);
    let again: Vec<Moment> = opened.into_iter().map(Moment::Day).chain(admitted).collect();
    let stands = |decline: Moment| {
        let said_no = match decline.at() {
            Some(at) => contact.start > at,
            None => day(contact) > decline.day(),
        };
        let came_back = back.iter().any(|b| b.day() >= decline.day() && through(*b, contact));
        said_no && !came_back && !again.iter().any(|m| after(*m, decline) && through(*m, contact))
    };
    if dated!(TreatmentDeclined, declined_at).into_iter().any(stands) {
        out.about("MHOTRS-PRE-10", Class::Violation, contact);
    }
}

/// MHOTRS-PRE-13.
pub(crate) fn labelled(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    if !is_clinic(contact) {
        return;
    }
    let not_enrolled = contact.phase == Phase::Enrolled && admissions(sight, contact).is_empty();
    let left = last_discharge(sight, contact).filter(|_| phase(sight, contact) == Phase::Preadmission);
    let never_opened = left.is_some_and(|left| {
        let mut openings = told!(sight, "episodes", &pair(contact), Individuals::PreadmissionOpened);
        !openings.any(|(_, o)| {
            o.individual == contact.individual && o.program == contact.program && left <= o.opened_on && o.opened_on <= day(contact)
        })
    });
    if not_enrolled || never_opened {
        out.about("MHOTRS-PRE-13", Class::Violation, contact);
    }
}
