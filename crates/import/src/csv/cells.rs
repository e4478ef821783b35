//! A cell as the value its column holds, and back.
//! Turns only text into values; whether a value is a good one, the type of the field says.

use domain::field::{Kind, Mismatch, Raw};
use domain::given::{Given, items, trimmed};

use crate::json;
use crate::line::Held;

/// Between the items of a list in a cell.
const LIST_SEPARATOR: u8 = b';';

/// Reads a cell. A blank cell is an absent value; text is kept as it is, everything else is trimmed.
///
/// # Errors
/// A cell that should hold JSON and does not.
pub(crate) fn read<'a>(kind: &Kind, cell: &'a str) -> Result<Raw<'a>, Mismatch> {
    held(kind, cell).map(Held::into_raw)
}

/// The same, lent by the row where the cell is the value.
///
/// # Errors
/// As [`read`].
pub(crate) fn held<'a>(kind: &Kind, cell: &'a str) -> Result<Held<'a>, Mismatch> {
    lent(kind, cell).map_or_else(|| made(kind, trimmed(cell), cell).map(Held::Own), |given| Ok(Held::Lent(given)))
}

/// The cell as the value that it is; `None` where it is only written in the cell.
#[inline]
pub(crate) fn lent<'a>(kind: &Kind, cell: &'a str) -> Option<Given<'a>> {
    let cell_text = trimmed(cell);
    if cell_text.is_empty() {
        return Some(Given::Absent);
    }
    match kind {
        Kind::Text | Kind::Confidential => Some(Given::Text(cell)),
        Kind::Id(_) | Kind::BirthDate | Kind::Day | Kind::Instant | Kind::DayOrInstant | Kind::Word(_) | Kind::Digest => Some(Given::Text(cell_text)),
        Kind::List(Kind::Text | Kind::Id(_) | Kind::Word(_) | Kind::Digest) => Some(Given::Items(cell_text, LIST_SEPARATOR)),
        Kind::Bool | Kind::Int { .. } | Kind::Scalar | Kind::List(_) | Kind::Record(_) | Kind::Changes => None,
    }
}

/// A value that is written in a cell which is not blank.
fn made<'a>(kind: &Kind, cell_text: &'a str, cell: &'a str) -> Result<Raw<'a>, Mismatch> {
    Ok(match kind {
        Kind::Text | Kind::Confidential => Raw::text(cell),
        Kind::Id(_) | Kind::BirthDate | Kind::Day | Kind::Instant | Kind::DayOrInstant | Kind::Word(_) | Kind::Digest => Raw::text(cell_text),
        // A spreadsheet that saved `true` again writes `TRUE`; there is nothing else it could mean.
        Kind::Bool if cell_text.eq_ignore_ascii_case("true") => Raw::Bool(true),
        Kind::Bool if cell_text.eq_ignore_ascii_case("false") => Raw::Bool(false),
        Kind::Bool => Raw::text(cell_text),
        Kind::Int { .. } => number(cell_text).unwrap_or(Raw::text(cell_text)),
        Kind::Scalar => match cell_text {
            "true" => Raw::Bool(true),
            "false" => Raw::Bool(false),
            _ => number(cell_text).unwrap_or(Raw::text(cell)),
        },
        Kind::List(inner) if !matches!(inner, Kind::Record(_)) => {
            let items = items(cell_text, LIST_SEPARATOR).map(|item| read(inner, item).map(blank_item));
            Raw::List(items.collect::<Result<_, _>>()?)
        }
        Kind::List(_) | Kind::Record(_) | Kind::Changes => {
            json::value(cell_text).map_err(|error| Mismatch { wanted: "JSON text".into(), ..json::mismatch(&error) })?
        }
    })
}

/// Nothing between two separators is an item too, and an empty one: never a silent gap.
fn blank_item(item: Raw<'_>) -> Raw<'_> {
    if item == Raw::Null { Raw::text("") } else { item }
}

/// A number as JSON writes it: no leading zeros or plus sign, which are how ids and codes lose meaning.
fn number(text: &str) -> Option<Raw<'_>> {
    let numeric = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'));
    json::value(text).ok().filter(|_| numeric)
}

/// Writes a value so that [`read`] gives it back; `None` when a cell cannot hold it.
pub(crate) fn to_cell(kind: &Kind, raw: &Raw<'_>) -> Option<String> {
    let cell = match raw {
        Raw::Null => return Some(String::new()),
        Raw::List(items) if items.is_empty() => return Some(String::new()),
        Raw::Bool(b) => b.to_string(),
        Raw::Int(n) => n.to_string(),
        Raw::Number(n) => n.to_string(),
        Raw::Text(text) => text.to_string(),
        Raw::List(_) if matches!(kind, Kind::List(Kind::Record(_))) => crate::write::json(raw),
        Raw::List(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(Raw::as_text).collect();
            texts?.join(&char::from(LIST_SEPARATOR).to_string())
        }
        Raw::Record(_) => crate::write::json(raw),
    };
    // What would be read back as something else, a list item with a semicolon or a text that looks like a number, has no cell.
    let fits = read(kind, &cell).is_ok_and(|again| again == *raw);
    fits.then_some(cell)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn cells_become_what_their_column_holds() {
        let list = Kind::List(&Kind::Text);
        for (kind, cell, expected) in [
            (Kind::Text, "  ", Raw::Null),
            (Kind::Text, " kept ", Raw::text(" kept ")),
            (Kind::Day, " 2025-03-04 ", Raw::text("2025-03-04")),
            (Kind::Bool, "TRUE", Raw::Bool(true)),
            (Kind::Bool, "yes", Raw::text("yes")),
            (Kind::Int { min: 0, max: 9 }, "4", Raw::Int(4)),
            (Kind::Int { min: 0, max: 9 }, "4.0", Raw::Number("4.0".into())),
            (Kind::Int { min: 0, max: 9 }, "1,200", Raw::text("1,200")),
            (Kind::Scalar, "12.50", Raw::Number("12.50".into())),
            (Kind::Scalar, "007", Raw::text("007")),
            (Kind::Scalar, "true", Raw::Bool(true)),
            (Kind::Scalar, "2025-03-04", Raw::text("2025-03-04")),
            (list, "a; b ;c", Raw::List(vec![Raw::text("a"), Raw::text("b"), Raw::text("c")])),
            (list, "a;", Raw::List(vec![Raw::text("a"), Raw::text("")])),
            (Kind::Changes, r#"{"to":null}"#, Raw::Record(vec![("to".into(), Raw::Null)])),
        ] {
            assert_eq!(read(&kind, cell).unwrap(), expected, "{cell:?}");
        }
        assert!(read(&Kind::Changes, "{").is_err());
    }

    #[test]
    fn what_a_cell_cannot_hold_is_not_written() {
        let list = Kind::List(&Kind::Text);
        assert_eq!(to_cell(&list, &Raw::List(vec![Raw::text("a;b")])), None);
        assert_eq!(to_cell(&Kind::Scalar, &Raw::text("12")), None);
        assert_eq!(to_cell(&Kind::Scalar, &Raw::Int(12)).as_deref(), Some("12"));
        assert_eq!(to_cell(&list, &Raw::List(vec![Raw::text("a"), Raw::text("b")])).as_deref(), Some("a;b"));
        assert_eq!(to_cell(&list, &Raw::List(vec![])).as_deref(), Some(""));
    }
}
