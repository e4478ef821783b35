//! All pieces of a section, read at once for whoever will ask for most of them: in one room, unsealed where they lie in it.
//! It refuses all of them where one is not as it was written.

use memmap2::MmapMut;

use crate::pieces::{Pieces, WORD, room};

/// The pieces of a section, every one of them as it was written.
pub struct AllPieces {
    room: Room,
    /// Where each begins and ends in the room, in words.
    places: Vec<std::ops::Range<usize>>,
}

/// Many words lie in large pages where the system has them: memory is fresh in a process that was just begun, and to make it ready four
/// kilobytes at a time takes longer than to read and unseal what goes into it.
enum Room {
    Few(Vec<u32>),
    Many(MmapMut),
}

/// As many bytes are worth pages of their own.
const MANY: usize = 1024 * 1024;

impl Room {
    fn of(bytes: usize) -> Option<Self> {
        if bytes < MANY {
            return room(bytes / WORD).map(Self::Few);
        }
        let room = MmapMut::map_anon(bytes).ok()?;
        // Whether there are large pages is the system's to say; it works without.
        #[cfg(target_os = "linux")]
        let _ = room.advise(memmap2::Advice::HugePage);
        Some(Self::Many(room))
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        match self {
            Self::Few(room) => bytemuck::cast_slice_mut(room),
            Self::Many(room) => room,
        }
    }

    fn words(&self) -> &[u32] {
        match self {
            Self::Few(room) => room,
            // Pages begin at words.
            Self::Many(room) => bytemuck::try_cast_slice(room).unwrap_or_default(),
        }
    }
}

impl AllPieces {
    /// The bytes of a piece as words, as [`Pieces::read`] gives them; `None`: no such piece.
    pub fn piece(&self, number: usize) -> Option<&[u32]> {
        self.room.words().get(self.places.get(number)?.clone())
    }
}

impl Pieces {
    /// Reads all of them; `None`: not every one is as it was written.
    pub fn read_all(&self) -> Option<AllPieces> {
        let (begin, end) = self.extent()?;
        let mut room = Room::of(usize::try_from(end.checked_sub(begin)?).ok()?)?;
        self.fill(begin, room.bytes_mut())?;
        let mut places = Vec::with_capacity(self.count());
        for number in 0..self.count() {
            let (from, to) = self.within(number, begin)?;
            let len = self.unseal_in(number, room.bytes_mut().get_mut(from..to)?)?;
            places.push(from / WORD..(from + len) / WORD);
        }
        Some(AllPieces { room, places })
    }
}
