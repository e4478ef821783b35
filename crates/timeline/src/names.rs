//! Names become small numbers as they enter the timeline, one table per kind of thing.
//! A key means nothing outside the history that made it and is never shown to anybody.

use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::sync::Arc;

use crate::slots::{self, Slots, hash};
use crate::stored::{Paged, Texts, stretch};

/// A key made by a [`Names`] table.
pub trait Key: Copy + Eq + Ord {
    /// From the place in the table.
    fn from_index(index: u32) -> Self;
    /// The place in the table.
    fn index(self) -> usize;
}

macro_rules! keys {
    ($( $(#[$meta:meta])* $name:ident; )*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(NonZeroU32);
        impl Key for $name {
            // One more than the place, so that an optional key is no larger than a key.
            fn from_index(index: u32) -> Self { Self(NonZeroU32::MIN.saturating_add(index)) }
            fn index(self) -> usize { self.0.get() as usize - 1 }
        }
    )* };
}

keys! {
    /// A staff member.
    PersonKey;
    /// A person served, or a collateral.
    IndividualKey;
    /// A program.
    ProgramKey;
    /// A contract.
    ContractKey;
    /// A policy.
    PolicyKey;
    /// A plan (all its versions).
    PlanKey;
    /// A significant event.
    SignificantEventKey;
    /// A goal.
    GoalKey;
    /// A contact.
    ContactKey;
    /// A group session.
    SessionKey;
    /// A note (all its versions).
    NoteKey;
    /// A claim.
    ClaimKey;
    /// A short text that recurs: a code, a topic, an issuer.
    TextKey;
    /// A list of short texts that recurs.
    TextListKey;
}

/// Texts and the small numbers that stand for them, in order of first appearance.
#[derive(Debug, Clone)]
pub(crate) struct Names<K> {
    /// Those that were stored with a history, as they lie in its bytes: copies of it share them.
    stored: Option<Arc<LyingTable>>,
    /// Those that came since.
    own: Table,
    key: PhantomData<K>,
}

/// Texts by their places. All of them lie one after another in one string.
#[derive(Debug, Clone, Default)]
struct Table {
    text: String,
    /// Where each text ends.
    ends: Vec<u32>,
    slots: Slots,
}

impl Table {
    fn at(&self, place: usize) -> &str {
        self.text.get(stretch(&self.ends, place)).unwrap_or_default()
    }

    fn find(&self, hash: u64, text: &str) -> Option<u32> {
        let bytes = self.text.as_bytes();
        self.slots.find(hash, |place| bytes.get(stretch(&self.ends, place as usize)) == Some(text.as_bytes()))
    }

    /// One more text, which is not there yet.
    fn add(&mut self, h: u64, text: &str) -> u32 {
        let place = narrow(self.ends.len());
        let bytes = self.text.as_bytes();
        self.slots.add(h, place, |place| hash(&bytes[stretch(&self.ends, place as usize)]));
        self.text.push_str(text);
        self.ends.push(narrow(self.text.len()));
        place
    }
}

/// Texts that are read together. In tests so few that stories have several blocks.
const BLOCK: usize = if cfg!(test) { 4 } else { 1024 };

/// A stored table: its parts lie in a section's pieces.
#[derive(Debug)]
struct LyingTable {
    /// [`BLOCK`] texts each, the last of fewer.
    blocks: Vec<Texts>,
    count: usize,
    slots: Paged,
}

impl LyingTable {
    fn find(&self, hash: u64, text: &str) -> Option<u32> {
        let same = |place: u32| (place as usize) < self.count && self.bytes_at(place as usize) == text.as_bytes();
        slots::find(self.slots.len(), |at| self.slots.get(at), hash, same)
    }

    fn bytes_at(&self, place: usize) -> &[u8] {
        self.blocks.get(place / BLOCK).map_or(&[], |block| block.bytes_at(place % BLOCK))
    }

    fn at(&self, place: usize) -> &str {
        self.blocks.get(place / BLOCK).map_or("", |block| block.at(place % BLOCK))
    }

    /// The same in memory of its own.
    fn table(&self) -> Table {
        let mut table = Table::default();
        let texts = (0..self.count).map(|place| self.at(place));
        let Some(slots) = Slots::from_slots(self.slots.to_vec(), self.count) else {
            // They are not those of so many texts: made anew, as they were when the texts came.
            texts.for_each(|text| {
                table.add(hash(text.as_bytes()), text);
            });
            return table;
        };
        for text in texts {
            table.text.push_str(text);
            table.ends.push(narrow(table.text.len()));
        }
        Table { slots, ..table }
    }
}

impl<K> Default for Names<K> {
    fn default() -> Self {
        Self { stored: None, own: Table::default(), key: PhantomData }
    }
}

// A history of four thousand million names, or letters in names, would not fit this machine's memory long before this wraps.
fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl<K: Key> Names<K> {
    /// The key of a text, new or known.
    pub(crate) fn intern(&mut self, text: &str) -> K {
        let h = hash(text.as_bytes());
        self.find_hashed(h, text).unwrap_or_else(|| {
            let place = self.own.add(h, text);
            self.own_key(place)
        })
    }

    /// The key of a text that is known.
    pub(crate) fn find(&self, text: &str) -> Option<K> {
        self.find_hashed(hash(text.as_bytes()), text)
    }

    fn find_hashed(&self, h: u64, text: &str) -> Option<K> {
        let stored = self.stored.as_ref().and_then(|stored| stored.find(h, text)).map(K::from_index);
        stored.or_else(|| self.own.find(h, text).map(|place| self.own_key(place)))
    }

    fn own_key(&self, place: u32) -> K {
        K::from_index(narrow(self.stored_len()).saturating_add(place))
    }

    fn stored_len(&self) -> usize {
        self.stored.as_ref().map_or(0, |stored| stored.count)
    }

    /// The text of a key.
    pub(crate) fn get(&self, key: K) -> &str {
        match key.index().checked_sub(self.stored_len()) {
            Some(own) => self.own.at(own),
            None => self.stored.as_ref().map_or("", |stored| stored.at(key.index())),
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.stored_len() + self.own.ends.len()
    }

    /// Every key in order of first appearance.
    pub(crate) fn keys(&self) -> impl Iterator<Item = K> + use<K> {
        (0..self.len()).map(|i| K::from_index(narrow(i)))
    }

    /// Gives what is stored: how many there are, the texts that are read together one after another and where each ends, and the slots that find them.
    pub(crate) fn with_parts<T>(&self, take: impl FnOnce(usize, &[Block], &[u32]) -> T) -> T {
        let parts = |table: &Table| take(table.ends.len(), &table.blocks(), table.slots.as_slice());
        let Some(stored) = &self.stored else { return parts(&self.own) };
        let mut all = stored.table();
        for place in 0..self.own.ends.len() {
            let text = self.own.at(place);
            all.add(hash(text.as_bytes()), text);
        }
        parts(&all)
    }

    /// How many blocks so many texts are in.
    pub(crate) fn blocks(count: usize) -> usize {
        count.div_ceil(BLOCK)
    }

    /// From such parts; `None` unless they fit each other.
    pub(crate) fn from_parts(count: usize, blocks: Vec<Texts>, slots: Paged) -> Option<Self> {
        let are_full = blocks.iter().rev().skip(1).all(|block| block.len() == BLOCK);
        let fits = are_full && blocks.iter().map(Texts::len).sum::<usize>() == count && slots::have_room(slots.len(), count);
        fits.then(|| Self { stored: Some(Arc::new(LyingTable { blocks, count, slots })), own: Table::default(), key: PhantomData })
    }
}

/// Texts that are read together, one after another, and where each ends.
pub(crate) type Block<'t> = (&'t [u8], Vec<u32>);

impl Table {
    fn blocks(&self) -> Vec<Block<'_>> {
        let mut begin = 0;
        let block = |ends: &[u32]| {
            let from = std::mem::replace(&mut begin, ends.last().copied().unwrap_or(0));
            let text = self.text.as_bytes().get(from as usize..begin as usize).unwrap_or_default();
            (text, ends.iter().map(|end| end - from).collect())
        };
        self.ends.chunks(BLOCK).map(block).collect()
    }
}

/// Lists of short texts and the small numbers that stand for them, as [`Names`] are for texts.
#[derive(Debug, Clone, Default)]
pub(crate) struct TextLists {
    texts: Vec<TextKey>,
    ends: Vec<u32>,
    slots: Slots,
}

fn hash_list(list: &[TextKey]) -> u64 {
    list.iter().fold(hash(&[]), |state, key| hash(&(state ^ u64::from(key.0.get())).to_le_bytes()))
}

impl TextLists {
    /// The key of a list, new or known.
    pub(crate) fn intern(&mut self, list: &[TextKey]) -> TextListKey {
        let h = hash_list(list);
        let at = |place: u32| &self.texts[stretch(&self.ends, place as usize)];
        if let Some(place) = self.slots.find(h, |place| at(place) == list) {
            return TextListKey::from_index(place);
        }
        let place = narrow(self.ends.len());
        self.slots.add(h, place, |place| hash_list(at(place)));
        self.texts.extend_from_slice(list);
        self.ends.push(narrow(self.texts.len()));
        TextListKey::from_index(place)
    }

    /// The texts of a key.
    pub(crate) fn get(&self, key: TextListKey) -> &[TextKey] {
        self.texts.get(stretch(&self.ends, key.index())).unwrap_or_default()
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// What is stored, as of [`Names::with_parts`].
    pub(crate) fn parts(&self) -> (&[TextKey], &[u32], &[u32]) {
        (&self.texts, &self.ends, self.slots.as_slice())
    }

    /// From what [`TextLists::parts`] gave; `None` unless the parts fit each other.
    pub(crate) fn from_parts(texts: Vec<TextKey>, ends: Vec<u32>, slots: Vec<u32>) -> Option<Self> {
        if !ends.is_sorted() || ends.last().map_or(0, |end| *end as usize) != texts.len() {
            return None;
        }
        let slots = Slots::from_slots(slots, ends.len())?;
        Some(Self { texts, ends, slots })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_key_and_a_thousand_names_do_not_collide() {
        let mut names: Names<PersonKey> = Names::default();
        let keys: Vec<_> = (0..1000).map(|i| names.intern(&format!("P-{i}"))).collect();
        for (i, key) in keys.iter().enumerate() {
            assert_eq!(names.intern(&format!("P-{i}")), *key);
            assert_eq!(names.find(&format!("P-{i}")), Some(*key));
            assert_eq!(names.get(*key), format!("P-{i}"));
        }
        assert_eq!(names.len(), 1000);
        assert_eq!(names.find("Q"), None);
    }

    #[test]
    fn names_that_came_after_those_stored_are_stored_with_them_as_if_all_had_come_at_once() {
        type Of = Names<PersonKey>;
        let parts = |names: &Of| {
            names.with_parts(|count, blocks, slots| (count, blocks.iter().map(|(text, ends)| (text.to_vec(), ends.clone())).collect::<Vec<_>>(), slots.to_vec()))
        };
        let stored = |names: &Of| {
            let (count, blocks, slots) = parts(names);
            let blocks: Option<Vec<Texts>> = blocks.into_iter().map(|(text, ends)| Texts::of_parts(text, ends)).collect();
            Of::from_parts(count, blocks?, slots.into())
        };
        let (mut whole, mut before) = (Of::default(), Of::default());
        let id = |i: u32| format!("P-{i}");
        let keys: Vec<_> = (0..100).map(|i| whole.intern(&id(i))).collect();
        (0..60).for_each(|i| assert_eq!(before.intern(&id(i)), keys[i as usize]));
        let mut after = stored(&before).unwrap();
        let copy = after.clone();
        (40..100).for_each(|i| assert_eq!(after.intern(&id(i)), keys[i as usize]));
        assert_eq!((after.len(), copy.len(), copy.find(&id(60)), after.find(&id(99))), (100, 60, None, Some(keys[99])));
        assert!(after.keys().eq(keys.iter().copied()) && keys.iter().zip(0..).all(|(key, i)| after.get(*key) == id(i)));
        assert_eq!(parts(&after), parts(&whole));

        // Slots with room for the names that name none of them, as only who seals what is kept could write them.
        let (count, blocks, slots) = parts(&whole);
        let blocks: Option<Vec<Texts>> = blocks.into_iter().map(|(text, ends)| Texts::of_parts(text, ends)).collect();
        let mut forged = Of::from_parts(count, blocks.unwrap(), vec![u32::MAX; slots.len()].into()).unwrap();
        assert_eq!((forged.len(), forged.find(&id(3))), (100, None));
        assert_eq!(parts(&forged), parts(&whole));
        assert_eq!(forged.intern("Q").index(), 100);
        assert_eq!(parts(&forged).0, 101);
    }
}
