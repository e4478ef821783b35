//! What stands before the event in every payload: its sealed values, then the envelope it came with.
//! It refuses what is not its layout, which does not depend on the type of the event and is written and read here by hand: every payload has one,
//! and a codec that asks for each byte of a digest by itself would take longer over it than all hashing of it does.

use domain::{Envelope, Provenance, Seq};

use super::scalar::{Digest, Stored};
use crate::wire::codec::{MAX_PAYLOAD_LEN, Malformed};
use crate::wire::seals::{Opening, Sealed, Seals, Unreadable};

/// The front of a payload, in stored order.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize, wincode::SchemaWrite, wincode::SchemaRead))]
#[cfg_attr(test, serde(bound(deserialize = "'de: 'a")))]
pub(crate) struct Front<'a> {
    /// Sealed values: those of fields in the order the event refers to them, then introductions.
    pub(crate) sealed: Vec<Sealed<'a>>,
    /// Idempotency key of the source system.
    pub(crate) source_id: Option<&'a str>,
    /// Microseconds UTC.
    pub(crate) entered_at: Option<i64>,
    /// Who entered it.
    pub(crate) actor: Option<&'a str>,
    /// Supporting documents.
    pub(crate) evidence: Vec<Digest>,
    /// blake3 of the file and the line in it.
    pub(crate) provenance: Option<([u8; 32], u64)>,
    /// Of a correction or retraction: the seq of the event it points at.
    pub(crate) target: Option<u64>,
}

impl<'a> Front<'a> {
    pub(crate) fn store(envelope: &'a Envelope, target: Option<Seq>, sealed: Vec<Sealed<'a>>, seals: &mut Seals<'_>) -> Self {
        Self {
            sealed,
            source_id: envelope.source_id.store(seals),
            entered_at: envelope.entered_at.store(seals),
            actor: envelope.actor.store(seals),
            evidence: envelope.evidence.store(seals),
            provenance: envelope.provenance.as_ref().map(|p| (p.file, p.line)),
            target: target.store(seals),
        }
    }

    pub(crate) fn restore(self, opening: &mut Opening<'_>) -> Result<(Envelope, Option<Seq>), Unreadable> {
        let envelope = Envelope {
            source_id: Stored::restore(self.source_id, opening)?,
            entered_at: Stored::restore(self.entered_at, opening)?,
            actor: Stored::restore(self.actor, opening)?,
            evidence: Stored::restore(self.evidence, opening)?,
            provenance: self.provenance.map(|(file, line)| Provenance { file, line }),
        };
        Ok((envelope, self.target.map(Seq)))
    }

    /// Appends it to `out`.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let long = |out: &mut Vec<u8>, bytes: &[u8]| {
            out.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
            out.extend_from_slice(bytes);
        };
        out.extend_from_slice(&(self.sealed.len() as u64).to_le_bytes());
        for sealed in &self.sealed {
            out.push(sealed.role);
            out.extend_from_slice(&sealed.subject);
            long(out, sealed.bytes);
        }
        out.push(u8::from(self.source_id.is_some()));
        self.source_id.iter().for_each(|id| long(out, id.as_bytes()));
        out.push(u8::from(self.entered_at.is_some()));
        self.entered_at.iter().for_each(|at| out.extend_from_slice(&at.to_le_bytes()));
        out.push(u8::from(self.actor.is_some()));
        self.actor.iter().for_each(|actor| long(out, actor.as_bytes()));
        out.extend_from_slice(&(self.evidence.len() as u64).to_le_bytes());
        for Digest(algorithm, digest) in &self.evidence {
            out.push(*algorithm);
            out.extend_from_slice(digest);
        }
        out.push(u8::from(self.provenance.is_some()));
        if let Some((file, line)) = &self.provenance {
            out.extend_from_slice(file);
            out.extend_from_slice(&line.to_le_bytes());
        }
        out.push(u8::from(self.target.is_some()));
        self.target.iter().for_each(|target| out.extend_from_slice(&target.to_le_bytes()));
    }

    /// Reads it, whatever follows.
    pub(crate) fn read(payload: &'a [u8]) -> Result<Self, Malformed> {
        Self::split(payload).map(|(front, _)| front)
    }

    /// Reads it, and gives what follows.
    pub(crate) fn split(payload: &'a [u8]) -> Result<(Self, &'a [u8]), Malformed> {
        let mut rest = Rest(payload);
        let mut sealed = Vec::new();
        // A count that lies ends with the bytes.
        for _ in 0..rest.number()? {
            let [role] = rest.array()?;
            sealed.push(Sealed { role, subject: rest.array()?, bytes: rest.long()? });
        }
        let source_id = if rest.is_some()? { Some(rest.text()?) } else { None };
        let entered_at = if rest.is_some()? { Some(rest.number()?.cast_signed()) } else { None };
        let actor = if rest.is_some()? { Some(rest.text()?) } else { None };
        let mut evidence = Vec::new();
        for _ in 0..rest.number()? {
            let [algorithm] = rest.array()?;
            evidence.push(Digest(algorithm, rest.array()?));
        }
        let provenance = if rest.is_some()? { Some((rest.array()?, rest.number()?)) } else { None };
        let target = if rest.is_some()? { Some(rest.number()?) } else { None };
        if payload.len() - rest.0.len() > MAX_PAYLOAD_LEN {
            return Err(Malformed);
        }
        Ok((Self { sealed, source_id, entered_at, actor, evidence, provenance, target }, rest.0))
    }
}

/// What of a payload was not read yet.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (array, rest) = self.0.split_first_chunk().ok_or(Malformed)?;
        self.0 = rest;
        Ok(*array)
    }

    fn number(&mut self) -> Result<u64, Malformed> {
        self.array().map(u64::from_le_bytes)
    }

    fn is_some(&mut self) -> Result<bool, Malformed> {
        match self.array()? {
            [0] => Ok(false),
            [1] => Ok(true),
            _ => Err(Malformed),
        }
    }

    fn long(&mut self) -> Result<&'a [u8], Malformed> {
        let len = usize::try_from(self.number()?).map_err(|_| Malformed)?;
        let (bytes, rest) = self.0.split_at_checked(len).ok_or(Malformed)?;
        self.0 = rest;
        Ok(bytes)
    }

    fn text(&mut self) -> Result<&'a str, Malformed> {
        std::str::from_utf8(self.long()?).map_err(|_| Malformed)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::wire::codec;

    /// By hand and by the codec of the events, whose layout is the same: each part there and not, each byte changed, cut off anywhere.
    #[test]
    fn the_layout_is_that_of_the_codec_to_the_byte() {
        let sealed = [vec![7u8; 44], vec![9; 3]];
        let of = |n: u32| Front {
            sealed: sealed.iter().take((n % 3) as usize).map(|bytes| Sealed { role: 1, subject: [3; 16], bytes }).collect(),
            source_id: (n & 4 > 0).then_some("ehr:7\u{e9}"),
            entered_at: (n & 8 > 0).then_some(-5),
            actor: (n & 16 > 0).then_some(""),
            evidence: vec![Digest(1, [8; 32]); (n % 4) as usize],
            provenance: (n & 32 > 0).then_some(([4; 32], 12)),
            target: (n & 64 > 0).then_some(u64::MAX),
        };
        let compare = |bytes: &[u8]| assert_eq!(Front::read(bytes), codec::read_front::<Front<'_>>(bytes), "{bytes:?}");
        for front in (0..128).map(of) {
            let (mut ours, mut theirs) = (vec![1, 2], vec![1, 2]);
            front.write(&mut ours);
            codec::write(&mut theirs, &front).unwrap();
            assert_eq!(ours, theirs);
            ours.extend_from_slice(b"and the event");
            assert_eq!(Front::split(&ours[2..]), Ok((front.clone(), b"and the event".as_slice())));
            for at in 2..ours.len() {
                compare(&ours[2..at]);
                for with in [0, 1, 2, 40, 0x80, 0xff] {
                    let mut changed = ours[2..].to_vec();
                    changed[at - 2] = with;
                    compare(&changed);
                }
            }
        }
    }

    #[test]
    fn a_front_as_long_as_no_payload_may_be_is_refused() {
        let front = |len: usize| {
            let mut bytes = Vec::new();
            let text = "x".repeat(len);
            Front { sealed: Vec::new(), source_id: Some(&text), entered_at: None, actor: None, evidence: Vec::new(), provenance: None, target: None }.write(&mut bytes);
            bytes
        };
        for len in MAX_PAYLOAD_LEN - 60..MAX_PAYLOAD_LEN + 3 {
            let bytes = front(len);
            assert_eq!(Front::read(&bytes).is_ok(), bytes.len() <= MAX_PAYLOAD_LEN, "{len}");
        }
    }
}
