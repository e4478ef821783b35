//! How ids, truth, numbers, money and words are spelled in spreadsheets, and what each spelling stands for.
//! Where digits are lost, nothing is made up for them.

use std::borrow::Cow;

use domain::field::{Kind, Mismatch, Raw, wanted};
use domain::given::Given;
use domain::words::nearest;

use crate::csv::read_cell_text;
use crate::line::Held;
use crate::mapping::rule::{CellRule, Values};
use crate::mapping::value::{Value, describe, number_text, plain, readable};

/// Digits that a number of a spreadsheet keeps.
const EXACT: f64 = 1e15;

/// A cell that is the value of its field already, as those of most columns are; `None` for all that need a second look.
#[inline]
pub(super) fn as_it_stands<'a>(kind: &Kind, rule: &CellRule<usize>, value: Value<'a>) -> Option<Given<'a>> {
    let Value::Text(text) = value else { return None };
    if !rule.is_plain() {
        return None;
    }
    match kind {
        Kind::Id(_) => (!may_be_abbreviated(text)).then_some(Given::Text(text)),
        Kind::Text | Kind::Confidential | Kind::Digest => Some(Given::Text(text)),
        Kind::Word(words) => words.iter().find(|word| **word == text).map(|word| Given::Text(word)),
        Kind::List(Kind::Text | Kind::Digest) => rule.split_byte().map(|between| Given::Items(text, between)),
        Kind::BirthDate
        | Kind::Day
        | Kind::Instant
        | Kind::DayOrInstant
        | Kind::Bool
        | Kind::Int { .. }
        | Kind::Scalar
        | Kind::List(_)
        | Kind::Record(_)
        | Kind::Changes => None,
    }
}

/// The value with a prefix before it.
pub(super) fn prefixed<'a>(plain: Cow<'a, str>, prefix: &str) -> Held<'a> {
    Held::of(if prefix.is_empty() { plain } else { Cow::Owned(format!("{prefix}{plain}")) })
}

/// An id, with the digits a spreadsheet dropped put back where the mapping says how many there were.
pub(super) fn id<'a>(value: Value<'a>, rule: &CellRule<usize>) -> Result<Held<'a>, Mismatch> {
    let plain = if let Value::Text(text) = value {
        Cow::Borrowed(text)
    } else if let Value::Number(n) = value {
        Cow::Owned(id_number(n)?)
    } else {
        return Err(Mismatch::new(describe(value), "an id").hint("format the column as text in the spreadsheet"));
    };
    if is_abbreviated(&plain) {
        let mismatch = Mismatch::new(format!("{plain:?}, a number that a spreadsheet abbreviated"), "an id with all its digits");
        return Err(mismatch.hint("the digits are lost: export it again, with the column as text"));
    }
    let width = rule.width.unwrap_or(0);
    if plain.len() < width && plain.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(prefixed(Cow::Owned(format!("{plain:0>width$}")), &rule.prefix));
    }
    Ok(prefixed(plain, &rule.prefix))
}

/// The digits of a numeric cell that is an id.
pub(crate) fn id_number(n: f64) -> Result<String, Mismatch> {
    if n.fract() != 0.0 || n < 0.0 {
        return Err(Mismatch::new(format!("the number {n}"), "an id").hint("format the column as text in the spreadsheet"));
    }
    if n >= EXACT {
        let mismatch = Mismatch::new(format!("{n}, a number of more digits than a spreadsheet keeps"), "an id with all its digits");
        return Err(mismatch.hint("the last digits are lost: export it again, with the column as text"));
    }
    Ok(number_text(n))
}

/// Whether a text has the plus sign of an exponent, which no id has.
fn may_be_abbreviated(text: &str) -> bool {
    text.bytes().any(|b| b == b'+')
}

/// `1.23457E+11`
fn is_abbreviated(text: &str) -> bool {
    if !text.ends_with(|c: char| c.is_ascii_digit() || c == '.') || !may_be_abbreviated(text) {
        return false;
    }
    let Some((digits, exponent)) = text.split_once(['E', 'e']) else { return false };
    let is_number = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    exponent.strip_prefix('+').is_some_and(is_number) && is_number(digits)
}

/// An id of several columns.
pub(super) fn join<'a>(values: impl Iterator<Item = Value<'a>>, with: &str, prefix: &str) -> Result<Raw<'a>, Mismatch> {
    let mut joined = String::from(prefix);
    let (mut given, mut blank) = (0, 0);
    for value in values {
        let piece = if let Value::Number(n) = value { Cow::Owned(id_number(n)?) } else { plain(readable(value, &Kind::Text)?)? };
        if piece.is_empty() {
            blank += 1;
            continue;
        }
        if given > 0 {
            joined.push_str(with);
        }
        joined.push_str(&piece);
        given += 1;
    }
    match (given, blank) {
        (0, _) => Ok(Raw::Null),
        (_, 0) => Ok(Raw::owned(joined)),
        _ => Err(Mismatch::new(format!("{joined:?}, with a column left blank"), "a value in every column that is joined")),
    }
}

const YES: [&str; 6] = ["yes", "y", "true", "x", "1", "\u{2713}"];
const NO: [&str; 5] = ["no", "n", "false", "0", "-"];

fn yes_or_no(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|w| w.eq_ignore_ascii_case(text));
    if is(&YES) { Some(true) } else { is(&NO).then_some(false) }
}

/// Yes or no.
pub(super) fn truth(value: Value<'_>) -> Result<Raw<'_>, Mismatch> {
    let answer = if let Value::Bool(b) = value { Some(b) } else { yes_or_no(&plain(value)?) };
    answer.map(Raw::Bool).ok_or_else(|| Mismatch::new(describe(value), "yes or no").hint("say with values what the other words stand for"))
}

/// Whether a column is ticked; a blank one is not.
pub(super) fn is_ticked(value: Value<'_>) -> Result<bool, Mismatch> {
    let value = readable(value, &Kind::Bool)?;
    if value == Value::Absent { Ok(false) } else { truth(value).map(|raw| raw == Raw::Bool(true)) }
}

/// A whole number.
pub(super) fn whole<'a>(kind: &Kind, value: Value<'a>) -> Result<Raw<'a>, Mismatch> {
    if let Value::Text(text) = value {
        // Claims write 3 units as 3.00.
        let digits = text.split_once('.').filter(|(_, zeros)| zeros.bytes().all(|b| b == b'0')).map_or(text, |(whole, _)| whole);
        return read_cell_text(kind, digits).map(|raw| if raw.as_int().is_some() { raw } else { Raw::text(text) });
    }
    let number = if let Value::Number(n) = value { Some(n).filter(|n| n.fract() == 0.0 && n.abs() < EXACT) } else { None };
    number.map(|n| Raw::Int(n as i64)).ok_or_else(|| Mismatch::new(describe(value), wanted(kind)))
}

/// Dollars as `$1,234.50`, to cents.
pub(super) fn cents(value: Value<'_>) -> Result<Raw<'_>, Mismatch> {
    let refused = || Mismatch::new(describe(value), "an amount in dollars and whole cents, as in 1,234.50");
    if let Value::Number(n) = value {
        let cents = (n * 100.0).round();
        return if (n * 100.0 - cents).abs() < 1e-4 && cents.abs() < EXACT { Ok(Raw::Int(cents as i64)) } else { Err(refused()) };
    }
    let Value::Text(text) = value else { return Err(refused()) };
    let text = text.strip_prefix('$').unwrap_or(text).trim();
    let (dollars, cents) = text.split_once('.').unwrap_or((text, "00"));
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let mut groups = dollars.split(',');
    let grouped = groups.next().is_some_and(|first| digits(first) && (dollars.len() == first.len() || first.len() <= 3));
    if !grouped || !groups.all(|g| g.len() == 3 && digits(g)) || !digits(cents) || cents.len() > 2 {
        return Err(refused());
    }
    let dollars: i64 = dollars.replace(',', "").parse().map_err(|_| refused())?;
    let cents: i64 = format!("{cents:0<2}").parse().map_err(|_| refused())?;
    dollars.checked_mul(100).and_then(|d| d.checked_add(cents)).map(Raw::Int).ok_or_else(refused)
}

/// A word of the interchange, however it is capitalised and spaced.
pub(super) fn word<'a>(value: Value<'a>, words: &'static [&'static str]) -> Result<Held<'a>, Mismatch> {
    let Value::Text(text) = value else { return plain(value).map(Held::of) };
    let same = |word: &str| {
        let spelled = text.bytes().map(|b| if matches!(b, b' ' | b'-') { b'_' } else { b.to_ascii_lowercase() });
        word.len() == text.len() && word.bytes().map(|b| b.to_ascii_lowercase()).eq(spelled)
    };
    let known = words.iter().find(|w| **w == text).or_else(|| words.iter().find(|w| same(w)));
    known.map(|word| Held::text(word)).ok_or_else(|| {
        let mismatch = Mismatch::new(Raw::text(text).describe(), wanted(&Kind::Word(words)));
        mismatch.hint("say with values = { ... } which of them it stands for")
    })
}

/// A word that the mapping does not know.
pub(super) fn unknown(word: &str, values: &Values) -> Mismatch {
    let words: Vec<&str> = values.words().iter().map(String::as_str).collect();
    let mismatch = Mismatch::new(format!("{word:?}"), format!("one of {}", words.join(", ")));
    match nearest(word, &words) {
        Some(close) => mismatch.hint(format!("did you mean {close}? Otherwise add it to the values of the mapping")),
        None => mismatch.hint("add it to the values of the mapping, with what it stands for"),
    }
}
