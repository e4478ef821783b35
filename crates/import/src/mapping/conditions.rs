//! When a row gives an event: read from a mapping, and asked of a row.
//! A cell that cannot be read answers nothing; it is a problem, so that no event is left out for an error in a spreadsheet.

use domain::field::Mismatch;

use crate::mapping::rule::{Condition, Test};
use crate::mapping::toml_value::{Reading, Taken, Value};

const KNOWN: [&str; 4] = ["column", "is", "not", "blank"];

/// Reads `"Column"`, `{ column = "Status", is = ["Signed"] }`, or a list of such.
pub(crate) fn read(reading: &mut Reading<'_>, value: &Value<'_>, field: &str) -> Vec<Condition<String>> {
    if let Some(items) = value.get_ref().as_array() {
        return items.iter().filter_map(|item| one(reading, item, field)).collect();
    }
    one(reading, value, field).into_iter().collect()
}

fn one(reading: &mut Reading<'_>, value: &Value<'_>, field: &str) -> Option<Condition<String>> {
    if let Some(column) = value.get_ref().as_str() {
        return Some(Condition { column: column.to_owned(), test: Test::Filled });
    }
    let Some(table) = value.get_ref().as_table() else {
        return reading.wrong(value, field, "a column that must be filled, or { column = \"...\", is = [\"...\"] }");
    };
    let mut taken = Taken::new(table);
    let column = taken.take("column").and_then(|v| reading.text(v, field));
    let is = taken.take("is").map(|v| Test::Is(lowered(reading.texts(v, field))));
    let not = taken.take("not").map(|v| Test::Not(lowered(reading.texts(v, field))));
    let blank = taken.take("blank").map(|v| if v.get_ref().as_bool() == Some(true) { Test::Blank } else { Test::Filled });
    reading.left_over(&taken, field, &KNOWN);
    let mut tests = [is, not, blank].into_iter().flatten();
    let test = tests.next().unwrap_or(Test::Filled);
    if tests.next().is_some() {
        let mismatch = Mismatch::new("several of is, not and blank", "one of them");
        reading.problem(&value.span(), field, mismatch.hint("write two conditions in a list: both must hold"));
    }
    match column {
        Some(column) => Some(Condition { column, test }),
        None => reading.wrong(value, field, "a column = \"...\""),
    }
}

fn lowered(words: Vec<String>) -> Vec<String> {
    words.into_iter().map(|w| w.trim().to_lowercase()).collect()
}

impl Test {
    /// Whether a cell with this text, trimmed, passes.
    pub(crate) fn holds(&self, text: &str) -> bool {
        let among = |words: &[String]| words.iter().any(|w| w.eq_ignore_ascii_case(text) || *w == text.to_lowercase());
        match self {
            Test::Filled => !text.is_empty(),
            Test::Blank => text.is_empty(),
            Test::Is(words) => among(words),
            Test::Not(words) => !among(words),
        }
    }
}
