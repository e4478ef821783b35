//! Every context string this crate hashes under, in one place, so that no two uses can share one.
//! It refuses to leave key material behind: the hasher is cleared once the result is out, unless what it took in lies open in a file.

use std::sync::LazyLock;

use blake3::hazmat::{ContextKey, HasherExt, hash_derive_key_context};
use zeroize::{Zeroize, Zeroizing};

/// One use of BLAKE3 `derive_key`; the context is hashed once, not for every key.
pub(crate) struct Context(LazyLock<ContextKey>);

impl Context {
    /// 32 bytes from the parts, one after another. Whoever calls sees to it that the parts cannot
    /// be cut differently: all but the last are of fixed length or follow their length.
    pub(crate) fn derive(&self, parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
        let mut hasher = blake3::Hasher::new_from_context_key(&self.0);
        for part in parts {
            hasher.update(part);
        }
        let derived = Zeroizing::new(*hasher.finalize().as_bytes());
        hasher.zeroize();
        derived
    }

    /// The same of bytes that lie open in a file: clearing a hasher takes longer than hashing a slot, and here it would hide nothing.
    pub(crate) fn checksum(&self, bytes: &[u8]) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_from_context_key(&self.0);
        hasher.update(bytes);
        *hasher.finalize().as_bytes()
    }
}

macro_rules! contexts {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal;)+) => {
        $($(#[doc = $doc])+ pub(crate) static $name: Context =
            Context(LazyLock::new(|| hash_derive_key_context($text)));)+

        #[cfg(test)]
        pub(crate) const ALL: &[&str] = &[$($text),+];
    };
}

contexts! {
    /// Agency secret, kind and id of an individual to the pseudonym.
    PSEUDONYM = "countersign pseudonym v1";
    /// Subject key, ledger and seq to the key of that subject's sealed fields in that event.
    EVENT_KEY = "countersign event key v1";
    /// Event key and field number to the key the field is sealed under.
    FIELD_KEY = "countersign field key v1";
    /// Field key, header and plaintext to the nonce the field is sealed with.
    FIELD_NONCE = "countersign field nonce v1";
    /// Subject key, ledger and salt to the key a file of derived state is sealed under.
    FILE_KEY = "countersign file key v1";
    /// Master key and vault id to the key that wraps the slots of that vault.
    WRAPPING_KEY = "countersign vault wrapping key v1";
    /// Seed of a simulated vault to its secrets and subject keys.
    SIMULATED_KEY = "countersign simulated vault key v1";
    /// Checksum of the vault file's header.
    HEADER_CHECKSUM = "countersign vault header checksum v1";
    /// Checksum of a slot.
    SLOT_CHECKSUM = "countersign vault slot checksum v1";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_contexts_are_equal() {
        for (position, one) in ALL.iter().enumerate() {
            assert!(!ALL[position + 1..].contains(one), "{one} is used twice");
        }
    }

    #[test]
    fn parts_hash_as_derive_key_over_their_concatenation() {
        let expected = blake3::derive_key("countersign pseudonym v1", b"onetwo");
        assert_eq!(*PSEUDONYM.derive(&[b"one", b"two"]), expected);
    }
}
