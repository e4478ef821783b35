//! Recorded scans, and what changed between two of them, each change with what caused it.
//! Shows what was counted then; whether judging again gives the same is asked by `scans --check`.

use audit::changes::{Because, Changes};
use audit::desk::{Line, Scanned};
use audit::scan::Scan;
use audit::scans::PastScan;
use audit::vocabulary::ValidDay;
use audit::words::{count, day, money, sentence};

use super::{findings, home};
use crate::document::{Block, Cell, Column, Document, Table, Thing};
use crate::stamp::Stamp;

/// The recorded scans, the newest first.
pub fn list(scans: &[PastScan], stamp: Stamp) -> Document {
    let columns = [
        Column::words("scan", "Scan"),
        Column::words("recorded_at", "Recorded"),
        Column::words("today", "Judged for"),
        Column::numbers("events", "Events"),
        Column::numbers("violation", "Violations"),
        Column::numbers("documentation", "Documentation"),
        Column::numbers("advisory", "Advisories"),
        Column::numbers("exposure", "At risk"),
        Column::words("rule_set", "Rule set"),
    ];
    let mut table = Table::new("scans", "Newest first", &columns).or_else("No scan was recorded yet. `countersign scan` records one.");
    for scan in scans.iter().rev() {
        let bare = scan.rule_set.split_once(':').map_or(scan.rule_set.as_str(), |(_, bare)| bare);
        table.row([
            Cell::Id(Thing::Scan, scan.seq.to_string()),
            Cell::Instant(scan.recorded_at),
            Cell::Day(scan.today),
            Cell::Count(scan.size),
            Cell::Count(scan.violation),
            Cell::Count(scan.documentation),
            Cell::Count(scan.advisory),
            Cell::Money(scan.exposure),
            Cell::Hash(bare.get(..8).unwrap_or(bare).to_owned()),
        ]);
    }
    let title = match scans.last() {
        Some(last) => format!("{} recorded, the last for {}.", count(scans.len() as u64, "scan"), day(last.today)),
        None => "No scan was recorded yet.".to_owned(),
    };
    Document::new("scans", title, stamp)
        .with(Block::Prose("A scan is an event: what it counted, under which rules, and a digest of its findings stand in the ledger and cannot be changed unseen.".to_owned()))
        .with(Block::Table(table))
}

/// A recorded scan: what it counted, and what changed against the one before with its causes.
pub fn page(scanned: &Scanned, stamp: Stamp) -> Document {
    let (scan, before) = (&scanned.scan, scanned.before.as_ref());
    let title = found(scan.today, [scan.violation, scan.documentation, scan.advisory]);
    let mut page = Document::new(format!("scan-{}", scan.seq), title, stamp).with(Block::Table(counts(scan, before)));
    page = page.with(Block::Heading("What changed".to_owned()));
    page = match (&scanned.changes, before) {
        (Some(changes), _) => changed(changes, page),
        (None, None) => page.with(Block::Prose(FIRST.to_owned())),
        (None, Some(_)) => page.with(Block::Prose("What changed since the scan before is worked out when somebody asks: both are judged again, which takes a while in a ledger of this size.".to_owned())),
    };
    page.beside(Block::Heading("What it is of".to_owned())).beside(Block::Facts(vec![
        ("Event".to_owned(), Cell::Seq(scan.seq)),
        ("Recorded".to_owned(), Cell::Instant(scan.recorded_at)),
        ("Judged for".to_owned(), Cell::Day(scan.today)),
        ("Events looked at".to_owned(), Cell::Count(scan.size)),
        ("Root over them (RFC 6962)".to_owned(), scanned.root.clone().map_or(Cell::Empty, Cell::Hash)),
        ("Rule set".to_owned(), Cell::Hash(scan.rule_set.clone())),
        ("Digest of its findings".to_owned(), Cell::Hash(scan.digest.clone())),
        ("Scan before".to_owned(), before.map_or(Cell::text("none"), |b| Cell::Named(Thing::Scan, b.seq.to_string(), format!("for {}, seq {}", day(b.today), b.seq)))),
    ]))
}

const FIRST: &str = "It is the first scan recorded; there is none before it to compare with.";

fn found(on: ValidDay, [violations, gaps, advisories]: [u64; 3]) -> String {
    format!("The scan for {} found {}, {} and {}.", day(on), count(violations, "violation"), count(gaps, "documentation gap"), count(advisories, "advisory"))
}

/// A scan just done: what it counted, what changed since the one before with its causes, and every finding.
pub fn finished(scan: &Scan, changes: Option<&Changes>, stamp: Stamp) -> Document {
    let (loaded, s) = (&scan.loaded, scan.report.summary);
    let title = found(loaded.frame.today, [s.violation, s.documentation, s.advisory]);
    let page = Document::new("scan", title, stamp).with(Block::Table(totals(scan))).with(Block::Heading("What changed".to_owned()));
    let page = match changes {
        Some(changes) => changed(changes, page),
        None => page.with(Block::Prose(FIRST.to_owned())),
    };
    let lines: Vec<Line<'_>> = scan.report.findings.iter().map(|finding| Line::of(finding, &loaded.acts, loaded.frame.today)).collect();
    page.with(Block::Heading("Everything found".to_owned())).with(Block::Table(findings::table(&lines)))
}

/// What a scan counted, and what is left without what was waived.
fn totals(scan: &Scan) -> Table {
    let columns = [Column::words("what", "What"), Column::numbers("found", "Found"), Column::numbers("after_waivers", "Without those waived")];
    let mut table = Table::new("counts", "What it counted", &columns);
    let (all, left) = (scan.report.summary, scan.loaded.after_waivers(&scan.report));
    let counts = [
        ("Violations", all.violation, left.violation),
        ("Documentation gaps", all.documentation, left.documentation),
        ("Advisories", all.advisory, left.advisory),
        ("Not evaluated", all.not_evaluated, left.not_evaluated),
    ];
    for (what, all, left) in counts {
        table.row([Cell::text(what), Cell::Count(all), Cell::Count(left)]);
    }
    table.row([Cell::text("At risk on live claims"), Cell::Money(all.exposure), Cell::Money(left.exposure)]);
    table
}

/// Counts of a scan beside those of the one before.
fn counts(scan: &PastScan, before: Option<&PastScan>) -> Table {
    let columns = [Column::words("what", "What"), Column::numbers("before", "Scan before"), Column::numbers("now", "This scan")];
    let mut table = Table::new("counts", "What it counted", &columns);
    let mut row = |what: &str, of: &dyn Fn(&PastScan) -> Cell| table.row([Cell::text(what), before.map_or(Cell::Empty, of), of(scan)]);
    row("Violations", &|s| Cell::Count(s.violation));
    row("Documentation gaps", &|s| Cell::Count(s.documentation));
    row("Advisories", &|s| Cell::Count(s.advisory));
    row("Not evaluated", &|s| Cell::Count(s.not_evaluated));
    row("At risk", &|s| Cell::Money(s.exposure));
    row("Events", &|s| Cell::Count(s.size));
    table
}

/// Everything that changed between two points.
pub fn diff(changes: &Changes, stamp: Stamp) -> Document {
    let (before, after) = (&changes.before, &changes.after);
    let title = if changes.changes.is_empty() {
        format!("No finding changed between {} and {}.", before.point.words, after.point.words)
    } else {
        format!("{} changed between {} and {}.", count(changes.changes.len() as u64, "finding"), before.point.words, after.point.words)
    };
    changed(changes, Document::new("diff", title, stamp).with(Block::Table(sides(changes))))
}

/// With everything that changed, and why.
fn changed(changes: &Changes, mut page: Document) -> Document {
    let columns = [
        Column::words("what", "Became"),
        Column::words("class", "Class"),
        Column::words("finding", "Finding"),
        Column::numbers("exposure", "At risk"),
        Column::words("because", "Because"),
    ];
    let mut table = Table::new("changes", "By what became of them", &columns).or_else("Nothing recorded between the two changed a finding, and no deadline passed.");
    for change in &changes.changes {
        let because: Vec<String> = change.causes.iter().map(because).collect();
        table.row(home::row(change).into_iter().chain([Cell::Text(because.join("; "))]));
    }
    page.blocks.extend(changes.notes.iter().map(|note| Block::Notice(sentence(note))));
    page.with(Block::Table(table))
}

fn because(because: &Because) -> String {
    match because {
        Because::Event(fact) => format!("{} (seq {})", sentence(&fact.says), fact.seq),
        Because::Day { from, to } => format!("A deadline passed between {} and {}", day(*from), day(*to)),
    }
}

fn sides(changes: &Changes) -> Table {
    let columns = [
        Column::words("side", "Point"),
        Column::numbers("events", "Events"),
        Column::words("today", "Judged for"),
        Column::numbers("violation", "Violations"),
        Column::numbers("documentation", "Documentation"),
        Column::numbers("advisory", "Advisories"),
        Column::words("exposure", "At risk"),
    ];
    let mut table = Table::new("sides", "The two points", &columns);
    for side in [&changes.before, &changes.after] {
        let s = &side.summary;
        table.row([
            Cell::Text(sentence(&side.point.words)),
            Cell::Count(side.frame.size),
            Cell::Day(side.frame.today),
            Cell::Count(s.violation),
            Cell::Count(s.documentation),
            Cell::Count(s.advisory),
            Cell::Text(money(s.exposure)),
        ]);
    }
    table
}
