//! Good inputs spoiled: bytes set, stretches lost, doubled and moved, words put in, ends cut off; and inputs that are nothing but large or deep.
//! The same seed always gives the same input, so that a failure is a number.

use crate::Target;

/// Numbers that follow from a seed (SplitMix64).
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to `n` - 1; 0 where `n` is.
    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.roll() % (n.max(1) as u64)).unwrap_or(0)
    }

    fn stretch(&mut self, length: usize, most: usize) -> std::ops::Range<usize> {
        let from = self.below(length + 1);
        from..(from + 1 + self.below(most)).min(length)
    }
}

/// Words that any parser may stumble over.
const WORDS: &[&str] = &[
    "", "0", "-1", "1", "18446744073709551616", "-9223372036854775808", "1e999", "null", "true", "\"", "\\", "\\u0000", "\u{feff}", "\u{0}", "\r\n", "\n\n", " ", "\t", ",", ";", ":",
    "{", "}", "[", "]", "[[[[[[[[", "{\"a\":", "=", "\u{e9}", "\u{1f600}", "9999-12-31", "2025-02-30", "2025-03-09T02:30:00-05:00",
];

/// An input from a seed: a good one spoiled in up to six places, one time in sixteen bytes of any kind.
pub fn altered(target: &Target, good: &[Vec<u8>], seed: u64) -> Vec<u8> {
    let mut dice = Dice(seed);
    if good.is_empty() || dice.below(16) == 0 {
        let length = dice.below(160);
        return (0..length).map(|_| u8::try_from(dice.below(256)).unwrap_or(0)).collect();
    }
    let mut bytes = good[dice.below(good.len())].clone();
    for _ in 0..=dice.below(6) {
        spoil(&mut bytes, &mut dice, target, good);
    }
    bytes
}

fn spoil(bytes: &mut Vec<u8>, dice: &mut Dice, target: &Target, good: &[Vec<u8>]) {
    let length = bytes.len();
    match dice.below(12) {
        0 | 1 => {
            let (at, byte) = (dice.below(length), u8::try_from(dice.below(256)).unwrap_or(0));
            bytes.iter_mut().skip(at).take(1).for_each(|b| *b = byte);
        }
        2 => {
            let (at, bit) = (dice.below(length), dice.below(8));
            bytes.iter_mut().skip(at).take(1).for_each(|b| *b ^= 1 << bit);
        }
        3 => drop(bytes.drain(dice.stretch(length, 40))),
        4 => {
            let part = bytes[dice.stretch(length, 80)].to_vec();
            let at = dice.below(bytes.len() + 1);
            drop(bytes.splice(at..at, part));
        }
        5..=7 => {
            let all = WORDS.len() + target.words.len();
            let pick = dice.below(all);
            let word = WORDS.get(pick).or_else(|| target.words.get(pick - WORDS.len())).copied().unwrap_or("");
            let over = if dice.below(2) == 0 { 0 } else { dice.below(12) };
            let at = dice.below(length + 1);
            drop(bytes.splice(at..(at + over).min(length), word.bytes()));
        }
        8 => lines(bytes, dice),
        9 => number(bytes, dice),
        10 => {
            let other = &good[dice.below(good.len())];
            let part = other[dice.stretch(other.len(), 200)].to_vec();
            let at = dice.below(length + 1);
            drop(bytes.splice(at..at, part));
        }
        _ => bytes.truncate(dice.below(length + 1)),
    }
}

/// A line is lost, told twice, or changes places.
fn lines(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let mut lines: Vec<Vec<u8>> = bytes.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
    let (one, other) = (dice.below(lines.len()), dice.below(lines.len()));
    match dice.below(3) {
        0 => drop(lines.remove(one)),
        1 => lines.insert(other, lines[one].clone()),
        _ => lines.swap(one, other),
    }
    *bytes = lines.join(&b'\n');
}

/// A run of digits becomes another number.
fn number(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let from = dice.below(bytes.len());
    let Some(at) = bytes.iter().skip(from).position(u8::is_ascii_digit).map(|n| n + from) else { return };
    let end = bytes[at..].iter().position(|b| !b.is_ascii_digit()).map_or(bytes.len(), |n| n + at);
    let number = ["0", "1", "255", "65536", "4294967296", "99999999999999999999"][dice.below(6)];
    drop(bytes.splice(at..end, number.bytes()));
}

/// Inputs that are nothing but large or deep: bytes of one kind, brackets without end, names without end.
pub fn bombs() -> Vec<Vec<u8>> {
    let repeated = |word: &str, times: usize| word.as_bytes().repeat(times);
    let mut bombs: Vec<Vec<u8>> = ["[", "{", "{\"a\":", "[{\"a\":", "(", "<a>"].iter().map(|open| repeated(open, 60_000)).collect();
    bombs.push([b"a = ".to_vec(), repeated("[", 50_000)].concat());
    bombs.push([b"a = ".to_vec(), repeated("{ a = ", 50_000)].concat());
    bombs.push([repeated("a.", 50_000), b"a = 1".to_vec()].concat());
    bombs.push([b"[".to_vec(), repeated("a.", 50_000), b"a]".to_vec()].concat());
    bombs.push([b"{\"resourceType\":\"Bundle\",\"entry\":".to_vec(), repeated("[", 50_000)].concat());
    for byte in ["a", "0", " ", "\n", "\"", ",", "~", "*", "\u{0}", "\u{e9}", "=", "~*", "\n\n\u{2014} "] {
        bombs.push(repeated(byte, 100_000));
    }
    bombs
}
