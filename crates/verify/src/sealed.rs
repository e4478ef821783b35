//! Sealed values opened with the event keys that a pack discloses (`VAULT.md`, "Sealed fields").
//! It refuses a key that does not open every value it should, and holds no other secret.

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};

/// Context of the field key, as the page states it.
const FIELD_KEY: &str = "countersign field key v1";
const NONCE_LEN: usize = 24;

/// The plain text of value number `field` of the payload whose header begins with `aad`, or `None`.
pub(crate) fn open(event_key: &[u8; 32], field: u16, aad: &[u8], sealed: &[u8]) -> Option<String> {
    let (nonce, msg) = sealed.split_first_chunk::<NONCE_LEN>()?;
    let mut material = [0; 34];
    material[..32].copy_from_slice(event_key);
    material[32..].copy_from_slice(&field.to_le_bytes());
    let field_key = blake3::derive_key(FIELD_KEY, &material);
    let plain = XChaCha20Poly1305::new((&field_key).into()).decrypt(&XNonce::from(*nonce), Payload { msg, aad }).ok()?;
    String::from_utf8(plain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_vault_sealed_opens_and_nothing_else_does() {
        let key = [7; 32];
        let sealed = vault::seal(&vault::EventKey::from_bytes(key), 3, b"header", b"1984-05-06");
        assert_eq!(open(&key, 3, b"header", &sealed).as_deref(), Some("1984-05-06"));
        assert_eq!(open(&key, 4, b"header", &sealed), None);
        assert_eq!(open(&key, 3, b"heades", &sealed), None);
        assert_eq!(open(&[8; 32], 3, b"header", &sealed), None);
        assert_eq!(open(&key, 3, b"header", &sealed[..20]), None);
    }
}
