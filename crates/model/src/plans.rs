//! On what a clinic contact rested: a plan, a significant event, or the moment.
//! A plan entered late was in force all the same; only the times of a finding know of it.

use domain::event::ContactRecorded;
use domain::words::{Basis, NoteElement, Phase, PlanKind};

use crate::Class;
use crate::episodes::{admissions, phase, plan_in_force, plans};
use crate::papers::note;
use crate::sight::{Sayings, Sight, day, is_clinic, told};

/// MHOTRS-PLAN-01, -02, -04.
pub(crate) fn basis(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    if !is_clinic(contact) {
        return;
    }
    match contact.basis {
        Basis::Planned => planned(sight, contact, out),
        Basis::Targeted => targeted(sight, contact, out),
        Basis::AdHoc => ad_hoc(sight, contact, out),
    }
}

fn planned(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    if phase(sight, contact) != Phase::Enrolled {
        return;
    }
    let wrong = match plan_in_force(sight, contact, PlanKind::Treatment) {
        Some(plan) => !plan.lists(contact),
        None => {
            let admitted = admissions(sight, contact).iter().map(|a| a.admitted_at.day()).max();
            admitted.is_some_and(|admitted| day(contact) > admitted.plus_days(30))
        }
    };
    if wrong {
        let class = sight.escalated(contact);
        out.about("MHOTRS-PLAN-01", class, contact);
    }
}

fn targeted(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    let event = contact.event.as_ref().and_then(|id| {
        let told = told!(sight, "event", id.as_str(), Individuals::SignificantEventRecorded).map(|(_, e)| e);
        told.filter(|e| e.event == *id && e.individual == contact.individual && e.program == contact.program).next_back()
    });
    let wrong = match event {
        None => true,
        Some(event) => {
            let last = event.occurred_on.plus_days(14);
            let names = plans(sight, contact).iter().any(|plan| {
                event.occurred_on <= plan.effective_on && plan.effective_on <= last && plan.events.contains(&event.event) && plan.lists(contact)
            });
            !names && sight.passed(last)
        }
    };
    if wrong {
        out.about("MHOTRS-PLAN-02", Class::Documentation, contact);
    }
}

fn ad_hoc(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    let Some(note) = note(sight, contact.contact.as_str()) else { return };
    let mut meetings = told!(sight, "meetings", contact.program.as_str(), Program::TeamMeetingHeld);
    let met = meetings.any(|(_, m)| {
        let near = m.held_on.days_since(day(contact)).abs() <= 14;
        near && m.program == contact.program && m.minutes.is_some() && m.individuals.contains(&contact.individual)
    });
    if !note.has(NoteElement::Rationale) && !met {
        out.about("MHOTRS-PLAN-04", Class::Documentation, contact);
    }
}
