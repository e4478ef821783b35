//! The events of several files as one stream: file after file, or merged by `recorded_at`.
//! Holds one batch of each open file; a file out of order is that line's problem, never a reason to sort it in memory.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io;
use std::sync::Arc;

use domain::KnownAt;
use domain::field::{FieldProblem, Mismatch};

use crate::ahead::Ahead;
use crate::batches::{Batch, JsonLines, Parsed, parse_batches};
use crate::csv::CsvRows;
use crate::bulk::Resources;
use crate::discover::Source;
use crate::encoding::Utf8;
use crate::format::Format;
use crate::jsonl::Blocks;
use crate::mapping::{Mapped, MappedCsv, in_order, mapped_sheet};
use crate::survey::Unchanged;

/// What comes next in the stream; the number is that of its file among the sources.
#[allow(clippy::large_enum_variant, reason = "an event in a box of its own would cost an allocation each")]
#[derive(Debug)]
pub(crate) enum Step {
    /// Events of a file, in order, or what is wrong with them.
    Run(usize, Vec<Parsed>),
    /// One such.
    One(usize, Parsed),
    /// The file could not be read to its end.
    Failed(usize, io::Error),
}

type Batches = Box<dyn Iterator<Item = Batch> + Send>;

/// Bytes of blocks shared by all files of a merge, so that many open files take the memory of a few.
const MERGE_BYTES: usize = 1 << 23;

/// The stream of all sources, in batches.
pub(crate) fn steps(sources: &[Source], simulated: bool, threads: usize) -> Box<dyn Iterator<Item = Vec<Step>>> {
    let sources = sources.to_vec();
    if !simulated || sources.len() < 2 {
        return Box::new(Sequence { sources, simulated, threads, file: 0, current: None });
    }
    let merge = Merge::new(&sources);
    if threads == 0 { Box::new(merge) } else { Box::new(Ahead::start(merge, 4)) }
}

fn open(source: &Source, block: usize, threads: usize, simulated: bool) -> io::Result<Batches> {
    if let Some(mapped) = source.mapped() {
        return mapped_batches(source, mapped, threads, simulated);
    }
    if let Some(bulk) = source.bulk() {
        let reader = Utf8::new(Unchanged::new(File::open(&source.path)?, source.digest), source.encoding);
        let resources = Resources::new(reader, Arc::clone(bulk));
        return Ok(if threads == 0 { Box::new(resources) } else { Box::new(Ahead::start(resources, 4)) });
    }
    let reader = Utf8::new(Unchanged::new(File::open(&source.path)?, source.digest), source.encoding);
    Ok(match source.format {
        Format::JsonLines if threads == 0 => Box::new(JsonLines::new(Blocks::with_size(reader, block))),
        Format::JsonLines => Box::new(parse_batches(reader, threads)),
        Format::Csv { event_type, separator } if threads == 0 => Box::new(CsvRows::new(reader, event_type, separator)),
        Format::Csv { event_type, separator } => Box::new(Ahead::start(CsvRows::new(reader, event_type, separator), 4)),
        // A source of these formats has its mapping with it.
        Format::MappedCsv { .. } | Format::MappedSheet => return Err(io::Error::other("a table without its mapping")),
        Format::Fhir => return Err(io::Error::other("FHIR resources without their mapping")),
        Format::X12 => return Err(io::Error::other("an X12 interchange is read together with the contacts it is about")),
    })
}

/// The events of a table that a mapping reads.
fn mapped_batches(source: &Source, mapped: &Arc<Mapped>, threads: usize, simulated: bool) -> io::Result<Batches> {
    let mapped = Arc::clone(mapped);
    let batches: Batches = match source.format {
        Format::MappedCsv { separator } => {
            let reader = Utf8::new(Unchanged::new(File::open(&source.path)?, source.digest), source.encoding);
            let rows = MappedCsv::new(reader, separator, mapped);
            if threads == 0 { Box::new(rows) } else { Box::new(Ahead::start(rows, 4)) }
        }
        Format::JsonLines | Format::Csv { .. } | Format::MappedSheet | Format::Fhir | Format::X12 => Box::new(mapped_sheet(source.path.clone(), source.digest, mapped)),
    };
    Ok(if simulated { Box::new(in_order(batches)) } else { batches })
}

/// What `recorded_at` must be: non-decreasing for a simulated ledger, absent for any other (events.md, "Time").
struct Gate {
    simulated: bool,
    latest: Option<(KnownAt, u64)>,
}

impl Gate {
    fn new(simulated: bool) -> Self {
        Self { simulated, latest: None }
    }

    fn admit(&mut self, parsed: &mut Parsed) {
        let Ok(draft) = &parsed.result else { return };
        let mismatch = match (self.simulated, draft.recorded_at, self.latest) {
            (false, None, _) => return,
            (false, Some(at), _) => Mismatch::new(at.to_string(), "no recorded_at: the ledger's own clock decides")
                .hint("entered_at says when a source system got to know it; only a simulated ledger takes recorded_at"),
            (true, None, _) => {
                Mismatch::new("nothing", "an instant with offset").hint("a simulated ledger takes recorded_at from its input")
            }
            (true, Some(at), Some((latest, line))) if at < latest => {
                Mismatch::new(at.to_string(), format!("an instant not before {latest}, as in line {line}"))
                    .hint("sort the file by recorded_at")
            }
            (true, Some(at), _) => {
                self.latest = Some((at, parsed.line));
                return;
            }
        };
        parsed.result = Err(vec![FieldProblem { field: "recorded_at".into(), mismatch }]);
    }
}

/// One file after the other.
struct Sequence {
    sources: Vec<Source>,
    simulated: bool,
    threads: usize,
    file: usize,
    current: Option<(Batches, Gate)>,
}

impl Iterator for Sequence {
    type Item = Vec<Step>;
    fn next(&mut self) -> Option<Vec<Step>> {
        loop {
            let source = self.sources.get(self.file)?;
            let file = self.file;
            let (batches, gate) = match &mut self.current {
                Some(current) => current,
                None => match open(source, Blocks::<File>::SIZE, self.threads, self.simulated) {
                    Ok(batches) => self.current.insert((batches, Gate::new(self.simulated))),
                    Err(error) => {
                        self.file += 1;
                        return Some(vec![Step::Failed(file, error)]);
                    }
                },
            };
            match batches.next() {
                Some(Ok(mut parsed)) => {
                    parsed.iter_mut().for_each(|parsed| gate.admit(parsed));
                    return Some(vec![Step::Run(file, parsed)]);
                }
                ended => {
                    self.current = None;
                    self.file += 1;
                    if let Some(Err(error)) = ended {
                        return Some(vec![Step::Failed(file, error)]);
                    }
                }
            }
        }
    }
}

/// One file of a merge, and the event it would give next.
struct Cursor {
    batches: Batches,
    current: std::vec::IntoIter<Parsed>,
    gate: Gate,
    head: Option<Parsed>,
}

/// All files at once, the earliest `recorded_at` first; at the same instant in the order of the sources.
struct Merge {
    cursors: Vec<Option<Cursor>>,
    earliest: BinaryHeap<Reverse<(KnownAt, usize)>>,
    /// Steps found while looking for a file's next good event.
    out: Vec<Step>,
}

impl Merge {
    /// Steps handed on together.
    const BATCH: usize = 512;

    fn new(sources: &[Source]) -> Self {
        let block = (MERGE_BYTES / sources.len().max(1)).clamp(1 << 14, Blocks::<File>::SIZE);
        let mut merge = Self { cursors: Vec::new(), earliest: BinaryHeap::new(), out: Vec::new() };
        for (file, source) in sources.iter().enumerate() {
            let cursor = match open(source, block, 0, true) {
                Ok(batches) => Some(Cursor { batches, current: Vec::new().into_iter(), gate: Gate::new(true), head: None }),
                Err(error) => {
                    merge.out.push(Step::Failed(file, error));
                    None
                }
            };
            merge.cursors.push(cursor);
            merge.advance(file);
        }
        merge
    }

    /// Looks for the file's next good event; what is not one goes out on the way.
    fn advance(&mut self, file: usize) {
        let Some(slot) = self.cursors.get_mut(file) else { return };
        while let Some(cursor) = slot {
            let Some(mut parsed) = cursor.current.next() else {
                match cursor.batches.next() {
                    Some(Ok(batch)) => cursor.current = batch.into_iter(),
                    ended => {
                        *slot = None;
                        self.out.extend(ended.and_then(Result::err).map(|error| Step::Failed(file, error)));
                    }
                }
                continue;
            };
            cursor.gate.admit(&mut parsed);
            let Some(at) = parsed.result.as_ref().ok().and_then(|draft| draft.recorded_at) else {
                self.out.push(Step::One(file, parsed));
                continue;
            };
            cursor.head = Some(parsed);
            self.earliest.push(Reverse((at, file)));
            return;
        }
    }
}

impl Iterator for Merge {
    type Item = Vec<Step>;
    fn next(&mut self) -> Option<Vec<Step>> {
        while self.out.len() < Self::BATCH
            && let Some(Reverse((_, file))) = self.earliest.pop()
        {
            let head = self.cursors.get_mut(file).and_then(|slot| slot.as_mut()?.head.take());
            self.out.extend(head.map(|parsed| Step::One(file, parsed)));
            self.advance(file);
        }
        let steps = std::mem::take(&mut self.out);
        (!steps.is_empty()).then_some(steps)
    }
}
