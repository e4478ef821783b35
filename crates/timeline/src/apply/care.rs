//! Events about individuals and the care delivered to them, taken into rows.
//! Part of the one `apply`; it decides nothing.

use domain::Moment;
use domain::event::{ContactRecorded, Delivery, Individuals, PlanCreated};

use crate::delivery::{Accrual, Contact, Elements, Note, NoteVersion, Session, Signature};
use crate::history::History;
use crate::individual::{Collaboration, Consultation, Discharge, Happened, Opened, PlanVersion, SignificantEvent};
use crate::people::Days;
use crate::row::{At, Row};

impl History {
    pub(super) fn take_individual(&mut self, at: At, event: &Individuals) {
        match event {
            Individuals::IndividualRegistered(e) => {
                let who = self.individual_mut(&e.individual);
                who.registered.push(Row::new(at, e.part2.unwrap_or(false)));
                if let Some(birth) = e.birth_date {
                    who.births.push(Row::new(at, birth.0));
                }
            }
            Individuals::PreadmissionOpened(e) => {
                let value = Opened { program: self.program(&e.program), on: e.opened_on, purpose: e.purpose, goal: e.goal };
                self.individual_mut(&e.individual).opened.push(Row::new(at, value));
            }
            Individuals::PreadmissionVisit(e) => {
                let value = self.happened(&e.program, Moment::Day(e.visited_on));
                self.individual_mut(&e.individual).visits.push(Row::new(at, value));
            }
            Individuals::TreatmentDeclined(e) => {
                let value = self.happened(&e.program, e.declined_at);
                self.individual_mut(&e.individual).declined.push(Row::new(at, value));
            }
            Individuals::Reengaged(e) => {
                let value = self.happened(&e.program, e.reengaged_at);
                self.individual_mut(&e.individual).reengaged.push(Row::new(at, value));
            }
            Individuals::ReferredOut(e) => {
                let value = self.happened(&e.program, Moment::Day(e.referred_on));
                self.individual_mut(&e.individual).referred.push(Row::new(at, value));
            }
            Individuals::Admitted(e) => {
                let value = self.happened(&e.program, e.admitted_at);
                self.individual_mut(&e.individual).admitted.push(Row::new(at, value));
            }
            Individuals::Discharged(e) => {
                let value = Discharge { program: self.program(&e.program), on: e.discharged_on };
                self.individual_mut(&e.individual).discharged.push(Row::new(at, value));
            }
            Individuals::PlanCreated(e) => {
                let value = PlanVersion {
                    plan: self.plan(&e.plan),
                    program: self.program(&e.program),
                    kind: e.kind,
                    version: e.version,
                    effective_on: e.effective_on,
                    goals: e.goals.iter().map(|g| self.goal(g)).collect(),
                    services: e.services.iter().map(|s| self.text(s.as_str())).collect(),
                    contracted_collaboration: e.contracted_collaboration,
                    events: e.events.iter().map(|s| self.significant_event(s)).collect(),
                };
                self.individual_mut(&e.individual).plans.push(Row::new(at, value));
            }
            // The first version and later ones have the same fields; only the name of the event differs.
            Individuals::PlanAmended(e) => self.take_individual(
                at,
                &Individuals::PlanCreated(PlanCreated {
                    plan: e.plan.clone(),
                    individual: e.individual.clone(),
                    program: e.program.clone(),
                    kind: e.kind,
                    version: e.version,
                    effective_on: e.effective_on,
                    goals: e.goals.clone(),
                    services: e.services.clone(),
                    contracted_collaboration: e.contracted_collaboration,
                    events: e.events.clone(),
                }),
            ),
            // Kept in the ledger for the trail; no rule of the guidance asks who signed a plan.
            Individuals::PlanSigned(_) => {}
            Individuals::SignificantEventRecorded(e) => {
                let value = SignificantEvent { event: self.significant_event(&e.event), program: self.program(&e.program), on: e.occurred_on };
                self.individual_mut(&e.individual).events.push(Row::new(at, value));
            }
            Individuals::CrisisRecorded(e) => {
                let days = Days { from: e.from, to: Some(e.to) };
                self.individual_mut(&e.individual).crises.push(Row::new(at, days));
            }
            Individuals::IntensityConsulted(e) => {
                let value = Consultation {
                    peer: self.person(&e.peer),
                    clinical_supervisor: self.person(&e.clinical_supervisor),
                    on: e.consulted_on,
                    days: Days { from: e.from, to: Some(e.to) },
                };
                self.individual_mut(&e.individual).consultations.push(Row::new(at, value));
            }
            Individuals::CollaborationDocumented(e) => {
                let value = Collaboration { peer: self.person(&e.peer), on: e.documented_on };
                self.individual_mut(&e.individual).collaborations.push(Row::new(at, value));
                self.person_mut(&e.peer).collaborated.push(Row::new(at, e.documented_on));
            }
            Individuals::PreferenceRecorded(e) => {
                self.individual_mut(&e.individual).preferences.push(Row::new(at, e.recorded_on));
            }
        }
    }

    fn happened(&mut self, program: &domain::ProgramId, at: Moment) -> Happened {
        Happened { program: self.program(program), at }
    }

    pub(super) fn take_delivery(&mut self, at: At, event: &Delivery) {
        match event {
            Delivery::ContactRecorded(e) => {
                let value = self.contact_value(e);
                self.contacts.push(Row::new(at, value));
            }
            Delivery::GroupSessionHeld(e) => {
                let mut attendees: Vec<_> = e.attendees.iter().map(|i| self.individual(i)).collect();
                attendees.sort_unstable();
                attendees.dedup();
                let value = Session {
                    session: self.session(&e.group_session),
                    program: self.program(&e.program),
                    day: e.start.local_day(),
                    attendees: attendees.into(),
                };
                self.sessions.push(Row::new(at, value));
            }
            Delivery::NoteWritten(e) => {
                let value = Note {
                    note: self.note(&e.note),
                    contact: self.contact(&e.contact),
                    author: self.person(&e.author),
                    written_at: e.written_at,
                    elements: Elements::of(&e.elements),
                };
                self.notes.push(Row::new(at, value));
            }
            Delivery::NoteAmended(e) => {
                let elements = Elements::of(&e.elements);
                let value = NoteVersion { note: self.note(&e.note), version: e.version, amended_at: e.amended_at, elements };
                self.note_versions.push(Row::new(at, value));
            }
            Delivery::NoteSigned(e) => {
                let value = Signature {
                    note: self.note(&e.note),
                    version: e.version.unwrap_or(domain::quantity::Version(1)),
                    signer: self.person(&e.signer),
                    capacity: e.capacity,
                    signed_at: e.signed_at,
                };
                self.signatures.push(Row::new(at, value));
            }
            Delivery::ProsUnitsAccrued(e) => {
                let value = Accrual {
                    individual: self.individual(&e.individual),
                    program: self.program(&e.program),
                    contact: e.contact.as_ref().map(|c| self.contact(c)),
                    on: e.accrued_on,
                    units: e.units,
                };
                self.accruals.push(Row::new(at, value));
            }
        }
    }

    fn contact_value(&mut self, e: &ContactRecorded) -> Contact {
        let activities: Vec<_> = e.activities.iter().map(|a| self.text(a.as_str())).collect();
        Contact {
            contact: self.contact(&e.contact),
            program: self.program(&e.program),
            peer: self.person(&e.peer),
            individual: self.individual(&e.individual),
            session: e.group_session.as_ref().map(|s| self.session(s)),
            start: e.start,
            end: e.end,
            day: e.start.local_day(),
            component: e.component.as_ref().map(|c| self.text(c.as_str())),
            activities: self.text_list(&activities),
            event: e.event.as_ref().map(|s| self.significant_event(s)),
            goal: e.goal.as_ref().map(|g| self.goal(g)),
            purpose: e.purpose.as_ref().map(|p| self.text(p.as_str())),
            service: e.service,
            phase: e.phase,
            format: e.format,
            mode: e.mode,
            site: e.site,
            basis: e.basis,
            recipient: e.recipient,
        }
    }
}
