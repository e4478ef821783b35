//! The people who work for the agency: peers with their credentials, supervisors with their licences, who supervises whom.
//! Everything made here is in order; a plant that wants disorder makes it from the same pieces, on people of its own.

use domain::event::*;
use domain::words::{CredentialKind, CredentialLevel, Discipline, Engagement, LivedExperience, Role, SupervisionKind};
use domain::{BirthDate, Confidential, ContractId, KnownAt, Minutes, PersonId, ValidDay};

use crate::calendar::{at, day, working_from};
use crate::office::{Entry, Office};
use crate::programs::{CLINIC, CORE, PROS, text};

/// A peer.
pub(crate) struct Peer {
    pub(crate) id: PersonId,
    pub(crate) program: usize,
    /// The credential on which the peer works.
    pub(crate) kind: CredentialKind,
    pub(crate) contractor: bool,
    pub(crate) start_on: ValidDay,
    pub(crate) last_day: Option<ValidDay>,
    pub(crate) supervisor: Option<usize>,
    /// When the engagement became known.
    pub(crate) engaged: KnownAt,
    /// Takes on anybody; the peers of plants see only their own people.
    pub(crate) open: bool,
    /// Plants leave this peer alone: nothing is wrong with any contact of theirs.
    pub(crate) spared: bool,
}

/// Somebody who supervises peers, and may sign notes as a licensed practitioner.
pub(crate) struct Supervisor {
    pub(crate) id: PersonId,
    pub(crate) program: usize,
    /// Licensed practitioner of the healing arts all year long.
    pub(crate) signs: bool,
    /// One of the agency's own, not of a plant.
    pub(crate) usual: bool,
}

/// How a peer is taken on.
pub(crate) struct Hiring {
    pub(crate) program: usize,
    pub(crate) kind: CredentialKind,
    pub(crate) contract: Option<ContractId>,
    pub(crate) start_on: ValidDay,
    pub(crate) born: ValidDay,
    pub(crate) open: bool,
}

/// The issuer the approved-issuer table names for a kind.
pub(crate) fn issuer(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::Nycps => "NYPSCB",
        CredentialKind::Fpa | CredentialKind::Ypa => "FTNYS",
        CredentialKind::Crpa => "NYCB",
    }
}

impl Office {
    /// Terms for a peer in order: engaged well before the year, of an age every credential allows.
    pub(crate) fn hiring(&mut self, program: usize, kind: CredentialKind) -> Hiring {
        let start_on = working_from(self.config.start.plus_days(-self.dice.between(200, 500)));
        let age = if kind == CredentialKind::Ypa { self.dice.between(20, 23) } else { self.dice.between(32, 61) };
        let born = self.config.start.plus_days(-age * 365 - self.dice.between(10, 350));
        Hiring { program, kind, contract: None, start_on, born, open: false }
    }

    /// Engages a peer. Credential and supervision are separate steps.
    pub(crate) fn hire(&mut self, terms: Hiring) -> usize {
        let id = self.new_peer_id();
        let engagement = if terms.contract.is_some() { Engagement::Contractor } else { Engagement::Employee };
        let programs = vec![self.programs[terms.program].id.clone()];
        let contractor = terms.contract.is_some();
        let event = PersonEngaged {
            person: id.clone(),
            engagement,
            contract: terms.contract,
            roles: vec![Role::Peer],
            programs,
            start_on: terms.start_on,
        };
        let engaged = self.personnel(terms.start_on, "hr:person", event).known;
        self.personnel(terms.start_on, "hr:birth", BirthDateRecorded { person: id.clone(), birth_date: BirthDate(terms.born) });
        let basis = match terms.kind {
            CredentialKind::Nycps | CredentialKind::Crpa => LivedExperience::Recovery,
            CredentialKind::Fpa => LivedExperience::Caregiver,
            CredentialKind::Ypa => LivedExperience::Youth,
        };
        self.personnel(terms.start_on, "hr:attest", LivedExperienceAttested { person: id.clone(), basis, attested_on: terms.start_on });
        self.peers.push(Peer {
            id,
            program: terms.program,
            kind: terms.kind,
            contractor,
            start_on: terms.start_on,
            last_day: None,
            supervisor: None,
            engaged,
            open: terms.open,
            spared: false,
        });
        self.peers.len() - 1
    }

    /// Grants a credential, entered on the day it takes effect.
    pub(crate) fn grant(
        &mut self,
        person: &PersonId,
        kind: CredentialKind,
        level: CredentialLevel,
        from: ValidDay,
        to: Option<ValidDay>,
    ) -> Entry {
        let number = self.count("certificate");
        let event = CredentialGranted {
            person: person.clone(),
            credential: kind,
            level,
            issuer: text(issuer(kind)),
            number: Confidential::parse(&format!("{}-{:05}", issuer(kind), 20_000 + number)).ok(),
            effective_on: from,
            expires_on: to,
        };
        self.personnel(from, "hr:cred", event)
    }

    /// Renews a credential every two years, a month before it runs out, to beyond the end of the export.
    pub(crate) fn keep_renewed(&mut self, person: &PersonId, kind: CredentialKind, expires: ValidDay) {
        let mut expires = expires;
        while expires <= self.end.plus_days(30) {
            let effective_on = expires.plus_days(1);
            let next = effective_on.plus_months(24).plus_days(-1);
            let event = CredentialRenewed { person: person.clone(), credential: kind, effective_on, expires_on: next };
            self.personnel(expires.plus_days(-30), "hr:cred", event);
            expires = next;
        }
    }

    /// A full credential, granted before the engagement and renewed in time for ever after.
    pub(crate) fn credential_in_order(&mut self, peer: usize, kind: CredentialKind) {
        let person = self.peers[peer].id.clone();
        let from = self.peers[peer].start_on.plus_days(-self.dice.between(20, 300));
        let to = from.plus_months(24).plus_days(-1);
        self.grant(&person, kind, CredentialLevel::Full, from, Some(to));
        self.keep_renewed(&person, kind, to);
    }

    /// Assigns a supervisor from a day on.
    pub(crate) fn assign(&mut self, peer: usize, supervisor: usize, from: ValidDay) -> Entry {
        self.peers[peer].supervisor = Some(supervisor);
        let event = SupervisionAssigned {
            peer: self.peers[peer].id.clone(),
            supervisor: self.supervisors[supervisor].id.clone(),
            program: self.programs[self.peers[peer].program].id.clone(),
            kind: SupervisionKind::Primary,
            from,
            rationale: None,
        };
        self.personnel(from, "hr:superv", event)
    }

    /// A peer for a plant, everything in order.
    pub(crate) fn peer_in_order(&mut self, program: usize, kind: CredentialKind) -> usize {
        let terms = self.hiring(program, kind);
        let peer = self.hire(terms);
        self.credential_in_order(peer, kind);
        self.supervised(peer);
        peer
    }

    /// Assigns one of the program's own supervisors from the first day.
    pub(crate) fn supervised(&mut self, peer: usize) {
        let program = self.peers[peer].program;
        let kind = self.programs[program].kind;
        let of_program: Vec<usize> = (0..self.supervisors.len())
            .filter(|s| self.supervisors[*s].usual && self.programs[self.supervisors[*s].program].kind == kind)
            .collect();
        let supervisor = self.dice.pick(&of_program);
        self.assign(peer, supervisor, self.peers[peer].start_on);
    }

    /// Engages a supervisor; what qualifies them is a separate step.
    pub(crate) fn engage_supervisor(&mut self, program: usize, roles: &[Role], signs: bool, usual: bool) -> usize {
        let number = self.count("supervisor");
        let id = PersonId::parse(&format!("S-{number:02}")).expect("letters and digits are an id");
        let start_on = working_from(self.config.start.plus_days(-self.dice.between(600, 1500)));
        let programs = vec![self.programs[program].id.clone()];
        let event = PersonEngaged {
            person: id.clone(),
            engagement: Engagement::Employee,
            contract: None,
            roles: roles.to_vec(),
            programs,
            start_on,
        };
        self.personnel(start_on, "hr:person", event);
        self.supervisors.push(Supervisor { id, program, signs, usual });
        self.supervisors.len() - 1
    }

    /// Grants a licence; a permit is one that is not yet full.
    pub(crate) fn license(
        &mut self,
        supervisor: usize,
        discipline: Discipline,
        permit: bool,
        from: ValidDay,
        to: Option<ValidDay>,
    ) -> Entry {
        let number = self.count("licence");
        let event = LicenceGranted {
            person: self.supervisors[supervisor].id.clone(),
            discipline,
            permit: permit.then_some(true),
            number: Confidential::parse(&format!("{:06}", 70_000 + number * 13)).ok(),
            from,
            to,
        };
        self.personnel(from, "hr:lic", event)
    }

    /// A licence registered for three years at a time, always in time.
    pub(crate) fn license_in_order(&mut self, supervisor: usize, discipline: Discipline, permit: bool) {
        let from = self.config.start.plus_days(-self.dice.between(100, 1000));
        let mut to = from.plus_months(36).plus_days(-1);
        self.license(supervisor, discipline, permit, from, Some(to));
        while to <= self.end.plus_days(30) {
            let next = to.plus_months(36);
            let person = self.supervisors[supervisor].id.clone();
            self.personnel(to.plus_days(-25), "hr:lic", LicenceRenewed { person, discipline, from: to.plus_days(1), to: Some(next) });
            to = next;
        }
    }

    /// The usual staff: supervisors first, then peers in the proportions of a small agency, over and over as it grows.
    pub(crate) fn engage_staff(&mut self) {
        for team in 0..self.config.peers.div_ceil(12) {
            self.dice = crate::dice::Dice::new(self.config.seed, "team", u64::from(team));
            self.engage_supervisors();
        }
        for number in 0..self.config.peers {
            self.dice = crate::dice::Dice::new(self.config.seed, "peer", u64::from(number));
            self.engage_peer(number % 12);
        }
    }

    fn engage_supervisors(&mut self) {
        let clinical = [Role::Supervisor, Role::Clinician];
        for discipline in [Discipline::Lcsw, Discipline::PsychiatricNursePractitioner] {
            let licensed = self.engage_supervisor(CLINIC, &clinical, true, true);
            self.license_in_order(licensed, discipline, false);
        }
        let on_permit = self.engage_supervisor(CLINIC, &clinical, false, true);
        self.license_in_order(on_permit, Discipline::Lmhc, true);
        let recreation = self.engage_supervisor(PROS, &clinical, false, true);
        self.license_in_order(recreation, Discipline::TherapeuticRecreationSpecialist, false);
        let senior = self.senior_peer(PROS, day(2016, 4, 1).min(self.config.start.plus_months(-48)));
        self.supervisors[senior].usual = true;
        let qualified = self.engage_supervisor(CORE, &[Role::Supervisor], false, true);
        let person = self.supervisors[qualified].id.clone();
        let from = self.config.start.plus_days(-400);
        self.personnel(from, "hr:superv", SupervisorQualified { person, basis: text("ten years in peer-run programs"), from, to: None });
    }

    /// A supervisor who is a peer: full NYCPS in order, and direct peer service since a day.
    pub(crate) fn senior_peer(&mut self, program: usize, since: ValidDay) -> usize {
        let supervisor = self.engage_supervisor(program, &[Role::Supervisor, Role::Peer], false, false);
        let person = self.supervisors[supervisor].id.clone();
        let from = self.config.start.plus_days(-self.dice.between(100, 500));
        let to = from.plus_months(24).plus_days(-1);
        self.grant(&person, CredentialKind::Nycps, CredentialLevel::Full, from, Some(to));
        self.keep_renewed(&person, CredentialKind::Nycps, to);
        let event = PeerExperienceRecorded {
            person,
            employer: text("Harbor Street Recovery Center"),
            from: since,
            to: None,
            direct_service: true,
            evidenced: true,
        };
        self.personnel(self.config.start.plus_days(-90), "hr:exper", event);
        supervisor
    }

    fn engage_peer(&mut self, pattern: u32) {
        let (program, kind) = match pattern {
            0..=3 => (CLINIC, CredentialKind::Nycps),
            4 => (CLINIC, CredentialKind::Crpa),
            5 | 6 => (CLINIC, CredentialKind::Fpa),
            7 => (CLINIC, CredentialKind::Ypa),
            8 | 9 => (PROS, CredentialKind::Nycps),
            10 => (CORE, CredentialKind::Nycps),
            _ => (CORE, CredentialKind::Crpa),
        };
        let mut terms = self.hiring(program, kind);
        terms.open = true;
        if pattern == 3 {
            let since = working_from(terms.start_on.plus_days(-30));
            terms.contract = Some(self.contract(since, None));
        }
        terms.start_on = match pattern {
            2 | 6 => working_from(self.config.start.plus_days(-self.dice.between(150, 190))),
            4 => working_from(self.config.start.plus_days(-90)),
            _ => terms.start_on,
        };
        let peer = self.hire(terms);
        self.peers[peer].spared = pattern == 1;
        let start_on = self.peers[peer].start_on;
        let person = self.peers[peer].id.clone();
        match pattern {
            2 | 6 => {
                // Provisional at hire, full in the course of the year, and renewed from then on.
                let from = start_on.plus_days(-5);
                let to = from.plus_months(18).plus_days(-1);
                self.grant(&person, kind, CredentialLevel::Provisional, from, Some(to));
                let effective_on = self.some_day(20, 40).min(to.plus_days(-60));
                let expires_on = effective_on.plus_months(24).plus_days(-1);
                let event = CredentialUpgraded { person: person.clone(), credential: kind, effective_on, expires_on: Some(expires_on) };
                self.personnel(effective_on, "hr:cred", event);
                self.keep_renewed(&person, kind, expires_on);
            }
            4 => {
                // A CRPA who converts well within the twelve months from hire.
                let from = start_on.plus_days(-200);
                let to = from.plus_months(36).plus_days(-1);
                self.grant(&person, CredentialKind::Crpa, CredentialLevel::Full, from, Some(to));
                let converted = working_from(self.config.start.plus_days(self.dice.between(100, 160)));
                let expires = converted.plus_months(24).plus_days(-1);
                self.grant(&person, CredentialKind::Nycps, CredentialLevel::Provisional, converted, Some(expires));
                self.keep_renewed(&person, CredentialKind::Nycps, expires);
            }
            _ => self.credential_in_order(peer, kind),
        }
        self.supervised(peer);
    }

    /// A contract with a peer-run agency.
    pub(crate) fn contract(&mut self, from: ValidDay, to: Option<ValidDay>) -> ContractId {
        let number = self.count("contract");
        let contract = ContractId::parse(&format!("K-{number}")).expect("letters and digits are an id");
        let event = ContractExecuted { contract: contract.clone(), agency: text("Lantern Peer Network"), from, to };
        self.personnel(from, "hr:contract", event);
        contract
    }

    /// Monthly supervision of every open peer, written down, with a copy to the peer.
    pub(crate) fn hold_supervision(&mut self) {
        for peer in (0..self.peers.len()).filter(|p| self.peers[*p].open).collect::<Vec<_>>() {
            let Some(supervisor) = self.peers[peer].supervisor else { continue };
            self.dice = crate::dice::Dice::new(self.config.seed, "supervision", peer as u64);
            let mut next = self.config.start.plus_days(self.dice.between(2, 20));
            while next <= self.last_service_day() {
                let held_on = working_from(next);
                let event = SupervisionSessionHeld {
                    peer: self.peers[peer].id.clone(),
                    supervisor: self.supervisors[supervisor].id.clone(),
                    held_on,
                    minutes: Minutes(self.dice.pick(&[30, 45, 60])),
                    topics: vec![text(self.dice.pick(&["recovery values", "boundaries", "documentation", "trauma-informed practice"]))],
                    documented: true,
                    copy_given: true,
                };
                self.record(at(held_on, 17 * 60 + 40), "hr:session", event);
                next = held_on.plus_days(self.dice.between(24, 29));
            }
        }
    }
}
