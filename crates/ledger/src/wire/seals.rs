//! What an event needs beside its own fields to be stored or read: pseudonyms, and the list of values sealed under subject keys.
//! It refuses to put a confidential value anywhere but into that list, and counts what it could not open because the subject was erased.

use domain::IndividualId;
use domain::event::TypeSchema;
use vault::Pseudonym;
use zeroize::Zeroizing;

use super::codec::Malformed;
use crate::people::Pseudonyms;

/// One sealed value of a payload (`PAYLOADS.md`, "Sealed values").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize, wincode::SchemaWrite, wincode::SchemaRead))]
#[cfg_attr(test, serde(bound(deserialize = "'de: 'a")))]
pub(crate) struct Sealed<'a> {
    /// [`FIELD`] or [`INTRODUCTION`].
    pub(crate) role: u8,
    /// Pseudonym of the subject under whose key it is sealed.
    pub(crate) subject: [u8; 16],
    /// Nonce, ciphertext and tag, as `vault::seal` gives them.
    pub(crate) bytes: &'a [u8],
}

/// Role of a sealed value that a field of the event refers to.
pub(crate) const FIELD: u8 = 0;
/// Role of the agency's own identifier of an individual, in the first event that names the pseudonym.
pub(crate) const INTRODUCTION: u8 = 1;

/// Why an event, or a value of it, cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// The bytes are not what the layout says.
    Malformed,
    /// The tag or schema is not known to this program.
    NotInterpreted,
    /// The subject's key was destroyed.
    Erased,
    /// What the vault has in the key's place was not wrapped there for this subject; the position in its file.
    ForeignKey(u64),
}

impl From<Malformed> for Unreadable {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

/// Collects, while an event is turned into its stored form, whom it names and what must be sealed.
pub(crate) struct Seals<'c> {
    pseudonyms: &'c mut Pseudonyms,
    subject: Pseudonym,
    correcting: Option<&'static TypeSchema>,
    /// Values of fields, still in the clear, each with its subject.
    pub(crate) values: Vec<(Pseudonym, Zeroizing<Vec<u8>>)>,
    /// Individuals the event names, each once.
    pub(crate) individuals: Vec<(Pseudonym, IndividualId)>,
}

impl<'c> Seals<'c> {
    /// `subject` is whose key seals the confidential fields of this event; `correcting` is the type
    /// whose fields a correction changes, which says what of it is confidential.
    pub(crate) fn new(pseudonyms: &'c mut Pseudonyms, subject: Pseudonym, correcting: Option<&'static TypeSchema>) -> Self {
        Self { pseudonyms, subject, correcting, values: Vec::new(), individuals: Vec::new() }
    }

    pub(crate) fn correcting(&self) -> Option<&'static TypeSchema> {
        self.correcting
    }

    pub(crate) fn individual(&mut self, id: &IndividualId) -> Pseudonym {
        let who = self.pseudonyms.of_individual(id);
        if !self.individuals.iter().any(|(known, _)| *known == who) {
            self.individuals.push((who, id.clone()));
        }
        who
    }

    /// Notes a value to be sealed and gives its place in the list.
    pub(crate) fn seal(&mut self, plain: &[u8]) -> u16 {
        // An event has one such field, a correction a few; a list too long for u16 is beyond the payload limit anyway.
        let at = u16::try_from(self.values.len()).unwrap_or(u16::MAX);
        self.values.push((self.subject, Zeroizing::new(plain.to_vec())));
        at
    }
}

/// Where a payload stands in the ledger: what its sealed values are bound to.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) ledger_id: chain::LedgerId,
    pub(crate) seq: u64,
    pub(crate) recorded_at: i64,
    pub(crate) tag: u16,
    pub(crate) schema: u16,
}

impl Place {
    pub(crate) fn aad(&self) -> [u8; chain::SEALING_AAD_LEN] {
        chain::sealing_aad(self.ledger_id, self.seq, self.recorded_at, self.tag, self.schema)
    }
}

/// Who can name individuals and open sealed values.
pub(crate) trait Identities {
    /// The agency's own identifier, or `erased-<8 hex digits>`.
    fn individual(&mut self, who: Pseudonym) -> Result<IndividualId, Unreadable>;
    /// The plain bytes of value number `at` of the payload at `place`.
    fn open(&mut self, place: &Place, at: u16, value: &Sealed<'_>) -> Result<Zeroizing<Vec<u8>>, Unreadable>;
}

/// Opens sealed values and names individuals while one payload is read.
pub(crate) struct Opening<'r> {
    identities: &'r mut dyn Identities,
    place: Place,
    sealed: &'r [Sealed<'r>],
    /// How many values could not be opened because their subject was erased.
    pub(crate) erased: u32,
}

impl<'r> Opening<'r> {
    pub(crate) fn new(identities: &'r mut dyn Identities, place: Place, sealed: &'r [Sealed<'r>]) -> Self {
        Self { identities, place, sealed, erased: 0 }
    }

    pub(crate) fn individual(&mut self, who: Pseudonym) -> Result<IndividualId, Unreadable> {
        self.identities.individual(who)
    }

    /// The text of sealed value number `at`.
    pub(crate) fn open(&mut self, at: u16) -> Result<String, Unreadable> {
        let value = self.sealed.get(usize::from(at)).filter(|value| value.role == FIELD).ok_or(Unreadable::Malformed)?;
        let plain = self.identities.open(&self.place, at, value).inspect_err(|error| {
            if *error == Unreadable::Erased {
                self.erased += 1;
            }
        })?;
        std::str::from_utf8(&plain).map(str::to_owned).map_err(|_| Unreadable::Malformed)
    }
}
