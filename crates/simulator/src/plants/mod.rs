//! What is planted: each plant takes a clean piece of its own, breaks it in one way, and states the findings that must follow.
//! A plant never touches the people of another, so findings do not mix; near misses plant what must not be found.

mod billing;
mod claims;
mod core;
mod credentials;
mod delivery;
mod notes;
mod orders;
mod plans;
mod preadmission;
mod pros;
mod supervision;
mod workforce;

use domain::ValidDay;
use domain::words::{CredentialKind, Service};

use crate::Planting;
use crate::dice::Dice;
use crate::office::Office;
use crate::programs::{CLINIC, CORE, PROS};

/// A plant: its name, and what it does.
pub(crate) struct Plant {
    pub(crate) name: &'static str,
    run: fn(&mut Office),
}

const fn plant(name: &'static str, run: fn(&mut Office)) -> Plant {
    Plant { name, run }
}

/// Every plant, chapter by chapter. A seed takes a third of them for sure, so three seeds in a row take all.
pub(crate) fn all() -> impl Iterator<Item = &'static Plant> {
    let chapters: [&'static [Plant]; 12] = [
        workforce::PLANTS,
        credentials::PLANTS,
        orders::PLANTS,
        supervision::PLANTS,
        preadmission::PLANTS,
        notes::PLANTS,
        billing::PLANTS,
        claims::PLANTS,
        delivery::PLANTS,
        plans::PLANTS,
        pros::PLANTS,
        core::PLANTS,
    ];
    chapters.into_iter().flatten()
}

impl Office {
    /// Plants what the configuration asks for; returns the names.
    pub(crate) fn plant(&mut self) -> Vec<&'static str> {
        let seed = self.config.seed;
        let mut planted = Vec::new();
        for (number, plant) in (0_u64..).zip(all()) {
            let mut dice = Dice::new(seed, "whether", number);
            let chosen = match self.config.plants {
                Planting::Nothing => false,
                Planting::BySeed => (number + seed % 3).is_multiple_of(3) || dice.chance(20),
                Planting::Everything => true,
            };
            // A large agency has more of everything.
            let rounds = if chosen { 1 + u64::from(self.config.individuals) / 1000 } else { 0 };
            for round in 0..rounds {
                self.dice = Dice::new(seed, plant.name, round);
                (plant.run)(self);
            }
            if chosen {
                planted.push(plant.name);
            }
        }
        planted
    }

    /// The agency's own program for a service.
    fn program_of(service: Service) -> usize {
        match service {
            Service::ProsPss => PROS,
            Service::CorePeer => CORE,
            Service::MhotrsAdultPeer | Service::MhotrsFamilyPeer | Service::MhotrsYouthPeer | Service::Other => CLINIC,
        }
    }

    /// One of the agency's own employed peers, certified for the service all year.
    fn plain_peer(&mut self, service: Service) -> usize {
        let program = Self::program_of(service);
        let mut peers = self.peers_for(program, service);
        peers.retain(|p| !self.peers[*p].contractor && !self.peers[*p].spared && self.peers[*p].kind != CredentialKind::Crpa);
        self.dice.pick(&peers)
    }

    /// Somebody settled, seen by one of the agency's own peers.
    fn regular(&mut self, service: Service) -> usize {
        let peer = self.plain_peer(service);
        self.settled(Self::program_of(service), service, peer)
    }

    /// Somebody settled in the clinic, seen by a peer of the plant's own.
    fn regular_of(&mut self, peer: usize, service: Service) -> usize {
        let program = self.peers[peer].program;
        self.settled(program, service, peer)
    }

    /// Somebody in pre-admission from a day on, in order, seen by one of the agency's own peers.
    fn stranger(&mut self, on: ValidDay) -> usize {
        let peer = self.plain_peer(Service::MhotrsAdultPeer);
        self.newcomer(CLINIC, Service::MhotrsAdultPeer, peer, on)
    }

    /// A visit as it should be, filed and billed.
    fn seen(&mut self, client: usize, day: ValidDay) -> usize {
        let visit = self.visit(client, day);
        let place = self.file(visit);
        self.bill(place);
        place
    }
}
