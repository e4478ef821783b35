//! Somebody on the staff over time: spans of employment, credentials, licences and supervision, days of contacts, as known at any instant.
//! Asks the view day by day, as the rules do; it has no notion of its own of what counts.

use std::collections::BTreeSet;

use domain::{KnownAt, ValidDay};
use rules::Finding;
use timeline::view::Why;
use timeline::{PersonKey, View};

use super::Desk;
use crate::error::AuditError;
use crate::history::supervision::{self, Stretch};
use crate::history::trail::{Of, touches};

/// How well a span holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// In force.
    Fully,
    /// In force, of the lesser kind.
    Partly,
    /// Not in force where it was before, or missing.
    Not,
}

/// Days on which the same was so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub from: ValidDay,
    /// Last day.
    pub to: ValidDay,
    /// What was so.
    pub says: String,
    /// How well.
    pub holds: Holds,
}

/// One kind of thing over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// What it is.
    pub name: String,
    /// Spans, ascending.
    pub spans: Vec<Span>,
}

/// Somebody over time.
#[derive(Debug)]
pub struct PersonTime<'d> {
    /// Who.
    pub person: String,
    /// First day told.
    pub from: ValidDay,
    /// Last day told.
    pub to: ValidDay,
    /// As known when; everything if not said.
    pub known: Option<KnownAt>,
    /// Employment, credentials, licences, supervision by program.
    pub lanes: Vec<Lane>,
    /// Days of contacts, ascending, with how many.
    pub contacts: Vec<(ValidDay, u64)>,
    /// Supervision as told by `history supervision`.
    pub supervision: Vec<Stretch>,
    /// Findings about them that could be known by then.
    pub findings: Vec<&'d Finding>,
}

/// Days told at most: three years.
const MOST: i64 = 1_096;

impl Desk {
    /// Somebody on the staff over time, as known at an instant or now.
    ///
    /// # Errors
    /// A person nobody knows.
    pub fn person(&self, id: &str, known: Option<KnownAt>) -> Result<PersonTime<'_>, AuditError> {
        let key = self.loaded.history.find_person(id).ok_or_else(|| AuditError::asked(format!("the ledger knows no person {id}"), "see who there is"))?;
        let view = known.map_or(self.loaded.view(), |at| self.loaded.view().known_by(at));
        let to = known.map_or(view.today(), |at| at.local_day().min(view.today()));
        let mut contacts: Vec<(ValidDay, u64)> = Vec::new();
        let mut days: Vec<ValidDay> = view.contacts_of_peer(key, |_| true).map(|row| row.value.day).collect();
        days.sort_unstable();
        for day in days {
            match contacts.last_mut().filter(|(last, _)| *last == day) {
                Some((_, n)) => *n += 1,
                None => contacts.push((day, 1)),
            }
        }
        let from = beginning(&view, key, contacts.first().map(|(day, _)| *day)).unwrap_or(to).clamp(to.plus_days(-MOST), to);
        let stretches = supervision::of_peer(&view, self.engine.tables(), key);
        let mut lanes = standing(&view, key, from, to);
        lanes.extend(supervised(&stretches, from, to));
        let reached = |f: &&Finding| touches(f, Of::Person, id) && known.is_none_or(|at| f.first_detectable <= at);
        let findings = self.report().findings.iter().filter(reached).collect();
        Ok(PersonTime { person: id.to_owned(), from, to, known, lanes, contacts, supervision: stretches, findings })
    }

    /// Everybody on the staff, in order, with their findings of each class.
    pub fn people(&self) -> Vec<(String, [u64; 3])> {
        let names = self.loaded.history.all_people().map(|key| self.loaded.history.person_name(key).to_owned());
        let mut people: std::collections::BTreeMap<String, [u64; 3]> = names.map(|name| (name, [0; 3])).collect();
        for f in &self.report().findings {
            let who = f.about.peer.clone().or_else(|| f.subject.get("person")).or_else(|| f.subject.get("peer"));
            if let Some(counts) = who.and_then(|who| people.get_mut(&who)) {
                counts[f.class as usize] += 1;
            }
        }
        people.into_iter().collect()
    }
}

/// The first day on which anything was so.
fn beginning(view: &View<'_>, person: PersonKey, contact: Option<ValidDay>) -> Option<ValidDay> {
    let facts = view.history().person_facts(person);
    let engaged = view.rows(&facts.engaged, |_| true).map(|row| row.value.start_on);
    let credentials = view.rows(&facts.credentials, |_| true).map(|row| row.value.effective_on);
    let licences = view.rows(&facts.licences, |_| true).map(|row| row.value.on);
    engaged.chain(credentials).chain(licences).chain(contact).min()
}

/// Employment, credentials and licences.
fn standing(view: &View<'_>, person: PersonKey, from: ValidDay, to: ValidDay) -> Vec<Lane> {
    let facts = view.history().person_facts(person);
    let mut lanes = Vec::new();
    if view.rows(&facts.engaged, |_| true).next().is_some() {
        let spans = spans(from, to, |day| view.engagement(person, day).map(|row| (row.value.engagement.as_str().to_owned(), Holds::Fully)));
        lanes.push(Lane { name: "Engaged".to_owned(), spans });
    }
    let kinds: BTreeSet<_> = view.rows(&facts.credentials, |_| true).map(|row| row.value.kind).collect();
    for kind in kinds {
        let spans = spans(from, to, |day| {
            let standing = view.credential(person, kind, day);
            let full = standing.level == domain::words::CredentialLevel::Full;
            said(&standing.why).map(|(word, holds)| match holds {
                Holds::Not => (word, holds),
                Holds::Fully | Holds::Partly => (standing.level.as_str().to_owned(), if full { Holds::Fully } else { Holds::Partly }),
            })
        });
        lanes.push(Lane { name: kind.as_str().to_owned(), spans });
    }
    let disciplines: BTreeSet<_> = view.licences(person, to).map(|l| l.discipline).collect();
    for discipline in disciplines {
        let spans = spans(from, to, |day| view.licences(person, day).find(|l| l.discipline == discipline).and_then(|l| said(&l.why)));
        lanes.push(Lane { name: discipline.as_str().replace('_', " "), spans });
    }
    lanes
}

/// How something stood, in a word; nothing before it began.
fn said<T>(why: &Why<'_, T>) -> Option<(String, Holds)> {
    Some(match why {
        Why::Never => return None,
        Why::Active(_) => ("in force".to_owned(), Holds::Fully),
        Why::Expired(..) => ("expired".to_owned(), Holds::Not),
        Why::Suspended(_) => ("suspended".to_owned(), Holds::Not),
        Why::Ended(_) => ("ended".to_owned(), Holds::Not),
    })
}

/// Days on which the same is said, put together.
fn spans(from: ValidDay, to: ValidDay, says: impl Fn(ValidDay) -> Option<(String, Holds)>) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for day in (0..=to.days_since(from)).map(|n| from.plus_days(n)) {
        let Some((says, holds)) = says(day) else { continue };
        match spans.last_mut().filter(|s| s.to.plus_days(1) == day && s.says == says && s.holds == holds) {
            Some(span) => span.to = day,
            None => spans.push(Span { from: day, to: day, says, holds }),
        }
    }
    spans
}

/// A lane a program: who supervised, and where nobody did who may.
fn supervised(stretches: &[Stretch], from: ValidDay, to: ValidDay) -> Vec<Lane> {
    let programs: BTreeSet<&str> = stretches.iter().map(|s| s.program.as_str()).collect();
    let span = |s: &Stretch| {
        let able: Vec<&str> = s.supervisors.iter().filter(|by| by.qualifies).map(|by| by.person.as_str()).collect();
        let (says, holds) = if able.is_empty() { ("nobody who may".to_owned(), Holds::Not) } else { (format!("by {}", able.join(", ")), Holds::Fully) };
        Span { from: s.from.max(from), to: s.to.min(to), says, holds }
    };
    let within = |program: &str| stretches.iter().filter(|s| s.program == program && s.to >= from && s.from <= to).map(span).collect();
    programs.into_iter().map(|program| Lane { name: format!("Supervision, {program}"), spans: within(program) }).collect()
}
