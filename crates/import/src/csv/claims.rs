//! Rows with the same id brought together as the lines of one claim, in the memory of one claim.
//! Does not sort: rows of a claim stand together, and one that comes back later is a problem.

use domain::event::{ClaimLine, TypeSchema};
use domain::field::{FieldProblem, FieldType, Mismatch, Raw};
use domain::{Cents, ContactId, Text, Units};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

use crate::batches::Parsed;
use crate::line::Line;

/// The most lines a claim has: all of them are held until it is whole, and the guides of claims allow as many.
const MAX_LINES: u64 = 999;

/// One row taken apart.
#[derive(Debug, Default)]
pub(crate) struct Row {
    /// Line it starts on.
    pub(crate) line: u64,
    /// Columns of the claim.
    pub(crate) claim: Vec<(&'static str, Raw<'static>)>,
    /// Columns of its line.
    pub(crate) of_line: Vec<(&'static str, Raw<'static>)>,
    /// Cells that could not be read.
    pub(crate) problems: Vec<FieldProblem>,
}

/// A claim whose rows are still coming.
#[derive(Debug)]
struct Open {
    line: u64,
    claim: Vec<(&'static str, Raw<'static>)>,
    lines: Vec<Raw<'static>>,
    rows: u64,
    /// Problems of the rows so far, each with its row.
    problems: Vec<(u64, FieldProblem)>,
}

/// Brings rows together.
#[derive(Debug)]
pub(crate) struct Claims {
    schema: &'static TypeSchema,
    /// Field that names the claim, and field of its lines.
    key: &'static str,
    list: &'static str,
    open: Option<Open>,
    /// Every claim met, by a hash of its id, with its first row. Ids alone are held for the whole file: 24 bytes a claim.
    seen: FxHashMap<[u8; 16], u64>,
}

impl Claims {
    pub(crate) fn new(schema: &'static TypeSchema, list: &'static str) -> Self {
        let key = schema.fields.first().map_or("claim", |f| f.name);
        Self { schema, key, list, open: None, seen: FxHashMap::default() }
    }

    /// Adds a row; gives the claim before it if that is complete now.
    pub(crate) fn push(&mut self, mut row: Row, out: &mut Vec<Parsed>) {
        row.problems.extend(line_problems(&row.of_line));
        let same = self.open.as_ref().is_some_and(|open| self.id(&open.claim).is_some() && self.id(&open.claim) == self.id(&row.claim));
        if same && let Some(open) = &mut self.open {
            return open.add(row, self.key);
        }
        self.finish(out);
        if let Some(id) = self.id(&row.claim) {
            let first = *self.seen.entry(short_hash(id)).or_insert(row.line);
            if first != row.line {
                let mismatch = Mismatch::new(
                    format!("{id:?} again, after another claim"),
                    format!("the rows of a claim together, the first is line {first}"),
                );
                let field = self.key.to_owned();
                row.problems.push(FieldProblem { field, mismatch: mismatch.hint(format!("sort the file by {}", self.key)) });
            }
        }
        let mut open = Open { line: row.line, claim: std::mem::take(&mut row.claim), lines: Vec::new(), rows: 0, problems: Vec::new() };
        row.claim.clone_from(&open.claim);
        open.add(row, self.key);
        self.open = Some(open);
    }

    /// Gives the last claim.
    pub(crate) fn finish(&mut self, out: &mut Vec<Parsed>) {
        let Some(open) = self.open.take() else { return };
        let mut line = Line::default();
        for (name, value) in open.claim {
            line.put(Cow::Borrowed(name), value);
        }
        let lines_are_good = open.problems.is_empty();
        if lines_are_good {
            line.put(Cow::Borrowed(self.list), Raw::List(open.lines));
        }
        let result = line.draft_of(self.schema.name);
        // Problems of a row are told with its own line: one refusal for each row that has some.
        let mut by_row: Vec<(u64, Vec<FieldProblem>)> = Vec::new();
        for (at, problem) in open.problems {
            match by_row.last_mut() {
                Some((last, problems)) if *last == at => problems.push(problem),
                _ => by_row.push((at, vec![problem])),
            }
        }
        let result = match result {
            Ok(draft) if lines_are_good => Ok(draft),
            Ok(_) => Err(Vec::new()),
            // Lines that were left out because they are bad are not missing.
            Err(mut problems) => {
                problems.retain(|p| lines_are_good || p.field != self.list);
                Err(problems)
            }
        };
        out.push(Parsed { line: open.line, rows: open.rows, result });
        out.extend(by_row.into_iter().map(|(line, problems)| Parsed { line, rows: 0, result: Err(problems) }));
    }

    fn id<'r>(&self, claim: &'r [(&'static str, Raw<'static>)]) -> Option<&'r str> {
        claim.iter().find(|(name, _)| *name == self.key).and_then(|(_, value)| value.as_text())
    }
}

impl Open {
    fn add(&mut self, row: Row, key: &str) {
        self.rows += 1;
        let mut problems = row.problems;
        if self.rows > MAX_LINES {
            // Said once; what comes after is counted and not kept.
            if self.rows == MAX_LINES + 1 {
                let mismatch = Mismatch::new("one more line of the claim", format!("at most {MAX_LINES} lines in a claim"));
                let problem = FieldProblem { field: key.to_owned(), mismatch: mismatch.hint("is it the column with the number of the claim?") };
                self.problems.push((row.line, problem));
            }
            return;
        }
        for (name, first) in &self.claim {
            let here = row.claim.iter().find(|(n, _)| n == name).map_or(&Raw::Null, |(_, value)| value);
            if here != first {
                let wanted = format!("{}, as in line {} of the same claim", first.describe(), self.line);
                problems.push(FieldProblem { field: (*name).to_owned(), mismatch: Mismatch::new(here.describe(), wanted) });
            }
        }
        self.problems.extend(problems.into_iter().map(|problem| (row.line, problem)));
        self.lines.push(Raw::Record(row.of_line.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect()));
    }
}

/// Sixteen bytes tell all the claims of any file apart.
fn short_hash(id: &str) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&blake3::hash(id.as_bytes()).as_bytes()[..16]);
    short
}

/// Every problem of a claim line, field by field; [`ClaimLine`] itself stops at the first.
fn line_problems(fields: &[(&'static str, Raw<'static>)]) -> Vec<FieldProblem> {
    fn check<T: FieldType>(raw: &Raw<'_>) -> Option<Mismatch> {
        if *raw == Raw::Null && T::REQUIRED {
            return Some(Mismatch::new("nothing", domain::field::wanted(&T::KIND)).hint("this field is required"));
        }
        T::read(raw).err()
    }
    let checks = ClaimLine::FIELDS.iter().map(|spec| {
        let raw = fields.iter().find(|(name, _)| *name == spec.name).map_or(&Raw::Null, |(_, value)| value);
        let mismatch = match spec.name {
            "contact" => check::<ContactId>(raw),
            "hcpcs" => check::<Text>(raw),
            "modifiers" => check::<Vec<Text>>(raw),
            "units" => check::<Units>(raw),
            _ => check::<Cents>(raw),
        };
        mismatch.map(|mismatch| FieldProblem { field: spec.name.to_owned(), mismatch })
    });
    checks.flatten().collect()
}
