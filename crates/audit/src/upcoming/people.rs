//! What ends for people who work here: credentials, licences, designations, the twelve months of a CRPA, a permission by age, supervision.
//! A renewal already on record ends nothing; somebody who left is not looked at.

use domain::words::{CredentialKind, ProgramKind, RegulationPart};
use rules::{Missing, staff};
use timeline::PersonKey;
use timeline::view::Why;

use super::{Ahead, Item, Kind};

pub(super) fn items(ahead: &Ahead<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    for person in ahead.staff() {
        credentials(ahead, person, &mut items);
        licences(ahead, person, &mut items);
        designations(ahead, person, &mut items);
        supervision(ahead, person, &mut items);
    }
    items
}

/// How it ends, by why it is no longer active on the day after.
fn ends<T>(why: Why<'_, T>) -> &'static str {
    match why {
        Why::Suspended(_) => "is suspended after",
        Why::Ended(_) => "ends with",
        Why::Never | Why::Active(_) | Why::Expired(..) => "expires after",
    }
}

fn credentials(ahead: &Ahead<'_>, person: PersonKey, items: &mut Vec<Item>) {
    let name = ahead.person(person);
    for kind in CredentialKind::ALL {
        let standing = |day| ahead.view.credential(person, *kind, day);
        if let Some(on) = ahead.last_day(|day| standing(day).active()) {
            let how = ends(standing(on.plus_days(1)).why);
            let subject = vec![("person", name.clone()), ("credential", kind.as_str().to_owned())];
            items.push(Item { on, kind: Kind::Credential, subject, says: format!("{kind} of {name} {how} {on}") });
        }
    }
}

fn licences(ahead: &Ahead<'_>, person: PersonKey, items: &mut Vec<Item>) {
    let name = ahead.person(person);
    for licence in ahead.view.licences(person, ahead.today) {
        let discipline = licence.discipline;
        let standing = |day| ahead.view.licences(person, day).find(|l| l.discipline == discipline);
        if let Some(on) = ahead.last_day(|day| standing(day).is_some_and(|l| l.active())) {
            let how = standing(on.plus_days(1)).map_or("expires after", |l| ends(l.why));
            let what = if standing(on).is_some_and(|l| l.permit) { "permit" } else { "licence" };
            let subject = vec![("person", name.clone()), ("licence", discipline.as_str().to_owned())];
            items.push(Item { on, kind: Kind::Licence, subject, says: format!("{discipline} {what} of {name} {how} {on}") });
        }
    }
}

fn designations(ahead: &Ahead<'_>, person: PersonKey, items: &mut Vec<Item>) {
    let name = ahead.person(person);
    for part in RegulationPart::ALL {
        if let Some(on) = ahead.last_day(|day| ahead.view.designation(person, *part, day).is_some()) {
            let subject = vec![("person", name.clone()), ("part", part.as_str().to_owned())];
            items.push(Item { on, kind: Kind::Designation, subject, says: format!("designation of {name} as professional staff ({part}) ends with {on}") });
        }
    }
    if let Some(on) = ahead.last_day(|day| ahead.view.supervisor_qualification(person, day).is_some()) {
        let says = format!("qualification of {name} as supervisor ends with {on}");
        items.push(Item { on, kind: Kind::Designation, subject: vec![("person", name)], says });
    }
}

/// Assignments that end in the days ahead, and those that ended as many days back and left the peer with nobody.
fn supervision(ahead: &Ahead<'_>, peer: PersonKey, items: &mut Vec<Item>) {
    let (view, history) = (&ahead.view, ahead.view.history());
    let facts = history.person_facts(peer);
    let since = ahead.today.plus_days(-ahead.until.days_since(ahead.today));
    for end in view.rows(&facts.supervisor_ends, |e| since <= e.ended_on && e.ended_on <= ahead.until) {
        let (supervisor, program, on) = (end.value.supervisor, end.value.program, end.value.ended_on);
        let counted = view.supervisors(peer, program, on).any(|row| row.value.supervisor == supervisor);
        let left_by_then = !ahead.works(peer, on.plus_days(1));
        let asked_on = on.plus_days(1).max(ahead.today);
        let nobody = view.supervisors(peer, program, asked_on).next().is_none();
        if !counted || left_by_then || (on < ahead.today && !nobody) {
            continue;
        }
        let (name, by, program) = (ahead.person(peer), ahead.person(supervisor), history.program_name(program).to_owned());
        let then = if nobody { "nobody is assigned after that" } else { "somebody else stays assigned" };
        let how = if on < ahead.today { "ended with" } else { "ends with" };
        let says = format!("supervision of {name} by {by} in {program} {how} {on}; {then}");
        items.push(Item { on, kind: Kind::Supervision, subject: vec![("peer", name), ("supervisor", by), ("program", program)], says });
    }
}

/// CRPAs in MHOTRS whose twelve months end without an OMH credential effective by then.
pub(super) fn crpa(ahead: &Ahead<'_>) -> Result<Vec<Item>, Missing> {
    let view = &ahead.view;
    let mut items = Vec::new();
    for person in ahead.staff() {
        let Some(first) = view.first_engaged(person).filter(|row| row.value.start_on <= ahead.today) else { continue };
        if !view.credential(person, CredentialKind::Crpa, ahead.today).active() || !in_mhotrs(ahead, person) {
            continue;
        }
        let on = first.value.start_on.plus_months(ahead.int("MHOTRS-CRED-13", "crpa.months", ahead.today)?);
        let has_omh = staff::OMH_CREDENTIALS.into_iter().any(|kind| view.grants_by(person, kind, on).next().is_some());
        if ahead.covers(on) && !has_omh {
            let name = ahead.person(person);
            let says = format!("{name}, a CRPA engaged on {}, needs an OMH credential effective by {on}", first.value.start_on);
            items.push(Item { on, kind: Kind::Crpa, subject: vec![("person", name)], says });
        }
    }
    Ok(items)
}

/// Whether the person works in a MHOTRS program, or may for all that is on record.
fn in_mhotrs(ahead: &Ahead<'_>, person: PersonKey) -> bool {
    let is_mhotrs = |program| ahead.view.program_kind(program).is_none_or(|kind| kind == ProgramKind::Mhotrs);
    let programs = ahead.view.engagement(person, ahead.today).map_or(&[][..], |row| row.value.programs.as_slice());
    programs.is_empty() || programs.iter().any(|p| is_mhotrs(*p)) || ahead.view.contacts_of_peer(person, |c| c.service.is_mhotrs()).next().is_some()
}

/// Holders of a YPA whose last day at the greatest age comes.
pub(super) fn ypa(ahead: &Ahead<'_>) -> Result<Vec<Item>, Missing> {
    let greatest = ahead.int("MHOTRS-CRED-06", "greatest_age", ahead.today)?;
    let mut items = Vec::new();
    for person in ahead.staff() {
        let Some(birth) = ahead.view.birth_of_person(person).map(|row| row.value) else { continue };
        let Some(on) = ahead.last_day(|day| i64::from(day.age_of(birth)) <= greatest) else { continue };
        if ahead.view.credential(person, CredentialKind::Ypa, on).active() {
            let name = ahead.person(person);
            let says = format!("{name}, who holds a YPA, is {greatest} through {on}; verify with the issuer what holds after that");
            items.push(Item { on, kind: Kind::Birthday, subject: vec![("person", name), ("credential", "YPA".to_owned())], says });
        }
    }
    Ok(items)
}
