//! Telling a flush that was cut short from damage to one that was finished.
//! It refuses to guess: what can be either is left to be reported, what can only be damage is named.

use crate::slot::{SLOT_LEN, Slot};

/// The slots that are whole, with their places, or the place of one that was damaged after it had
/// been written durably.
///
/// The file takes its name only when the slots it is born with are on the disk, and a flush begins
/// only after the one before it is. So a slot broken there, or before the beginning of any later
/// flush, was whole once; one inside the last flush may simply never have arrived, even if some
/// behind it did.
pub(crate) fn whole_slots(slots: &[[u8; SLOT_LEN]], born_with: u64) -> Result<Vec<(usize, Slot)>, usize> {
    let mut whole = Vec::with_capacity(slots.len());
    let mut broken = None;
    for (at, bytes) in slots.iter().enumerate() {
        match Slot::from_bytes(bytes) {
            None => broken = broken.or(Some(at)),
            Some(slot) => {
                let batch_begins = at.saturating_sub(slot.place as usize);
                if let Some(first_broken) = broken.filter(|broken| *broken < batch_begins) {
                    return Err(first_broken);
                }
                whole.push((at, slot));
            }
        }
    }
    let first_missing = broken.unwrap_or(slots.len());
    if (first_missing as u64) < born_with { Err(first_missing) } else { Ok(whole) }
}

/// Where in the file a slot begins; the header comes before the first.
pub(crate) fn offset(slot: usize) -> u64 {
    ((slot + 1) * SLOT_LEN) as u64
}
