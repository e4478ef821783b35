//! How values become bytes and come back: numbers of few bytes, lists with their counts, long arrays whole.
//! Any bytes may be handed in: reading never panics, and it allocates no more than the bytes that are left can fill.

use compact_str::CompactString;
use domain::KnownAt;
use domain::ValidDay;

use super::keys::Counts;
use super::lying::Held;
use super::pieces::{Laid, Lain};

/// A type that can be stored.
pub trait Stored: Sized {
    /// The fewest bytes a value takes: what is left is divided by it before room is made for a list.
    const LEAST: usize = 1;
    /// Writes the value.
    fn put(&self, out: &mut Output<'_>);
    /// Reads a value; `None` when the bytes are none.
    fn take(input: &mut Input<'_>) -> Option<Self>;
    /// Notes which events the value has rows of.
    fn held(&self, held: &mut Held) {
        held.any();
    }
}

/// Bytes being written.
#[derive(Default)]
pub struct Output<'h> {
    pub(crate) bytes: Vec<u8>,
    /// What is laid apart, to be read by itself.
    pub(crate) pieces: Vec<Vec<u8>>,
    /// Seq and instant of the row before: rows lie close to each other in both.
    pub(crate) seq: u32,
    pub(crate) from: i64,
    /// In tests, keys are written as the names they stand for, so that two histories can be compared.
    pub(crate) spelled: Option<&'h crate::History>,
}

impl Output<'_> {
    /// A number in as many bytes as it needs, seven bits a byte, the last with its high bit clear.
    #[inline]
    pub fn number(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.bytes.push(u8::try_from(n & 0x7f).unwrap_or(0) | 0x80);
            n >>= 7;
        }
        self.bytes.push(u8::try_from(n).unwrap_or(0));
    }

    /// A signed number: the sign in the lowest bit.
    #[inline]
    pub fn signed(&mut self, n: i64) {
        self.number(((n << 1) ^ (n >> 63)).cast_unsigned());
    }

    /// Makes room for so many bytes at once.
    pub fn reserve(&mut self, bytes: usize) {
        self.bytes.reserve(bytes);
    }

    /// Bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Writes something, and before it how many bytes it takes, so that who does not want it passes over it.
    pub fn measured(&mut self, write: impl FnOnce(&mut Self)) {
        const LEN: usize = size_of::<u32>();
        let from = self.bytes.len() + LEN;
        self.bytes.resize(from, 0);
        write(self);
        // Four thousand million bytes of one thing would not fit this machine's memory long before this wraps.
        let len = u32::try_from(self.bytes.len() - from).unwrap_or(u32::MAX);
        self.bytes[from - LEN..from].copy_from_slice(&len.to_le_bytes());
    }

    /// All that was written.
    pub(crate) fn done(self) -> Laid {
        Laid { front: self.bytes, pieces: self.pieces }
    }
}

/// Bytes being read.
pub struct Input<'a> {
    bytes: &'a [u8],
    pub(crate) counts: &'a Counts,
    pub(crate) seq: u32,
    pub(crate) from: i64,
    epoch: ValidDay,
    /// The pieces, if these are the bytes of a section's front.
    section: Option<&'a Lain>,
}

impl<'a> Input<'a> {
    pub(crate) fn new(bytes: &'a [u8], counts: &'a Counts) -> Option<Self> {
        Some(Self { bytes, counts, seq: 0, from: 0, epoch: ValidDay::from_days(0)?, section: None })
    }

    /// The front of a section: parts of it lie in pieces.
    pub(crate) fn of_section(front: &'a [u8], section: &'a Lain) -> Option<Self> {
        Some(Self { section: Some(section), ..Self::new(front, section.counts())? })
    }

    /// The pieces of the section; `None` for other bytes.
    pub(crate) fn section(&self) -> Option<&'a Lain> {
        self.section
    }

    /// How many bytes are left.
    pub(crate) fn left(&self) -> usize {
        self.bytes.len()
    }

    /// Whether everything was read.
    pub fn is_at_end(&self) -> bool {
        self.bytes.is_empty()
    }

    /// One byte.
    #[inline]
    pub fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    /// What [`Output::number`] wrote.
    #[inline(always)]
    pub fn number(&mut self) -> Option<u64> {
        let (first, rest) = self.bytes.split_first()?;
        if *first < 0x80 {
            self.bytes = rest;
            return Some(u64::from(*first));
        }
        self.long_number()
    }

    /// Up to eight bytes at once, without a loop: most of the work of restoring is reading numbers.
    #[inline]
    fn long_number(&mut self) -> Option<u64> {
        const LAST: u64 = 0x8080_8080_8080_8080;
        let Some(word) = self.bytes.first_chunk::<8>().map(|chunk| u64::from_le_bytes(*chunk)) else {
            return self.number_byte_by_byte();
        };
        let last = !word & LAST;
        if last == 0 {
            return self.number_byte_by_byte();
        }
        self.bytes = self.bytes.get(last.trailing_zeros() as usize / 8 + 1..)?;
        // The bits up to the last byte's high one, without the high bits; then the gaps are closed: of bytes, of pairs, of fours.
        let n = word & (last ^ (last - 1)) & !LAST;
        let n = n & 0x007f_007f_007f_007f | (n & 0x7f00_7f00_7f00_7f00) >> 1;
        let n = n & 0x0000_3fff_0000_3fff | (n & 0x3fff_0000_3fff_0000) >> 2;
        Some(n & 0x0000_0000_0fff_ffff | (n & 0x0fff_ffff_0000_0000) >> 4)
    }

    #[cold]
    fn number_byte_by_byte(&mut self) -> Option<u64> {
        let mut n = 0;
        for shift in (0..64).step_by(7) {
            let next = self.byte()?;
            n |= u64::from(next & 0x7f) << shift;
            if next < 0x80 {
                return Some(n);
            }
        }
        None
    }

    /// What [`Output::signed`] wrote.
    #[inline]
    pub fn signed(&mut self) -> Option<i64> {
        let n = self.number()?;
        Some((n >> 1).cast_signed() ^ -(n & 1).cast_signed())
    }

    /// So many bytes.
    pub fn slice(&mut self, len: usize) -> Option<&'a [u8]> {
        let (slice, rest) = self.bytes.split_at_checked(len)?;
        self.bytes = rest;
        Some(slice)
    }

    /// What [`Output::measured`] wrote, to be read by itself.
    pub fn measured(&mut self) -> Option<Input<'a>> {
        let len = usize::try_from(u32::from_le_bytes(self.fixed()?)).ok()?;
        let bytes = self.slice(len)?;
        Some(Input { bytes, ..*self })
    }

    #[inline]
    pub(crate) fn fixed<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.bytes.split_first_chunk::<N>()?;
        self.bytes = rest;
        Some(*array)
    }

    /// A count of things that take at least `least` bytes each, all of which must still be there.
    pub fn count(&mut self, least: usize) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count <= self.bytes.len() / least.max(1)).then_some(count)
    }

    /// A day by its number. Events lie between 1900 and 2200; the local day of an instant may lie a day outside.
    #[inline]
    pub(crate) fn day(&mut self) -> Option<ValidDay> {
        let days = self.signed()?;
        (-25_568..=84_372).contains(&days).then(|| self.epoch.plus_days(days))
    }
}

impl Stored for bool {
    fn put(&self, out: &mut Output<'_>) {
        out.bytes.push(u8::from(*self));
    }
    #[inline]
    fn take(input: &mut Input<'_>) -> Option<Self> {
        match input.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Stored for u8 {
    fn put(&self, out: &mut Output<'_>) {
        out.bytes.push(*self);
    }
    #[inline]
    fn take(input: &mut Input<'_>) -> Option<Self> {
        input.byte()
    }
}

impl Stored for u16 {
    fn put(&self, out: &mut Output<'_>) {
        out.number(u64::from(*self));
    }
    #[inline]
    fn take(input: &mut Input<'_>) -> Option<Self> {
        input.number()?.try_into().ok()
    }
}

impl Stored for u32 {
    fn put(&self, out: &mut Output<'_>) {
        out.number(u64::from(*self));
    }
    #[inline]
    fn take(input: &mut Input<'_>) -> Option<Self> {
        input.number()?.try_into().ok()
    }
}

impl Stored for i64 {
    fn put(&self, out: &mut Output<'_>) {
        out.signed(*self);
    }
    #[inline]
    fn take(input: &mut Input<'_>) -> Option<Self> {
        input.signed()
    }
}

/// An instant of knowledge; "never" takes one byte.
impl Stored for KnownAt {
    fn put(&self, out: &mut Output<'_>) {
        if *self == KnownAt::END {
            out.bytes.push(0);
        } else {
            out.bytes.push(1);
            out.bytes.extend_from_slice(&self.micros().to_le_bytes());
        }
    }
    #[inline]
    fn take(input: &mut Input<'_>) -> Option<Self> {
        match input.byte()? {
            0 => Some(KnownAt::END),
            1 => Some(KnownAt::from_micros(i64::from_le_bytes(input.fixed()?))),
            _ => None,
        }
    }
}

impl<A: Stored, B: Stored> Stored for (A, B) {
    const LEAST: usize = A::LEAST + B::LEAST;
    fn put(&self, out: &mut Output<'_>) {
        self.0.put(out);
        self.1.put(out);
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        Some((A::take(input)?, B::take(input)?))
    }
}

impl<A: Stored, B: Stored, C: Stored> Stored for (A, B, C) {
    const LEAST: usize = A::LEAST + B::LEAST + C::LEAST;
    fn put(&self, out: &mut Output<'_>) {
        self.0.put(out);
        self.1.put(out);
        self.2.put(out);
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        Some((A::take(input)?, B::take(input)?, C::take(input)?))
    }
}

impl<T: Stored> Stored for Option<T> {
    fn put(&self, out: &mut Output<'_>) {
        out.bytes.push(u8::from(self.is_some()));
        if let Some(value) = self {
            value.put(out);
        }
    }
    #[inline]
    fn take(input: &mut Input<'_>) -> Option<Self> {
        match input.byte()? {
            0 => Some(None),
            1 => T::take(input).map(Some),
            _ => None,
        }
    }
}

impl<T: Stored> Stored for Vec<T> {
    fn held(&self, held: &mut Held) {
        self.iter().for_each(|value| value.held(held));
    }
    fn put(&self, out: &mut Output<'_>) {
        out.number(self.len() as u64);
        for value in self {
            value.put(out);
        }
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        let count = input.count(T::LEAST)?;
        let mut list = Vec::with_capacity(count);
        for _ in 0..count {
            list.push(T::take(input)?);
        }
        Some(list)
    }
}

impl<T: Stored + Clone> Stored for Box<[T]> {
    fn put(&self, out: &mut Output<'_>) {
        out.number(self.len() as u64);
        for value in self {
            value.put(out);
        }
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        Vec::take(input).map(Vec::into_boxed_slice)
    }
}

impl Stored for CompactString {
    fn put(&self, out: &mut Output<'_>) {
        out.number(self.len() as u64);
        out.bytes.extend_from_slice(self.as_bytes());
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        let len = input.count(1)?;
        std::str::from_utf8(input.slice(len)?).ok().map(CompactString::new)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_length_of_number_is_read_as_written_wherever_it_stands() {
        let counts = Counts::default();
        for after in [0, 1, 9] {
            for shift in 0..64 {
                for n in [1u64 << shift, (1u64 << shift) - 1, u64::MAX >> shift] {
                    let mut out = Output::default();
                    out.number(n);
                    out.signed(n.cast_signed());
                    out.bytes.extend(std::iter::repeat_n(0xff, after));
                    let mut input = Input::new(&out.bytes, &counts).unwrap();
                    assert_eq!((input.number(), input.signed()), (Some(n), Some(n.cast_signed())));
                    assert_eq!(input.bytes.len(), after);
                }
            }
        }
    }
}
