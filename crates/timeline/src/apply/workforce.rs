//! Events about people and programs, taken into rows.
//! Part of the one `apply`; it decides nothing.

use domain::event::{Program, Workforce};

use crate::history::History;
use crate::names::Key;
use crate::people::*;
use crate::program::{Meeting, Organization, Policy, Registered, StaffTraining};
use crate::row::{At, Row};
use crate::settings::{RateCode, Setting};

impl History {
    pub(super) fn take_workforce(&mut self, at: At, event: &Workforce) {
        use CredentialChange as C;
        match event {
            Workforce::PersonEngaged(e) => {
                let value = Engaged {
                    engagement: e.engagement,
                    contract: e.contract.as_ref().map(|c| self.contract(c)),
                    roles: e.roles.clone(),
                    programs: e.programs.iter().map(|p| self.program(p)).collect(),
                    start_on: e.start_on,
                };
                self.person_mut(&e.person).engaged.push(Row::new(at, value));
            }
            Workforce::PersonSeparated(e) => self.person_mut(&e.person).separated.push(Row::new(at, e.separated_on)),
            Workforce::ContractExecuted(e) => {
                let days = Days { from: e.from, to: e.to };
                self.contract_mut(&e.contract).executed.push(Row::new(at, days));
            }
            Workforce::ContractEnded(e) => self.contract_mut(&e.contract).ended.push(Row::new(at, e.ended_on)),
            Workforce::RoleAssigned(e) => {
                let program = e.program.as_ref().map(|p| self.program(p));
                let value = RoleDays { role: e.role, program, days: Days { from: e.from, to: e.to } };
                self.person_mut(&e.person).roles.push(Row::new(at, value));
            }
            Workforce::RoleEnded(e) => {
                let program = e.program.as_ref().map(|p| self.program(p));
                let value = RoleEnd { role: e.role, program, ended_on: e.ended_on };
                self.person_mut(&e.person).role_ends.push(Row::new(at, value));
            }
            Workforce::BirthDateRecorded(e) => self.person_mut(&e.person).births.push(Row::new(at, e.birth_date.0)),
            Workforce::LivedExperienceAttested(e) => {
                let value = Attested { topic: self.text(e.basis.as_str()), on: e.attested_on };
                self.person_mut(&e.person).lived_experience.push(Row::new(at, value));
            }
            Workforce::CredentialGranted(e) => {
                let issuer = self.text(e.issuer.as_str());
                let change = C::Granted { level: e.level, issuer, expires_on: e.expires_on };
                self.credential_step(at, &e.person, CredentialStep { kind: e.credential, effective_on: e.effective_on, change });
            }
            Workforce::CredentialRenewed(e) => {
                let change = C::Renewed { expires_on: e.expires_on };
                self.credential_step(at, &e.person, CredentialStep { kind: e.credential, effective_on: e.effective_on, change });
            }
            Workforce::CredentialUpgraded(e) => {
                let change = C::Upgraded { expires_on: e.expires_on };
                self.credential_step(at, &e.person, CredentialStep { kind: e.credential, effective_on: e.effective_on, change });
            }
            Workforce::CredentialSuspended(e) => {
                let step = CredentialStep { kind: e.credential, effective_on: e.effective_on, change: C::Suspended };
                self.credential_step(at, &e.person, step);
            }
            Workforce::CredentialReinstated(e) => {
                let change = C::Reinstated { expires_on: e.expires_on };
                self.credential_step(at, &e.person, CredentialStep { kind: e.credential, effective_on: e.effective_on, change });
            }
            Workforce::CredentialRevoked(e) => {
                let step = CredentialStep { kind: e.credential, effective_on: e.effective_on, change: C::Revoked };
                self.credential_step(at, &e.person, step);
            }
            Workforce::CredentialSurrendered(e) => {
                let step = CredentialStep { kind: e.credential, effective_on: e.effective_on, change: C::Surrendered };
                self.credential_step(at, &e.person, step);
            }
            Workforce::CredentialVerified(e) => {
                self.person_mut(&e.person).verifications.push(Row::new(at, (e.credential, e.verified_on)));
            }
            Workforce::LicenceGranted(e) => {
                let change = LicenceChange::Granted { permit: e.permit.unwrap_or(false), to: e.to };
                self.licence_step(at, &e.person, LicenceStep { discipline: e.discipline, on: e.from, change });
            }
            Workforce::LicenceRenewed(e) => {
                let change = LicenceChange::Renewed { to: e.to };
                self.licence_step(at, &e.person, LicenceStep { discipline: e.discipline, on: e.from, change });
            }
            Workforce::LicenceEnded(e) => {
                let step = LicenceStep { discipline: e.discipline, on: e.effective_on, change: LicenceChange::Ended };
                self.licence_step(at, &e.person, step);
            }
            Workforce::ProfessionalStaffDesignated(e) => {
                let value = (e.part, Days { from: e.from, to: e.to });
                self.person_mut(&e.person).designations.push(Row::new(at, value));
            }
            Workforce::SupervisorQualified(e) => {
                self.person_mut(&e.person).qualified.push(Row::new(at, Days { from: e.from, to: e.to }));
            }
            Workforce::PeerExperienceRecorded(e) => {
                let value = Experience { days: Days { from: e.from, to: e.to }, direct_service: e.direct_service };
                self.person_mut(&e.person).experience.push(Row::new(at, value));
            }
            Workforce::SupervisionAssigned(e) => {
                let value = Supervision {
                    supervisor: self.person(&e.supervisor),
                    program: self.program(&e.program),
                    kind: e.kind,
                    from: e.from,
                    has_rationale: e.rationale.is_some(),
                };
                self.person_mut(&e.peer).supervisors.push(Row::new(at, value));
                let value = Supervised { peer: self.person(&e.peer), program: value.program, kind: e.kind, from: e.from };
                self.person_mut(&e.supervisor).supervises.push(Row::new(at, value));
            }
            Workforce::SupervisionEnded(e) => {
                let value = SupervisionEnd { supervisor: self.person(&e.supervisor), program: self.program(&e.program), ended_on: e.ended_on };
                self.person_mut(&e.peer).supervisor_ends.push(Row::new(at, value));
            }
            Workforce::SupervisionSessionHeld(e) => {
                let value = SupervisionSession {
                    supervisor: self.person(&e.supervisor),
                    held_on: e.held_on,
                    minutes: e.minutes,
                    topics: e.topics.iter().map(|t| self.text(t.as_str())).collect(),
                    documented: e.documented,
                    copy_given: e.copy_given,
                };
                self.person_mut(&e.peer).sessions.push(Row::new(at, value));
            }
            Workforce::InDisciplineSupportProvided(e) => self.person_mut(&e.peer).in_discipline.push(Row::new(at, e.provided_on)),
            Workforce::TrainingCompleted(e) => {
                let topics = e.topics.iter().map(|t| self.text(t.as_str())).collect();
                let value = Training { course: e.course.as_str().into(), has_provider: e.provider.is_some(), completed_on: e.completed_on, topics };
                self.person_mut(&e.person).trainings.push(Row::new(at, value));
            }
            Workforce::SupervisorAttested(e) => {
                let value = Attested { topic: self.text(e.topic.as_str()), on: e.attested_on };
                self.person_mut(&e.person).attestations.push(Row::new(at, value));
            }
            Workforce::PeerServiceInterestDetermined(e) => self.person_mut(&e.peer).interest.push(Row::new(at, e.determined_on)),
        }
    }

    fn credential_step(&mut self, at: At, person: &domain::PersonId, step: CredentialStep) {
        self.person_mut(person).credentials.push(Row::new(at, step));
    }

    fn licence_step(&mut self, at: At, person: &domain::PersonId, step: LicenceStep) {
        self.person_mut(person).licences.push(Row::new(at, step));
    }

    pub(super) fn take_program(&mut self, at: At, event: &Program) {
        match event {
            Program::ProgramRegistered(e) => {
                let value = Registered { kind: e.kind, populations: e.populations.clone(), days: Days { from: e.from, to: e.to } };
                self.program_mut(&e.program).registered.push(Row::new(at, value));
            }
            Program::RateCodeAdopted(e) => {
                let value = RateCode {
                    program: e.program.as_ref().map(|p| self.program(p)),
                    code: self.text(e.code.as_str()),
                    meaning: e.meaning,
                    days: Days { from: e.from, to: e.to },
                };
                self.rate_codes.push(Row::new(at, value));
            }
            Program::ParameterSet(e) => {
                let value = Setting { from: e.from, value: e.value.clone() };
                self.settings.entry(e.name.as_str().into()).or_default().push(Row::new(at, value));
            }
            Program::PolicyAdopted(e) => {
                let policy = self.policy(&e.policy);
                let topics = e.topics.iter().map(|t| self.text(t.as_str())).collect();
                self.program_mut(&e.program).policies.push(Row::new(at, Policy { policy, topics, from: e.from }));
            }
            Program::PolicyRetired(e) => {
                let policy = self.policy(&e.policy);
                self.policy_ends[policy.index()].push(Row::new(at, e.ended_on));
            }
            Program::TeamMeetingHeld(e) => {
                let value = Meeting {
                    kind: e.kind,
                    held_on: e.held_on,
                    invitees: e.invitees.iter().map(|p| self.person(p)).collect(),
                    attendees: e.attendees.iter().map(|p| self.person(p)).collect(),
                    individuals: e.individuals.iter().map(|i| self.individual(i)).collect(),
                    has_minutes: e.minutes.is_some(),
                };
                self.program_mut(&e.program).meetings.push(Row::new(at, value));
            }
            Program::StaffTrainingHeld(e) => {
                let attendees = e.attendees.iter().map(|p| self.person(p)).collect();
                let value = StaffTraining { topic: self.text(e.topic.as_str()), held_on: e.held_on, attendees };
                self.program_mut(&e.program).trainings.push(Row::new(at, value));
            }
            Program::OrganizationRecorded(e) => {
                let value = Organization {
                    kind: e.kind,
                    recorded_on: e.recorded_on,
                    elements: e.elements.iter().map(|t| self.text(t.as_str())).collect(),
                    people: e.people.iter().map(|p| self.person(p)).collect(),
                };
                self.program_mut(&e.program).records.push(Row::new(at, value));
            }
            Program::ComplaintRecorded(e) => {
                let person = e.person.as_ref().map(|p| self.person(p));
                let category = self.text(e.category.as_str());
                if let Some(person) = &e.person {
                    let value = Attested { topic: category, on: e.received_on };
                    self.person_mut(person).complaints.push(Row::new(at, value));
                }
                self.complaints.push(Row::new(at, (category, person, e.received_on)));
            }
        }
    }
}
