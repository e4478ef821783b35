//! PROS peer support services: nothing before the agency's own date, then credentials, supervision, recovery plans and weekly meetings.
//! Without that date nothing is judged, and it says so.

use domain::event::ContactRecorded;
use domain::words::{CredentialKind, MeetingKind, PlanKind, Service};
use domain::ValidDay;

use crate::Class;
use crate::clinic::list;
use crate::episodes::plan_in_force;
use crate::people::{Standing, credential, full_peer, is, senior_peer, supervisors};
use crate::sight::{Sayings, Sight, day, told};

const ROWS: [&str; 7] = ["PROS-GEN-01", "PROS-STAFF-01", "PROS-STAFF-02", "PROS-SUP-01", "PROS-SUP-02", "PROS-IRP-01", "PROS-SVC-03"];

fn week(contact: &ContactRecorded) -> String {
    let (year, week) = day(contact).iso_week();
    format!("program={} week={year:04}-W{week:02}", contact.program)
}

/// The day from which PROS peer support is delivered, as last set.
fn effective(sight: &Sight<'_>) -> Option<ValidDay> {
    ValidDay::parse(&sight.last_set("pros.pss_effective_on")?.to_string())
}

/// Every PROS row.
pub(crate) fn contact(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    if contact.service != Service::ProsPss {
        return;
    }
    let Some(effective) = effective(sight) else {
        for rule in ROWS {
            out.cannot(rule, format!("contact={}", contact.contact));
        }
        if sight.passed(sunday(contact)) {
            out.cannot("PROS-TEAM-02", week(contact));
        }
        return;
    };
    if day(contact) < effective {
        out.about("PROS-GEN-01", Class::Violation, contact);
        return;
    }
    staff(sight, contact, out);
    let on = day(contact);
    let who = supervisors(sight, contact);
    if !who.iter().any(|s| is(sight, s, Standing::Pros, on) || senior_peer(sight, s, on)) {
        let rule = if who.iter().any(|s| full_peer(sight, s, on)) { "PROS-SUP-02" } else { "PROS-SUP-01" };
        out.about(rule, Class::Violation, contact);
    }
    let plan = plan_in_force(sight, contact, PlanKind::Irp);
    if !plan.is_some_and(|plan| contact.goal.as_ref().is_some_and(|goal| plan.goals.contains(goal))) {
        let accrued = told!(sight, "accrued", contact.contact.as_str(), Delivery::ProsUnitsAccrued).any(|(_, u)| u.contact.as_ref() == Some(&contact.contact));
        let class = if accrued { Class::Violation } else { sight.escalated(contact) };
        out.about("PROS-IRP-01", class, contact);
    }
    if list(contact.component.as_ref()) != Some('P') {
        out.about("PROS-SVC-03", Class::Documentation, contact);
    }
    met(sight, contact, out);
}

fn staff(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    let (peer, on) = (contact.peer.as_str(), day(contact));
    if credential(sight, peer, CredentialKind::Nycps, on).is_some() {
        return;
    }
    if credential(sight, peer, CredentialKind::Ypa, on).is_none() {
        out.about("PROS-STAFF-01", Class::Violation, contact);
        return;
    }
    let registered = told!(sight, "individual", contact.individual.as_str(), Individuals::IndividualRegistered);
    let dated = registered.filter(|(_, r)| r.individual == contact.individual && r.birth_date.is_some());
    let born = dated.max_by_key(|(seq, _)| *seq).and_then(|(_, r)| r.birth_date);
    match born {
        None => out.cannot("PROS-STAFF-02", format!("contact={}", contact.contact)),
        Some(born) if (18..=26).contains(&on.age_of(born.0)) => {}
        Some(_) => {
            out.about("PROS-STAFF-02", Class::Violation, contact);
        }
    }
}

fn sunday(contact: &ContactRecorded) -> ValidDay {
    day(contact).plus_days(7 - i64::from(day(contact).iso_weekday()))
}

/// PROS-TEAM-02, because of this contact.
fn met(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    let held: Vec<_> = told!(sight, "meetings", contact.program.as_str(), Program::TeamMeetingHeld)
        .map(|(_, m)| m)
        .filter(|m| m.program == contact.program && m.kind == MeetingKind::ProsWeekly && m.held_on.iso_week() == day(contact).iso_week())
        .collect();
    if !sight.passed(sunday(contact)) || held.iter().any(|m| m.invitees.contains(&contact.peer)) {
        return;
    }
    let subject = if held.is_empty() { week(contact) } else { format!("{} peer={}", week(contact), contact.peer) };
    out.of("PROS-TEAM-02", Class::Documentation, subject, contact);
}
