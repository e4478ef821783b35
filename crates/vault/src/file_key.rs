//! Sealing of files of derived state, piece by piece, hundreds of megabytes of a large ledger: AES-256-GCM, which machines of this kind do in
//! hardware, where the cipher of the fields takes five times as long. It refuses what was sealed for another place, file or header, and never
//! says how it failed.
//!
//! A nonce is the number of a place in the file, so a key must never seal two files, nor one place twice: each file has a salt of its own, drawn
//! for it, and whoever writes it numbers the places.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use crate::contexts::FILE_KEY;
use crate::error::{SealBroken, VaultError, fill_random};
use crate::seal::SubjectKey;

/// Length of a file's salt, in bytes.
pub const SALT_LEN: usize = 32;

/// A salt for a new file.
///
/// # Errors
/// [`VaultError::NoRandomness`].
pub fn new_salt() -> Result<[u8; SALT_LEN], VaultError> {
    let mut salt = [0; SALT_LEN];
    fill_random(&mut salt)?;
    Ok(salt)
}

/// Key of one file of derived state. Unlike the keys of fields its schedule is not wiped: what is unsealed with it lies open beside it.
pub struct FileKey(LessSafeKey);

impl SubjectKey {
    /// The key for the file of a ledger that has this salt.
    pub fn file_key(&self, ledger_id: &[u8; 16], salt: &[u8; SALT_LEN]) -> FileKey {
        let key = FILE_KEY.derive(&[&*self.0, ledger_id, salt]);
        // The only error is a key of another length.
        FileKey(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &*key).expect("256 bits")))
    }
}

impl FileKey {
    /// How many bytes longer sealed bytes are than what is in them: the tag.
    pub const OVERHEAD: usize = 16;

    /// Seals what stands at a place of the file, in its room: ciphertext || tag (16).
    ///
    /// # Errors
    /// [`SealBroken`] for more than 64 GiB, which is more than the cipher takes.
    pub fn seal(&self, place: u64, aad: &[u8], bytes: &mut Vec<u8>) -> Result<(), SealBroken> {
        self.0.seal_in_place_append_tag(nonce(place), Aad::from(aad), bytes).map_err(|_| SealBroken)
    }

    /// Opens what [`FileKey::seal`] gave, in its room, and says how long it is.
    ///
    /// # Errors
    /// [`SealBroken`] when anything differs or a byte was changed; what the room holds then is nothing.
    pub fn open(&self, place: u64, aad: &[u8], bytes: &mut [u8]) -> Result<usize, SealBroken> {
        self.0.open_in_place(nonce(place), Aad::from(aad), bytes).map(|opened| opened.len()).map_err(|_| SealBroken)
    }
}

fn nonce(place: u64) -> Nonce {
    let mut nonce = [0; 12];
    nonce[..8].copy_from_slice(&place.to_le_bytes());
    Nonce::assume_unique_for_key(nonce)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use zeroize::Zeroizing;

    use super::*;

    fn key(subject: u8, ledger: u8, salt: u8) -> FileKey {
        SubjectKey(Zeroizing::new([subject; 32])).file_key(&[ledger; 16], &[salt; SALT_LEN])
    }

    #[test]
    fn what_is_sealed_opens_at_its_place_in_its_file_under_its_header_and_nowhere_else() {
        let mut sealed = b"what was worked out".to_vec();
        key(1, 2, 3).seal(4, b"head", &mut sealed).unwrap();
        let open = |key: FileKey, place, head: &[u8], sealed: &[u8]| {
            let mut bytes = sealed.to_vec();
            key.open(place, head, &mut bytes).map(|len| bytes[..len].to_vec()).ok()
        };
        assert_eq!(open(key(1, 2, 3), 4, b"head", &sealed).as_deref(), Some(&b"what was worked out"[..]));
        for (key, place, head) in [(key(9, 2, 3), 4, "head"), (key(1, 9, 3), 4, "head"), (key(1, 2, 9), 4, "head"), (key(1, 2, 3), 5, "head"), (key(1, 2, 3), 4, "heap")] {
            assert!(open(key, place, head.as_bytes(), &sealed).is_none());
        }
        for place in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[place] ^= 1;
            assert!(open(key(1, 2, 3), 4, b"head", &bad).is_none() && open(key(1, 2, 3), 4, b"head", &sealed[..place]).is_none());
        }
    }
}
