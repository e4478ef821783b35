//! Sealing of single fields under a key derived for one subject in one event (`VAULT.md`, "Sealed fields").
//! It refuses to open what was sealed for another field, event or header, and never says how it failed.

use std::fmt;

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::contexts::{EVENT_KEY, FIELD_KEY, FIELD_NONCE};
use crate::error::SealBroken;

const NONCE_LEN: usize = 24;

/// Key of one subject: all that subject's event keys derive from it, so destroying it destroys
/// them. It has no way out of the process but through the vault file.
#[derive(Clone)]
pub struct SubjectKey(pub(crate) Zeroizing<[u8; 32]>);

/// Key of one subject's sealed fields in one event. An audit pack that discloses the fields of
/// this event carries it; it opens nothing else.
#[derive(Clone)]
pub struct EventKey(Zeroizing<[u8; 32]>);

impl fmt::Debug for SubjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SubjectKey(withheld)")
    }
}

impl fmt::Debug for EventKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventKey(withheld)")
    }
}

impl SubjectKey {
    /// The key for the event at `seq` of the ledger.
    pub fn event_key(&self, ledger_id: &[u8; 16], seq: u64) -> EventKey {
        EventKey(EVENT_KEY.derive(&[&*self.0, ledger_id, &seq.to_le_bytes()]))
    }
}

impl EventKey {
    /// A key that was disclosed.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes of the key, for a pack that discloses this event's fields for good.
    pub fn disclose(&self) -> &[u8; 32] {
        &self.0
    }

    fn field_key(&self, field: u16) -> Zeroizing<[u8; 32]> {
        FIELD_KEY.derive(&[&*self.0, &field.to_le_bytes()])
    }
}

/// Seals one field: nonce (24) || ciphertext || tag (16). `field` numbers the sealed fields of the
/// event, `aad` is the part of the header that is known before the body (`chain::sealing_aad`).
///
/// The nonce is derived from the field's key, the header and the plaintext, so the same input
/// always gives the same bytes and a simulated ledger can be made again. That is safe because two
/// values under one key get the same nonce only when they are the same value under the same
/// header; even if one seq is sealed twice (a crash before the commit, a restored backup), no
/// nonce meets two plaintexts. What it gives away, that two such values are equal, tells nobody
/// anything about one event. The length of the plaintext shows, as it does in any stream cipher.
pub fn seal(key: &EventKey, field: u16, aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
    let field_key = key.field_key(field);
    let aad_len = (aad.len() as u64).to_le_bytes();
    let derived = FIELD_NONCE.derive(&[&*field_key, &aad_len, aad, plaintext]);
    let mut nonce = [0; NONCE_LEN];
    nonce.copy_from_slice(&derived[..NONCE_LEN]);
    let cipher = XChaCha20Poly1305::new((&*field_key).into());
    let sealed = cipher
        .encrypt(&XNonce::from(nonce), Payload { msg: plaintext, aad })
        // The only error is a plaintext above 256 GiB; a body has at most 16 MiB.
        .expect("a field fits in one message");
    [nonce.as_slice(), &sealed].concat()
}

/// Opens what [`seal`] gave, under the same key, field number and associated data.
///
/// # Errors
/// [`SealBroken`] when anything differs or a byte was changed.
pub fn open(key: &EventKey, field: u16, aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealBroken> {
    let (nonce, msg) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(SealBroken)?;
    let field_key = key.field_key(field);
    let cipher = XChaCha20Poly1305::new((&*field_key).into());
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg, aad }).map(Zeroizing::new).map_err(|_| SealBroken)
}
