//! Who supervised a peer on which days, whether each supervisor qualified that day and why, and every gap.
//! What qualifies differs by the kind of the program; where that kind is not registered, nothing is said to qualify.

use std::collections::BTreeSet;
use std::path::Path;

use domain::words::{ProgramKind, RegulationPart, SupervisionKind};
use domain::{KnownAt, Seq, ValidDay};
use ledger::Ledger;
use rules::params::{ParamSet, Tables};
use rules::{Engine, Params, staff};
use timeline::view::Why;
use timeline::{PersonKey, ProgramKey, View};

use crate::cut::Cut;
use crate::error::AuditError;
use crate::json::Frame;
use crate::loaded::{self, Loaded};
use crate::resume;
use crate::words::day;

/// One supervisor during one stretch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supervisor {
    /// Who.
    pub person: String,
    /// Kind of assignment.
    pub kind: SupervisionKind,
    /// Whether the assignment counts and the person qualifies.
    pub qualifies: bool,
    /// Why, or why not.
    pub why: String,
    /// The assignment's event.
    pub assignment: Seq,
}

/// Days on which nothing about a peer's supervision in a program changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Program.
    pub program: String,
    /// First day.
    pub from: ValidDay,
    /// Last day.
    pub to: ValidDay,
    /// Everybody assigned.
    pub supervisors: Vec<Supervisor>,
    /// Peer contacts on these days.
    pub contacts: u64,
}

impl Stretch {
    /// Whether somebody who qualifies was assigned.
    pub fn covered(&self) -> bool {
        self.supervisors.iter().any(|s| s.qualifies)
    }
}

/// A peer's supervision.
#[derive(Debug)]
pub struct SupervisionHistory {
    /// Ledger, cut and day.
    pub frame: Frame,
    /// Peer.
    pub peer: String,
    /// Stretches by program, then day.
    pub stretches: Vec<Stretch>,
}

/// Reconstructs the supervision of a peer, on all days or on one.
///
/// # Errors
/// A person that the ledger does not know at this cut.
pub fn supervision(dir: &Path, peer: &str, on: Option<ValidDay>, cut: Cut, now: KnownAt) -> Result<SupervisionHistory, AuditError> {
    let engine = loaded::engine()?;
    let ledger = Ledger::open_reader(dir)?;
    resume::answer(|kept| {
        let loaded = resume::loaded(&ledger, &engine, cut, None, now.local_day(), kept)?;
        reconstructed(&engine, &loaded, loaded.view(), peer, on)
    })
}

/// Who supervised a peer, of a ledger that was loaded, in a view of it.
pub(crate) fn reconstructed(engine: &Engine, loaded: &Loaded, view: View<'_>, peer: &str, on: Option<ValidDay>) -> Result<SupervisionHistory, AuditError> {
    let key = loaded.history.find_person(peer).ok_or_else(|| {
        AuditError::asked(format!("the ledger knows no person {peer} at this cut"), "`countersign events --type person_engaged` lists the people")
    })?;
    let stretches = stretches(&view, engine.tables(), key, on);
    Ok(SupervisionHistory { frame: loaded.frame.clone(), peer: peer.to_owned(), stretches })
}

/// The supervision of a peer on all days, as [`supervision`] tells it.
pub(crate) fn of_peer(view: &View<'_>, tables: &Tables, peer: PersonKey) -> Vec<Stretch> {
    stretches(view, tables, peer, None)
}

/// The same in one program, by day.
pub(crate) fn of_peer_in(view: &View<'_>, tables: &Tables, peer: PersonKey, program: ProgramKey) -> Vec<Stretch> {
    in_program(view, tables, peer, program, None)
}

fn stretches(view: &View<'_>, tables: &Tables, peer: PersonKey, on: Option<ValidDay>) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    for program in programs(view, peer) {
        stretches.extend(in_program(view, tables, peer, program, on));
    }
    stretches.sort_by(|a, b| (&a.program, a.from).cmp(&(&b.program, b.from)));
    stretches
}

/// Programs the peer was assigned in, engaged for, or had contacts in.
fn programs(view: &View<'_>, peer: PersonKey) -> BTreeSet<ProgramKey> {
    let facts = view.history().person_facts(peer);
    let assigned = view.rows(&facts.supervisors, |_| true).map(|r| r.value.program);
    let engaged = view.rows(&facts.engaged, |_| true).flat_map(|r| r.value.programs.iter().copied());
    let served = view.contacts_of_peer(peer, |c| c.service.is_peer()).map(|r| r.value.program);
    assigned.chain(engaged).chain(served).collect()
}

fn in_program(view: &View<'_>, tables: &Tables, peer: PersonKey, program: ProgramKey, on: Option<ValidDay>) -> Vec<Stretch> {
    if let Some(day) = on {
        let contacts = view.contacts_of_peer_on(peer, (day, day), |c| c.program == program && c.service.is_peer()).count() as u64;
        let supervisors = supervisors(view, tables, peer, program, day);
        return vec![Stretch { program: view.history().program_name(program).to_owned(), from: day, to: day, supervisors, contacts }];
    }
    let Some(days) = boundaries(view, peer, program) else { return Vec::new() };
    // In order of start, so that the contacts of a stretch lie together.
    let served: Vec<ValidDay> = view.contacts_of_peer(peer, |c| c.program == program && c.service.is_peer()).map(|row| row.value.day).collect();
    let count = |from, to| (served.partition_point(|day| *day <= to) - served.partition_point(|day| *day < from)) as u64;
    let mut stretches: Vec<Stretch> = Vec::new();
    for (i, from) in days.iter().enumerate() {
        let last = days.get(i + 1).map_or(view.today().max(*from), |next| next.plus_days(-1));
        let supervisors = supervisors(view, tables, peer, program, *from);
        match stretches.last_mut() {
            Some(previous) if previous.supervisors == supervisors => {
                previous.to = last;
                previous.contacts += count(*from, last);
            }
            _ => stretches.push(Stretch { program: view.history().program_name(program).to_owned(), from: *from, to: last, supervisors, contacts: count(*from, last) }),
        }
    }
    stretches
}

/// Every day on which something about the peer's supervision could change, from the first engagement or assignment on.
fn boundaries(view: &View<'_>, peer: PersonKey, program: ProgramKey) -> Option<Vec<ValidDay>> {
    let history = view.history();
    let facts = history.person_facts(peer);
    let mut days = BTreeSet::new();
    days.extend(view.rows(&facts.engaged, |_| true).map(|r| r.value.start_on));
    days.extend(view.contacts_of_peer(peer, |c| c.program == program && c.service.is_peer()).map(|r| r.value.day));
    let assigned: Vec<_> = view.rows(&facts.supervisors, |s| s.program == program).map(|r| r.value).collect();
    let supervisors: BTreeSet<PersonKey> = assigned.iter().map(|s| s.supervisor).collect();
    days.extend(assigned.iter().map(|s| s.from));
    days.extend(view.rows(&facts.supervisor_ends, |s| s.program == program).map(|r| r.value.ended_on.plus_days(1)));
    let first = days.first().copied()?;
    for supervisor in supervisors {
        let facts = history.person_facts(supervisor);
        for row in view.rows(&facts.licences, |_| true) {
            days.insert(row.value.on);
            days.extend(match row.value.change {
                timeline::people::LicenceChange::Granted { to, .. } | timeline::people::LicenceChange::Renewed { to } => to.map(|t| t.plus_days(1)),
                timeline::people::LicenceChange::Ended => None,
            });
        }
        for row in view.rows(&facts.credentials, |_| true) {
            days.insert(row.value.effective_on);
            days.extend(expiry(row.value.change).map(|t| t.plus_days(1)));
        }
        let spans = view.rows(&facts.designations, |_| true).map(|r| r.value.1).chain(view.rows(&facts.qualified, |_| true).map(|r| r.value));
        for span in spans {
            days.insert(span.from);
            days.extend(span.to.map(|t| t.plus_days(1)));
        }
    }
    Some(days.into_iter().filter(|d| *d >= first && *d <= view.today()).collect())
}

fn expiry(change: timeline::people::CredentialChange) -> Option<ValidDay> {
    use timeline::people::CredentialChange as C;
    match change {
        C::Granted { expires_on, .. } | C::Upgraded { expires_on } | C::Reinstated { expires_on } => expires_on,
        C::Renewed { expires_on } => Some(expires_on),
        C::Suspended | C::Revoked | C::Surrendered => None,
    }
}

/// Everybody assigned on a day, and whether each qualifies.
fn supervisors(view: &View<'_>, tables: &Tables, peer: PersonKey, program: ProgramKey, on: ValidDay) -> Vec<Supervisor> {
    let history = view.history();
    let kind = view.program_kind(program);
    let mut supervisors: Vec<Supervisor> = view
        .assignments(peer, program, on)
        .map(|row| {
            let person = row.value.supervisor;
            let (able, why) = qualifies(view, tables, person, kind, on);
            let counts = row.value.kind != SupervisionKind::InDiscipline;
            let why = if counts { why } else { format!("in-discipline support is not supervision; {why}") };
            Supervisor { person: history.person_name(person).to_owned(), kind: row.value.kind, qualifies: able && counts, why, assignment: row.seq() }
        })
        .collect();
    supervisors.sort_by(|a, b| (&a.person, a.kind).cmp(&(&b.person, b.kind)));
    supervisors
}

/// Whether a supervisor qualifies for a kind of program on a day, in words.
fn qualifies(view: &View<'_>, tables: &Tables, person: PersonKey, kind: Option<ProgramKind>, on: ValidDay) -> (bool, String) {
    let none = ParamSet::none("history");
    let p = Params::new(&none, tables, *view);
    let staff_of = |part| staff::professional_staff(view, &p, person, part, on).ok().flatten().is_some();
    let peer_of = || staff::supervising_peer(view, &p, person, on).unwrap_or(staff::SupervisingPeer::No);
    let licence = licence_words(view, person, on);
    match kind {
        None => (false, "the kind of the program is not registered".to_owned()),
        Some(ProgramKind::Mhotrs) if staff_of(RegulationPart::Mhotrs) => (true, format!("599.4 professional staff: {licence}")),
        Some(ProgramKind::Mhotrs) => (false, format!("not 599.4 professional staff: {licence}")),
        Some(ProgramKind::Pros) if staff_of(RegulationPart::Pros) => (true, format!("512.4 professional staff: {licence}")),
        Some(ProgramKind::Core) if view.supervisor_qualification(person, on).is_some() => (true, "qualification as supervisor on record".to_owned()),
        Some(ProgramKind::Core) if staff_of(RegulationPart::Mhotrs) => (true, format!("599.4 professional staff: {licence}")),
        Some(ProgramKind::Pros | ProgramKind::Core) => match peer_of() {
            staff::SupervisingPeer::Yes => (true, "full peer credential and three years of direct peer service".to_owned()),
            staff::SupervisingPeer::LacksExperience => (false, "full peer credential, but not three years of direct peer service".to_owned()),
            staff::SupervisingPeer::No => (false, format!("neither professional staff ({licence}) nor an experienced peer")),
        },
    }
}

fn licence_words(view: &View<'_>, person: PersonKey, on: ValidDay) -> String {
    let mut words: Vec<String> = view
        .licences(person, on)
        .filter_map(|l| {
            let name = l.discipline.as_str();
            Some(match l.why {
                Why::Never => return None,
                Why::Active(row) => format!("{name} since {}", day(row.value.on)),
                Why::Expired(_, last) => format!("{name} expired after {}", day(last)),
                Why::Suspended(row) | Why::Ended(row) => format!("{name} ended {}", day(row.value.on)),
            })
        })
        .collect();
    let facts = view.history().person_facts(person);
    if view.rows(&facts.designations, |(_, days)| days.cover(on)).next().is_some() {
        words.push("designated".to_owned());
    }
    if words.is_empty() { "no licence on record".to_owned() } else { words.join(", ") }
}
