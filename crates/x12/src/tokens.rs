//! Bytes to segments: separators read from each ISA, line ends between segments or none, any number of interchanges.
//! Holds one segment and refuses one longer than [`MAX_SEGMENT`]; knows no segment but ISA, and panics on nothing.

use std::io::{self, Read};

use domain::field::Mismatch;
use memchr::memchr;

use crate::problem::{Problem, shown};
use crate::segment::{Segment, Separators};

/// The longest segment accepted, in bytes. The longest a guide allows are a few hundred.
pub const MAX_SEGMENT: usize = 16 << 10;

/// Bytes asked for at a time.
const CHUNK: usize = 1 << 16;

/// Length of an ISA with its terminator: its elements have fixed widths, so that the separators can be found by their places.
const ISA: usize = 106;

/// Widths of ISA01 to ISA16.
const WIDTHS: [usize; 16] = [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1];

/// Cuts a stream into segments.
#[derive(Debug)]
pub struct Segments<R> {
    input: R,
    buffer: Vec<u8>,
    /// Where the next segment starts.
    at: usize,
    filled: usize,
    ended: bool,
    separators: Option<Separators>,
    ordinal: u64,
}

/// What was found where the next segment should be.
enum Cut {
    /// A segment at these bytes of the buffer.
    Segment(usize, usize),
    Broken(Problem),
}

impl<R: Read> Segments<R> {
    /// Reads from the beginning of a file.
    pub fn new(input: R) -> Self {
        Self { input, buffer: vec![0; CHUNK + MAX_SEGMENT], at: 0, filled: 0, ended: false, separators: None, ordinal: 0 }
    }

    /// Segments met so far.
    pub fn ordinal(&self) -> u64 {
        self.ordinal
    }

    /// The next segment, or what is wrong where it should be; nothing at the end. After something that leaves the separators unknown the
    /// rest is passed over.
    ///
    /// # Errors
    /// What reading gives.
    pub fn next_segment(&mut self) -> io::Result<Option<Result<Segment<'_>, Problem>>> {
        if !self.skip_blanks()? {
            return Ok(None);
        }
        self.ordinal += 1;
        self.ensure(4)?;
        let rest = &self.buffer[self.at..self.filled];
        let cut = if rest.starts_with(b"ISA") && rest.get(3).is_some_and(|b| !b.is_ascii_alphanumeric()) {
            self.interchange()?
        } else if let Some(separators) = self.separators {
            self.cut(separators.terminator)?
        } else {
            let mismatch = Mismatch::new(shown(&rest[..rest.len().min(20)]), "ISA, the beginning of an interchange");
            self.abandon(Problem::new(self.ordinal, "", mismatch))
        };
        Ok(Some(match (cut, self.separators) {
            (Cut::Segment(from, to), Some(separators)) => Ok(Segment::new(self.ordinal, separators, &self.buffer[from..to])),
            (Cut::Broken(problem), _) => Err(problem),
            // A segment is cut only once the separators are known.
            (Cut::Segment(..), None) => Err(Problem::new(self.ordinal, "", Mismatch::new("a segment", "ISA first"))),
        }))
    }

    /// Says what is wrong and passes over the rest of the file.
    fn abandon(&mut self, problem: Problem) -> Cut {
        (self.at, self.filled, self.ended, self.separators) = (0, 0, true, None);
        Cut::Broken(problem)
    }

    /// Line ends and blanks before a segment, a byte order mark, and the end-of-file mark that some systems still write.
    fn skip_blanks(&mut self) -> io::Result<bool> {
        loop {
            while let Some(byte) = self.buffer[self.at..self.filled].first().copied() {
                match byte {
                    b'\r' | b'\n' | b' ' | b'\t' | 0x1A => self.at += 1,
                    0xEF if self.ordinal == 0 && self.ensure(3)? && self.buffer[self.at..].starts_with(b"\xEF\xBB\xBF") => self.at += 3,
                    _ => return Ok(true),
                }
            }
            if !self.fill()? {
                return Ok(false);
            }
        }
    }

    /// Reads more behind what is there; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        if self.at > 0 {
            self.buffer.copy_within(self.at..self.filled, 0);
            (self.at, self.filled) = (0, self.filled - self.at);
        }
        loop {
            match self.input.read(&mut self.buffer[self.filled..]) {
                Ok(0) => {
                    self.ended = true;
                    return Ok(false);
                }
                Ok(n) => {
                    self.filled += n;
                    return Ok(true);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Whether `count` bytes are there from the next segment on. Never asks for more than the buffer holds.
    fn ensure(&mut self, count: usize) -> io::Result<bool> {
        while self.filled - self.at < count {
            if !self.fill()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// An ISA, by its fixed places.
    fn interchange(&mut self) -> io::Result<Cut> {
        let whole = self.ensure(ISA)?;
        let bytes = &self.buffer[self.at..self.filled];
        let separator = bytes[3];
        let mut place = 4;
        for (number, width) in (1..).zip(WIDTHS) {
            let after = bytes.get(place + width).copied();
            let ends_well = if number == 16 { after.is_some() } else { after == Some(separator) };
            let inside = bytes.get(place..place + width).unwrap_or_default();
            if !ends_well || inside.len() < width || inside.contains(&separator) {
                let rest = bytes.get(place..).unwrap_or_default();
                let length = memchr(separator, rest).unwrap_or(rest.len());
                let found = match (length == rest.len(), whole) {
                    (true, false) => format!("{} and the end of the file", shown(&rest[..length.min(20)])),
                    (true, true) | (false, _) => format!("{}, {length} characters", shown(&rest[..length.min(20)])),
                };
                let mismatch = Mismatch::new(found, format!("{width} characters")).hint("the elements of an ISA have fixed widths: pad them with spaces");
                let problem = Problem::new(self.ordinal, format!("ISA{number:02}"), mismatch);
                return Ok(self.abandon(problem));
            }
            place += width + 1;
        }
        // Before 005010 ISA11 was no separator but `U`.
        let repetition = Some(bytes[82]).filter(|b| !b.is_ascii_alphanumeric());
        let separators = Separators { element: separator, component: bytes[104], repetition, terminator: bytes[105] };
        if let Some((field, byte)) = separators.unusable() {
            let mismatch = Mismatch::new(shown(&[byte]), "a separator that is no letter or digit, and of one use only");
            let problem = Problem::new(self.ordinal, field, mismatch);
            return Ok(self.abandon(problem));
        }
        self.separators = Some(separators);
        let from = self.at;
        self.at += ISA;
        Ok(Cut::Segment(from, from + ISA - 1))
    }

    /// Up to the terminator.
    fn cut(&mut self, terminator: u8) -> io::Result<Cut> {
        let mut searched = 0;
        loop {
            if let Some(found) = memchr(terminator, &self.buffer[self.at + searched..self.filled]) {
                let (from, length) = (self.at, searched + found);
                self.at += length + 1;
                if length > MAX_SEGMENT {
                    return Ok(Cut::Broken(self.too_long()));
                }
                let trimmed = if self.buffer[from..from + length].ends_with(b"\r") { length - 1 } else { length };
                return Ok(Cut::Segment(from, from + trimmed));
            }
            searched = self.filled - self.at;
            if searched > MAX_SEGMENT {
                self.skip_past(terminator)?;
                return Ok(Cut::Broken(self.too_long()));
            }
            if !self.fill()? {
                let rest = &self.buffer[self.at..self.filled];
                let mismatch = Mismatch::new(format!("the end of the file after {}", shown(&rest[..rest.len().min(20)])), "a segment with its terminator");
                let problem = Problem::new(self.ordinal, "", mismatch.hint("the file was cut off: get it again"));
                return Ok(self.abandon(problem));
            }
        }
    }

    fn too_long(&self) -> Problem {
        let mismatch = Mismatch::new(format!("a segment of more than {MAX_SEGMENT} bytes"), "a segment of claims or remittances");
        Problem::new(self.ordinal, "", mismatch.hint("a terminator is missing, or the file is no X12 interchange"))
    }

    fn skip_past(&mut self, terminator: u8) -> io::Result<()> {
        loop {
            if let Some(found) = memchr(terminator, &self.buffer[self.at..self.filled]) {
                self.at += found + 1;
                return Ok(());
            }
            self.at = self.filled;
            if !self.fill()? {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn isa(separators: &str) -> String {
        let [element, component, repetition, terminator] = separators.chars().collect::<Vec<_>>().try_into().unwrap();
        let text = "ISA*00*          *00*          *ZZ*SENDERETIN     *ZZ*EMEDNYBAT      *260105*1200*^*00501*000000001*0*T*:~";
        let mark = |c| match c {
            '*' => element,
            ':' => component,
            '^' => repetition,
            '~' => terminator,
            c => c,
        };
        text.chars().map(mark).collect()
    }

    fn all(bytes: &[u8]) -> Vec<String> {
        let mut segments = Segments::new(bytes);
        let mut found = Vec::new();
        while let Some(next) = segments.next_segment().unwrap() {
            found.push(match next {
                Ok(segment) => (1..3).fold(shown(segment.id()), |text, n| format!("{text} {}", shown(segment.element(n)))),
                Err(problem) => problem.to_string(),
            });
        }
        found
    }

    #[test]
    fn separators_are_those_of_the_isa() {
        for (separators, between) in [("*:^~", ""), ("|>!\u{1c}", "\r\n"), ("*:^\n", ""), ("*:^\r", "\n"), ("+`U'", "\n")] {
            let [e, _, _, t] = separators.chars().collect::<Vec<_>>().try_into().unwrap();
            let text = format!("{}{between}GS{e}HC{e}X{t}{between}GE{e}1{e}1{t}{between}", isa(separators));
            assert_eq!(all(text.as_bytes())[1..], ["\"GS\" \"HC\" \"X\"", "\"GE\" \"1\" \"1\""], "{separators:?}");
        }
    }

    #[test]
    fn interchanges_follow_one_another_each_with_its_separators() {
        let text = format!("\u{feff}{}IEA*0*1~\r\n{}IEA|0|1'\r\n\u{1a}", isa("*:^~"), isa("|>!'"));
        assert_eq!(all(text.as_bytes()).len(), 4);
    }

    #[test]
    fn what_is_no_interchange_is_said_with_its_place() {
        assert_eq!(all(b"bad_file"), ["1: found \"bad_file\", wanted ISA, the beginning of an interchange"]);
        let short = isa("*:^~").replace("SENDERETIN     ", "SENDERETIN");
        assert!(all(short.as_bytes())[0].starts_with("1, ISA06: found \"SENDERETIN\", 10 characters, wanted 15 characters"), "{:?}", all(short.as_bytes()));
        let cut = &isa("*:^~")[..105];
        assert!(all(cut.as_bytes())[0].contains("ISA16"), "{:?}", all(cut.as_bytes()));
        let open = format!("{}GS*HC", isa("*:^~"));
        assert!(all(open.as_bytes())[1].starts_with("2: found the end of the file after \"GS*HC\""), "{:?}", all(open.as_bytes()));
        assert!(all(isa("*A^~").as_bytes())[0].contains("ISA16"));
    }

    #[test]
    fn a_segment_too_long_is_passed_over() {
        let text = format!("{}NTE*{}~SE*1*1~", isa("*:^~"), "x".repeat(5 * CHUNK));
        let found = all(text.as_bytes());
        assert!(found[1].contains("more than 16384 bytes") && found[2].starts_with("\"SE\""), "{found:?}");
        let fits = format!("{}NTE*{}~SE*1*1~", isa("*:^~"), "x".repeat(MAX_SEGMENT - 4));
        assert!(all(fits.as_bytes())[1].starts_with("\"NTE\""));
    }

    /// Hands out a few bytes at a time, so that every segment is cut somewhere.
    struct Dribble<'a>(&'a [u8], usize);

    impl Read for Dribble<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(self.0.len()).min(out.len());
            out[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100_000))]

        /// Whatever the bytes: no panic, an end, and the same segments however the bytes come in.
        #[test]
        fn any_bytes_end_and_come_the_same_in_pieces(
            begins_well: bool, separators in 0usize..4, rest in prop::collection::vec(0usize..23, 0..120), junk in prop::collection::vec(any::<u8>(), 0..40), step in 1usize..9
        ) {
            const ALPHABET: &[u8; 23] = b"ISA*:~^|>'\r\n GE0159*~~*";
            let mut bytes = if begins_well { isa(["*:^~", "|>!'", "+:^\n", "*>!\r"][separators]).into_bytes() } else { Vec::new() };
            bytes.extend(rest.into_iter().map(|n| ALPHABET[n]));
            bytes.extend(junk);
            let mut pieces = Segments::new(Dribble(&bytes, step));
            let mut count = 0;
            while let Some(next) = pieces.next_segment().unwrap() {
                count += 1;
                prop_assert!(next.map_or(true, |s| s.element(0).len() <= MAX_SEGMENT));
                prop_assert!(count <= bytes.len() as u64 + 1);
            }
            prop_assert_eq!(count, all(&bytes).len() as u64);
        }
    }
}
