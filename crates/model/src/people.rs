//! What people were on a day: engaged, credentialed, licensed, professional staff, supervised, experienced.
//! Every question goes through all events of the person again.

use domain::ValidDay;
use domain::event::{
    ContactRecorded, ContractEnded, ContractExecuted, CredentialGranted, PersonEngaged, PersonSeparated, SupervisionAssigned,
};
use domain::words::{CredentialKind, CredentialLevel, Discipline, Engagement, RegulationPart, SupervisionKind};

use crate::sight::{Sight, day, told};

/// The OMH credentials.
pub(crate) const OMH: [CredentialKind; 3] = [CredentialKind::Nycps, CredentialKind::Fpa, CredentialKind::Ypa];

/// From when, in days and then ledger order.
type When = (ValidDay, u64);

/// Everything told of one credential of one person.
#[derive(Default)]
struct Papers {
    grants: Vec<When>,
    /// Grants, renewals, upgrades and reinstatements that say until when: when they began, and their last day.
    intervals: Vec<(When, Option<ValidDay>)>,
    /// What made it full or provisional.
    levels: Vec<(When, CredentialLevel)>,
    suspended: Vec<When>,
    reinstated: Vec<When>,
    ended: Vec<When>,
}

fn papers(sight: &Sight<'_>, person: &str, kind: CredentialKind) -> Papers {
    let mut papers = Papers::default();
    for (seq, e) in told!(sight, "person", person, Workforce::CredentialGranted).filter(|(_, e)| e.credential == kind && e.person.as_str() == person) {
        papers.grants.push((e.effective_on, seq));
        papers.intervals.push(((e.effective_on, seq), e.expires_on));
        papers.levels.push(((e.effective_on, seq), e.level));
    }
    for (seq, e) in told!(sight, "person", person, Workforce::CredentialRevoked).filter(|(_, e)| e.credential == kind && e.person.as_str() == person) {
        papers.ended.push((e.effective_on, seq));
    }
    for (seq, e) in told!(sight, "person", person, Workforce::CredentialSurrendered).filter(|(_, e)| e.credential == kind && e.person.as_str() == person)
    {
        papers.ended.push((e.effective_on, seq));
    }
    let revoked = |when: When, papers: &Papers| {
        let last = papers.ended.iter().filter(|ended| **ended <= when).max();
        last.is_some_and(|ended| !papers.grants.iter().any(|grant| ended < grant && *grant <= when))
    };
    for (seq, e) in told!(sight, "person", person, Workforce::CredentialRenewed).filter(|(_, e)| e.credential == kind && e.person.as_str() == person) {
        if !revoked((e.effective_on, seq), &papers) {
            papers.intervals.push(((e.effective_on, seq), Some(e.expires_on)));
        }
    }
    for (seq, e) in told!(sight, "person", person, Workforce::CredentialUpgraded).filter(|(_, e)| e.credential == kind && e.person.as_str() == person) {
        let when = (e.effective_on, seq);
        if !revoked(when, &papers) {
            papers.levels.push((when, CredentialLevel::Full));
            papers.intervals.extend(e.expires_on.map(|to| (when, Some(to))));
        }
    }
    for (seq, e) in told!(sight, "person", person, Workforce::CredentialSuspended).filter(|(_, e)| e.credential == kind && e.person.as_str() == person) {
        papers.suspended.push((e.effective_on, seq));
    }
    for (seq, e) in told!(sight, "person", person, Workforce::CredentialReinstated).filter(|(_, e)| e.credential == kind && e.person.as_str() == person) {
        let when = (e.effective_on, seq);
        if !revoked(when, &papers) {
            papers.reinstated.push(when);
            papers.intervals.extend(e.expires_on.map(|to| (when, Some(to))));
        }
    }
    papers
}

/// The level of a credential active on a day.
pub(crate) fn credential(sight: &Sight<'_>, person: &str, kind: CredentialKind, on: ValidDay) -> Option<CredentialLevel> {
    let papers = papers(sight, person, kind);
    let by_then = |when: &&When| when.0 <= on;
    let last_end = papers.ended.iter().filter(by_then).max();
    let lasting = papers.intervals.iter().any(|(from, to)| from.0 <= on && to.is_none_or(|to| on <= to) && last_end.is_none_or(|end| from > end));
    let last_stop = papers.suspended.iter().filter(by_then).max();
    let resumed = |stop: &When| papers.reinstated.iter().chain(&papers.grants).filter(by_then).any(|again| again > stop);
    if !lasting || last_stop.is_some_and(|stop| !resumed(stop)) {
        return None;
    }
    let level = papers.levels.iter().filter(|(when, _)| when.0 <= on).max_by_key(|(when, _)| *when);
    Some(level.map_or(CredentialLevel::Provisional, |(_, level)| *level))
}

/// Whether any OMH credential is active on a day.
pub(crate) fn any_omh(sight: &Sight<'_>, person: &str, on: ValidDay) -> bool {
    OMH.iter().any(|kind| credential(sight, person, *kind, on).is_some())
}

/// Every grant of a person's, with its place.
pub(crate) fn grants<'a>(sight: &Sight<'a>, person: &str) -> Vec<&'a CredentialGranted> {
    told!(sight, "person", person, Workforce::CredentialGranted).map(|(_, e)| e).filter(|e| e.person.as_str() == person).collect()
}

fn engagements<'a>(sight: &Sight<'a>, person: &str) -> Vec<(u64, &'a PersonEngaged)> {
    told!(sight, "person", person, Workforce::PersonEngaged).filter(|(_, e)| e.person.as_str() == person).collect()
}

/// The first day on which somebody was ever engaged.
pub(crate) fn first_start(sight: &Sight<'_>, person: &str) -> Option<ValidDay> {
    engagements(sight, person).iter().map(|(_, e)| e.start_on).min()
}

/// The engagement covering a day: the one begun last.
pub(crate) fn engagement<'a>(sight: &Sight<'a>, person: &str, on: ValidDay) -> Option<&'a PersonEngaged> {
    let ends: Vec<&PersonSeparated> =
        told!(sight, "person", person, Workforce::PersonSeparated).map(|(_, e)| e).filter(|e| e.person.as_str() == person).collect();
    let covers = |e: &PersonEngaged| e.start_on <= on && !ends.iter().any(|end| e.start_on <= end.separated_on && end.separated_on < on);
    engagements(sight, person).into_iter().filter(|(_, e)| covers(e)).max_by_key(|(seq, e)| (e.start_on, *seq)).map(|(_, e)| e)
}

/// The engagement of a contact's peer, if it is that of a contractor.
pub(crate) fn contractor<'a>(sight: &Sight<'a>, contact: &ContactRecorded) -> Option<&'a PersonEngaged> {
    engagement(sight, contact.peer.as_str(), day(contact)).filter(|e| e.engagement == Engagement::Contractor)
}

/// Whether a contract is in force on a day.
pub(crate) fn contract(sight: &Sight<'_>, contract: &str, on: ValidDay) -> bool {
    let ends: Vec<&ContractEnded> = told!(sight, "contract", contract, Workforce::ContractEnded).map(|(_, e)| e).filter(|e| e.contract.as_str() == contract).collect();
    let mut executed = told!(sight, "contract", contract, Workforce::ContractExecuted);
    executed.any(|(_, e): (u64, &ContractExecuted)| {
        e.from <= on && e.to.is_none_or(|to| on <= to) && !ends.iter().any(|end| e.from <= end.ended_on && end.ended_on < on)
    })
}

/// What somebody may be on a day.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Professional staff of 599.4.
    Clinic,
    /// Professional staff of 512.4.
    Pros,
    /// Licensed Practitioner of the Healing Arts.
    Lpha,
}

fn carries(discipline: Discipline, permit: bool, standing: Standing) -> bool {
    let only_pros = matches!(
        discipline,
        Discipline::OccupationalTherapist
            | Discipline::RehabilitationCounselor
            | Discipline::Casac
            | Discipline::TherapeuticRecreationSpecialist
            | Discipline::PastoralCounselor
    );
    match standing {
        Standing::Clinic => !only_pros,
        Standing::Pros => true,
        Standing::Lpha => !only_pros && !permit,
    }
}

/// Whether somebody is what is asked on a day.
pub(crate) fn is(sight: &Sight<'_>, person: &str, standing: Standing, on: ValidDay) -> bool {
    let granted: Vec<_> = told!(sight, "person", person, Workforce::LicenceGranted).filter(|(_, e)| e.person.as_str() == person).collect();
    let ended: Vec<_> = told!(sight, "person", person, Workforce::LicenceEnded).filter(|(_, e)| e.person.as_str() == person).collect();
    let stands = |discipline: Discipline, from: When, to: Option<ValidDay>| {
        let ended = ended.iter().any(|(seq, e)| e.discipline == discipline && e.effective_on <= on && from < (e.effective_on, *seq));
        from.0 <= on && to.is_none_or(|to| on <= to) && !ended
    };
    let by_grant = granted
        .iter()
        .any(|(seq, e)| stands(e.discipline, (e.from, *seq), e.to) && carries(e.discipline, e.permit.unwrap_or(false), standing));
    let mut renewed = told!(sight, "person", person, Workforce::LicenceRenewed).filter(|(_, e)| e.person.as_str() == person);
    let by_renewal = renewed.any(|(seq, e)| {
        let before = granted.iter().filter(|(place, g)| g.discipline == e.discipline && (g.from, *place) < (e.from, seq));
        let permit = before.max_by_key(|(place, g)| (g.from, *place)).is_some_and(|(_, g)| g.permit.unwrap_or(false));
        stands(e.discipline, (e.from, seq), e.to) && carries(e.discipline, permit, standing)
    });
    let part = match standing {
        Standing::Clinic => Some(RegulationPart::Mhotrs),
        Standing::Pros => Some(RegulationPart::Pros),
        Standing::Lpha => None,
    };
    let mut designated = told!(sight, "person", person, Workforce::ProfessionalStaffDesignated).filter(|(_, e)| e.person.as_str() == person);
    let by_designation = designated.any(|(_, e)| Some(e.part) == part && e.from <= on && e.to.is_none_or(|to| on <= to));
    by_grant || by_renewal || by_designation
}

/// Who supervises the peer of a contact in its program on its day, as primary or co-supervisor.
pub(crate) fn supervisors(sight: &Sight<'_>, contact: &ContactRecorded) -> Vec<String> {
    let place = format!("{}/{}", contact.peer, contact.program);
    let on = day(contact);
    let same = |a: &SupervisionAssigned| a.peer == contact.peer && a.program == contact.program;
    let ends: Vec<_> = told!(sight, "supervised", &place, Workforce::SupervisionEnded)
        .filter(|(_, e)| e.peer == contact.peer && e.program == contact.program)
        .collect();
    let mut who: Vec<String> = told!(sight, "supervised", &place, Workforce::SupervisionAssigned)
        .filter(|(_, a)| same(a) && a.kind != SupervisionKind::InDiscipline && a.from <= on)
        .filter(|(_, a)| !ends.iter().any(|(_, end)| end.supervisor == a.supervisor && a.from <= end.ended_on && end.ended_on < on))
        .map(|(_, a)| a.supervisor.to_string())
        .collect();
    who.sort();
    who.dedup();
    who
}

/// Days of direct peer service recorded up to a day, that day included, each counted once.
pub(crate) fn direct_days(sight: &Sight<'_>, person: &str, until: ValidDay) -> i64 {
    let mut stretches: Vec<(i32, i32)> = told!(sight, "person", person, Workforce::PeerExperienceRecorded)
        .filter(|(_, e)| e.person.as_str() == person && e.direct_service && e.from <= until)
        .map(|(_, e)| (e.from.days(), e.to.map_or(until, |to| to.min(until)).days()))
        .collect();
    stretches.sort_unstable();
    let mut counted_to = i32::MIN;
    let mut days = 0;
    for (from, to) in stretches {
        let from = from.max(counted_to);
        days += i64::from((to - from + 1).max(0));
        counted_to = counted_to.max(to + 1);
    }
    days
}

/// Whether a peer holds a full NYCPS or YPA on a day.
pub(crate) fn full_peer(sight: &Sight<'_>, person: &str, on: ValidDay) -> bool {
    [CredentialKind::Nycps, CredentialKind::Ypa].iter().any(|kind| credential(sight, person, *kind, on) == Some(CredentialLevel::Full))
}

/// A peer who may supervise peers: a full credential, and three years of direct service.
pub(crate) fn senior_peer(sight: &Sight<'_>, person: &str, on: ValidDay) -> bool {
    full_peer(sight, person, on) && direct_days(sight, person, on) >= 1_095
}

/// A staff member's birth date: the last recorded counts.
pub(crate) fn born(sight: &Sight<'_>, person: &str) -> Option<ValidDay> {
    let told = told!(sight, "person", person, Workforce::BirthDateRecorded).filter(|(_, e)| e.person.as_str() == person);
    told.max_by_key(|(seq, _)| *seq).map(|(_, e)| e.birth_date.0)
}
