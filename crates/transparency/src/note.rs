//! Signed notes: a text and the signatures under it (C2SP signed-note v1.0.0).
//! It refuses a note as a whole when a signature of a known key fails, and never trusts one that no known key signed.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::key::{Signer, Verifier, is_key_name};

/// The longest note that is read, in bytes.
pub const MAX_NOTE_LEN: usize = 1_000_000;
/// The most signature lines that are read.
pub const MAX_SIGNATURES: usize = 100;

/// What a signature line begins with: an em dash (U+2014) and a space.
const LINE_START: &str = "\u{2014} ";

/// One signature line, whoever made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Name of the key.
    pub name: String,
    /// First four bytes of the line's payload.
    pub key_id: [u8; 4],
    /// The rest of the payload, never empty; its form depends on the type of the key.
    pub bytes: Vec<u8>,
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let payload = [self.key_id.as_slice(), &self.bytes].concat();
        writeln!(f, "{LINE_START}{} {}", self.name, STANDARD.encode(payload))
    }
}

/// A text with at least one signature line. Shown as the note's own text form; reading and
/// showing give back the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// Why bytes are not a note, or a note is not to be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteError {
    /// Longer than [`MAX_NOTE_LEN`].
    TooLong,
    /// Not UTF-8, a control character other than newline, or no newline at the end of the text.
    Text,
    /// No blank line before the signatures, none or more than [`MAX_SIGNATURES`] of them, or a
    /// line that is not a signature line.
    Signatures,
    /// A signature that names a known key does not verify.
    Refused {
        /// Name of the key.
        name: String,
    },
    /// No known key signed.
    NoKnownSignature,
}

impl fmt::Display for NoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "the note is longer than {MAX_NOTE_LEN} bytes"),
            Self::Text => f.write_str("the note is not lines of plain UTF-8 text"),
            Self::Signatures => f.write_str("the note does not end in a blank line and signature lines"),
            Self::Refused { name } => write!(f, "the signature of {name} does not verify"),
            Self::NoKnownSignature => f.write_str("the note is not signed by any known key"),
        }
    }
}

impl std::error::Error for NoteError {}

impl Note {
    /// Signs `text`, which ends in a newline and holds no other control characters.
    ///
    /// # Errors
    /// [`NoteError::Text`]; [`NoteError::Signatures`] when there are no signers or too many.
    pub fn sign(text: &str, signers: &[&Signer]) -> Result<Self, NoteError> {
        if !is_note_text(text) || !text.ends_with('\n') {
            return Err(NoteError::Text);
        }
        if signers.is_empty() || signers.len() > MAX_SIGNATURES {
            return Err(NoteError::Signatures);
        }
        let signatures = signers.iter().map(|signer| Signature {
            name: signer.verifier().name().to_owned(),
            key_id: signer.verifier().key_id(),
            bytes: signer.sign(text.as_bytes()).to_vec(),
        });
        let note = Self { text: text.to_owned(), signatures: signatures.collect() };
        // What is signed here must be readable everywhere.
        if note.to_string().len() > MAX_NOTE_LEN { Err(NoteError::TooLong) } else { Ok(note) }
    }

    /// Reads a note without judging its signatures.
    ///
    /// # Errors
    /// [`NoteError::TooLong`], [`NoteError::Text`], [`NoteError::Signatures`].
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > MAX_NOTE_LEN {
            return Err(NoteError::TooLong);
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| NoteError::Text)?;
        if !is_note_text(whole) {
            return Err(NoteError::Text);
        }
        // The text may hold blank lines itself: the last one counts.
        let blank = whole.rfind("\n\n").ok_or(NoteError::Signatures)?;
        let (text, lines) = (&whole[..=blank], &whole[blank + 2..]);
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Signatures)?;
        if lines.split('\n').count() > MAX_SIGNATURES {
            return Err(NoteError::Signatures);
        }
        let signatures = lines.split('\n').map(|line| signature_line(line).ok_or(NoteError::Signatures)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// The same note with one more line, in the place of an earlier line of the same key if there is one.
    ///
    /// # Errors
    /// [`NoteError::Signatures`] when there are too many lines already, [`NoteError::TooLong`].
    pub fn with_signature(mut self, line: Signature) -> Result<Self, NoteError> {
        match self.signatures.iter_mut().find(|known| known.name == line.name && known.key_id == line.key_id) {
            Some(known) => *known = line,
            None => self.signatures.push(line),
        }
        if self.signatures.len() > MAX_SIGNATURES {
            return Err(NoteError::Signatures);
        }
        if self.to_string().len() > MAX_NOTE_LEN { Err(NoteError::TooLong) } else { Ok(self) }
    }

    /// The signed text, final newline included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All signature lines in their order, verified or not.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// The keys, of those known, that signed this text: at least one, each once, in the order of
    /// the lines. Lines of unknown keys are ignored, even under a known name.
    ///
    /// # Errors
    /// [`NoteError::Refused`] when a line of a known key fails, [`NoteError::NoKnownSignature`].
    pub fn verify<'k>(&self, known: &'k [Verifier]) -> Result<Vec<&'k Verifier>, NoteError> {
        let mut verified: Vec<&Verifier> = Vec::new();
        for line in &self.signatures {
            let named = |key: &&Verifier| key.name() == line.name && key.key_id() == line.key_id;
            if !known.iter().any(|key| named(&key)) {
                continue;
            }
            let key = known
                .iter()
                .filter(named)
                .find(|key| key.accepts(self.text.as_bytes(), &line.bytes))
                .ok_or_else(|| NoteError::Refused { name: line.name.clone() })?;
            if !verified.contains(&key) {
                verified.push(key);
            }
        }
        if verified.is_empty() { Err(NoteError::NoKnownSignature) } else { Ok(verified) }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|line| line.fmt(f))
    }
}

fn is_note_text(text: &str) -> bool {
    text.bytes().all(|byte| byte >= 0x20 || byte == b'\n')
}

/// Reads signature lines that stand alone, as a witness answers them: one or more, each ending in a newline.
///
/// # Errors
/// [`NoteError::TooLong`], [`NoteError::Text`], [`NoteError::Signatures`].
pub fn signature_lines(bytes: &[u8]) -> Result<Vec<Signature>, NoteError> {
    if bytes.len() > MAX_NOTE_LEN {
        return Err(NoteError::TooLong);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| NoteError::Text)?;
    let lines = text.strip_suffix('\n').ok_or(NoteError::Signatures)?;
    if lines.split('\n').count() > MAX_SIGNATURES {
        return Err(NoteError::Signatures);
    }
    lines.split('\n').map(|line| signature_line(line).ok_or(NoteError::Signatures)).collect()
}

fn signature_line(line: &str) -> Option<Signature> {
    let (name, payload) = line.strip_prefix(LINE_START)?.split_once(' ')?;
    let payload = STANDARD.decode(payload).ok()?;
    let (key_id, bytes) = payload.split_first_chunk::<4>()?;
    let right = is_key_name(name) && !bytes.is_empty();
    right.then(|| Signature { name: name.to_owned(), key_id: *key_id, bytes: bytes.to_vec() })
}
