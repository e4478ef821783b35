//! Programs: who works in each, contacts by month, findings, money, who supervised, and when each last gave something to record.
//! Counts what is on record; a program that is silent is not called late.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{Cents, KnownAt, Seq, ValidDay};
use ledger::Ledger;
use timeline::{PersonKey, ProgramKey, View};

use super::{Desk, by_class};
use super::person::covered;
use super::time::{Lane, Span};
use crate::error::AuditError;
use crate::exposure::By;
use crate::history::supervision;

/// A program in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramLine {
    /// Its id.
    pub program: String,
    /// What it is registered as.
    pub kind: Option<&'static str>,
    /// People who work or worked in it within the year told.
    pub staff: u64,
    /// Contacts within the year told.
    pub contacts: u64,
    /// The day of the last contact.
    pub last_contact: Option<ValidDay>,
    /// Findings by class.
    pub findings: [u64; 3],
    /// Money at risk on its live claims.
    pub exposure: Cents,
}

/// Somebody who works in a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffLine {
    /// Who.
    pub person: String,
    /// Roles of the engagement that covers the evaluation day, if one does.
    pub roles: Option<String>,
    /// Contacts in the program within the year told.
    pub contacts: u64,
    /// The day of the last of them.
    pub last_contact: Option<ValidDay>,
    /// Their findings in the program by class.
    pub findings: [u64; 3],
}

/// The last event of a kind about a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Last {
    /// What it tells.
    pub source: &'static str,
    /// The event.
    pub seq: Seq,
    /// The day it is about.
    pub on: ValidDay,
    /// When it was recorded.
    pub recorded_at: KnownAt,
}

/// A program.
#[derive(Debug)]
pub struct ProgramPage {
    /// As in the list.
    pub line: ProgramLine,
    /// First day told: twelve months to the evaluation day.
    pub from: ValidDay,
    /// The evaluation day.
    pub to: ValidDay,
    /// Who works there, the most contacts first.
    pub staff: Vec<StaffLine>,
    /// First day of each month told, with contacts.
    pub months: Vec<(ValidDay, u64)>,
    /// Supervision of each peer over the days told.
    pub coverage: Vec<Lane>,
    /// Last contact, note and claim.
    pub last: Vec<Last>,
}

/// Months told, the one of the evaluation day among them.
const MONTHS: i64 = 12;

impl Desk {
    /// Every program, in order of ids.
    ///
    /// # Errors
    /// Parameters that do not reach back far enough.
    pub fn programs(&self) -> Result<Arc<Vec<ProgramLine>>, AuditError> {
        self.program_lines.get((), |()| {
            let mut lines = Vec::new();
            for key in self.loaded.history.all_programs() {
                lines.push(self.program_line(key)?);
            }
            lines.sort_by(|a, b| a.program.cmp(&b.program));
            Ok(lines)
        })
    }

    /// A program.
    ///
    /// # Errors
    /// A program nobody knows, or a ledger that cannot be read.
    pub fn program(&self, id: &str) -> Result<Arc<ProgramPage>, AuditError> {
        let key = self.loaded.history.find_program(id).ok_or_else(|| AuditError::asked(format!("the ledger knows no program {id}"), "see which there are"))?;
        self.program_pages.get(id.to_owned(), |_| self.program_page(key))
    }

    /// Supervision of everybody who delivered peer services within twelve months, in every program, by name.
    pub fn coverage(&self) -> Arc<Vec<Lane>> {
        let made: Result<_, std::convert::Infallible> = self.covered.get((), |()| {
            let mut lanes = Vec::new();
            for key in self.loaded.history.all_programs() {
                let program = self.loaded.history.program_name(key);
                lanes.extend(self.program_coverage(key).into_iter().map(|lane| Lane { name: format!("{}, {program}", lane.name), ..lane }));
            }
            lanes.sort_by(|a, b| a.name.cmp(&b.name));
            Ok(lanes)
        });
        match made {
            Ok(lanes) => lanes,
        }
    }

    /// The days told: twelve months to the evaluation day.
    pub fn year_told(&self) -> (ValidDay, ValidDay) {
        let to = self.frame().today;
        (to.first_of_month().unwrap_or(to).plus_months(1 - MONTHS), to)
    }

    fn program_line(&self, key: ProgramKey) -> Result<ProgramLine, AuditError> {
        let (view, days) = (self.loaded.view(), self.year_told());
        let program = self.loaded.history.program_name(key).to_owned();
        let contacts: Vec<ValidDay> = view.contacts_of_program_on(key, days, |_| true).map(|row| row.value.day).collect();
        let last_contact = contacts.last().copied().or_else(|| view.contacts_of_program(key, |_| true).map(|row| row.value.day).last());
        let exposure = self.exposure(By::Program)?.groups.iter().find(|g| g.key == program).map_or(Cents(0), |g| g.amounts.live);
        Ok(ProgramLine {
            kind: view.program_kind(key).map(|kind| kind.as_str()),
            staff: staff(&view, key, days).len() as u64,
            contacts: contacts.len() as u64,
            last_contact,
            findings: by_class(self.report().each().filter(|f| f.about.program.as_deref() == Some(&program))),
            exposure,
            program,
        })
    }

    fn program_page(&self, key: ProgramKey) -> Result<ProgramPage, AuditError> {
        let (view, days) = (self.loaded.view(), self.year_told());
        let line = self.program_line(key)?;
        let mut months: BTreeMap<ValidDay, u64> = (0..MONTHS).map(|n| (days.0.plus_months(n), 0)).collect();
        for row in view.contacts_of_program_on(key, days, |_| true) {
            if let Some((_, n)) = months.range_mut(..=row.value.day).next_back() {
                *n += 1;
            }
        }
        Ok(ProgramPage {
            staff: self.staff_lines(key, &line.program),
            coverage: self.program_coverage(key),
            last: self.last_of(key)?,
            months: months.into_iter().collect(),
            from: days.0,
            to: days.1,
            line,
        })
    }

    fn staff_lines(&self, key: ProgramKey, program: &str) -> Vec<StaffLine> {
        let (view, days, history) = (self.loaded.view(), self.year_told(), &self.loaded.history);
        let mut found: BTreeMap<&str, [u64; 3]> = BTreeMap::new();
        for f in self.report().findings.iter().filter(|f| f.about.program.as_deref() == Some(program)) {
            if let Some(peer) = f.about.peer.as_deref() {
                found.entry(peer).or_default()[f.class as usize] += 1;
            }
        }
        let mut lines: Vec<StaffLine> = staff(&view, key, days)
            .into_iter()
            .map(|person| {
                let name = history.person_name(person);
                let served: Vec<ValidDay> = view.contacts_of_peer_on(person, days, |c| c.program == key).map(|row| row.value.day).collect();
                let engaged = view.engagement(person, days.1).filter(|row| row.value.programs.contains(&key));
                let roles = engaged.map(|row| row.value.roles.iter().map(|role| role.as_str().replace('_', " ")).collect::<Vec<_>>().join(", "));
                let findings = found.get(name).copied().unwrap_or_default();
                StaffLine { person: name.to_owned(), roles, contacts: served.len() as u64, last_contact: served.last().copied(), findings }
            })
            .collect();
        lines.sort_by(|a, b| b.contacts.cmp(&a.contacts).then_with(|| a.person.cmp(&b.person)));
        lines
    }

    /// A lane for each peer of a program.
    fn program_coverage(&self, key: ProgramKey) -> Vec<Lane> {
        let (view, (from, to)) = (self.loaded.view(), self.year_told());
        let peers: BTreeSet<PersonKey> = view.contacts_of_program_on(key, (from, to), |c| c.service.is_peer()).map(|row| row.value.peer).collect();
        let mut lanes: Vec<Lane> = peers
            .into_iter()
            .map(|peer| {
                let stretches = supervision::of_peer_in(&view, self.engine.tables(), peer, key);
                Lane { name: self.loaded.history.person_name(peer).to_owned(), spans: covered(stretches.iter(), from, to) }
            })
            .collect();
        lanes.sort_by(|a, b| a.name.cmp(&b.name));
        lanes
    }

    fn last_of(&self, key: ProgramKey) -> Result<Vec<Last>, AuditError> {
        let view = self.loaded.view();
        let mut last: [Option<(Seq, ValidDay)>; 3] = [None; 3];
        let mut saw = |slot: usize, seq: Seq, on: ValidDay| {
            if let Some(slot) = last.get_mut(slot).filter(|slot| slot.is_none_or(|(before, _)| before < seq)) {
                *slot = Some((seq, on));
            }
        };
        for row in view.contacts_of_program(key, |_| true) {
            saw(0, row.seq(), row.value.day);
            view.notes(row.value.contact).for_each(|note| saw(1, note.seq(), note.value.written_at.local_day()));
            view.lines(row.value.contact).for_each(|line| saw(2, line.claim.seq(), line.submitted_at().local_day()));
        }
        let ledger = Ledger::open_reader(&self.dir)?;
        let mut told = Vec::new();
        for (source, last) in ["contacts", "notes", "claims"].into_iter().zip(last) {
            let Some((seq, on)) = last else { continue };
            told.push(Last { source, seq, on, recorded_at: KnownAt::from_micros(ledger.header(seq)?.recorded_at) });
        }
        Ok(told)
    }
}

/// Everybody whose engagement on the last day names the program, and everybody with a contact in it on the days told.
fn staff(view: &View<'_>, program: ProgramKey, days: (ValidDay, ValidDay)) -> BTreeSet<PersonKey> {
    let engaged = view.history().all_people().filter(|person| view.engagement(*person, days.1).is_some_and(|row| row.value.programs.contains(&program)));
    engaged.chain(view.contacts_of_program_on(program, days, |_| true).map(|row| row.value.peer)).collect()
}

impl Lane {
    /// Days of it on which it did not hold.
    pub fn gaps(&self) -> impl Iterator<Item = &Span> {
        self.spans.iter().filter(|span| span.holds == super::time::Holds::Not)
    }
}
