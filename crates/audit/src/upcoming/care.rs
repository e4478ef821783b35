//! What falls due around the people served: PROS participants who outgrow a youth peer, contracts, collaboration with contracted peers.
//! The deadlines are those of the rules; a contact whose record is there already is not named.

use std::collections::{BTreeMap, BTreeSet};

use domain::ValidDay;
use domain::words::{CredentialKind, Engagement, Service};
use rules::Missing;
use timeline::PersonKey;

use super::{Ahead, Item, Kind};

/// Participants served by a peer who holds a YPA and no NYCPS, whose last day at the greatest age comes.
pub(super) fn pros_birthdays(ahead: &Ahead<'_>) -> Result<Vec<Item>, Missing> {
    let (view, history) = (&ahead.view, ahead.view.history());
    let greatest = ahead.int("PROS-STAFF-02", "greatest_age", ahead.today)?;
    let served = (ahead.today.plus_days(-ahead.own("served_days")?), ahead.today);
    let mut items = Vec::new();
    for individual in history.all_individuals() {
        let Some(birth) = view.birth_of_individual(individual).map(|row| row.value) else { continue };
        let Some(on) = ahead.last_day(|day| i64::from(day.age_of(birth)) <= greatest) else { continue };
        let contacts = view.contacts_of_individual_on(individual, served, |c| c.service == Service::ProsPss);
        let peers: BTreeSet<PersonKey> = contacts.map(|row| row.value.peer).collect();
        let after = on.plus_days(1);
        let active = |peer, kind| view.credential(peer, kind, after).active();
        for peer in peers {
            if ahead.works(peer, after) && active(peer, CredentialKind::Ypa) && !active(peer, CredentialKind::Nycps) {
                let (who, name) = (history.individual_name(individual).to_owned(), ahead.person(peer));
                let says = format!("{who} is {greatest} through {on}; {name}, with a YPA and no NYCPS, may not deliver PROS peer support to them after that");
                items.push(Item { on, kind: Kind::Birthday, subject: vec![("individual", who), ("peer", name)], says });
            }
        }
    }
    Ok(items)
}

/// Contracts under which somebody works and whose last day comes.
pub(super) fn contracts(ahead: &Ahead<'_>) -> Vec<Item> {
    let (view, history) = (&ahead.view, ahead.view.history());
    let mut ending: BTreeMap<(ValidDay, &str), BTreeSet<String>> = BTreeMap::new();
    for person in ahead.staff() {
        let Some(engaged) = view.engagement(person, ahead.today).map(|row| &row.value) else { continue };
        let Some(contract) = engaged.contract else { continue };
        if let Some(on) = ahead.last_day(|day| view.contract_in_force(engaged, day).is_some()) {
            ending.entry((on, history.contract_name(contract))).or_default().insert(ahead.person(person));
        }
    }
    ending
        .into_iter()
        .map(|((on, contract), people)| {
            let people = people.into_iter().collect::<Vec<_>>().join(", ");
            let says = format!("contract {contract} ends with {on}; under it works {people}");
            Item { on, kind: Kind::Contract, subject: vec![("contract", contract.to_owned())], says }
        })
        .collect()
}

/// Contacts of contracted peers without collaboration near them, whose days to document it are not over: the first deadline of each pair.
pub(super) fn collaboration(ahead: &Ahead<'_>) -> Result<Vec<Item>, Missing> {
    let (view, history) = (&ahead.view, ahead.view.history());
    let mut first: BTreeMap<(String, String), (ValidDay, ValidDay)> = BTreeMap::new();
    for individual in history.all_individuals() {
        for row in view.contacts_of_individual(individual, |c| c.service.is_mhotrs()) {
            let contact = &row.value;
            let contracted = view.engagement(contact.peer, contact.day).is_some_and(|e| e.value.engagement == Engagement::Contractor);
            if !contracted {
                continue;
            }
            let days = ahead.int("MHOTRS-CONTR-03", "days", contact.day)?;
            let (from, on) = (contact.day.plus_days(-days), contact.day.plus_days(days));
            let collaborations = &history.individual_facts(individual).collaborations;
            let near = |c: &timeline::individual::Collaboration| c.peer == contact.peer && from <= c.on && c.on <= on;
            if ahead.covers(on) && view.rows(collaborations, near).next().is_none() {
                let pair = (history.individual_name(individual).to_owned(), ahead.person(contact.peer));
                let least = first.entry(pair).or_insert((on, contact.day));
                *least = (*least).min((on, contact.day));
            }
        }
    }
    let item = |((individual, peer), (on, contact)): ((String, String), (ValidDay, ValidDay))| {
        let says = format!("collaboration with {peer} about {individual} must be documented by {on}, for a contact on {contact}");
        Item { on, kind: Kind::Collaboration, subject: vec![("individual", individual), ("peer", peer)], says }
    };
    Ok(first.into_iter().map(item).collect())
}
