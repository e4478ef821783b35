//! A list in pieces: how many rows an answer holds, where it begins, and the addresses of the pieces before and after it.
//! A cursor names the row before the piece, so that rows added or cleared meanwhile neither repeat nor hide others; it says nothing of what is in the row.

use crate::params::{Kind, Param};
use crate::visit::{Form, Visit};

/// What every list takes.
pub(crate) const PARAMS: [Param; 3] = [
    Param::number("limit", "how many rows an answer holds; a thousand of JSON if not said, and all of a file", 1, MOST),
    Param { name: "cursor", says: "where to go on, as an answer gave it", kind: Kind::Cursor },
    Param::number("page", "which page, counted from 1, instead of a cursor", 1, 1_000_000),
];

/// Rows of an answer at most.
const MOST: u32 = 10_000;
/// Rows of an answer for a program that did not say how many.
const FOR_PROGRAMS: usize = 1_000;
/// Rows of a page for people, where the page does not say otherwise.
pub(crate) const FOR_PEOPLE: usize = 200;

/// A piece of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The row it begins with, from 0.
    pub(crate) from: usize,
    /// Its rows.
    pub(crate) count: usize,
    /// Rows of the whole list.
    pub(crate) total: usize,
    /// Rows of a piece; 0 where the whole list was asked for.
    pub(crate) limit: usize,
    /// Address of the piece after it.
    pub(crate) next: Option<String>,
    /// Address of the piece before it.
    pub(crate) previous: Option<String>,
}

impl Piece {
    /// Its rows of the whole list.
    pub(crate) fn range(&self) -> std::ops::Range<usize> {
        self.from..self.from + self.count
    }

    /// Which page it is, and of how many, where it begins where a page begins.
    pub(crate) fn page(&self) -> Option<(usize, usize)> {
        (self.limit > 0 && self.from.is_multiple_of(self.limit)).then(|| (self.from / self.limit + 1, self.total.div_ceil(self.limit).max(1)))
    }

    /// As an object of an answer for programs.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::json!({"total": self.total, "from": self.from, "count": self.count, "next": self.next, "previous": self.previous})
    }

    /// As the `Link` header of RFC 8288.
    pub(crate) fn links(&self) -> Option<String> {
        let link = |to: &Option<String>, rel: &str| to.as_ref().map(|to| format!("<{to}>; rel=\"{rel}\""));
        let links: Vec<String> = [link(&self.next, "next"), link(&self.previous, "prev")].into_iter().flatten().collect();
        (!links.is_empty()).then(|| links.join(", "))
    }
}

/// The piece that a visitor asks for of a list of `total` rows; `key` is what a row is known by, `usual` how many rows people see.
pub(crate) fn piece(visit: &Visit<'_>, total: usize, usual: usize, key: &dyn Fn(usize) -> u64) -> Piece {
    let usual = match visit.form {
        Form::Html => usual,
        Form::Json => FOR_PROGRAMS,
        // A file that somebody keeps is whole unless they ask for less.
        Form::Csv | Form::Xlsx | Form::Print | Form::Pdf => 0,
    };
    let asked = visit.query.number::<u32>("limit").map(|n| usize::try_from(n.clamp(1, MOST)).unwrap_or(usual));
    let limit = asked.unwrap_or(usual);
    if limit == 0 {
        return Piece { from: 0, count: total, total, limit, next: None, previous: None };
    }
    let cursor = visit.query.get("cursor").and_then(parse);
    let from = match cursor {
        Some((place, mark)) => resumed(place, mark, total, key),
        None => {
            let page = visit.query.number::<usize>("page").unwrap_or(1).clamp(1, total.div_ceil(limit).max(1));
            (page - 1) * limit
        }
    };
    let count = limit.min(total - from);
    let by_pages = visit.form == Form::Html && cursor.is_none();
    let address = |place: usize| {
        let page = (place / limit + 1).to_string();
        let cursor = written(place, key);
        let (page, cursor) = if by_pages { (Some(page.as_str()), None) } else { (None, Some(cursor.as_str())) };
        format!("{}{}", visit.address(), visit.query.but(&[("page", page), ("cursor", cursor)]))
    };
    let next = (from + count < total).then(|| address(from + count));
    let previous = (from > 0).then(|| address(from.saturating_sub(limit)));
    Piece { from, count, total, limit, next, previous }
}

/// Where a cursor goes on: after the row it names, wherever that stands now; at its place where that row is gone.
fn resumed(place: usize, mark: u64, total: usize, key: &dyn Fn(usize) -> u64) -> usize {
    let Some(last) = place.checked_sub(1) else { return 0 };
    if last < total && key(last) == mark {
        return place;
    }
    (0..total).find(|row| key(*row) == mark).map_or(place.min(total), |row| row + 1)
}

fn written(place: usize, key: &dyn Fn(usize) -> u64) -> String {
    place.checked_sub(1).map_or_else(|| "0".to_owned(), |last| format!("{place}.{:016x}", key(last)))
}

fn parse(cursor: &str) -> Option<(usize, u64)> {
    match cursor.split_once('.') {
        None => (cursor == "0").then_some((0, 0)),
        Some((place, mark)) if mark.len() == 16 && place.len() <= 12 => {
            Some((place.parse().ok().filter(|p| *p > 0)?, u64::from_str_radix(mark, 16).ok()?))
        }
        Some(_) => None,
    }
}

/// Whether a word could be a cursor.
pub(crate) fn is_cursor(word: &str) -> bool {
    parse(word).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_goes_on_after_the_row_it_names() {
        let rows = [11u64, 12, 13, 14, 15];
        let key = |row: usize| rows[row];
        assert_eq!(parse(&written(3, &key)), Some((3, 13)));
        assert_eq!(parse(&written(0, &key)), Some((0, 0)));
        assert_eq!(resumed(3, 13, 5, &key), 3);
        assert_eq!(resumed(1, 13, 5, &key), 3, "rows were added before it");
        assert_eq!(resumed(4, 99, 5, &key), 4, "it is gone");
        assert_eq!(resumed(9, 99, 5, &key), 5, "and much else with it");
        for word in ["", "x", "1", "0.0000000000000001", "1.zz", "-1.0000000000000001", "99999999999999999999.0000000000000001"] {
            assert!(!is_cursor(word), "{word}");
        }
    }
}
