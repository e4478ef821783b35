//! Reading: every event of every source handed on as a draft with its provenance, every problem collected on the way.
//! One pass: whoever takes the drafts keeps them back until the summary says whether there were problems.

use std::ops::ControlFlow;

use domain::field::{FieldProblem, Mismatch};
use domain::{Draft, Provenance};

use crate::batches::Parsed;
use crate::discover::Source;
use crate::merge::{self, Step};
use crate::problem::{Notice, Problem, ProblemKind, Problems};

/// How to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// For a simulated ledger: every line has `recorded_at`, and files are merged by it. For any other no line has it, and
    /// files are read one after the other.
    pub simulated: bool,
    /// Threads that parse beside the caller's own; 0 does everything on the caller's. The result is the same for any number.
    pub threads: usize,
    /// Problems kept; beyond it they are counted.
    pub max_problems: usize,
}

/// A draft and where it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Located {
    /// Index into the sources that were given.
    pub file: usize,
    /// Line it starts on, from 1.
    pub line: u64,
    /// The draft, its provenance filled in.
    pub draft: Draft,
}

/// What was read of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FileSummary {
    /// Lines or rows that are not blank, without a header.
    pub rows: u64,
    /// Events handed on.
    pub drafts: u64,
    /// Events refused.
    pub refused: u64,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// One for each source, in their order.
    pub files: Vec<FileSummary>,
    /// All that is wrong, in the order of file and line.
    pub problems: Problems,
    /// What was noticed in tables that a mapping reads, and refuses nothing.
    pub notices: Vec<Notice>,
    /// Whether the caller stopped before the end.
    pub stopped: bool,
}

impl Summary {
    /// Events met, handed on or refused.
    pub fn read(&self) -> u64 {
        self.drafts() + self.refused()
    }

    /// Events handed on.
    pub fn drafts(&self) -> u64 {
        self.files.iter().map(|f| f.drafts).sum()
    }

    /// Events refused.
    pub fn refused(&self) -> u64 {
        self.files.iter().map(|f| f.refused).sum()
    }
}

/// Reads all sources and hands every good draft to `take`, in the order of the sources or, for a simulated ledger, of `recorded_at`
/// (at the same instant: of the sources, then of lines). Bad lines are passed over; all their problems are in the summary.
pub fn read(sources: &[Source], options: Options, mut take: impl FnMut(Located) -> ControlFlow<()>) -> Summary {
    let mut summary =
        Summary { files: vec![FileSummary::default(); sources.len()], problems: Problems::new(options.max_problems), notices: Vec::new(), stopped: false };
    let mut last_line = vec![0; sources.len()];
    for step in merge::steps(sources, options.simulated, options.threads).flatten() {
        let went = match step {
            Step::Run(file, events) => events.into_iter().try_for_each(|parsed| hand_on(file, parsed, sources, &mut summary, &mut last_line, &mut take)),
            Step::One(file, parsed) => hand_on(file, parsed, sources, &mut summary, &mut last_line, &mut take),
            Step::Failed(file, error) => {
                let mismatch = Mismatch::new(error.to_string(), "a file that can be read to its end");
                let problem = FieldProblem { field: String::new(), mismatch };
                summary.problems.push(Problem::new(ProblemKind::Unreadable, &sources[file].display, last_line[file], problem));
                ControlFlow::Continue(())
            }
        };
        if went.is_break() {
            summary.stopped = true;
            break;
        }
    }
    summary.problems.sort();
    for source in sources {
        let told = source.mapped().map(|mapped| mapped.told()).unwrap_or_default();
        let told = told.into_iter().chain(source.bulk().and_then(|bulk| bulk.told()));
        summary.notices.extend(told.map(|text| Notice { file: source.display.clone(), text }));
    }
    summary
}

/// Counts an event, and hands it on or keeps its problems.
fn hand_on(
    file: usize,
    parsed: Parsed,
    sources: &[Source],
    summary: &mut Summary,
    last_line: &mut [u64],
    take: &mut impl FnMut(Located) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let Parsed { line, rows, result } = parsed;
    let (source, counts) = (&sources[file], &mut summary.files[file]);
    counts.rows += rows;
    last_line[file] = line;
    match result {
        Ok(mut draft) => {
            counts.drafts += 1;
            draft.envelope.provenance = Some(Provenance { file: source.digest, line });
            take(Located { file, line, draft })
        }
        Err(problems) => {
            counts.refused += u64::from(rows > 0);
            for problem in problems {
                summary.problems.push(Problem::data(&source.display, line, problem));
            }
            ControlFlow::Continue(())
        }
    }
}
