//! The morning page: what changed since the scan before, in one sentence and by what caused it; what is open, what falls due, who is silent.
//! Words before numbers, numbers before charts.

use std::collections::BTreeMap;

use audit::AuditError;
use audit::changes::{Because, Change, Changes, Kind};
use audit::desk::{Aged, Desk};
use audit::exposure::{By, Exposure};
use audit::upcoming::Upcoming;
use audit::vocabulary::{Class, Seq};
use audit::words::{count, day, money, sentence};

use crate::document::{Block, Cell, Column, Document, Table, Thing};
use crate::figure::trend::Trend;
use crate::figure::{Drawing, Figure, bars};
use crate::stamp::Stamp;

/// Days looked ahead.
const AHEAD: u32 = 30;
/// Lines shown of a longer list, with a link to all of it.
const FIRST: usize = 8;
/// Scans in the trend.
const SCANS: usize = 60;

/// The page.
///
/// # Errors
/// A ledger that cannot be read.
pub fn document(desk: &Desk, stamp: Stamp) -> Result<Document, AuditError> {
    with(desk, desk.changes_by_now()?, stamp)
}

/// The page with what changed: `None` while that is being worked out, `Some(None)` where there is nothing to compare with.
fn with(desk: &Desk, compared: Option<Option<&Changes>>, stamp: Stamp) -> Result<Document, AuditError> {
    let changes = compared.flatten();
    let mut page = Document::new("home", headline(desk, changes), stamp);
    if compared.is_none() {
        page = page.with(Block::Notice("What changed since the last scan is being worked out; it stands here in a moment. Everything else on this page is as it is now.".to_owned()));
    } else if let Some(changes) = changes {
        page = page.with(Block::Heading(format!("What changed since the scan of {}", day(changes.before.frame.today))));
        page.blocks.extend(changes.notes.iter().map(|note| Block::Prose(sentence(note))));
        page = page.with(Block::Table(causes(changes))).with(Block::Table(changed(changes)));
    } else {
        page = page.with(Block::Prose("There is no earlier scan to compare with yet: from the second recorded scan on, this page begins with what changed.".to_owned()));
    }
    page = page.with(Block::Heading("What is open".to_owned())).with(Block::Table(open(desk)));
    let trend = desk.trend(SCANS);
    if trend.len() > 1 {
        page = page.with(Block::Figure(line(&trend)));
    }
    let exposure = desk.exposure(By::Program)?;
    if exposure.total.amounts.live.0 > 0 {
        page = page.with(Block::Heading("Money at risk".to_owned())).with(Block::Figure(at_risk(&exposure)));
    }
    let upcoming = desk.upcoming(AHEAD)?;
    Ok(page
        .beside(Block::Heading("Falls due".to_owned()))
        .beside(Block::Table(due(&upcoming)))
        .beside(Block::Heading("How fresh the sources are".to_owned()))
        .beside(Block::Table(fresh(desk))))
}

/// "3 new violations since the last scan, 2 cleared; $1,842.00 at risk on live claims."
fn headline(desk: &Desk, changes: Option<&Changes>) -> String {
    let summary = desk.report().summary;
    let risk = if summary.exposure.0 > 0 { format!("{} at risk on live claims", money(summary.exposure)) } else { "no money at risk".to_owned() };
    let Some(changes) = changes else {
        return format!("{} and {} are open; {risk}.", count(summary.violation, "violation"), count(summary.documentation, "documentation gap"));
    };
    let violations = changes.arrived().filter(|c| c.difference.finding.class == Class::Violation).count() as u64;
    let others = changes.arrived().count() as u64 - violations;
    let cleared = changes.of(&[Kind::Cleared]).count() as u64;
    let mut said = vec![match (violations, others) {
        (0, 0) => "Nothing new".to_owned(),
        (0, others) => count(others, "new gap or advisory").replace("new gap or advisories", "new gaps and advisories"),
        (violations, _) => count(violations, "new violation"),
    }];
    said[0].push_str(" since the last scan");
    if cleared > 0 {
        said.push(format!("{cleared} cleared"));
    }
    format!("{}; {risk}.", said.join(", "))
}

/// What one event, or a day that passed, did to findings.
#[derive(Default)]
struct Effect {
    says: String,
    appeared: u64,
    cleared: u64,
    other: u64,
}

fn causes(changes: &Changes) -> Table {
    let mut effects: BTreeMap<Option<Seq>, Effect> = BTreeMap::new();
    for change in &changes.changes {
        let (seq, says) = match change.causes.first() {
            Some(Because::Event(fact)) => (Some(fact.seq), sentence(&fact.says)),
            Some(Because::Day { to, .. }) => (None, format!("A deadline passed by {}", day(*to))),
            None => (None, "A deadline passed".to_owned()),
        };
        let effect = effects.entry(seq).or_default();
        effect.says = says;
        match change.kind {
            Kind::Appeared | Kind::Reopened => effect.appeared += 1,
            Kind::Cleared => effect.cleared += 1,
            Kind::ClassChanged | Kind::CuredLate | Kind::StatusChanged | Kind::NotEvaluatedAnyMore => effect.other += 1,
        }
    }
    let mut effects: Vec<(Option<Seq>, Effect)> = effects.into_iter().collect();
    effects.sort_by_key(|(seq, e)| (std::cmp::Reverse(e.appeared + e.cleared + e.other), *seq));
    let columns = [
        Column::words("says", "What happened"),
        Column::numbers("appeared", "New"),
        Column::numbers("cleared", "Cleared"),
        Column::numbers("other", "Changed"),
        Column::words("seq", "Event"),
    ];
    let caption = if effects.len() > FIRST { format!("What did it: the {FIRST} with most effect of {}", count(effects.len() as u64, "event")) } else { "What did it".to_owned() };
    let mut table = Table::new("causes", caption, &columns).or_else("No finding changed.");
    for (seq, e) in effects.into_iter().take(FIRST) {
        table.row([Cell::Text(e.says), Cell::Count(e.appeared), Cell::Count(e.cleared), Cell::Count(e.other), seq.map_or(Cell::Empty, Cell::Seq)]);
    }
    table
}

/// The findings that changed, the first of them.
fn changed(changes: &Changes) -> Table {
    let columns = [Column::words("what", "Became"), Column::words("class", "Class"), Column::words("finding", "Finding"), Column::numbers("exposure", "At risk")];
    let all = changes.changes.len();
    let caption = if all > FIRST { format!("The first {FIRST} of {all} findings that changed") } else { "Findings that changed".to_owned() };
    let mut table = Table::new("changed", caption, &columns).or_else("No finding changed.");
    for change in changes.changes.iter().take(FIRST) {
        table.row(row(change));
    }
    table
}

/// A change as cells: what became of the finding, its class, the finding, its money.
pub(super) fn row(change: &Change) -> [Cell; 4] {
    let f = &change.difference.finding;
    let says = Cell::Named(Thing::Finding, f.id.to_string(), sentence(&f.message));
    let money = change.difference.after.map_or(Cell::Empty, |s| Cell::Money(s.exposure));
    [Cell::Text(word(change.kind).to_owned()), Cell::Class(f.class), says, money]
}

/// What became of a finding, in a word for a person.
pub(super) fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Appeared => "new",
        Kind::Reopened => "came back",
        Kind::ClassChanged => "other class",
        Kind::CuredLate => "cured late",
        Kind::StatusChanged => "open again",
        Kind::Cleared => "cleared",
        Kind::NotEvaluatedAnyMore => "cannot be judged",
    }
}

fn open(desk: &Desk) -> Table {
    let keys = ["week", "month", "two_months", "longer"];
    let mut columns = vec![Column::words("class", "Class")];
    columns.extend(keys.into_iter().zip(Aged::AGES).map(|(key, title)| Column::numbers(key, title)));
    columns.push(Column::numbers("all", "All"));
    let mut table = Table::new("open", "Findings not waived, by days since they could first be known", &columns);
    for aged in desk.aged() {
        let counts = aged.counts.into_iter().chain([aged.total()]).map(Cell::Count);
        table.row([Cell::Class(aged.class)].into_iter().chain(counts));
    }
    table
}

fn line(trend: &[audit::desk::Trend]) -> Figure {
    let classes = [Class::Violation, Class::Documentation, Class::Advisory];
    let lines = classes.into_iter().enumerate().map(|(i, class)| (class, trend.iter().map(|t| t.counts[i]).collect())).collect();
    let columns = [
        Column::words("day", "Day"),
        Column::numbers("violation", "Violations"),
        Column::numbers("documentation", "Documentation"),
        Column::numbers("advisory", "Advisories"),
        Column::numbers("exposure", "At risk"),
    ];
    let mut twin = Table::new("trend", "Findings at each scan", &columns);
    for t in trend {
        twin.row([Cell::Day(t.day)].into_iter().chain(t.counts.map(Cell::Count)).chain([Cell::Money(t.exposure)]));
    }
    Figure {
        title: "Findings, scan by scan.".to_owned(),
        says: format!("The last {}.", count(trend.len() as u64, "scan day")),
        drawing: Drawing::Trend(Trend { days: trend.iter().map(|t| t.day).collect(), lines }),
        twin,
        together: false,
    }
}

/// What a group of money is of, with its page where it has one.
pub(super) fn keyed(by: By, key: &str) -> Cell {
    let thing = match by {
        By::Rule => Thing::Rule,
        By::Program => Thing::Program,
        By::Peer => Thing::Person,
        By::Month => return Cell::text(key),
    };
    // "(several or none)" is no id.
    if key.starts_with('(') { Cell::text(key) } else { Cell::Id(thing, key.to_owned()) }
}

/// Money at risk as bars.
pub(super) fn at_risk(exposure: &Exposure) -> Figure {
    let groups: Vec<_> = exposure.groups.iter().filter(|g| g.amounts.live.0 > 0).collect();
    let bars = groups.iter().map(|g| bars::Bar { label: format!("{}, {}", g.key, count(g.findings, "violation")), amount: g.amounts.live }).collect();
    let columns = [Column::words(exposure.by.as_str(), "Of"), Column::numbers("violations", "Violations"), Column::numbers("lines", "Live lines"), Column::numbers("live", "At risk")];
    let mut twin = Table::new("exposure", format!("Money at risk by {}", exposure.by.as_str()), &columns);
    for g in groups {
        twin.row([Cell::text(&g.key), Cell::Count(g.findings), Cell::Count(g.lines), Cell::Money(g.amounts.live)]);
    }
    Figure {
        title: format!("Money at risk by {}.", exposure.by.as_str()),
        says: format!("{} in all, each claim line once; {} under findings that are not waived.", money(exposure.total.amounts.live), money(exposure.after_waivers)),
        drawing: Drawing::Bars(bars::Bars { bars }),
        twin,
        together: false,
    }
}

fn due(upcoming: &Upcoming) -> Table {
    let columns = [Column::words("on", "On"), Column::words("says", "What")];
    let all = upcoming.items.len();
    let caption = if all > FIRST { format!("The next {FIRST} of {all} within {AHEAD} days") } else { format!("Within {AHEAD} days") };
    let mut table = Table::new("due", caption, &columns).or_else(format!("Nothing falls due within {AHEAD} days."));
    for item in upcoming.items.iter().take(FIRST) {
        table.row([Cell::Day(item.on), Cell::Text(sentence(&item.says))]);
    }
    table
}

fn fresh(desk: &Desk) -> Table {
    let columns = [Column::words("source", "Source"), Column::words("recorded_at", "Last recorded"), Column::numbers("silent_days", "Ago")];
    let mut table = Table::new("sources", "The longest silent first", &columns).or_else("Nothing was imported yet. `countersign import` reads exports.");
    for arrival in desk.arrivals() {
        table.row([Cell::Text(sentence(arrival.source)), Cell::Day(arrival.recorded_at.local_day()), Cell::Days(arrival.silent)]);
    }
    table
}
