//! Sending the latest signed checkpoint to a witness (C2SP tlog-witness), judging its answer, and keeping what it cosigned.
//! Refuses to believe a status code: only a cosignature that verifies under the witness's known key counts. Bytes are carried by the caller.

use std::path::Path;

use domain::KnownAt;
use ledger::{Ledger, LedgerError};
use transparency::{AddCheckpoint, CosignatureVerifier, Note, Policy, ProofError, consistency_proof, signature_lines};

use super::anchor::{Anchor, told};
use super::latest;
use crate::error::AuditError;

/// How often a witness may answer with another size before it is given up: somebody else submits meanwhile, or it is broken.
const TRIES: usize = 3;

/// What came back from a witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: Vec<u8>,
}

/// A way to a witness: takes the request body of `add-checkpoint`, gives the answer, or says why there is none.
pub type Carry<'a> = &'a mut dyn FnMut(&[u8]) -> Result<Answer, String>;

/// A witness somebody named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Its submission prefix.
    pub url: String,
    /// Its key.
    key: CosignatureVerifier,
}

impl Witness {
    /// A witness by its submission prefix and vkey.
    ///
    /// # Errors
    /// A key that is not one of a witness.
    pub fn new(url: &str, vkey: &str) -> Result<Self, AuditError> {
        let key = CosignatureVerifier::parse(vkey).map_err(|error| {
            AuditError::asked(format!("the key of the witness: {error}"), "ask whoever runs it for its vkey, name+id+base64")
        })?;
        Ok(Self { url: url.to_owned(), key })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.key.name()
    }
}

/// A policy file: which witnesses there are, and whose word is enough.
#[derive(Debug, Clone)]
pub struct Quorum(Policy);

impl Quorum {
    /// Reads a policy file (C2SP tlog-policy).
    ///
    /// # Errors
    /// A file that cannot be read or is no policy.
    pub fn read(path: &Path) -> Result<Self, AuditError> {
        let shown = path.display().to_string();
        let bytes = std::fs::read(path).map_err(AuditError::at(path))?;
        let policy = Policy::parse(&bytes).map_err(|error| {
            AuditError::asked(format!("{shown}: {error}"), "c2sp.org/tlog-policy describes the lines; docs/witness.md has an example")
        })?;
        Ok(Self(policy))
    }

    /// The witnesses that have a URL.
    pub fn witnesses(&self) -> Vec<Witness> {
        let reachable = self.0.witnesses().iter().filter_map(|w| Some(Witness { url: w.url.clone()?, key: w.key.clone() }));
        reachable.collect()
    }

    /// Whether the witnesses of the policy that cosigned the latest checkpoint are enough.
    ///
    /// # Errors
    /// A ledger that cannot be read.
    pub fn is_met(&self, dir: &Path) -> Result<bool, AuditError> {
        let vouched = latest(&Ledger::open_reader(dir)?)?;
        let by = |key: &CosignatureVerifier| vouched.cosigned.iter().any(|cosigned| cosigned.witness.public_key() == key.public_key());
        Ok(self.0.is_quorum(|at| self.0.witnesses().get(at).is_some_and(|witness| by(&witness.key))))
    }
}

/// Submits the latest signed checkpoint to a witness and keeps what it cosigned.
///
/// `now` is asked for nothing but a sanity check: a cosignature from tomorrow is not kept.
///
/// # Errors
/// A witness that cannot be reached or refuses; evidence that the ledger does not continue what the witness saw; an answer that does not verify.
pub fn submit(dir: &Path, witness: &Witness, now: KnownAt, carry: Carry<'_>) -> Result<Anchor, AuditError> {
    let ledger = Ledger::open_reader(dir)?;
    let vouched = latest(&ledger)?;
    let known = ledger.cosigned()?.into_iter().find(|cosigned| cosigned.witness == witness.key);
    let mut old = known.map_or(0, |cosigned| cosigned.checkpoint.size());
    for _ in 0..TRIES {
        let request = request(&ledger, old, &vouched.note, vouched.checkpoint.size())?;
        let answer = carry(request.to_string().as_bytes()).map_err(|why| {
            AuditError::asked(format!("{} cannot be reached: {why}", witness.url), "nothing was changed; submit again when it can")
        })?;
        match judged(witness, vouched.checkpoint.size(), old, &answer)? {
            Judged::Cosigned => return keep(&ledger, witness, vouched.note, now, &answer.body),
            Judged::OtherSize(size) => old = size,
        }
    }
    let what = format!("{} answered with another size {TRIES} times in a row", witness.name());
    Err(AuditError::asked(what, "somebody else is submitting checkpoints of this ledger, or the witness is broken"))
}

fn request(ledger: &Ledger, old: u64, note: &Note, size: u64) -> Result<AddCheckpoint, AuditError> {
    let mut tree = ledger.tree()?;
    let proof = consistency_proof(old, size, |level, index| tree.hash(level, index)).map_err(|error| match error {
        ProofError::Read(error) => AuditError::from(error),
        ProofError::OutOfRange => LedgerError::RolledBack { database: size, signed: old, witness: "what a witness cosigned".to_owned() }.into(),
    })?;
    AddCheckpoint::new(old, proof, note.clone()).map_err(|error| AuditError::asked(error.to_string(), "sign a checkpoint first"))
}

enum Judged {
    Cosigned,
    OtherSize(u64),
}

fn judged(witness: &Witness, size: u64, old: u64, answer: &Answer) -> Result<Judged, AuditError> {
    let name = witness.name();
    match answer.status {
        200 => Ok(Judged::Cosigned),
        409 => {
            let said = std::str::from_utf8(&answer.body).ok().and_then(|text| text.strip_suffix('\n')?.parse::<u64>().ok());
            match said {
                Some(said) if said > size => {
                    Err(LedgerError::RolledBack { database: size, signed: said, witness: format!("what the witness {name} saw") }.into())
                }
                Some(said) if said != old => Ok(Judged::OtherSize(said)),
                Some(_) | None => Err(AuditError::asked(format!("{name} answered 409 without a size to go on from"), "the witness is broken")),
            }
        }
        422 => Err(LedgerError::Rewritten { size: old, witness: format!("what the witness {name} saw; it keeps this request as evidence") }.into()),
        404 => Err(AuditError::asked(
            format!("{name} does not know this ledger"),
            "give whoever runs it the key that `countersign checkpoint key` prints",
        )),
        403 => Err(AuditError::asked(
            format!("{name} does not know the key that signed the checkpoint"),
            "after a rotation of the log key the witness must be given the new key, with the statement that both keys signed",
        )),
        other => {
            let said: String = String::from_utf8_lossy(&answer.body).chars().filter(|c| !c.is_control()).take(200).collect();
            Err(AuditError::asked(format!("{name} answered {other}: {said}"), "nothing was changed; submit again later"))
        }
    }
}

/// Moves the witness's own lines from its answer to the checkpoint; lines of others in it are ignored.
fn keep(ledger: &Ledger, witness: &Witness, note: Note, now: KnownAt, body: &[u8]) -> Result<Anchor, AuditError> {
    const DAY: i64 = 86_400_000_000;
    let bad = |what: String| AuditError::Evidence(format!("the answer of {} is not a cosignature of this checkpoint: {what}", witness.name()));
    let lines = signature_lines(body).map_err(|error| bad(error.to_string()))?;
    let mut note = note;
    for line in lines.into_iter().filter(|line| witness.key.made(line)) {
        note = note.with_signature(line).map_err(|error| bad(error.to_string()))?;
    }
    let time = witness.key.cosigned(&note).map_err(|error| bad(error.to_string()))?;
    let time = time.ok_or_else(|| bad("it has no line of the witness's key".to_owned()))?;
    let micros = i64::try_from(time).unwrap_or(i64::MAX).saturating_mul(1_000_000);
    if micros > now.micros().saturating_add(DAY) {
        return Err(bad(format!("it states a time more than a day ahead of this machine's clock, {}", KnownAt::from_micros(micros))));
    }
    Ok(told(&ledger.keep_cosigned(&witness.key, &note)?))
}
