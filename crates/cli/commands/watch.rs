//! `import --watch`: empties a drop folder, once or for as long as it runs, and says what became of every file.
//! Killed at any moment it leaves nothing half done; a file that cannot be imported stops no other.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use audit::drop_folder::{FILE, Lock, Pass, Settings, Standing, Taken, pass, settings};
use audit::words::{count, thousands};
use audit::{AuditError, Fault};
use serde_json::json;

use super::Outcome;
use crate::args::{Format, Global, WatchArgs};
use crate::clock;
use crate::exit::Done;

pub(crate) fn run(global: &Global, dir: Option<&PathBuf>, args: &WatchArgs) -> Outcome {
    if global.at.is_some() {
        return Err(AuditError::asked("--at stands still, and a drop folder needs a clock that goes", "leave --at out").into());
    }
    let settings = settings(&global.ledger)?;
    let folder = dir.or(settings.folder.as_ref()).ok_or_else(|| {
        let hint = format!("name it after --watch, or write folder = \"...\" into {}", global.ledger.join(FILE).display());
        AuditError::asked("no drop folder is known", hint)
    })?;
    let _lock = Lock::take(&global.ledger)?;
    let settle = Duration::from_secs(settings.settle_seconds);
    if !args.once && !global.quiet {
        eprintln!("Watching {} every {}; SIGTERM or SIGINT ends it.", folder.display(), count(args.every, "second"));
    }
    loop {
        let done = pass(&global.ledger, folder, &settings, clock::now(), &|| std::thread::sleep(settle));
        match done {
            Ok(done) if args.once => {
                print(global, &done)?;
                if done.taken.is_empty() && done.waiting.is_empty() && global.format() == Format::Human {
                    writeln!(io::stdout().lock(), "{} holds no file.", folder.display())?;
                }
                return Ok(if done.refused().next().is_some() { Done::Refused } else { Done::Clean });
            }
            Err(error) if args.once || error.fault() != Fault::Busy => return Err(error.into()),
            // Someone else is writing: the files wait where they are.
            Err(error) => eprintln!("warning: {error}; tried again in {}", count(args.every, "second")),
            Ok(done) => print(global, &done)?,
        }
        std::thread::sleep(Duration::from_secs(args.every));
    }
}

/// A line for every file.
fn print(global: &Global, done: &Pass) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for taken in &done.taken {
        if global.format() == Format::Human { writeln!(out, "{}", told(taken))? } else { writeln!(out, "{}", value(taken))? }
    }
    if global.format() == Format::Human && !global.quiet {
        for name in &done.waiting {
            eprintln!("{name}: still being written, or not readable yet; left alone.");
        }
    }
    out.flush()
}

/// What became of a file, in a line.
pub(crate) fn told(taken: &Taken) -> String {
    let (name, at) = (&taken.name, taken.now_at.display());
    match &taken.standing {
        Standing::Done(i) => {
            format!("{name}: {} appended, {} already there; now {at}", count(i.appended, "event"), thousands(i.already_there))
        }
        Standing::Again => format!("{name}: the same file was imported before; now {at}"),
        Standing::Refused(i) => format!("{name}: refused, {}; see {at}.problems.txt", count(i.problems.total(), "problem")),
    }
}

/// The same for programs.
pub(crate) fn value(taken: &Taken) -> serde_json::Value {
    let (standing, intake) = match &taken.standing {
        Standing::Done(i) => ("done", Some(i)),
        Standing::Again => ("again", None),
        Standing::Refused(i) => ("refused", Some(i)),
    };
    json!({
        "file": taken.name, "source": taken.source, "standing": standing, "now_at": taken.now_at,
        "read": intake.map(|i| i.read), "appended": intake.map(|i| if i.committed { i.appended } else { 0 }),
        "already_there": intake.map(|i| i.already_there), "refused": intake.map(|i| i.refused), "problems": intake.map(|i| i.problems.total()),
    })
}

/// A pass of an unattended run: what was taken, and what has to be said about it. Another process that empties the folder is left to it.
pub(crate) fn pick_up(ledger: &std::path::Path, pause: &dyn Fn(Duration)) -> (Vec<Taken>, Vec<String>) {
    let told = |error: &AuditError| error.hint().map_or_else(|| error.to_string(), |hint| format!("{error} ({hint})"));
    let attempt = || -> Result<Option<Pass>, AuditError> {
        let settings: Settings = settings(ledger)?;
        let Some(folder) = &settings.folder else { return Ok(None) };
        let _lock = match Lock::take(ledger) {
            Err(error) if error.fault() == Fault::Busy => return Ok(None),
            lock => lock?,
        };
        pass(ledger, folder, &settings, clock::now(), &|| pause(Duration::from_secs(settings.settle_seconds))).map(Some)
    };
    match attempt() {
        Err(error) => (Vec::new(), vec![format!("the drop folder was not emptied: {}", told(&error))]),
        Ok(None) => (Vec::new(), Vec::new()),
        Ok(Some(done)) => {
            let refused = done.refused().map(|t| format!("of the drop folder {}", self::told(t))).collect();
            (done.taken, refused)
        }
    }
}
