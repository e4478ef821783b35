//! Cosignatures of witnesses: what they sign is a checkpoint and the time they saw it (C2SP tlog-cosignature v1.0.1, Ed25519, type 04).
//! It refuses the time 0, reads no clock, and does not judge consistency: that is the witness's work before it cosigns.

use crate::key::{PublicKey, SecretKey};
use crate::note::{Note, NoteError, Signature};

/// Signature type byte of a timestamped Ed25519 cosignature.
const COSIGNATURE: u8 = 0x04;
/// Eight bytes of time, then the Ed25519 signature.
const TIME_LEN: usize = 8;

/// A witness's key, as others hold it (type 04).
///
/// A valid cosignature says: at that time this was the largest tree of the log that the witness had seen, and all it saw were consistent.
pub type CosignatureVerifier = PublicKey<COSIGNATURE>;

/// The secret key of a witness.
pub type CosignatureSigner = SecretKey<COSIGNATURE>;

impl CosignatureVerifier {
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
        (time != 0 && self.accepts(message(text, time).as_bytes(), signature)).then_some(time)
    }
}

impl CosignatureSigner {
    /// Cosigns a note's text as seen at `time`, in POSIX seconds. Whoever calls this has checked the log's signature and consistency.
    /// `None` for the time 0, which no cosignature may state.
    #[allow(clippy::big_endian_bytes, reason = "the format's integers are big-endian")]
    pub fn cosign(&self, note: &Note, time: u64) -> Option<Signature> {
        if time == 0 {
            return None;
        }
        let signature = self.sign(message(note.text(), time).as_bytes());
        let bytes = [time.to_be_bytes().as_slice(), &signature].concat();
        Some(Signature { name: self.verifier.name.clone(), key_id: self.verifier.key_id, bytes })
    }
}

/// What is signed: the note's whole text, extension lines included, under a header of its own.
fn message(text: &str, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}
