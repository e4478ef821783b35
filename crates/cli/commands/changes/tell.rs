//! Changes told to people: a sentence, then each change with its class, its rule and its cause.
//! Changes of one kind, rule and cause are one row with a count, unless all are asked for.

use std::collections::BTreeMap;
use std::io::{self, Write};

use audit::Cut;
use audit::changes::{Because, Change, Changes, Kind};
use audit::intake::Intake;
use audit::vocabulary::Class;
use audit::words::{count, day, known, money, sentence, thousands};

use crate::args::Global;
use crate::commands::banner;
use crate::paper::{Style, prose, table, trimmed};

/// Rows shown before "and more": the whole answer fits a terminal of 24 lines.
const SHOWN: usize = 12;

pub(super) fn diff(global: &Global, changes: &Changes, all: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    banner(&mut out, changes.after.frame.simulated)?;
    let until = if changes.after.point.words == "now" { String::new() } else { format!(" until {}", changes.after.point.words) };
    let said = format!("{}; {} at risk on live claims.", tally(changes, &format!("since {}{until}", changes.before.point.words)), risk(changes));
    write!(out, "{}", prose(&said, 0))?;
    rest(global, &mut out, changes, all)?;
    if global.quiet { Ok(()) } else { next(&mut out, changes) }
}

pub(super) fn what_if(global: &Global, intake: &Intake, changes: &Changes, all: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    banner(&mut out, changes.after.frame.simulated)?;
    let events = count(intake.appended, "event");
    let there = if intake.already_there > 0 { format!(" ({} already there)", thousands(intake.already_there)) } else { String::new() };
    let said = format!("With {events} more{there}: {}; {} at risk on live claims. Nothing was appended.", tally(changes, ""), risk(changes));
    write!(out, "{}", prose(&said, 0))?;
    crate::commands::import::notices(global, intake, &mut out)?;
    rest(global, &mut out, changes, all)
}

fn risk(changes: &Changes) -> String {
    let (before, after) = (changes.before.summary.exposure, changes.after.summary.exposure);
    if before == after { money(after) } else { format!("{} instead of {}", money(after), money(before)) }
}

/// "3 new violations and 1 new documentation gap since the last scan, 2 cleared".
fn tally(changes: &Changes, since: &str) -> String {
    let class = |c: &Change| c.difference.after.or(c.difference.before).map(|s| s.class);
    let new = |wanted: Class| changes.arrived().filter(|c| class(c) == Some(wanted)).count() as u64;
    let words = [(Class::Violation, "new violation"), (Class::Documentation, "new documentation gap"), (Class::Advisory, "new advisory")];
    let appeared: Vec<String> = words.into_iter().map(|(c, word)| (new(c), word)).filter(|(n, _)| *n > 0).map(|(n, word)| count(n, word)).collect();
    let appeared = if appeared.is_empty() { "nothing new".to_owned() } else { appeared.join(", ") };
    let mut said = sentence(format!("{appeared} {since}").trim());
    let more = |kinds: &[Kind], word: &str| {
        let n = changes.of(kinds).count() as u64;
        if n > 0 { format!(", {} {word}", thousands(n)) } else { String::new() }
    };
    said.push_str(&more(&[Kind::Cleared], "cleared"));
    said.push_str(&more(&[Kind::NotEvaluatedAnyMore], "not evaluated any more"));
    said.push_str(&more(&[Kind::CuredLate], "cured late"));
    said.push_str(&more(&[Kind::ClassChanged, Kind::StatusChanged], "changed"));
    let back = changes.of(&[Kind::Reopened]).count() as u64;
    if back > 0 {
        said.push_str(&format!(" ({} came back)", thousands(back)));
    }
    said
}

fn rest(global: &Global, out: &mut impl Write, changes: &Changes, all: bool) -> io::Result<()> {
    let style = Style::stdout(global);
    for note in &changes.notes {
        write!(out, "{}", prose(&format!("Note: {note}."), 0))?;
    }
    if changes.changes.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    if all { each(out, style, changes)? } else { grouped(out, style, changes)? }
    Ok(())
}

/// Where to look further: at the new finding with the most money on it, as it is known at the later point.
fn next(out: &mut impl Write, changes: &Changes) -> io::Result<()> {
    let there = changes.changes.iter().filter(|c| c.difference.after.is_some());
    let Some(first) = changes.arrived().chain(there).max_by_key(|c| c.difference.finding.exposure) else { return Ok(()) };
    let known = match changes.after.point.cut {
        Cut::Head => String::new(),
        Cut::Seq(_) | Cut::Instant(_) | Cut::Day(_) => format!(" --as-of {}", changes.after.frame.as_of_seq),
    };
    writeln!(out, "\nNext: countersign explain {}{known}", first.difference.finding.id)
}

fn each(out: &mut impl Write, style: Style, changes: &Changes) -> io::Result<()> {
    let mut rows = table(&["Change", "Finding", "", "Rule", "What", "Because"]);
    for c in &changes.changes {
        rows.add_row([kind_words(c), c.difference.finding.id.to_string(), class_words(style, c), c.difference.finding.rule.to_owned(), sentence(&c.difference.finding.message), because(c, changes.after.frame.size)]);
    }
    writeln!(out, "{}", trimmed(&rows))
}

/// One row for each kind, class, rule and decisive cause, in the order of the changes; the largest first within a kind.
fn grouped(out: &mut impl Write, style: Style, changes: &Changes) -> io::Result<()> {
    let mut groups: BTreeMap<(Kind, Option<Class>, &str, String), Vec<&Change>> = BTreeMap::new();
    for c in &changes.changes {
        let class = c.difference.after.or(c.difference.before).map(|s| s.class);
        groups.entry((c.kind, class, c.difference.finding.rule, decisive(c, changes.after.frame.size))).or_default().push(c);
    }
    let mut ordered: Vec<_> = groups.into_iter().collect();
    ordered.sort_by_key(|((kind, class, ..), group)| (*kind, *class, std::cmp::Reverse(group.len())));
    let mut rows = table(&["Change", "", "Rule", "What", "Because"]);
    for ((.., rule, cause), group) in ordered.iter().take(SHOWN) {
        let Some(first) = group.first() else { continue };
        let what = match group.len() {
            1 => sentence(&first.difference.finding.message),
            n => format!("{}: {}", thousands(n as u64), sentence(audit::rulebook::title(first.difference.finding.rule))),
        };
        rows.add_row([kind_words(first), class_words(style, first), (*rule).to_owned(), what, cause.clone()]);
    }
    writeln!(out, "{}", trimmed(&rows))?;
    let left: u64 = ordered.iter().skip(SHOWN).map(|(_, g)| g.len() as u64).sum();
    if left > 0 {
        writeln!(out, "{}", style.faint(&format!(" ... and {}: --all", count(left, "more change"))))?;
    }
    Ok(())
}

fn kind_words(c: &Change) -> String {
    match c.kind {
        Kind::Appeared => "new".to_owned(),
        Kind::Reopened => "came back".to_owned(),
        Kind::Cleared => "cleared".to_owned(),
        Kind::CuredLate => "cured late".to_owned(),
        Kind::StatusChanged => "open again".to_owned(),
        Kind::NotEvaluatedAnyMore => "not evaluated".to_owned(),
        Kind::ClassChanged => c.difference.before.map_or_else(String::new, |was| format!("was {}", was.class)),
    }
}

fn class_words(style: Style, c: &Change) -> String {
    c.difference.after.or(c.difference.before).map_or_else(String::new, |s| style.class(s.class))
}

/// The decisive cause: "credential_revoked, entered 20 Jun 2025 by hr (seq 4790)"; an event that is only supposed by its line in the file.
fn decisive(c: &Change, size: u64) -> String {
    c.causes.first().map_or_else(|| "nothing recorded between explains it".to_owned(), |b| cause(b, size))
}

fn because(c: &Change, size: u64) -> String {
    let more = c.causes.len().saturating_sub(1);
    if more > 0 { format!("{}, and {}", decisive(c, size), count(more as u64, "more event")) } else { decisive(c, size) }
}

fn cause(b: &Because, size: u64) -> String {
    match b {
        Because::Event(fact) if fact.seq.0 >= size => {
            let line = fact.source.as_ref().map_or_else(String::new, |(_, line)| format!(", line {line} of the file"));
            format!("{}{line}", fact.kind)
        }
        Because::Event(fact) => {
            let by = fact.actor.as_ref().map_or_else(String::new, |a| format!(" by {a}"));
            format!("{}, entered {}{by} (seq {})", fact.kind, day(fact.known_at.local_day()), fact.seq)
        }
        Because::Day { to, .. } => format!("a deadline passed by {}", day(*to)),
    }
}

/// What a scan says first: how much is new and cleared since the one before, and the first causes.
pub(crate) fn headline(out: &mut impl Write, style: Style, changes: &Changes, hint: &str) -> io::Result<()> {
    let since = format!("since the last scan, {}", changes.before.point.scan.as_ref().map_or_else(String::new, |s| known(s.recorded_at)));
    if changes.changes.is_empty() {
        return writeln!(out, "Nothing changed {since}.");
    }
    writeln!(out, "{}.", style.strong(&tally(changes, &since)))?;
    for note in &changes.notes {
        write!(out, "{}", prose(&format!("Note: {note}."), 0))?;
    }
    let mut by_cause: Vec<(String, Kind, u64)> = Vec::new();
    for c in &changes.changes {
        let cause = decisive(c, changes.after.frame.size);
        match by_cause.iter_mut().find(|(have, kind, _)| *have == cause && *kind == c.kind) {
            Some((.., n)) => *n += 1,
            None => by_cause.push((cause, c.kind, 1)),
        }
    }
    by_cause.sort_by_key(|(_, kind, n)| (*kind, std::cmp::Reverse(*n)));
    const CAUSES: usize = 3;
    for (cause, kind, n) in by_cause.iter().take(CAUSES) {
        let word = kind.as_str().replace('_', " ");
        writeln!(out, "  {} {word} because {cause}", thousands(*n))?;
    }
    let more = by_cause.len().saturating_sub(CAUSES);
    if more > 0 {
        writeln!(out, "  {}", style.faint(&format!("and {}: {hint}", count(more as u64, "more cause"))))?;
    }
    Ok(())
}
