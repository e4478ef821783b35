//! Importing files: everything is checked before anything is appended, and every problem is named with file and line.
//! Nothing is lost: what was read before is skipped and counted, what is refused is listed.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{Draft, KnownAt};
use domain::field::{FieldProblem, Mismatch};
use import::{Format, Mapping, Notice, Options, ProblemKind, Source};
pub use import::{Problem, Problems};
use ledger::{Ledger, Outcome, Refusal};

use crate::beside::if_there;
use crate::error::AuditError;
use crate::exchange;

/// How to import.
#[derive(Debug, Clone)]
pub struct IntakeOptions {
    /// Type of every CSV file, where the names do not say it.
    pub as_type: Option<String>,
    /// Mapping files for workbooks and CSV with columns of their own, or folders of such.
    pub maps: Vec<PathBuf>,
    /// Only say what would happen.
    pub dry_run: bool,
    /// Append the good lines although there are bad ones.
    pub partial: bool,
    /// Problems to keep for the answer; the rest is counted.
    pub max_problems: usize,
    /// The clock.
    pub now: KnownAt,
}

/// What an import did.
#[derive(Debug, Clone)]
pub struct Intake {
    /// Events read, good or bad.
    pub read: u64,
    /// Events appended (with `dry_run`: that would be).
    pub appended: u64,
    /// Events that were there already.
    pub already_there: u64,
    /// Lines refused.
    pub refused: u64,
    /// Files read.
    pub files: Vec<(String, u64)>,
    /// What is wrong.
    pub problems: Problems,
    /// What was passed over or guessed.
    pub notices: Vec<Notice>,
    /// Whether anything was written.
    pub committed: bool,
    /// The clock lay before the last event's time, which was used instead.
    pub clock_stepped_back: bool,
    /// Events in the ledger afterwards.
    pub size: u64,
}

impl Intake {
    /// Of nothing read yet.
    pub fn nothing() -> Self {
        Self {
            read: 0,
            appended: 0,
            already_there: 0,
            refused: 0,
            files: Vec::new(),
            problems: Problems::new(0),
            notices: Vec::new(),
            committed: false,
            clock_stepped_back: false,
            size: 0,
        }
    }

    /// With files named as their sender named them, without the folder in which they were kept meanwhile.
    pub fn without_folder(&mut self, folder: &Path) {
        let begins = [folder.join("data"), folder.join("mapping"), folder.to_owned()].map(|path| format!("{}/", path.display()));
        let bare = |name: &mut String| begins.iter().for_each(|begin| *name = name.replace(begin.as_str(), ""));
        self.files.iter_mut().for_each(|(name, _)| bare(name));
        self.notices.iter_mut().for_each(|notice| bare(&mut notice.file));
        self.problems.rename(bare);
    }

    /// Whether the input as a whole was refused.
    pub fn is_refused(&self) -> bool {
        !self.problems.is_empty() && !self.committed
    }

    /// Whether every problem is of a path that cannot be read; what could be read is without fault.
    pub fn is_only_unreadable(&self) -> bool {
        !self.problems.is_empty() && self.problems.kept().iter().all(|p| p.kind == ProblemKind::Unreadable)
    }
}

/// Paths under which there was nothing to read, said rather than passed over: a night's export that is missing looks like this.
fn nothing_to_read(paths: &[PathBuf]) -> Problem {
    let named: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
    let mismatch = Mismatch::new("nothing to read", "files of JSON Lines, FHIR, X12, or CSV named <type>.csv");
    Problem::unreadable(&named.join(", "), mismatch.hint("check whether the export ran, and where it put its files"))
}

/// A problem of a line's content.
pub(crate) fn field_problem(file: &str, line: u64, problem: FieldProblem) -> Problem {
    Problem::data(file, line, problem)
}

/// Imports files and directories.
///
/// # Errors
/// A ledger that cannot be opened or written. Bad input is no error: the answer says what is wrong with it.
pub fn import(dir: &Path, paths: &[PathBuf], options: &IntakeOptions, progress: &dyn Fn(u64)) -> Result<Intake, AuditError> {
    take(dir, paths, options, None, progress, &mut |_, _| {})
}

/// Imports some of several files that came together: the FHIR groups in all of them are given.
///
/// # Errors
/// As [`import`].
pub(crate) fn import_of(dir: &Path, paths: &[PathBuf], options: &IntakeOptions, groups: &Arc<fhir::Groups>) -> Result<Intake, AuditError> {
    take(dir, paths, options, Some(groups), &|_| {}, &mut |_, _| {})
}

/// Checks files as [`import`] would, appends nothing whatever the options say, and hands on every good event with the place it would
/// have, or has.
///
/// # Errors
/// As [`import`].
pub(crate) fn preview(dir: &Path, paths: &[PathBuf], options: &IntakeOptions, good: &mut dyn FnMut(Outcome, &Draft)) -> Result<Intake, AuditError> {
    take(dir, paths, &IntakeOptions { dry_run: true, ..options.clone() }, None, &|_| {}, good)
}

/// Loads mapping files, and those in folders; all that is wrong with them is a problem, and so is a required field that one lacks where
/// they must be `complete`.
pub(crate) fn mappings(paths: &[PathBuf], problems: &mut Problems, complete: bool) -> Vec<Mapping> {
    let mut maps = Vec::new();
    for file in paths.iter().flat_map(|path| mapping_files(path)) {
        match Mapping::load(&file) {
            Ok(mapping) => {
                mapping.gaps().into_iter().filter(|_| complete).for_each(|gap| problems.push(gap));
                maps.push(mapping);
            }
            Err(wrong) => problems.absorb(wrong),
        }
    }
    maps
}

/// The `.toml` files of a folder in the order of their names; a path that is no folder is itself.
fn mapping_files(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(path) else { return vec![path.to_owned()] };
    let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "toml")).collect();
    files.sort();
    // A folder without any is said to be none, by loading it.
    if files.is_empty() { vec![path.to_owned()] } else { files }
}

/// What an agency says about the codes of its record system, in the ledger's directory.
fn fhir_mapping(dir: &Path, problems: &mut Problems) -> Option<fhir::Mapping> {
    let path = dir.join(fhir::mapping::FILE);
    let text = if_there(std::fs::read_to_string(&path)).map_err(|error| error.to_string()).transpose()?;
    match text.and_then(|text| fhir::Mapping::parse(&text)) {
        Ok(mapping) => Some(mapping),
        Err(why) => {
            let mismatch = Mismatch::new(why, "a mapping of codes").hint("docs/fhir.md says what it must be");
            problems.push(Problem::unreadable(&path.display().to_string(), mismatch));
            None
        }
    }
}

fn take(
    dir: &Path,
    paths: &[PathBuf],
    options: &IntakeOptions,
    groups: Option<&Arc<fhir::Groups>>,
    progress: &dyn Fn(u64),
    good: &mut dyn FnMut(Outcome, &Draft),
) -> Result<Intake, AuditError> {
    // What is only tried out keeps nobody from appending.
    let mut ledger = if options.dry_run { Ledger::open_to_rehearse(dir)? } else { Ledger::open(dir)? };
    let mut problems = Problems::new(options.max_problems);
    let maps = mappings(&options.maps, &mut problems, true);
    // With a mapping that cannot be used, nothing is read: what it is for would be read as something else.
    let paths = if problems.is_empty() { paths } else { &[] };
    let mut found = import::discover_mapped(paths, options.as_type.as_deref(), &maps);
    if let Some(mapping) = fhir_mapping(dir, &mut problems) {
        let groups = groups.map_or_else(|| found.groups(), Arc::clone);
        found.read_fhir_by(mapping, &groups);
    }
    problems.absorb(found.problems);
    if found.sources.is_empty() && problems.is_empty() {
        problems.push(nothing_to_read(paths));
    }
    let exchange = exchange::exchange(&ledger, &found.sources, options)?;
    let reading = Options { simulated: ledger.genesis().simulated(), threads: 1, max_problems: options.max_problems };
    // Interchanges give drafts of their own, which come in by their time or, where the ledger's clock decides, last.
    let plain: Vec<usize> = (0..found.sources.len()).filter(|n| found.sources[*n].format != Format::X12).collect();
    let sources: Vec<Source> = plain.iter().map(|n| found.sources[*n].clone()).collect();
    let mut rows = vec![0; found.sources.len()];
    let (mut interchanged, mut interchanges_refused) = (Vec::new().into_iter().peekable(), 0);
    let mut notices = found.notices;
    if let Some(exchange) = exchange {
        interchanges_refused = exchange.refused;
        problems.absorb(exchange.problems);
        notices.extend(exchange.notices);
        exchange.made.iter().for_each(|made| rows[made.file] += 1);
        interchanged = exchange.made.into_iter().peekable();
    }

    let mut batch = ledger.begin_import(options.now)?;
    let mut refusals = Problems::new(options.max_problems);
    let mut failure = None;
    let mut pushed = 0u64;
    let mut push = |file: usize, line: u64, draft: &Draft| {
        pushed += 1;
        if pushed.is_multiple_of(4096) {
            progress(pushed);
        }
        match batch.push(draft) {
            Ok(outcome @ (Outcome::Appended(_) | Outcome::AlreadyThere(_))) => {
                good(outcome, draft);
                ControlFlow::Continue(())
            }
            Ok(Outcome::Refused(refusal)) => {
                let file = found.sources.get(file).map_or("input", |s| s.display.as_str());
                for problem in outcome_problems(file, line, &refusal) {
                    refusals.push(problem);
                }
                ControlFlow::Continue(())
            }
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        }
    };
    let summary = import::read(&sources, reading, |located| {
        while let Some(made) = interchanged.next_if(|made| made.draft.recorded_at.is_some_and(|at| Some(at) < located.draft.recorded_at)) {
            push(made.file, made.segment, &made.draft)?;
        }
        push(plain.get(located.file).copied().unwrap_or(usize::MAX), located.line, &located.draft)
    });
    if !summary.stopped {
        for made in interchanged {
            if push(made.file, made.segment, &made.draft).is_break() {
                break;
            }
        }
    }
    if let Some(error) = failure {
        return Err(error.into());
    }
    let refused = summary.refused() + interchanges_refused + refused_lines(pushed, &batch);
    let read = summary.read() + rows.iter().sum::<u64>() + interchanges_refused;
    for (file, read) in plain.iter().zip(&summary.files) {
        rows[*file] = read.rows;
    }
    let files = found.sources.iter().zip(rows).map(|(s, rows)| (s.display.clone(), rows)).collect();
    problems.absorb(summary.problems);
    notices.extend(summary.notices);
    problems.absorb(refusals);
    problems.sort();

    let (appended, already_there) = (batch.staged(), batch.already_there());
    let go = !options.dry_run && (problems.is_empty() || options.partial);
    let mut clock_stepped_back = false;
    if go {
        let receipt = batch.commit()?;
        clock_stepped_back = receipt.clock_stepped_back;
        ledger.sign_checkpoint()?;
    } else {
        drop(batch);
    }
    let size = ledger.head()?.size;
    Ok(Intake {
        read,
        appended,
        already_there,
        refused,
        files,
        problems,
        notices,
        committed: go,
        clock_stepped_back,
        size,
    })
}

/// Lines the ledger did not take, of those handed to it.
fn refused_lines(pushed: u64, batch: &ledger::Import<'_>) -> u64 {
    pushed.saturating_sub(batch.staged()).saturating_sub(batch.already_there())
}

/// A refusal of the ledger in the shape of every other problem.
fn outcome_problems(file: &str, line: u64, refusal: &Refusal) -> Vec<Problem> {
    let one = |field: &str, found: String, wanted: &str, hint: &str| vec![Problem::outcome(file, line, field, Mismatch::new(found, wanted).hint(hint))];
    match refusal {
        Refusal::Conflict { seq, fields } => one(
            "source_id",
            format!("the key of seq {seq} with another {}", fields.join(", ")),
            "the same fact under the same key",
            "to change a fact, append an event_corrected that targets it",
        ),
        Refusal::IntroducedTwice { first, field, id } => one(
            field,
            format!("{id:?}, which seq {first} introduced already"),
            "an id that is introduced once",
            "retract the earlier event first, or correct it instead of telling it again",
        ),
        Refusal::UnknownTarget { target } => one(
            "target",
            format!("{target:?}, which names no event"),
            "the source_id of an earlier event, or seq:<n>",
            "import the target first, or in the same import before this line",
        ),
        Refusal::TargetIsCorrection { correction, original } => one(
            "target",
            format!("seq {correction}, itself a correction"),
            "the original event",
            &format!("target seq:{original}; the latest correction of a field wins"),
        ),
        Refusal::TargetIsLedgers { target } => {
            one("target", format!("seq {target}, an event of the ledger's own"), "an imported event", "the ledger's own events stay as they are")
        }
        Refusal::FixedField { field } => one(
            &format!("fields.{field}"),
            "the id the event is about".to_owned(),
            "a field that may be corrected",
            "retract the event and append it anew",
        ),
        Refusal::InvalidCorrection(problems) => {
            let within = |p: &FieldProblem| FieldProblem { field: format!("fields.{}", p.field), mismatch: p.mismatch.clone() };
            problems.iter().map(|p| Problem::new(import::ProblemKind::Outcome, file, line, within(p))).collect()
        }
        Refusal::RecordedAtRefused => one(
            "recorded_at",
            "an instant".to_owned(),
            "nothing: it is the ledger's own clock",
            "leave the column out; only a ledger made with init --simulated takes it",
        ),
        Refusal::RecordedAtMissing => one("recorded_at", "nothing".to_owned(), "an instant", "a simulated ledger needs it on every line"),
        Refusal::RecordedAtBackwards { earliest, given } => one(
            "recorded_at",
            given.to_string(),
            &format!("an instant at or after {earliest}, that of the event before"),
            "sort the lines by recorded_at",
        ),
        Refusal::EnteredAfterRecorded { entered_at, recorded_at } => one(
            "entered_at",
            entered_at.to_string(),
            &format!("an instant at or before {recorded_at}, when it is recorded"),
            "check the clock and the offset of the source system",
        ),
        Refusal::SubjectErased { individual: Some(id) } => one(
            "individual",
            format!("{id:?}, who was erased from this ledger"),
            "an event that names nobody who was erased",
            "take the line out of the export; if they are served again, the agency gives them a new id",
        ),
        Refusal::SubjectErased { individual: None } => one(
            "",
            "a birth date or number of somebody who was erased from this ledger".to_owned(),
            "nothing confidential about them",
            "take the line, or the number, out of the export",
        ),
        Refusal::TooLarge => one("", "an event larger than 1 MiB".to_owned(), "a fact about peer support", "the ledger holds no documents"),
    }
}
