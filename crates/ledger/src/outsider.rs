//! Events as somebody without the vault reads them: frames and event keys out of an audit pack, back to what the ledger recorded.
//! It refuses to open what no key was disclosed for: such values are left out, and individuals not introduced stand under their pseudonym.

use std::collections::{BTreeMap, BTreeSet};

use chain::{Header, LedgerId};
use domain::{IndividualId, KnownAt, Recorded, Seq};
use vault::{EventKey, Pseudonym};
use zeroize::Zeroizing;

use crate::people::erased_name;
use crate::replay::Reason;
use crate::wire::seals::{INTRODUCTION, Identities, Place, Sealed, Unreadable};
use crate::wire::v1;
use crate::wire::v1::front::Front;

/// What was disclosed of one ledger. Every frame is first shown to [`Outsider::learn`], then read: names are told in one event and used in others.
#[derive(Debug)]
pub struct Outsider {
    ledger_id: LedgerId,
    keys: BTreeMap<(u64, [u8; 16]), [u8; 32]>,
    erased_values: BTreeSet<(u64, u64)>,
    names: BTreeMap<[u8; 16], IndividualId>,
    erased: BTreeSet<[u8; 16]>,
}

impl Outsider {
    /// `keys` are event keys by seq and subject; `erased` are the sealed values, by seq and place, that nobody can open any more.
    pub fn new(ledger_id: LedgerId, keys: BTreeMap<(u64, [u8; 16]), [u8; 32]>, erased: BTreeSet<(u64, u64)>) -> Self {
        Self { ledger_id, keys, erased_values: erased, names: BTreeMap::new(), erased: BTreeSet::new() }
    }

    /// Takes from a frame whom it introduces, and who was erased. The frame's hashes were compared by a verifier before.
    ///
    /// # Errors
    /// [`Reason::Malformed`] when the sealed values cannot be read. A layout of a later countersign is no error.
    pub fn learn(&mut self, header: &Header, body: &[u8]) -> Result<(), Reason> {
        if header.schema != v1::SCHEMA {
            return Ok(());
        }
        let payload = body.get(chain::BLINDING_LEN..).ok_or(Reason::Malformed)?;
        let front = Front::read(payload).map_err(|_| Reason::Malformed)?;
        let place = self.place(header);
        for (at, value) in front.sealed.iter().enumerate() {
            let at = u16::try_from(at).map_err(|_| Reason::Malformed)?;
            if self.erased_values.contains(&(header.seq, u64::from(at))) {
                self.erased.insert(value.subject);
            }
            if value.role != INTRODUCTION || !self.keys.contains_key(&(header.seq, value.subject)) {
                continue;
            }
            let plain = self.open(&place, at, value).map_err(Reason::from)?;
            let name = std::str::from_utf8(&plain).ok().and_then(|id| IndividualId::parse(id).ok()).ok_or(Reason::Malformed)?;
            self.names.insert(value.subject, name);
        }
        Ok(())
    }

    /// The event of a frame, and how many of its values were left out because nothing disclosed opens them.
    ///
    /// # Errors
    /// Why it cannot be read; [`Reason::Erased`] also where a value without which there is no event is not disclosed.
    pub fn read(&mut self, header: &Header, body: &[u8]) -> Result<(Recorded, u32), Reason> {
        if header.schema != v1::SCHEMA {
            return Err(Reason::Unknown);
        }
        let payload = body.get(chain::BLINDING_LEN..).ok_or(Reason::Malformed)?;
        let read = v1::restore(payload, self.place(header), self).map_err(Reason::from)?;
        let recorded_at = KnownAt::from_micros(header.recorded_at);
        Ok((Recorded { seq: Seq(header.seq), recorded_at, envelope: read.envelope, target: read.target, event: read.event }, read.erased))
    }

    fn place(&self, header: &Header) -> Place {
        Place { ledger_id: self.ledger_id, seq: header.seq, recorded_at: header.recorded_at, tag: header.tag, schema: header.schema }
    }
}

impl Identities for Outsider {
    fn individual(&mut self, who: Pseudonym) -> Result<IndividualId, Unreadable> {
        if let Some(name) = self.names.get(&who.0) {
            return Ok(name.clone());
        }
        if self.erased.contains(&who.0) {
            return erased_name(who);
        }
        // As the findings of a pack write whom it does not disclose.
        IndividualId::parse(&format!("pseudonym:{who}")).map_err(|_| Unreadable::Malformed)
    }

    fn open(&mut self, place: &Place, at: u16, value: &Sealed<'_>) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
        // To whoever has no key it is all one whether it was withheld or destroyed: the value is not there.
        let key = self.keys.get(&(place.seq, value.subject)).ok_or(Unreadable::Erased)?;
        vault::open(&EventKey::from_bytes(*key), at, &place.aad(), value.bytes).map_err(|_| Unreadable::Malformed)
    }
}
