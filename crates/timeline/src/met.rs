//! With whom contacts were and where, told without reading them: of each individual every program and peer, of each peer every program and
//! service. Contacts are many and large; whoever looks for such as a peer never had, or only asks with whom they were, reads none.
//! Speaks of every row that an index finds, whether or not anybody believes it; it knows neither when nor how often.

use domain::words::Service;
use rustc_hash::FxHashSet;

use crate::column::Column;
use crate::delivery::Contact;
use crate::names::{IndividualKey, Key, PersonKey, ProgramKey};

/// Few pairs each: whoever asks for one list reads those beside it.
type Lists<T> = Column<Vec<T>, 16>;

/// Pairs by individual and by peer, each once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Met {
    pub(crate) of_individual: Lists<(ProgramKey, PersonKey)>,
    pub(crate) of_peer: Lists<(ProgramKey, Service)>,
}

/// Of whom a row that was taken out spoke alone: their lists are to be made anew.
#[derive(Debug, Default)]
pub(crate) struct Alone {
    pub(crate) individuals: FxHashSet<IndividualKey>,
    pub(crate) peers: FxHashSet<PersonKey>,
}

impl Met {
    /// One more contact.
    pub(crate) fn add(&mut self, c: &Contact) {
        put(&mut self.of_individual, c.individual, (c.program, c.peer));
        put(&mut self.of_peer, c.peer, (c.program, c.service));
    }

    /// Every program and peer of an individual.
    pub(crate) fn individual(&self, individual: IndividualKey) -> &[(ProgramKey, PersonKey)] {
        list(&self.of_individual, individual)
    }

    /// Every program and service of a peer.
    pub(crate) fn peer(&self, peer: PersonKey) -> &[(ProgramKey, Service)] {
        list(&self.of_peer, peer)
    }

    /// Of rows that were taken out, those of whom none that was put in says the same: nearly always it is the same contact, told again.
    pub(crate) fn alone<'c>(gone: impl Iterator<Item = &'c Contact>, new: impl Iterator<Item = &'c Contact> + Clone) -> Alone {
        let met: FxHashSet<_> = new.clone().map(|c| (c.individual, c.program, c.peer)).collect();
        let served: FxHashSet<_> = new.map(|c| (c.peer, c.program, c.service)).collect();
        let mut alone = Alone::default();
        for c in gone {
            if !met.contains(&(c.individual, c.program, c.peer)) {
                alone.individuals.insert(c.individual);
            }
            if !served.contains(&(c.peer, c.program, c.service)) {
                alone.peers.insert(c.peer);
            }
        }
        alone
    }

    /// All contacts of an individual, from which the list is made anew.
    pub(crate) fn individual_anew<'c>(&mut self, individual: IndividualKey, all: impl Iterator<Item = &'c Contact>) {
        anew(&mut self.of_individual, individual, all.map(|c| (c.program, c.peer)));
    }

    /// All contacts of a peer, likewise.
    pub(crate) fn peer_anew<'c>(&mut self, peer: PersonKey, all: impl Iterator<Item = &'c Contact>) {
        anew(&mut self.of_peer, peer, all.map(|c| (c.program, c.service)));
    }

    /// Whether it has no more lists than there are individuals and people.
    pub(crate) fn fits(&self, individuals: usize, people: usize) -> bool {
        self.of_individual.len() <= individuals && self.of_peer.len() <= people
    }
}

fn list<T: Clone>(lists: &Lists<T>, key: impl Key) -> &[T] {
    lists.get(key.index()).map_or(&[], Vec::as_slice)
}

fn put<T: Clone + PartialEq>(lists: &mut Lists<T>, key: impl Key + Copy, pair: T) {
    while lists.len() <= key.index() {
        lists.push(Vec::new());
    }
    if !list(lists, key).contains(&pair) {
        lists[key.index()].push(pair);
    }
}

fn anew<T: Clone + PartialEq>(lists: &mut Lists<T>, key: impl Key + Copy, all: impl Iterator<Item = T>) {
    if key.index() < lists.len() {
        lists[key.index()].clear();
    }
    all.for_each(|pair| put(lists, key, pair));
}
