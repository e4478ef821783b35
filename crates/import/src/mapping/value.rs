//! A cell as the value its field holds, by the rule of the mapping.
//! What a spreadsheet has lost or never had (digits, a stored result, the value under a merged cell) is a problem, never a blank.

use std::borrow::Cow;

use domain::ValidDay;
use domain::field::{Kind, Mismatch, Raw, wanted};
use domain::given::{Given, trimmed};
use sheets::Moment;

use crate::csv::{held_cell, read_cell_text};
use crate::line::Held;
use crate::mapping::clock::{self, Clock, Pattern};
use crate::mapping::rule::{CellRule, FieldRule};
use crate::mapping::spelling::{as_it_stands, cents, id, is_ticked, join, prefixed, truth, unknown, whole, word};

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Value<'a> {
    Absent,
    /// Text without blanks around it, and not empty.
    Text(&'a str),
    Number(f64),
    Bool(bool),
    Moment(Moment),
    /// A length of time in days.
    Duration(f64),
    Error(&'static str),
    Uncached,
    /// A blank cell merged with another one.
    Merged,
    /// Text with a NUL in it.
    Nul,
}

/// The cells of a row, by column.
pub(crate) trait Cells<'a> {
    /// Whether cells are text and nothing else, as those of CSV are.
    const ARE_TEXT: bool;
    fn get(&self, column: usize) -> Value<'a>;
}

/// The cells of a row of CSV.
pub(crate) struct TextCells<'a>(pub(crate) crate::csv::Cells<'a>);

impl<'a> Cells<'a> for TextCells<'a> {
    const ARE_TEXT: bool = true;
    #[inline]
    fn get(&self, column: usize) -> Value<'a> {
        match self.0.get(column).map(trimmed) {
            None | Some("") => Value::Absent,
            Some(text) if self.0.is_damaged(text) => Value::Nul,
            Some(text) => Value::Text(text),
        }
    }
}

/// How an instant is handed on that a row has as a date and a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Instants {
    /// As what it is, for an event that is read at once.
    Known,
    /// As the interchange writes it, for rows that are held against each other first.
    Written,
}

/// What reading a row needs beside the row.
pub(crate) struct Reader<'p, 'c> {
    pub(crate) dates: &'p [Pattern],
    pub(crate) clock: &'c mut Clock,
    pub(crate) instants: Instants,
}

impl<'p> Reader<'p, '_> {
    /// The value of a field.
    ///
    /// # Errors
    /// What is wrong with a cell.
    pub(crate) fn field<'a>(&mut self, kind: &Kind, rule: &'p FieldRule<usize>, cells: &impl Cells<'a>) -> Result<Held<'a>, Mismatch>
    where
        'p: 'a,
    {
        match rule {
            FieldRule::Constant(raw) => Ok(lent(raw)),
            FieldRule::Cell(cell) => {
                let value = cells.get(cell.column);
                // What nearly all cells of a column with a word list hold.
                if let Value::Text(text) = value
                    && !matches!(kind, Kind::List(_))
                    && let Some(raw) = cell.values.as_ref().and_then(|values| values.get(text))
                {
                    return Ok(lent(raw));
                }
                match as_it_stands(kind, cell, value) {
                    Some(given) => Ok(Held::Lent(given)),
                    None => self.cell(kind, cell, value),
                }
            }
            FieldRule::Moment { date, time, dates } => self.date_and_time(kind, cells.get(*date), cells.get(*time), dates.as_deref()),
            FieldRule::After { start, minutes } => self.after(start, cells.get(*minutes), cells),
            FieldRule::Join { columns, with, prefix } => join(columns.iter().map(|c| cells.get(*c)), with, prefix).map(Held::Own),
            FieldRule::Ticked(items) => {
                let mut list = Vec::new();
                for (column, item) in items {
                    if is_ticked(cells.get(*column))? {
                        list.push(lent(item).into_raw());
                    }
                }
                Ok(Held::Own(Raw::List(list)))
            }
        }
    }

    fn cell<'a>(&mut self, kind: &Kind, rule: &'p CellRule<usize>, value: Value<'a>) -> Result<Held<'a>, Mismatch>
    where
        'p: 'a,
    {
        let value = readable(value, kind)?;
        if value == Value::Absent {
            return Ok(rule.blank.as_ref().map_or(Held::ABSENT, lent));
        }
        if let Kind::List(inner) = kind
            && !matches!(inner, Kind::Record(_))
        {
            return self.list(inner, rule, value).map(Held::Own);
        }
        self.item(kind, rule, value)
    }

    fn list<'a>(&mut self, inner: &Kind, rule: &'p CellRule<usize>, value: Value<'a>) -> Result<Raw<'a>, Mismatch>
    where
        'p: 'a,
    {
        let Value::Text(text) = value else { return Ok(Raw::List(vec![self.item(inner, rule, value)?.into_raw()])) };
        let mut items = Vec::new();
        for item in text.split(rule.split.as_str()).map(trimmed) {
            // Nothing between two separators is an item too, and an empty one: never a silent gap.
            let raw = if item.is_empty() { Raw::text("") } else { self.item(inner, rule, Value::Text(item))?.into_raw() };
            // A word that stands for nothing is no item.
            if raw != Raw::Null {
                items.push(raw);
            }
        }
        Ok(Raw::List(items))
    }

    fn item<'a>(&mut self, kind: &Kind, rule: &'p CellRule<usize>, value: Value<'a>) -> Result<Held<'a>, Mismatch>
    where
        'p: 'a,
    {
        if let Some(values) = &rule.values {
            let word = plain(value)?;
            return match values.get(&word).or(rule.other.as_ref()) {
                Some(raw) => Ok(lent(raw)),
                None => Err(unknown(&word, values)),
            };
        }
        match kind {
            Kind::Id(_) => id(value, rule),
            Kind::Text | Kind::Confidential | Kind::Digest => Ok(prefixed(plain(value)?, &rule.prefix)),
            Kind::Day | Kind::BirthDate => self.day(kind, value, rule.dates.as_deref()),
            Kind::Instant => self.instant(kind, value, rule.dates.as_deref()),
            Kind::DayOrInstant => match self.split(value, rule.dates.as_deref()) {
                Some((day, None)) => Ok(Held::Own(Raw::owned(day.to_string()))),
                Some((day, Some(seconds))) => self.at(kind, day, seconds),
                None => self.instant(kind, value, rule.dates.as_deref()),
            },
            Kind::Bool => truth(value).map(Held::Own),
            Kind::Int { .. } if rule.dollars => cents(value).map(Held::Own),
            Kind::Int { .. } => whole(kind, value).map(Held::Own),
            Kind::Word(words) => word(value, words),
            Kind::Scalar => scalar(kind, value).map(Held::Own),
            Kind::List(_) | Kind::Record(_) | Kind::Changes => {
                if let Value::Text(text) = value { held_cell(kind, text) } else { Err(Mismatch::new(describe(value), wanted(kind))) }
            }
        }
    }

    /// A day, and a time with it if there is one.
    fn split(&self, value: Value<'_>, dates: Option<&[Pattern]>) -> Option<(ValidDay, Option<u32>)> {
        match value {
            Value::Text(text) => clock::date_and_time(text, dates.unwrap_or(self.dates)),
            Value::Moment(moment) => Some((ValidDay::from_days(moment.day?)?, moment.seconds)),
            Value::Absent | Value::Number(_) | Value::Bool(_) | Value::Duration(_) | Value::Error(_) | Value::Uncached | Value::Merged | Value::Nul => None,
        }
    }

    /// An instant of the wall clock.
    fn at<'a>(&mut self, kind: &Kind, day: ValidDay, seconds: u32) -> Result<Held<'a>, Mismatch> {
        if self.instants == Instants::Known && matches!(kind, Kind::Instant | Kind::DayOrInstant)
            && let Some(at) = self.clock.at(day, seconds)
        {
            return Ok(Held::Lent(Given::At(at)));
        }
        self.clock.instant(day, seconds).map(|text| Held::Own(Raw::owned(text)))
    }

    fn day<'a>(&self, kind: &Kind, value: Value<'a>, dates: Option<&[Pattern]>) -> Result<Held<'a>, Mismatch> {
        if let Value::Text(text) = value {
            // What is written as the interchange writes it is the field's to judge.
            if text.len() == 10 && text.as_bytes()[4] == b'-' {
                return Ok(Held::text(text));
            }
            if let Some(at) = with_offset(text).and_then(|text| domain::ValidAt::parse(&text)) {
                return Ok(Held::Own(Raw::owned(at.local_day().to_string())));
            }
        }
        let patterns = dates.unwrap_or(self.dates);
        if matches!(kind, Kind::BirthDate) && patterns.iter().any(Pattern::is_short) {
            return Err(Mismatch::new(describe(value), "a birth date with all four digits of its year").hint("29 may be 1929: export whole years"));
        }
        match self.split(value, dates) {
            Some((day, _)) => Ok(Held::Own(Raw::owned(day.to_string()))),
            None => Err(no_date(value, patterns)),
        }
    }

    fn instant<'a>(&mut self, kind: &Kind, value: Value<'a>, dates: Option<&[Pattern]>) -> Result<Held<'a>, Mismatch> {
        if let Value::Text(text) = value
            && let Some(text) = with_offset(text)
        {
            return Ok(Held::of(text));
        }
        match self.split(value, dates) {
            Some((day, Some(seconds))) => self.at(kind, day, seconds),
            Some((day, None)) => Err(Mismatch::new(format!("{day}, a date without a time"), "a date and time")
                .hint("name both columns, as in { date = \"Service Date\", time = \"Start Time\" }")),
            None if matches!(kind, Kind::DayOrInstant) => Err(no_date(value, dates.unwrap_or(self.dates))),
            None => Err(Mismatch { wanted: "a date and time".into(), ..no_date(value, dates.unwrap_or(self.dates)) }),
        }
    }

    fn date_and_time<'a>(&mut self, kind: &Kind, date: Value<'a>, time: Value<'a>, dates: Option<&[Pattern]>) -> Result<Held<'a>, Mismatch> {
        let (date, time) = (readable(date, kind)?, readable(time, kind)?);
        if date == Value::Absent && time == Value::Absent {
            return Ok(Held::ABSENT);
        }
        let Some((day, _)) = self.split(date, dates) else { return Err(no_date(date, dates.unwrap_or(self.dates))) };
        let seconds = match time {
            Value::Text(text) => clock::time(text),
            // A cell with a date and a time gives its time; one formatted as a date alone is midnight of that date.
            Value::Moment(moment) => moment.seconds.or(moment.day.map(|_| 0)),
            Value::Absent if matches!(kind, Kind::DayOrInstant) => return Ok(Held::Own(Raw::owned(day.to_string()))),
            Value::Absent | Value::Number(_) | Value::Bool(_) | Value::Duration(_) | Value::Error(_) | Value::Uncached | Value::Merged | Value::Nul => None,
        };
        match seconds {
            Some(seconds) => self.at(kind, day, seconds),
            None => Err(Mismatch::new(describe(time), "a time of day, as in 14:30 or 2:30 PM")),
        }
    }

    fn after<'a>(&mut self, start: &'p FieldRule<usize>, minutes: Value<'a>, cells: &impl Cells<'a>) -> Result<Held<'a>, Mismatch>
    where
        'p: 'a,
    {
        let start = self.field(&Kind::Instant, start, cells)?;
        let minutes = readable(minutes, &Kind::Instant)?;
        let refused = || Mismatch::new(describe(minutes), "a number of minutes, or a length as in 0:45");
        let seconds = match minutes {
            Value::Absent => return Ok(Held::ABSENT),
            Value::Number(n) if (0.0..100_000.0).contains(&n) => (n * 60.0).round() as i64,
            Value::Duration(days) if (0.0..70.0).contains(&days) => (days * 86_400.0).round() as i64,
            Value::Moment(Moment { day: None, seconds: Some(seconds) }) => i64::from(seconds),
            Value::Text(text) => match text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '.' || c == ' ').parse::<u32>() {
                Ok(n) if n < 100_000 => i64::from(n) * 60,
                _ => clock::time(text).map(i64::from).ok_or_else(refused)?,
            },
            Value::Number(_) | Value::Duration(_) | Value::Moment(_) | Value::Bool(_) | Value::Error(_) | Value::Uncached | Value::Merged | Value::Nul => {
                return Err(refused());
            }
        };
        let at = match &start {
            Held::Lent(Given::At(at)) => Some(*at),
            Held::Lent(Given::Text(text)) => domain::ValidAt::parse(text),
            Held::Own(raw) => raw.as_text().and_then(domain::ValidAt::parse),
            Held::Lent(Given::Absent | Given::Items(..) | Given::Other(_)) => None,
        };
        Ok(at.map_or(Held::ABSENT, |at| Held::Own(Raw::owned(domain::ValidAt::from_micros(at.micros() + seconds * 1_000_000).to_string()))))
    }
}

/// The value of a setting: a number, truth or text.
fn scalar<'a>(kind: &Kind, value: Value<'a>) -> Result<Raw<'a>, Mismatch> {
    if let Value::Text(text) = value {
        read_cell_text(kind, text)
    } else if let Value::Number(n) = value {
        read_cell_text(kind, &number_text(n)).map(Raw::into_owned)
    } else if let Value::Bool(b) = value {
        Ok(Raw::Bool(b))
    } else {
        plain(value).map(text)
    }
}

/// The same value, borrowing what it holds.
#[inline]
pub(crate) fn lent<'a>(raw: &'a Raw<'static>) -> Held<'a> {
    match raw {
        Raw::Text(text) if text.is_empty() => Held::ABSENT,
        Raw::List(items) => Held::Own(Raw::List(items.iter().map(|item| lent(item).into_raw()).collect())),
        Raw::Null | Raw::Text(_) | Raw::Bool(_) | Raw::Int(_) | Raw::Number(_) | Raw::Record(_) => Held::Lent(Given::of(raw)),
    }
}

/// The value, unless it is one that nobody can read.
pub(crate) fn readable<'a>(value: Value<'a>, kind: &Kind) -> Result<Value<'a>, Mismatch> {
    match value {
        Value::Error(error) => Err(Mismatch::new(format!("{error}, an error of the spreadsheet"), wanted(kind)).hint("correct the formula, or clear the cell")),
        Value::Uncached => Err(Mismatch::new("a formula whose result was never stored", wanted(kind))
            .hint("open the file in a spreadsheet program and save it, which stores the results")),
        Value::Merged => Err(Mismatch::new("a blank cell that is merged with another one", wanted(kind))
            .hint("unmerge the cells, and fill the value into every row it is meant for")),
        Value::Nul => Err(Mismatch::new("a NUL byte", "text").hint("the file is damaged, or not text")),
        Value::Absent | Value::Text(_) | Value::Number(_) | Value::Bool(_) | Value::Moment(_) | Value::Duration(_) => Ok(value),
    }
}

/// The text of an RFC 3339 instant with an offset, as far as its shape tells. Spreadsheets leave seconds out that are zero.
fn with_offset(text: &str) -> Option<Cow<'_, str>> {
    let bytes = text.as_bytes();
    let is_shaped = bytes.len() >= 17 && bytes[4] == b'-' && bytes[10] == b'T';
    let has_offset = bytes.last() == Some(&b'Z') || matches!(bytes.get(bytes.len().saturating_sub(6)), Some(b'+' | b'-'));
    if !is_shaped || !has_offset {
        return None;
    }
    let seconds_left_out = (bytes[13] == b':' && matches!(bytes[16], b'Z' | b'+' | b'-')).then(|| text.split_at_checked(16)).flatten();
    Some(seconds_left_out.map_or(Cow::Borrowed(text), |(minutes, offset)| Cow::Owned(format!("{minutes}:00{offset}"))))
}

fn no_date(value: Value<'_>, patterns: &[Pattern]) -> Mismatch {
    let written: Vec<&str> = patterns.iter().map(Pattern::as_str).chain(["YYYY-MM-DD"]).collect();
    let mismatch = Mismatch::new(describe(value), format!("a date written {}", written.join(" or ")));
    if matches!(value, Value::Number(_)) {
        mismatch.hint("the cell holds a number: format the column as a date in the spreadsheet")
    } else {
        mismatch.hint("say in the mapping how dates are written, as in dates = \"MM/DD/YYYY\"")
    }
}

/// What a value is, for a message.
pub(crate) fn describe(value: Value<'_>) -> String {
    match value {
        Value::Absent => "nothing".into(),
        Value::Text(text) => Raw::text(text).describe(),
        Value::Error(error) => error.into(),
        Value::Uncached => "a formula without a stored result".into(),
        Value::Merged => "a merged cell".into(),
        Value::Nul => "a NUL byte".into(),
        Value::Duration(days) => format!("a length of {days} days"),
        Value::Number(_) | Value::Bool(_) | Value::Moment(_) => plain(value).map_or_else(|m| m.found, |text| format!("{text:?}")),
    }
}

/// The value as text; the one spelling that conditions and word lists compare.
pub(crate) fn plain<'a>(value: Value<'a>) -> Result<Cow<'a, str>, Mismatch> {
    Ok(match value {
        Value::Absent => Cow::Borrowed(""),
        Value::Text(text) => Cow::Borrowed(text),
        Value::Number(n) => Cow::Owned(number_text(n)),
        Value::Bool(b) => Cow::Borrowed(if b { "TRUE" } else { "FALSE" }),
        Value::Moment(Moment { day, seconds }) => {
            let day = day.and_then(ValidDay::from_days).map(|d| d.to_string());
            let time = seconds.map(|s| format!("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60));
            Cow::Owned(day.into_iter().chain(time).collect::<Vec<_>>().join(" "))
        }
        Value::Duration(_) | Value::Error(_) | Value::Uncached | Value::Merged | Value::Nul => return Err(Mismatch::new(describe(value), "text")),
    })
}

/// The shortest digits that are the number, without an exponent.
pub(super) fn number_text(n: f64) -> String {
    format!("{n}")
}

/// Text as a raw value.
pub(super) fn text(text: Cow<'_, str>) -> Raw<'_> {
    Raw::Text(text)
}
