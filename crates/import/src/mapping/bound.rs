//! A mapping bound to the header of a file: columns are places now, and a row gives its events or its problems.
//! A row is taken whole or not at all: a contact without the note that stood beside it would be half a truth.

use std::borrow::Cow;

use domain::Draft;
use domain::field::{FieldProblem, Kind, Mismatch, Raw};
use domain::given::Given;
use domain::words::nearest;
use rustc_hash::FxHashMap;

use crate::batches::Parsed;
use crate::csv::{Claims, Column, Row, nested};
use crate::line::{Held, PlacedLine, Slot};
use crate::mapping::clock::Clock;
use crate::mapping::remarks::Remarks;
use crate::mapping::rule::{EventRule, FieldRule, Settings, Table, header_key};
use crate::mapping::spelling::id_number;
use crate::mapping::value::{Cells, Instants, Reader, Value, plain, readable};

/// The longest source id, as every id.
const MAX_ID: usize = domain::ids::MAX_ID_LENGTH;

/// Hex digits of a hash that stands for a key which is no id itself.
const KEY_DIGITS: usize = 20;

/// A table of a mapping and the columns of a file.
#[derive(Debug)]
pub(crate) struct Bound {
    settings: Settings,
    events: Vec<EventRule<usize>>,
    /// The header as it stands in the file.
    header: Vec<String>,
    /// Whether columns have letters.
    lettered: bool,
}

impl Bound {
    /// Binds a table to a header.
    ///
    /// # Errors
    /// Columns that the file does not have, or has twice.
    pub(crate) fn new(settings: &Settings, table: &Table, header: &[&str], lettered: bool) -> Result<Self, Vec<FieldProblem>> {
        let mut places: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (place, name) in header.iter().enumerate() {
            places.entry(header_key(name)).or_default().push(place);
        }
        let mut problems = Vec::new();
        for column in table.columns() {
            match places.get(&header_key(column)).map(Vec::as_slice) {
                Some([_]) => {}
                Some(several) => {
                    let mismatch = Mismatch::new(format!("{} columns with this name", several.len()), "one");
                    problems.push(FieldProblem { field: format!("column {column:?}"), mismatch: mismatch.hint("rename all but one in the export") });
                }
                None => {
                    let mismatch = Mismatch::new("no column with this name", "the column that the mapping reads");
                    let mismatch = match nearest(column, header) {
                        Some(close) => mismatch.hint(format!("the file has {close:?}; if that is it, change the mapping")),
                        None => mismatch.hint("is it the right mapping for this file?"),
                    };
                    problems.push(FieldProblem { field: format!("column {column:?}"), mismatch });
                }
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let place = |column: &String| places.get(&header_key(column)).and_then(|p| p.first()).copied().unwrap_or_default();
        let events = table.events.iter().map(|event| event.renamed(place)).collect();
        let header = header.iter().map(|name| name.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        Ok(Self { settings: settings.clone(), events, header, lettered })
    }

    /// Whether any event reads the column.
    pub(crate) fn reads(&self, place: usize) -> bool {
        self.events.iter().any(|event| event.columns().into_iter().any(|column| *column == place))
    }

    /// The type of its first event.
    pub(crate) fn first_type(&self) -> &'static str {
        self.events.first().map_or("", |event| event.schema.name)
    }

    /// How many columns the header has.
    pub(crate) fn width(&self) -> usize {
        self.header.len()
    }

    /// Columns that the table does not read and does not set aside, for a notice.
    pub(crate) fn unused<'b>(&'b self, table: &'b Table) -> impl Iterator<Item = &'b str> {
        let known = |name: &str| table.columns().into_iter().chain(table.ignore.iter().map(String::as_str)).any(|c| header_key(c) == header_key(name));
        self.header.iter().map(String::as_str).filter(move |name| !name.is_empty() && !known(name))
    }

    /// A column as people find it.
    pub(crate) fn column(&self, place: usize) -> String {
        let name = self.header.get(place).map_or("", String::as_str);
        if self.lettered { format!("column {} {name:?}", sheets::column_letters(place.try_into().unwrap_or(0))) } else { format!("column {name:?}") }
    }

    /// A field with the columns it comes from.
    fn label(&self, event: &EventRule<usize>, field: &str) -> String {
        let rule = event.fields.iter().find(|(column, _)| column.name == field).map(|(_, rule)| rule);
        let columns: Vec<String> = rule.map(FieldRule::columns).into_iter().flatten().map(|place| self.column(*place)).collect();
        let field = if field.is_empty() { event.part.clone() } else { format!("{}.{field}", event.part) };
        if columns.is_empty() { field } else { format!("{} ({field})", columns.join(" and ")) }
    }

    fn relabel(&self, event: &EventRule<usize>, problem: FieldProblem) -> FieldProblem {
        // A nested field, `lines[2].units`, is labelled by its first name.
        FieldProblem { field: self.label(event, &problem.field), ..problem }
    }
}

/// Turns rows into events; holds what goes from one row to the next.
#[derive(Debug)]
pub(crate) struct Applier {
    clock: Clock,
    /// For every event that is a claim, the one whose rows are still coming.
    claims: Vec<Option<Claims>>,
    /// The source id of the event being read.
    id: String,
    pub(crate) remarks: Remarks,
}

impl Applier {
    pub(crate) fn new(bound: &Bound) -> Self {
        let claims = bound.events.iter().map(|event| nested(event.schema).map(|(list, _)| Claims::new(event.schema, list))).collect();
        let mut remarks = Remarks::default();
        for (column, rule) in bound.events.iter().flat_map(|e| &e.fields) {
            if let FieldRule::Cell(cell) = rule {
                remarks.watch(cell.column, &column.kind, cell.width.or(cell.values.as_ref().map(|_| 0)));
            }
        }
        Self { clock: Clock::new(bound.settings.zone), claims, id: String::with_capacity(MAX_ID), remarks }
    }

    /// Adds the events of a row, or its problems.
    pub(crate) fn row<'a, C: Cells<'a>>(&mut self, bound: &'a Bound, line: u64, cells: &C, out: &mut Vec<Parsed>) {
        self.remarks.ids(line, C::ARE_TEXT, |column| cells.get(column));
        let from = out.len();
        let mut rows = Vec::new();
        let mut problems = Vec::new();
        for (index, event) in bound.events.iter().enumerate() {
            match holds(bound, event, cells) {
                Ok(true) => {}
                Ok(false) => continue,
                Err(problem) => {
                    problems.push(problem);
                    continue;
                }
            }
            if self.claims.get(index).is_some_and(Option::is_some) {
                rows.push((index, self.claim_row(bound, line, event, cells)));
            } else {
                match self.draft(bound, event, cells) {
                    // The first event of a row stands for it.
                    Ok(draft) => out.push(Parsed { line, rows: u64::from(out.len() == from), result: Ok(draft) }),
                    Err(more) => problems.extend(more),
                }
            }
        }
        if out.len() == from && rows.is_empty() && problems.is_empty() {
            return self.remarks.no_event(line);
        }
        // Rows of a claim go their own way: the claim is good or bad with all its rows.
        let drafts = if rows.is_empty() && problems.is_empty() { Vec::new() } else { out.split_off(from) };
        for (index, row) in rows {
            let from = out.len();
            if let Some(Some(claims)) = self.claims.get_mut(index) {
                claims.push(row, out);
            }
            labelled(bound, index, &mut out[from..]);
        }
        if problems.is_empty() {
            out.extend(drafts);
        } else {
            out.push(Parsed { line, rows: 1, result: Err(problems) });
        }
    }

    /// Gives the last claims.
    pub(crate) fn finish(&mut self, bound: &Bound, out: &mut Vec<Parsed>) {
        for index in 0..self.claims.len() {
            let from = out.len();
            if let Some(Some(claims)) = self.claims.get_mut(index) {
                claims.finish(out);
            }
            labelled(bound, index, &mut out[from..]);
        }
    }

    /// The values of an event, each put where it goes.
    fn gather<'a>(&mut self, bound: &'a Bound, event: &'a EventRule<usize>, instants: Instants, cells: &impl Cells<'a>, mut put: impl FnMut(&Column, Held<'a>)) -> Gathered {
        let mut reader = Reader { dates: &bound.settings.dates, clock: &mut self.clock, instants };
        let mut problems = Vec::new();
        let mut is_named = false;
        for (column, rule) in &event.fields {
            match reader.field(&column.kind, rule, cells) {
                Ok(value) => {
                    is_named |= column.slot == Slot::SourceId && !value.is_absent();
                    put(column, value);
                }
                Err(mismatch) => problems.push(FieldProblem { field: bound.label(event, column.name), mismatch }),
            }
        }
        let needs_id = !is_named && !event.key.is_empty();
        if needs_id && let Err(problem) = source_id(bound, event, cells, &mut self.id) {
            problems.push(problem);
            return Gathered { problems, is_keyed: false };
        }
        Gathered { problems, is_keyed: needs_id }
    }

    fn draft<'a>(&mut self, bound: &'a Bound, event: &'a EventRule<usize>, cells: &impl Cells<'a>) -> Result<Draft, Vec<FieldProblem>> {
        let mut line = PlacedLine::new(event.schema);
        let Gathered { problems, is_keyed } = self.gather(bound, event, Instants::Known, cells, |column, value| line.put(column.slot, value));
        if is_keyed {
            line.lend(Slot::SourceId, Given::Text(&self.id));
        }
        match line.draft() {
            Ok(draft) if problems.is_empty() => Ok(draft),
            Ok(_) => Err(problems),
            Err(more) => {
                let mut all = problems;
                // A cell that could not be read is not also a missing one.
                let more: Vec<FieldProblem> = more.into_iter().map(|p| bound.relabel(event, p)).filter(|p| !all.iter().any(|a| a.field == p.field)).collect();
                all.extend(more);
                Err(all)
            }
        }
    }

    fn claim_row<'a>(&mut self, bound: &'a Bound, line: u64, event: &'a EventRule<usize>, cells: &impl Cells<'a>) -> Row {
        let mut row = Row { line, ..Row::default() };
        let Gathered { problems, is_keyed } = self.gather(bound, event, Instants::Written, cells, |column, value| {
            let to = if column.of_line { &mut row.of_line } else { &mut row.claim };
            to.push((column.name, value.into_raw().into_owned()));
        });
        row.problems = problems;
        if is_keyed {
            row.claim.push((SOURCE_ID, Raw::owned(self.id.clone())));
        }
        row
    }
}

/// What gathering an event came to.
struct Gathered {
    /// Cells that could not be read.
    problems: Vec<FieldProblem>,
    /// Whether the row's key names the event, and is in [`Applier::id`].
    is_keyed: bool,
}

const SOURCE_ID: &str = "source_id";

/// What a claim's rows say is wrong, in the words of the mapping.
fn labelled(bound: &Bound, index: usize, parsed: &mut [Parsed]) {
    let Some(event) = bound.events.get(index) else { return };
    for problem in parsed.iter_mut().filter_map(|p| p.result.as_mut().err()).flatten() {
        if !problem.field.starts_with("column ") && !problem.field.starts_with(&format!("{}.", event.part)) {
            problem.field = bound.label(event, &problem.field);
        }
    }
}

fn holds<'a>(bound: &Bound, event: &EventRule<usize>, cells: &impl Cells<'a>) -> Result<bool, FieldProblem> {
    for condition in &event.when {
        let text = readable(cells.get(condition.column), &Kind::Text).and_then(plain);
        match text {
            Ok(text) if condition.test.holds(&text) => {}
            Ok(_) => return Ok(false),
            Err(mismatch) => {
                let field = format!("{} ({}, its condition)", bound.column(condition.column), event.part);
                return Err(FieldProblem { field, mismatch });
            }
        }
    }
    Ok(true)
}

/// The id of an event: the source, the values of the key, the event's part of the row. The same row gives the same id for ever.
fn source_id<'a>(bound: &Bound, event: &EventRule<usize>, cells: &impl Cells<'a>, id: &mut String) -> Result<(), FieldProblem> {
    let value = |column: usize| {
        let problem = |mismatch| FieldProblem { field: format!("{} ({}, its key)", bound.column(column), event.part), mismatch };
        let value = readable(cells.get(column), &Kind::Text).map_err(problem)?;
        let text = if value == Value::Absent {
            Err(Mismatch::new("nothing", "the value that names the row"))
        } else if let Value::Number(n) = value {
            id_number(n).map(Cow::Owned)
        } else {
            plain(value)
        };
        text.map_err(problem)
    };
    // Nearly every key is one column.
    if let [column] = event.key.as_slice() {
        joined_id(bound, event, &[value(*column)?], id);
        return Ok(());
    }
    let values: Vec<Cow<'a, str>> = event.key.iter().map(|column| value(*column)).collect::<Result<_, _>>()?;
    joined_id(bound, event, &values, id);
    Ok(())
}

/// Writes the id over the one before.
fn joined_id(bound: &Bound, event: &EventRule<usize>, values: &[Cow<'_, str>], id: &mut String) {
    let source = &bound.settings.source;
    let length = source.len() + event.part.len() + 2 + values.iter().map(|v| v.len() + 1).sum::<usize>();
    let is_id = |v: &str| v.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-') || (b == b':' && values.len() == 1));
    id.clear();
    id.push_str(source);
    if length <= MAX_ID && values.iter().all(|v| is_id(v)) {
        for value in values {
            id.push(':');
            id.push_str(value);
        }
    } else {
        // Lengths first, so that no two keys are hashed alike.
        let mut hasher = blake3::Hasher::new();
        for value in values {
            hasher.update(&(value.len() as u64).to_le_bytes()).update(value.as_bytes());
        }
        id.push(':');
        id.push_str(&hasher.finalize().to_hex()[..KEY_DIGITS]);
    }
    id.push(':');
    id.push_str(&event.part);
}
