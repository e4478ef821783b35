//! `import`: reads files and says what was read, appended, already there and refused.
//! Shows every problem it was given; the rest is counted, never hidden.

use std::io::{self, IsTerminal, Write};

use audit::intake::{Intake, IntakeOptions, Problem, Problems, import};
use audit::vocabulary::KnownAt;
use audit::words::{count, thousands};

use super::Outcome;
use crate::args::{Format, Global, ImportArgs};
use crate::exit::Done;
use crate::paper::Style;
use crate::progress::Progress;

/// Problems printed on a terminal, where more would only scroll away; scripts and files get all that were kept, as JSON does.
const SHOWN: usize = 20;
const KEPT: usize = 10_000;

pub(crate) fn run(global: &Global, args: &ImportArgs, now: KnownAt) -> Outcome {
    let ImportArgs { paths, as_type, maps, dry_run, partial, .. } = args;
    let (dry_run, partial) = (*dry_run, *partial);
    let options = IntakeOptions { as_type: as_type.clone(), maps: maps.clone(), dry_run, partial, max_problems: KEPT, now };
    let progress = Progress::new(global, "importing");
    let intake = import(&global.ledger, paths, &options, &|n| progress.so_far(n))?;
    drop(progress);
    if global.format() == Format::Human { human(global, &intake, dry_run)? } else { json(&intake)? }
    Ok(done(&intake))
}

/// Says why a file that was only to be looked at cannot be: its problems, as an import would name them.
pub(crate) fn refused(global: &Global, intake: &Intake) -> super::Outcome {
    if global.format() == Format::Human { human(global, intake, true)? } else { json(intake)? }
    Ok(done(intake))
}

fn done(intake: &Intake) -> Done {
    if intake.problems.is_empty() {
        Done::Clean
    } else if intake.is_only_unreadable() {
        Done::Unreadable
    } else {
        Done::Refused
    }
}

pub(crate) fn human(global: &Global, intake: &Intake, dry_run: bool) -> io::Result<()> {
    let style = Style::stdout(global);
    let mut out = io::stdout().lock();
    let verb = if dry_run { "would be appended" } else { "appended" };
    let appended = if intake.committed || dry_run { intake.appended } else { 0 };
    writeln!(
        out,
        "{} read: {} {verb}, {} already there, {} refused.",
        count(intake.read, "event"),
        thousands(appended),
        thousands(intake.already_there),
        thousands(intake.refused)
    )?;
    if intake.is_refused() && intake.read == 0 {
        writeln!(out, "{}", style.violation("Nothing could be read."))?;
    } else if intake.is_refused() && intake.is_only_unreadable() && !dry_run {
        writeln!(out, "{}", style.violation("Nothing was appended: not everything can be read. Correct the paths, or append the rest with --partial."))?;
    } else if intake.is_refused() && !dry_run {
        writeln!(out, "{}", style.violation("Nothing was appended: the import has problems. Correct the lines, or append the good ones with --partial."))?;
    } else if intake.committed && intake.read == 0 {
        writeln!(out, "The files hold no events; the ledger is unchanged.")?;
    } else if intake.committed && intake.appended == 0 && intake.problems.is_empty() {
        writeln!(out, "The ledger had all of it; it is unchanged.")?;
    }
    if intake.clock_stepped_back {
        writeln!(out, "The clock lies before the last event; its time was used instead. Check the clock.")?;
    }
    notices(global, intake, &mut out)?;
    problems(&intake.problems)
}

/// What was passed over, guessed or left open in the files.
pub(crate) fn notices(global: &Global, intake: &Intake, out: &mut impl Write) -> io::Result<()> {
    let style = Style::stdout(global);
    for notice in intake.notices.iter().filter(|_| !global.quiet) {
        writeln!(out, "{} {}: {}", style.faint("note:"), notice.file, notice.text)?;
    }
    Ok(())
}

/// The same, as scripts read them.
pub(crate) fn notice_lines(intake: &Intake) -> Vec<String> {
    intake.notices.iter().map(|n| format!("{}: {}", n.file, n.text)).collect()
}

/// Problems go to standard error, one a line, in the shape editors understand.
pub(super) fn problems(problems: &Problems) -> io::Result<()> {
    let mut err = io::stderr().lock();
    let shown = if err.is_terminal() { SHOWN } else { KEPT };
    for problem in problems.kept().iter().take(shown) {
        writeln!(err, "{problem}")?;
    }
    let more = problems.total().saturating_sub(shown as u64);
    if more > 0 && shown == SHOWN {
        writeln!(err, "... and {}; --json lists them", count(more, "more problem"))?;
    } else if more > 0 {
        writeln!(err, "... and {}", count(more, "more problem"))?;
    }
    Ok(())
}

/// Problems as scripts read them.
pub(super) fn problems_json(problems: &Problems) -> Vec<serde_json::Value> {
    let one = |p: &Problem| serde_json::json!({"file": p.file, "line": p.line, "field": p.field, "found": p.found, "wanted": p.wanted, "hint": p.hint});
    problems.kept().iter().map(one).collect()
}

fn json(intake: &Intake) -> io::Result<()> {
    let problems = problems_json(&intake.problems);
    let value = serde_json::json!({
        "schema": "countersign.import.v1",
        "read": intake.read,
        "appended": if intake.committed { intake.appended } else { 0 },
        "would_append": intake.appended,
        "already_there": intake.already_there,
        "refused": intake.refused,
        "committed": intake.committed,
        "size": intake.size,
        "problems_total": intake.problems.total(),
        "problems": problems,
        "notices": notice_lines(intake),
    });
    writeln!(io::stdout().lock(), "{value}")
}
