//! CORE: Empowerment Services, Peer Support.
//! The recommended range is the agency's setting and never assumed: without it nothing is said about intensity.

pub mod staff_01;
pub mod staff_02;
pub mod mod_01;
pub mod mod_02;
pub mod svc_01;
pub mod svc_02;
pub mod svc_03;
pub mod int_04;
pub mod int_05;
pub mod int_06;

use domain::ValidDay;
use domain::field::Scalar;
use domain::words::{NoteElement, Service};
use rules::{Breach, Class, Missing, Params};
use timeline::delivery::Contact;
use timeline::individual::Consultation;
use timeline::people::Days;
use timeline::{ContactKey, IndividualKey, Row, View};

/// The setting of the most units a month is meant to have (evaluation.md, "Settings").
pub(crate) const UNITS_PER_MONTH_MAX: &str = "core.units_per_month_max";

/// A month that went over the range.
#[derive(Debug)]
pub(crate) struct Over<'h> {
    /// The contact that took the month's sum over the maximum.
    pub(crate) first: &'h Row<Contact>,
    /// Contacts of the month up to and with that one, in order: the sum needs them all.
    pub(crate) counted: Vec<&'h Row<Contact>>,
    /// Units they come to.
    pub(crate) units: i64,
    /// The maximum.
    pub(crate) max: i64,
    /// The setting that says so.
    pub(crate) set_by: domain::Seq,
}

/// What a month of an individual amounts to.
#[derive(Debug)]
pub(crate) enum Month<'h> {
    /// No CORE contact.
    Without,
    /// Inside the range.
    Within,
    /// Over it.
    Over(Over<'h>),
}

/// How a month, given by its first day, stands against the maximum in force on its first contact.
pub(crate) fn month<'h>(view: &View<'h>, individual: IndividualKey, first_day: ValidDay, p: &Params<'_>) -> Result<Month<'h>, Missing> {
    let last_day = first_day.plus_months(1).plus_days(-1);
    let in_scope = |c: &Contact| c.service == Service::CorePeer && p.in_force(c.day);
    let mut contacts: Vec<_> = view.contacts_of_individual_on(individual, (first_day, last_day), in_scope).collect();
    contacts.sort_by_key(|row| (row.value.start, view.history().contact_name(row.value.contact)));
    let Some(earliest) = contacts.first() else { return Ok(Month::Without) };
    let setting = view.setting(UNITS_PER_MONTH_MAX, earliest.value.day).ok_or_else(|| Missing::setting(UNITS_PER_MONTH_MAX))?;
    let max = match &setting.value.value {
        Scalar::Int(max) => *max,
        Scalar::Bool(_) | Scalar::Number(_) | Scalar::Text(_) => {
            return Err(Missing(format!("a whole number in setting {UNITS_PER_MONTH_MAX}")));
        }
    };
    let mut units = 0;
    for (place, row) in contacts.iter().enumerate() {
        units += i64::from(row.value.minutes().0) / p.int("core_units.minutes_per_unit", row.value.day)?.max(1);
        if units > max {
            let first = *row;
            contacts.truncate(place + 1);
            return Ok(Month::Over(Over { first, counted: contacts, units, max, set_by: setting.seq() }));
        }
    }
    Ok(Month::Within)
}

/// Crises of the individual that cover a day.
pub(crate) fn crises<'h>(view: &View<'h>, individual: IndividualKey, day: ValidDay) -> impl Iterator<Item = &'h Row<Days>> {
    view.rows(&view.individual_facts(individual).crises, move |days| days.cover(day))
}

/// Consultations about the individual's intensity held by a day and covering it.
pub(crate) fn consultations<'h>(view: &View<'h>, individual: IndividualKey, day: ValidDay) -> impl Iterator<Item = &'h Row<Consultation>> {
    view.rows(&view.individual_facts(individual).consultations, move |c| c.on <= day && c.days.cover(day))
}

/// Whether a note of some contact of the individual inside a crisis documents it.
pub(crate) fn documented(view: &View<'_>, individual: IndividualKey, crisis: Days) -> bool {
    let noted = |contact: ContactKey| view.note(contact).is_some_and(|note| note.elements.has(NoteElement::Crisis));
    let days = (crisis.from, crisis.to.unwrap_or(ValidDay::MAX));
    view.contacts_of_individual_on(individual, days, |c| crisis.cover(c.day)).any(|row| noted(row.value.contact))
}

impl Over<'_> {
    /// A breach about the first contact over the range, which needs the contacts before it and the setting.
    pub(crate) fn breach(&self, class: Class) -> Breach {
        Breach::new(class, self.first.value.day)
            .because(self.counted.iter().map(|row| row.seq()))
            .because([self.set_by])
            .contacts([self.first.value.contact])
    }
}
