//! What a witness answers to what, in the order the specification fixes: unknown log, unknown signature, form, size, consistency.
//! Refuses to look at anything but the request, the keys it trusts and the last checkpoint it cosigned; it stores nothing and signs nothing.

use std::collections::BTreeMap;

use transparency::{AddCheckpoint, Checkpoint, Hash, Verifier, verify_consistency};

use crate::error::WitnessError;

/// The logs a witness knows: origin to trusted keys.
#[derive(Clone, Debug, Default)]
pub struct Logs(BTreeMap<String, Vec<Verifier>>);

impl Logs {
    /// Reads vkeys; several keys of one origin, as after a rotation, are all trusted.
    ///
    /// # Errors
    /// [`WitnessError::Key`].
    pub fn new<'k>(vkeys: impl IntoIterator<Item = &'k str>) -> Result<Self, WitnessError> {
        let mut logs = Self::default();
        for vkey in vkeys {
            let key = Verifier::parse(vkey).map_err(|error| WitnessError::Key(format!("the log key {vkey}: {error}")))?;
            let keys = logs.0.entry(key.name().to_owned()).or_default();
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        Ok(logs)
    }

    /// Trusted keys of a log; `None` when it is not known.
    pub fn keys(&self, origin: &str) -> Option<&[Verifier]> {
        self.0.get(origin).map(Vec::as_slice)
    }

    /// The origins, in order.
    pub fn origins(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// Why a checkpoint is not cosigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 404: the log is not known.
    UnknownLog,
    /// 403: no trusted key signed, or a line of one is wrong.
    NotSigned,
    /// 400: not a request, or its old size is larger than its checkpoint's.
    Malformed,
    /// 409: the old size is not that of the checkpoint cosigned last, which is this.
    OtherSize(u64),
    /// 422: the proof does not lead from the last checkpoint to this one.
    Inconsistent,
}

impl Refusal {
    /// HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::UnknownLog => 404,
            Self::NotSigned => 403,
            Self::Malformed => 400,
            Self::OtherSize(_) => 409,
            Self::Inconsistent => 422,
        }
    }

    /// Body, for people but for the size.
    pub fn body(&self) -> String {
        match self {
            Self::UnknownLog => "this witness does not know the log\n".to_owned(),
            Self::NotSigned => "the checkpoint is not signed by a key that this witness trusts for the log\n".to_owned(),
            Self::Malformed => "not an add-checkpoint request\n".to_owned(),
            Self::OtherSize(size) => format!("{size}\n"),
            Self::Inconsistent => "the checkpoint does not continue the one that was cosigned last\n".to_owned(),
        }
    }
}

/// The checks that need no memory: form, log, signature.
pub(crate) fn read(logs: &Logs, body: &[u8]) -> Result<AddCheckpoint, Refusal> {
    let request = AddCheckpoint::parse(body).map_err(|_| Refusal::Malformed)?;
    let keys = logs.keys(request.checkpoint.origin()).ok_or(Refusal::UnknownLog)?;
    request.note.verify(keys).map_err(|_| Refusal::NotSigned)?;
    if request.old > request.checkpoint.size() { Err(Refusal::Malformed) } else { Ok(request) }
}

/// The checks against the checkpoint cosigned last, if there is one.
pub(crate) fn continues(request: &AddCheckpoint, last: Option<&Checkpoint>) -> Result<(), Refusal> {
    let (size, root) = last.map_or((0, Hash::EMPTY_ROOT), |last| (last.size(), last.root()));
    if request.old != size {
        return Err(Refusal::OtherSize(size));
    }
    let new = &request.checkpoint;
    verify_consistency(size, &root, new.size(), &new.root(), &request.proof).map_err(|_| Refusal::Inconsistent)
}

/// Whether a refused request, signed by its log, shows that the log told two stories: to keep for whoever judges.
pub(crate) fn is_evidence(refusal: &Refusal, request: &AddCheckpoint, last: Option<&Checkpoint>) -> bool {
    match refusal {
        Refusal::Inconsistent => true,
        // A size that the witness saw already, with another root: no proof is needed to see that.
        Refusal::OtherSize(_) => last.is_some_and(|last| last.size() == request.checkpoint.size() && last.root() != request.checkpoint.root()),
        Refusal::UnknownLog | Refusal::NotSigned | Refusal::Malformed => false,
    }
}
