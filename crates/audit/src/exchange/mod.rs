//! X12 files of an import: read, put in the order in which things happened, and turned into drafts with the contacts and claims that the
//! ledger and the import's other files know. Appends nothing; whoever imports does.

mod known;
mod settings;

use domain::field::{FieldProblem, Mismatch};
use domain::{Draft, IndividualId, Provenance, Text};
use import::{Format, Notice, Problem, ProblemKind, Problems, Source};
use ledger::Ledger;
use rustc_hash::FxHashSet;
use x12::{Desk, Found, Item, Mapping, Tally};

use crate::error::AuditError;
use crate::intake::IntakeOptions;

/// A file of so many claims, all for people without contacts, is refused.
const STRANGERS: u64 = 10;

/// By whom the events of a miscounted transaction set were entered, so that it can be told from the ledger alone that something may be missing
/// beside them.
const MISCOUNTED: &str = "x12: the transaction set states another number of segments (SE01) than it has";

/// A draft of an X12 file and where it came from.
#[derive(Debug)]
pub(crate) struct Made {
    /// Index of the file among all sources.
    pub(crate) file: usize,
    /// Its segment.
    pub(crate) segment: u64,
    /// The draft, its provenance filled in.
    pub(crate) draft: Draft,
}

/// What the X12 files of an import gave.
#[derive(Debug)]
pub(crate) struct Exchange {
    /// Drafts in the order in which things happened.
    pub(crate) made: Vec<Made>,
    /// Claims, payments and answers that give no draft, for what is wrong with them.
    pub(crate) refused: u64,
    /// What is wrong.
    pub(crate) problems: Problems,
    /// What became of each file.
    pub(crate) notices: Vec<Notice>,
}

/// An item and where it stands.
struct Placed {
    file: usize,
    item: Item,
    /// Whether its transaction set states another number of segments than it has, and was taken because the settings say so.
    miscounted: bool,
}

impl Placed {
    fn segment(&self) -> u64 {
        match &self.item {
            Item::Claim(c) => c.segment,
            Item::Payment(p) => p.segment,
            Item::Answer(a) => a.segment,
        }
    }

    /// When it happened; of one instant, claims before the answers to them, payments last.
    fn order(&self) -> (domain::ValidAt, u8, usize, u64) {
        let (at, rank) = match &self.item {
            Item::Claim(c) => (c.origin.at, 0),
            Item::Answer(a) => (a.origin.at, 1),
            Item::Payment(p) => (p.origin.at, 2),
        };
        (at, rank, self.file, self.segment())
    }
}

/// Reads the X12 files among `sources`. The items of an import are held in memory, some hundred bytes a claim; the files are not.
///
/// # Errors
/// A ledger that cannot be read. Bad input is no error: the answer says what is wrong with it.
pub(crate) fn exchange(ledger: &Ledger, sources: &[Source], options: &IntakeOptions) -> Result<Option<Exchange>, AuditError> {
    let files: Vec<usize> = (0..sources.len()).filter(|n| sources[*n].format == Format::X12).collect();
    if files.is_empty() {
        return Ok(None);
    }
    let mut out = Exchange { made: Vec::new(), refused: 0, problems: Problems::new(options.max_problems), notices: Vec::new() };
    let mut items = Vec::new();
    let settings = settings::load(ledger.directory())?;
    let miscounts = |sender: &str| settings.as_ref().is_some_and(|mapping| mapping.miscounts(sender));
    for file in &files {
        read(*file, &sources[*file], &miscounts, &mut items, &mut out);
    }
    let mapping = settings.unwrap_or_else(|| {
        without_settings(sources, &mut items, &mut out);
        Mapping::default()
    });
    items.sort_by_key(Placed::order);
    let individuals: FxHashSet<IndividualId> = items.iter().filter_map(|placed| individual(&placed.item, &mapping)).collect();
    let known = known::gather(ledger, sources, options, &individuals)?;
    let mut desk = Desk::new(&mapping, known.offsite(), ledger.genesis().simulated());
    items.iter().for_each(|placed| desk.expect(&placed.item));
    known.tell(&mut desk);
    // A claim for a stranger may be what it says; many, and nobody else, or any before there is a contact at all, are a mistake.
    let too_many = if known.has_contacts { STRANGERS } else { 1 };
    take(items, sources, &mut desk, too_many, &mut out);
    Ok(Some(out))
}

fn individual(item: &Item, mapping: &Mapping) -> Option<IndividualId> {
    if let Item::Claim(claim) = item { mapping.individual(claim).ok() } else { None }
}

/// One file, its sets that do not add up left out.
fn read(file: usize, source: &Source, miscounts: &dyn Fn(&str) -> bool, items: &mut Vec<Placed>, out: &mut Exchange) {
    let (mut whole, mut sets_miscounted) = (items.len(), 0);
    let read = import::open(source).and_then(|bytes| {
        x12::read_from(bytes, miscounts, |found| match found {
            Found::Item(item) => items.push(Placed { file, item, miscounted: false }),
            Found::Problem(problem) => out.problems.push(placed(&source.display, problem)),
            Found::End { well, miscounted } => {
                if !well {
                    out.refused += (items.len() - whole) as u64;
                    items.truncate(whole);
                } else if miscounted {
                    sets_miscounted += 1;
                    items[whole..].iter_mut().for_each(|placed| placed.miscounted = true);
                }
                whole = items.len();
            }
        })
    });
    let counts = match read {
        Ok(counts) => counts,
        Err(error) => {
            items.truncate(whole);
            let mismatch = Mismatch::new(error.to_string(), "a file that can be read to its end");
            return out.problems.push(Problem::unreadable(&source.display, mismatch));
        }
    };
    let mut notice = |text: String| out.notices.push(Notice { file: source.display.clone(), text });
    for (kind, count) in &counts.passed_over {
        notice(format!("{} of kind {kind} passed over: only 837, 835, 999, TA1 and 277CA are read", crate::words::count(*count, "transaction set")));
    }
    if counts.provider_adjustments > 0 {
        notice(format!("{} (PLB) concern no claim and are not read", crate::words::count(counts.provider_adjustments, "provider adjustment")));
    }
    if sets_miscounted > 0 {
        let sets = crate::words::count(sets_miscounted, "transaction set");
        notice(format!("{sets} of another number of segments than stated (SE01), taken because x12.toml says that the sender miscounts"));
    }
    let said_nothing = counts.passed_over.is_empty() && counts.claims + counts.payments + counts.answers == 0;
    if said_nothing && !out.problems.kept().iter().any(|p| p.file == source.display) {
        notice("holds no claim, payment or answer".into());
    }
}

/// Without settings nobody knows which program a claim is of: said once a file, and its claims are left out.
fn without_settings(sources: &[Source], items: &mut Vec<Placed>, out: &mut Exchange) {
    let claims: FxHashSet<usize> = items.iter().filter(|placed| matches!(placed.item, Item::Claim(_))).map(|placed| placed.file).collect();
    let before = items.len();
    items.retain(|placed| !matches!(placed.item, Item::Claim(_)));
    out.refused += (before - items.len()) as u64;
    let mut claims: Vec<usize> = claims.into_iter().collect();
    claims.sort_unstable();
    for file in claims {
        let mismatch = Mismatch::new("claims, and no x12.toml", "a file x12.toml in the ledger's directory, which says what program bills under which number");
        out.problems.push(Problem::unreadable(&sources[file].display, mismatch.hint("docs/x12.md has one to begin with")));
    }
}

/// Everything in its order to drafts.
fn take(items: Vec<Placed>, sources: &[Source], desk: &mut Desk<'_>, too_many: u64, out: &mut Exchange) {
    let mut tallies: Vec<Tally> = vec![Tally::default(); sources.len()];
    for placed_item in items {
        let (file, segment) = (placed_item.file, placed_item.segment());
        match desk.take(&placed_item.item, &mut tallies[file]) {
            Ok(drafts) => out.made.extend(drafts.into_iter().map(|mut draft| {
                draft.envelope.provenance = Some(Provenance { file: sources[file].digest, line: segment });
                if placed_item.miscounted {
                    draft.envelope.actor = Text::parse(MISCOUNTED).ok();
                }
                Made { file, segment, draft }
            })),
            Err(problems) => {
                out.refused += 1;
                problems.into_iter().for_each(|problem| out.problems.push(placed(&sources[file].display, problem)));
            }
        }
    }
    for (file, tally) in tallies.iter().enumerate() {
        let display = &sources[file].display;
        if tally.knows_nobody(too_many) {
            let mismatch = Mismatch::new("claims of which not one is for an individual with contacts, in the ledger or in this import", "the same ids as the contacts have");
            let hint = "import contacts before claims; if they are there, map member ids in x12.toml (docs/x12.md)";
            out.problems.push(Problem::new(ProblemKind::Data, display, 0, FieldProblem { field: String::new(), mismatch: mismatch.hint(hint) }));
            let before = out.made.len();
            out.made.retain(|made| made.file != file);
            out.refused += (before - out.made.len()) as u64;
        }
        out.notices.extend(tally.sentences().into_iter().map(|text| Notice { file: display.clone(), text }));
    }
}

/// A problem of a segment in the shape of every other; its number stands where others have a line.
fn placed(display: &str, problem: x12::Problem) -> Problem {
    let field = if problem.field.is_empty() { "segment".to_owned() } else { problem.field };
    Problem::data(display, problem.segment, FieldProblem { field, mismatch: problem.mismatch })
}
