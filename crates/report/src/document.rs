//! A document before it has a form: a title that is a sentence, and blocks of prose, facts, tables and figures with typed cells.
//! Knows no HTML, no spreadsheet and no link; those are made from it.

use audit::vocabulary::{Cents, Class, KnownAt, Seq, ValidDay};

use crate::figure::Figure;
use crate::stamp::Stamp;

/// What an id names, so that a front end can link it and hide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// A finding.
    Finding,
    /// A member of the staff.
    Person,
    /// Somebody served.
    Individual,
    /// A contact.
    Contact,
    /// A claim.
    Claim,
    /// A program.
    Program,
    /// A group session.
    Session,
    /// A rule.
    Rule,
    /// A recorded scan, by the seq of its event.
    Scan,
}

/// A value in a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing to say.
    Empty,
    /// Words.
    Text(String),
    /// The id of something.
    Id(Thing, String),
    /// The id of something, said in other words.
    Named(Thing, String, String),
    /// Ids of things of one kind.
    Ids(Thing, Vec<String>),
    /// A day.
    Day(ValidDay),
    /// An instant.
    Instant(KnownAt),
    /// Money.
    Money(Cents),
    /// A number of things.
    Count(u64),
    /// Days.
    Days(i64),
    /// A class of findings.
    Class(Class),
    /// A place in the ledger.
    Seq(Seq),
    /// A hash or key, in full.
    Hash(String),
    /// Yes, no, or not asked.
    Answer(Option<bool>),
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Cell::Text(text.into())
    }

    /// A day, where there is one.
    pub fn day(day: Option<ValidDay>) -> Self {
        day.map_or(Cell::Empty, Cell::Day)
    }

    /// An id, where there is one.
    pub fn id(thing: Thing, id: Option<&str>) -> Self {
        id.map_or(Cell::Empty, |id| Cell::Id(thing, id.to_owned()))
    }

    /// The value for programs: ISO days and instants, plain numbers, cents.
    pub fn plain(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(t) | Cell::Hash(t) | Cell::Id(_, t) => t.clone(),
            Cell::Named(_, id, _) => id.clone(),
            Cell::Ids(_, ids) => ids.join(" "),
            Cell::Day(day) => day.to_string(),
            Cell::Instant(at) => at.to_string(),
            Cell::Money(amount) => decimal(*amount),
            Cell::Count(n) => n.to_string(),
            Cell::Days(n) => n.to_string(),
            Cell::Class(class) => class.as_str().to_owned(),
            Cell::Seq(seq) => seq.to_string(),
            Cell::Answer(answer) => answer.map_or(String::new(), |yes| if yes { "yes".to_owned() } else { "no".to_owned() }),
        }
    }

    /// Whether columns of it are right-aligned.
    pub fn is_number(&self) -> bool {
        matches!(self, Cell::Money(_) | Cell::Count(_) | Cell::Days(_))
    }
}

/// Dollars with two decimals and nothing else.
fn decimal(amount: Cents) -> String {
    let sign = if amount.0 < 0 { "-" } else { "" };
    let cents = amount.0.unsigned_abs();
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name for programs.
    pub key: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// Numbers, right-aligned.
    pub numeric: bool,
}

impl Column {
    /// A column of words.
    pub const fn words(key: &'static str, title: &'static str) -> Self {
        Self { key, title, numeric: false }
    }

    /// A column of numbers.
    pub const fn numbers(key: &'static str, title: &'static str) -> Self {
        Self { key, title, numeric: true }
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name for programs and files.
    pub name: &'static str,
    /// What it shows.
    pub caption: String,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows, as long as the columns.
    pub rows: Vec<Vec<Cell>>,
    /// What is said when there is no row, and what would fill it.
    pub empty: String,
}

impl Table {
    /// A table without rows.
    pub fn new(name: &'static str, caption: impl Into<String>, columns: &[Column]) -> Self {
        Self { name, caption: caption.into(), columns: columns.to_vec(), rows: Vec::new(), empty: "There is nothing to show.".to_owned() }
    }

    /// What is said when there is no row.
    #[must_use]
    pub fn or_else(mut self, empty: impl Into<String>) -> Self {
        self.empty = empty.into();
        self
    }

    /// A row more.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Prose(String),
    /// A paragraph that must not be missed.
    Notice(String),
    /// Lines of a list.
    List(Vec<String>),
    /// Names and values.
    Facts(Vec<(String, Cell)>),
    /// A table.
    Table(Table),
    /// A picture with its table twin.
    Figure(Figure),
}

/// A document.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// A sentence.
    pub title: String,
    /// Name for files.
    pub name: String,
    /// What it is of.
    pub stamp: Stamp,
    /// Its parts.
    pub blocks: Vec<Block>,
    /// Parts that stand beside them where there is room, and after them where there is none.
    pub aside: Vec<Block>,
}

impl Document {
    /// A document without parts.
    pub fn new(name: impl Into<String>, title: impl Into<String>, stamp: Stamp) -> Self {
        Self { title: title.into(), name: name.into(), stamp, blocks: Vec::new(), aside: Vec::new() }
    }

    /// A part more.
    #[must_use]
    pub fn with(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }

    /// A part more beside the others.
    #[must_use]
    pub fn beside(mut self, block: Block) -> Self {
        self.aside.push(block);
        self
    }

    /// All its parts, in the order of reading.
    pub fn parts(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter().chain(&self.aside)
    }

    /// Its tables, those of figures among them, in order.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.parts().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            Block::Figure(figure) => Some(&figure.twin),
            Block::Heading(_) | Block::Prose(_) | Block::Notice(_) | Block::List(_) | Block::Facts(_) => None,
        })
    }

    /// A table of its own by name, to be cut; those of figures go with their figures.
    pub fn table_mut(&mut self, name: &str) -> Option<&mut Table> {
        self.blocks.iter_mut().chain(&mut self.aside).find_map(|block| match block {
            Block::Table(table) => (table.name == name).then_some(table),
            Block::Heading(_) | Block::Prose(_) | Block::Notice(_) | Block::List(_) | Block::Facts(_) | Block::Figure(_) => None,
        })
    }

    /// The table it is about: the first with rows, or the first.
    pub fn main_table(&self) -> Option<&Table> {
        self.tables().find(|table| !table.rows.is_empty()).or_else(|| self.tables().next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_for_programs_is_plain_decimal() {
        assert_eq!(Cell::Money(Cents(184_200)).plain(), "1842.00");
        assert_eq!(Cell::Money(Cents(-5)).plain(), "-0.05");
    }
}
