//! What a peer is and is not, in every program.
//! Most of it is for people to judge; only what times on record can show is asked here.

pub mod val_01;

use timeline::delivery::Contact;
use timeline::{Row, View};

/// Contacts of the same individual that share time with a contact, half-open `[start, end)`, and fit; by start.
pub(crate) fn beside<'h>(view: &View<'h>, contact: &Contact, fits: impl Fn(&Contact) -> bool) -> Vec<&'h Row<Contact>> {
    let shares = |c: &Contact| c.start < contact.end && contact.start < c.end && fits(c);
    let later = (contact.day.plus_days(1), contact.end.local_day());
    let begun = view.contacts_of_individual_during(contact.individual, contact.day, shares);
    begun.chain(view.contacts_of_individual_on(contact.individual, later, shares)).collect()
}
