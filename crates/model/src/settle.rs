//! From what the rules say at the end to findings: told together by subject, with the moment since when they hold and the money they put at risk.
//! That moment is found by looking again just before everything that changed, until nobody says it any more.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::{ClaimSubmitted, ContactRecorded};
use domain::{KnownAt, ValidDay};

use crate::book::Book;
use crate::claims::stake;
use crate::sight::{Said, Sayings, Sight};
use crate::{Class, Found, Verdicts, billing, clinic, core_services, credentials, notes, plans, preadmission, pros};

type OfContact = fn(&Sight<'_>, &ContactRecorded, &mut Sayings);
type OfName = fn(&Sight<'_>, &str, &mut Sayings);

/// Rows that a contact may break, or have its individual, program or plan break.
const OF_CONTACTS: &[OfContact] = &[
    clinic::engaged,
    credentials::held,
    credentials::youth_age,
    clinic::supervised,
    clinic::done,
    clinic::scope,
    preadmission::opened,
    preadmission::grouped,
    preadmission::declined,
    preadmission::labelled,
    notes::written,
    plans::basis,
    clinic::contracted,
    clinic::policy,
    billing::units,
    billing::daily,
    pros::contact,
    core_services::contact,
    core_services::month,
];

/// Somebody to ask: a row, and whom to ask it about.
#[derive(Clone, Copy)]
enum Source<'a> {
    Contact(OfContact, &'a str),
    Named(OfName, &'a str),
}

impl<'a> Source<'a> {
    fn ask(&self, sight: &Sight<'_>) -> Sayings {
        let mut out = Sayings::default();
        match self {
            Source::Contact(rule, id) => {
                if let Some(contact) = sight.contact(id) {
                    rule(sight, contact, &mut out);
                }
            }
            Source::Named(rule, name) => rule(sight, name, &mut out),
        }
        out
    }

    fn all(book: &'a Book) -> Vec<Self> {
        let mut all = Vec::new();
        for id in book.names("contact") {
            all.extend(OF_CONTACTS.iter().map(|rule| Source::Contact(*rule, id)));
        }
        let billed: BTreeSet<&str> = book.billed.keys().map(String::as_str).collect();
        all.extend(billed.into_iter().map(|named| Source::Named(billing::lines, named)));
        all.extend(book.names("session").into_iter().map(|session| Source::Named(billing::crowded, session)));
        all.extend(book.names("person").into_iter().map(|person| Source::Named(credentials::issuers, person)));
        all
    }
}

/// What is said of one rule and subject, by everybody who says it.
struct Told<'a> {
    said: Said,
    by: Vec<Source<'a>>,
}

/// Everything, judged.
pub(crate) fn verdicts(book: &Book, today: ValidDay) -> Verdicts {
    let sight = Sight::new(book, KnownAt::END, today);
    let mut told: BTreeMap<(&'static str, String), Told<'_>> = BTreeMap::new();
    let mut verdicts = Verdicts::default();
    for source in Source::all(book) {
        let sayings = source.ask(&sight);
        verdicts.not_evaluated.extend(sayings.unjudged);
        for said in sayings.said {
            match told.get_mut(&(said.rule, said.subject.clone())) {
                Some(told) => {
                    told.said.join(said);
                    told.by.push(source);
                }
                None => {
                    told.insert((said.rule, said.subject.clone()), Told { said, by: vec![source] });
                }
            }
        }
    }
    verdicts.findings = told.into_values().map(|told| found(book, &sight, today, &told)).collect();
    verdicts
}

impl Said {
    /// Another who says the same of the same subject.
    fn join(&mut self, other: Said) {
        self.class = self.class.max(other.class);
        self.day = self.day.min(other.day);
        self.contacts.extend(other.contacts);
        if let (Some(lines), Some(more)) = (&mut self.lines, other.lines) {
            lines.extend(more);
        }
    }
}

fn found(book: &Book, sight: &Sight<'_>, today: ValidDay, told: &Told<'_>) -> Found {
    let said = &told.said;
    let first_detectable = since(book, today, told);
    let submitted = said.contacts.iter().filter_map(|contact| sight.submitted(contact)).min();
    Found {
        rule: said.rule,
        subject: said.subject.clone(),
        class: said.class,
        cured_late: said.cured_late,
        true_from: said.day,
        first_detectable,
        known_at_claim: submitted.map(|submitted| first_detectable <= submitted),
        exposure_cents: if said.class == Class::Violation { exposed(sight, said) } else { 0 },
    }
}

fn exposed(sight: &Sight<'_>, said: &Said) -> i64 {
    let mut by_claim: BTreeMap<usize, (&ClaimSubmitted, BTreeSet<usize>)> = BTreeMap::new();
    for (place, line, submitted) in said.contacts.iter().flat_map(|contact| sight.lines(contact)) {
        if said.lines.as_ref().is_none_or(|lines| lines.contains(&(place, line))) {
            by_claim.entry(place).or_insert((submitted.claim, BTreeSet::new())).1.insert(line);
        }
    }
    by_claim.values().map(|(claim, lines)| stake(sight, claim, lines)).sum()
}

/// Everybody who may ever have said it: those who do, and for what is said of a program, an individual or a plan, all their contacts.
fn candidates<'a>(book: &'a Book, told: &Told<'a>) -> Vec<Source<'a>> {
    let mut all = told.by.clone();
    if told.said.subject.starts_with("contact=") {
        return all;
    }
    let end = Sight::new(book, KnownAt::END, ValidDay::MAX);
    for source in &told.by {
        let Source::Contact(rule, id) = source else { continue };
        let Some(contact) = end.contact(id) else { continue };
        let by_program = told.said.subject.starts_with("program=");
        let (title, name) = if by_program { ("contacts at", contact.program.as_str()) } else { ("contacts of", contact.individual.as_str()) };
        let places = book.drawer(title, name).into_iter().flat_map(|drawer| &drawer.facts);
        let ids: BTreeSet<&str> = places.filter_map(|place| book.facts.get(*place)).flat_map(|fact| fact.contact_ids()).collect();
        all.extend(ids.into_iter().map(|id| Source::Contact(*rule, id)));
        if by_program {
            break;
        }
    }
    all
}

fn since(book: &Book, today: ValidDay, told: &Told<'_>) -> KnownAt {
    // An advisory is not the finding, nor the finding an advisory.
    let enough = |said: &Said| (said.class == Class::Advisory) == (told.said.class == Class::Advisory);
    let says = |source: &Source<'_>, at: KnownAt| {
        let sight = Sight::new(book, at, today);
        let sayings = source.ask(&sight);
        let same = sayings.said.iter().any(|said| said.rule == told.said.rule && said.subject == told.said.subject && enough(said));
        same.then(|| sight.changed())
    };
    let mut everybody: Option<Vec<Source<'_>>> = None;
    let mut who = told.by[0];
    let mut at = KnownAt::END;
    let mut since = KnownAt::END;
    loop {
        let changed = says(&who, at).or_else(|| {
            let all = everybody.get_or_insert_with(|| candidates(book, told));
            let (other, changed) = all.iter().find_map(|source| Some((*source, says(source, at)?)))?;
            who = other;
            Some(changed)
        });
        match changed {
            None => return since,
            Some(KnownAt::BEGINNING) => return KnownAt::BEGINNING,
            Some(changed) => {
                since = changed;
                at = KnownAt::from_micros(changed.micros() - 1);
            }
        }
    }
}
