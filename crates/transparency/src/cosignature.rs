//! Cosignatures of witnesses: what they sign is a checkpoint and the time they saw it (C2SP tlog-cosignature v1.0.1, Ed25519, type 04).
//! It refuses the time 0, reads no clock, and does not judge consistency: that is the witness's work before it cosigns.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};

use crate::key::{KeyError, is_key_name, key_id, read_key_text, signed, write_key_text};
use crate::note::{Note, NoteError, Signature};

/// Signature type byte of a timestamped Ed25519 cosignature.
const COSIGNATURE: u8 = 0x04;
/// Eight bytes of time, then the Ed25519 signature.
const TIME_LEN: usize = 8;

/// A witness's key, as others hold it. Shown as its vkey text, `name+<key ID in hex>+base64(04 || public key)`.
///
/// A valid cosignature says: at that time this was the largest tree of the log that the witness had seen, and all it saw were consistent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CosignatureVerifier {
    name: String,
    key_id: [u8; 4],
    public: VerifyingKey,
}

impl CosignatureVerifier {
    /// Puts a key together from its name and its 32 bytes.
    ///
    /// # Errors
    /// [`KeyError::Name`], [`KeyError::PublicKey`].
    pub fn new(name: &str, public_key: &[u8; 32]) -> Result<Self, KeyError> {
        if !is_key_name(name) {
            return Err(KeyError::Name);
        }
        let public = VerifyingKey::from_bytes(public_key).map_err(|_| KeyError::PublicKey)?;
        Ok(Self { name: name.to_owned(), key_id: key_id(name, COSIGNATURE, public_key), public })
    }

    /// Reads a vkey text.
    ///
    /// # Errors
    /// Any [`KeyError`]; the key of a log is [`KeyError::Algorithm`].
    pub fn parse(vkey: &str) -> Result<Self, KeyError> {
        let (name, key_id, public_key) = read_key_text(vkey, COSIGNATURE)?;
        let verifier = Self::new(name, &public_key)?;
        if verifier.key_id == key_id { Ok(verifier) } else { Err(KeyError::KeyId) }
    }

    /// The name of the witness.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// First four bytes of `SHA-256(name || 0x0A || 0x04 || public key)`.
    pub fn key_id(&self) -> [u8; 4] {
        self.key_id
    }

    /// The 32 bytes of the Ed25519 public key.
    pub fn public_key(&self) -> [u8; 32] {
        self.public.to_bytes()
    }

    /// Whether a signature line is one under this name and key ID, verified or not.
    pub fn made(&self, line: &Signature) -> bool {
        line.name == self.name && line.key_id == self.key_id
    }

    /// When this witness cosigned the note: POSIX seconds, the latest if there are several lines; `None` when it did not.
    ///
    /// # Errors
    /// [`NoteError::Refused`] when a line under its name and key ID does not verify: the whole note is not to be trusted then.
    pub fn cosigned(&self, note: &Note) -> Result<Option<u64>, NoteError> {
        let mut latest = None;
        for line in note.signatures().iter().filter(|line| self.made(line)) {
            let time = self.verified_time(note.text(), line).ok_or_else(|| NoteError::Refused { name: self.name.clone() })?;
            latest = latest.max(Some(time));
        }
        Ok(latest)
    }

    #[allow(clippy::big_endian_bytes, reason = "the format's integers are big-endian")]
    fn verified_time(&self, text: &str, line: &Signature) -> Option<u64> {
        let (time, signature) = line.bytes.split_first_chunk::<TIME_LEN>()?;
        let time = u64::from_be_bytes(*time);
        (time != 0 && signed(&self.public, message(text, time).as_bytes(), signature)).then_some(time)
    }
}

impl fmt::Display for CosignatureVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_key_text(f, &self.name, self.key_id, COSIGNATURE, &self.public.to_bytes())
    }
}

/// The secret key of a witness. It is never shown, and its bytes are cleared from memory when it is dropped.
pub struct CosignatureSigner {
    verifier: CosignatureVerifier,
    secret: SigningKey,
}

impl CosignatureSigner {
    /// Puts a key together from its name and the 32-byte seed of RFC 8032.
    ///
    /// # Errors
    /// [`KeyError::Name`].
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let secret = SigningKey::from_bytes(seed);
        let verifier = CosignatureVerifier::new(name, &secret.verifying_key().to_bytes())?;
        Ok(Self { verifier, secret })
    }

    /// Reads an skey text, `PRIVATE+KEY+name+<key ID in hex>+base64(04 || seed)`.
    ///
    /// # Errors
    /// Any [`KeyError`].
    pub fn parse(skey: &str) -> Result<Self, KeyError> {
        let text = skey.strip_prefix("PRIVATE+KEY+").ok_or(KeyError::Syntax)?;
        let (name, key_id, seed) = read_key_text(text, COSIGNATURE)?;
        let signer = Self::from_seed(name, &seed)?;
        if signer.verifier.key_id == key_id { Ok(signer) } else { Err(KeyError::KeyId) }
    }

    /// The skey text: a secret, which the caller keeps from view.
    pub fn to_skey(&self) -> String {
        let id: String = self.verifier.key_id.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut typed = [COSIGNATURE; 33];
        typed[1..].copy_from_slice(self.secret.as_bytes());
        format!("PRIVATE+KEY+{}+{id}+{}", self.verifier.name, STANDARD.encode(typed))
    }

    /// The key that verifies what this one cosigns.
    pub fn verifier(&self) -> &CosignatureVerifier {
        &self.verifier
    }

    /// Cosigns a note's text as seen at `time`, in POSIX seconds. Whoever calls this has checked the log's signature and consistency.
    /// `None` for the time 0, which no cosignature may state.
    #[allow(clippy::big_endian_bytes, reason = "the format's integers are big-endian")]
    pub fn cosign(&self, note: &Note, time: u64) -> Option<Signature> {
        if time == 0 {
            return None;
        }
        let signature = self.secret.sign(message(note.text(), time).as_bytes()).to_bytes();
        let bytes = [time.to_be_bytes().as_slice(), &signature].concat();
        Some(Signature { name: self.verifier.name.clone(), key_id: self.verifier.key_id, bytes })
    }
}

/// What is signed: the note's whole text, extension lines included, under a header of its own.
fn message(text: &str, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}
