//! Lists the sources nobody has read again for a year: law changes, and a value is only as good as its last reading.
//! It refuses to know today's date; it is told.

use std::fmt;

use anyhow::{Context, Result, bail};

use crate::catalog_source::CATALOG_FOLDER;
use crate::params;
use crate::tree::{File, Tree};

/// The constructors of citations, each with the day its document was last read.
const CITATIONS: &str = "crates/rules/src/citation.rs";

/// A day of the calendar, ordered. Only compared here, so months of all lengths are taken as they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    /// Reads `YYYY-MM-DD` and nothing else.
    pub fn parse(text: &str) -> Result<Day> {
        let parts: Vec<&str> = text.split('-').collect();
        if let [year, month, day] = parts[..]
            && (year.len(), month.len(), day.len()) == (4, 2, 2)
            && let (Ok(year), Ok(month @ 1..=12), Ok(day @ 1..=31)) = (year.parse(), month.parse(), day.parse())
        {
            return Ok(Day { year, month, day });
        }
        bail!("`{text}` is not a day: write YYYY-MM-DD")
    }

    fn a_year_later(self) -> Day {
        Day { year: self.year + 1, ..self }
    }
}

/// A source that wants to be read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The file that cites it.
    pub path: String,
    /// The parameter that rests on it, or the line of code that cites it.
    pub what: String,
    /// Document and section.
    pub source: String,
    /// When it was last read, `YYYY-MM-DD`.
    pub read_on: String,
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({}), last read on {}", self.path, self.what, self.source, self.read_on)
    }
}

/// Every dated value and every citation whose source was last read more than a year before `today`, by path.
pub fn run(tree: &Tree, today: Day) -> Result<Vec<Due>> {
    let mut due = Vec::new();
    for reading in readings(tree)? {
        let read_on = Day::parse(&reading.read_on).with_context(|| format!("{}: read_on of {}", reading.path, reading.what))?;
        if read_on.a_year_later() < today {
            due.push(reading);
        }
    }
    Ok(due)
}

/// Every source with the day it was last read, due or not.
fn readings(tree: &Tree) -> Result<Vec<Due>> {
    let mut readings = Vec::new();
    for file in &tree.files {
        let in_catalog = file.path.starts_with(CATALOG_FOLDER);
        match file.extension() {
            Some("toml") if in_catalog => {
                for (name, periods) in params::read(file)? {
                    readings.extend(periods.into_iter().map(|period| Due {
                        path: file.path.clone(),
                        what: name.clone(),
                        source: period.source,
                        read_on: period.read_on,
                    }));
                }
            }
            Some("rs") if in_catalog || file.path == CITATIONS => readings.extend(citations_in(file)),
            _ => {}
        }
    }
    Ok(readings)
}

/// The citations that stand in code, as `document: Document::Name, ... read_on: (2026, 11, 21)` on one line.
fn citations_in(file: &File) -> impl Iterator<Item = Due> {
    file.shipped_lines().filter_map(|(line, text)| {
        let numbers = text.split("read_on: (").nth(1)?.split(')').next()?;
        let numbers: Vec<u16> = numbers.split(',').map(|number| number.trim().parse()).collect::<Result<_, _>>().ok()?;
        let [year, month, day] = numbers[..] else { return None };
        let source = text.split("Document::").nth(1).map_or("a document", |rest| rest.split([',', ' ']).next().unwrap_or(rest));
        Some(Due {
            path: file.path.clone(),
            what: format!("citations of line {line}"),
            source: source.to_owned(),
            read_on: format!("{year:04}-{month:02}-{day:02}"),
        })
    })
}

/// Said where nothing is due, so that an empty list is not taken for a list of nothing.
pub fn nothing_due(tree: &Tree) -> Result<String> {
    Ok(format!("all {} readings of sources are from within a year", readings(tree)?.len()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn tree(read_on: &str) -> Tree {
        let text = format!("# V.\n[[units]]\nfrom = \"2022-11-23\"\nvalue = 1\nsource = \"[G] Billing\"\nread_on = \"{read_on}\"\n");
        Tree::of(&[("crates/catalog/src/a/one/params.toml", &text)])
    }

    #[test]
    fn a_source_is_due_the_day_after_a_year() {
        let tree = tree("2026-11-21");
        assert!(run(&tree, Day::parse("2027-11-21").unwrap()).unwrap().is_empty());
        let due = run(&tree, Day::parse("2027-11-22").unwrap()).unwrap();
        assert_eq!(due.len(), 1);
        assert_eq!(due[0].to_string(), "crates/catalog/src/a/one/params.toml: units ([G] Billing), last read on 2026-11-21");
    }

    #[test]
    fn citations_in_code_count_too_where_they_give_their_day() {
        let code = "//! C.\n    Self { document: Document::Mhotrs, section, read_on: (2026, 1, 5) }\n    pub read_on: (i16, i8, i8),\n";
        let due = run(&Tree::of(&[(CITATIONS, code)]), Day::parse("2027-11-22").unwrap()).unwrap();
        assert_eq!(due.len(), 1);
        assert_eq!(due[0].to_string(), format!("{CITATIONS}: citations of line 2 (Mhotrs), last read on 2026-01-05"));
    }

    #[test]
    fn a_day_that_is_not_one_is_refused_with_its_place() {
        let said = format!("{:#}", run(&tree("21.11.2026"), Day::parse("2027-01-01").unwrap()).unwrap_err());
        assert!(said.contains("a/one/params.toml") && said.contains("21.11.2026"), "{said}");
        for bad in ["2026-13-01", "2026-00-10", "2026-1-1", "", "2026-11-21-"] {
            assert!(Day::parse(bad).is_err(), "{bad}");
        }
    }
}
