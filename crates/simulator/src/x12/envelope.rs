//! Interchanges, groups and transaction sets around what they carry, with control numbers and counts that agree.
//! Knows the fixed widths of an ISA and nothing of claims.

use std::fmt::Write as _;

use domain::{ValidAt, ValidDay};

/// The agency's submitter id, invented.
pub(super) const AGENCY: &str = "RIVERETIN";
/// The clearinghouse of the New York Medicaid program, as its companion guide names it.
pub(super) const PAYER: &str = "EMEDNYBAT";

/// The next control numbers.
#[derive(Default)]
pub(super) struct Numbers {
    interchange: u32,
}

/// A file of one interchange with one group, being written.
pub(super) struct File {
    text: String,
    number: u32,
    sets: u32,
    /// Segments of the set being written.
    segments: u32,
    set: String,
}

/// `CCYYMMDD`.
pub(super) fn date(day: ValidDay) -> String {
    day.to_string().replace('-', "")
}

/// `HHMMSS` on the wall in New York.
pub(super) fn time(at: ValidAt) -> String {
    let (hour, minute) = at.local_clock();
    let second = at.micros().div_euclid(1_000_000).rem_euclid(60);
    format!("{hour:02}{minute:02}{second:02}")
}

/// Dollars with as many decimals as needed, as X12 writes amounts.
pub(super) fn dollars(cents: i64) -> String {
    let (sign, cents) = (if cents < 0 { "-" } else { "" }, cents.abs());
    match (cents / 100, cents % 100) {
        (whole, 0) => format!("{sign}{whole}"),
        (whole, rest) if rest % 10 == 0 => format!("{sign}{whole}.{}", rest / 10),
        (whole, rest) => format!("{sign}{whole}.{rest:02}"),
    }
}

impl File {
    pub(super) fn begin(numbers: &mut Numbers, from: &str, to: &str, at: ValidAt, kind: &str, guide: &str) -> Self {
        numbers.interchange += 1;
        let number = numbers.interchange;
        let (day, time) = (date(at.local_day()), time(at));
        let short = day.get(2..).unwrap_or_default();
        let minute = time.get(..4).unwrap_or_default();
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = writeln!(text, "ISA*00*          *00*          *ZZ*{from:<15}*ZZ*{to:<15}*{short}*{minute}*^*00501*{number:09}*0*T*:~");
        let _ = writeln!(text, "GS*{kind}*{from}*{to}*{day}*{time}*{number}*X*{guide}~");
        Self { text, number, sets: 0, segments: 0, set: String::new() }
    }

    /// Adds a segment of the set being written.
    pub(super) fn add(&mut self, segment: &str) {
        self.text.push_str(segment);
        self.text.push_str("~\n");
        self.segments += 1;
    }

    /// Begins a set; `guide` is its ST03, where its kind has one: an 835 has none.
    pub(super) fn set(&mut self, kind: &str, guide: &str) {
        self.sets += 1;
        self.segments = 0;
        self.set = format!("{:04}", self.sets);
        let third = if guide.is_empty() { String::new() } else { format!("*{guide}") };
        self.add(&format!("ST*{kind}*{}{third}", self.set));
    }

    /// Ends the set.
    pub(super) fn end_set(&mut self) {
        let count = self.segments + 1;
        let set = self.set.clone();
        self.add(&format!("SE*{count}*{set}"));
    }

    /// The control numbers of the set being written, as they stand in source ids.
    pub(super) fn place(&self) -> String {
        format!("{}.{}.{}", self.number, self.number, self.sets)
    }

    pub(super) fn end(mut self) -> String {
        let (sets, number) = (self.sets, self.number);
        let _ = writeln!(self.text, "GE*{sets}*{number}~\nIEA*1*{number:09}~");
        self.text
    }
}
