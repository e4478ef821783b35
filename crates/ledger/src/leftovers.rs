//! What sealing cannot reach: an identifier or sealed value of somebody that also stands in the clear, in a source id or a reason.
//! It refuses to change anything, and finds only what is written as it was given.

use domain::Seq;
use vault::Pseudonym;
use zeroize::Zeroizing;

use crate::erase::Subject;
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::wire::seals::{FIELD, Place};
use crate::wire::v1::front::Front;

impl Ledger {
    /// Events in which an individual's identifier, or a value sealed for the subject, also stands in the clear. Ask before erasing: what is
    /// sealed cannot be looked for afterwards. A short identifier may be found where it means something else.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`], [`LedgerError::Io`].
    pub fn left_in_clear(&self, subject: &Subject) -> Result<Vec<Seq>, LedgerError> {
        let who = subject.pseudonym(&mut self.core.people.pseudonyms());
        let mut words: Vec<Zeroizing<Vec<u8>>> = Vec::new();
        if let Subject::Individual(id) = subject {
            words.push(Zeroizing::new(id.as_str().as_bytes().to_vec()));
        }
        self.each_payload(|place, payload| {
            let Ok(front) = Front::read(payload) else { return };
            for (at, value) in (0u16..).zip(&front.sealed) {
                if value.role == FIELD
                    && Pseudonym(value.subject) == who
                    && let Ok(plain) = self.core.people.open(place, at, value)
                    && !words.contains(&plain)
                {
                    words.push(plain);
                }
            }
        })?;
        let mut found = Vec::new();
        self.each_payload(|place, payload| {
            if words.iter().any(|word| stands_in(payload, word)) {
                found.push(Seq(place.seq));
            }
        })?;
        Ok(found)
    }

    fn each_payload(&self, mut f: impl FnMut(&Place, &[u8])) -> Result<(), LedgerError> {
        let ledger_id = self.core.genesis.ledger_id();
        self.each_frame(0..u64::MAX, |header, body| {
            if let (Ok(header), Some(payload)) = (chain::Header::from_bytes(&header), body.get(chain::BLINDING_LEN..)) {
                let place = Place { ledger_id, seq: header.seq, recorded_at: header.recorded_at, tag: header.tag, schema: header.schema };
                f(&place, payload);
            }
            Ok(())
        })
    }
}

/// Whether a word stands in a payload by itself: no letter or digit right before or after it.
fn stands_in(payload: &[u8], word: &[u8]) -> bool {
    let apart = |byte: Option<&u8>| byte.is_none_or(|byte| !byte.is_ascii_alphanumeric());
    let mut places = payload.windows(word.len().max(1)).enumerate().filter(|(_, window)| *window == word);
    places.any(|(at, _)| apart(at.checked_sub(1).and_then(|before| payload.get(before))) && apart(payload.get(at + word.len())))
}

#[cfg(test)]
mod tests {
    use super::stands_in;

    #[test]
    fn a_word_stands_by_itself_or_not_at_all() {
        assert!(stands_in(b"\x08ehr:I-17\x01", b"I-17"));
        assert!(stands_in(b"I-17", b"I-17") && stands_in(b"I-170 I-17", b"I-17"));
        assert!(!stands_in(b"I-170", b"I-17") && !stands_in(b"HI-17", b"I-17") && !stands_in(b"", b"I-17"));
    }
}
