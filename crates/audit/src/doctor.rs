//! Looks at everything around a ledger that can go wrong, and says what to do about what it finds.
//! Changes nothing, and refuses to stop at the first trouble: what can still be looked at is looked at.

use std::path::Path;

use domain::KnownAt;
use ledger::{Incident, Ledger, LedgerError};

use crate::outside::anchor::anchors;
use crate::words::{count, known, thousands};

/// What a front end sees of the machine.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings {
    /// The clock.
    pub now: KnownAt,
    /// Bytes free where the ledger lies; `None` where the system does not say.
    pub free: Option<u64>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkup {
    /// What was looked at, as it should be.
    pub what: String,
    /// What is wrong and what to do, if something is.
    pub trouble: Option<String>,
    /// What is not wrong and still worth knowing.
    pub note: Option<String>,
}

/// Less than this beside a quarter of the database is little: a commit, a repair after a crash and derived state need room.
const LITTLE: u64 = 64 << 20;

/// The key files, and what is lost without each.
const KEYS: [(&str, &str); 3] = [
    ("log-key", "nothing can be appended or signed any more; what is there can be read and verified"),
    ("master-key", "no subject key can be unwrapped, so the ledger can be neither read nor verified"),
    ("subjects.vault", "no sealed value can be opened and no body checked, so the ledger can be neither read nor verified"),
];

/// Looks at the ledger in a directory.
pub fn examine(dir: &Path, around: &Surroundings) -> Vec<Checkup> {
    let mut seen = Seen::default();
    let there = dir.join("ledger.redb").exists();
    seen.check("the directory holds a ledger", (!there).then(|| {
        format!("there is no ledger.redb in {}; `countersign init` makes a ledger, `countersign restore` puts a backup back", dir.display())
    }));
    if dir.is_dir() {
        let open = open_to_others(dir);
        seen.check("nobody but the owner can use its files", (!open.is_empty()).then(|| {
            format!("others on this machine can use {}; `chmod -R go= {}` takes that away", open.join(", "), dir.display())
        }));
        let lost: Vec<String> = KEYS.iter().filter(|(name, _)| !dir.join("keys").join(name).exists()).map(|(name, lost)| format!("keys/{name} is missing: {lost}")).collect();
        seen.check("its keys are there", (!lost.is_empty()).then(|| {
            format!("{}. Put it back from the copy of the keys that `countersign backup --keys` made; docs/operations.md says what can be done without one", lost.join("; "))
        }));
        disk(&mut seen, dir, around.free);
    }
    if !there {
        return seen.0;
    }
    match Ledger::open_reader(dir) {
        Err(error) => seen.check("the ledger opens and continues its last signed checkpoint", Some(advised(&error))),
        Ok(ledger) => opened(&mut seen, &ledger, around.now),
    }
    match Ledger::open(dir) {
        Err(error @ LedgerError::Locked { .. }) => seen.note("the ledger can be written", error.to_string()),
        written => seen.check("the ledger can be written", written.err().map(|error| advised(&error))),
    }
    seen.0
}

fn disk(seen: &mut Seen, dir: &Path, free: Option<u64>) {
    let database = std::fs::metadata(dir.join("ledger.redb")).map_or(0, |m| m.len());
    let wanted = LITTLE.saturating_add(database / 4);
    let Some(free) = free else { return seen.note("there is room on the disk", "this system does not say how much is free".to_owned()) };
    seen.check("there is room on the disk", (free < wanted).then(|| {
        let database = thousands(database >> 20);
        format!("{} MiB are free, and a ledger of {database} MiB wants {} MiB: make room before an import has to stop", thousands(free >> 20), thousands(wanted >> 20))
    }));
}

fn opened(seen: &mut Seen, ledger: &Ledger, now: KnownAt) {
    seen.check("the ledger opens and continues its last signed checkpoint", None);
    let is_about_high_water = |incident: &&Incident| matches!(incident, Incident::HighWaterMissing | Incident::HighWaterStale { .. });
    let told = |incidents: Vec<&Incident>| (!incidents.is_empty()).then(|| incidents.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "));
    let (high_water, others) = ledger.incidents().iter().partition::<Vec<_>, _>(is_about_high_water);
    seen.check("the high-water file is that of the last checkpoint", told(high_water).map(|what| {
        format!("{what}. If nothing crashed, ask who can write the directory, and compare with a checkpoint kept outside (`countersign verify --against FILE`) before `countersign checkpoint sign`")
    }));
    seen.check("nothing happened to its files", told(others));
    seen.check("every key is one of this vault", ledger.check_keys().err().map(|error| advised(&error)));
    match crate::holds::incidents(ledger) {
        Ok(open) => seen.check("every erasure is finished and on record", (!open.is_empty()).then(|| open.join("; "))),
        Err(error) => seen.check("every erasure is finished and on record", Some(error.to_string())),
    }
    match (ledger.head(), ledger.checkpoint()) {
        (Ok(head), Ok(note)) => {
            let signed: u64 = note.and_then(|n| n.lines().nth(1).and_then(|l| l.parse().ok())).unwrap_or(0);
            let behind = head.size.saturating_sub(signed);
            seen.check("every event is under a signed checkpoint", (behind > 0).then(|| format!("{} are not: run `countersign checkpoint sign`", count(behind, "event"))));
            let ahead = !ledger.genesis().simulated() && head.recorded_at > now;
            seen.check("the clock is not behind the ledger", ahead.then(|| {
                format!("the last event was recorded at {}, later than the clock says it is: check the clock", head.recorded_at)
            }));
            anchored(seen, ledger, head.size);
        }
        (Err(error), _) | (_, Err(error)) => seen.check("head and checkpoint can be read", Some(error.to_string())),
    }
}

fn anchored(seen: &mut Seen, ledger: &Ledger, size: u64) {
    const WHAT: &str = "somebody outside remembers what was signed";
    match anchors(ledger) {
        Err(error) => seen.check(WHAT, Some(error.to_string())),
        Ok(found) => match found.last() {
            None => seen.note(WHAT, "nobody does, as far as this directory knows: whoever holds it with its keys could replace all of it unseen. \
                 Keep a print (`countersign checkpoint print`) elsewhere, or ask a witness (`countersign witness submit`)".to_owned()),
            Some(last) if last.size < size => seen.note(WHAT, format!("{} saw {} of {} events, on {}", last.witness, thousands(last.size), thousands(size), known(last.at))),
            Some(_) => seen.check(WHAT, None),
        },
    }
}

/// An error with the way out, where its own words do not have it.
fn advised(error: &LedgerError) -> String {
    match crate::error::way_out(error) {
        Some(hint) => format!("{error}. {hint}"),
        None => error.to_string(),
    }
}

/// What lies in the directory and its folders that others may read or write.
#[cfg(unix)]
fn open_to_others(dir: &Path) -> Vec<String> {
    use std::os::unix::fs::PermissionsExt as _;
    let others = |path: &Path| std::fs::symlink_metadata(path).is_ok_and(|m| !m.is_symlink() && m.permissions().mode() & 0o077 != 0);
    let mut open = Vec::new();
    // A closed directory keeps everything in it closed; the keys are refused when they are open all the same.
    if others(dir) {
        open.push(dir.display().to_string());
    }
    let private = ["ledger.redb", "high-water", "keys", "keys/log-key", "keys/master-key", "keys/subjects.vault", "outside", "derived"];
    open.extend(private.into_iter().filter(|name| others(&dir.join(name))).map(str::to_owned));
    open
}

#[cfg(not(unix))]
fn open_to_others(_: &Path) -> Vec<String> {
    Vec::new()
}

#[derive(Default)]
struct Seen(Vec<Checkup>);

impl Seen {
    fn check(&mut self, what: &str, trouble: Option<String>) {
        self.0.push(Checkup { what: what.to_owned(), trouble, note: None });
    }

    fn note(&mut self, what: &str, note: String) {
        self.0.push(Checkup { what: what.to_owned(), trouble: None, note: Some(note) });
    }
}
