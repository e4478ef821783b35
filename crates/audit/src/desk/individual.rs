//! Somebody served over time: enrolment and plans as spans; contacts, notes, signatures and claims as marks, as known at any instant.
//! Tells what is on record; whether a plan or a note was due is the rules' affair.

use std::collections::BTreeSet;

use domain::quantity::Version;
use domain::{KnownAt, ValidDay};
use rules::Finding;
use timeline::money::ClaimEndKind;
use timeline::{IndividualKey, ProgramKey, View};

use super::Desk;
use super::time::{Frame, Holds, Lane, Span, corrected};
use crate::error::AuditError;
use crate::history::trail::{Of, touches};
use crate::words::{count, day, money};

/// What a mark stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkOf {
    /// A contact.
    Contact,
    /// A note on a contact.
    Note,
    /// A signature on a note.
    Signature,
    /// A claim.
    Claim,
    /// A significant event.
    Event,
}

impl MarkOf {
    /// Every kind, in the order of the lanes.
    pub const ALL: [MarkOf; 5] = [MarkOf::Contact, MarkOf::Note, MarkOf::Signature, MarkOf::Claim, MarkOf::Event];

    /// The lane.
    pub fn named(self) -> &'static str {
        match self {
            MarkOf::Contact => "Contacts",
            MarkOf::Note => "Notes",
            MarkOf::Signature => "Signatures",
            MarkOf::Claim => "Claims",
            MarkOf::Event => "Significant events",
        }
    }
}

/// Something on a day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Its day.
    pub on: ValidDay,
    /// What it stands for.
    pub of: MarkOf,
    /// Its id: of a note or signature that of the contact.
    pub id: Option<String>,
    /// In a few words.
    pub says: String,
    /// A claim that was voided, denied or replaced stands no more.
    pub stands: bool,
}

/// Somebody served over time.
#[derive(Debug)]
pub struct IndividualTime<'d> {
    /// Who.
    pub individual: String,
    /// First day told.
    pub from: ValidDay,
    /// Last day told.
    pub to: ValidDay,
    /// As known when; everything if not said.
    pub known: Option<KnownAt>,
    /// Enrolment and plans by program, crises.
    pub lanes: Vec<Lane>,
    /// Of these lanes those that later entries changed, as they are known now.
    pub corrected: Vec<Lane>,
    /// Contacts and what hangs on them, by day.
    pub marks: Vec<Mark>,
    /// Findings that touch them and could be known by then.
    pub findings: Vec<&'d Finding>,
}

impl Desk {
    /// Somebody served over time, as known at an instant or now.
    ///
    /// # Errors
    /// An individual nobody knows.
    pub fn individual(&self, id: &str, known: Option<KnownAt>) -> Result<IndividualTime<'_>, AuditError> {
        let history = &self.loaded.history;
        let key = history.find_individual(id).ok_or_else(|| AuditError::asked(format!("the ledger knows no individual {id}"), "check the id"))?;
        let view = self.view_of(known);
        let marks = marks(&view, key);
        let frame = Frame::of(beginning(&view, key, marks.first().map(|mark| mark.on)), view.today(), known);
        let lanes = lanes(&view, key, frame);
        let corrected = if known.is_some() { corrected(&lanes, self::lanes(&self.view_of(None), key, frame)) } else { Vec::new() };
        let reached = |f: &&Finding| touches(&self.loaded.history, f, Of::Individual, id) && known.is_none_or(|at| f.first_detectable <= at);
        let findings = self.report().each().filter(reached).collect();
        Ok(IndividualTime { individual: id.to_owned(), from: frame.from, to: frame.to, known, lanes, corrected, marks, findings })
    }
}

/// The first day on which anything was so.
fn beginning(view: &View<'_>, individual: IndividualKey, mark: Option<ValidDay>) -> Option<ValidDay> {
    let facts = view.history().individual_facts(individual);
    let opened = view.rows(&facts.opened, |_| true).map(|row| row.value.on);
    let admitted = view.rows(&facts.admitted, |_| true).map(|row| row.value.at.day());
    let plans = view.rows(&facts.plans, |_| true).map(|row| row.value.effective_on);
    opened.chain(admitted).chain(plans).chain(mark).min()
}

fn lanes(view: &View<'_>, individual: IndividualKey, frame: Frame) -> Vec<Lane> {
    let facts = view.history().individual_facts(individual);
    let opened = view.rows(&facts.opened, |_| true).map(|row| row.value.program);
    let admitted = view.rows(&facts.admitted, |_| true).map(|row| row.value.program);
    let enrolled: BTreeSet<ProgramKey> = opened.chain(admitted).collect();
    let mut lanes: Vec<Lane> = enrolled.iter().map(|program| enrolment(view, individual, *program, frame)).collect();
    let planned: BTreeSet<_> = view.rows(&facts.plans, |_| true).map(|row| (row.value.program, row.value.kind)).collect();
    for (program, kind) in planned {
        let spans = frame.spans(|on| match view.plan(individual, program, kind, on) {
            Some(row) => Some((format!("version {}", row.value.version.0), Holds::Fully)),
            None => admitted_on(view, individual, program, on).map(|_| ("no plan on record".to_owned(), Holds::Not)),
        });
        lanes.push(Lane { name: format!("{} plan, {}", crate::words::sentence(kind.as_str()), view.history().program_name(program)), spans });
    }
    let told = |on: ValidDay| view.rows(&facts.crises, |days| days.cover(on)).next().map(|_| ("crisis".to_owned(), Holds::Partly));
    let spans: Vec<Span> = frame.spans(told);
    if !spans.is_empty() {
        lanes.push(Lane { name: "Crises".to_owned(), spans });
    }
    lanes
}

/// The day of the admission that covers a day to its end.
fn admitted_on(view: &View<'_>, individual: IndividualKey, program: ProgramKey, on: ValidDay) -> Option<ValidDay> {
    view.admission(individual, program, on.plus_days(1).begins(), on).map(|row| row.value.at.day())
}

/// Admitted, or before admission from the first step on, until somebody was admitted or declined.
fn enrolment(view: &View<'_>, individual: IndividualKey, program: ProgramKey, frame: Frame) -> Lane {
    let facts = view.history().individual_facts(individual);
    let spans = frame.spans(|on| {
        if let Some(since) = admitted_on(view, individual, program, on) {
            return Some((format!("admitted {}", day(since)), Holds::Fully));
        }
        let opened = view.rows(&facts.opened, |o| o.program == program && o.on <= on).map(|row| row.value.on).max()?;
        let ended = |at: ValidDay| opened <= at && at < on;
        let declined = view.rows(&facts.declined, |h| h.program == program && ended(h.at.day())).next().is_some();
        let admitted = view.rows(&facts.admitted, |h| h.program == program && ended(h.at.day())).next().is_some();
        (!declined && !admitted).then(|| ("before admission".to_owned(), Holds::Partly))
    });
    Lane { name: format!("Enrolled, {}", view.history().program_name(program)), spans }
}

fn marks(view: &View<'_>, individual: IndividualKey) -> Vec<Mark> {
    let history = view.history();
    let mut marks = Vec::new();
    for row in view.contacts_of_individual(individual, |_| true) {
        let contact = &row.value;
        let id = Some(history.contact_name(contact.contact).to_owned());
        let says = format!("with {}, {}, {}, {}", history.person_name(contact.peer), count(u64::from(contact.minutes().0), "minute"), contact.service.as_str().replace('_', " "), contact.format);
        marks.push(Mark { on: contact.day, of: MarkOf::Contact, id: id.clone(), says, stands: true });
        if let Some(note) = view.note(contact.contact) {
            let (written, key) = (&note.written.value, note.written.value.note);
            let says = format!("{} written by {}", history.note_name(key), history.person_name(written.author));
            marks.push(Mark { on: written.written_at.local_day(), of: MarkOf::Note, id: id.clone(), says, stands: true });
            if note.version != Version(1) {
                let says = format!("{} amended, version {}", history.note_name(key), note.version.0);
                marks.push(Mark { on: note.latest_at.local_day(), of: MarkOf::Note, id: id.clone(), says, stands: true });
            }
            for signature in (1..=note.version.0).flat_map(|version| view.signatures(key, Version(version))) {
                let signed = &signature.value;
                let says = format!("{} signed by {} as {}", history.note_name(key), history.person_name(signed.signer), signed.capacity.as_str().replace('_', " "));
                marks.push(Mark { on: signed.signed_at.local_day(), of: MarkOf::Signature, id: id.clone(), says, stands: true });
            }
        }
        for line in view.lines(contact.contact) {
            let claim = &line.claim.value;
            let fate = view.claim_end(claim.claim).map(|end| match end.value.kind {
                ClaimEndKind::Voided => "voided",
                ClaimEndKind::Denied => "denied",
                ClaimEndKind::Replaced { .. } => "replaced",
            });
            let paid = view.payments(claim.claim).next().map(|_| view.paid_or_charged(claim));
            let became = fate.map_or_else(|| paid.map_or_else(|| "no answer yet".to_owned(), |paid| format!("{} paid", money(paid))), str::to_owned);
            let says = format!("{} for the service of {}, {}; {became}", money(claim.charge), day(claim.service_date), count(u64::from(line.line.units.0), "unit"));
            marks.push(Mark { on: claim.submitted_at.local_day(), of: MarkOf::Claim, id: Some(history.claim_name(claim.claim).to_owned()), says, stands: fate.is_none() });
        }
    }
    let events = view.rows(&history.individual_facts(individual).events, |_| true);
    marks.extend(events.map(|row| Mark { on: row.value.on, of: MarkOf::Event, id: None, says: history.significant_event_name(row.value.event).to_owned(), stands: true }));
    marks.sort();
    marks.dedup();
    marks
}
