//! Open addressing over numbers: finds the place of a value in a list by the value's hash, with the list kept elsewhere.
//! Its bytes are stored as they are, so the hash is our own and may not change without a new format version.

/// No place. A place always lies below three quarters of the slots, so its bits are never all ones.
const FREE: u32 = u32::MAX;
const FEWEST: usize = 8;
const MOST: usize = 1 << 31;

/// Places by hash. A slot holds a place in its low bits, as many as number the slots, and bits of the hash above them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slots {
    slots: Vec<u32>,
    taken: usize,
}

/// The hash of some bytes: eight at a time, multiplied to twice the width and folded.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    const OTHER: u64 = 0xc2b2_ae3d_27d4_eb4f;
    fn fold(a: u64, b: u64) -> u64 {
        let product = u128::from(a) * u128::from(b);
        let low = u64::try_from(product & u128::from(u64::MAX)).unwrap_or(0);
        let high = u64::try_from(product >> 64).unwrap_or(0);
        low ^ high
    }
    let mut state = ODD ^ (bytes.len() as u64);
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        state = fold(state ^ u64::from_le_bytes(*word), OTHER);
    }
    let mut last = [0u8; 8];
    last[..rest.len()].copy_from_slice(rest);
    fold(state ^ u64::from_le_bytes(last), ODD)
}

/// The place whose value has this hash and is the same, among so many slots, a power of two, or none.
pub(crate) fn find(len: usize, slot: impl Fn(usize) -> Option<u32>, hash: u64, same: impl Fn(u32) -> bool) -> Option<u32> {
    let mask = len.checked_sub(1)?;
    let places = u32::try_from(mask).unwrap_or(u32::MAX);
    let (bits, tag) = (len.trailing_zeros(), tag(len, hash));
    let mut at = usize::try_from(hash & mask as u64).unwrap_or(0);
    for _ in 0..len {
        let slot = slot(at)?;
        if slot == FREE {
            return None;
        }
        if slot >> bits == tag && same(slot & places) {
            return Some(slot & places);
        }
        at = (at + 1) & mask;
    }
    None
}

fn tag(len: usize, hash: u64) -> u32 {
    // The high half: the low bits already chose the slot.
    u32::try_from(hash >> 32).unwrap_or(0) >> len.trailing_zeros()
}

/// Whether so many slots have room for so many places; a free slot must be left somewhere.
pub(crate) fn have_room(len: usize, count: usize) -> bool {
    if len == 0 {
        return count == 0;
    }
    len.is_power_of_two() && (FEWEST..=MOST).contains(&len) && count.saturating_mul(4) <= len * 3
}

/// Whether slots have room for so many places and name each of them once.
fn fit(slots: &[u32], count: usize) -> bool {
    let len = slots.len();
    let (Ok(places), Ok(count32)) = (u32::try_from(len.saturating_sub(1)), u32::try_from(count)) else { return false };
    let (mut taken, mut fits) = (0usize, have_room(len, count));
    for slot in slots {
        let is_taken = *slot != FREE;
        taken += usize::from(is_taken);
        fits &= !is_taken || slot & places < count32;
    }
    fits && taken == count
}

impl Slots {
    fn bits(&self) -> u32 {
        self.slots.len().trailing_zeros()
    }


    /// The place whose value has this hash and is the same.
    pub(crate) fn find(&self, hash: u64, same: impl Fn(u32) -> bool) -> Option<u32> {
        find(self.slots.len(), |at| self.slots.get(at).copied(), hash, same)
    }

    /// Puts in the next place, which is not there yet; `hashes` gives the hash of every place when more room is made.
    pub(crate) fn add(&mut self, hash: u64, place: u32, hashes: impl Fn(u32) -> u64) {
        if (self.taken + 1) * 4 > self.slots.len() * 3 && self.slots.len() < MOST {
            let room = (self.slots.len() * 2).max(FEWEST);
            self.slots = vec![FREE; room];
            for old in 0..place {
                self.set(hashes(old), old);
            }
        }
        self.set(hash, place);
        self.taken += 1;
    }

    fn set(&mut self, hash: u64, place: u32) {
        let mask = self.slots.len() - 1;
        let mut at = usize::try_from(hash & mask as u64).unwrap_or(0);
        for _ in 0..self.slots.len() {
            if self.slots[at] == FREE {
                self.slots[at] = tag(self.slots.len(), hash) << self.bits() | place;
                return;
            }
            at = (at + 1) & mask;
        }
    }

    /// The slots, to be stored.
    pub(crate) fn as_slice(&self) -> &[u32] {
        &self.slots
    }

    /// From stored slots of `count` places; `None` unless there is room for them and every place is below `count`.
    pub(crate) fn from_slots(slots: Vec<u32>, count: usize) -> Option<Self> {
        fit(&slots, count).then_some(Self { slots, taken: count })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_values_are_found_and_others_are_not() {
        let value = |place: u32| place.wrapping_mul(77).to_le_bytes();
        let mut slots = Slots::default();
        for place in 0..1000 {
            slots.add(hash(&value(place)), place, |p| hash(&value(p)));
        }
        let again = Slots::from_slots(slots.as_slice().to_vec(), 1000).map(|s| s.taken);
        assert_eq!(again, Some(1000));
        for place in 0..1000 {
            assert_eq!(slots.find(hash(&value(place)), |p| value(p) == value(place)), Some(place));
        }
        assert_eq!(slots.find(hash(&value(1000)), |p| value(p) == value(1000)), None);
        assert!(Slots::from_slots(slots.as_slice().to_vec(), 999).is_none());
        assert!(Slots::from_slots(slots.as_slice()[1..].to_vec(), 1000).is_none());
    }

    #[test]
    fn the_hash_is_what_stored_tables_were_made_with() {
        assert_eq!(format!("{:016x}", hash(b"")), HASHES[0]);
        assert_eq!(format!("{:016x}", hash(b"C-1")), HASHES[1]);
        assert_eq!(format!("{:016x}", hash(b"an id longer than eight")), HASHES[2]);
    }

    /// Frozen since format 1.
    const HASHES: [&str; 3] = ["be8cab644efdda51", "09f956245ec765e2", "bda6be0616c6af88"];
}
