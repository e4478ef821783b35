//! The master key: 32 random bytes in a file of their own, under which everything in the vault is wrapped.
//! It refuses a file that others than its owner may use, and is never shown.

use std::fmt;
use std::path::Path;

use zeroize::Zeroizing;

use crate::contexts::WRAPPING_KEY;
use crate::error::{VaultError, fill_random};
use crate::private_file;

const FIRST_LINE: &[u8] = b"countersign master key v1\n";

/// What opens the vault. Lose it and every sealed field is lost; let others have it together with
/// the vault file and nothing is sealed from them.
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(withheld)")
    }
}

impl MasterKey {
    /// Draws a key and writes it durably to a new file of mode 0600: a line that says what it is
    /// and a line of 64 hexadecimal digits.
    ///
    /// # Errors
    /// [`VaultError::Exists`], [`VaultError::Io`], [`VaultError::NoRandomness`].
    pub fn create(path: &Path) -> Result<Self, VaultError> {
        let mut key = Zeroizing::new([0; 32]);
        fill_random(&mut *key)?;
        let mut text = Zeroizing::new(Vec::with_capacity(FIRST_LINE.len() + 65));
        text.extend_from_slice(FIRST_LINE);
        for byte in key.iter() {
            text.push(hex_digit(byte >> 4));
            text.push(hex_digit(byte & 0x0f));
        }
        text.push(b'\n');
        private_file::create_new(path, &text)?;
        Ok(Self(key))
    }

    /// Reads the file [`MasterKey::create`] wrote.
    ///
    /// # Errors
    /// [`VaultError::Permissions`] when its mode allows more than 0600,
    /// [`VaultError::NotAMasterKey`], [`VaultError::Io`].
    pub fn open(path: &Path) -> Result<Self, VaultError> {
        let mut text = Zeroizing::new(Vec::new());
        private_file::read(path, &mut text)?;
        let key = parse(&text).ok_or_else(|| VaultError::NotAMasterKey(path.to_owned()))?;
        Ok(Self(key))
    }

    /// The key that wraps the slots of the vault with this id.
    pub(crate) fn wrapping_key(&self, vault_id: &[u8; 16]) -> Zeroizing<[u8; 32]> {
        WRAPPING_KEY.derive(&[&*self.0, vault_id])
    }
}

fn hex_digit(half: u8) -> u8 {
    b"0123456789abcdef"[usize::from(half & 0x0f)]
}

fn parse(text: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let digits: &[u8; 64] = text.strip_prefix(FIRST_LINE)?.strip_suffix(b"\n")?.try_into().ok()?;
    let mut key = Zeroizing::new([0; 32]);
    for (byte, pair) in key.iter_mut().zip(digits.as_chunks::<2>().0) {
        let value = |digit: u8| match digit {
            b'0'..=b'9' => Some(digit - b'0'),
            b'a'..=b'f' => Some(digit - b'a' + 10),
            _ => None,
        };
        *byte = value(pair[0])? << 4 | value(pair[1])?;
    }
    Some(key)
}
