//! What is worth saying about the rows of a file that refuses none of them: rows without an event, stored formulas, ids that look shortened.
//! Counts and remembers the first row of each; keeps no value.

use std::collections::BTreeMap;

use domain::field::Kind;

use crate::mapping::value::Value;

/// Rows counted, and the first of them.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    rows: u64,
    first: u64,
}

impl Count {
    fn add(&mut self, row: u64) {
        if self.rows == 0 {
            self.first = row;
        }
        self.rows += 1;
    }
}

/// Lengths of the values of a column of ids.
#[derive(Debug, Clone, Default)]
struct Lengths {
    /// Values that are digits and nothing else, by their number of digits.
    digits: [u64; 20],
    /// Values that are something else, or begin with a zero.
    others: u64,
    /// Cells that are numbers and not text.
    numbers: Count,
}

/// What was noticed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Remarks {
    silent: Count,
    formulas: BTreeMap<usize, Count>,
    /// By column.
    ids: Vec<(usize, Lengths)>,
}

impl Remarks {
    pub(crate) fn no_event(&mut self, row: u64) {
        self.silent.add(row);
    }

    pub(crate) fn formula(&mut self, column: usize, row: u64) {
        self.formulas.entry(column).or_default().add(row);
    }

    /// Makes a place for a column of ids.
    pub(crate) fn watch(&mut self, column: usize, kind: &Kind, width: Option<usize>) {
        if matches!(kind, Kind::Id(_))
            && width.is_none()
            && let Err(place) = self.ids.binary_search_by_key(&column, |(known, _)| *known)
        {
            self.ids.insert(place, (column, Lengths::default()));
        }
    }

    /// Looks at the ids of a row. Of a column with an id that is no number nothing is told but where cells are numbers, which `are_text` are not.
    pub(crate) fn ids<'a>(&mut self, row: u64, are_text: bool, get: impl Fn(usize) -> Value<'a>) {
        for (column, lengths) in self.ids.iter_mut().filter(|(_, lengths)| !are_text || lengths.others == 0) {
            match get(*column) {
                Value::Text(text) if text.len() < 20 && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0') => {
                    lengths.digits[text.len()] += 1;
                }
                Value::Text(_) | Value::Nul => lengths.others += 1,
                Value::Number(_) => lengths.numbers.add(row),
                Value::Absent | Value::Bool(_) | Value::Moment(_) | Value::Duration(_) | Value::Error(_) | Value::Uncached | Value::Merged => {}
            }
        }
    }

    /// The remarks, columns called by `name`.
    pub(crate) fn told(&self, name: impl Fn(usize) -> String) -> Vec<String> {
        let mut told = Vec::new();
        if let Count { rows: 1.., first } = self.silent {
            told.push(format!("{} gave no event, as the mapping's conditions want it; the first is row {first}", rows(self.silent.rows)));
        }
        for (column, count) in &self.formulas {
            told.push(format!("{} holds formulas in {}; their stored results were read", name(*column), rows(count.rows)));
        }
        for (column, lengths) in &self.ids {
            if let Count { rows: 1.., first } = lengths.numbers {
                let of = rows(lengths.numbers.rows);
                told.push(format!(
                    "{} is a column of ids and holds numbers, in {of} from row {first} on: zeros at their front are lost, if there were any; export it as text, or say the number of digits with width",
                    name(*column)
                ));
            }
            if let Some((digits, short)) = lengths.shortened() {
                told.push(format!(
                    "{} has ids of {digits} digits, and {} with fewer: a spreadsheet may have dropped zeros at their front; if so, say width = {digits}",
                    name(*column),
                    rows(short)
                ));
            }
        }
        told
    }
}

impl Lengths {
    /// How many digits nearly all have, and how many rows have fewer: what a column of fixed width looks like after a spreadsheet saved it.
    fn shortened(&self) -> Option<(usize, u64)> {
        let digits = self.digits.iter().rposition(|n| *n > 0).filter(|d| *d >= 5)?;
        let (full, all) = (self.digits[digits], self.digits.iter().sum::<u64>());
        let short = all - full;
        (self.others == 0 && short > 0 && short * 5 <= all).then_some((digits, short))
    }
}

fn rows(n: u64) -> String {
    if n == 1 { "1 row".into() } else { format!("{n} rows") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::IdKind;

    #[test]
    fn a_column_of_fixed_width_with_shorter_ids_is_noticed() {
        let told = |ids: &[&'static str]| {
            let mut remarks = Remarks::default();
            remarks.watch(0, &Kind::Id(IdKind::Individual), None);
            for (row, id) in (2..).zip(ids) {
                remarks.ids(row, true, |_| Value::Text(id));
            }
            remarks.told(|_| "CIN".into())
        };
        assert_eq!(told(&["123456", "234567", "345678", "456789", "56789"]).len(), 1);
        assert!(told(&["123456", "056789", "345678", "456789", "56789"]).is_empty(), "a zero at the front was kept");
        assert!(told(&["1", "2", "3", "10", "11"]).is_empty());
        assert!(told(&["123456", "234567"]).is_empty());
    }
}
