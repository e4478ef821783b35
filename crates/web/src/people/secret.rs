//! Random words and numbers that nobody can guess, and comparing without telling how far two agree.
//! Takes its chance from the system alone, and fails rather than do without.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the system gave no random numbers")]
pub struct NoChance;

/// Random bytes.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], NoChance> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoChance)?;
    Ok(bytes)
}

/// Two hundred and fifty-six random bits as hexadecimal digits.
pub(crate) fn token() -> Result<String, NoChance> {
    Ok(hex(&random::<32>()?))
}

/// A password that can be read aloud: five groups of four letters and digits, a hundred bits.
pub(crate) fn spoken() -> Result<String, NoChance> {
    const LETTERS: &[u8; 32] = b"23456789abcdefghjkmnpqrstuvwxyz7";
    let bytes = random::<20>()?;
    let letters: Vec<char> = bytes.iter().map(|b| char::from(LETTERS[usize::from(b % 32)])).collect();
    Ok(letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

/// What is kept of a token: nobody who reads it can use it.
pub(crate) fn digest(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, b| {
        // Writing into memory does not fail.
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// Whether two words are the same, in a time that does not depend on where they differ.
pub(crate) fn same(a: &str, b: &str) -> bool {
    let (a, b) = (Sha256::digest(a.as_bytes()), Sha256::digest(b.as_bytes()));
    a.iter().zip(b.iter()).fold(0, |all, (x, y)| all | (x ^ y)) == 0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn tokens_differ_and_are_long_enough() {
        assert_ne!(token().unwrap(), token().unwrap());
        assert_eq!(token().unwrap().len(), 64);
        assert_eq!(spoken().unwrap().len(), 24);
        assert!(same("a", "a") && !same("a", "b") && !same("a", "aa"));
    }
}
