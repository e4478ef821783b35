//! What stands before the event in every payload: its sealed values, then the envelope it came with.
//! It refuses nothing by itself; how it is laid out does not depend on the type of the event.

use domain::{Envelope, Provenance, Seq};
use serde::{Deserialize, Serialize};

use super::scalar::{Digest, Stored};
use crate::wire::seals::{Opening, Sealed, Seals, Unreadable};

/// The front of a payload, in stored order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
#[cfg_attr(test, derive(wincode::SchemaWrite, wincode::SchemaRead))]
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
}
