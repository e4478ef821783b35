//! Somebody on the staff over time: spans of employment, credentials, licences and supervision, days of contacts, as known at any instant.
//! What supervision is and who qualifies is asked of its own history.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;
use domain::{KnownAt, ValidDay};
use rules::Finding;
use timeline::view::Why;
use timeline::{PersonKey, View};

use super::Desk;
use super::time::{Frame, Holds, Lane, Span, by_day, corrected, put};
use crate::error::AuditError;
use crate::history::supervision::{self, Stretch};
use crate::history::trail::{Of, touches};

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
    /// Of these lanes those that later entries changed, as they are known now.
    pub corrected: Vec<Lane>,
    /// Days of contacts, ascending, with how many.
    pub contacts: Vec<(ValidDay, u64)>,
    /// Supervision as told by `history supervision`.
    pub supervision: Vec<Stretch>,
    /// Findings about them that could be known by then.
    pub findings: Vec<&'d Finding>,
}

impl Desk {
    /// Somebody on the staff over time, as known at an instant or now.
    ///
    /// # Errors
    /// A person nobody knows.
    pub fn person(&self, id: &str, known: Option<KnownAt>) -> Result<PersonTime<'_>, AuditError> {
        let key = self.loaded.history.find_person(id).ok_or_else(|| AuditError::asked(format!("the ledger knows no person {id}"), "see who there is"))?;
        let view = self.view_of(known);
        let contacts = by_day(view.contacts_of_peer(key, |_| true).map(|row| row.value.day).collect());
        let frame = Frame::of(beginning(&view, key, contacts.first().map(|(day, _)| *day)), view.today(), known);
        let stretches = supervision::of_peer(&view, self.engine.tables(), key);
        let lanes = lanes(&view, key, &stretches, frame);
        let corrected = match known {
            None => Vec::new(),
            Some(_) => {
                let now = self.view_of(None);
                corrected(&lanes, self::lanes(&now, key, &supervision::of_peer(&now, self.engine.tables(), key), frame))
            }
        };
        let findings = self.naming_of(id).filter(|f| known.is_none_or(|at| f.first_detectable <= at)).collect();
        Ok(PersonTime { person: id.to_owned(), from: frame.from, to: frame.to, known, lanes, corrected, contacts, supervision: stretches, findings })
    }

    /// Findings that name somebody on the staff, in the order of the report.
    pub(super) fn naming_of<'d>(&'d self, id: &str) -> impl Iterator<Item = &'d Finding> {
        let places = self.naming().get(id).map_or(&[][..], Vec::as_slice);
        let findings = &self.report().findings;
        places.iter().filter_map(|place| findings.get(usize::try_from(*place).ok()?)).map(AsRef::as_ref).filter(|f| touches(&self.loaded.history, f, Of::Person, id))
    }

    pub(super) fn naming(&self) -> &BTreeMap<String, Vec<u32>> {
        self.naming.get_or_init(|| {
            let mut naming: BTreeMap<String, Vec<u32>> = BTreeMap::new();
            for (place, f) in (0..).zip(&self.report().findings) {
                let names: BTreeSet<CompactString> = f.about.peer.clone().into_iter().chain(["person", "peer"].iter().filter_map(|key| f.subject.get(key))).collect();
                names.into_iter().for_each(|name| naming.entry(name.into()).or_default().push(place));
            }
            naming
        })
    }

    /// Everybody on the staff, in order, with their findings of each class.
    pub fn people(&self) -> &[(String, [u64; 3])] {
        self.people.get_or_init(|| {
            let names = self.loaded.history.all_people().map(|key| self.loaded.history.person_name(key).to_owned());
            let mut people: BTreeMap<String, [u64; 3]> = names.map(|name| (name, [0; 3])).collect();
            for f in &self.report().findings {
                count(&mut people, f);
            }
            people.into_iter().collect()
        })
    }
}

/// Counts a finding with whoever on the staff it is about, of those who are there.
pub(super) fn count(people: &mut BTreeMap<String, [u64; 3]>, f: &Finding) {
    let who = f.about.peer.clone().or_else(|| f.subject.get("person")).or_else(|| f.subject.get("peer"));
    if let Some(counts) = who.and_then(|who| people.get_mut(who.as_str())) {
        counts[f.class as usize] += 1;
    }
}

fn lanes(view: &View<'_>, person: PersonKey, stretches: &[Stretch], frame: Frame) -> Vec<Lane> {
    let mut lanes = standing(view, person, frame);
    lanes.extend(supervised(stretches, frame));
    lanes
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
fn standing(view: &View<'_>, person: PersonKey, frame: Frame) -> Vec<Lane> {
    let mut lanes = Vec::new();
    if view.rows(&view.history().person_facts(person).engaged, |_| true).next().is_some() {
        let spans = frame.spans(|day| view.engagement(person, day).map(|row| (row.value.engagement.as_str().to_owned(), Holds::Fully)));
        lanes.push(Lane { name: "Engaged".to_owned(), spans });
    }
    lanes.extend(credentials(view, person, frame));
    lanes
}

/// Credentials and licences.
pub(super) fn credentials(view: &View<'_>, person: PersonKey, frame: Frame) -> Vec<Lane> {
    let facts = view.history().person_facts(person);
    let mut lanes = Vec::new();
    let kinds: BTreeSet<_> = view.rows(&facts.credentials, |_| true).map(|row| row.value.kind).collect();
    for kind in kinds {
        let spans = frame.spans(|day| {
            let standing = view.credential(person, kind, day);
            let full = standing.level == domain::words::CredentialLevel::Full;
            said(&standing.why).map(|(word, holds)| match holds {
                Holds::Not => (word, holds),
                Holds::Fully | Holds::Partly => (standing.level.as_str().to_owned(), if full { Holds::Fully } else { Holds::Partly }),
            })
        });
        lanes.push(Lane { name: kind.as_str().to_owned(), spans });
    }
    let disciplines: BTreeSet<_> = view.licences(person, frame.to).map(|l| l.discipline).collect();
    for discipline in disciplines {
        let spans = frame.spans(|day| view.licences(person, day).find(|l| l.discipline == discipline).and_then(|l| said(&l.why)));
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

/// A lane a program: who supervised, and where nobody did who may.
pub(super) fn supervised(stretches: &[Stretch], frame: Frame) -> Vec<Lane> {
    let programs: BTreeSet<&str> = stretches.iter().map(|s| s.program.as_str()).collect();
    let lane = |program: &str| {
        let spans = covered(stretches.iter().filter(|s| s.program == program), frame.from, frame.to);
        Lane { name: format!("Supervision, {program}"), spans }
    };
    programs.into_iter().map(lane).collect()
}

/// Supervision between two days as spans: by whom, or by nobody who may.
pub(super) fn covered<'s>(stretches: impl Iterator<Item = &'s Stretch>, from: ValidDay, to: ValidDay) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for s in stretches.filter(|s| s.to >= from && s.from <= to) {
        let able: Vec<&str> = s.supervisors.iter().filter(|by| by.qualifies).map(|by| by.person.as_str()).collect();
        let (says, holds) = if able.is_empty() { ("nobody who may".to_owned(), Holds::Not) } else { (format!("by {}", able.join(", ")), Holds::Fully) };
        put(&mut spans, Span { from: s.from.max(from), to: s.to.min(to), says, holds });
    }
    spans
}
