//! Free text, digests, and the two kinds of text that are sealed at rest: birth dates and licence or credential numbers.
//! Refuses empty or oversized text and control characters; does no sealing itself, the types only mark what must be sealed.

use compact_str::CompactString;
use std::fmt;

use crate::field::{FieldType, Kind, Mismatch, Raw};
use crate::time::ValidDay;

/// The longest free text accepted, in bytes: reasons and rationales, never note text.
pub const MAX_TEXT_LENGTH: usize = 2_000;

/// A short free text such as a reason, a topic or an issuer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text(CompactString);

impl Text {
    /// Takes a text of 1 to [`MAX_TEXT_LENGTH`] bytes that is not blank and has no control characters but tab and newline.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        if (1..=MAX_TEXT_LENGTH).contains(&text.len()) && text.bytes().all(|b| matches!(b, b' '..=b'~')) && text.bytes().any(|b| b != b' ') {
            return Ok(Self(CompactString::new(text)));
        }
        let wanted = "text of 1 to 2,000 bytes";
        if text.trim().is_empty() {
            return Err(Mismatch::new(format!("blank text ({text:?})"), wanted).hint("leave the field out if there is nothing to say"));
        }
        if text.len() > MAX_TEXT_LENGTH {
            return Err(Mismatch::new(format!("text of {} bytes", text.len()), wanted).hint("the ledger holds facts, never note text"));
        }
        if let Some(c) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(Mismatch::new(format!("text with the control character {c:?}"), wanted));
        }
        Ok(Self(CompactString::new(text)))
    }

    /// The text as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FieldType for Text {
    const KIND: Kind = Kind::Text;
    fn read(raw: &Raw<'_>) -> Result<Self, Mismatch> {
        match raw.as_text() {
            Some(text) => Text::parse(text),
            None => Err(Mismatch::new(raw.describe(), "text")),
        }
    }
    fn read_text(text: &str) -> Result<Self, Mismatch> {
        Text::parse(text)
    }
    fn write(&self) -> Raw<'_> {
        Raw::text(self.as_str())
    }
}

/// A credential or licence number: sealed under the person's key in every stored event.
#[derive(Clone, PartialEq, Eq)]
pub struct Confidential(Text);

impl Confidential {
    /// See [`Text::parse`].
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        Text::parse(text).map(Self)
    }

    /// The text in the clear; for sealing and for the person who asks to see it.
    pub fn expose(&self) -> &str {
        self.0.as_str()
    }
}

/// Never prints what it holds, so that a log line cannot leak it.
impl fmt::Debug for Confidential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Confidential(..)")
    }
}

impl FieldType for Confidential {
    const KIND: Kind = Kind::Confidential;
    fn read(raw: &Raw<'_>) -> Result<Self, Mismatch> {
        Text::read(raw).map(Self)
    }
    fn write(&self) -> Raw<'_> {
        Raw::text(self.expose())
    }
}

/// A birth date: sealed under its owner's key in every stored event.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BirthDate(pub ValidDay);

impl fmt::Debug for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BirthDate(..)")
    }
}

impl FieldType for BirthDate {
    const KIND: Kind = Kind::BirthDate;
    fn read(raw: &Raw<'_>) -> Result<Self, Mismatch> {
        ValidDay::read(raw).map(Self)
    }
    fn write(&self) -> Raw<'_> {
        Raw::owned(self.0.to_string())
    }
}

/// A document digest, `blake3:<hex>` or `sha256:<hex>`, 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest(CompactString);

impl Digest {
    /// Parses a digest; upper-case hexadecimal is accepted and kept as lower case.
    pub fn parse(text: &str) -> Option<Self> {
        let (algorithm, hex) = text.split_once(':')?;
        let known = matches!(algorithm, "blake3" | "sha256");
        let digits = hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit());
        (known && digits).then(|| Self(CompactString::new(text.to_ascii_lowercase())))
    }

    /// The digest with its algorithm.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FieldType for Digest {
    const KIND: Kind = Kind::Digest;
    fn read(raw: &Raw<'_>) -> Result<Self, Mismatch> {
        raw.as_text().and_then(Digest::parse).ok_or_else(|| {
            Mismatch::new(raw.describe(), "a document digest").hint("blake3: or sha256: followed by 64 hexadecimal digits")
        })
    }
    fn write(&self) -> Raw<'_> {
        Raw::text(self.as_str())
    }
}
