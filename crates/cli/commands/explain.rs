//! `explain`: the story of a finding on two axes, what was missing, the citation, and what would cure it.
//! The order of the story is the order of the world; what was known late says so.

use std::io::{self, Write};

use audit::describe::moment;
use audit::explain::{Fact, Story, explain};
use audit::known_when::{STEPS, Turn};
use audit::vocabulary::KnownAt;
use audit::words::{count, known, sentence};

use super::{Outcome, banner, when};
use crate::args::{Format, Global, When};
use crate::exit::Done;
use crate::paper::{Style, prose, table, trimmed};

pub(crate) fn run(global: &Global, id: &str, at: &When, now: KnownAt) -> Outcome {
    let (today, cut) = when(at)?;
    let story = explain(&global.ledger, id, cut, today, now)?;
    if global.format() == Format::Human { human(global, &story)? } else { json(&story)? }
    Ok(Done::Clean)
}

pub(crate) fn human(global: &Global, story: &Story) -> io::Result<()> {
    let style = Style::stdout(global);
    let mut out = io::stdout().lock();
    let f = &story.finding;
    banner(&mut out, story.frame.simulated)?;
    writeln!(out, "{}  {}  {}  {}", style.strong(&f.id), f.rule, style.class(f.class), f.status.as_str().replace('_', " "))?;
    write!(out, "\n{}", prose(&format!("{}.", sentence(&f.message)), 0))?;

    writeln!(out, "\n{}", style.strong("What happened, and when it was known"))?;
    let mut rows = table(&["True on", "Known on", "What", "Event"]);
    for fact in &story.facts {
        rows.add_row([fact.true_at.map_or_else(String::new, moment), known_words(fact, story), sentence_of(fact), format!("seq {}", fact.seq)]);
    }
    writeln!(out, "{}", trimmed(&rows))?;

    writeln!(out, "\n{}", style.strong("When it could be known"))?;
    write!(out, "{}", prose(&story.verdict(), 2))?;
    known_when(&mut out, style, story)?;
    if !f.missing.is_empty() {
        writeln!(out, "\n{}", style.strong("What is missing"))?;
        for missing in &f.missing {
            write!(out, "{}", prose(&sentence(missing), 2))?;
        }
    }
    writeln!(out, "\n{}", style.strong("The rule"))?;
    write!(out, "{}", prose(&story.page.title, 2))?;
    let citation = format!("{}; {}; \u{201c}{}\u{201d}", f.citation.document.title(), f.citation.section, f.citation.locator);
    write!(out, "{}", prose(&citation, 2))?;
    if let Some(cure) = story.page.section("How to cure") {
        writeln!(out, "\n{}", style.strong("What would cure it"))?;
        write!(out, "{}", prose(cure, 2))?;
    }
    Ok(())
}

/// How the finding went as more became known: "20 Jun 2025, 10:05 ET  appeared  because credential_revoked, entered by hr (seq 4790)".
fn known_when(out: &mut impl Write, style: Style, story: &Story) -> io::Result<()> {
    let history = &story.known_when;
    if history.turns.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", style.strong("What was known when"))?;
    if history.cut_short {
        writeln!(out, "  Only the latest {STEPS} steps of what was known are shown; the beginning is missing.")?;
    }
    let mut rows = table(&["Known on", "The finding", "", "Because"]);
    for turn in &history.turns {
        let class = turn.standing.map_or_else(String::new, |(class, _)| style.class(class));
        rows.add_row([known(turn.at), turn.what.to_owned(), class, because(&turn.causes)]);
    }
    writeln!(out, "{}", trimmed(&rows))
}

/// Causes named before "and more": an import of a year brings many at one instant.
const CAUSES: usize = 3;

fn because(causes: &[Fact]) -> String {
    if causes.is_empty() {
        return "a deadline passed".to_owned();
    }
    let said = |f: &Fact| {
        let by = f.actor.as_ref().map_or_else(String::new, |a| format!(" entered by {a}"));
        format!("{}{by} (seq {})", f.kind, f.seq)
    };
    let first: Vec<String> = causes.iter().take(CAUSES).map(said).collect();
    let more = causes.len().saturating_sub(CAUSES);
    if more > 0 { format!("{}, and {}", first.join(", "), count(more as u64, "more event")) } else { first.join(", ") }
}

fn sentence_of(fact: &Fact) -> String {
    let said = sentence(&fact.says);
    match &fact.actor {
        Some(actor) => format!("{said} (entered by {actor})"),
        None => said,
    }
}

/// When a fact was known, with a word when that was after the claim it bears on.
fn known_words(fact: &Fact, story: &Story) -> String {
    let mark = if story.late(fact) { ", after the claim" } else { "" };
    format!("{}{mark}", known(fact.known_at))
}

fn json(story: &Story) -> io::Result<()> {
    let facts: Vec<serde_json::Value> = story.facts.iter().map(fact_json).collect();
    let f = &story.finding;
    let value = serde_json::json!({
        "schema": "countersign.explain.v1",
        "finding": audit::json::FindingJson::new(f, story.disposition),
        "facts": facts,
        "first_submission": story.first_submission.map(|at| at.to_string()),
        "known_when": {
            "cut_short": story.known_when.cut_short,
            "turns": story.known_when.turns.iter().map(turn_json).collect::<Vec<_>>(),
        },
        "rule": {"title": story.page.title, "how_to_cure": story.page.section("How to cure")},
    });
    writeln!(io::stdout().lock(), "{value}")
}

fn turn_json(turn: &Turn) -> serde_json::Value {
    serde_json::json!({
        "at": turn.at.to_string(),
        "what": turn.what.replace(' ', "_"),
        "class": turn.standing.map(|(class, _)| class.as_str()),
        "status": turn.standing.map(|(_, status)| status.as_str()),
        "deadline": turn.causes.is_empty(),
        "causes": turn.causes.iter().map(fact_json).collect::<Vec<_>>(),
    })
}

/// A fact as data.
pub(crate) fn fact_json(fact: &Fact) -> serde_json::Value {
    serde_json::json!({
        "seq": fact.seq.0,
        "type": fact.kind,
        "true_at": fact.true_at.map(|at| at.to_string()),
        "known_at": fact.known_at.to_string(),
        "says": fact.says,
        "actor": fact.actor,
        "source": fact.source.as_ref().map(|(file, line)| serde_json::json!({"file": format!("blake3:{file}"), "line": line})),
        "evidence": fact.is_evidence,
    })
}
