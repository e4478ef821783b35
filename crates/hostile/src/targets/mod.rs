//! The list: every public function that reads what somebody else wrote, under the target that runs it, or with the reason why none does.
//! A test holds it against the sources: a parser that is on neither list stops it.

mod books;
mod derived;
mod files;
mod folder;
mod papers;
mod stored;
mod words;

use crate::Target;

/// All of them.
pub const TARGETS: &[Target] = &[
    files::JSON_LINES,
    files::CSV,
    files::MAPPING,
    files::MAPPED,
    files::GUESS,
    books::XLS,
    books::ZIPPED,
    books::ODS,
    books::XLSX,
    files::X12,
    files::X12_SETTINGS,
    files::FHIR,
    files::FHIR_SETTINGS,
    papers::NOTE,
    papers::CHECKPOINT,
    papers::POLICY,
    papers::PROOF,
    papers::REQUEST,
    papers::TIMESTAMP,
    papers::KEYS,
    papers::FRAME,
    papers::GENESIS,
    papers::PACK,
    stored::PACKED,
    stored::ROW,
    stored::BODY,
    derived::HISTORY,
    derived::KEPT_FINDINGS,
    derived::KEPT_READS,
    folder::UNATTENDED,
    folder::DROP,
    folder::ACCOUNTS,
    folder::SAMPLE,
    folder::RECORD,
    folder::IMPACT,
    words::TYPED,
    words::EVENT,
    words::FORM,
    words::ADDRESS,
];

/// Public readers without a target of their own: what reads them, or why nothing does.
pub const ELSEWHERE: &[(&str, &str)] = &[
    ("domain::Fields::read", "one field of a line: json-lines, csv"),
    ("domain::Event::read_from", "as Event::read, which calls it"),
    ("domain::Event::read_own", "the ledger's own events, written by it: crates/ledger/tests/flip.rs"),
    ("import::Problem::unreadable", "makes a problem, reads nothing"),
    ("ledger::Ledger::read_excerpt", "sealed under a key of the ledger's own: crates/ledger/tests/fuzz.rs, derived state"),
    ("notify::Secrets::read", "the bytes of a secret, taken as they are"),
    ("rules::Params::parse", "our own parameters, compiled in; a settings file of somebody's goes through audit::impact::read"),
    ("timeline::History::read_with", "what a caller stored with a history: `history` reads the same codec"),
    ("transparency::Verifier::from_seed", "32 bytes of any kind are a key"),
    ("transparency::Signer::from_seed", "32 bytes of any kind are a key"),
    ("vault::open", "ciphertext under a key: crates/vault/tests/sealing.rs"),
    ("vault::FileKey::open", "ciphertext under a key: its own tests, and crates/ledger/tests/derived.rs"),
    ("witness::Keeper::add_checkpoint", "`request` reads the same; what a keeper answers: crates/witness/tests/protocol.rs"),
    ("audit::review::Pack::read", "entries of a pack that was verified: `pack` reads them before"),
    ("audit::checklist::checklist", "the name of a program, compared and not read"),
];
