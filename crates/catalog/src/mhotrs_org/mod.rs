//! MHOTRS: how a program uses and holds its peers: in the team, ready for them, within scope, under contract, under a policy.
//! Who is a contractor on a day is answered here once, by the engagement that covers the day and nothing else.

pub mod team_01;
pub mod team_02;
pub mod team_03;
pub mod team_05;
pub mod team_06;
pub mod contr_03;
pub mod contr_04;
pub mod contr_05;
pub mod org_01;
pub mod org_02;
pub mod org_03;
pub mod org_04;
pub mod org_05;
pub mod org_06;
pub mod org_07;
pub mod org_08;
pub mod org_09;
pub mod org_10;
pub mod org_11;
pub mod org_12;
pub mod org_14;
pub mod org_15;
pub mod org_16;
pub mod org_18;
pub mod pol_01;
pub mod pol_02;
pub mod pol_03;
pub mod pol_04;
pub mod pol_05;
pub mod pol_06;

use domain::words::Engagement;
use timeline::delivery::Contact;
use timeline::people::Engaged;
use timeline::{Row, View};

/// The contractor's engagement under which a contact was delivered; `None` for an employee, and for somebody never engaged.
pub(crate) fn contractor<'h>(view: &View<'h>, contact: &Contact) -> Option<&'h Row<Engaged>> {
    view.engagement(contact.peer, contact.day).filter(|row| row.value.engagement == Engagement::Contractor)
}
