//! One request of one log at a time: read, check, sign, remember, answer, in this order and as one piece.
//! Refuses to answer 200 before the checkpoint is on the disk, and to let two requests of one log overlap.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use transparency::CosignatureSigner;

use crate::error::WitnessError;
use crate::rules::{Logs, Refusal, continues, is_evidence, read};
use crate::state::{State, hex_of};

/// Where the time comes from: POSIX seconds.
pub type Clock = Box<dyn Fn() -> u64 + Send + Sync>;

/// What is answered to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 200: the signature lines.
    Cosigned(String),
    /// The status of the refusal.
    Refused(Refusal),
}

/// A witness without its network.
pub struct Keeper {
    logs: Logs,
    state: State,
    key: CosignatureSigner,
    clock: Clock,
    /// One lock a log: requests of different logs do not wait for each other.
    turns: BTreeMap<String, Mutex<()>>,
}

impl Keeper {
    /// Puts a witness together, and reads once what it remembers of every log, so that a damaged memory stops it at the start.
    ///
    /// # Errors
    /// [`WitnessError::State`], [`WitnessError::Io`].
    pub fn new(logs: Logs, state: State, key: CosignatureSigner, clock: Clock) -> Result<Self, WitnessError> {
        for origin in logs.origins() {
            state.last(origin, key.verifier())?;
        }
        let turns = logs.origins().map(|origin| (origin.to_owned(), Mutex::new(()))).collect();
        Ok(Self { logs, state, key, clock, turns })
    }

    /// The witness's vkey.
    pub fn vkey(&self) -> String {
        self.key.verifier().to_string()
    }

    /// Answers `add-checkpoint`. When this returns a cosignature, it is durable.
    ///
    /// If we stop here: before the state is written nothing happened; after it the log asks again, is told the size, and gets a new
    /// signature over the same checkpoint.
    ///
    /// # Errors
    /// [`WitnessError`]: the state cannot be read or written, and nothing was cosigned.
    pub fn add_checkpoint(&self, body: &[u8]) -> Result<Answer, WitnessError> {
        let request = match read(&self.logs, body) {
            Ok(request) => request,
            Err(refusal) => return Ok(Answer::Refused(refusal)),
        };
        let origin = request.checkpoint.origin();
        let Some(turn) = self.turns.get(origin) else { return Ok(Answer::Refused(Refusal::UnknownLog)) };
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        let last = self.state.last(origin, self.key.verifier())?;
        let last = last.map(|last| last.checkpoint);
        if let Err(refusal) = continues(&request, last.as_ref()) {
            if is_evidence(&refusal, &request, last.as_ref()) {
                self.state.keep_evidence(origin, refusal.status(), body)?;
            }
            return Ok(Answer::Refused(refusal));
        }
        // Only lines of keys that are trusted are kept: a hostile sender must not grow the file.
        let keys = self.logs.keys(origin).unwrap_or_default();
        let trusted = |name: &str, id: [u8; 4]| keys.iter().any(|key| key.name() == name && key.key_id() == id);
        let kept: String = request.note.signatures().iter().filter(|line| trusted(&line.name, line.key_id)).map(ToString::to_string).collect();
        let unusable = |what: &str| WitnessError::Key(format!("the checkpoint could not be cosigned: {what}"));
        let note = transparency::Note::parse(format!("{}\n{kept}", request.note.text()).as_bytes()).map_err(|error| unusable(&error.to_string()))?;
        let line = self.key.cosign(&note, (self.clock)()).ok_or_else(|| unusable("the clock stands at 0"))?;
        let note = note.with_signature(line.clone()).map_err(|error| unusable(&error.to_string()))?;
        self.state.remember(origin, &note)?;
        Ok(Answer::Cosigned(line.to_string()))
    }

    /// The monitoring path: the last cosigned checkpoint of the log whose origin has this SHA-256, in lower-case hexadecimal.
    ///
    /// # Errors
    /// [`WitnessError`]: the state cannot be read.
    pub fn latest(&self, origin_hash: &str) -> Result<Option<String>, WitnessError> {
        let origin = self.logs.origins().find(|origin| hex_of(origin.as_bytes()) == origin_hash);
        let Some(origin) = origin else { return Ok(None) };
        Ok(self.state.last(origin, self.key.verifier())?.map(|last| last.note.to_string()))
    }
}
