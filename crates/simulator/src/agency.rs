//! What an invented agency is made from, and what is left when it is made: the lines of its ledger and the findings they must yield.
//! The same configuration always gives the same agency.

use domain::{Draft, Envelope, ValidDay};

use crate::expected::{Expected, case_page};
use crate::office::{Line, Office};

/// Which plants an agency gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planting {
    /// None: an agency with nothing to find.
    Nothing,
    /// A third for sure, by the seed, and some more by chance: three seeds in a row have every plant.
    BySeed,
    /// All of them.
    Everything,
}

/// What an agency is made from.
#[derive(Debug, Clone)]
pub struct Config {
    /// Everything random follows from it.
    pub seed: u64,
    /// People served, without those of the plants.
    pub individuals: u32,
    /// Peers, without those of the plants; at least a dozen, so that every program has some.
    pub peers: u32,
    /// First day of service.
    pub start: ValidDay,
    /// Days from the first to the day of the export, at least 300.
    pub days: u32,
    /// Days between two contacts of one person, on average.
    pub pace: u32,
    /// What is planted.
    pub plants: Planting,
}

/// Lines that one individual yields in a year, about, at the pace of [`Config::of_events`].
const LINES_A_YEAR: u64 = 44;

impl Config {
    /// A small agency's year from 1 July 2024: 150 individuals, a dozen peers.
    pub fn year(seed: u64) -> Self {
        let start = crate::calendar::day(2024, 7, 1);
        Self { seed, individuals: 150, peers: 12, start, days: 365, pace: 24, plants: Planting::BySeed }
    }

    /// An agency large and old enough for about so many events: up to five years, then more people, a peer for every dozen.
    pub fn of_events(seed: u64, events: u64) -> Self {
        let years = (events / 40_000).clamp(1, 5);
        let individuals = (events / (LINES_A_YEAR * years)).clamp(50, 5_000_000);
        let individuals = u32::try_from(individuals).unwrap_or(u32::MAX);
        let days = u32::try_from(years * 365).unwrap_or(365);
        let start = crate::calendar::day(2023, 1, 2);
        Self { seed, individuals, peers: (individuals / 12).max(12), start, days, pace: 20, plants: Planting::BySeed }
    }
}

/// An invented agency.
pub struct Agency {
    /// What it was made from.
    pub config: Config,
    /// Every line, by the simulated ledger's clock.
    pub lines: Vec<Line>,
    /// Names of what was planted.
    pub planted: Vec<&'static str>,
    pub(crate) expected: Vec<Expected>,
    pub(crate) office: Books,
}

/// What is kept of the books to answer questions about a later act.
pub(crate) struct Books(pub(crate) Office);

impl Agency {
    /// Invents an agency. Fewer than a dozen peers or 300 days are raised to that.
    pub fn invent(config: Config) -> Self {
        let mut config = config;
        config.peers = config.peers.max(12);
        config.days = config.days.max(300);
        config.pace = config.pace.max(5);
        let mut office = Office::new(config.clone());
        office.found();
        office.engage_staff();
        let planted = office.plant();
        office.live();
        office.hold_meetings();
        office.hold_supervision();
        office.expect_meetings();
        let mut lines = std::mem::take(&mut office.lines);
        lines.sort_unstable_by_key(|line| line.recorded_at);
        let mut expected = std::mem::take(&mut office.expected);
        expected.sort_by_cached_key(Expected::order);
        Self { config, lines, planted, expected, office: Books(office) }
    }

    /// The day of the last line: what a simulated ledger takes for today.
    pub fn today(&self) -> ValidDay {
        self.lines.last().map_or(self.config.start, |line| domain::ValidAt::from_micros(line.recorded_at.micros()).local_day())
    }

    /// The violation and documentation findings at the end, by class, rule and subject.
    pub fn expected(&self) -> Vec<Expected> {
        self.expected.clone()
    }

    /// The findings as a conformance case: one check, no cut, today as [`Agency::today`].
    pub fn case_json(&self) -> String {
        let why = format!("What seed {} planted is found, and nothing else.", self.config.seed);
        case_page(&why, self.today(), &self.expected)
    }

    /// The lines as drafts for a simulated ledger.
    pub fn drafts(&self) -> impl Iterator<Item = Draft> + '_ {
        self.lines.iter().map(|line| Draft {
            event: line.event.clone(),
            envelope: Envelope {
                source_id: Some(line.source_id.clone()),
                entered_at: line.entered_at,
                actor: None,
                evidence: line.evidence.clone(),
                provenance: None,
            },
            recorded_at: Some(line.recorded_at),
        })
    }
}
