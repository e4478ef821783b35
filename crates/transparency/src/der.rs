//! The little of DER (X.690) that a time stamping request and its answer need: elements with definite lengths, written and read.
//! It refuses indefinite and needlessly long lengths, and never looks past the bytes it was given.

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTETS: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
/// `[0]`, explicit.
pub(crate) const CONTEXT_0: u8 = 0xa0;

/// One element.
pub(crate) fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    let len = contents.len();
    if len < 0x80 {
        bytes.push(len as u8);
    } else {
        let digits: Vec<u8> = (0..8).rev().map(|place| (len as u64 >> (8 * place)) as u8).skip_while(|digit| *digit == 0).collect();
        bytes.push(0x80 | digits.len() as u8);
        bytes.extend_from_slice(&digits);
    }
    bytes.extend_from_slice(contents);
    bytes
}

/// A sequence of elements that are written already.
pub(crate) fn sequence(elements: &[Vec<u8>]) -> Vec<u8> {
    element(SEQUENCE, &elements.concat())
}

/// A non-negative number from its bytes, the highest first.
pub(crate) fn integer(bytes: &[u8]) -> Vec<u8> {
    let digits = match bytes.iter().position(|byte| *byte != 0) {
        Some(first) => &bytes[first..],
        None => &[0],
    };
    // A first bit of 1 would make it negative.
    let sign: &[u8] = if digits.first().is_some_and(|first| first & 0x80 != 0) { &[0] } else { &[] };
    element(INTEGER, &[sign, digits].concat())
}

/// What is left to read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tag of the next element.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The next element, whatever it is: its tag, its contents, and all its bytes.
    pub(crate) fn next(&mut self) -> Option<(u8, &'a [u8], &'a [u8])> {
        let whole = self.0;
        let (&tag, rest) = whole.split_first()?;
        // Tags above 30 take more bytes; none of ours does.
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (&first, rest) = rest.split_first()?;
        let (len, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            0x81..=0x84 => {
                let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                let len = digits.iter().fold(0_usize, |len, digit| (len << 8) | usize::from(*digit));
                let shortest = digits.first().is_some_and(|digit| *digit != 0) && len >= 0x80;
                shortest.then_some((len, rest))?
            }
            _ => return None,
        };
        let (contents, after) = rest.split_at_checked(len)?;
        self.0 = after;
        Some((tag, contents, &whole[..whole.len() - after.len()]))
    }

    /// The contents of the next element, which must have this tag.
    pub(crate) fn take(&mut self, wanted: u8) -> Option<&'a [u8]> {
        if self.peek() == Some(wanted) { self.next().map(|(_, contents, _)| contents) } else { None }
    }

    /// The elements of the next one, which must have this tag.
    pub(crate) fn inside(&mut self, wanted: u8) -> Option<Reader<'a>> {
        self.take(wanted).map(Reader)
    }
}
