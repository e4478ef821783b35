//! The office in which the invented agency's records are kept: every line with its ledger time and source id, the appointment diary, the counters.
//! Records facts only; what is right or wrong about them is for the modules that make them, and nothing is recorded after the export day.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{ContactId, Digest, Event, IndividualId, KnownAt, NoteId, PersonId, SourceId, ValidAt, ValidDay};

use crate::Config;
use crate::billing::Claim;
use crate::calendar::{at, later, working_from};
use crate::delivery::Served;
use crate::dice::Dice;
use crate::episodes::Client;
use crate::expected::Expected;
use crate::programs::{Meetings, Site};
use crate::staff::{Peer, Supervisor};

const SECOND: i64 = 1_000_000;

/// A line of the simulated ledger.
#[derive(Debug, Clone)]
pub struct Line {
    /// The simulated ledger's clock; no two lines have the same.
    pub recorded_at: KnownAt,
    /// When the source system says it was entered, where that is another time.
    pub entered_at: Option<KnownAt>,
    /// The source system's key: `hr:...`, `ehr:...`, `bill:...`.
    pub source_id: SourceId,
    /// Digests of supporting documents.
    pub evidence: Vec<Digest>,
    /// The fact.
    pub event: Event,
}

/// What is left in hand of a line once it is recorded.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// When it was known: entered, if the source says so, else recorded.
    pub(crate) known: KnownAt,
    /// What a correction would point at.
    pub(crate) source: SourceId,
}

/// All records and everything needed to make more of them.
pub(crate) struct Office {
    pub(crate) config: Config,
    pub(crate) dice: Dice,
    /// The last day of the export; nothing is recorded after it.
    pub(crate) end: ValidDay,
    pub(crate) programs: Vec<Site>,
    pub(crate) peers: Vec<Peer>,
    pub(crate) supervisors: Vec<Supervisor>,
    pub(crate) clients: Vec<Client>,
    pub(crate) served: Vec<Served>,
    pub(crate) claims: Vec<Claim>,
    pub(crate) meetings: Meetings,
    pub(crate) expected: Vec<Expected>,
    pub(crate) lines: Vec<Line>,
    /// Seconds taken, and for each the second from which on to look for a free one.
    stamps: HashMap<i64, i64>,
    loaded: i64,
    batches: BTreeMap<i64, i64>,
    sources: BTreeMap<&'static str, u32>,
    ids: BTreeMap<&'static str, u64>,
    diary: HashSet<(usize, i32, i64)>,
}

impl Office {
    pub(crate) fn new(config: Config) -> Self {
        let end = config.start.plus_days(i64::from(config.days) - 1);
        Self {
            dice: Dice::new(config.seed, "office", 0),
            config,
            end,
            programs: Vec::new(),
            peers: Vec::new(),
            supervisors: Vec::new(),
            clients: Vec::new(),
            served: Vec::new(),
            claims: Vec::new(),
            meetings: Meetings::default(),
            expected: Vec::new(),
            lines: Vec::new(),
            stamps: HashMap::new(),
            loaded: 0,
            batches: BTreeMap::new(),
            sources: BTreeMap::new(),
            ids: BTreeMap::new(),
            diary: HashSet::new(),
        }
    }

    /// The last day on which a contact takes place, early enough for its note and signatures to be in the export.
    pub(crate) fn last_service_day(&self) -> ValidDay {
        self.end.plus_days(-6)
    }

    /// The first free second at or after `when`.
    fn stamp(&mut self, when: ValidAt) -> i64 {
        let mut free = when.micros().div_euclid(SECOND);
        // Large agencies have runs of thousands of seconds taken: whoever passes over one leaves the way to its end.
        let mut passed = Vec::new();
        while let Some(next) = self.stamps.get(&free) {
            passed.push(free);
            free = *next;
        }
        passed.push(free);
        self.stamps.extend(passed.into_iter().map(|second| (second, free + 1)));
        free * SECOND
    }

    fn take(&mut self, recorded: i64) {
        let second = recorded / SECOND;
        self.stamps.entry(second).or_insert(second + 1);
    }

    fn source(&mut self, system: &'static str) -> SourceId {
        let number = self.sources.entry(system).or_insert(0);
        *number += 1;
        SourceId::parse(&format!("{system}:{number}")).expect("a system's name and a counter are an id")
    }

    fn keep(&mut self, recorded: i64, entered_at: Option<KnownAt>, system: &'static str, evidence: Vec<Digest>, event: Event) -> Entry {
        let recorded_at = KnownAt::from_micros(recorded);
        let source = self.source(system);
        if recorded < self.end.plus_days(1).begins().micros() {
            self.lines.push(Line { recorded_at, entered_at, source_id: source.clone(), evidence, event });
        }
        Entry { known: entered_at.unwrap_or(recorded_at), source }
    }

    /// Records a line at an instant, or at the first free second after it.
    pub(crate) fn record(&mut self, when: ValidAt, system: &'static str, event: impl Into<Event>) -> Entry {
        let recorded = self.stamp(when);
        self.keep(recorded, None, system, Vec::new(), event.into())
    }

    /// As [`Office::record`], with the digest of a document.
    pub(crate) fn record_with_evidence(&mut self, when: ValidAt, system: &'static str, event: impl Into<Event>) -> Entry {
        let recorded = self.stamp(when);
        let digest = Digest::parse(&format!("sha256:{}", self.dice.hex()));
        self.keep(recorded, None, system, digest.into_iter().collect(), event.into())
    }

    /// Records what was known on a day: facts older than the year come in with the first load of the ledger, a week before it begins.
    pub(crate) fn record_on(&mut self, day: ValidDay, minute: i64, system: &'static str, event: impl Into<Event>) -> Entry {
        if day >= self.config.start {
            return self.record(at(day, minute), system, event);
        }
        let people = i64::from(self.config.individuals) + i64::from(self.config.peers);
        let days_needed = 7 + people * 6 / 86_400;
        self.loaded += SECOND;
        let recorded = at(self.config.start.plus_days(-days_needed), 6 * 60).micros() + self.loaded;
        self.take(recorded);
        self.keep(recorded, None, system, Vec::new(), event.into())
    }

    /// Records what the personnel system sends over night: entered during the day, in the ledger before dawn of the next.
    pub(crate) fn personnel(&mut self, day: ValidDay, system: &'static str, event: impl Into<Event>) -> Entry {
        if day < self.config.start {
            return self.record_on(day, 0, system, event);
        }
        let minute = self.dice.between(9 * 60, 16 * 60);
        let entered = KnownAt::from_micros(at(day, minute).micros());
        let recorded = self.stamp(at(day.plus_days(1), 4 * 60));
        self.keep(recorded, Some(entered), system, Vec::new(), event.into())
    }

    /// The next instant of a batch run: one a second, in the order asked for.
    pub(crate) fn batch(&mut self, day: ValidDay, minute: i64) -> ValidAt {
        let base = at(day, minute).micros();
        let offset = self.batches.entry(base).or_insert(0);
        *offset += SECOND;
        ValidAt::from_micros(base + *offset)
    }

    /// The next number of a kind, shuffled over all numbers of `digits` digits so that neighbours are not told apart by it.
    fn number(&mut self, kind: &'static str, digits: u32) -> String {
        let next = self.ids.entry(kind).or_insert(0);
        *next += 1;
        let range = 10_u64.pow(digits);
        // Steps of the golden section mix well; an odd step that ends in 1 visits every number once.
        let step = (range / 100 * 61).next_multiple_of(10) + 1;
        let shuffled = (*next * step + self.config.seed % 997) % range;
        format!("{shuffled:0width$}", width = digits as usize)
    }

    fn digits(&self, per_individual: u32, least: u32) -> u32 {
        let years = self.config.days / 365 + 1;
        let most = u64::from(self.config.individuals + 100) * u64::from(years) * u64::from(per_individual) * 2;
        (most.max(1).ilog10() + 1).max(least)
    }

    pub(crate) fn new_individual_id(&mut self) -> IndividualId {
        let digits = self.digits(1, 4);
        IndividualId::parse(&format!("I-{}", self.number("individual", digits))).expect("letters and digits are an id")
    }

    pub(crate) fn new_contact_id(&mut self) -> ContactId {
        let digits = self.digits(40, 5);
        ContactId::parse(&format!("C-{}", self.number("contact", digits))).expect("letters and digits are an id")
    }

    pub(crate) fn new_note_id(&mut self) -> NoteId {
        let digits = self.digits(40, 5);
        NoteId::parse(&format!("N-{}", self.number("note", digits))).expect("letters and digits are an id")
    }

    pub(crate) fn new_claim_number(&mut self) -> String {
        let digits = self.digits(40, 5);
        self.number("claim", digits)
    }

    /// A counter of a kind, for what is few.
    pub(crate) fn count(&mut self, kind: &'static str) -> u64 {
        let next = self.ids.entry(kind).or_insert(0);
        *next += 1;
        *next
    }

    pub(crate) fn new_peer_id(&mut self) -> PersonId {
        let digits = (self.config.peers * 2 + 200).ilog10() + 1;
        PersonId::parse(&format!("P-{}", self.number("peer", digits))).expect("letters and digits are an id")
    }

    /// Finds `minutes` in a peer's diary from half past eight to half past five, on `day` or the first working day after it with room, and takes them.
    pub(crate) fn appointment(&mut self, peer: usize, day: ValidDay, minutes: i64) -> (ValidDay, ValidAt) {
        const FIRST: i64 = 17;
        const LAST: i64 = 35;
        let needed = (minutes + 29) / 30;
        let mut day = working_from(day);
        loop {
            let throw = self.dice.between(FIRST, LAST - needed);
            let later_then_earlier = (throw..=LAST - needed).chain(FIRST..throw);
            for slot in later_then_earlier {
                if (slot..slot + needed).all(|s| !self.diary.contains(&(peer, day.days(), s))) {
                    self.block(peer, day, slot, needed);
                    return (day, later(at(day, 0), slot * 30));
                }
            }
            day = working_from(day.plus_days(1));
        }
    }

    /// Takes `count` half hours of a peer's diary.
    pub(crate) fn block(&mut self, peer: usize, day: ValidDay, slot: i64, count: i64) {
        for s in slot..slot + count {
            self.diary.insert((peer, day.days(), s));
        }
    }

    /// A working day thrown between two percentages of the year.
    pub(crate) fn some_day(&mut self, from: i64, to: i64) -> ValidDay {
        let percent = |p: i64| i64::from(self.config.days) * p / 100;
        let (low, high) = (percent(from), percent(to));
        working_from(self.config.start.plus_days(self.dice.between(low, high)))
    }
}
