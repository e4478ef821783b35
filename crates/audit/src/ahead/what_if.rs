//! What would appear and what would clear if the events of a file were appended.
//! Appends nothing; both sides are judged on the same day, so that only the events make a difference.

use std::path::{Path, PathBuf};

use domain::ValidDay;
use ledger::Ledger;

use super::supposed::suppose;
use crate::changes::{self, Changes, Looked, Point};
use crate::error::AuditError;
use crate::intake::{Intake, IntakeOptions};
use crate::loaded;
use crate::resume::{self, Asked};

/// What a file would change.
#[derive(Debug)]
pub struct WhatIf {
    /// What the import's checks said of the file.
    pub intake: Intake,
    /// What would change; `None` if the file would be refused.
    pub changes: Option<Changes>,
}

/// Judges the ledger as it is and as it would be.
///
/// # Errors
/// A ledger that cannot be read or opened.
pub fn what_if(dir: &Path, paths: &[PathBuf], today: Option<ValidDay>, options: &IntakeOptions) -> Result<WhatIf, AuditError> {
    let supposed = suppose(dir, paths, options)?;
    if !supposed.intake.problems.is_empty() {
        return Ok(WhatIf { intake: supposed.intake, changes: None });
    }
    let engine = loaded::engine()?;
    let ledger = Ledger::open_reader(dir)?;
    let now = options.now.local_day();
    // A simulated ledger's day is that of its last event, and these would be its last.
    let last = supposed.last_at().filter(|_| ledger.genesis().simulated()).map(|at| at.local_day());
    let today = today.or(last);
    let asked = Asked::of(today, now);
    let before = resume::head(&ledger, &engine, asked, &|_, _| {})?;
    let after = resume::head(&ledger, &engine, Asked { supposed: &supposed.further, ..asked }, &|_, _| {})?;
    let then = Looked { events: after.loaded.frame.size + supposed.further.len() as u64, ..Looked::at(&after.loaded.frame, &after.report) };
    let was = Looked::at(&before.loaded.frame, &before.report);
    let found = changes::going_on(&ledger, &engine, before.before.as_ref(), &was, &then, &supposed.further)?;
    let point = |words: &str| Point { words: words.to_owned(), ..Point::now() };
    let changes = Changes {
        before: changes::side(point("now"), before.loaded.frame, &before.report),
        after: changes::side(point("with these events"), after.loaded.frame, &after.report),
        changes: found,
        notes: Vec::new(),
    };
    Ok(WhatIf { intake: supposed.intake, changes: Some(changes) })
}
