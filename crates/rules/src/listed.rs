//! Ids that a finding names, in order: a peer's advisory may name thousands of contacts, and a scan reads, copies and writes all of them.
//! Holds each once; says nothing of what they stand for.

use std::sync::Arc;

/// Ids, sorted, each once; copies share them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listed(Option<Arc<Together>>);

/// All of them one after another, and where each ends.
#[derive(Debug, PartialEq, Eq, Default)]
struct Together {
    text: String,
    ends: Vec<u32>,
}

impl Listed {
    /// From a text of ids one after another and the length of each in bytes; `None` unless the lengths cut the text into ids in order.
    pub(crate) fn of_lengths(text: &str, lengths: impl IntoIterator<Item = u32>) -> Option<Self> {
        let mut end = 0u32;
        let ends = lengths.into_iter().map(|len| {
            end = end.checked_add(len)?;
            Some(end)
        });
        let ends: Vec<u32> = ends.collect::<Option<_>>()?;
        let whole = end as usize == text.len() && ends.iter().all(|end| text.is_char_boundary(*end as usize));
        let listed = Self::together(Together { text: text.to_owned(), ends });
        (whole && listed.iter().is_sorted_by(|a, b| a < b)).then_some(listed)
    }

    fn together(all: Together) -> Self {
        Self((!all.ends.is_empty()).then(|| Arc::new(all)))
    }

    /// All ids one after another.
    pub(crate) fn text(&self) -> &str {
        self.0.as_ref().map_or("", |all| &all.text)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |all| all.ends.len())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The ids, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|place| self.at(place))
    }

    fn at(&self, place: usize) -> &str {
        let Some(all) = &self.0 else { return "" };
        let end = |place: usize| all.ends.get(place).map_or(0, |end| *end as usize);
        all.text.get(place.checked_sub(1).map_or(0, end)..end(place)).unwrap_or_default()
    }

    /// Whether an id is among them.
    pub fn has(&self, id: &str) -> bool {
        let (mut from, mut to) = (0, self.len());
        while from < to {
            let middle = from + (to - from) / 2;
            match self.at(middle).cmp(id) {
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Equal => return true,
                std::cmp::Ordering::Greater => to = middle,
            }
        }
        false
    }
}

/// In any order, and more than once.
impl<'n> FromIterator<&'n str> for Listed {
    fn from_iter<I: IntoIterator<Item = &'n str>>(ids: I) -> Self {
        let mut ids: Vec<&str> = ids.into_iter().collect();
        // Of two sorted runs, one after the other, which this sort finds and merges.
        ids.sort();
        ids.dedup();
        let mut all = Together { text: String::with_capacity(ids.iter().map(|id| id.len()).sum()), ends: Vec::with_capacity(ids.len()) };
        for id in ids {
            all.text.push_str(id);
            all.ends.push(u32::try_from(all.text.len()).unwrap_or(u32::MAX));
        }
        Self::together(all)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn ids_are_in_order_and_found_and_read_again_as_they_were() {
        let ids = ["C-3", "C-1", "C-20", "C-1", "É-4"];
        let listed: Listed = ids.into_iter().collect();
        assert_eq!(listed.iter().collect::<Vec<_>>(), ["C-1", "C-20", "C-3", "É-4"]);
        assert!(ids.iter().all(|id| listed.has(id)) && !listed.has("C-2") && !listed.has("") && !listed.has("Z"));
        let lengths = |listed: &Listed| listed.iter().map(|id| u32::try_from(id.len()).unwrap()).collect::<Vec<_>>();
        assert_eq!(Listed::of_lengths(listed.text(), lengths(&listed)), Some(listed.clone()));
        assert_eq!(Listed::of_lengths("", []), Some(Listed::default()));
        for (text, bad) in [("C-1C-2", vec![3, 4]), ("C-1C-2", vec![3]), ("C-2C-1", vec![3, 3]), ("C-1C-1", vec![3, 3]), ("É", vec![1, 1]), ("C-1", vec![u32::MAX, 4])] {
            assert_eq!(Listed::of_lengths(text, bad), None, "{text}");
        }
    }
}
