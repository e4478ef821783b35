//! What people were on a day: engaged, credentialed, licensed, supervised.
//! The definitions are those of evaluation.md, "Shared definitions" and "People and episodes"; no rule has its own.

use domain::ValidDay;
use domain::words::{CredentialKind, CredentialLevel, Discipline, RegulationPart, SupervisionKind};

use super::{View, reading};
use crate::names::{Key, PersonKey, ProgramKey};
use crate::people::*;
use crate::program::ContractFacts;
use crate::row::Row;

/// Why a credential or licence is active on a day, or not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Why<'h, T> {
    /// Nothing effective by then.
    Never,
    /// Active because of this step.
    Active(&'h Row<T>),
    /// The last interval, begun by this step, ended on this day.
    Expired(&'h Row<T>, ValidDay),
    /// Suspended by this step.
    Suspended(&'h Row<T>),
    /// Ended by this step: revoked, surrendered, licence ended.
    Ended(&'h Row<T>),
}

impl<'h, T> Why<'h, T> {
    /// The step that decided, if any.
    pub fn row(&self) -> Option<&'h Row<T>> {
        match self {
            Why::Never => None,
            Why::Active(row) | Why::Expired(row, _) | Why::Suspended(row) | Why::Ended(row) => Some(row),
        }
    }
}

/// How a credential stood on a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CredentialStanding<'h> {
    /// Why it was active or not.
    pub why: Why<'h, CredentialStep>,
    /// Level by the latest grant or upgrade.
    pub level: CredentialLevel,
    /// The last day of the interval in force; `None` when open or not active.
    pub expires_on: Option<ValidDay>,
}

impl CredentialStanding<'_> {
    /// Active on the day.
    pub fn active(&self) -> bool {
        matches!(self.why, Why::Active(_))
    }
}

/// How a licence stood on a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LicenceStanding<'h> {
    /// Discipline.
    pub discipline: Discipline,
    /// Why it was active or not.
    pub why: Why<'h, LicenceStep>,
    /// A permit rather than a licence: nothing that is more is active on the day. Where nothing is active at all, by the last grant.
    pub permit: bool,
}

impl LicenceStanding<'_> {
    /// Active on the day.
    pub fn active(&self) -> bool {
        matches!(self.why, Why::Active(_))
    }
}

/// The latest end among intervals begun and not cut off, with the step that gave it. An open interval outlasts every other.
#[derive(Clone, Copy)]
struct Reach<'h, T> {
    row: &'h Row<T>,
    to: Option<ValidDay>,
}

fn extend<'h, T>(reach: &mut Option<Reach<'h, T>>, row: &'h Row<T>, to: Option<ValidDay>) {
    let longer = match reach {
        None => true,
        Some(r) => r.to.is_some_and(|old| to.is_none_or(|new| new > old)),
    };
    if longer {
        *reach = Some(Reach { row, to });
    }
}

fn settle<'h, T>(reach: Option<Reach<'h, T>>, day: ValidDay) -> Why<'h, T> {
    match reach {
        None => Why::Never,
        Some(Reach { row, to: Some(to) }) if to < day => Why::Expired(row, to),
        Some(Reach { row, .. }) => Why::Active(row),
    }
}

/// Whether an assignment begun on `from` is still open on `day`: an end closes every start dated on or before it, and none after.
fn open_on(from: ValidDay, day: ValidDay, mut ends: impl Iterator<Item = ValidDay>) -> bool {
    from <= day && !ends.any(|end| from <= end && end < day)
}

impl<'h> View<'h> {
    /// What was said about a person, but for what [`View::sessions_held`] and [`View::collaborated`] give; rows are for [`View::rows`].
    pub fn person_facts(&self, person: PersonKey) -> &'h Person {
        self.facts_read(person, reading::person::FACTS)
    }

    /// Supervision sessions held with a peer.
    pub fn sessions_held(&self, peer: PersonKey) -> &'h [Row<SupervisionSession>] {
        &self.facts_read(peer, reading::person::SESSIONS).sessions
    }

    /// Days on which a peer documented collaboration with somebody.
    pub fn collaborated(&self, peer: PersonKey) -> &'h [Row<ValidDay>] {
        &self.facts_read(peer, reading::person::COLLABORATION).collaborated
    }

    /// Everybody on record, to ask something of each.
    pub fn everyone(&self) -> impl Iterator<Item = PersonKey> + use<> {
        if let Some(reading) = self.reading {
            reading.everyone(reading::person::FACTS);
        }
        self.history().all_people()
    }

    /// Every engagement and separation of a person; for [`View::rows`].
    pub fn engagements(&self, person: PersonKey) -> (&'h [Row<Engaged>], &'h [Row<ValidDay>]) {
        let facts = self.facts_read(person, reading::person::ENGAGEMENT);
        (&facts.engaged, &facts.separated)
    }

    /// Facts of a person of which only those that took effect by a day will be looked at.
    fn facts_on(&self, person: PersonKey, day: ValidDay) -> &'h Person {
        if let Some(reading) = self.reading {
            reading.person_on(person, day);
        }
        self.history().person_facts(person)
    }

    fn facts_read(&self, person: PersonKey, kinds: u8) -> &'h Person {
        if let Some(reading) = self.reading {
            reading.person(person, kinds);
        }
        self.history().person_facts(person)
    }

    /// The engagement that covers a day; the latest begun, where several do.
    pub fn engagement(&self, person: PersonKey, day: ValidDay) -> Option<&'h Row<Engaged>> {
        let facts = self.facts_on(person, day);
        self.rows(&facts.engaged, |e| e.start_on <= day)
            .filter(|row| {
                let start = row.value.start_on;
                self.rows(&facts.separated, |last| start <= *last && *last < day).next().is_none()
            })
            .max_by_key(|row| (row.value.start_on, row.seq()))
    }

    /// The first day the person was ever engaged.
    pub fn first_engaged(&self, person: PersonKey) -> Option<&'h Row<Engaged>> {
        self.rows(self.engagements(person).0, |_| true).min_by_key(|row| (row.value.start_on, row.seq()))
    }

    /// The contract in force for an engagement on a day, if it names one that is.
    pub fn contract_in_force(&self, engaged: &Engaged, day: ValidDay) -> Option<&'h Row<Days>> {
        let facts: &'h ContractFacts = &self.history().contracts[engaged.contract?.index()];
        self.rows(&facts.executed, |days| days.cover(day))
            .find(|row| {
                let from = row.value.from;
                self.rows(&facts.ended, |last| from <= *last && *last < day).next().is_none()
            })
    }

    /// The birth date recorded last.
    pub fn birth_of_person(&self, person: PersonKey) -> Option<&'h Row<ValidDay>> {
        self.rows(&self.facts_read(person, reading::person::BIRTH).births, |_| true).max_by_key(|row| row.seq())
    }

    /// How a credential stood on a day.
    pub fn credential(&self, person: PersonKey, kind: CredentialKind, day: ValidDay) -> CredentialStanding<'h> {
        use CredentialChange as C;
        let steps = &self.facts_on(person, day).credentials;
        let mut reach: Option<Reach<'h, CredentialStep>> = None;
        let (mut suspended, mut ended) = (None, None);
        let mut level = CredentialLevel::Provisional;
        // Steps are kept by kind, effective date, then ledger order, which is the order evaluation.md calls "later".
        for row in self.rows(steps, |s| s.kind == kind && s.effective_on <= day) {
            match row.value.change {
                C::Granted { level: granted, expires_on, .. } => {
                    ended = None;
                    suspended = None;
                    level = granted;
                    extend(&mut reach, row, expires_on);
                }
                C::Revoked | C::Surrendered => {
                    ended = Some(row);
                    reach = None;
                }
                C::Suspended => suspended = Some(row),
                // None of these revives a revoked credential.
                C::Renewed { .. } | C::Upgraded { .. } | C::Reinstated { .. } if ended.is_some() => {}
                C::Renewed { expires_on } => extend(&mut reach, row, Some(expires_on)),
                C::Upgraded { expires_on } => {
                    level = CredentialLevel::Full;
                    if expires_on.is_some() {
                        extend(&mut reach, row, expires_on);
                    }
                }
                C::Reinstated { expires_on } => {
                    suspended = None;
                    if expires_on.is_some() {
                        extend(&mut reach, row, expires_on);
                    }
                }
            }
        }
        let why = match (ended, suspended, settle(reach, day)) {
            (Some(row), _, _) => Why::Ended(row),
            (None, Some(row), Why::Active(_)) => Why::Suspended(row),
            (None, _, why) => why,
        };
        let expires_on = if matches!(why, Why::Active(_)) { reach.and_then(|r| r.to) } else { None };
        CredentialStanding { why, level, expires_on }
    }

    /// The grants of a credential effective on or before a day, whatever became of them.
    pub fn grants_by(&self, person: PersonKey, kind: CredentialKind, day: ValidDay) -> impl Iterator<Item = &'h Row<CredentialStep>> {
        let fits = move |s: &CredentialStep| {
            s.kind == kind && s.effective_on <= day && matches!(s.change, CredentialChange::Granted { .. })
        };
        self.rows(&self.facts_on(person, day).credentials, fits)
    }

    /// How each licence the person had ever had by a day stood on it, in the order of the disciplines.
    pub fn licences(&self, person: PersonKey, day: ValidDay) -> impl Iterator<Item = LicenceStanding<'h>> {
        let view = *self;
        let steps = &self.facts_on(person, day).licences;
        let disciplines = steps.chunk_by(|a, b| a.value.discipline == b.value.discipline);
        disciplines.filter(move |steps| steps.iter().any(|row| row.value.on <= day)).map(move |steps| view.licence(steps, day))
    }

    /// How one licence stood: the steps of one discipline by date, then ledger order.
    fn licence(&self, steps: &'h [Row<LicenceStep>], day: ValidDay) -> LicenceStanding<'h> {
        let mut reach: Option<Reach<'h, LicenceStep>> = None;
        // What is more than a permit, by itself: a permit beside a licence takes nothing away, and a lapsed licence leaves only the permit.
        let mut full: Option<Reach<'h, LicenceStep>> = None;
        let mut ended = None;
        let mut permit = false;
        for row in self.rows(steps, |s| s.on <= day) {
            match row.value.change {
                LicenceChange::Granted { permit: granted, to } => {
                    permit = granted;
                    ended = None;
                    extend(&mut reach, row, to);
                    if !permit {
                        extend(&mut full, row, to);
                    }
                }
                LicenceChange::Renewed { to } => {
                    // It keeps the flag of its last grant.
                    ended = None;
                    extend(&mut reach, row, to);
                    if !permit {
                        extend(&mut full, row, to);
                    }
                }
                LicenceChange::Ended => {
                    ended = Some(row);
                    reach = None;
                    full = None;
                }
            }
        }
        let why = ended.map_or_else(|| settle(reach, day), Why::Ended);
        let permit = match (&why, settle(full, day)) {
            (_, Why::Active(_)) => false,
            (Why::Active(_), _) => true,
            (_, _) => permit,
        };
        let discipline = steps.first().map_or(Discipline::Physician, |r| r.value.discipline);
        LicenceStanding { discipline, why, permit }
    }

    /// A designation as professional staff of a part that covers a day.
    pub fn designation(&self, person: PersonKey, part: RegulationPart, day: ValidDay) -> Option<&'h Row<(RegulationPart, Days)>> {
        self.rows(&self.facts_on(person, day).designations, |(p, days)| *p == part && days.cover(day)).next()
    }

    /// A qualification as supervisor (CORE) that covers a day.
    pub fn supervisor_qualification(&self, person: PersonKey, day: ValidDay) -> Option<&'h Row<Days>> {
        self.rows(&self.facts_on(person, day).qualified, |days| days.cover(day)).next()
    }

    /// Assignments open on a day, of any kind.
    pub fn assignments(&self, peer: PersonKey, program: ProgramKey, day: ValidDay) -> impl Iterator<Item = &'h Row<Supervision>> {
        let view = *self;
        let facts = self.facts_on(peer, day);
        self.rows(&facts.supervisors, move |s| s.program == program && s.from <= day).filter(move |row| {
            let ends = view
                .rows(&facts.supervisor_ends, |e| e.program == program && e.supervisor == row.value.supervisor)
                .map(|e| e.value.ended_on);
            open_on(row.value.from, day, ends)
        })
    }

    /// Supervisors who count on a day: assignments of kind `primary` or `co`.
    pub fn supervisors(&self, peer: PersonKey, program: ProgramKey, day: ValidDay) -> impl Iterator<Item = &'h Row<Supervision>> {
        self.assignments(peer, program, day).filter(|row| matches!(row.value.kind, SupervisionKind::Primary | SupervisionKind::Co))
    }

    /// Days of direct peer service recorded up to a day, each day once.
    pub fn direct_service_days(&self, person: PersonKey, day: ValidDay) -> i64 {
        let rows = self.rows(&self.facts_on(person, day).experience, |e| e.direct_service && e.days.from <= day);
        let mut stretches: Vec<(ValidDay, ValidDay)> = rows.map(|r| (r.value.days.from, r.value.days.to.map_or(day, |to| to.min(day)))).collect();
        stretches.sort_unstable();
        let mut counted_to: Option<ValidDay> = None;
        let mut total = 0;
        for (from, to) in stretches {
            let from = counted_to.map_or(from, |c| from.max(c.plus_days(1)));
            if to >= from {
                total += to.days_since(from) + 1;
                counted_to = Some(to);
            }
        }
        total
    }
}
