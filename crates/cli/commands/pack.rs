//! `pack`: one file for a reviewer, and the check of such a file.
//! A check is green only under a key from outside; its exit code says so.

use std::fs;
use std::io::{self, Write};

use audit::desk::Desk;
use audit::packs::{Asked, Made, Scope, create, read_sample};
use audit::vocabulary::{KnownAt, ValidDay};
use audit::words::count;
use audit::{AuditError, Cut};
use report::of;
use report::of::pack::Handed;

use super::{Outcome, banner, papers};
use crate::args::{Format, Global, PackArgs, PackCommand, ScopeArgs};
use crate::exit::Done;
use crate::paper::{Style, prose};
use crate::progress::Progress;

pub(crate) fn run(global: &Global, command: &PackCommand, now: KnownAt) -> Outcome {
    match command {
        PackCommand::Create(args) => make(global, args, now),
        PackCommand::Verify(asked) => check(global, asked),
    }
}

fn make(global: &Global, args: &PackArgs, now: KnownAt) -> Outcome {
    let (today, cut) = super::when(&args.when)?;
    let days = args.days.as_deref().map(days).transpose()?;
    let (scope, sample) = scope(&args.scope, cut)?;
    let whole = matches!(scope, Scope::Range(..) | Scope::Everything);
    if whole && days.is_some() {
        return Err(AuditError::asked("--days goes with a claim, person, individual, contact or sample", "a range is cut by --from and --to").into());
    }
    let asked = Asked {
        scope,
        days,
        cut,
        today,
        part2: args.part2,
        since: args.since.clone(),
        sample,
        recipient: args.recipient.clone(),
        file: args.output.clone(),
        dry_run: args.dry_run,
    };
    let progress = Progress::new(global, "reading");
    let made = create(&global.ledger, &asked, now, &|n, all| progress.of(n, all))?;
    drop(progress);
    if let (Some(path), Some(handed)) = (&args.cover, Handed::of(&made)) {
        let frame = Desk::open(&global.ledger, now)?.frame().clone();
        papers::file(&of::pack::cover(&handed, None, papers::MAKER, papers::stamp(&frame, now)), path)?;
    }
    if global.format() == Format::Human { human(global, &asked, &made)? } else { json(&asked, &made)? }
    Ok(Done::Clean)
}

/// The scope, and the sample to put in.
fn scope(args: &ScopeArgs, cut: Cut) -> Result<(Scope, Option<Vec<u8>>), AuditError> {
    if let Some(path) = &args.sample {
        let bytes = fs::read(path).map_err(AuditError::at(path))?;
        let (claims, kept) = read_sample(&bytes)?;
        return Ok((Scope::Sample(claims), Some(kept)));
    }
    let one = |id: &Option<String>, scope: fn(String) -> Scope| id.clone().map(scope);
    let named = one(&args.claim, Scope::Claim)
        .or_else(|| one(&args.person, Scope::Person))
        .or_else(|| one(&args.individual, Scope::Individual))
        .or_else(|| one(&args.contact, Scope::Contact))
        .or_else(|| one(&args.finding, Scope::Finding));
    let scope = match (named, args.from, args.to) {
        (Some(scope), _, _) => scope,
        (None, None, None) => Scope::Everything,
        (None, from, Some(to)) => Scope::Range(from.unwrap_or(0), to),
        (None, Some(from), None) => match cut {
            Cut::Seq(seq) => Scope::Range(from, seq.0),
            Cut::Head | Cut::Instant(_) | Cut::Day(_) => return Err(AuditError::asked("--from needs --to", "give the last seq of the range; `countersign status` says how many events there are")),
        },
    };
    Ok((scope, None))
}

fn days(text: &str) -> Result<(ValidDay, ValidDay), AuditError> {
    let parsed = text.split_once("..").and_then(|(from, to)| Some((ValidDay::parse(from)?, ValidDay::parse(to)?)));
    parsed.filter(|(from, to)| from <= to).ok_or_else(|| AuditError::asked(format!("--days {text:?} is not a span of days"), "write it as 2025-01-01..2025-12-31"))
}

fn human(global: &Global, asked: &Asked, made: &Made) -> io::Result<()> {
    let style = Style::stdout(global);
    let mut out = io::stdout().lock();
    banner(&mut out, made.simulated)?;
    let what = format!("{}, {} with their contents, and {}", count(made.frames, "record"), made.bodies, count(made.findings, "finding"));
    match made.recorded {
        None => writeln!(out, "A pack about {} would hold {what}. Nothing was written or recorded.", made.words)?,
        Some(seq) => {
            writeln!(out, "{}", style.strong(&format!("{}: {what}, about {}.", asked.file.display(), made.words)))?;
            writeln!(out, "  {} bytes, recorded at seq {seq}", audit::words::thousands(made.bytes))?;
            if let Some(digest) = &made.digest {
                writeln!(out, "  {digest}")?;
            }
        }
    }
    for words in &made.redactions {
        write!(out, "{}", prose(words, 2))?;
    }
    if made.part2 {
        write!(out, "{}", prose("It carries the notice of 42 CFR part 2.", 2))?;
    }
    if made.recorded.is_some() {
        writeln!(out, "\nThe reviewer needs the key by another way than the pack:\n  countersign-verify {} --key {}", asked.file.display(), made.vkey)?;
    }
    Ok(())
}

fn json(asked: &Asked, made: &Made) -> io::Result<()> {
    let value = serde_json::json!({
        "schema": "countersign.pack_made.v1",
        "file": asked.file.display().to_string(),
        "simulated": made.simulated,
        "scope": made.words,
        "frames": made.frames,
        "bodies": made.bodies,
        "findings": made.findings,
        "part2": made.part2,
        "redactions": made.redactions,
        "bytes": made.bytes,
        "digest": made.digest,
        "recorded_seq": made.recorded.map(|seq| seq.0),
        "vkey": made.vkey,
        "dry_run": asked.dry_run,
    });
    writeln!(io::stdout().lock(), "{value}")
}

fn check(global: &Global, asked: &verify::program::Asked) -> Outcome {
    let report = verify::program::run(asked).map_err(|unusable| AuditError::asked(unusable.to_string(), "see `countersign pack verify --help`"))?;
    verify::program::print(&report, global.format() != Format::Human, &mut io::stdout().lock())?;
    Ok(if report.verdict().is_green() { Done::Clean } else { Done::Found })
}
