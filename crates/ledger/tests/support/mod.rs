//! Ledgers of an invented agency in temporary directories, for the tests of this crate.
//! Everybody here is made up; nothing reads the clock.
#![allow(clippy::unwrap_used)]
#![allow(dead_code, reason = "each test target uses a part")]

#[path = "drafts.rs"]
mod drafts;
#[path = "examples.rs"]
mod examples;

pub(crate) use drafts::*;
pub(crate) use examples::one_of_each;

use domain::*;
use ledger::{CreateOptions, Expect, Ledger};

/// A ledger of real kind.
pub(crate) fn real(dir: &std::path::Path) -> Ledger {
    let options = CreateOptions { origin: "ledger.riverbend.example".into(), simulated: false, now: at(0), entropy: None };
    Ledger::create(&dir.join("ledger"), &options).unwrap()
}

/// A simulated ledger, the same bytes every time.
pub(crate) fn simulated(dir: &std::path::Path) -> Ledger {
    let options = CreateOptions { origin: "ledger.riverbend.example".into(), simulated: true, now: at(0), entropy: Some([7; 32]) };
    Ledger::create(&dir.join("ledger"), &options).unwrap()
}

/// Everything a ledger delivers.
pub(crate) fn all(ledger: &Ledger) -> Vec<Recorded> {
    let mut all = Vec::new();
    ledger.replay(0..u64::MAX, |recorded| all.push(recorded)).unwrap();
    all
}

/// A closed ledger of some 200 events of every type, with a signed checkpoint.
pub(crate) fn sample(dir: &std::path::Path) -> std::path::PathBuf {
    let mut ledger = real(dir);
    ledger.append(&[with_source(credential("P-001", Some("NY-1")), "hr:cred:1")], Expect::Any, at(1)).unwrap();
    let drafts: Vec<Draft> = one_of_each().into_iter().map(Draft::bare).collect();
    ledger.append(&drafts, Expect::Any, at(2)).unwrap();
    let contacts: Vec<Draft> = (0..120).map(|n| with_source(contact(n), &format!("c:{n}"))).collect();
    ledger.append(&contacts, Expect::Any, at(3)).unwrap();
    ledger.sign_checkpoint().unwrap();
    dir.join("ledger")
}

pub(crate) fn copy_dir(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_dir(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
