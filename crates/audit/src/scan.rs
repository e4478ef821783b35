//! A scan: the ledger replayed, judged, and the fact that it was done appended, after the rule set it used if that is a new one.
//! Findings are never stored; the event keeps counts and a digest, so that a later scan of the same cut can be compared.

use std::io::{BufWriter, Write};
use std::path::Path;

use domain::event::{RulePackActivated, ScanCompleted};
use domain::{Draft, KnownAt, Seq, Text, ValidDay};
use ledger::{Expect, Ledger};
use rules::{Engine, Report};
use timeline::stored::{Damage, Pieces};

use crate::beside_writers::{self, is_no_erasure, is_of_a_scan};
use crate::cut::Cut;
use crate::error::AuditError;
use crate::json;
use crate::loaded::{self, Loaded};
use crate::resume::{self, READ_NOW, Asked, Before, Spelled, Standing};

/// How to scan.
#[derive(Debug, Clone, Copy)]
pub struct ScanOptions {
    /// Evaluation day, if not the default.
    pub today: Option<ValidDay>,
    /// Up to where the ledger counts.
    pub cut: Cut,
    /// Whether the scan is to be recorded; only a scan of everything is.
    pub record: bool,
    /// Whether to judge everything anew instead of going on from the last recorded scan. The findings are the same.
    pub full: bool,
    /// The clock.
    pub now: KnownAt,
}

impl ScanOptions {
    /// For a reading command: the day if not the default, the cut and the clock.
    pub(crate) fn look(cut: Cut, today: Option<ValidDay>, now: KnownAt) -> Self {
        Self { today, cut, record: false, full: false, now }
    }

    /// How the head is to be judged; `recorded` says that it will be.
    pub(crate) fn asked<'k>(&self, kept: Option<&'k Pieces>, recorded: bool) -> Asked<'k> {
        Asked { kept: kept.filter(|_| !self.full), recorded, ..Asked::of(self.today, self.now.local_day()) }
    }
}

/// A scan done.
#[derive(Debug)]
pub struct Scan {
    /// The ledger it looked at.
    pub loaded: Loaded,
    /// What it found.
    pub report: Report,
    /// The seq of its `scan_completed`, if it was recorded.
    pub recorded: Option<Seq>,
    /// Whether this scan activated its rule set: the ledger's last activated one was another, or none.
    pub activated: bool,
    /// Units judged anew: contacts, individuals, and rules with a person, program or session; nothing when everything was.
    pub judged: Option<usize>,
    /// The scan before, where this one went on from it.
    pub(crate) before: Option<Before>,
}

/// Scans a ledger. Judging keeps nobody from appending: what is appended meanwhile is the next scan's.
///
/// # Errors
/// A ledger that cannot be read, or written when the scan is to be recorded; a simulated ledger without a day to record it on.
pub fn scan(dir: &Path, options: &ScanOptions, progress: &dyn Fn(u64, u64)) -> Result<Scan, AuditError> {
    let engine = loaded::engine()?;
    if options.cut != Cut::Head || !options.record {
        return looked(&Ledger::open_reader(dir)?, &engine, options, Some(&READ_NOW), progress);
    }
    // Whoever has the scan may ask it for anything later.
    recorded(dir, &engine, options, When::Now, progress).map(|(scan, _)| scan)
}

/// Scans a ledger, and tells of it. Of what the last scan kept only that is read which is asked for, so that what `tell` gives must not hold
/// anything of it: if something of that turns out to be damaged, the same is told again from the ledger.
///
/// # Errors
/// Those of [`scan`] and of `tell`.
pub fn told<T, E: From<AuditError>>(
    dir: &Path,
    options: &ScanOptions,
    progress: &dyn Fn(u64, u64),
    mut tell: impl FnMut(Scan) -> Result<T, E>,
) -> Result<T, E> {
    let engine = loaded::engine()?;
    if !options.record || options.cut != Cut::Head {
        let ledger = Ledger::open_reader(dir).map_err(AuditError::from)?;
        return resume::answer(|kept| tell(looked(&ledger, &engine, options, kept, progress)?));
    }
    let (scan, damage) = recorded(dir, &engine, options, When::Asked, progress)?;
    let (frame, seq, activated) = (scan.loaded.frame.clone(), scan.recorded, scan.activated);
    let told = tell(scan);
    if !damage.happened() {
        return told;
    }
    // What stands in the ledger was judged from nothing damaged; only words about it are to be found again.
    let cut = Cut::Seq(Seq(frame.as_of_seq));
    let again = looked(&Ledger::open_reader(dir).map_err(AuditError::from)?, &engine, &ScanOptions { today: Some(frame.today), cut, ..*options }, None, progress)?;
    tell(Scan { recorded: seq, activated, ..again })
}

/// Judges a ledger for a reading command, and tells of it as [`told`] does.
///
/// # Errors
/// Those of [`look`] and of `tell`.
pub fn seen<T, E: From<AuditError>>(
    dir: &Path,
    cut: Cut,
    today: Option<ValidDay>,
    now: KnownAt,
    tell: impl FnMut(Scan) -> Result<T, E>,
) -> Result<T, E> {
    told(dir, &ScanOptions::look(cut, today, now), &|_, _| {}, tell)
}

/// When what the last scan kept is read.
#[derive(Debug, Clone, Copy)]
enum When {
    Now,
    Asked,
}

/// A scan recorded, and the damage to look at once everything was asked of it that will be.
fn recorded(dir: &Path, engine: &Engine, options: &ScanOptions, when: When, progress: &dyn Fn(u64, u64)) -> Result<(Scan, Damage), AuditError> {
    let judge = |ledger: &Ledger| {
        if ledger.genesis().simulated() && ledger.head()?.size == 1 {
            return Err(AuditError::asked("this simulated ledger has no event yet, and so no day to scan on", "countersign import PATH..."));
        }
        let judged = |kept: Option<&Pieces>| Judged::of(engine, resume::head(ledger, engine, options.asked(kept, true), progress)?);
        let (judged, damage) = match when {
            When::Now => (judged(Some(&READ_NOW))?, Damage::default()),
            When::Asked => resume::begun(judged)?,
        };
        Ok((judged.standing.loaded.frame.size, (judged, damage)))
    };
    // What others entered meanwhile is the next scan's.
    let (mut ledger, (judged, damage)) = beside_writers::judged(dir, judge, |event| is_no_erasure(event) && !is_of_a_scan(event))?;
    let Judged { standing, digest, spelled } = judged;
    let Standing { loaded, report, .. } = &standing;
    let activated = loaded.activated.as_ref() != Some(&loaded.frame.rule_set);
    let mut drafts = Vec::new();
    if activated {
        drafts.push(Draft::bare(activation(loaded, options.now)?));
    }
    drafts.push(Draft::bare(completed(loaded, report, &digest)?));
    // One commit: a scan never stands in the ledger without the rule set it used.
    let receipt = ledger.append(&drafts, Expect::Any, options.now)?;
    ledger.sign_checkpoint()?;
    let seq = Seq(receipt.head.size.saturating_sub(1));
    // The first scan of a ledger activates the first rule set.
    resume::keep(&mut ledger, engine, &standing, spelled, loaded.activated.is_none(), &damage)?;
    Ok((done(standing, Some(seq), activated), damage))
}

/// What a scan is to write down.
struct Judged {
    standing: Standing,
    digest: String,
    spelled: Spelled,
}

impl Judged {
    fn of(engine: &Engine, standing: Standing) -> Result<Self, AuditError> {
        let (digest, spelled) = rayon::join(|| digest(&standing.loaded, &standing.report), || resume::spell(engine, &standing));
        Ok(Self { digest: digest?, spelled, standing })
    }
}

/// Judges an open ledger and records nothing: the head as the last scan left it and went on from there, any other cut from the beginning.
pub(crate) fn looked(ledger: &Ledger, engine: &Engine, options: &ScanOptions, kept: Option<&Pieces>, progress: &dyn Fn(u64, u64)) -> Result<Scan, AuditError> {
    if options.cut == Cut::Head {
        return Ok(done(resume::head(ledger, engine, options.asked(kept, false), progress)?, None, false));
    }
    let loaded = loaded::load(ledger, engine, options.cut, options.today, options.now.local_day(), progress)?;
    let report = loaded.judge(engine);
    Ok(Scan { loaded, report, recorded: None, activated: false, judged: None, before: None })
}

fn done(standing: Standing, recorded: Option<Seq>, activated: bool) -> Scan {
    let Standing { loaded, report, judged, before, .. } = standing;
    Scan { loaded, report, recorded, activated, judged, before }
}

/// Judges a ledger for a reading command; records nothing.
///
/// # Errors
/// A ledger that cannot be read.
pub fn look(dir: &Path, cut: Cut, today: Option<ValidDay>, now: KnownAt) -> Result<Scan, AuditError> {
    scan(dir, &ScanOptions::look(cut, today, now), &|_, _| {})
}

fn text(t: &str) -> Result<Text, AuditError> {
    Text::parse(t).map_err(|m| AuditError::asked(m.found, "a scan cannot be recorded"))
}

/// The rule set of a scan, in force from the day of the scan: the clock's, or the day of the last event of a simulated ledger.
fn activation(loaded: &Loaded, now: KnownAt) -> Result<RulePackActivated, AuditError> {
    let at = if loaded.frame.simulated { loaded.frame.as_of_recorded_at } else { now };
    Ok(RulePackActivated { rule_set: text(&loaded.frame.rule_set)?, on: at.local_day() })
}

fn completed(loaded: &Loaded, report: &Report, digest: &str) -> Result<ScanCompleted, AuditError> {
    Ok(ScanCompleted {
        size: loaded.frame.size,
        root: text(&loaded.frame.root)?,
        rule_set: text(&loaded.frame.rule_set)?,
        today: loaded.frame.today,
        violation: report.summary.violation,
        documentation: report.summary.documentation,
        advisory: report.summary.advisory,
        not_evaluated: report.summary.not_evaluated,
        exposure_cents: report.summary.exposure,
        findings_digest: text(digest)?,
    })
}

/// Bytes of a report hashed at once.
const AT_ONCE: usize = 1 << 16;

/// The digest of a report: blake3 of its fixed JSON.
pub(crate) fn digest(loaded: &Loaded, report: &Report) -> Result<String, AuditError> {
    let all: Vec<_> = report.each().collect();
    let after = loaded.after_waivers(report);
    let mut hasher = blake3::Hasher::new();
    // Hashed as it is written: it may be of many megabytes.
    let mut written = BufWriter::with_capacity(AT_ONCE, &mut hasher);
    serde_json::to_writer(&mut written, &json::report(&loaded.frame, report, &after, &all, &loaded.acts))?;
    written.flush().map_err(serde_json::Error::io)?;
    drop(written);
    Ok(format!("blake3:{}", hasher.finalize().to_hex()))
}
