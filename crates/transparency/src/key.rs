//! Keys of signed notes and their texts: vkey and skey (C2SP signed-note v1.0.0).
//! It refuses keys of another kind than the one asked for (01 for logs here, 04 for witnesses in `cosignature`) instead of skipping their checks.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

/// Signature type byte of a plain Ed25519 signature.
pub(crate) const ED25519: u8 = 0x01;
/// What an skey text begins with.
const SECRET: &str = "PRIVATE+KEY+";
/// Far above any real key text (an Ed25519 vkey is a name and some 55 characters).
const MAX_KEY_TEXT_LEN: usize = 4096;

/// Why a text or bytes are not a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// The name is empty or holds a space, a control character or `+`.
    Name,
    /// The text does not have the parts of a key, or one of them is not hexadecimal or base64.
    Syntax,
    /// The key ID in the text is not that of the name and key beside it.
    KeyId,
    /// The key is of this signature type, which is not the one that can be used here.
    Algorithm(u8),
    /// The bytes are not an Ed25519 public key.
    PublicKey,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("a key name must not be empty or hold spaces or a plus sign"),
            Self::Syntax => f.write_str("this is not the text of a note key (name+id+base64)"),
            Self::KeyId => f.write_str("the key ID does not belong to this name and key"),
            Self::Algorithm(found) => {
                write!(f, "the key is of signature type {found:#04x}; a log's is 0x01 (Ed25519), a witness's 0x04 (Ed25519 cosignature)")
            }
            Self::PublicKey => f.write_str("the bytes are not an Ed25519 public key"),
        }
    }
}

impl std::error::Error for KeyError {}

/// A public key of signature type `TYPE`: what verifies signature lines of that type under its name. Shown as its vkey text,
/// `name+<key ID in hex>+base64(TYPE || public key)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey<const TYPE: u8> {
    pub(crate) name: String,
    pub(crate) key_id: [u8; 4],
    public: VerifyingKey,
}

/// The key of a log: it verifies plain Ed25519 note signatures (type 01).
pub type Verifier = PublicKey<ED25519>;

impl<const TYPE: u8> PublicKey<TYPE> {
    /// Puts a key together from its name and its 32 bytes.
    ///
    /// # Errors
    /// [`KeyError::Name`], [`KeyError::PublicKey`].
    pub fn new(name: &str, public_key: &[u8; 32]) -> Result<Self, KeyError> {
        if !is_key_name(name) {
            return Err(KeyError::Name);
        }
        let public = VerifyingKey::from_bytes(public_key).map_err(|_| KeyError::PublicKey)?;
        Ok(Self { name: name.to_owned(), key_id: key_id(name, TYPE, public_key), public })
    }

    /// Reads a vkey text.
    ///
    /// # Errors
    /// Any [`KeyError`]; a key of another type is [`KeyError::Algorithm`].
    pub fn parse(vkey: &str) -> Result<Self, KeyError> {
        let (name, key_id, public_key) = read_key_text(vkey, TYPE)?;
        let key = Self::new(name, &public_key)?;
        if key.key_id == key_id { Ok(key) } else { Err(KeyError::KeyId) }
    }

    /// The key name: for a log, its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// First four bytes of `SHA-256(name || 0x0A || TYPE || public key)`.
    pub fn key_id(&self) -> [u8; 4] {
        self.key_id
    }

    /// The 32 bytes of the Ed25519 public key.
    pub fn public_key(&self) -> [u8; 32] {
        self.public.to_bytes()
    }

    /// Whether these are 64 bytes that sign `message` under this key; any other length is no signature. Strict: keys and signatures
    /// of small order, with which one signature fits many messages, never verify.
    pub(crate) fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        ed25519_dalek::Signature::from_slice(signature).is_ok_and(|signature| self.public.verify_strict(message, &signature).is_ok())
    }
}

impl<const TYPE: u8> fmt::Display for PublicKey<TYPE> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&key_text(&self.name, self.key_id, TYPE, &self.public.to_bytes()))
    }
}

/// A secret key of signature type `TYPE`. It is never shown, and its bytes are cleared from memory when it is dropped.
pub struct SecretKey<const TYPE: u8> {
    pub(crate) verifier: PublicKey<TYPE>,
    secret: SigningKey,
}

/// The secret key of a log: it makes plain Ed25519 note signatures (type 01).
pub type Signer = SecretKey<ED25519>;

impl<const TYPE: u8> SecretKey<TYPE> {
    /// Puts a key together from its name and the 32-byte seed of RFC 8032.
    ///
    /// # Errors
    /// [`KeyError::Name`].
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let secret = SigningKey::from_bytes(seed);
        let verifier = PublicKey::new(name, &secret.verifying_key().to_bytes())?;
        Ok(Self { verifier, secret })
    }

    /// Reads an skey text, `PRIVATE+KEY+name+<key ID in hex>+base64(TYPE || seed)`.
    ///
    /// # Errors
    /// Any [`KeyError`].
    pub fn parse(skey: &str) -> Result<Self, KeyError> {
        let text = skey.strip_prefix(SECRET).ok_or(KeyError::Syntax)?;
        let (name, key_id, seed) = read_key_text(text, TYPE)?;
        let signer = Self::from_seed(name, &seed)?;
        if signer.verifier.key_id == key_id { Ok(signer) } else { Err(KeyError::KeyId) }
    }

    /// The skey text: a secret, which the caller keeps from view.
    pub fn to_skey(&self) -> String {
        format!("{SECRET}{}", key_text(&self.verifier.name, self.verifier.key_id, TYPE, self.secret.as_bytes()))
    }

    /// The key that verifies what this one signs.
    pub fn verifier(&self) -> &PublicKey<TYPE> {
        &self.verifier
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.secret.sign(message).to_bytes()
    }
}

/// Non-empty, without Unicode spaces, control characters and `+`: such a name can stand in a
/// signature line and in a vkey text.
pub(crate) fn is_key_name(name: &str) -> bool {
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    !name.is_empty() && !name.contains(forbidden)
}

fn key_id(name: &str, algorithm: u8, public_key: &[u8]) -> [u8; 4] {
    let hash: [u8; 32] = Sha256::new().chain_update(name).chain_update([b'\n', algorithm]).chain_update(public_key).finalize().into();
    [hash[0], hash[1], hash[2], hash[3]]
}

fn key_text(name: &str, key_id: [u8; 4], algorithm: u8, key: &[u8; 32]) -> String {
    let id: String = key_id.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut typed = [algorithm; 33];
    typed[1..].copy_from_slice(key);
    format!("{name}+{id}+{}", STANDARD.encode(typed))
}

/// Name, key ID and the 32 bytes after the type byte. Base64 may hold `+` itself, the name and
/// the ID may not, so the first two decide.
fn read_key_text(text: &str, algorithm: u8) -> Result<(&str, [u8; 4], [u8; 32]), KeyError> {
    if text.len() > MAX_KEY_TEXT_LEN {
        return Err(KeyError::Syntax);
    }
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(KeyError::Syntax);
    };
    let lower_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if id.len() != 8 || !id.bytes().all(lower_hex) {
        return Err(KeyError::Syntax);
    }
    let mut key_id = [0; 4];
    for (byte, at) in key_id.iter_mut().zip([0, 2, 4, 6]) {
        *byte = u8::from_str_radix(&id[at..at + 2], 16).map_err(|_| KeyError::Syntax)?;
    }
    let typed = STANDARD.decode(key).map_err(|_| KeyError::Syntax)?;
    match typed.split_first() {
        Some((&found, key)) if found == algorithm => Ok((name, key_id, key.try_into().map_err(|_| KeyError::Syntax)?)),
        Some((&other, _)) => Err(KeyError::Algorithm(other)),
        None => Err(KeyError::Syntax),
    }
}
