//! The fields of an event as a mapping gives them: each a column, a constant, or one of the few ways to put columns together.
//! Refuses names where an id belongs: two people share a name, one person changes it, and the ledger holds pseudonyms.

use domain::event::TypeSchema;
use domain::field::{Kind, Mismatch, Raw};
use domain::ids::IdKind;
use domain::words::nearest;
use toml::de::{DeTable, DeValue};

use crate::csv::{Column, possible, read_cell_text};
use crate::mapping::file::patterns;
use crate::mapping::rule::{CellRule, FieldRule, Values, header_key};
use crate::mapping::toml_value::{Reading, Taken, Value, describe};

/// The event whose fields are read.
pub(crate) struct Context<'c> {
    pub(crate) schema: &'static TypeSchema,
    pub(crate) part: &'c str,
}

const KNOWN: [&str; 17] = [
    "column", "value", "values", "other", "blank", "split", "width", "prefix", "unit", "dates", "date", "time", "after", "minutes", "join",
    "with", "ticked",
];

/// Reads `[event.fields]`, in the order of the type's fields.
pub(crate) fn fields(reading: &mut Reading<'_>, context: &Context<'_>, table: &DeTable<'_>) -> Vec<(Column, FieldRule<String>)> {
    let possible: Vec<Column> = possible(context.schema).into_iter().map(|(column, _)| column).collect();
    let names: Vec<&str> = possible.iter().map(|c| c.name).collect();
    for (name, _) in table {
        let found = name.get_ref().as_ref();
        if !names.contains(&found) {
            let mismatch = Mismatch::new(format!("{found:?}"), format!("a field of {}", context.schema.name));
            let mismatch = match nearest(found, &names) {
                Some(close) => mismatch.hint(format!("did you mean {close}?")),
                None => mismatch.hint(format!("its fields are {}", names.join(", "))),
            };
            reading.problem(&name.span(), context.part, mismatch);
        }
    }
    let mut rules = Vec::new();
    for column in possible {
        let Some((_, value)) = table.iter().find(|(name, _)| name.get_ref().as_ref() == column.name) else { continue };
        let field = format!("{}.{}", context.part, column.name);
        if let Some(rule) = rule(reading, &field, column, value, table) {
            names_for_ids(reading, &field, column, value, &rule);
            rules.push((column, rule));
        }
    }
    rules
}

fn rule(reading: &mut Reading<'_>, field: &str, column: Column, value: &Value<'_>, all: &DeTable<'_>) -> Option<FieldRule<String>> {
    if let Some(name) = value.get_ref().as_str() {
        return Some(FieldRule::Cell(plain(name)));
    }
    let Some(table) = value.get_ref().as_table() else {
        let wanted = "the name of a column in quotes, or { value = ... } for what is the same in every row";
        return reading.wrong(value, field, wanted);
    };
    let mut taken = Taken::new(table);
    let rule = if let Some(constant) = taken.take("value") {
        constant_of(reading, field, &column.kind, constant).map(FieldRule::Constant)
    } else if let Some(date) = taken.take("date") {
        let time = taken.take("time").and_then(|v| reading.text(v, field));
        let dates = taken.take("dates").map(|v| patterns(reading, v, field));
        match (reading.text(date, field), time) {
            (Some(date), Some(time)) => Some(FieldRule::Moment { date, time, dates }),
            (Some(_), None) => reading.wrong(value, field, "a time = \"...\" beside the date"),
            (None, _) => None,
        }
    } else if let Some(after) = taken.take("after") {
        let minutes = taken.take("minutes").and_then(|v| reading.text(v, field));
        let start = reading.text(after, field).and_then(|name| start_of(reading, field, after, &name, column, all));
        match (start, minutes) {
            (Some(start), Some(minutes)) => Some(FieldRule::After { start: Box::new(start), minutes }),
            (Some(_), None) => reading.wrong(value, field, "minutes = \"...\", the column with the length"),
            (None, _) => None,
        }
    } else if let Some(join) = taken.take("join") {
        let columns = reading.texts(join, field);
        let with = taken.take("with").and_then(|v| reading.text(v, field)).unwrap_or_else(|| "-".to_owned());
        let prefix = taken.take("prefix").and_then(|v| reading.text(v, field)).unwrap_or_default();
        Some(FieldRule::Join { columns, with, prefix })
    } else if let Some(ticked) = taken.take("ticked") {
        ticks(reading, field, &column.kind, ticked)
    } else {
        cell(reading, field, &column.kind, value, &mut taken).map(FieldRule::Cell)
    };
    reading.left_over(&taken, field, &KNOWN);
    rule
}

fn plain(name: &str) -> CellRule<String> {
    let (values, other, blank, width, dates) = (None, None, None, None, None);
    CellRule { column: name.to_owned(), values, other, blank, split: ";".to_owned(), width, prefix: String::new(), dollars: false, dates }
}

fn cell(reading: &mut Reading<'_>, field: &str, kind: &Kind, value: &Value<'_>, taken: &mut Taken<'_, '_>) -> Option<CellRule<String>> {
    let Some(named) = taken.take("column") else {
        return reading.wrong(value, field, "one of column, value, date, after, join, ticked");
    };
    let mut rule = plain(&reading.text(named, field)?);
    let item = if let Kind::List(inner) = kind { inner } else { kind };
    if let Some(values) = taken.take("values") {
        rule.values = values_of(reading, field, item, values);
    }
    rule.other = taken.take("other").and_then(|v| constant_of(reading, field, item, v));
    rule.blank = taken.take("blank").and_then(|v| constant_of(reading, field, kind, v));
    if let Some(split) = taken.take("split").and_then(|v| reading.text(v, field)) {
        rule.split = split;
    }
    rule.width = taken.take("width").and_then(|v| reading.whole(v, field, 1..=64)).and_then(|n| usize::try_from(n).ok());
    rule.prefix = taken.take("prefix").and_then(|v| reading.text(v, field)).unwrap_or_default();
    rule.dates = taken.take("dates").map(|v| patterns(reading, v, field));
    if let Some(unit) = taken.take("unit") {
        rule.dollars = reading.text(unit, field).as_deref() == Some("dollars");
        if !rule.dollars {
            reading.wrong::<()>(unit, field, "\"dollars\"; without a unit money is in cents");
        }
    }
    if rule.split.is_empty() {
        reading.wrong::<()>(value, field, "a split of at least one character");
    }
    if rule.other.is_some() && rule.values.is_none() {
        reading.wrong::<()>(value, field, "values beside other: what the other words are other than");
    }
    Some(rule)
}

/// `{ "In clinic" = "onsite", "Unknown" = "" }`; nothing in quotes stands for an absent value.
fn values_of(reading: &mut Reading<'_>, field: &str, kind: &Kind, value: &Value<'_>) -> Option<Values> {
    let Some(table) = value.get_ref().as_table() else {
        return reading.wrong(value, field, "values = { \"what the file says\" = \"what it stands for\" }");
    };
    let mut values = Values::default();
    for (word, meaning) in in_order(table) {
        let Some(raw) = constant_of(reading, field, kind, meaning) else { continue };
        if !values.add(word.get_ref(), raw) {
            let mismatch = Mismatch::new(format!("{:?} twice, but for capitals", word.get_ref()), "each word once");
            reading.problem(&word.span(), field, mismatch.hint("capitals make no difference"));
        }
    }
    Some(values)
}

/// The pairs of a table as they stand in the file.
fn in_order<'v, 't>(table: &'v DeTable<'t>) -> Vec<(&'v toml::Spanned<std::borrow::Cow<'t, str>>, &'v Value<'t>)> {
    let mut pairs: Vec<_> = table.iter().collect();
    pairs.sort_by_key(|(key, _)| key.span().start);
    pairs
}

fn ticks(reading: &mut Reading<'_>, field: &str, kind: &Kind, value: &Value<'_>) -> Option<FieldRule<String>> {
    let (Kind::List(item), Some(table)) = (kind, value.get_ref().as_table()) else {
        return reading.wrong(value, field, "for a field that is a list: ticked = { \"Column\" = \"item\" }");
    };
    let items = in_order(table).into_iter().filter_map(|(column, item_value)| {
        let raw = constant_of(reading, field, item, item_value)?;
        Some((column.get_ref().to_string(), raw))
    });
    Some(FieldRule::Ticked(items.collect()))
}

/// A value written in the mapping, as the kind of the field has it.
fn constant_of(reading: &mut Reading<'_>, field: &str, kind: &Kind, value: &Value<'_>) -> Option<Raw<'static>> {
    let raw = match (value.get_ref(), kind) {
        (DeValue::Array(items), Kind::List(inner)) => {
            return Some(Raw::List(items.iter().filter_map(|item| constant_of(reading, field, inner, item)).collect()));
        }
        (DeValue::String(text), _) => match read_cell_text(kind, text) {
            Ok(raw) => raw.into_owned(),
            Err(mismatch) => {
                reading.problem(&value.span(), field, mismatch);
                return None;
            }
        },
        (DeValue::Integer(n), Kind::Int { .. } | Kind::Scalar) => Raw::Int(i64::from_str_radix(n.as_str(), n.radix()).ok()?),
        (DeValue::Boolean(b), Kind::Bool | Kind::Scalar) => Raw::Bool(*b),
        (other, _) => {
            let mismatch = Mismatch::new(describe(other), domain::field::wanted(kind));
            reading.problem(&value.span(), field, mismatch.hint("put it in quotes"));
            return None;
        }
    };
    if let (Kind::Word(words), Some(text)) = (kind, raw.as_text())
        && !words.contains(&text)
    {
        let mismatch = Mismatch::new(format!("{text:?}"), domain::field::wanted(kind));
        let hint = nearest(text, words).map(|word| format!("did you mean {word}?"));
        reading.problem(&value.span(), field, hint.map_or(mismatch.clone(), |hint| mismatch.hint(hint)));
        return None;
    }
    Some(raw)
}

/// The instant that another field of the event gives, for `after`.
fn start_of(reading: &mut Reading<'_>, field: &str, at: &Value<'_>, name: &str, column: Column, all: &DeTable<'_>) -> Option<FieldRule<String>> {
    let found = all.iter().find(|(key, _)| key.get_ref().as_ref() == name && name != column.name);
    let is_after = |v: &Value<'_>| v.get_ref().as_table().is_some_and(|t| t.iter().any(|(key, _)| key.get_ref().as_ref() == "after"));
    match found {
        // One step only, so that two fields cannot each come after the other.
        Some((_, value)) if !is_after(value) => rule(reading, field, Column { kind: Kind::Instant, ..column }, value, all),
        _ => reading.wrong(at, field, "another field of the event that has columns of its own, as in after = \"start\""),
    }
}

/// Words of headers that are about the name of somebody.
pub(crate) fn is_name(column: &str) -> bool {
    let key = header_key(column);
    let words: Vec<&str> = key.split(|c: char| !c.is_alphanumeric()).collect();
    words.iter().any(|w| matches!(*w, "name" | "names" | "firstname" | "lastname" | "surname" | "fullname" | "fname" | "lname"))
}

fn names_for_ids(reading: &mut Reading<'_>, field: &str, column: Column, value: &Value<'_>, rule: &FieldRule<String>) {
    let kind = if let Kind::List(inner) = column.kind { *inner } else { column.kind };
    let is_somebody = matches!(kind, Kind::Id(IdKind::Person | IdKind::Individual));
    let named: Option<&String> = match rule {
        FieldRule::Join { columns, .. } => columns.iter().find(|c| is_name(c)),
        FieldRule::Cell(cell) if is_somebody && cell.values.is_none() => Some(&cell.column).filter(|c| is_name(c)),
        FieldRule::Cell(_) | FieldRule::Constant(_) | FieldRule::Moment { .. } | FieldRule::After { .. } | FieldRule::Ticked(_) => None,
    };
    if let Some(name) = named {
        let mismatch = Mismatch::new(format!("the column {name:?}, a name"), "a column of ids");
        let hint = "two people share a name, one person changes it, and the ledger holds no names: have the system export its id";
        reading.problem(&value.span(), field, mismatch.hint(hint));
    }
}
