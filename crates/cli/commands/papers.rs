//! `--format html|pdf|xlsx`: what a command answers as a document that prints, opens in a spreadsheet or is filed, under its stamp.
//! Asks what the command itself would ask; a command without a document says so.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use audit::desk::{Desk, Line};
use audit::history::supervision::supervision;
use audit::history::trail::{Of, trail};
use audit::json::Frame;
use audit::vocabulary::KnownAt;
use audit::words::count;
use audit::{AuditError, changes, checklist, evidence, explain, exposure, rulebook, scan, upcoming};
use report::{Document, Stamp, of};

use super::{Outcome, cut, day, when, worklist};
use crate::args::{Command, Filter, FindingsCommand, Global, HistoryOf, Paper, RulesCommand, When};
use crate::exit::{Done, Stop};

/// Who made a document that nobody logged in for.
pub(crate) const MAKER: &str = "the command line";

/// Days of the calendar of what ends.
const YEAR: u32 = 366;

/// Prints the document of a command.
pub(crate) fn run(global: &Global, paper: Paper, command: &Command, now: KnownAt) -> Outcome {
    let document = document(global, command, now)?.ok_or_else(|| {
        AuditError::asked("this command has no report", "scan, findings, explain, exposure, upcoming, history, scans, diff, rules and status have; a pack's cover is written by `pack create --cover FILE`")
    })?;
    shown(paper, &document.name)?;
    print(&document, paper)?;
    Ok(Done::Clean)
}

/// Refuses what a terminal cannot show, by the name that a file would have.
pub(crate) fn shown(paper: Paper, name: &str) -> Result<(), AuditError> {
    if io::stdout().is_terminal() && paper != Paper::Html {
        return Err(AuditError::asked("a terminal cannot show this", format!("send it into a file: > {name}.{}", paper.ending())));
    }
    Ok(())
}

/// Prints a document.
pub(crate) fn print(document: &Document, paper: Paper) -> Result<(), Stop> {
    io::stdout().lock().write_all(&bytes(document, paper)?)?;
    Ok(())
}

/// Writes a document into a file, as the end of its name says; nothing is overwritten.
pub(crate) fn file(document: &Document, path: &Path) -> Result<(), Stop> {
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let paper = Paper::ALL.into_iter().find(|paper| paper.ending() == ending);
    let paper = paper.ok_or_else(|| AuditError::asked(format!("{} ends like no report", path.display()), "end it with .html, .pdf or .xlsx"))?;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(AuditError::at(path))?;
    file.write_all(&bytes(document, paper)?).map_err(AuditError::at(path))?;
    Ok(())
}

/// What a document made here is of.
pub(crate) fn stamp(frame: &Frame, now: KnownAt) -> Stamp {
    Stamp::of(frame, now, MAKER)
}

pub(crate) fn bytes(document: &Document, paper: Paper) -> Result<Vec<u8>, Stop> {
    let too_large = |what: String| AuditError::asked(what, "narrow it, or ask for --format csv");
    match paper {
        Paper::Html => Ok(report::html::page(document).into_bytes()),
        Paper::Xlsx => Ok(report::xlsx::document(document).map_err(|error| too_large(error.to_string()))?),
        #[cfg(feature = "pdf")]
        Paper::Pdf => Ok(pdf::document(document).map_err(|error| too_large(error.to_string()))?),
        #[cfg(not(feature = "pdf"))]
        Paper::Pdf => Err(AuditError::asked("this program was built without PDF", "ask for --format html, and print it").into()),
    }
}

fn document(global: &Global, command: &Command, now: KnownAt) -> Result<Option<Document>, AuditError> {
    let ledger = &global.ledger;
    Ok(match command {
        Command::Findings(FindingsCommand::List { filter, when }) => Some(findings(global, filter, when, now)?),
        Command::Findings(FindingsCommand::Show { id, when }) | Command::Explain { id, when } => Some(finding(global, id, when, now)?),
        Command::Exposure { by, when: at } => {
            let (today, cut) = when(at)?;
            let exposure = exposure::exposure(ledger, (*by).into(), cut, today, now)?;
            Some(of::money::exposure(&exposure, stamp(&exposure.frame, now)))
        }
        Command::Upcoming { days, when: at } => {
            let (today, cut) = when(at)?;
            let ahead = upcoming::upcoming(ledger, *days, cut, today, now)?;
            let year = upcoming::upcoming(ledger, YEAR, cut, today, now)?;
            Some(of::money::due(&ahead, &year, stamp(&ahead.frame, now)))
        }
        Command::History { of, id, on, as_of } => Some(history(global, *of, id, (on.as_deref(), as_of.as_deref()), now)?),
        Command::Scans(_) => {
            let desk = Desk::open(ledger, now)?;
            Some(of::scans::list(desk.scans(), stamp(desk.frame(), now)))
        }
        Command::Diff(args) => {
            let today = day("--today", args.today.as_deref())?;
            let changes = changes::between(ledger, &args.a, args.b.as_deref(), today, now, &|_, _| {})?;
            Some(of::scans::diff(&changes, stamp(&changes.after.frame, now)))
        }
        Command::Rules(command) => rules(global, command, now)?,
        Command::Status => {
            let desk = Desk::open(ledger, now)?;
            Some(of::ledger::document(&evidence::status(ledger)?, evidence::checkpoint(ledger).ok().as_ref(), stamp(desk.frame(), now)))
        }
        Command::Findings(
            FindingsCommand::Acknowledge(_) | FindingsCommand::Assign { .. } | FindingsCommand::Dispute(_) | FindingsCommand::Waive { .. } | FindingsCommand::Remediate(_),
        ) => None,
        Command::Init { .. } | Command::Import(_) | Command::Map(_) | Command::Schema { .. } | Command::Append | Command::Scan(_) | Command::Nightly(_) => None,
        Command::Serve(_) | Command::Account(_) | Command::WhatIf(_) | Command::Gate(_) | Command::Verify { .. } | Command::Pack(_) | Command::Review(_) => None,
        Command::Checkpoint(_) | Command::Prove(_) | Command::Tiles(_) | Command::Key(_) | Command::Witness(_) | Command::Sample(_) | Command::Erase(_) => None,
        Command::Hold(_) | Command::Backup(_) | Command::Restore(_) | Command::Events { .. } | Command::Export(_) | Command::Doctor | Command::Demo { .. } => None,
        Command::Completions { .. } | Command::Man => None,
    })
}

fn findings(global: &Global, filter: &Filter, at: &When, now: KnownAt) -> Result<Document, AuditError> {
    let (today, cut) = when(at)?;
    let scan = scan::look(&global.ledger, cut, today, now)?;
    let (choice, acts, today) = (worklist::choice(filter)?, &scan.loaded.acts, scan.loaded.frame.today);
    let fitting = scan.report.findings.iter().filter(|f| choice.fits(f, acts, today));
    let lines: Vec<Line<'_>> = fitting
        .map(|finding| Line::of(finding, acts, today))
        .collect();
    let mut document = of::findings::document(None, &lines, "", stamp(&scan.loaded.frame, now));
    document.title = format!("{} as of {}.", count(lines.len() as u64, "finding"), audit::words::day(today));
    Ok(document)
}

fn finding(global: &Global, id: &str, at: &When, now: KnownAt) -> Result<Document, AuditError> {
    let (today, cut) = when(at)?;
    let story = explain::explain(&global.ledger, id, cut, today, now)?;
    Ok(of::finding::document(&story, stamp(&story.frame, now)))
}

fn history(global: &Global, of_what: HistoryOf, id: &str, (on, as_of): (Option<&str>, Option<&str>), now: KnownAt) -> Result<Document, AuditError> {
    let (on, cut) = (day("--on", on)?, cut(as_of)?);
    let of = match of_what {
        HistoryOf::Supervision => {
            let history = supervision(&global.ledger, id, on, cut, now)?;
            return Ok(of::supervision::document(&history, None, stamp(&history.frame, now)));
        }
        HistoryOf::Person => Of::Person,
        HistoryOf::Individual => Of::Individual,
        HistoryOf::Contact => Of::Contact,
        HistoryOf::Claim => Of::Claim,
    };
    let trail = trail(&global.ledger, of, id, on, cut, now)?;
    Ok(of::trail::document(&trail, stamp(&trail.frame, now)))
}

fn rules(global: &Global, command: &RulesCommand, now: KnownAt) -> Result<Option<Document>, AuditError> {
    let desk = Desk::open(&global.ledger, now)?;
    let stamp = stamp(desk.frame(), now);
    Ok(match command {
        RulesCommand::List { parameters: true } => {
            let (entries, tables) = rulebook::list()?;
            Some(of::settings::document(&desk.settings(), &entries, &tables, &[], &[], stamp))
        }
        RulesCommand::List { parameters: false } => Some(of::rules::list(Some(&desk.rules_found(&|_| true)), &rulebook::list()?.0, stamp)),
        RulesCommand::Show { id } => {
            let (entry, page) = rulebook::show(id)?;
            Some(of::rules::page(&entry, &page, stamp))
        }
        RulesCommand::Checklist { program } => Some(of::checklist::document(&checklist::checklist(program.as_deref())?, program.as_deref(), stamp)),
        RulesCommand::Impact { .. } => None,
    })
}
