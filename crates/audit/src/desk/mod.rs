//! The head of a ledger, judged once and kept for as long as nothing is appended: what pages of a front end are made from.
//! Answers what the commands answer, by the same functions; appends nothing, and is thrown away when the ledger grows.

mod index;
mod listing;
mod morning;
mod person;
mod reach;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use domain::{KnownAt, ValidDay};
use ledger::Ledger;
use rules::{Engine, Finding, Report, Summary};

pub use listing::{Line, Listing, Sort, Sought};
pub use morning::{Aged, Arrival, Trend};
pub use reach::{ClaimInside, Reach};
pub use person::{Holds, Lane, PersonTime, Span};

use crate::acts::{Acts, Decision};
use crate::changes::{self, Changes};
use crate::cut::Cut;
use crate::error::AuditError;
use crate::explain::{self, Story};
use crate::exposure::{self, By, Exposure};
use crate::history::supervision::{self, SupervisionHistory};
use crate::history::trail::{self, Grounds, Of, Trail};
use crate::json::Frame;
use crate::loaded::{self, Loaded};
use crate::rulebook;
use crate::scan;
use crate::scans::{self, PastScan};
use crate::settings::{self, Settings};
use crate::upcoming::{self, Upcoming};
use index::Index;

/// A ledger's head, judged and kept.
pub struct Desk {
    dir: PathBuf,
    engine: Engine,
    loaded: Loaded,
    report: Report,
    past: Vec<PastScan>,
    arrivals: Vec<Arrival>,
    index: OnceLock<Index>,
    changes: OnceLock<Option<Changes>>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("frame", &self.loaded.frame).finish_non_exhaustive()
    }
}

/// How many events a ledger has, without judging anything.
///
/// # Errors
/// A ledger that cannot be read.
pub fn size(dir: &Path) -> Result<u64, AuditError> {
    Ok(Ledger::open_reader(dir)?.head()?.size)
}

impl Desk {
    /// Judges the head of a ledger, going on from the last scan where that can be done.
    ///
    /// # Errors
    /// A ledger that cannot be read.
    pub fn open(dir: &Path, now: KnownAt) -> Result<Self, AuditError> {
        let scan = scan::look(dir, Cut::Head, None, now)?;
        let past = scans::scans(dir)?;
        let arrivals = morning::arrivals(&Ledger::open_reader(dir)?, &scan.loaded)?;
        Ok(Self {
            dir: dir.to_owned(),
            engine: loaded::engine()?,
            loaded: scan.loaded,
            report: scan.report,
            past,
            arrivals,
            index: OnceLock::new(),
            changes: OnceLock::new(),
        })
    }

    /// Where the ledger lies.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Ledger, cut and day.
    pub fn frame(&self) -> &Frame {
        &self.loaded.frame
    }

    /// Everything found.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// What is left without the findings waived.
    pub fn after_waivers(&self) -> Summary {
        self.loaded.after_waivers(&self.report)
    }

    /// What people decided.
    pub fn acts(&self) -> &Acts {
        &self.loaded.acts
    }

    /// Recorded scans, oldest first.
    pub fn scans(&self) -> &[PastScan] {
        &self.past
    }

    /// The last event of each kind of source, the longest silent first.
    pub fn arrivals(&self) -> &[Arrival] {
        &self.arrivals
    }

    /// A finding by its id, in whatever case it is written.
    pub fn finding(&self, id: &str) -> Option<&Finding> {
        self.report.findings.iter().find(|f| f.id.eq_ignore_ascii_case(id))
    }

    /// What people decided about a finding, oldest first.
    pub fn decisions(&self, finding: &str) -> &[Decision] {
        self.loaded.acts.decisions(finding)
    }

    /// Whether a word is the id of somebody served.
    pub fn is_individual(&self, word: &str) -> bool {
        self.loaded.history.find_individual(word).is_some()
    }

    /// What breaks a rule, in a few words.
    pub fn rule_title(&self, rule: &'static str) -> &'static str {
        rulebook::title(rule)
    }

    /// What changed since the scan before the last; nothing where fewer than two were recorded. The first who asks waits for it.
    ///
    /// # Errors
    /// A ledger that cannot be read.
    pub fn changes(&self) -> Result<Option<&Changes>, AuditError> {
        if let Some(done) = self.changes.get() {
            return Ok(done.as_ref());
        }
        let found = if self.past.len() > 1 {
            let today = self.loaded.frame.today;
            Some(changes::between(&self.dir, "last~1", Some("now"), None, domain::KnownAt::from_micros(today.begins().micros()), &|_, _| {})?)
        } else {
            None
        };
        Ok(self.changes.get_or_init(|| found).as_ref())
    }

    /// The counts of everything and the findings chosen, in the fixed JSON.
    ///
    /// # Errors
    /// None in practice.
    pub fn findings_json(&self, chosen: &[&Finding]) -> Result<serde_json::Value, AuditError> {
        Ok(serde_json::from_str(&self.loaded.json_of(&self.report, chosen)?)?)
    }

    /// The story of a finding.
    ///
    /// # Errors
    /// No such finding, or a ledger that cannot be read.
    pub fn story(&self, id: &str) -> Result<Story, AuditError> {
        explain::told(&self.ledger()?, &self.engine, &self.loaded, &self.report, id)
    }

    /// Money at risk.
    ///
    /// # Errors
    /// Parameters that do not reach back far enough.
    pub fn exposure(&self, by: By) -> Result<Exposure, AuditError> {
        exposure::at_risk(&self.loaded, &self.report, by)
    }

    /// What changed between two points, `now` where the later is not named.
    ///
    /// # Errors
    /// What is no point, or a ledger that cannot be read.
    pub fn between(&self, earlier: &str, later: Option<&str>, now: KnownAt) -> Result<Changes, AuditError> {
        changes::between(&self.dir, earlier, later, None, now, &|_, _| {})
    }

    /// What falls due.
    ///
    /// # Errors
    /// Parameters that do not reach that far.
    pub fn upcoming(&self, days: u32) -> Result<Upcoming, AuditError> {
        upcoming::due(&self.engine, &self.loaded, days)
    }

    /// Who supervised a peer; `known` is the instant as known at which, or everything.
    ///
    /// # Errors
    /// A person nobody knows.
    pub fn supervision(&self, peer: &str, on: Option<ValidDay>, known: Option<KnownAt>) -> Result<SupervisionHistory, AuditError> {
        let view = self.loaded.view();
        let view = known.map_or(view, |at| view.known_by(at));
        supervision::reconstructed(&self.engine, &self.loaded, view, peer, on)
    }

    /// The trail of somebody or something.
    ///
    /// # Errors
    /// An id that no event names, or a ledger that cannot be read.
    pub fn trail(&self, of: Of, id: &str, on: Option<ValidDay>) -> Result<Trail, AuditError> {
        let ledger = self.ledger()?;
        let index = self.index(&ledger)?;
        let grounds = Grounds { ledger: &ledger, loaded: &self.loaded, report: &self.report };
        trail::follow(&grounds, of, id, on, &|ids| index.events(&ledger, ids))
    }

    /// What the agency has set and may set.
    pub fn settings(&self) -> Settings {
        settings::of(&self.engine, &self.loaded.view(), Some(self.loaded.frame.origin.clone()))
    }

    /// Does what the first who asks would have to wait for.
    ///
    /// # Errors
    /// A ledger that cannot be read.
    pub fn warm(&self) -> Result<(), AuditError> {
        self.index(&self.ledger()?)?;
        self.changes()?;
        Ok(())
    }

    fn index(&self, ledger: &Ledger) -> Result<&Index, AuditError> {
        if let Some(index) = self.index.get() {
            return Ok(index);
        }
        let built = Index::of(ledger, self.loaded.frame.size)?;
        Ok(self.index.get_or_init(|| built))
    }

    fn ledger(&self) -> Result<Ledger, AuditError> {
        Ok(Ledger::open_reader(&self.dir)?)
    }
}
