//! A group session: when it was, who led it, who was there, what was billed for each, and what was found.
//! Sets attendees beside contacts without judging: one without the other is there to be seen.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::{Delivery, Event};
use domain::{Cents, ValidAt, ValidDay};
use rules::Finding;
use timeline::ContactKey;

use super::Desk;
use crate::error::AuditError;
use crate::history::trail::{Of, Trail, touches};

/// Somebody at a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    /// Who.
    pub individual: String,
    /// Whether the session lists them.
    pub listed: bool,
    /// Their contact.
    pub contact: Option<String>,
    /// Who delivered it.
    pub peer: Option<String>,
    /// Minutes of the contact.
    pub minutes: Option<i64>,
    /// Claims that name the contact, each with its units and whether it is live.
    pub claims: Vec<(String, u64, bool)>,
    /// Charged on live lines.
    pub charged: Cents,
}

/// A session.
#[derive(Debug)]
pub struct SessionPage<'d> {
    /// Its id.
    pub session: String,
    /// Its program.
    pub program: String,
    /// Its day.
    pub day: ValidDay,
    /// When it began and ended: by its contacts, or by its own event where it has none.
    pub times: Option<(ValidAt, ValidAt)>,
    /// Who led it, as its event says.
    pub facilitators: Vec<String>,
    /// Everybody listed or with a contact in it.
    pub attendees: Vec<Attendee>,
    /// Findings about it or a contact in it.
    pub findings: Vec<&'d Finding>,
    /// Every event that names it or its contacts.
    pub trail: Trail,
}

impl Desk {
    /// A group session.
    ///
    /// # Errors
    /// A session nobody knows, or a ledger that cannot be read.
    pub fn session(&self, id: &str) -> Result<SessionPage<'_>, AuditError> {
        let (view, history) = (self.loaded.view(), &self.loaded.history);
        let unknown = || AuditError::asked(format!("the ledger knows no group session {id}"), "check the id");
        let key = history.find_session(id).ok_or_else(unknown)?;
        let row = view.session(key).ok_or_else(unknown)?;
        let listed: BTreeSet<&str> = row.value.attendees.iter().map(|i| history.individual_name(*i)).collect();
        let mut attendees: BTreeMap<(String, Option<String>), Attendee> = BTreeMap::new();
        let mut times: Option<(ValidAt, ValidAt)> = None;
        let mut contacts: Vec<ContactKey> = Vec::new();
        for contact in view.contacts_of_session(key).map(|row| &row.value) {
            times = Some(times.map_or((contact.start, contact.end), |(from, to)| (from.min(contact.start), to.max(contact.end))));
            let (who, name) = (history.individual_name(contact.individual), history.contact_name(contact.contact));
            let mut attendee = Attendee {
                individual: who.to_owned(),
                listed: listed.contains(who),
                contact: Some(name.to_owned()),
                peer: Some(history.person_name(contact.peer).to_owned()),
                minutes: Some(i64::from(contact.minutes().0)),
                claims: Vec::new(),
                charged: Cents(0),
            };
            for line in view.lines(contact.contact) {
                let claim = line.claim.value.claim;
                let live = view.live(claim);
                attendee.claims.push((history.claim_name(claim).to_owned(), u64::from(line.line.units.0), live));
                if live {
                    attendee.charged = attendee.charged + line.line.charge;
                }
            }
            contacts.push(contact.contact);
            attendees.insert((who.to_owned(), Some(name.to_owned())), attendee);
        }
        for who in listed.iter().filter(|who| !attendees.keys().any(|(there, _)| there == *who)).copied().collect::<Vec<_>>() {
            let attendee = Attendee { individual: who.to_owned(), listed: true, contact: None, peer: None, minutes: None, claims: Vec::new(), charged: Cents(0) };
            attendees.insert((who.to_owned(), None), attendee);
        }
        let mut facilitators = Vec::new();
        if let Some(Event::Delivery(Delivery::GroupSessionHeld(held))) = self.ledger()?.get(row.seq())?.map(|recorded| recorded.event) {
            facilitators = held.facilitators.iter().map(ToString::to_string).collect();
            times = times.or(Some((held.start, held.end)));
        }
        let about = |f: &&Finding| touches(history, f, Of::Session, id) || contacts.iter().any(|c| f.contacts.has(*c));
        Ok(SessionPage {
            session: id.to_owned(),
            program: history.program_name(row.value.program).to_owned(),
            day: row.value.day,
            times,
            facilitators,
            attendees: attendees.into_values().collect(),
            findings: self.report().each().filter(about).collect(),
            trail: self.trail(Of::Session, id, None)?,
        })
    }
}
