//! What a recorded scan leaves in the ledger's derived state: its findings and what they were read from, beside the history it read.
//! Anything that does not read as it should is nothing; a scan then derives everything from the ledger.

use std::collections::BTreeSet;
use std::sync::Arc;

use compact_str::CompactString;
use domain::{Cents, KnownAt, ValidDay};
use ledger::{Derived, Ledger};
use rayon::prelude::*;
use rules::{Engine, Finding, Kept, Report, Summary};
use serde::{Deserialize, Serialize};
use timeline::History;
use timeline::stored::Pieces;

use super::asking::opened;
use super::{Line, Standing};
use crate::json::Frame;
use crate::scans::PastScan;

/// The file of the history, written when it has grown much since.
pub(super) const HISTORY: &str = "history";
/// The file of everything else, written by every recorded scan.
pub(super) const FINDINGS: &str = "findings";

pub(super) const HEAD: &str = "head";
/// Findings lie in parts, so that all cores read them.
pub(super) const FOUND: [&str; 4] = ["found 1", "found 2", "found 3", "found 4"];
pub(super) const READS: &str = "reads";
/// Ids of the findings, which few ask for apart from these.
pub(super) const IDS: &str = "ids";
pub(super) const ACTS: &str = "acts";
pub(super) const SCANS: &str = "scans";

/// Findings that scans before had and the last one had not. Told apart from "never seen" only if every scan of the ledger is covered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cleared {
    /// Every recorded scan was one in an unbroken line of these states.
    pub(crate) complete: bool,
    /// Their ids.
    pub(crate) ids: BTreeSet<CompactString>,
}

impl Cleared {
    /// After a further scan: what was found before and is not found now.
    pub(super) fn then(&self, before: BTreeSet<CompactString>, now: &BTreeSet<CompactString>) -> Self {
        let ids = self.ids.iter().cloned().chain(before).filter(|id| !now.contains(id)).collect();
        Self { complete: self.complete, ids }
    }
}

/// The ids of a report's findings.
pub(super) fn ids(report: &Report) -> BTreeSet<CompactString> {
    report.findings.iter().map(|f| f.id.clone()).collect()
}

/// What is read first, without a history.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Head {
    /// Size of the history's file.
    base: u64,
    /// Sizes at which scans went on from it; the last is that of this state.
    pub(super) steps: Vec<u64>,
    pub(super) frame: Framed,
    pub(super) people: usize,
    pub(super) programs: usize,
    pub(super) activated: Option<String>,
    pub(super) not_interpreted: Vec<String>,
    pub(super) erased_values: u64,
    pub(super) erased: BTreeSet<String>,
    summary: [u64; 4],
    exposure_cents: i64,
    pub(super) cleared: Cleared,
}

/// A frame without what every frame of a ledger and a rule set shares.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Framed {
    pub(super) size: u64,
    root: String,
    recorded_at: i64,
    /// Days since 1970.
    today: i32,
}

impl Framed {
    pub(super) fn of(frame: &Frame) -> Self {
        Self { size: frame.size, root: frame.root.clone(), recorded_at: frame.as_of_recorded_at.micros(), today: frame.today.days() }
    }

    /// Whether a scan looked at the ledger so.
    pub(super) fn is_of(&self, scan: &PastScan) -> bool {
        (self.size, self.today) == (scan.size, scan.today.days())
    }

    /// The frame again; `None` for a day that is none.
    pub(super) fn frame(&self, ledger: &Ledger, rule_set: &str) -> Option<Frame> {
        let genesis = ledger.genesis();
        Some(Frame {
            origin: genesis.origin().to_owned(),
            size: self.size,
            root: self.root.clone(),
            simulated: genesis.simulated(),
            as_of_seq: self.size.saturating_sub(1),
            as_of_recorded_at: KnownAt::from_micros(self.recorded_at),
            today: ValidDay::from_days(self.today)?,
            rule_set: rule_set.to_owned(),
        })
    }
}

impl Head {
    pub(super) fn new(line: Option<&Line>, standing: &Standing, cleared: Cleared) -> Self {
        let (loaded, summary) = (&standing.loaded, &standing.report.summary);
        let history = &loaded.history;
        Self {
            base: line.map_or(loaded.frame.size, |line| line.base),
            steps: line.map(|line| line.steps.clone()).unwrap_or_default(),
            frame: Framed::of(&loaded.frame),
            people: history.all_people().count(),
            programs: history.all_programs().count(),
            activated: loaded.activated.clone(),
            not_interpreted: loaded.not_interpreted.clone(),
            erased_values: loaded.erased_values,
            erased: loaded.erased.clone(),
            summary: [summary.violation, summary.documentation, summary.advisory, summary.not_evaluated],
            exposure_cents: summary.exposure.0,
            cleared,
        }
    }

    /// Whether it was found in a history of so many events and the steps since.
    pub(super) fn goes_on_from(&self, base: u64) -> bool {
        self.base == base && *self.steps.last().unwrap_or(&base) == self.frame.size && std::iter::once(&base).chain(&self.steps).is_sorted()
    }

    pub(super) fn summary(&self) -> Summary {
        let [violation, documentation, advisory, not_evaluated] = self.summary;
        Summary { violation, documentation, advisory, not_evaluated, exposure: Cents(self.exposure_cents) }
    }
}

/// Which program and rules derived the state: bytes of others are not read, whatever changed between them.
pub(super) fn version(engine: &Engine) -> String {
    format!("{} {} {}", timeline::FORMAT, env!("COUNTERSIGN_SOURCES"), engine.rule_set())
}

pub(super) fn head(file: &Derived) -> Option<Head> {
    serde_json::from_slice(&file.section(HEAD)?.front).ok()
}

/// The ids of the findings that stood.
pub(super) fn stood(file: &Derived) -> Option<BTreeSet<CompactString>> {
    serde_json::from_slice(&file.section(IDS)?.front).ok()
}

/// Findings of a history that goes on from the one they were found in, and what they were read from if `reads`.
pub(super) fn kept(file: &Derived, pieces: &Pieces, history: &History, engine: &Engine, reads: bool) -> Option<Kept> {
    let part = |name: &&str| Kept::restore_findings(opened(file.section(name)?), pieces, history, engine);
    let found = || FOUND.par_iter().map(part).collect::<Option<Vec<Kept>>>();
    let reads = || if reads { Kept::restore_reads(opened(file.section(READS)?), pieces, history) } else { Some(Kept::default()) };
    let (found, reads) = rayon::join(found, reads);
    let mut all = Kept::default();
    found?.into_iter().for_each(|part| all.extend(part));
    Some(all.with_reads(reads?))
}

/// The finding of an id among those kept, if there is one, and none of the others; `None` where that cannot be read.
pub(super) fn finding(file: &Derived, pieces: &Pieces, history: &History, engine: &Engine, id: &str) -> Option<Option<Arc<Finding>>> {
    let part = |name: &&str| Kept::restore_finding(opened(file.section(name)?), pieces, history, engine, id);
    Some(FOUND.par_iter().map(part).collect::<Option<Vec<_>>>()?.into_iter().flatten().next())
}
