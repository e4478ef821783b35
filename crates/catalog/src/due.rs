//! What should be on record once peer support has been given for so many days: when a program or a peer is late with it.
//! Knows no number itself, asks today's date nothing, and forgets what was late before as soon as it is there.

use domain::ValidDay;
use domain::words::Service;
use rules::{Breach, Class, Missing, Params};
use timeline::delivery::Contact;
use timeline::{PersonKey, ProgramKey, Row, View};

/// Something is late.
#[derive(Debug)]
pub(crate) struct Due<'h> {
    /// The first contact in scope, which begins the first interval.
    pub(crate) began: &'h Row<Contact>,
    /// The first contact later than the interval allows.
    pub(crate) late: &'h Row<Contact>,
    /// The day counted from: the last occurrence, or the first contact where there was none since.
    pub(crate) since: ValidDay,
}

impl Due<'_> {
    /// The day of the first contact that came too late.
    pub(crate) fn day(&self) -> ValidDay {
        self.late.value.day
    }

    /// An advisory from that day on, which concerns no contact's money.
    pub(crate) fn breach(&self) -> Breach {
        Breach::new(Class::Advisory, self.day()).because([self.began.seq(), self.late.seq()])
    }
}

/// Whether a program gave peer support longer after the later of its first contact and the last occurrence than the parameter `days` says,
/// as it is on the day of the contact.
///
/// # Errors
/// When `days` is not in force on the day of a contact.
pub(crate) fn of_program<'h>(
    view: &View<'h>,
    program: ProgramKey,
    fits: impl Fn(&Contact) -> bool,
    last: Option<ValidDay>,
    p: &Params<'_>,
) -> Result<Option<Due<'h>>, Missing> {
    let Some(began) = view.contacts_of_program_on(program, p.days(), &fits).next() else { return Ok(None) };
    let since = last.map_or(began.value.day, |last| began.value.day.max(last));
    after(began, since, p, |_| true, |day| view.contacts_of_program_on(program, p.days_from(day), &fits).next())
}

/// The same of one peer's contacts with such a program and service while the rule is in force.
///
/// # Errors
/// As [`of_program`].
pub(crate) fn of_peer<'h>(
    view: &View<'h>,
    peer: PersonKey,
    serving: impl Fn(ProgramKey, Service) -> bool,
    last: Option<ValidDay>,
    p: &Params<'_>,
) -> Result<Option<Due<'h>>, Missing> {
    let next = next_of_peer(view, peer, serving, p);
    let Some(began) = next(ValidDay::MIN) else { return Ok(None) };
    let since = last.map_or(began.value.day, |last| began.value.day.max(last));
    after(began, since, p, |_| true, next)
}

/// The same of one peer's contacts, counted from a day whenever the first of them was, such as the day of an assignment, and of
/// those days only on which the peer or somebody else `counts`.
///
/// # Errors
/// As [`of_program`].
pub(crate) fn of_peer_since<'h>(
    view: &View<'h>,
    peer: PersonKey,
    serving: impl Fn(ProgramKey, Service) -> bool,
    since: ValidDay,
    p: &Params<'_>,
    counts: impl Fn(ValidDay) -> bool,
) -> Result<Option<Due<'h>>, Missing> {
    let next = next_of_peer(view, peer, serving, p);
    let Some(began) = next(since) else { return Ok(None) };
    after(began, since, p, counts, next)
}

/// The first contact of a peer on a day or later, with such a program and service while the rule is in force.
fn next_of_peer<'h>(
    view: &View<'h>,
    peer: PersonKey,
    serving: impl Fn(ProgramKey, Service) -> bool,
    p: &Params<'_>,
) -> impl Fn(ValidDay) -> Option<&'h Row<Contact>> {
    move |day| view.contacts_of_peer_serving(peer, p.days_from(day), &serving, |c| p.in_force(c.day)).next()
}

/// Goes from one day with a contact to the next, so that a busy day costs no more than a quiet one, and passes over the days on which
/// nothing can be late yet.
fn after<'h>(
    began: &'h Row<Contact>,
    since: ValidDay,
    p: &Params<'_>,
    counts: impl Fn(ValidDay) -> bool,
    next: impl Fn(ValidDay) -> Option<&'h Row<Contact>>,
) -> Result<Option<Due<'h>>, Missing> {
    let first = since.plus_days(1);
    // What is late is so by more days than are ever allowed from here on; where that is not known beforehand, every day is asked.
    let mut from = p.least_int("days", first).map_or(first, |least| first.max(since.plus_days(least.saturating_add(1))));
    while let Some(late) = next(from) {
        let day = late.value.day;
        if day.days_since(since) > p.int("days", day)? && counts(day) {
            return Ok(Some(Due { began, late, since }));
        }
        from = day.plus_days(1);
    }
    Ok(None)
}
