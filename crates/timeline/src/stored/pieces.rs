//! A section as it is kept: a front, which is read at once, and pieces, which are read one by one when somebody asks for what lies in them.
//! A piece that turns out not to be as it was written reads as nothing and says so: no answer that asked for it may be given.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use super::codec::{Input, Output};
use super::keys::Counts;

/// Bytes in two parts, as an [`Output`] leaves them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Laid {
    /// What is read at once.
    pub front: Vec<u8>,
    /// What is read piece by piece. Four divides the length of each.
    pub pieces: Vec<Vec<u8>>,
}

/// Reads a piece: its bytes as words, as they lie there. `None` where it is not as it was written.
pub type ReadPiece = Box<dyn Fn(usize) -> Option<Vec<u32>> + Send + Sync>;

/// All pieces of a section, read.
pub trait AllPieces: Send + Sync {
    /// The words of one; `None` where there is no such piece.
    fn piece(&self, number: usize) -> Option<&[u32]>;
}

/// Reads all pieces at once; `None` where one is not as it was written.
pub type ReadAll = Box<dyn FnOnce() -> Option<Box<dyn AllPieces>>>;

/// A section opened.
pub struct Opened {
    /// What was read at once.
    pub front: Vec<u8>,
    /// How many pieces there are.
    pub count: usize,
    /// Reads one of them.
    pub read: ReadPiece,
    /// Reads all of them, for whoever will ask for most.
    pub all: ReadAll,
}

impl AllPieces for Vec<Vec<u32>> {
    fn piece(&self, number: usize) -> Option<&[u32]> {
        self.get(number).map(Vec::as_slice)
    }
}

/// What was just written, opened again.
impl From<Laid> for Opened {
    fn from(laid: Laid) -> Self {
        let words = |bytes: &Vec<u8>| bytes.as_chunks::<4>().0.iter().map(|word| u32::from_ne_bytes(*word)).collect();
        let Laid { front, pieces } = laid;
        let pieces: Arc<Vec<Vec<u32>>> = Arc::new(pieces.iter().map(words).collect());
        let all = Arc::clone(&pieces);
        Self {
            front,
            count: pieces.len(),
            read: Box::new(move |number| pieces.get(number).cloned()),
            all: Box::new(move || Some(Box::new(Arc::unwrap_or_clone(all)))),
        }
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").field("front", &self.front.len()).field("count", &self.count).finish_non_exhaustive()
    }
}

/// When pieces are read.
#[derive(Debug, Clone)]
pub enum Pieces {
    /// All at once: none of them can turn out to be damaged later.
    Now,
    /// Each when something in it is asked for; who answers looks at the damage before the answer is given.
    WhenAsked(Damage),
}

/// Whether something that was asked for turned out not to be as it was written. Copies are one.
#[derive(Debug, Clone, Default)]
pub struct Damage(Arc<AtomicBool>);

impl Damage {
    /// Whether it did.
    pub fn happened(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    fn note(&self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Where something lies: the piece, and the word in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    piece: u32,
    word: u32,
}

/// The pieces of a section, kept as long as something of it may be asked for, and the counts that its keys are held against.
#[derive(Clone)]
pub(crate) struct Lain(Arc<Inside>);

struct Inside {
    counts: Arc<Counts>,
    kept: Kept,
    damage: Damage,
}

enum Kept {
    All(Box<dyn AllPieces>),
    Asked(ReadPiece, Box<[OnceLock<Vec<u32>>]>),
}

impl Kept {
    #[inline]
    fn piece(&self, number: usize) -> Option<&[u32]> {
        match self {
            Self::All(all) => all.piece(number),
            Self::Asked(read, kept) => kept.get(number).map(|kept| kept.get_or_init(|| read(number).unwrap_or_default()).as_slice()),
        }
    }
}

impl Lain {
    /// The front of a section, and its pieces; `None` where they are to be read now and one is not as it was written.
    pub(crate) fn open(opened: Opened, counts: &Arc<Counts>, pieces: &Pieces) -> Option<(Vec<u8>, Self)> {
        let Opened { front, count, read, all } = opened;
        let (damage, kept) = match pieces {
            Pieces::Now => (Damage::default(), Kept::All(all()?)),
            Pieces::WhenAsked(damage) => (damage.clone(), Kept::Asked(read, (0..count).map(|_| OnceLock::new()).collect())),
        };
        Some((front, Self(Arc::new(Inside { counts: Arc::clone(counts), kept, damage }))))
    }

    pub(crate) fn counts(&self) -> &Arc<Counts> {
        &self.0.counts
    }

    /// So many words from a place on; none where there are not so many.
    #[inline]
    pub(crate) fn words(&self, place: Place, count: usize) -> &[u32] {
        let from = place.word as usize;
        let words = self.0.kept.piece(place.piece as usize);
        words.and_then(|words| words.get(from..from.checked_add(count)?)).unwrap_or_else(|| {
            self.damaged();
            &[]
        })
    }

    /// Notes that something is not what it should be.
    pub(crate) fn damaged(&self) {
        self.0.damage.note();
    }
}

impl fmt::Debug for Lain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lain").finish_non_exhaustive()
    }
}

/// Bytes of a piece, but for what is longer by itself. In tests so few that stories have several pieces.
const PIECE: usize = if cfg!(test) { 128 } else { 16 * 1024 };

impl Output<'_> {
    /// Lays something into a piece, all of it into one, and writes down where.
    pub(crate) fn lay(&mut self, bytes: &[u8]) {
        let has_room = self.pieces.last().is_some_and(|last| last.len() + bytes.len() <= PIECE);
        if !has_room {
            self.pieces.push(Vec::with_capacity(PIECE.max(bytes.len()) + SEAL));
        }
        let piece = self.pieces.len() - 1;
        let last = &mut self.pieces[piece];
        let word = last.len() / 4;
        last.extend_from_slice(bytes);
        last.resize(last.len().next_multiple_of(4), 0);
        self.number(piece as u64);
        self.number(word as u64);
    }
}

/// Room for whoever seals a piece where it is.
const SEAL: usize = 16;

impl Input<'_> {
    /// Where something was laid, and in what.
    pub(crate) fn laid(&mut self) -> Option<(Lain, Place)> {
        let piece = u32::try_from(self.number()?).ok()?;
        let word = u32::try_from(self.number()?).ok()?;
        Some((self.section()?.clone(), Place { piece, word }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn opened(laid: Laid, pieces: &Pieces) -> Option<(Vec<u8>, Lain)> {
        Lain::open(laid.into(), &Arc::default(), pieces)
    }

    fn laid(things: &[Vec<u8>]) -> Laid {
        let mut out = Output::default();
        things.iter().for_each(|thing| out.lay(thing));
        out.done()
    }

    #[test]
    fn what_was_laid_is_read_where_it_lies_whatever_its_length() {
        let things: Vec<Vec<u8>> = (0..=2 * PIECE).step_by(7).map(|len| (0..len).map(|n| u8::try_from(n % 251).unwrap()).collect()).collect();
        let laid = laid(&things);
        assert!(laid.pieces.len() > 10 && laid.pieces.iter().all(|piece| piece.len().is_multiple_of(4)));
        for pieces in [Pieces::Now, Pieces::WhenAsked(Damage::default())] {
            let (front, lain) = opened(laid.clone(), &pieces).unwrap();
            let mut input = Input::of_section(&front, &lain).unwrap();
            for thing in &things {
                let (lain, place) = input.laid().unwrap();
                let words = lain.words(place, thing.len().div_ceil(4));
                assert_eq!(bytemuck::cast_slice::<u32, u8>(words)[..thing.len()], thing[..]);
            }
            assert!(input.is_at_end() && !lain.0.damage.happened());
        }
    }

    #[test]
    fn a_piece_that_is_not_there_is_noted_when_it_is_asked_for_and_not_before() {
        let mut laid = laid(&[vec![1; PIECE], vec![2; PIECE]]);
        laid.pieces.pop();
        let front = laid.front.clone();
        let whole = Opened { count: 2, all: Box::new(|| None), ..laid.clone().into() };
        assert!(Lain::open(whole, &Arc::default(), &Pieces::Now).is_none());
        let damage = Damage::default();
        let (_, lain) = opened(laid, &Pieces::WhenAsked(damage.clone())).unwrap();
        let mut input = Input::of_section(&front, &lain).unwrap();
        let places: Vec<Place> = (0..2).map(|_| input.laid().unwrap().1).collect();
        assert_eq!((lain.words(places[0], PIECE / 4).len(), damage.happened()), (PIECE / 4, false));
        assert_eq!((lain.words(places[1], PIECE / 4).len(), damage.happened()), (0, true));
    }

    #[test]
    fn more_than_lies_at_a_place_is_nothing_and_noted() {
        let damage = Damage::default();
        let (front, lain) = opened(laid(&[vec![1; 8]]), &Pieces::WhenAsked(damage.clone())).unwrap();
        let (_, place) = Input::of_section(&front, &lain).unwrap().laid().unwrap();
        assert_eq!((lain.words(place, 2).len(), damage.happened()), (2, false));
        assert_eq!((lain.words(place, 3).len(), damage.happened()), (0, true));
    }
}
