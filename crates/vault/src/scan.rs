//! Telling a flush that was cut short from damage to one that was finished.
//! It refuses to guess: what can be either is left to be reported, what can only be damage is named.

use std::num::NonZero;

use crate::slot::{SLOT_LEN, Slot};

/// Hands on the slots that are whole, each with its place, and counts them; or the place of one that was damaged after it
/// had been written durably.
///
/// The file takes its name only when the slots it is born with are on the disk, and a flush begins
/// only after the one before it is. So a slot broken there, or before the beginning of any later
/// flush, was whole once; one inside the last flush may simply never have arrived, even if some
/// behind it did.
pub(crate) fn whole_slots(slots: &[[u8; SLOT_LEN]], born_with: u64, mut each: impl FnMut(usize, Slot)) -> Result<usize, usize> {
    let not_whole = not_whole(slots);
    let (mut whole, mut broken) = (0, None);
    for (at, bytes) in slots.iter().enumerate() {
        match Slot::unchecked(bytes).filter(|_| not_whole.binary_search(&at).is_err()) {
            None => broken = broken.or(Some(at)),
            Some(slot) => {
                let batch_begins = at.saturating_sub(slot.place as usize);
                if let Some(first_broken) = broken.filter(|broken| *broken < batch_begins) {
                    return Err(first_broken);
                }
                whole += 1;
                each(at, slot);
            }
        }
    }
    let first_missing = broken.unwrap_or(slots.len());
    if (first_missing as u64) < born_with { Err(first_missing) } else { Ok(whole) }
}

/// Slots in one piece of work, at least: checking fewer takes no longer than starting a thread.
const MANY: usize = if cfg!(test) { 2 } else { 2048 };

fn check(from: usize, slots: &[[u8; SLOT_LEN]]) -> Vec<usize> {
    (from..).zip(slots).filter(|(_, slot)| Slot::from_bytes(slot).is_none()).map(|(at, _)| at).collect()
}

/// The places of slots that are not whole, in order. Checksums are most of the work of opening a vault: all cores share it.
fn not_whole(slots: &[[u8; SLOT_LEN]]) -> Vec<usize> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let each = slots.len().div_ceil(cores).max(MANY);
    let (here, others) = slots.split_at(each.min(slots.len()));
    std::thread::scope(|scope| {
        let begin = |(n, some)| {
            let from = (n + 1) * each;
            (from, some, std::thread::Builder::new().spawn_scoped(scope, move || check(from, some)))
        };
        let begun: Vec<_> = others.chunks(each).enumerate().map(begin).collect();
        let mut all = check(0, here);
        for (from, some, thread) in begun {
            // Where the system gave no thread, it is done here.
            all.extend(thread.ok().and_then(|thread| thread.join().ok()).unwrap_or_else(|| check(from, some)));
        }
        all
    })
}

/// Where in the file a slot begins; the header comes before the first.
pub(crate) fn offset(slot: usize) -> u64 {
    ((slot + 1) * SLOT_LEN) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slot::{Kind, Wrapper};

    #[test]
    fn broken_slots_are_found_wherever_they_lie_and_whichever_core_looks() {
        let wrapper = Wrapper::new(&[3; 32]);
        for count in 0..20_usize {
            let slot = |at: usize| wrapper.wrap(Kind::SubjectKey, [7; 16], 0, u32::try_from(at).unwrap_or(0), [9; 24], &[1; 32]).to_bytes();
            let mut slots: Vec<_> = (0..count).map(slot).collect();
            assert_eq!((not_whole(&slots), whole_slots(&slots, 0, |_, _| {})), (Vec::new(), Ok(count)));
            let broken: Vec<usize> = (0..count).filter(|at| at % 3 == 1).collect();
            broken.iter().for_each(|at| slots[*at][60] ^= 1);
            assert_eq!(not_whole(&slots), broken);
            let mut seen = Vec::new();
            assert_eq!(whole_slots(&slots, 0, |at, _| seen.push(at)), Ok(count - broken.len()));
            assert!(seen.iter().all(|at| !broken.contains(at)) && seen.len() + broken.len() == count);
        }
    }
}
