//! What was told, filed under everybody it may be about: for each event, what was believed of it from which known time on.
//! Corrections and retractions are worked in here, by going through every moment at which one became known.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::event::{Claims, Delivery, Findings};
use domain::field::Raw;
use domain::{Event, KnownAt, Recorded};

use crate::claims::Bill;

/// An event and what was believed of it.
pub(crate) struct Fact {
    pub(crate) seq: u64,
    /// When the event itself was known, whatever became of it.
    pub(crate) known: KnownAt,
    /// From when on what was believed; `None` while it did not count. In order of time.
    pub(crate) believed: Vec<(KnownAt, Option<Event>)>,
    /// Of a submitted claim, what it says with every correction.
    pub(crate) settled: Option<Event>,
}

impl Fact {
    pub(crate) fn at(&self, at: KnownAt) -> Option<&Event> {
        self.believed.iter().rev().find(|(from, _)| *from <= at)?.1.as_ref()
    }

    /// The contact it introduces, as ever believed.
    pub(crate) fn contact_ids(&self) -> impl Iterator<Item = &str> {
        self.believed.iter().filter_map(|(_, event)| {
            if let Some(Event::Delivery(Delivery::ContactRecorded(contact))) = event { Some(contact.contact.as_str()) } else { None }
        })
    }
}

/// The facts filed under one name, and every moment at which one of them changed.
#[derive(Default)]
pub(crate) struct Drawer {
    pub(crate) facts: Vec<usize>,
    pub(crate) changes: Vec<KnownAt>,
}

/// All of it.
pub(crate) struct Book {
    pub(crate) facts: Vec<Fact>,
    drawers: HashMap<&'static str, HashMap<String, Drawer>>,
    pub(crate) bills: Vec<Bill>,
    /// Places in `bills` of those that ever named a contact.
    pub(crate) billed: HashMap<String, BTreeSet<usize>>,
}

/// Under which title and which of its fields an event is filed.
const FILED: &[(&str, &str, &[&str])] = &[
    ("person_engaged", "person", &["person"]),
    ("person_separated", "person", &["person"]),
    ("birth_date_recorded", "person", &["person"]),
    ("credential_granted", "person", &["person"]),
    ("credential_renewed", "person", &["person"]),
    ("credential_upgraded", "person", &["person"]),
    ("credential_suspended", "person", &["person"]),
    ("credential_reinstated", "person", &["person"]),
    ("credential_revoked", "person", &["person"]),
    ("credential_surrendered", "person", &["person"]),
    ("licence_granted", "person", &["person"]),
    ("licence_renewed", "person", &["person"]),
    ("licence_ended", "person", &["person"]),
    ("professional_staff_designated", "person", &["person"]),
    ("supervisor_qualified", "person", &["person"]),
    ("peer_experience_recorded", "person", &["person"]),
    ("supervision_assigned", "supervised", &["peer", "program"]),
    ("supervision_ended", "supervised", &["peer", "program"]),
    ("contract_executed", "contract", &["contract"]),
    ("contract_ended", "contract", &["contract"]),
    ("program_registered", "program", &["program"]),
    ("rate_code_adopted", "rates", &[]),
    ("parameter_set", "setting", &["name"]),
    ("policy_adopted", "policies", &["program"]),
    ("policy_retired", "retired", &["policy"]),
    ("team_meeting_held", "meetings", &["program"]),
    ("individual_registered", "individual", &["individual"]),
    ("crisis_recorded", "individual", &["individual"]),
    ("intensity_consulted", "individual", &["individual"]),
    ("collaboration_documented", "individual", &["individual"]),
    ("preadmission_opened", "episodes", &["individual", "program"]),
    ("treatment_declined", "episodes", &["individual", "program"]),
    ("reengaged", "episodes", &["individual", "program"]),
    ("admitted", "episodes", &["individual", "program"]),
    ("discharged", "episodes", &["individual", "program"]),
    ("plan_created", "plans", &["individual", "program"]),
    ("plan_amended", "plans", &["individual", "program"]),
    ("significant_event_recorded", "event", &["event"]),
    ("contact_recorded", "contact", &["contact"]),
    ("contact_recorded", "contacts in", &["individual", "program"]),
    ("contact_recorded", "contacts of", &["individual"]),
    ("contact_recorded", "contacts by", &["peer"]),
    ("contact_recorded", "contacts at", &["program"]),
    ("contact_recorded", "contacts during", &["group_session"]),
    ("group_session_held", "session", &["group_session"]),
    ("note_written", "notes", &["contact"]),
    ("note_amended", "amendments", &["note"]),
    ("note_signed", "signatures", &["note"]),
    ("pros_units_accrued", "accrued", &["contact"]),
    ("claim_denied", "dead", &["claim"]),
    ("claim_voided", "dead", &["claim"]),
    ("claim_adjusted", "dead", &["replaces"]),
    ("claim_paid", "paid", &["claim"]),
];

fn text(event: &Event, field: &str) -> Option<String> {
    let (_, value) = event.fields().into_iter().find(|(name, _)| *name == field)?;
    if let Raw::Text(text) = value { Some(text.into_owned()) } else { None }
}

/// The names under which an event is filed.
fn names(event: &Event) -> Vec<(&'static str, String)> {
    let kind = event.type_name();
    let name = |fields: &[&str]| fields.iter().map(|f| text(event, f)).collect::<Option<Vec<_>>>().map(|parts| parts.join("/"));
    FILED.iter().filter(|(of, _, _)| *of == kind).filter_map(|(_, title, fields)| Some((*title, name(fields)?))).collect()
}

fn is_submission(recorded: &Recorded) -> bool {
    matches!(recorded.event, Event::Claims(Claims::ClaimSubmitted(_)))
}

/// What corrects or retracts what.
struct Amended<'a> {
    by_target: BTreeMap<u64, Vec<&'a Recorded>>,
}

impl<'a> Amended<'a> {
    fn of(&self, event: &Recorded) -> &[&'a Recorded] {
        self.by_target.get(&event.seq.0).map_or(&[], Vec::as_slice)
    }

    /// Whether an event was told by then and not taken back, as known then.
    fn stands(&self, event: &Recorded, at: KnownAt) -> bool {
        event.known_at() <= at && !self.taken_back(event, at)
    }

    fn taken_back(&self, event: &Recorded, at: KnownAt) -> bool {
        self.of(event).iter().any(|by| matches!(by.event, Event::Findings(Findings::EventRetracted(_))) && self.stands(by, at))
    }

    /// Every known time at which something about an event may have changed.
    fn moments(&self, event: &Recorded, moments: &mut BTreeSet<KnownAt>) {
        moments.insert(event.known_at());
        for by in self.of(event) {
            self.moments(by, moments);
        }
    }

    /// What a claim says counts from its submission, whenever it was recorded; everything else from when it was known.
    fn content(&self, event: &Recorded, at: KnownAt) -> Option<Event> {
        let counts = if is_submission(event) { !self.taken_back(event, at) } else { self.stands(event, at) };
        counts.then(|| self.corrected(event, at))
    }

    fn corrected(&self, event: &Recorded, at: KnownAt) -> Event {
        let mut content = event.event.clone();
        // In ledger order, so that the latest correction of a field wins.
        for by in self.of(event).iter().filter(|by| self.stands(by, at)) {
            if let Event::Findings(Findings::EventCorrected(correction)) = &by.event {
                content = content.corrected(&correction.fields.0).unwrap_or(content);
            }
        }
        content
    }
}

impl Book {
    /// Files what was recorded, in ledger order.
    pub(crate) fn of(recorded: &[&Recorded]) -> Self {
        let mut amended = Amended { by_target: BTreeMap::new() };
        for r in recorded {
            if let Some(target) = r.target {
                amended.by_target.entry(target.0).or_default().push(r);
            }
        }
        let mut facts = Vec::new();
        for r in recorded.iter().filter(|r| r.target.is_none()) {
            let mut moments: BTreeSet<KnownAt> = is_submission(r).then_some(KnownAt::BEGINNING).into_iter().collect();
            amended.moments(r, &mut moments);
            let believed = moments.into_iter().map(|at| (at, amended.content(r, at))).collect();
            let settled = is_submission(r).then(|| amended.corrected(r, KnownAt::END));
            facts.push(Fact { seq: r.seq.0, known: r.known_at(), believed, settled });
        }
        let mut drawers: HashMap<&'static str, HashMap<String, Drawer>> = HashMap::new();
        for (place, fact) in facts.iter().enumerate() {
            let all: BTreeSet<(&'static str, String)> = fact.believed.iter().filter_map(|(_, event)| event.as_ref()).flat_map(names).collect();
            for (title, name) in all {
                let drawer = drawers.entry(title).or_default().entry(name).or_default();
                drawer.facts.push(place);
                drawer.changes.extend(fact.believed.iter().map(|(at, _)| *at));
            }
        }
        for drawer in drawers.values_mut().flat_map(HashMap::values_mut) {
            drawer.changes.sort_unstable();
            drawer.changes.dedup();
        }
        let bills = Bill::all(&facts);
        let mut billed: HashMap<String, BTreeSet<usize>> = HashMap::new();
        for (place, bill) in bills.iter().enumerate() {
            for contact in bill.ever_named() {
                billed.entry(contact.to_owned()).or_default().insert(place);
            }
        }
        Self { facts, drawers, bills, billed }
    }

    pub(crate) fn drawer(&self, title: &str, name: &str) -> Option<&Drawer> {
        self.drawers.get(title)?.get(name)
    }

    /// Every name under a title, in order.
    pub(crate) fn names(&self, title: &str) -> BTreeSet<&str> {
        self.drawers.get(title).into_iter().flat_map(HashMap::keys).map(String::as_str).collect()
    }
}
