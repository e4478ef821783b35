//! `diff` and `what-if`: what changed, or would change, each finding with the events that caused it.
//! One sentence first, then the changes; the same in JSON and CSV.

mod data;
mod tell;

use audit::ahead::what_if::what_if;
use audit::changes::between;
use audit::intake::IntakeOptions;
use audit::vocabulary::KnownAt;

pub(crate) use tell::headline;

use super::Outcome;
use crate::args::{DiffArgs, Format, Global, WhatIfArgs};
use crate::exit::Done;
use crate::progress::Progress;

/// Problems of a file kept for the answer.
pub(crate) const KEPT: usize = 10_000;

pub(crate) fn diff(global: &Global, args: &DiffArgs, now: KnownAt) -> Outcome {
    let today = super::day("--today", args.today.as_deref())?;
    let progress = Progress::new(global, "comparing");
    let changes = between(&global.ledger, &args.a, args.b.as_deref(), today, now, &|n, all| progress.of(n, all))?;
    drop(progress);
    if global.format() == Format::Human { tell::diff(global, &changes, args.all)? } else { data::write(global.format(), &changes, "countersign.diff.v1")? }
    Ok(Done::Clean)
}

pub(crate) fn supposed(global: &Global, args: &WhatIfArgs, now: KnownAt) -> Outcome {
    let today = super::day("--today", args.today.as_deref())?;
    let options = IntakeOptions { as_type: args.as_type.clone(), maps: args.maps.clone(), dry_run: true, partial: false, max_problems: KEPT, now };
    let answer = what_if(&global.ledger, &args.files, today, &options)?;
    let Some(changes) = &answer.changes else {
        return super::import::refused(global, &answer.intake);
    };
    if global.format() == Format::Human {
        tell::what_if(global, &answer.intake, changes, args.all)?;
    } else {
        data::write(global.format(), changes, "countersign.what_if.v1")?;
    }
    Ok(Done::Clean)
}
