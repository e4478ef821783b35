//! `doctor`: everything around the ledger that can go wrong, what of it did, and what to do about it.
//! Exit 1 when anything is wrong; what is only worth knowing does not count.

use std::io::{self, Write};

use audit::doctor::{Surroundings, examine};
use audit::vocabulary::KnownAt;

use super::Outcome;
use crate::args::{Format, Global};
use crate::exit::Done;
use crate::paper::{Style, prose};

pub(crate) fn run(global: &Global, now: KnownAt) -> Outcome {
    let around = Surroundings { now, free: free(&global.ledger) };
    let checks = examine(&global.ledger, &around);
    let sick = checks.iter().any(|c| c.trouble.is_some());
    let mut out = io::stdout().lock();
    if global.format() == Format::Human {
        let style = Style::stdout(global);
        for c in &checks {
            match (&c.trouble, &c.note) {
                (Some(trouble), _) => write!(out, "{}  not so: {}\n{}", style.violation("trouble"), c.what, prose(trouble, 9))?,
                (None, Some(note)) => write!(out, "{}  {}:\n{}", style.documentation("note   "), c.what, prose(note, 9))?,
                (None, None) => writeln!(out, "{}  {}", style.good("ok     "), c.what)?,
            }
        }
    } else {
        let list = checks.iter().map(|c| serde_json::json!({"what": c.what, "ok": c.trouble.is_none(), "trouble": c.trouble, "note": c.note}));
        writeln!(out, "{}", serde_json::json!({"schema": "countersign.doctor.v1", "ok": !sick, "checks": list.collect::<Vec<_>>()}))?;
    }
    Ok(if sick { Done::Found } else { Done::Clean })
}

/// Bytes that this user can still write where the ledger lies.
#[cfg(unix)]
fn free(path: &std::path::Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(path).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
fn free(_: &std::path::Path) -> Option<u64> {
    None
}
