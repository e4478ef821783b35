//! Policy files: which logs are known, which witnesses, and whose cosignatures are enough (C2SP tlog-policy).
//! It refuses names used before they are defined, a key named twice, and a second quorum; groups cannot be circular.

use std::fmt;

use crate::checkpoint::{Checkpoint, CheckpointError, read_size};
use crate::cosignature::CosignatureVerifier;
use crate::key::{KeyError, Verifier};
use crate::note::{Note, NoteError};

/// The longest policy file that is read, in bytes.
pub const MAX_POLICY_LEN: usize = 256 * 1024;
/// The most logs, the most witnesses and the most groups; the specification asks for 32 of each at least.
pub const MAX_POLICY_ITEMS: usize = 256;

/// A log that may have signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyLog {
    /// Its key; the key's name is the origin.
    pub key: Verifier,
    /// Where to reach it, if that is said.
    pub url: Option<String>,
}

/// A witness whose cosignature may count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyWitness {
    /// Its name in this policy.
    pub name: String,
    /// Its key.
    pub key: CosignatureVerifier,
    /// Its submission prefix, if that is said.
    pub url: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Member {
    Witness(usize),
    Group(usize),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    name: Vec<u8>,
    threshold: usize,
    members: Vec<Member>,
}

/// What a reader of checkpoints trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<PolicyLog>,
    witnesses: Vec<PolicyWitness>,
    groups: Vec<Group>,
    quorum: Option<Member>,
}

/// Why a file is not a policy: the line, counted from 1, and what is the matter with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    /// Line, from 1; 0 when it is about the whole file.
    pub line: usize,
    /// What is the matter.
    pub what: PolicyProblem,
}

/// What is the matter with a line of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyProblem {
    /// The file is longer than [`MAX_POLICY_LEN`], or has more than [`MAX_POLICY_ITEMS`] of something.
    TooMuch,
    /// A control character other than tab and newline.
    Character,
    /// The line does not begin with log, witness, group or quorum, or has too few or too many items.
    Syntax,
    /// The key cannot be read.
    Key(KeyError),
    /// The key was given before, whatever its name.
    DuplicateKey,
    /// The name was given before, or is the reserved `none`.
    Name,
    /// A name that no line before this one defines.
    Undefined(String),
    /// A name that is a member already, of this group or another.
    MemberTwice(String),
    /// The threshold is not a number between 1 and the number of members, nor `any` nor `all`.
    Threshold,
    /// There is not exactly one quorum line.
    Quorum,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        match &self.what {
            PolicyProblem::TooMuch => f.write_str("the policy is larger than any that is read"),
            PolicyProblem::Character => f.write_str("a control character"),
            PolicyProblem::Syntax => f.write_str(
                "not a line of a policy: log <vkey> [<url>], witness <name> <vkey> [<url>], group <name> <k|any|all> <name>..., quorum <name|none>",
            ),
            PolicyProblem::Key(error) => error.fmt(f),
            PolicyProblem::DuplicateKey => f.write_str("this key was given before"),
            PolicyProblem::Name => f.write_str("this name was given before, or is `none`"),
            PolicyProblem::Undefined(name) => write!(f, "no line before this one defines {name}"),
            PolicyProblem::MemberTwice(name) => write!(f, "{name} is a member already"),
            PolicyProblem::Threshold => f.write_str("the threshold must be any, all, or a number from 1 to the number of members"),
            PolicyProblem::Quorum => f.write_str("there must be exactly one quorum line"),
        }
    }
}

impl std::error::Error for PolicyError {}

/// Why a checkpoint does not meet a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyRefused {
    /// The note is signed by no log of the policy, or a signature in it is wrong, or it is no checkpoint.
    Checkpoint(CheckpointError),
    /// Too few witnesses cosigned it.
    NoQuorum {
        /// The names, in the policy, of those that did.
        cosigned: Vec<String>,
    },
}

impl fmt::Display for PolicyRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checkpoint(error) => error.fmt(f),
            Self::NoQuorum { cosigned } if cosigned.is_empty() => f.write_str("no witness of the policy cosigned the checkpoint"),
            Self::NoQuorum { cosigned } => write!(f, "the policy asks for more witnesses than those that cosigned ({})", cosigned.join(", ")),
        }
    }
}

impl std::error::Error for PolicyRefused {}

impl From<NoteError> for PolicyRefused {
    fn from(error: NoteError) -> Self {
        Self::Checkpoint(CheckpointError::Note(error))
    }
}

/// A checkpoint that meets a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// The log keys that signed it, at least one.
    pub logs: Vec<Verifier>,
    /// The witnesses that cosigned it: name in the policy, and when, in POSIX seconds. Policy order.
    pub cosigned: Vec<(String, u64)>,
}

impl Policy {
    /// The policy of somebody who knows one log and no witness.
    pub fn of_log(key: Verifier) -> Self {
        Self { logs: vec![PolicyLog { key, url: None }], witnesses: Vec::new(), groups: Vec::new(), quorum: None }
    }

    /// Reads a policy file.
    ///
    /// # Errors
    /// [`PolicyError`], the first in the file.
    pub fn parse(bytes: &[u8]) -> Result<Self, PolicyError> {
        if bytes.len() > MAX_POLICY_LEN {
            return Err(PolicyError { line: 0, what: PolicyProblem::TooMuch });
        }
        let mut reading = Reading::default();
        for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
            reading.line(line).map_err(|what| PolicyError { line: number, what })?;
        }
        let Reading { logs, witnesses, groups, quorum, .. } = reading;
        let quorum = quorum.ok_or(PolicyError { line: 0, what: PolicyProblem::Quorum })?;
        Ok(Self { logs, witnesses, groups, quorum })
    }

    /// The logs, in the order of their lines.
    pub fn logs(&self) -> &[PolicyLog] {
        &self.logs
    }

    /// The witnesses, in the order of their lines.
    pub fn witnesses(&self) -> &[PolicyWitness] {
        &self.witnesses
    }

    /// Adds a log that is known from elsewhere, unless the policy has its key.
    #[must_use]
    pub fn with_log(mut self, key: Verifier) -> Self {
        if self.logs.iter().all(|log| log.key.public_key() != key.public_key()) {
            self.logs.push(PolicyLog { key, url: None });
        }
        self
    }

    /// Whether cosignatures of the witnesses for which `cosigned` says so (by place in [`Policy::witnesses`]) are enough.
    pub fn is_quorum(&self, cosigned: impl Fn(usize) -> bool) -> bool {
        let mut groups = Vec::with_capacity(self.groups.len());
        for group in &self.groups {
            let by = group.members.iter().filter(|member| holds(**member, &groups, &cosigned)).count();
            groups.push(by >= group.threshold);
        }
        self.quorum.is_none_or(|member| holds(member, &groups, &cosigned))
    }

    /// Whether a signed checkpoint is to be believed: signed by a log of the policy under its own name, and cosigned by a quorum.
    ///
    /// # Errors
    /// [`PolicyRefused`]; also when any line of a known key fails.
    pub fn check(&self, note: &Note) -> Result<Accepted, PolicyRefused> {
        let keys: Vec<Verifier> = self.logs.iter().map(|log| log.key.clone()).collect();
        let logs: Vec<Verifier> = note.verify(&keys)?.into_iter().cloned().collect();
        let checkpoint = Checkpoint::parse(note.text()).map_err(PolicyRefused::Checkpoint)?;
        if logs.iter().any(|key| key.name() != checkpoint.origin()) {
            let found = checkpoint.origin().to_owned();
            return Err(PolicyRefused::Checkpoint(CheckpointError::WrongOrigin { found }));
        }
        let times = self.witnesses.iter().map(|witness| witness.key.cosigned(note)).collect::<Result<Vec<_>, _>>()?;
        let cosigned: Vec<(String, u64)> =
            self.witnesses.iter().zip(&times).filter_map(|(witness, time)| Some((witness.name.clone(), (*time)?))).collect();
        if !self.is_quorum(|at| times.get(at).is_some_and(Option::is_some)) {
            return Err(PolicyRefused::NoQuorum { cosigned: cosigned.into_iter().map(|(name, _)| name).collect() });
        }
        Ok(Accepted { checkpoint, logs, cosigned })
    }
}

/// Groups name only what stands before them, so those before are decided already.
fn holds(member: Member, groups: &[bool], cosigned: &impl Fn(usize) -> bool) -> bool {
    match member {
        Member::Witness(at) => cosigned(at),
        Member::Group(at) => groups.get(at).copied().unwrap_or(false),
    }
}

#[derive(Default)]
struct Reading {
    logs: Vec<PolicyLog>,
    witnesses: Vec<PolicyWitness>,
    /// Names are octets: two spellings of one character are two names.
    names: Vec<Vec<u8>>,
    groups: Vec<Group>,
    taken: Vec<Member>,
    /// Outer: whether the line was read. Inner: `none`.
    quorum: Option<Option<Member>>,
}

impl Reading {
    fn line(&mut self, line: &[u8]) -> Result<(), PolicyProblem> {
        if line.iter().any(|byte| *byte == 0x7f || (*byte < 0x20 && *byte != b'\t')) {
            return Err(PolicyProblem::Character);
        }
        let items: Vec<&[u8]> = line.split(|byte| matches!(byte, b' ' | b'\t')).filter(|item| !item.is_empty()).collect();
        match items.as_slice() {
            [] => Ok(()),
            [first, ..] if first.starts_with(b"#") => Ok(()),
            [b"log", vkey] => self.log(vkey, None),
            [b"log", vkey, url] => self.log(vkey, Some(url)),
            [b"witness", name, vkey] => self.witness(name, vkey, None),
            [b"witness", name, vkey, url] => self.witness(name, vkey, Some(url)),
            [b"group", name, threshold, members @ ..] if !members.is_empty() => self.group(name, threshold, members),
            [b"quorum", name] => self.quorum(name),
            _ => Err(PolicyProblem::Syntax),
        }
    }

    fn log(&mut self, vkey: &[u8], url: Option<&&[u8]>) -> Result<(), PolicyProblem> {
        let key = Verifier::parse(key_text(vkey)?).map_err(PolicyProblem::Key)?;
        if self.logs.iter().any(|log| log.key.public_key() == key.public_key()) {
            return Err(PolicyProblem::DuplicateKey);
        }
        self.logs.push(PolicyLog { key, url: url.map(|url| shown(url)) });
        room(self.logs.len())
    }

    fn witness(&mut self, name: &[u8], vkey: &[u8], url: Option<&&[u8]>) -> Result<(), PolicyProblem> {
        let key = CosignatureVerifier::parse(key_text(vkey)?).map_err(PolicyProblem::Key)?;
        if self.witnesses.iter().any(|witness| witness.key.public_key() == key.public_key()) {
            return Err(PolicyProblem::DuplicateKey);
        }
        self.new_name(name)?;
        self.names.push(name.to_vec());
        self.witnesses.push(PolicyWitness { name: shown(name), key, url: url.map(|url| shown(url)) });
        room(self.witnesses.len())
    }

    fn group(&mut self, name: &[u8], threshold: &[u8], names: &[&[u8]]) -> Result<(), PolicyProblem> {
        self.new_name(name)?;
        let mut members = Vec::new();
        for name in names {
            let member = self.defined(name)?;
            if self.taken.contains(&member) {
                return Err(PolicyProblem::MemberTwice(shown(name)));
            }
            self.taken.push(member);
            members.push(member);
        }
        let threshold = match threshold {
            b"any" => 1,
            b"all" => members.len(),
            number => std::str::from_utf8(number).ok().and_then(read_size).and_then(|k| usize::try_from(k).ok()).ok_or(PolicyProblem::Threshold)?,
        };
        if threshold == 0 || threshold > members.len() {
            return Err(PolicyProblem::Threshold);
        }
        self.groups.push(Group { name: name.to_vec(), threshold, members });
        room(self.groups.len())
    }

    fn quorum(&mut self, name: &[u8]) -> Result<(), PolicyProblem> {
        if self.quorum.is_some() {
            return Err(PolicyProblem::Quorum);
        }
        self.quorum = Some(if name == b"none" { None } else { Some(self.defined(name)?) });
        Ok(())
    }

    fn new_name(&self, name: &[u8]) -> Result<(), PolicyProblem> {
        let free = name != b"none" && self.defined(name).is_err();
        if free { Ok(()) } else { Err(PolicyProblem::Name) }
    }

    fn defined(&self, name: &[u8]) -> Result<Member, PolicyProblem> {
        let witness = self.names.iter().position(|known| known == name).map(Member::Witness);
        let group = || self.groups.iter().position(|group| group.name == name).map(Member::Group);
        witness.or_else(group).ok_or_else(|| PolicyProblem::Undefined(shown(name)))
    }
}

fn key_text(vkey: &[u8]) -> Result<&str, PolicyProblem> {
    std::str::from_utf8(vkey).map_err(|_| PolicyProblem::Key(KeyError::Syntax))
}

fn room(items: usize) -> Result<(), PolicyProblem> {
    if items > MAX_POLICY_ITEMS { Err(PolicyProblem::TooMuch) } else { Ok(()) }
}

fn shown(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}
