//! TOML values with their lines, taken out of a table one by one; what is left over was not known.
//! Says of every wrong value what was found, what was wanted, and in which line of the mapping.

use std::ops::Range;

use domain::field::{FieldProblem, Mismatch};
use domain::words::nearest;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::{Problem, ProblemKind, Problems};

/// Problems of a mapping kept; beyond it they are counted.
const MAX_PROBLEMS: usize = 200;

/// A mapping being read, and what is wrong with it so far.
pub(crate) struct Reading<'t> {
    file: &'t str,
    text: &'t str,
    pub(crate) problems: Problems,
}

/// A value and where it stands.
pub(crate) type Value<'t> = Spanned<DeValue<'t>>;

impl<'t> Reading<'t> {
    pub(crate) fn new(file: &'t str, text: &'t str) -> Self {
        Self { file, text, problems: Problems::new(MAX_PROBLEMS) }
    }

    /// The line, from 1, on which a span begins.
    pub(crate) fn line(&self, span: &Range<usize>) -> u64 {
        self.text.bytes().take(span.start).filter(|b| *b == b'\n').count() as u64 + 1
    }

    pub(crate) fn problem(&mut self, span: &Range<usize>, field: &str, mismatch: Mismatch) {
        let line = self.line(span);
        let problem = FieldProblem { field: field.to_owned(), mismatch };
        self.problems.push(Problem::new(ProblemKind::Unreadable, self.file, line, problem));
    }

    pub(crate) fn text(&mut self, value: &Value<'_>, field: &str) -> Option<String> {
        match value.get_ref().as_str() {
            Some(text) => Some(text.to_owned()),
            None => self.wrong(value, field, "text in quotes"),
        }
    }

    /// One text or a list of them.
    pub(crate) fn texts(&mut self, value: &Value<'_>, field: &str) -> Vec<String> {
        match value.get_ref().as_array() {
            Some(items) => items.iter().filter_map(|item| self.text(item, field)).collect(),
            None => self.text(value, field).into_iter().collect(),
        }
    }

    pub(crate) fn whole(&mut self, value: &Value<'_>, field: &str, range: std::ops::RangeInclusive<u64>) -> Option<u64> {
        let number = value.get_ref().as_integer().and_then(|n| u64::from_str_radix(n.as_str(), n.radix()).ok());
        match number.filter(|n| range.contains(n)) {
            Some(number) => Some(number),
            None => self.wrong(value, field, &format!("a whole number from {} to {}", range.start(), range.end())),
        }
    }

    pub(crate) fn wrong<T>(&mut self, value: &Value<'_>, field: &str, wanted: &str) -> Option<T> {
        self.problem(&value.span(), field, Mismatch::new(describe(value.get_ref()), wanted));
        None
    }

    /// Whatever of a table was not taken.
    pub(crate) fn left_over(&mut self, table: &Taken<'_, '_>, field: &str, known: &[&str]) {
        for (name, _) in table.rest() {
            let found = name.get_ref().as_ref();
            let mismatch = Mismatch::new(format!("{found:?}"), format!("one of {}", known.join(", ")));
            let mismatch = match nearest(found, known) {
                Some(close) => mismatch.hint(format!("did you mean {close}?")),
                None => mismatch,
            };
            self.problem(&name.span(), field, mismatch);
        }
    }
}

/// What a value is, for a message.
pub(crate) fn describe(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("{:?}", text.chars().take(60).collect::<String>()),
        DeValue::Integer(n) => n.as_str().to_owned(),
        DeValue::Float(n) => n.as_str().to_owned(),
        DeValue::Boolean(b) => b.to_string(),
        DeValue::Datetime(at) => format!("the date {at}, without quotes"),
        DeValue::Array(items) => format!("a list of {}", items.len()),
        DeValue::Table(table) => format!("a table of {}", table.len()),
    }
}

/// A table and which of its values were asked for.
pub(crate) struct Taken<'v, 't> {
    table: &'v DeTable<'t>,
    asked: Vec<&'static str>,
}

impl<'v, 't> Taken<'v, 't> {
    pub(crate) fn new(table: &'v DeTable<'t>) -> Self {
        Self { table, asked: Vec::new() }
    }

    pub(crate) fn take(&mut self, name: &'static str) -> Option<&'v Value<'t>> {
        self.asked.push(name);
        self.table.iter().find(|(key, _)| key.get_ref().as_ref() == name).map(|(_, value)| value)
    }

    fn rest(&self) -> impl Iterator<Item = (&'v Spanned<std::borrow::Cow<'t, str>>, &'v Value<'t>)> {
        self.table.iter().filter(|(key, _)| !self.asked.contains(&key.get_ref().as_ref()))
    }
}
