//! One command, one file: each takes its arguments, asks `audit`, and prints.
//! What several commands print alike is in `paper` and `findings`.

mod account;
mod append;
mod backup;
mod changes;
mod checkpoint;
mod demo;
mod doctor;
mod erase;
mod events;
mod explain;
mod export;
mod exposure;
mod findings;
mod gate;
mod history;
mod hold;
mod import;
mod init;
mod key;
mod map;
mod prove;
mod review;
mod nightly;
mod pack;
mod papers;
mod rules;
mod sample;
mod scan;
mod scans;
mod schema;
mod serve;
mod status;
mod tiles;
mod timestamp;
mod upcoming;
mod verify;
pub(crate) mod watch;
mod witness;
mod worklist;

use std::io::{self, Write};

use audit::vocabulary::{KnownAt, ValidDay};
use audit::{AuditError, Cut};
use clap::CommandFactory;

use crate::args::{Args, Command, Global, When};
use crate::exit::{Done, Stop};

pub(crate) type Outcome = Result<Done, Stop>;

/// Runs the command asked for.
pub(crate) fn run(args: &Args) -> Outcome {
    let global = &args.global;
    let now = now(args)?;
    // A scan is done and recorded before there is a report of it.
    if let Some(paper) = global.paper().filter(|_| !matches!(args.command, Command::Scan(_))) {
        return papers::run(global, paper, &args.command, now);
    }
    match &args.command {
        Command::Init { origin, simulated } => init::run(global, origin, *simulated, now),
        Command::Import(args) => match &args.watch.watch {
            Some(dir) => watch::run(global, dir.as_ref(), &args.watch),
            None => import::run(global, args, now),
        },
        Command::Map(args) => map::run(global, args),
        Command::Schema { event } => schema::run(global, event.as_deref()),
        Command::Append => append::run(global, now),
        Command::Scan(scan) => scan::run(global, scan, now),
        Command::Nightly(args) => nightly::run(global, args, now),
        Command::Serve(args) => serve::run(global, args),
        Command::Scans(args) => scans::run(global, args),
        Command::Diff(args) => changes::diff(global, args, now),
        Command::WhatIf(args) => changes::supposed(global, args, now),
        Command::Gate(args) => gate::run(global, args, now),
        Command::Findings(command) => findings::run(global, command, now),
        Command::Exposure { by, when } => exposure::run(global, *by, when, now),
        Command::Upcoming { days, when } => upcoming::run(global, *days, when, now),
        Command::Explain { id, when } => explain::run(global, id, when, now),
        Command::History { of, id, on, as_of } => history::run(global, *of, id, on.as_deref(), as_of.as_deref(), now),
        Command::Account(command) => account::run(global, command),
        Command::Rules(command) => rules::run(global, command, now),
        Command::Verify { against, from } => verify::run(global, against, *from),
        Command::Pack(command) => pack::run(global, command, now),
        Command::Review(args) => review::run(global, args, now),
        Command::Checkpoint(command) => checkpoint::run(global, command),
        Command::Prove(args) => prove::run(global, args),
        Command::Tiles(command) => tiles::run(global, command),
        Command::Key(command) => key::run(global, command, now),
        Command::Witness(command) => witness::run(global, command, now),
        Command::Sample(command) => sample::run(global, command, now),
        Command::Erase(args) => erase::run(global, args, now),
        Command::Hold(command) => hold::run(global, command, now),
        Command::Backup(args) => backup::backup(global, args),
        Command::Restore(args) => backup::restore(global, args),
        Command::Events { type_name, subject } => events::run(global, type_name.as_deref(), subject.as_deref()),
        Command::Export(command) => export::run(global, command),
        Command::Status => status::run(global, now),
        Command::Doctor => doctor::run(global, now),
        Command::Demo { dir } => demo::run(global, dir, now),
        Command::Completions { shell } => {
            // Into memory first: its writer panics where ours says that nobody reads any more.
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Args::command(), "countersign", &mut script);
            io::stdout().write_all(&script)?;
            Ok(Done::Clean)
        }
        Command::Man => {
            clap_mangen::Man::new(Args::command()).render(&mut io::stdout())?;
            Ok(Done::Clean)
        }
    }
}

/// The clock, or `--at`.
fn now(args: &Args) -> Result<KnownAt, AuditError> {
    let Some(text) = &args.global.at else { return Ok(crate::clock::now()) };
    let at = KnownAt::parse(text).ok_or_else(|| AuditError::asked(format!("--at {text:?} is not an instant"), "write it as 2025-07-01T09:00:00-04:00"))?;
    if keeps_real_time(&args.command, &args.global) {
        return Err(AuditError::asked("--at is for simulated ledgers only; this one goes by the machine's clock", "leave --at out; --today and --as-of ask about another day"));
    }
    Ok(at)
}

/// Whether a command is about a ledger whose `recorded_at` is the machine's clock and nobody's to choose.
fn keeps_real_time(command: &Command, global: &Global) -> bool {
    if let Command::Init { simulated, .. } = command {
        return !simulated;
    }
    // A demonstration makes a ledger of its own, and services refuse a clock that stands still in words of their own.
    let has_own = matches!(command, Command::Demo { .. } | Command::Serve(_));
    !has_own && audit::office::is_simulated(&global.ledger) == Some(false)
}

/// A date given on the command line.
fn day(name: &str, text: Option<&str>) -> Result<Option<ValidDay>, AuditError> {
    text.map(|t| ValidDay::parse(t).ok_or_else(|| AuditError::asked(format!("{name} {t:?} is not a date"), "write it as 2025-03-04"))).transpose()
}

/// A cut given on the command line.
fn cut(text: Option<&str>) -> Result<Cut, AuditError> {
    text.map_or(Ok(Cut::Head), Cut::parse)
}

/// Day and cut of a reading command.
fn when(when: &When) -> Result<(Option<ValidDay>, Cut), AuditError> {
    Ok((day("--today", when.today.as_deref())?, cut(when.as_of.as_deref())?))
}

/// What every page of a simulated ledger says first.
fn banner(out: &mut impl Write, simulated: bool) -> io::Result<()> {
    if simulated { writeln!(out, "SIMULATED: nobody in this ledger exists.\n") } else { Ok(()) }
}
