//! Pseudonyms: what stands in event bodies for an individual.
//! It refuses to normalise ids: two spellings are two people here, so the caller settles the spelling first.

use std::fmt;

use crate::contexts::PSEUDONYM;

/// Sixteen bytes that stand for one individual. Without the agency secret they cannot be led back
/// to an id, not even by trying all ids.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pseudonym(pub [u8; 16]);

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pseudonym({self})")
    }
}

/// The pseudonym of the individual whom the agency knows as `id`; `kind` keeps numbers of
/// different sorts ("individual", "staff") apart.
pub fn pseudonym(agency_secret: &[u8; 32], kind: &str, id: &str) -> Pseudonym {
    let kind_len = (kind.len() as u64).to_le_bytes();
    let derived = PSEUDONYM.derive(&[agency_secret, &kind_len, kind.as_bytes(), id.as_bytes()]);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&derived[..16]);
    Pseudonym(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_kind_and_id_all_count_and_do_not_run_together() {
        let one = pseudonym(&[1; 32], "individual", "A-17");
        assert_eq!(one, pseudonym(&[1; 32], "individual", "A-17"));
        assert_ne!(one, pseudonym(&[2; 32], "individual", "A-17"));
        assert_ne!(one, pseudonym(&[1; 32], "staff", "A-17"));
        assert_ne!(one, pseudonym(&[1; 32], "individual", "A-18"));
        assert_ne!(one, pseudonym(&[1; 32], "individualA", "-17"));
    }
}
