//! A simulated year of claims and payments, written as X12 and made into events again, against the simulator's own books: every claim back with
//! its lines, what became of it, and the contact of each line found although no claim names it.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};

use domain::event::{Claims, ContactRecorded, Delivery, Event, EventCorrected, EventRetracted, Findings};
use domain::{Draft, SourceId};
use simulator::{Agency, Config, Planting};
use x12::{Contact, Desk, Found, Item, Mapping, Tally};

fn agency(seed: u64) -> Agency {
    Agency::invent(Config { individuals: 40, days: 300, plants: Planting::Everything, ..Config::year(seed) })
}

/// The contacts as they stand at the end, and what retracted and corrected ones said before.
fn contacts(agency: &Agency) -> Vec<Contact> {
    let mut recorded: BTreeMap<&str, (&ContactRecorded, Event, bool)> = BTreeMap::new();
    let mut retractions: BTreeMap<&str, &str> = BTreeMap::new();
    for line in &agency.lines {
        match &line.event {
            Event::Delivery(Delivery::ContactRecorded(e)) => {
                recorded.insert(line.source_id.as_str(), (e, line.event.clone(), true));
            }
            Event::Findings(Findings::EventCorrected(EventCorrected { target, fields, .. })) => {
                if let Some((_, event, _)) = recorded.get_mut(target.as_str()) {
                    *event = event.corrected(&fields.0).unwrap();
                }
            }
            Event::Findings(Findings::EventRetracted(EventRetracted { target, .. })) => {
                retractions.insert(line.source_id.as_str(), target.as_str());
                // A retraction of a retraction gives the contact back.
                let (contact, standing) = retractions.get(target.as_str()).map_or((target.as_str(), false), |original| (*original, true));
                if let Some((.., stands)) = recorded.get_mut(contact) {
                    *stands = standing;
                }
            }
            Event::Workforce(_) | Event::Program(_) | Event::Individuals(_) | Event::Delivery(_) | Event::Claims(_) | Event::Findings(_) | Event::Ledger(_) => {}
        }
    }
    let mut contacts = Vec::new();
    for (then, now, standing) in recorded.into_values() {
        let Event::Delivery(Delivery::ContactRecorded(now)) = now else { unreachable!() };
        contacts.push(Contact::of(&now, standing));
        if now.start.local_day() != then.start.local_day() {
            contacts.push(Contact::of(then, false));
        }
    }
    contacts
}

/// Reads the agency's X12 files as an import would: everything, then in order of time.
fn events(agency: &Agency, name_contacts: bool) -> (Vec<Draft>, BTreeSet<String>) {
    let exports = agency.x12_exports(name_contacts).unwrap();
    let settings = exports.iter().find(|e| e.name == "x12.toml").unwrap();
    let mapping = Mapping::parse(std::str::from_utf8(&settings.bytes).unwrap()).unwrap();
    let mut items: Vec<Item> = Vec::new();
    for export in exports.iter().filter(|e| e.name.ends_with(".edi")) {
        x12::read(&export.bytes[..], |found| match found {
            Found::Item(item) => items.push(item),
            Found::Problem(problem) => panic!("{}: {problem}", export.name),
            Found::End { well, .. } => assert!(well, "{}", export.name),
        })
        .unwrap();
    }
    items.sort_by_key(|item| match item {
        Item::Claim(c) => (c.origin.at, 0, c.segment),
        Item::Payment(p) => (p.origin.at, 2, p.segment),
        Item::Answer(a) => (a.origin.at, 1, a.segment),
    });
    let mut desk = Desk::new(&mapping, ["1507".to_owned()], true);
    items.iter().for_each(|item| desk.expect(item));
    contacts(agency).into_iter().for_each(|c| desk.contacts.add(c));
    let mut tally = Tally::default();
    let drafts: Vec<Draft> = items.iter().flat_map(|item| desk.take(item, &mut tally).unwrap()).collect();
    // The same files once more, everything on record: the same events.
    let mut again = Desk::new(&mapping, ["1507".to_owned()], true);
    items.iter().for_each(|item| again.expect(item));
    contacts(agency).into_iter().for_each(|c| again.contacts.add(c));
    for draft in &drafts {
        let source = draft.envelope.source_id.as_ref();
        again.books.know(&mut again.contacts, source.map_or("", SourceId::as_str), source, &draft.event, Some(&draft.event));
    }
    let repeated: Vec<Draft> = items.iter().flat_map(|item| again.take(item, &mut Tally::default()).unwrap()).collect();
    for (one, two) in drafts.iter().zip(&repeated) {
        assert_eq!(one, two, "the second import says something else");
    }
    assert_eq!(drafts.len(), repeated.len());
    (drafts, tally.sentences().into_iter().collect())
}

/// An event of billing as the books and the files must agree on it: without what X12 says in other words.
fn told(event: &Event, with_contacts: bool) -> Option<String> {
    let Event::Claims(event) = event else { return None };
    Some(match event.clone() {
        Claims::ClaimSubmitted(mut e) => {
            e.payer = None;
            let lines: Vec<String> = e
                .lines
                .iter()
                .map(|l| format!("{} {} {:?} {} {}", if with_contacts { l.contact.as_str() } else { "" }, l.hcpcs, l.modifiers, l.units.0, l.charge_cents.0))
                .collect();
            format!("submitted {} {} {} {} {} {:?} {lines:?}", e.claim, e.individual, e.program, e.service_date, e.submitted_at, e.rate_code)
        }
        Claims::ClaimPaid(e) => format!("paid {} {:?} {} {}", e.claim, e.tcn, e.paid_cents.0, e.paid_on),
        Claims::ClaimDenied(e) => format!("denied {} {}", e.claim, e.denied_on),
        Claims::ClaimAdjusted(e) => format!("adjusted {} {} {}", e.claim, e.replaces, e.adjusted_on),
        Claims::ClaimVoided(e) => format!("voided {} {}", e.claim, e.voided_on),
        Claims::OverpaymentSuspected(_)
        | Claims::OverpaymentDetermined(_)
        | Claims::OverpaymentQuantified(_)
        | Claims::InvestigationOpened(_)
        | Claims::InvestigationClosed(_)
        | Claims::DisclosureSubmitted(_)
        | Claims::DisclosureAcknowledged(_)
        | Claims::OverpaymentRepaid(_) => return None,
    })
}

fn sorted(events: impl Iterator<Item = String>) -> Vec<String> {
    let mut all: Vec<String> = events.collect();
    all.sort();
    all
}

#[track_caller]
fn same(wanted: &[String], found: &[String]) {
    let (w, f): (BTreeSet<&String>, BTreeSet<&String>) = (wanted.iter().collect(), found.iter().collect());
    let missing: Vec<_> = w.difference(&f).take(10).collect();
    let extra: Vec<_> = f.difference(&w).take(10).collect();
    assert!(missing.is_empty() && extra.is_empty() && wanted.len() == found.len(), "missing {missing:#?}\nextra {extra:#?}");
}

#[test]
fn every_billing_event_comes_back() {
    for seed in [41, 42] {
        let agency = agency(seed);
        let (drafts, _) = events(&agency, true);
        let wanted = sorted(agency.lines.iter().filter_map(|line| told(&line.event, true)));
        let found = sorted(drafts.iter().filter_map(|draft| told(&draft.event, true)));
        assert!(wanted.len() > 500, "{}", wanted.len());
        same(&wanted, &found);
    }
}

/// Contacts that nothing in a claim points to, by the plants of the simulator: never recorded, of somebody else, of another day.
#[test]
fn the_contact_of_every_line_is_found_where_anything_points_to_it() {
    for seed in [41, 42] {
        let agency = agency(seed);
        let (drafts, said) = events(&agency, false);
        same(&sorted(agency.lines.iter().filter_map(|line| told(&line.event, false))), &sorted(drafts.iter().filter_map(|draft| told(&draft.event, false))));
        // Two lines of one claim that say the same may change places.
        let lines = |event: &Event| -> Option<(String, Vec<String>)> {
            let Event::Claims(Claims::ClaimSubmitted(e)) = event else { return None };
            let mut lines: Vec<String> = e.lines.iter().map(|l| format!("{:?} {} {} {}", l.modifiers, l.units.0, l.charge_cents.0, l.contact)).collect();
            lines.sort();
            Some((e.claim.to_string(), lines))
        };
        let wanted: BTreeMap<String, Vec<String>> = agency.lines.iter().filter_map(|line| lines(&line.event)).collect();
        let found: BTreeMap<String, Vec<String>> = drafts.iter().filter_map(|draft| lines(&draft.event)).collect();
        let loose: BTreeSet<String> = agency.expected().iter().filter(|e| e.rule == "MHOTRS-BILL-13").map(|e| e.subject["claim"].as_str().unwrap().to_owned()).collect();
        let differs: BTreeMap<&String, (&Vec<String>, Option<&Vec<String>>)> =
            wanted.iter().filter(|(claim, lines)| found.get(*claim) != Some(lines)).map(|(claim, lines)| (claim, (lines, found.get(claim)))).collect();
        let unexplained: Vec<_> = differs.iter().filter(|(claim, _)| !loose.contains(**claim)).collect();
        assert!(unexplained.is_empty(), "{unexplained:#?}\n{said:#?}");
        assert!(!differs.is_empty());
        // What is not the contact it should be says so in its name, or is the second line for one.
        assert!(found.values().flatten().any(|line| line.contains(" unjoined:")));
    }
}
