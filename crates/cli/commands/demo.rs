//! `demo`: an invented agency's year, what is wrong in it, and a revocation that reaches three months back.
//! Every line comes from the same code as the real commands; nothing is staged but the people.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use audit::intake::{IntakeOptions, import};
use audit::scan::{Scan, ScanOptions, scan};
use audit::vocabulary::{Finding, KnownAt};
use audit::words::{count, day, money};
use audit::{AuditError, Cut, InitOptions, init};

use super::Outcome;
use crate::args::Global;
use crate::exit::{Done, Stop};
use crate::paper::{Style, prose};
use crate::progress::Progress;

pub(crate) fn run(global: &Global, dir: &Path, now: KnownAt) -> Outcome {
    let style = Style::stdout(global);
    let (exports, ledger, revocation) = (dir.join("exports"), dir.join("ledger"), dir.join("revocation.jsonl"));
    if ledger.exists() {
        let hint = format!("remove {} or name another directory: countersign demo DIR", dir.display());
        return Err(AuditError::asked(format!("{} has a demo already", dir.display()), hint).into());
    }
    let at = Global { ledger: ledger.clone(), format: global.format, json: false, quiet: true, no_color: global.no_color, at: None };
    lay_out(&exports, &revocation)?;

    step(style, "1", "A year of exports of an invented agency, Riverbend, goes into a new ledger")?;
    init(&ledger, &InitOptions { origin: simulator::RIVERBEND_ORIGIN.to_owned(), simulated: true, now, entropy: None })?;
    take_in(&at, &exports, now)?;

    step(style, "2", "Every event is replayed and judged")?;
    let before = look(&at, global, now)?;
    super::scan::human(&mut std::io::stdout().lock(), &at, &before, None, false)?;

    step(style, "3", "In June the certifying body writes: a certification was revoked with effect from March")?;
    take_in(&at, &revocation, now)?;
    let after = look(&at, global, now)?;
    let new: Vec<&Finding> = after.report.each().filter(|f| !before.report.findings.iter().any(|b| b.id == f.id)).collect();
    report(&before, &after, &new)?;

    if let Some(example) = new.iter().find(|f| f.exposure.0 > 0).or(new.first()) {
        step(style, "4", "Why, and could anybody have known?")?;
        let story = audit::explain::explain(&ledger, &example.id, Cut::Head, None, now)?;
        super::explain::human(&at, &story)?;
    }
    step(style, "5", "Nothing in the ledger was touched")?;
    let verified = audit::evidence::verify(&ledger, &[], 0, &|_, _| {})?;
    super::verify::human(&at, &verified)?;
    if !global.quiet {
        next(style, &ledger, &after)?;
    }
    Ok(Done::Clean)
}

fn step(style: Style, number: &str, what: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "\n{}\n", style.strong(&format!("{number}. {what}")))
}

/// Writes the exports and the later revocation as files, so that they can be looked at and imported again.
fn lay_out(exports: &Path, revocation: &Path) -> Result<(), Stop> {
    fs::create_dir_all(exports).map_err(AuditError::at(exports))?;
    let made = simulator::demo_exports().map_err(|e| AuditError::asked(format!("{e:#}"), "this is a fault of the program"))?;
    for export in made {
        let path = exports.join(&export.name);
        fs::write(&path, &export.bytes).map_err(AuditError::at(&path))?;
    }
    fs::write(revocation, simulator::riverbend_revocation()).map_err(AuditError::at(revocation))?;
    Ok(())
}

fn take_in(at: &Global, path: &Path, now: KnownAt) -> Result<(), Stop> {
    let options = IntakeOptions { as_type: None, maps: Vec::new(), dry_run: false, partial: false, max_problems: 20, now };
    let intake = import(&at.ledger, &[path.to_owned()], &options, &|_| {})?;
    super::import::human(at, &intake, false)?;
    if intake.is_refused() {
        return Err(AuditError::Refused("the invented exports were refused: this is a fault of the program".to_owned()).into());
    }
    Ok(())
}

fn look(at: &Global, global: &Global, now: KnownAt) -> Result<Scan, Stop> {
    let progress = Progress::new(global, "scanning");
    Ok(scan(&at.ledger, &ScanOptions { today: None, cut: Cut::Head, record: true, full: false, now }, &|n, all| progress.of(n, all))?)
}

fn report(before: &Scan, after: &Scan, new: &[&Finding]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let (old, now) = (before.report.summary.exposure, after.report.summary.exposure);
    let first = new.iter().map(|f| f.true_from).min();
    let last = new.iter().map(|f| f.true_from).max();
    let billed = new.iter().filter(|f| f.known_at_claim == Some(false)).count() as u64;
    if let (Some(first), Some(last)) = (first, last) {
        let said = format!(
            "{} appeared, for contacts from {} through {}, although all of them were clean when they were billed: {} could not have been known at the claim. \
             Money at risk went from {} to {}.",
            count(new.len() as u64, "finding"),
            day(first),
            day(last),
            billed,
            money(old),
            money(now)
        );
        write!(out, "{}", prose(&said, 0))?;
    } else {
        writeln!(out, "Nothing new appeared.")?;
    }
    Ok(())
}

fn next(style: Style, ledger: &Path, after: &Scan) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "\n{}", style.strong("What to try next"))?;
    writeln!(out, "  export COUNTERSIGN_LEDGER={}", ledger.display())?;
    writeln!(out, "  countersign findings list --class violation")?;
    let gap = after.report.findings.iter().find(|f| f.rule == "MHOTRS-SUP-01").and_then(|f| f.about.peer.clone());
    if let Some(peer) = gap {
        writeln!(out, "  countersign history supervision {peer}")?;
    }
    writeln!(out, "  countersign scan --as-of 2025-03-31        what was known at the end of March")?;
    writeln!(out, "  countersign checkpoint print               three lines to keep on paper")
}
