//! What claims are joined to: the contacts and claims of the ledger, and of the import's other files, each with what it says now.
//! Contacts are kept of the individuals that the X12 files name, so that a night's claims do not load a whole ledger.

use std::ops::ControlFlow;

use domain::event::*;
use domain::words::RateCodeMeaning;
use domain::{ClaimId, ContactId, Draft, IndividualId, Recorded, Seq, SourceId};
use import::{Options, Source};
use ledger::{Ledger, Query};
use rustc_hash::{FxHashMap, FxHashSet};
use x12::{Contact, Desk};

use crate::error::AuditError;
use crate::intake::IntakeOptions;
use crate::settled::Entered;

/// Off site by the guidance (MHOTRS-BILL-11), before any code an agency adopts.
const OFFSITE: &str = "1507";

/// Everything known beforehand.
pub(super) struct Known {
    entered: Entered,
    /// Seqs below are in the ledger.
    size: u64,
    /// Whether there is any contact at all, of whomever.
    pub(super) has_contacts: bool,
}

/// Whether an event is one that claims are joined to, or one of them.
struct Wanted<'i> {
    individuals: &'i FxHashSet<IndividualId>,
}

impl Wanted<'_> {
    fn wants(&self, event: &Event) -> bool {
        match event {
            Event::Delivery(Delivery::ContactRecorded(e)) => self.individuals.contains(&e.individual),
            Event::Claims(
                Claims::ClaimSubmitted(_) | Claims::ClaimPaid(_) | Claims::ClaimDenied(_) | Claims::ClaimAdjusted(_) | Claims::ClaimVoided(_),
            ) => true,
            Event::Program(Program::RateCodeAdopted(_)) => true,
            Event::Delivery(_) | Event::Claims(_) | Event::Program(_) | Event::Workforce(_) | Event::Individuals(_) | Event::Findings(_) | Event::Ledger(_) => false,
        }
    }
}

/// Gathers from the ledger and from the sources that are not X12.
pub(super) fn gather(ledger: &Ledger, sources: &[Source], options: &IntakeOptions, individuals: &FxHashSet<IndividualId>) -> Result<Known, AuditError> {
    let wanted = Wanted { individuals };
    let types = [
        ContactRecorded::SCHEMA.tag,
        ClaimSubmitted::SCHEMA.tag,
        ClaimPaid::SCHEMA.tag,
        ClaimDenied::SCHEMA.tag,
        ClaimAdjusted::SCHEMA.tag,
        ClaimVoided::SCHEMA.tag,
        RateCodeAdopted::SCHEMA.tag,
        EventCorrected::SCHEMA.tag,
        EventRetracted::SCHEMA.tag,
    ];
    let mut entered = Entered::default();
    let mut there = There::default();
    ledger.find(&Query { types: types.to_vec(), subject: None }, |recorded| {
        entered.take(&recorded, |event| wanted.wants(event));
        there.note(&recorded);
    })?;
    let size = ledger.head()?.size;
    let plain: Vec<Source> = sources.iter().filter(|s| s.format != import::Format::X12).cloned().collect();
    let reading = Options { simulated: ledger.genesis().simulated(), threads: 1, max_problems: 0 };
    let mut next = size;
    // Problems of these files are named when they are imported; here only what is good counts.
    import::read(&plain, reading, |located| {
        if let Some(recorded) = there.place(located.draft, Seq(next), options) {
            next += 1;
            entered.take(&recorded, |event| wanted.wants(event));
        }
        ControlFlow::Continue(())
    });
    Ok(Known { entered, size, has_contacts: !there.contacts.is_empty() })
}

/// What is there already, so that a file imported again does not count twice, and what corrections of this import point at.
#[derive(Default)]
struct There {
    sources: FxHashMap<SourceId, Seq>,
    contacts: FxHashSet<ContactId>,
    claims: FxHashSet<ClaimId>,
}

impl There {
    fn note(&mut self, recorded: &Recorded) {
        if let Some(source) = &recorded.envelope.source_id {
            self.sources.insert(source.clone(), recorded.seq);
        }
        match &recorded.event {
            Event::Delivery(Delivery::ContactRecorded(e)) => self.contacts.insert(e.contact.clone()),
            Event::Claims(Claims::ClaimSubmitted(e)) => self.claims.insert(e.claim.clone()),
            Event::Delivery(_) | Event::Claims(_) | Event::Program(_) | Event::Workforce(_) | Event::Individuals(_) | Event::Findings(_) | Event::Ledger(_) => false,
        };
    }

    /// A draft as if it were recorded already; nothing for one that is.
    fn place(&mut self, draft: Draft, seq: Seq, options: &IntakeOptions) -> Option<Recorded> {
        let again = match &draft.event {
            Event::Delivery(Delivery::ContactRecorded(e)) => draft.envelope.source_id.is_none() && self.contacts.contains(&e.contact),
            Event::Claims(Claims::ClaimSubmitted(e)) => draft.envelope.source_id.is_none() && self.claims.contains(&e.claim),
            Event::Delivery(_) | Event::Claims(_) | Event::Program(_) | Event::Workforce(_) | Event::Individuals(_) | Event::Findings(_) | Event::Ledger(_) => false,
        };
        if again || draft.envelope.source_id.as_ref().is_some_and(|source| self.sources.contains_key(source)) {
            return None;
        }
        let target = match &draft.event {
            Event::Findings(Findings::EventCorrected(e)) => Some(&e.target),
            Event::Findings(Findings::EventRetracted(e)) => Some(&e.target),
            Event::Findings(_) | Event::Delivery(_) | Event::Claims(_) | Event::Program(_) | Event::Workforce(_) | Event::Individuals(_) | Event::Ledger(_) => None,
        };
        let target = target.and_then(|t| SourceId::parse(t.as_str()).ok().and_then(|id| self.sources.get(&id).copied()).or(t.as_seq()));
        let recorded_at = draft.recorded_at.unwrap_or(options.now);
        let recorded = Recorded { seq, recorded_at, envelope: draft.envelope, target, event: draft.event };
        self.note(&recorded);
        Some(recorded)
    }
}

impl Known {
    /// Rate codes that mean off site.
    pub(super) fn offsite(&self) -> Vec<String> {
        let adopted = self.entered.standing().filter_map(|(_, event)| match event {
            Some(Event::Program(Program::RateCodeAdopted(e))) if e.meaning == RateCodeMeaning::Offsite => Some(e.code.as_str().to_owned()),
            _ => None,
        });
        adopted.chain([OFFSITE.to_owned()]).collect()
    }

    /// Tells a desk everything, in the order of the ledger.
    pub(super) fn tell(&self, desk: &mut Desk<'_>) {
        for (recorded, standing) in self.entered.standing() {
            if let Event::Delivery(Delivery::ContactRecorded(then)) = &recorded.event {
                let now = match &standing {
                    Some(Event::Delivery(Delivery::ContactRecorded(now))) => Some(Contact::of(now, true)),
                    _ => None,
                };
                // A correction moved it: what was billed before went by what it said then.
                let then = Some(Contact::of(then, false)).filter(|then| now.as_ref().is_none_or(|now| (now.day, &now.individual, &now.program) != (then.day, &then.individual, &then.program)));
                now.into_iter().chain(then).for_each(|contact| desk.contacts.add(contact));
                continue;
            }
            let source = recorded.envelope.source_id.as_ref();
            let target = match source {
                Some(source) => source.as_str().to_owned(),
                None if recorded.seq.0 < self.size => format!("seq:{}", recorded.seq),
                // Not recorded yet and without a key: nothing can point at it.
                None => String::new(),
            };
            desk.books.know(&mut desk.contacts, &target, source, &recorded.event, standing.as_ref());
        }
    }
}
