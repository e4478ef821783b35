//! A mapping file read: settings, then one event after the other, each with all its problems and their lines.
//! Loads a mapping that lacks a required field, which a proposal may; reading a file with it is what is refused.

use std::path::Path;

use domain::field::Mismatch;
use toml::de::DeTable;

use crate::format;
use crate::mapping::clock::{Pattern, Zone};
use crate::mapping::conditions;
use crate::mapping::rule::{Condition, EventRule, Settings, Table};
use crate::mapping::table::{self, Context};
use crate::mapping::toml_value::{Reading, Taken, Value};
use crate::problem::{Problem, Problems};

/// The largest mapping file read, in bytes.
const MAX_FILE: u64 = 1 << 20;

/// The longest source, so that every source id fits with it.
const MAX_SOURCE: usize = 8;

/// A mapping file.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// The file, as it is shown to people.
    pub file: String,
    /// What it is for, in its own words.
    pub name: String,
    pub(crate) settings: Settings,
    /// One for each sheet that it names, in the order of the file; those without a sheet together.
    pub(crate) tables: Vec<Table>,
}

const TOP: [&str; 9] = ["name", "source", "sheet", "header_row", "key", "ignore", "dates", "zone", "when"];
const OF_EVENT: [&str; 6] = ["type", "part", "sheet", "key", "when", "fields"];

impl Mapping {
    /// Loads a mapping file.
    ///
    /// # Errors
    /// A file that cannot be read, and all problems of one that can, with their lines.
    pub fn load(path: &Path) -> Result<Self, Problems> {
        let display = path.display().to_string();
        let unreadable = |found: String| {
            let mut problems = Problems::new(1);
            problems.push(Problem::unreadable(&display, Mismatch::new(found, "a mapping file in TOML")));
            problems
        };
        match std::fs::metadata(path) {
            Ok(meta) if meta.len() > MAX_FILE => return Err(unreadable(format!("a file of {} bytes", meta.len()))),
            Ok(_) => {}
            Err(error) => return Err(unreadable(error.to_string())),
        }
        let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
        Self::read(&display, &text)
    }

    /// Reads the text of a mapping file, called `file` in problems.
    ///
    /// # Errors
    /// All problems, with their lines.
    pub fn read(file: &str, text: &str) -> Result<Self, Problems> {
        let mut reading = Reading::new(file, text);
        let document = match DeTable::parse(text) {
            Ok(document) => document,
            Err(error) => {
                let mismatch = Mismatch::new(format!("text that is not TOML ({})", error.message()), "a mapping file in TOML");
                reading.problem(&error.span().unwrap_or(0..0), "", mismatch);
                return Err(reading.problems);
            }
        };
        let mapping = read(&mut reading, file, document.get_ref());
        if reading.problems.is_empty() { Ok(mapping) } else { Err(reading.problems) }
    }

    /// Required fields that it does not map, as problems: nothing can be read with it before they are.
    pub fn gaps(&self) -> Vec<Problem> {
        let mut gaps = Vec::new();
        for event in self.tables.iter().flat_map(|t| &t.events) {
            for field in event.missing() {
                let wanted = format!("a column or value for {field}, which every {} has", event.schema.name);
                let mismatch = Mismatch::new("nothing", wanted).hint("`countersign schema` says what the field means");
                let problem = domain::field::FieldProblem { field: format!("{}.{field}", event.part), mismatch };
                gaps.push(Problem::new(crate::ProblemKind::Unreadable, &self.file, event.line, problem));
            }
        }
        gaps
    }
}

fn read(reading: &mut Reading<'_>, file: &str, document: &DeTable<'_>) -> Mapping {
    let mut top = Taken::new(document);
    let name = top.take("name").and_then(|v| reading.text(v, "name")).unwrap_or_default();
    let source = source(reading, top.take("source"));
    let dates = top.take("dates").map_or_else(Vec::new, |v| patterns(reading, v, "dates"));
    let zone = top.take("zone").and_then(|v| zone(reading, v)).unwrap_or(Zone::NewYork);
    let settings = Settings { source, dates, zone };
    let sheet = top.take("sheet").and_then(|v| reading.text(v, "sheet"));
    let header_row = top.take("header_row").and_then(|v| reading.whole(v, "header_row", 1..=1_000));
    let key = top.take("key").map(|v| reading.texts(v, "key"));
    let ignore = top.take("ignore").map_or_else(Vec::new, |v| reading.texts(v, "ignore"));
    let when = top.take("when").map_or_else(Vec::new, |v| conditions::read(reading, v, "when"));
    let events = top.take("event");
    let known: Vec<&str> = TOP.into_iter().chain(["event"]).collect();
    reading.left_over(&top, "", &known);

    let mut mapping = Mapping { file: file.to_owned(), name, settings, tables: Vec::new() };
    let listed = events.and_then(|v| v.get_ref().as_array());
    if listed.is_none_or(|list| list.is_empty()) {
        let span = events.map_or(0..0, Value::span);
        reading.problem(&span, "event", Mismatch::new("no event", "at least one [[event]], with its type and fields"));
    }
    for value in listed.into_iter().flatten() {
        let Some(of_event) = value.get_ref().as_table() else {
            reading.wrong::<()>(value, "event", "a table: [[event]]");
            continue;
        };
        let defaults = Defaults { sheet: sheet.as_deref(), key: key.as_deref(), when: &when };
        let Some((sheet, rule)) = event(reading, value, of_event, &defaults) else { continue };
        let place = mapping.tables.iter().position(|t| t.sheet == sheet);
        let place = place.unwrap_or_else(|| {
            mapping.tables.push(Table { sheet, header_row, ignore: ignore.clone(), events: Vec::new() });
            mapping.tables.len() - 1
        });
        let events = &mut mapping.tables[place].events;
        if events.iter().any(|e| e.part == rule.part) {
            let mismatch = Mismatch::new(format!("two events called {:?} of one row", rule.part), "a name of its own for each");
            reading.problem(&value.span(), "event.part", mismatch.hint("give the second one a part, as in part = \"cosignature\""));
        }
        events.push(rule);
    }
    mapping
}

/// What the events of a mapping share if they do not say otherwise.
struct Defaults<'d> {
    sheet: Option<&'d str>,
    key: Option<&'d [String]>,
    when: &'d [Condition<String>],
}

fn event(reading: &mut Reading<'_>, value: &Value<'_>, of_event: &DeTable<'_>, defaults: &Defaults<'_>) -> Option<(Option<String>, EventRule<String>)> {
    let mut taken = Taken::new(of_event);
    let schema = match taken.take("type") {
        None => {
            reading.problem(&value.span(), "event.type", Mismatch::new("nothing", "the type of the event, as in type = \"contact_recorded\""));
            None
        }
        Some(named) => {
            let name = reading.text(named, "event.type");
            name.and_then(|name| format::importable(&name).map_err(|mismatch| reading.problem(&named.span(), "event.type", mismatch)).ok())
        }
    };
    let sheet = taken.take("sheet").and_then(|v| reading.text(v, "event.sheet")).or_else(|| defaults.sheet.map(str::to_owned));
    let key = taken.take("key").map(|v| reading.texts(v, "event.key")).or_else(|| defaults.key.map(<[String]>::to_vec));
    let part_value = taken.take("part");
    let part = part_value.and_then(|v| part(reading, v));
    let mut when = defaults.when.to_vec();
    when.extend(taken.take("when").map_or_else(Vec::new, |v| conditions::read(reading, v, "event.when")));
    let fields = taken.take("fields");
    reading.left_over(&taken, "event", &OF_EVENT);
    let schema = schema?;
    let Some(of_fields) = fields.and_then(|f| f.get_ref().as_table()) else {
        let span = fields.map_or_else(|| value.span(), Value::span);
        let wanted = format!("[event.fields] with the fields of {}", schema.name);
        reading.problem(&span, "event.fields", Mismatch::new("nothing", wanted));
        return None;
    };
    let context = Context { schema, part: part.as_deref().unwrap_or(schema.name) };
    let fields = table::fields(reading, &context, of_fields);
    let is_named = fields.iter().any(|(column, _)| column.name == "source_id");
    let key = match key {
        Some(key) => key,
        None if is_named => Vec::new(),
        None => {
            let mismatch = Mismatch::new("no key", "key = [...], the columns whose values name a row and stay the same when it is exported again");
            reading.problem(&value.span(), "key", mismatch.hint("without such columns write key = []: a row that changes is then a new event"));
            return None;
        }
    };
    let line = reading.line(&value.span());
    let part = part.unwrap_or_else(|| schema.name.to_owned());
    Some((sheet, EventRule { schema, part, key, when, fields, line }))
}

fn source(reading: &mut Reading<'_>, value: Option<&Value<'_>>) -> String {
    let wanted = format!("1 to {MAX_SOURCE} characters of a-z 0-9 - for the system the file is from, as in source = \"ehr\"");
    let Some(value) = value else {
        reading.problem(&(0..0), "source", Mismatch::new("nothing", wanted).hint("it begins the id of every event, so that two systems never collide"));
        return String::new();
    };
    let text = reading.text(value, "source").unwrap_or_default();
    let fits = (1..=MAX_SOURCE).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !fits {
        reading.wrong::<()>(value, "source", &wanted);
    }
    text
}

fn part(reading: &mut Reading<'_>, value: &Value<'_>) -> Option<String> {
    let text = reading.text(value, "event.part")?;
    let fits = (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if fits { Some(text) } else { reading.wrong(value, "event.part", "1 to 32 characters of A-Z a-z 0-9 _ -") }
}

fn zone(reading: &mut Reading<'_>, value: &Value<'_>) -> Option<Zone> {
    match reading.text(value, "zone")?.as_str() {
        "America/New_York" => Some(Zone::NewYork),
        "UTC" => Some(Zone::Utc),
        _ => reading.wrong(value, "zone", "America/New_York, which it is without this line, or UTC"),
    }
}

/// One date pattern or a list of them.
pub(crate) fn patterns(reading: &mut Reading<'_>, value: &Value<'_>, field: &str) -> Vec<Pattern> {
    let texts = reading.texts(value, field);
    texts.iter().filter_map(|text| Pattern::read(text).map_err(|m| reading.problem(&value.span(), field, m)).ok()).collect()
}
