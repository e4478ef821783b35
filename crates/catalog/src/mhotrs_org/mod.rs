//! MHOTRS: how a program uses and holds its peers: within scope, under contract, under a policy.
//! Who is a contractor on a day is answered here once, by the engagement that covers the day and nothing else.

pub mod contr_03;
pub mod contr_04;
pub mod contr_05;
pub mod org_18;
pub mod pol_01;

use domain::words::Engagement;
use timeline::delivery::Contact;
use timeline::people::Engaged;
use timeline::{Row, View};

/// The contractor's engagement under which a contact was delivered; `None` for an employee, and for somebody never engaged.
pub(crate) fn contractor<'h>(view: &View<'h>, contact: &Contact) -> Option<&'h Row<Engaged>> {
    view.engagement(contact.peer, contact.day).filter(|row| row.value.engagement == Engagement::Contractor)
}
