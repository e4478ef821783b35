//! A draft to payload bytes: the event's stored fields, then the front with envelope and sealed values put before them.
//! It refuses to seal before it is settled that the draft will be appended: sealing needs the seq, and may draw a key.

use domain::{Draft, IndividualId, Seq};
use domain::event::TypeSchema;
use vault::{Pseudonym, SubjectKey};
use zeroize::Zeroizing;

use crate::keys::{Fingerprints, KeyKind};
use crate::outcome::Refusal;
use crate::people::Pseudonyms;
use crate::wire::codec::MAX_PAYLOAD_LEN;
use crate::wire::seals::{FIELD, INTRODUCTION, Place, Sealed, Seals};
use crate::wire::v1::{self, front::Front};

/// A draft whose fields are encoded but whose confidential values are not sealed yet.
pub(crate) struct Encoded {
    pub(crate) tag: u16,
    /// Values of confidential fields, in the clear, with their subjects.
    pub(crate) values: Vec<(Pseudonym, Zeroizing<Vec<u8>>)>,
    /// Individuals the event names.
    pub(crate) individuals: Vec<(Pseudonym, IndividualId)>,
    /// The fingerprint of its key: source id, or type and payload.
    pub(crate) fingerprint: u64,
}

/// Keeps the buffers.
#[derive(Default)]
pub(crate) struct Encoder {
    event: Vec<u8>,
    payload: Vec<u8>,
    sealed: Vec<Vec<u8>>,
}

impl Encoder {
    /// Encodes the event's own fields. `subject` is whose key will seal its confidential fields.
    pub(crate) fn event(
        &mut self,
        draft: &Draft,
        pseudonyms: &mut Pseudonyms,
        subject: Pseudonym,
        correcting: Option<&'static TypeSchema>,
        fingerprints: Fingerprints,
    ) -> Result<Encoded, Refusal> {
        self.event.clear();
        let mut seals = Seals::new(pseudonyms, subject, correcting);
        let tag = v1::store(&draft.event, &mut seals, &mut self.event).map_err(|_| Refusal::TooLarge)?;
        let Seals { values, individuals, .. } = seals;
        let fingerprint = match &draft.envelope.source_id {
            Some(source) => fingerprints.of(KeyKind::Source, &[source.as_str().as_bytes()]),
            None => {
                // Without the sealed values: there are few birth dates, and whoever has the agency secret could try them all against a
                // fingerprint that outlives their key. Two facts that differ in those alone are told apart by the event itself.
                fingerprints.of(KeyKind::Content, &[&tag.to_le_bytes(), &self.event])
            }
        };
        Ok(Encoded { tag, values, individuals, fingerprint })
    }

    /// Seals the values of the event encoded last and puts the whole payload together. `keys` gives, in order, the key of each value and then
    /// of each individual to introduce.
    pub(crate) fn payload(
        &mut self,
        draft: &Draft,
        target: Option<Seq>,
        place: &Place,
        values: &[(Pseudonym, Zeroizing<Vec<u8>>, SubjectKey)],
        introductions: &[(Pseudonym, IndividualId, SubjectKey)],
        pseudonyms: &mut Pseudonyms,
    ) -> Result<&[u8], Refusal> {
        self.sealed.clear();
        let aad = place.aad();
        let plain = values.iter().map(|(_, plain, key)| (key, plain.as_slice()));
        let names = introductions.iter().map(|(_, id, key)| (key, id.as_str().as_bytes()));
        for (at, (key, plain)) in (0u16..).zip(plain.chain(names)) {
            self.sealed.push(vault::seal(&key.event_key(&place.ledger_id.0, place.seq), at, &aad, plain));
        }
        let subjects = values.iter().map(|(who, ..)| (FIELD, who)).chain(introductions.iter().map(|(who, ..)| (INTRODUCTION, who)));
        let sealed = subjects.zip(&self.sealed).map(|((role, who), bytes)| Sealed { role, subject: who.0, bytes }).collect();
        let mut seals = Seals::new(pseudonyms, Pseudonym([0; 16]), None);
        let front = Front::store(&draft.envelope, target, sealed, &mut seals);
        self.payload.clear();
        front.write(&mut self.payload);
        self.payload.extend_from_slice(&self.event);
        if self.payload.len() > MAX_PAYLOAD_LEN { Err(Refusal::TooLarge) } else { Ok(&self.payload) }
    }
}
