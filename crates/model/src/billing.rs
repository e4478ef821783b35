//! What was billed against what was done: units, days, codes, modifiers, groups, and lines that have nothing behind them.
//! Only live lines count where the page says so.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::ContactRecorded;
use domain::words::{Format, ProgramKind, RateCodeMeaning, Site};
use domain::{ValidAt, ValidDay};

use crate::Class;
use crate::claims::{Submitted, live};
use crate::sight::{Said, Sayings, Sight, day, is_clinic, on, program_kind, told};

fn minutes(contact: &ContactRecorded) -> u32 {
    contact.start.minutes_until(contact.end).0
}

fn live_units(sight: &Sight<'_>, contact: &ContactRecorded) -> (bool, u32) {
    let lines = sight.lines(contact.contact.as_str());
    let live: Vec<_> = lines.iter().filter(|(_, _, bill)| live(sight, bill.claim)).collect();
    (!live.is_empty(), live.iter().map(|(_, line, bill)| bill.claim.lines[*line].units.0).sum())
}

/// MHOTRS-BILL-04, -14.
pub(crate) fn units(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    if !is_clinic(contact) {
        return;
    }
    let (billed, units) = live_units(sight, contact);
    let (long, most) = (minutes(contact) >= 15, minutes(contact) / 15);
    if long && units > most {
        out.about("MHOTRS-BILL-04", Class::Violation, contact);
    } else if long && billed && units < most {
        out.about("MHOTRS-BILL-04", Class::Advisory, contact);
    } else if !long && units > 0 {
        out.about("MHOTRS-BILL-14", Class::Violation, contact);
    }
}

/// Units of a contact on each local date: later dates first take what their minutes hold, the first takes the rest.
fn by_date(contact: &ContactRecorded, units: u32) -> BTreeMap<ValidDay, u32> {
    let first = day(contact);
    let mut left = units;
    let mut dates = BTreeMap::new();
    let mut date = first.plus_days(1);
    while date.begins() < contact.end {
        let from: ValidAt = date.begins();
        let to = contact.end.min(date.plus_days(1).begins());
        let part = (from.minutes_until(to).0 / 15).min(left);
        left -= part;
        dates.insert(date, part);
        date = date.plus_days(1);
    }
    dates.insert(first, left);
    dates
}

/// MHOTRS-BILL-05, because of this contact.
pub(crate) fn daily(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    if !is_clinic(contact) {
        return;
    }
    let (_, own) = live_units(sight, contact);
    for (date, _) in by_date(contact, own).into_iter().filter(|(_, units)| *units > 0) {
        let pair = crate::episodes::pair(contact);
        let others = told!(sight, "contacts in", &pair, Delivery::ContactRecorded).map(|(_, c)| c);
        let same = others.filter(|c| is_clinic(c) && c.individual == contact.individual && c.program == contact.program);
        let total: u32 = same.map(|c| by_date(c, live_units(sight, c).1).get(&date).copied().unwrap_or(0)).sum();
        if total > 12 {
            let subject = format!("individual={} program={} date={date}", contact.individual, contact.program);
            out.of("MHOTRS-BILL-05", Class::Violation, subject, contact).day = date;
        }
    }
}

/// MHOTRS-BILL-02, about a session.
pub(crate) fn crowded(sight: &Sight<'_>, session: &str, out: &mut Sayings) {
    for (_, held) in told!(sight, "session", session, Delivery::GroupSessionHeld) {
        let who: BTreeSet<&str> = held.attendees.iter().map(|a| a.as_str()).collect();
        let kind = program_kind(sight, held.program.as_str());
        let during = told!(sight, "contacts during", session, Delivery::ContactRecorded).map(|(_, c)| c);
        let during: Vec<&ContactRecorded> = during.filter(|c| c.group_session.as_ref() == Some(&held.group_session)).collect();
        // No peer rule applies to other services, and a program of another kind has no MHOTRS groups.
        let of_peers = during.iter().any(|c| c.service.is_mhotrs());
        let of_clinic = of_peers && kind.is_none() || kind == Some(ProgramKind::Mhotrs) && (of_peers || during.is_empty());
        if who.len() > 12 && of_clinic && held.start.local_day() >= on(2022, 11, 23) {
            let contacts = during.iter().map(|c| c.contact.to_string()).collect();
            let subject = format!("group_session={session}");
            let day = held.start.local_day();
            out.say(Said { rule: "MHOTRS-BILL-02", subject, class: Class::Violation, cured_late: false, day, contacts, lines: None });
        }
    }
}

fn means(sight: &Sight<'_>, contact: &ContactRecorded, code: &str, meaning: RateCodeMeaning) -> bool {
    let default = match meaning {
        RateCodeMeaning::HealthServices => "1474",
        RateCodeMeaning::Offsite => "1507",
    };
    let on = day(contact);
    let mut adopted = told!(sight, "rates", "", Program::RateCodeAdopted);
    code == default
        || adopted.any(|(_, a)| {
            let here = a.program.as_ref().is_none_or(|p| *p == contact.program);
            here && a.code.as_str() == code && a.meaning == meaning && a.from <= on && a.to.is_none_or(|to| on <= to)
        })
}

/// A row about the lines of one claim for one contact.
struct Lines<'a> {
    place: usize,
    bill: Submitted<'a>,
    contact: &'a str,
    lines: BTreeSet<usize>,
}

impl Lines<'_> {
    fn say(&self, rule: &'static str, class: Class, day: ValidDay, out: &mut Sayings) {
        let subject = self.subject();
        let lines = Some(self.lines.iter().map(|line| (self.place, *line)).collect());
        out.say(Said { rule, subject, class, cured_late: false, day, contacts: [self.contact.to_owned()].into(), lines });
    }

    fn subject(&self) -> String {
        format!("claim={} contact={}", self.bill.claim.claim, self.contact)
    }
}

/// MHOTRS-BILL-07, -08, -10, -11, -13, about one contact that claims name, whether it exists or not.
pub(crate) fn lines(sight: &Sight<'_>, named: &str, out: &mut Sayings) {
    let contact = sight.contact(named);
    let mut by_claim: BTreeMap<usize, Lines<'_>> = BTreeMap::new();
    for (place, line, bill) in sight.lines(named) {
        by_claim.entry(place).or_insert_with(|| Lines { place, bill, contact: named, lines: BTreeSet::new() }).lines.insert(line);
    }
    duplicates(sight, named, contact, out);
    for of in by_claim.values() {
        let claim = of.bill.claim;
        let Some(contact) = contact else {
            of.say("MHOTRS-BILL-13", Class::Violation, claim.service_date, out);
            continue;
        };
        if claim.individual != contact.individual || claim.service_date != day(contact) {
            of.say("MHOTRS-BILL-13", Class::Violation, day(contact), out);
        }
        if is_clinic(contact) {
            coded(sight, of, contact, out);
        }
    }
}

fn coded(sight: &Sight<'_>, of: &Lines<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    let lines: Vec<_> = of.lines.iter().map(|line| &of.bill.claim.lines[*line]).collect();
    let at = day(contact);
    if lines.iter().any(|line| line.hcpcs.as_str() != "H0038") {
        of.say("MHOTRS-BILL-07", Class::Violation, at, out);
    }
    let group = |line: &&&domain::event::ClaimLine| line.modifiers.iter().any(|m| m.as_str() == "HQ");
    match contact.format {
        Format::Group if !lines.iter().all(|line| group(&line)) => of.say("MHOTRS-BILL-08", Class::Violation, at, out),
        Format::Individual if lines.iter().any(|line| group(&line)) => of.say("MHOTRS-BILL-08", Class::Documentation, at, out),
        Format::Group | Format::Individual => {}
    }
    let Some(code) = of.bill.claim.rate_code.as_ref().map(|c| c.as_str()) else {
        out.cannot("MHOTRS-BILL-11", of.subject());
        if contact.site == Site::Onsite {
            out.cannot("MHOTRS-BILL-10", of.subject());
        }
        return;
    };
    let offsite = means(sight, contact, code, RateCodeMeaning::Offsite);
    match contact.site {
        Site::Onsite if offsite => of.say("MHOTRS-BILL-11", Class::Violation, at, out),
        Site::Onsite if !means(sight, contact, code, RateCodeMeaning::HealthServices) => of.say("MHOTRS-BILL-10", Class::Documentation, at, out),
        Site::Offsite if !offsite => of.say("MHOTRS-BILL-11", Class::Violation, at, out),
        Site::Onsite | Site::Offsite => {}
    }
}

/// Every live line after the first, by submission, then ledger order, then line.
fn duplicates(sight: &Sight<'_>, named: &str, contact: Option<&ContactRecorded>, out: &mut Sayings) {
    let mut live: Vec<_> = sight.lines(named).into_iter().filter(|(_, _, bill)| live(sight, bill.claim)).collect();
    live.sort_by_key(|(_, line, bill)| (bill.at, bill.seq, *line));
    let mut later: BTreeMap<usize, Lines<'_>> = BTreeMap::new();
    for (place, line, bill) in live.into_iter().skip(1) {
        later.entry(place).or_insert_with(|| Lines { place, bill, contact: named, lines: BTreeSet::new() }).lines.insert(line);
    }
    for of in later.values().filter(|_| contact.is_some()) {
        of.say("MHOTRS-BILL-13", Class::Violation, contact.map_or(of.bill.claim.service_date, day), out);
    }
}
