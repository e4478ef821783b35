//! `scan`: judges everything recorded and shows what it found, heaviest first.
//! The first lines say how much and how bad; the rest is where to look.

use std::io::{self, Write};
use std::sync::Arc;

use audit::changes::{Changes, since_last};
use audit::nightly::counts;
use audit::scan::{Scan, ScanOptions, told};
use audit::checklist::checklist;
use audit::rulebook::title;
use audit::vocabulary::{Cents, Class, Finding, KnownAt};
use audit::words::{count, day, money, sentence, thousands};
use notify::{tidings, wording};
use report::of;

use super::{Outcome, banner, papers, when};
use crate::args::{FailOn, Format, Global, ScanArgs};
use crate::exit::{Done, Stop};
use crate::paper::{Style, right, table, trimmed};
use crate::progress::Progress;
use crate::unattended::counted;

pub(crate) fn run(global: &Global, args: &ScanArgs, now: KnownAt) -> Outcome {
    let (today, cut) = when(&args.when)?;
    let paper = global.paper();
    if let Some(paper) = paper {
        papers::shown(paper, "scan")?;
    }
    let progress = Progress::new(global, "scanning");
    let options = ScanOptions { today, cut, record: !args.dry_run, full: args.full, now };
    let (outcome, words) = told(&global.ledger, &options, &|n, all| progress.of(n, all), |done| tell(global, args, done, now))?;
    drop(progress);
    for source in audit::drop_folder::freshness(&global.ledger, now)?.iter().filter(|f| f.late) {
        eprintln!("warning: a file is missing: {}", source.says(now));
    }
    io::stdout().lock().write_all(&words)?;
    Ok(outcome)
}

/// What a scan comes to, and what is to be printed of it.
fn tell(global: &Global, args: &ScanArgs, done: Scan, now: KnownAt) -> Result<(Done, Vec<u8>), Stop> {
    let mut out = Vec::new();
    let told = global.format() == Format::Human || args.fail_on == FailOn::New;
    let changes = if told { since_last(&global.ledger, &done)? } else { None };
    match (global.paper(), global.format()) {
        (Some(paper), _) => out = papers::bytes(&of::scans::finished(&done, changes.as_ref(), papers::stamp(&done.loaded.frame, now)), paper)?,
        (None, Format::Human) if args.summary_line => writeln!(out, "{}", line(&done, changes.as_ref()))?,
        (None, Format::Human) => human(&mut out, global, &done, changes.as_ref(), args.all)?,
        (None, Format::Json) => writeln!(out, "{}", done.loaded.json(&done.report)?)?,
        (None, Format::Ndjson | Format::Csv) => super::findings::data(&mut out, global.format(), &done, &done.report.each().collect::<Vec<_>>())?,
    }
    let outcome = if fails(&done, changes.as_ref(), args.fail_on) { Done::Found } else { Done::Clean };
    // The process ends here, and a large history is given back at once sooner than row by row.
    std::mem::forget((done, changes));
    Ok((outcome, out))
}

/// The scan in the one line that `nightly` prints, counted since the scan before.
fn line(scan: &Scan, changes: Option<&Changes>) -> String {
    let frame = &scan.loaded.frame;
    let ledger = tidings::Ledger { origin: frame.origin.clone(), simulated: frame.simulated, events: frame.size };
    let recorded_at = frame.as_of_recorded_at.to_string();
    let told = tidings::Scan { seq: frame.as_of_seq, recorded_at, today: frame.today.to_string(), rule_set: frame.rule_set.clone() };
    wording::line(&counted(ledger, told, &counts(scan, changes), None))
}

fn fails(scan: &Scan, changes: Option<&Changes>, on: FailOn) -> bool {
    // A waived finding stays in every count and list, but no longer stops a nightly run; when the waiver expires it does again.
    let heaviest = scan.report.findings.iter().filter(|f| !scan.loaded.waived(f)).map(|f| f.class).min();
    match on {
        FailOn::Never => false,
        // Of a first scan everything is new.
        FailOn::New => changes.map_or(heaviest.is_some(), |c| c.arrived().any(|new| !scan.loaded.waived(&new.difference.finding))),
        FailOn::Violation => heaviest == Some(Class::Violation),
        FailOn::Documentation => heaviest.is_some_and(|c| c <= Class::Documentation),
        FailOn::Advisory => heaviest.is_some(),
    }
}

/// What changed since the scan before, then one line for each rule with findings: how many, how much, and the first of them.
pub(crate) fn human(out: &mut impl Write, global: &Global, scan: &Scan, changes: Option<&Changes>, all: bool) -> io::Result<()> {
    let style = Style::stdout(global);
    let frame = &scan.loaded.frame;
    let summary = &scan.report.summary;
    banner(out, frame.simulated)?;
    writeln!(
        out,
        "{} on {}: {}, {}, {}; {} at risk on live claims.",
        style.strong(&frame.origin),
        day(frame.today),
        style.violation(&count(summary.violation, "violation")),
        style.documentation(&count(summary.documentation, "documentation gap")),
        count(summary.advisory, "advisory"),
        style.strong(&money(summary.exposure))
    )?;
    if let Some(changes) = changes {
        let more = if scan.recorded.is_some() { "countersign diff last~1 last" } else { "countersign diff last" };
        super::changes::headline(out, style, changes, more)?;
    }
    let waived = scan.report.findings.iter().filter(|f| scan.loaded.waived(f)).count() as u64;
    if waived > 0 {
        let after = scan.loaded.after_waivers(&scan.report);
        writeln!(
            out,
            "{} waived; without them {}, {}, {}, {} at risk.",
            count(waived, "finding"),
            count(after.violation, "violation"),
            count(after.documentation, "documentation gap"),
            count(after.advisory, "advisory"),
            money(after.exposure)
        )?;
    }
    writeln!(out, "{} judged by rule set {}.", count(frame.size, "event"), short(&frame.rule_set))?;
    if summary.not_evaluated > 0 {
        writeln!(out, "{} could not be evaluated: see not_evaluated in --json.", count(summary.not_evaluated, "verdict"))?;
    }
    if !scan.loaded.not_interpreted.is_empty() {
        writeln!(out, "{} of a kind this version does not know.", count(scan.loaded.not_interpreted.len() as u64, "event"))?;
    }
    if scan.report.findings.is_empty() {
        writeln!(out, "\n{}", style.good("Nothing was found."))?;
        return Ok(());
    }
    writeln!(out)?;
    if all {
        super::findings::list(out, style, &scan.report.each().collect::<Vec<_>>())?;
    } else {
        by_rule(out, style, &scan.report.findings)?;
    }
    if !global.quiet {
        next(out, style, &scan.report.findings)?;
    }
    Ok(())
}

/// Rules shown before "and more": the whole answer fits a terminal of 24 lines.
const SHOWN: usize = 12;

fn by_rule(out: &mut impl Write, style: Style, findings: &[Arc<Finding>]) -> io::Result<()> {
    let groups: Vec<&[Arc<Finding>]> = findings.chunk_by(|a, b| (a.class, a.rule) == (b.class, b.rule)).collect();
    let mut heaviest: Vec<(&[Arc<Finding>], Cents)> = groups.iter().map(|g| (*g, g.iter().map(|f| f.exposure).sum())).collect();
    heaviest.sort_by_key(|(g, money)| (g.first().map(|f| f.class), std::cmp::Reverse(*money), std::cmp::Reverse(g.len())));
    let mut rows = table(&["", "Rule", "Found", "At risk", "What"]);
    for (group, exposure) in heaviest.iter().take(SHOWN) {
        let Some(first) = group.first() else { continue };
        rows.add_row([
            style.class(first.class),
            first.rule.to_owned(),
            thousands(group.len() as u64),
            if first.class == Class::Violation { money(*exposure) } else { String::new() },
            sentence(title(first.rule)),
        ]);
    }
    right(&mut rows, 2);
    right(&mut rows, 3);
    writeln!(out, "{}", trimmed(&rows))?;
    let more = heaviest.len().saturating_sub(SHOWN);
    if more > 0 {
        let left: u64 = heaviest.iter().skip(SHOWN).map(|(g, _)| g.len() as u64).sum();
        writeln!(out, "{}", style.faint(&format!(" ... and {} of {}: scan --all", count(left, "finding"), count(more as u64, "more rule"))))?;
    }
    Ok(())
}

fn next(out: &mut impl Write, style: Style, findings: &[Arc<Finding>]) -> io::Result<()> {
    let Some(first) = findings.iter().max_by_key(|f| f.exposure).filter(|f| f.exposure > Cents(0)).or(findings.first()) else { return Ok(()) };
    let for_people = checklist(None).map_or(0, |items| items.len() as u64);
    let not_checked = format!("A claim line under several findings counts once in the total. Not machine-checked: {}, see rules checklist.", count(for_people, "entry"));
    writeln!(out, "\n{}", style.faint(&not_checked))?;
    writeln!(out, "Next: countersign explain {}      countersign findings list --class violation", first.id)
}

/// A digest a person can compare at a glance.
pub(crate) fn short(digest: &str) -> String {
    digest.split_once(':').map_or(digest, |(_, hex)| hex).chars().take(12).collect()
}
