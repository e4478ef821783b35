//! What a mapping says, as data: from which columns an event comes, when there is one, and what names it.
//! Knows no file it is applied to; columns are names here and places once they are bound to a header.

use domain::event::TypeSchema;
use domain::field::Raw;
use rustc_hash::FxHashMap;

use crate::csv::Column;
use crate::mapping::clock::{Pattern, Zone};

/// What concerns every row.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// The source system, the first part of every source id.
    pub(crate) source: String,
    /// How dates are written where a column does not say so itself.
    pub(crate) dates: Vec<Pattern>,
    /// The zone of wall-clock times.
    pub(crate) zone: Zone,
}

/// The events of the rows of one sheet, or of a CSV file.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    /// The sheet; any that has the columns if the mapping does not say.
    pub(crate) sheet: Option<String>,
    /// The row with the names of the columns; found by its columns if the mapping does not say.
    pub(crate) header_row: Option<u64>,
    /// Columns that are not used, on purpose.
    pub(crate) ignore: Vec<String>,
    pub(crate) events: Vec<EventRule<String>>,
}

/// One event that a row may give; `C` is how a column is named.
#[derive(Debug, Clone)]
pub(crate) struct EventRule<C> {
    pub(crate) schema: &'static TypeSchema,
    /// The last part of its source id, which tells it from the other events of the row.
    pub(crate) part: String,
    /// The columns whose values name the row.
    pub(crate) key: Vec<C>,
    /// All must hold, or the row does not give the event.
    pub(crate) when: Vec<Condition<C>>,
    /// In the order of the type's fields.
    pub(crate) fields: Vec<(Column, FieldRule<C>)>,
    /// Line of the mapping file.
    pub(crate) line: u64,
}

/// What a row must show to give an event.
#[derive(Debug, Clone)]
pub(crate) struct Condition<C> {
    pub(crate) column: C,
    pub(crate) test: Test,
}

/// What is asked of a cell; words are compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Test {
    Filled,
    Blank,
    Is(Vec<String>),
    Not(Vec<String>),
}

/// Where the value of a field comes from.
#[derive(Debug, Clone)]
pub(crate) enum FieldRule<C> {
    /// The same for every row.
    Constant(Raw<'static>),
    Cell(CellRule<C>),
    /// A date in one column and a time of day in another.
    Moment { date: C, time: C, dates: Option<Vec<Pattern>> },
    /// So many minutes after another instant of the event.
    After { start: Box<FieldRule<C>>, minutes: C },
    /// An id of several columns.
    Join { columns: Vec<C>, with: String, prefix: String },
    /// A list with an item for every column that is ticked.
    Ticked(Vec<(C, Raw<'static>)>),
}

/// How a cell becomes a value.
#[derive(Debug, Clone)]
pub(crate) struct CellRule<C> {
    pub(crate) column: C,
    /// Words of the file and what they stand for; nothing stands for an absent value. With it, every other word is a problem.
    pub(crate) values: Option<Values>,
    /// What all words stand for that are not among the values.
    pub(crate) other: Option<Raw<'static>>,
    /// What a blank cell stands for.
    pub(crate) blank: Option<Raw<'static>>,
    /// Between the items of a list.
    pub(crate) split: String,
    /// Digits of an id that a spreadsheet has shortened.
    pub(crate) width: Option<usize>,
    pub(crate) prefix: String,
    /// Whether money is in dollars and not in cents.
    pub(crate) dollars: bool,
    pub(crate) dates: Option<Vec<Pattern>>,
}

/// Words and what they stand for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values {
    /// As they are written, which is how nearly every cell has them, and their places.
    words: Vec<String>,
    by_spelling: FxHashMap<String, usize>,
    by_word: FxHashMap<String, usize>,
    /// What each stands for.
    meanings: Vec<Raw<'static>>,
}

impl Values {
    const FEW: usize = 8;

    /// Adds a word; false if it is there already but for its case.
    pub(crate) fn add(&mut self, word: &str, value: Raw<'static>) -> bool {
        let place = self.words.len();
        self.words.push(word.to_owned());
        self.meanings.push(value);
        self.by_spelling.insert(word.to_owned(), place);
        self.by_word.insert(word.trim().to_lowercase(), place).is_none()
    }

    pub(crate) fn get(&self, word: &str) -> Option<&Raw<'static>> {
        // Looking at a few words costs less than hashing one.
        let written = if self.words.len() <= Self::FEW { self.words.iter().rposition(|w| w == word) } else { self.by_spelling.get(word).copied() };
        let place = written.or_else(|| self.by_word.get(word.trim().to_lowercase().as_str()).copied())?;
        self.meanings.get(place)
    }

    pub(crate) fn words(&self) -> &[String] {
        &self.words
    }
}

impl<C> CellRule<C> {
    /// Whether nothing is done to a cell but reading it.
    pub(crate) fn is_plain(&self) -> bool {
        self.values.is_none() && self.width.is_none() && self.prefix.is_empty()
    }

    /// What stands between the items of a list, if it is one byte.
    pub(crate) fn split_byte(&self) -> Option<u8> {
        if let [byte @ 0..128] = self.split.as_bytes() { Some(*byte) } else { None }
    }
}

impl<C> FieldRule<C> {
    /// Every column it reads.
    pub(crate) fn columns(&self) -> Vec<&C> {
        match self {
            FieldRule::Constant(_) => Vec::new(),
            FieldRule::Cell(cell) => vec![&cell.column],
            FieldRule::Moment { date, time, .. } => vec![date, time],
            FieldRule::After { start, minutes } => start.columns().into_iter().chain([minutes]).collect(),
            FieldRule::Join { columns, .. } => columns.iter().collect(),
            FieldRule::Ticked(items) => items.iter().map(|(column, _)| column).collect(),
        }
    }

    /// The same with columns named otherwise.
    pub(crate) fn renamed<D>(&self, name: &mut impl FnMut(&C) -> D) -> FieldRule<D> {
        match self {
            FieldRule::Constant(raw) => FieldRule::Constant(raw.clone()),
            FieldRule::Cell(rule) => FieldRule::Cell(CellRule {
                column: name(&rule.column),
                values: rule.values.clone(),
                other: rule.other.clone(),
                blank: rule.blank.clone(),
                split: rule.split.clone(),
                width: rule.width,
                prefix: rule.prefix.clone(),
                dollars: rule.dollars,
                dates: rule.dates.clone(),
            }),
            FieldRule::Moment { date, time, dates } => FieldRule::Moment { date: name(date), time: name(time), dates: dates.clone() },
            FieldRule::After { start, minutes } => FieldRule::After { start: Box::new(start.renamed(name)), minutes: name(minutes) },
            FieldRule::Join { columns, with, prefix } => {
                FieldRule::Join { columns: columns.iter().map(&mut *name).collect(), with: with.clone(), prefix: prefix.clone() }
            }
            FieldRule::Ticked(items) => FieldRule::Ticked(items.iter().map(|(column, raw)| (name(column), raw.clone())).collect()),
        }
    }
}

impl<C> EventRule<C> {
    /// Every column it reads, key and conditions among them.
    pub(crate) fn columns(&self) -> Vec<&C> {
        let of_fields = self.fields.iter().flat_map(|(_, rule)| rule.columns());
        self.key.iter().chain(self.when.iter().map(|c| &c.column)).chain(of_fields).collect()
    }

    /// The same with columns named otherwise.
    pub(crate) fn renamed<D>(&self, mut name: impl FnMut(&C) -> D) -> EventRule<D> {
        EventRule {
            schema: self.schema,
            part: self.part.clone(),
            key: self.key.iter().map(&mut name).collect(),
            when: self.when.iter().map(|c| Condition { column: name(&c.column), test: c.test.clone() }).collect(),
            fields: self.fields.iter().map(|(column, rule)| (*column, rule.renamed(&mut name))).collect(),
            line: self.line,
        }
    }

    /// Required fields that nothing gives.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        let possible = crate::csv::possible(self.schema);
        let required = possible.into_iter().filter(|(_, required)| *required).map(|(column, _)| column.name);
        required.filter(|name| !self.fields.iter().any(|(column, _)| column.name == *name)).collect()
    }
}

impl Table {
    /// Every column its events read, each once, in the order of the file.
    pub(crate) fn columns(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for column in self.events.iter().flat_map(EventRule::columns) {
            if !all.iter().any(|c| same_header(c, column)) {
                all.push(column);
            }
        }
        all
    }
}

/// A header without regard to case, and to how many spaces or line breaks stand where.
pub(crate) fn header_key(text: &str) -> String {
    text.split_whitespace().flat_map(|word| [" ", word]).skip(1).collect::<String>().to_lowercase()
}

/// Whether two headers name the same column.
pub(crate) fn same_header(a: &str, b: &str) -> bool {
    header_key(a) == header_key(b)
}
