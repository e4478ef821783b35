//! The people served: registration, pre-admission, admission, plans, discharge.
//! Each step records what a well-run program records; which steps somebody goes through is decided elsewhere.

use domain::event::*;
use domain::quantity::Version;
use domain::words::{CredentialKind, PlanKind, ProgramKind, Service};
use domain::{BirthDate, GoalId, IndividualId, Moment, PlanId, SignificantEventId, ValidDay};

use crate::calendar::{at, working_from};
use crate::office::{Entry, Office};
use crate::programs::text;

/// Somebody who is served, with the plan and the peer they have.
pub(crate) struct Client {
    pub(crate) id: IndividualId,
    pub(crate) program: usize,
    pub(crate) service: Service,
    pub(crate) peer: usize,
    pub(crate) plan: Option<PlanId>,
    pub(crate) version: u32,
    /// Whether their plans note the collaboration with a contracted peer.
    pub(crate) collaboration: bool,
    pub(crate) admitted: Option<ValidDay>,
    pub(crate) discharged: Option<ValidDay>,
    /// Working days already taken, so that nobody is in two places at once.
    pub(crate) days: Vec<ValidDay>,
}

/// The credential that a service asks for.
pub(crate) fn credential_for(service: Service) -> CredentialKind {
    match service {
        Service::MhotrsFamilyPeer => CredentialKind::Fpa,
        Service::MhotrsYouthPeer => CredentialKind::Ypa,
        Service::MhotrsAdultPeer | Service::ProsPss | Service::CorePeer | Service::Other => CredentialKind::Nycps,
    }
}

/// The goals every plan here has.
pub(crate) fn goals() -> Vec<GoalId> {
    ["G-1", "G-2"].iter().filter_map(|g| GoalId::parse(g).ok()).collect()
}

impl Office {
    /// Registers somebody; a birth date fitting the service unless one is given.
    pub(crate) fn register(&mut self, program: usize, service: Service, peer: usize, on: ValidDay, born: Option<ValidDay>) -> usize {
        let (youngest, oldest) = match service {
            Service::MhotrsFamilyPeer => (6, 16),
            Service::MhotrsYouthPeer => (13, 20),
            Service::MhotrsAdultPeer | Service::ProsPss | Service::CorePeer | Service::Other => (22, 71),
        };
        let born = born.unwrap_or_else(|| self.config.start.plus_days(-self.dice.between(youngest * 365, oldest * 365)));
        let id = self.new_individual_id();
        let event = IndividualRegistered { individual: id.clone(), birth_date: Some(BirthDate(born)), part2: None };
        self.record_on(on, 8 * 60 + 40, "ehr:reg", event);
        let collaboration = self.peers[peer].contractor;
        self.clients.push(Client {
            id,
            program,
            service,
            peer,
            plan: None,
            version: 0,
            collaboration,
            admitted: None,
            discharged: None,
            days: Vec::new(),
        });
        self.clients.len() - 1
    }

    /// Opens pre-admission work, with purpose and goal in the record or not.
    pub(crate) fn open_preadmission(&mut self, client: usize, on: ValidDay, purpose: bool, goal: bool) -> Entry {
        let (individual, program) = self.who(client);
        self.record_on(on, 8 * 60 + 45, "ehr:pread", PreadmissionOpened { individual, program, opened_on: on, purpose, goal })
    }

    /// Admits on a day.
    pub(crate) fn admit(&mut self, client: usize, on: ValidDay) -> Entry {
        let (individual, program) = self.who(client);
        self.clients[client].admitted = Some(on);
        self.clients[client].discharged = None;
        self.record_on(on, 8 * 60 + 50, "ehr:admit", Admitted { individual, program, admitted_at: Moment::Day(on) })
    }

    /// Discharges at the end of a day.
    pub(crate) fn discharge(&mut self, client: usize, on: ValidDay) -> Entry {
        self.discharge_entered(client, on, on)
    }

    /// Discharges at the end of a day, typed in on another.
    pub(crate) fn discharge_entered(&mut self, client: usize, on: ValidDay, entered_on: ValidDay) -> Entry {
        let (individual, program) = self.who(client);
        self.clients[client].discharged = Some(on);
        self.record_on(entered_on, 18 * 60 + 10, "ehr:disch", Discharged { individual, program, discharged_on: on })
    }

    /// The next version of somebody's plan, in force and entered on the same day, listing their service.
    pub(crate) fn plan(&mut self, client: usize, effective_on: ValidDay) -> Entry {
        let service = self.clients[client].service;
        self.plan_with(client, effective_on, &[service], Vec::new())
    }

    /// The next version of somebody's plan with what it lists.
    pub(crate) fn plan_with(
        &mut self,
        client: usize,
        effective_on: ValidDay,
        services: &[Service],
        events: Vec<SignificantEventId>,
    ) -> Entry {
        self.plan_entered(client, effective_on, effective_on, services, events)
    }

    /// As [`Office::plan_with`], entered on another day than it takes effect.
    pub(crate) fn plan_entered(
        &mut self,
        client: usize,
        effective_on: ValidDay,
        entered_on: ValidDay,
        services: &[Service],
        events: Vec<SignificantEventId>,
    ) -> Entry {
        let (individual, program) = self.who(client);
        let kind = match self.programs[self.clients[client].program].kind {
            ProgramKind::Mhotrs => PlanKind::Treatment,
            ProgramKind::Pros => PlanKind::Irp,
            ProgramKind::Core => PlanKind::Isp,
        };
        let plan = match &self.clients[client].plan {
            Some(plan) => plan.clone(),
            None => PlanId::parse(&individual.as_str().replacen('I', "PL", 1)).expect("an individual's id with another letter is an id"),
        };
        let known = &mut self.clients[client];
        known.plan = Some(plan.clone());
        known.version += 1;
        let version = Version(known.version);
        let contracted_collaboration = known.collaboration;
        let services = services.iter().map(|s| text(s.as_str())).collect();
        let goals = goals();
        let minute = 16 * 60 + 20;
        if version.0 == 1 {
            let event =
                PlanCreated { plan, individual, program, kind, version, effective_on, goals, services, contracted_collaboration, events };
            self.record_on(entered_on, minute, "ehr:plan", event)
        } else {
            let event =
                PlanAmended { plan, individual, program, kind, version, effective_on, goals, services, contracted_collaboration, events };
            self.record_on(entered_on, minute, "ehr:plan", event)
        }
    }

    /// A significant event in somebody's life.
    pub(crate) fn significant_event(&mut self, client: usize, occurred_on: ValidDay) -> (SignificantEventId, Entry) {
        let (individual, program) = self.who(client);
        let number = self.count("event");
        let event = SignificantEventId::parse(&format!("EV-{number:04}")).expect("letters and digits are an id");
        let kind = text(self.dice.pick(&["hospital_discharge", "loss_of_housing", "change_in_status"]));
        let recorded = SignificantEventRecorded { event: event.clone(), individual, program, kind, occurred_on };
        let entry = self.record_on(occurred_on, 9 * 60 + 5, "ehr:event", recorded);
        (event, entry)
    }

    /// Collaboration with a contracted peer, put into the case record.
    pub(crate) fn collaborate(&mut self, client: usize, peer: usize, on: ValidDay) {
        let event = CollaborationDocumented {
            individual: self.clients[client].id.clone(),
            peer: self.peers[peer].id.clone(),
            documented_on: on,
            kind: text("case_conference"),
        };
        self.record_with_evidence(at(on, 16 * 60 + 40), "ehr:collab", event);
    }

    /// Somebody who has been in the program since before the year, with a plan that lists their service.
    pub(crate) fn settled(&mut self, program: usize, service: Service, peer: usize) -> usize {
        let admitted = working_from(self.config.start.plus_days(-self.dice.between(60, 300)));
        let client = self.register(program, service, peer, admitted, None);
        self.admit(client, admitted);
        let kind = self.programs[program].kind;
        // A clinic has thirty days for the plan; PROS and CORE begin with one.
        let delay = if kind == ProgramKind::Mhotrs { self.dice.between(8, 25) } else { 0 };
        self.plan(client, admitted.plus_days(delay));
        client
    }

    /// Somebody not yet admitted, registered and opened on a day, purpose and goal in the record.
    pub(crate) fn newcomer(&mut self, program: usize, service: Service, peer: usize, on: ValidDay) -> usize {
        let client = self.register(program, service, peer, on, None);
        self.open_preadmission(client, on, true, true);
        client
    }

    /// The ids most events about somebody carry.
    pub(crate) fn who(&self, client: usize) -> (IndividualId, domain::ProgramId) {
        let client = &self.clients[client];
        (client.id.clone(), self.programs[client.program].id.clone())
    }
}
