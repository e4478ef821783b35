//! Every context string this crate hashes under, in one place, so that no two uses can share one.
//! It refuses to hash without a context: plain `blake3::hash` appears nowhere.

use std::sync::LazyLock;

use blake3::Hasher;
use blake3::hazmat::{ContextKey, HasherExt, hash_derive_key_context};

/// Context of [`crate::link`]: the hash of one frame header.
pub const LINK_CONTEXT: &str = "countersign link v1";
/// Context of [`crate::body_hash`]: the hash of one body, blinding included.
pub const BODY_CONTEXT: &str = "countersign body v1";
/// Context of [`crate::blinding`]: the bytes that keep a withheld body from being guessed.
pub const BLINDING_CONTEXT: &str = "countersign blinding v1";
/// Context of [`crate::Genesis::first_link`]: the previous link of the first frame.
pub const GENESIS_CONTEXT: &str = "countersign genesis v1";

/// A context already hashed to its key: it costs one compression, as much as a short body, and
/// is the same for every event.
pub(crate) struct Context(LazyLock<ContextKey>);

impl Context {
    pub(crate) fn hasher(&self) -> Hasher {
        Hasher::new_from_context_key(&self.0)
    }
}

pub(crate) static LINK: Context = Context(LazyLock::new(|| hash_derive_key_context(LINK_CONTEXT)));
pub(crate) static BODY: Context = Context(LazyLock::new(|| hash_derive_key_context(BODY_CONTEXT)));
pub(crate) static BLINDING: Context = Context(LazyLock::new(|| hash_derive_key_context(BLINDING_CONTEXT)));
pub(crate) static GENESIS: Context = Context(LazyLock::new(|| hash_derive_key_context(GENESIS_CONTEXT)));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prepared_context_hashes_as_derive_key_does() {
        for (context, text) in [(&LINK, LINK_CONTEXT), (&BODY, BODY_CONTEXT), (&BLINDING, BLINDING_CONTEXT), (&GENESIS, GENESIS_CONTEXT)] {
            let prepared = context.hasher().update(b"bytes").finalize();
            assert_eq!(*prepared.as_bytes(), blake3::derive_key(text, b"bytes"));
        }
    }

    #[test]
    fn no_two_contexts_are_equal() {
        let all = [LINK_CONTEXT, BODY_CONTEXT, BLINDING_CONTEXT, GENESIS_CONTEXT];
        for (position, one) in all.iter().enumerate() {
            assert!(!all[position + 1..].contains(one), "{one} is used twice");
        }
    }
}
