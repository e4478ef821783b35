//! One-time codes of an authenticator app (RFC 6238: SHA-1, six digits, thirty seconds), and their secrets in base32.
//! Takes a code of one step before or after, never the same twice.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Seconds of a step.
const STEP: i64 = 30;

/// Twenty bytes as the thirty-two letters that apps read.
pub(crate) fn letters(secret: &[u8; 20]) -> String {
    let mut out = String::new();
    let (mut bits, mut held) = (0u32, 0u32);
    for byte in secret {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(char::from(ALPHABET[usize::try_from((held >> bits) & 31).unwrap_or(0)]));
        }
    }
    out
}

fn bytes(letters: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let (mut bits, mut held) = (0u32, 0u32);
    for letter in letters.bytes() {
        let value = u32::try_from(ALPHABET.iter().position(|a| *a == letter.to_ascii_uppercase())?).ok()?;
        held = (held << 5) | value;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from((held >> bits) & 255).ok()?);
        }
    }
    Some(out)
}

fn code(secret: &[u8], step: i64) -> Option<String> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).ok()?;
    // Bytes on the wire of RFC 4226: eight, the greatest first.
    let counter: Vec<u8> = (0..8).rev().map(|i| u8::try_from((step >> (8 * i)) & 255).unwrap_or(0)).collect();
    mac.update(&counter);
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash.last()? & 15);
    let part = hash.get(at..at + 4)?;
    let number = part.iter().fold(0u32, |n, b| (n << 8) | u32::from(*b)) & 0x7fff_ffff;
    Some(format!("{:06}", number % 1_000_000))
}

/// The step whose code this is at a time in seconds, later than the last one used; nothing for any other code.
pub(crate) fn step_of(secret: &str, given: &str, seconds: i64, last_used: i64) -> Option<i64> {
    let secret = bytes(secret)?;
    let digits: String = given.chars().filter(|c| !c.is_whitespace()).collect();
    let now = seconds.div_euclid(STEP);
    (now - 1..=now + 1).filter(|step| *step > last_used).find(|step| code(&secret, *step).is_some_and(|code| super::secret::same(&code, &digits)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_6238_hold() {
        let secret = letters(b"12345678901234567890");
        assert_eq!(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        for (at, said) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")] {
            assert_eq!(step_of(&secret, said, at, -1), Some(at / STEP), "{at}");
            assert_eq!(step_of(&secret, said, at, at / STEP), None, "not twice");
            assert_eq!(step_of(&secret, said, at + 90, -1), None, "not late");
        }
    }
}
