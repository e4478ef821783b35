//! A peer's contacts measured against something that should recur, such as supervision sessions.
//! Knows no interval itself, and judges only days on which the peer had contacts: what is not worked needs no support.

use domain::ValidDay;
use domain::words::{Service, SupervisionKind};
use rules::{Breach, Checked, Class, Missing, Params, Verdict, staff};
use timeline::delivery::Contact;
use timeline::{PersonKey, Row, View};

/// Contacts that came longer after the last occurrence than the interval allows.
#[derive(Debug)]
pub(crate) struct Lapse<'h> {
    /// Those contacts, by start; never empty.
    pub(crate) contacts: Vec<&'h Row<Contact>>,
    /// The first of them.
    pub(crate) first: &'h Row<Contact>,
    /// The day counted from before it: the last occurrence, or the first contact where there was none since.
    pub(crate) since: ValidDay,
}

/// Of the contacts of a service in scope while the rule is in force, those longer than the parameter `days` after the later of the last
/// occurrence by their day and the peer's first contact, which begins the first interval, and without an arrangement that makes up for it.
///
/// # Errors
/// When `days` is not in force on the day of a contact.
pub(crate) fn lapse<'h>(
    view: &View<'h>,
    peer: PersonKey,
    in_scope: impl Fn(Service) -> bool,
    arranged: impl Fn(&Contact) -> bool,
    mut occurred: Vec<ValidDay>,
    p: &Params<'_>,
) -> Result<Option<Lapse<'h>>, Missing> {
    let contacts = |days| view.contacts_of_peer_serving(peer, days, |_, service| in_scope(service), |c| p.in_force(c.day));
    let Some(began) = contacts(p.days()).next().map(|row| row.value.day) else { return Ok(None) };
    // No contact is late by fewer days than are ever allowed: those that come sooner after an occurrence are passed over, however many there are.
    // Where that is not known beforehand, every contact is asked.
    let sooner = p.least_int("days", began).map_or(0, |least| least.saturating_add(1).max(0));
    occurred.retain(|on| began < *on);
    occurred.push(began);
    occurred.sort_unstable();
    let until = occurred.iter().skip(1).map(|next| next.plus_days(-1)).chain([ValidDay::MAX]);
    let mut lapse: Option<Lapse<'h>> = None;
    for (since, until) in occurred.iter().copied().zip(until) {
        let (first, last) = p.days_from(since.plus_days(sooner));
        if first > last.min(until) {
            continue;
        }
        for row in contacts((first, last.min(until))) {
            let day = row.value.day;
            if day.days_since(since) > p.int("days", day)? && !arranged(&row.value) {
                lapse.get_or_insert_with(|| Lapse { contacts: Vec::new(), first: row, since }).contacts.push(row);
                // Asked only whether there is one, the first suffices, and fewer rows decide the answer.
                if !view.wants_words() {
                    return Ok(lapse);
                }
            }
        }
    }
    Ok(lapse)
}

impl Lapse<'_> {
    /// An advisory about the first of the contacts; the others are involved.
    pub(crate) fn breach(&self) -> Breach {
        Breach::new(Class::Advisory, self.first.value.day)
            .because([self.first.seq()])
            .contacts(self.contacts.iter().map(|row| row.value.contact))
    }
}

/// The check that MHOTRS-SUP-06 and SUP-REC-01 share, each for its own contacts and its own parameter `days`.
pub(crate) fn in_discipline(view: &View<'_>, peer: PersonKey, in_scope: impl Fn(Service) -> bool, p: &Params<'_>) -> Checked {
    let arranged = |c: &Contact| {
        view.assignments(peer, c.program, c.day).any(|row| {
            row.value.kind == SupervisionKind::InDiscipline || staff::omh_credential(view, row.value.supervisor, c.day).is_some()
        })
    };
    let provided = view.rows(&view.person_facts(peer).in_discipline, |_| true).map(|row| row.value).collect();
    let Some(lapse) = lapse(view, peer, in_scope, arranged, provided, p)? else { return Ok(Verdict::Met) };
    let (name, since, day) = (view.history().person_name(peer), lapse.since, lapse.first.value.day);
    let message = || {
        let count = lapse.contacts.len();
        format!("contacts of {name} without in-discipline support on record for longer than the interval: {count}, the first on {day}, none since {since}")
    };
    lapse
        .breach()
        .lacks(view, || format!("in-discipline support of {name} after {since} and by {day}, or an arrangement for it"))
        .say(view, message)
        .verdict()
}
