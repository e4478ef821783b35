//! The head of a ledger, judged once and kept for as long as nothing is appended: what pages of a front end are made from.
//! Answers what the commands answer, by the same functions; appends nothing, and is thrown away when the ledger grows.

mod individual;
mod kept;
mod listing;
mod morning;
mod person;
mod program;
mod reach;
mod scanned;
mod session;
mod staff;
mod time;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use domain::{KnownAt, Seq, ValidDay};
use ledger::Ledger;
use rules::{Engine, Finding, Report, Summary};

pub use individual::{IndividualTime, Mark, MarkOf};
pub use listing::{Line, Listing, Sort, Sought};
pub use morning::{Aged, Arrival, Trend};
pub use person::PersonTime;
pub use program::{Last, ProgramLine, ProgramPage, StaffLine};
pub use reach::{ClaimInside, Reach};
pub use scanned::Scanned;
pub use session::{Attendee, SessionPage};
pub use staff::{ContactInside, PersonInside};
pub use time::{Holds, Lane, Span};

use crate::acts::Acts;
use crate::changes::Changes;
use crate::cut::Cut;
use crate::error::AuditError;
use crate::explain::{self, Story, Told};
use crate::exposure::{self, By, Exposure};
use crate::history::supervision::{self, SupervisionHistory};
use crate::history::trail::{self, Grounds, Of, Trail};
use crate::json::Frame;
use crate::loaded::{self, Loaded};
use crate::places::Places;
use crate::rulebook;
use crate::scan;
use crate::scans::{self, PastScan};
use crate::settings::{self, Settings};
use crate::upcoming::{self, Upcoming};
use kept::Kept;

/// A ledger's head, judged and kept.
pub struct Desk {
    dir: PathBuf,
    engine: Engine,
    loaded: Loaded,
    report: Report,
    past: Vec<PastScan>,
    arrivals: Vec<Arrival>,
    /// Where events stand, and where those of an earlier head stood, which is most of it.
    places: OnceLock<Places>,
    places_before: Option<Places>,
    changes: OnceLock<Option<Arc<Changes>>>,
    comparing: Mutex<()>,
    people: OnceLock<Vec<(String, [u64; 3])>>,
    /// Findings by whoever on the staff they name, by their places in the report.
    naming: OnceLock<BTreeMap<String, Vec<u32>>>,
    aged: OnceLock<[Aged; 3]>,
    counted: OnceLock<listing::Counted>,
    orders: OnceLock<listing::Orders>,
    after_waivers: OnceLock<Summary>,
    exposures: Kept<&'static str, Exposure>,
    upcomings: Kept<u32, Upcoming>,
    stories: Kept<String, Story>,
    program_lines: Kept<(), Vec<ProgramLine>>,
    program_pages: Kept<String, ProgramPage>,
    covered: Kept<(), Vec<Lane>>,
    /// What changed between two recorded scans: the same for every head.
    between: Arc<Kept<(Seq, Seq), Changes>>,
    /// Points are judged again one comparison at a time, so that readers cannot fill the memory.
    turn: Arc<Mutex<()>>,
}

/// Spans of days ahead kept: those of the pages, and a few that somebody asked for.
const SPANS_KEPT: usize = 8;
/// Stories and program pages kept.
const STORIES_KEPT: usize = 64;
/// Comparisons of recorded scans kept.
const COMPARISONS_KEPT: usize = 32;
/// Days ahead that pages show unasked: the first page, what falls due, the calendar.
const AHEAD: [u32; 3] = [30, 60, 366];
/// The ways of grouping money.
const BY: [By; 4] = [By::Rule, By::Program, By::Peer, By::Month];

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

/// How many findings there are of each class: violations, documentation gaps, advisories.
pub fn by_class<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> [u64; 3] {
    let mut counts = [0; 3];
    findings.into_iter().for_each(|f| counts[f.class as usize] += 1);
    counts
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
            places: OnceLock::new(),
            places_before: None,
            changes: OnceLock::new(),
            comparing: Mutex::new(()),
            people: OnceLock::new(),
            naming: OnceLock::new(),
            aged: OnceLock::new(),
            counted: OnceLock::new(),
            orders: OnceLock::new(),
            after_waivers: OnceLock::new(),
            exposures: Kept::new(BY.len()),
            upcomings: Kept::new(SPANS_KEPT),
            stories: Kept::new(STORIES_KEPT),
            program_lines: Kept::new(1),
            program_pages: Kept::new(STORIES_KEPT),
            covered: Kept::new(1),
            between: Arc::new(Kept::new(COMPARISONS_KEPT)),
            turn: Arc::default(),
        })
    }

    /// Judges the head again, keeping of what was worked out before what cannot have changed.
    ///
    /// # Errors
    /// A ledger that cannot be read.
    pub fn again(&self, now: KnownAt) -> Result<Self, AuditError> {
        let mut next = Self { turn: Arc::clone(&self.turn), ..Self::open(&self.dir, now)? };
        // A ledger that was put back from a backup and went on otherwise is another one.
        let (size, ledger) = (self.loaded.frame.size, next.ledger()?);
        let continued = size <= next.loaded.frame.size && transparency::root(size, |level, index| ledger.tree_hash(level, index))?.to_string() == self.loaded.frame.root;
        if continued {
            next.between = Arc::clone(&self.between);
            next.places_before = self.places.get().or(self.places_before.as_ref()).cloned();
            if let Some(changes) = self.changes.get().filter(|_| self.finds_what(&next)) {
                next.changes = OnceLock::from(changes.clone());
            }
        }
        Ok(next)
    }

    /// Whether the same findings stand the same, the same day, after the same scans: then the same changed.
    fn finds_what(&self, other: &Self) -> bool {
        let standing = |f: &Finding| (f.class, f.status);
        let (mine, others) = (&self.report.findings, &other.report.findings);
        self.loaded.frame.today == other.loaded.frame.today
            && self.past == other.past
            && mine.len() == others.len()
            && mine.iter().zip(others).all(|(a, b)| a.id == b.id && standing(a) == standing(b))
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
        *self.after_waivers.get_or_init(|| self.loaded.after_waivers(&self.report))
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
        self.report.of_id(id).map(AsRef::as_ref)
    }

    /// Whether a word is the id of somebody served.
    pub fn is_individual(&self, word: &str) -> bool {
        self.loaded.history.find_individual(word).is_some()
    }

    /// What breaks a rule, in a few words.
    pub fn rule_title(&self, rule: &'static str) -> &'static str {
        rulebook::title(rule)
    }

    /// What changed since the scan before the last; nothing where fewer than two were recorded. The first who asks works it out, others wait.
    ///
    /// # Errors
    /// A ledger that cannot be read.
    pub fn changes(&self) -> Result<Option<&Changes>, AuditError> {
        let _one = self.comparing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(done) = self.changes.get() {
            return Ok(done.as_deref());
        }
        let found = if self.past.len() > 1 {
            let today = self.loaded.frame.today;
            Some(Arc::new(self.between("last~1", Some("now"), KnownAt::from_micros(today.begins().micros()))?))
        } else {
            None
        };
        Ok(self.changes.get_or_init(|| found).as_deref())
    }

    /// The same for somebody who is not to wait: `None` where it takes a while and nobody has worked it out yet.
    ///
    /// # Errors
    /// A ledger that cannot be read.
    pub fn changes_by_now(&self) -> Result<Option<Option<&Changes>>, AuditError> {
        match self.changes.get() {
            Some(done) => Ok(Some(done.as_deref())),
            None if self.past.len() < 2 || self.loaded.frame.size <= scanned::AT_ONCE => self.changes().map(Some),
            None => Ok(None),
        }
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
    pub fn story(&self, id: &str) -> Result<Arc<Story>, AuditError> {
        self.stories.get(id.to_ascii_uppercase(), |_| self.tell(id))
    }

    fn tell(&self, id: &str) -> Result<Story, AuditError> {
        let ledger = self.ledger()?;
        let told = Told { ledger: &ledger, engine: &self.engine, loaded: &self.loaded };
        explain::told(&told, explain::there(self.report.of_id(id).cloned(), id)?)
    }

    /// Money at risk.
    ///
    /// # Errors
    /// Parameters that do not reach back far enough.
    pub fn exposure(&self, by: By) -> Result<Arc<Exposure>, AuditError> {
        self.exposures.get(by.as_str(), |_| exposure::at_risk(&self.loaded, &self.report, by))
    }

    /// What falls due.
    ///
    /// # Errors
    /// Parameters that do not reach that far.
    pub fn upcoming(&self, days: u32) -> Result<Arc<Upcoming>, AuditError> {
        self.upcomings.get(days, |days| upcoming::due(&self.engine, &self.loaded, *days))
    }

    /// Who supervised a peer; `known` is the instant as known at which, or everything.
    ///
    /// # Errors
    /// A person nobody knows.
    pub fn supervision(&self, peer: &str, on: Option<ValidDay>, known: Option<KnownAt>) -> Result<SupervisionHistory, AuditError> {
        supervision::reconstructed(&self.engine, &self.loaded, self.view_of(known), peer, on)
    }

    /// The trail of somebody or something.
    ///
    /// # Errors
    /// An id that no event names, or a ledger that cannot be read.
    pub fn trail(&self, of: Of, id: &str, on: Option<ValidDay>) -> Result<Trail, AuditError> {
        let ledger = self.ledger()?;
        let places = self.places(&ledger)?;
        let grounds = Grounds { ledger: &ledger, loaded: &self.loaded, report: &self.report };
        trail::follow(&grounds, of, id, on, &|ids| places.events(&ledger, ids))
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
        self.places(&self.ledger()?)?;
        self.changes()?;
        for by in BY {
            self.exposure(by)?;
        }
        for days in AHEAD {
            self.upcoming(days)?;
        }
        self.programs()?;
        self.coverage();
        self.people();
        self.naming();
        self.aged();
        self.after_waivers();
        self.rules_counted();
        self.orders();
        Ok(())
    }

    fn places(&self, ledger: &Ledger) -> Result<&Places, AuditError> {
        if let Some(places) = self.places.get() {
            return Ok(places);
        }
        let before = self.places_before.clone().unwrap_or_default();
        let grown = before.grown(ledger, self.loaded.frame.size)?;
        Ok(self.places.get_or_init(|| grown))
    }

    fn ledger(&self) -> Result<Ledger, AuditError> {
        Ok(Ledger::open_reader(&self.dir)?)
    }
}
