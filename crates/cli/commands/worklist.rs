//! `findings acknowledge|assign|dispute|waive|remediate`: what people decide, put on record.
//! All findings named or none; says what was recorded and where.

use std::io::{self, Write};

use audit::acts::{Decision as Decided, Word};
use audit::vocabulary::{Class, KnownAt, ValidDay};
use audit::words::{count, day};
use audit::office::Appended;
use audit::worklist::{Acted, Asked, Choice, Disposed, Which, act, amount};
use audit::AuditError;

use super::Outcome;
use crate::args::{Decision, Filter, Format, Global};
use crate::exit::Done;

/// Records a decision; `to` is of an assignment, `approver` of a waiver.
pub(crate) fn run(global: &Global, word: Word, decision: &Decision, to: Option<&str>, approver: Option<&str>, now: KnownAt) -> Outcome {
    let asked = Asked {
        word,
        by: decision.by.clone(),
        to: to.map(str::to_owned),
        approver: approver.map(str::to_owned),
        on: super::day("--on", decision.on.as_deref())?,
        rationale: decision.rationale.clone(),
        due_on: super::day("--due", decision.due.as_deref())?,
        today: super::day("--today", decision.today.as_deref())?,
        at: global.at.as_ref().map(|_| now),
    };
    let acted = act(&global.ledger, &which(decision)?, &asked, now)?;
    if global.format() == Format::Human { human(global, word, &acted)? } else { data(global.format(), word, &acted)? }
    Ok(Done::Clean)
}

fn which(decision: &Decision) -> Result<Which, AuditError> {
    let choice = choice(&decision.filter)?;
    match (decision.ids.is_empty(), decision.all_matching, choice.is_everything()) {
        (true, true, false) => Ok(Which::Matching(choice)),
        (true, true, true) => Err(AuditError::asked("--all-matching without a filter would mean every finding there is", "add a filter, as in --rule MHOTRS-NOTE-05")),
        (true, false, _) => Err(AuditError::asked("no finding is named", "give ids, or filters with --all-matching")),
        (false, _, true) => Ok(Which::Ids(decision.ids.clone())),
        (false, _, false) => Err(AuditError::asked("both ids and filters are given", "give ids alone, or filters with --all-matching")),
    }
}

/// The filters of the command line as the worklist asks them.
pub(crate) fn choice(filter: &Filter) -> Result<Choice, AuditError> {
    let class = |text: &str| Class::parse(text).ok_or_else(|| AuditError::asked(format!("{text:?} is no class"), "violation, documentation or advisory"));
    Ok(Choice {
        rule: filter.rule.clone(),
        class: filter.class.as_deref().map(class).transpose()?,
        program: filter.program.clone(),
        person: filter.person.clone(),
        individual: filter.individual.clone(),
        since: super::day("--since", filter.since.as_deref())?,
        disposition: filter.disposition.as_deref().map(Disposed::parse).transpose()?,
        min_amount: filter.min_amount.as_deref().map(amount).transpose()?,
        older_than: filter.older_than.map(i64::from),
    })
}

fn human(global: &Global, word: Word, acted: &Acted) -> io::Result<()> {
    let mut out = io::stdout().lock();
    super::banner(&mut out, acted.simulated)?;
    let new: Vec<_> = acted.findings.iter().filter(|(_, taken)| matches!(taken, Appended::New(_))).collect();
    let already = acted.findings.len() - new.len();
    writeln!(out, "{} {}.", count(new.len() as u64, "finding"), word.as_str())?;
    if already > 0 {
        writeln!(out, "{} already: the same decision is on record.", count(already as u64, "finding"))?;
    }
    if !global.quiet {
        for (finding, taken) in acted.findings.iter().take(SHOWN) {
            let (Appended::New(seq) | Appended::AlreadyThere(seq)) = taken;
            writeln!(out, "  {finding}  seq {seq}")?;
        }
        let more = acted.findings.len().saturating_sub(SHOWN);
        if more > 0 {
            writeln!(out, "  ... and {}", count(more as u64, "more finding"))?;
        }
        writeln!(out, "\nNext: countersign findings list --disposition {}", word.as_str())?;
    }
    Ok(())
}

/// Findings named one by one before "and more".
const SHOWN: usize = 10;

fn data(format: Format, word: Word, acted: &Acted) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let row = |(finding, taken): &(String, Appended)| {
        let (seq, appended) = match taken {
            Appended::New(seq) => (seq, true),
            Appended::AlreadyThere(seq) => (seq, false),
        };
        serde_json::json!({"finding": finding, "disposition": word.as_str(), "seq": seq.0, "appended": appended})
    };
    match format {
        Format::Human | Format::Json => {
            let findings: Vec<_> = acted.findings.iter().map(row).collect();
            writeln!(out, "{}", serde_json::json!({"schema": "countersign.worklist.v1", "simulated": acted.simulated, "findings": findings}))
        }
        Format::Ndjson => acted.findings.iter().try_for_each(|f| writeln!(out, "{}", row(f))),
        Format::Csv => {
            writeln!(out, "finding,disposition,seq,appended")?;
            acted.findings.iter().try_for_each(|(finding, taken)| match taken {
                Appended::New(seq) => writeln!(out, "{finding},{},{seq},true", word.as_str()),
                Appended::AlreadyThere(seq) => writeln!(out, "{finding},{},{seq},false", word.as_str()),
            })
        }
    }
}

/// A decision in a few words, as it stands on a day: `waived through 1 Sep 2025`.
pub(crate) fn in_words(d: &Decided, today: ValidDay) -> String {
    let due = |lead: &str| d.due_on.map_or_else(String::new, |last| format!("{lead}{}", day(last)));
    match d.word {
        Word::Waived if d.expired(today) => format!("waiver expired{}", due(" ")),
        Word::Waived => format!("waived{}", due(" through ")),
        Word::Assigned => format!("assigned to {}{}", d.by, due(", due ")),
        Word::Acknowledged | Word::Disputed | Word::Remediated => format!("{}{}", d.word.as_str(), due(", due ")),
    }
}

/// A decision with who stood for it: `waived by A, approved by B`.
pub(crate) fn by_whom(d: &Decided, today: ValidDay) -> String {
    let actor = d.actor.as_deref();
    let who = match (d.word, actor) {
        (Word::Assigned, Some(actor)) if actor != d.by => format!("by {actor}"),
        (Word::Assigned, _) => String::new(),
        (Word::Waived, Some(actor)) => format!("by {}, approved by {actor}", d.by),
        (Word::Waived, None) => format!("by {}, approval not on record", d.by),
        (Word::Acknowledged | Word::Disputed | Word::Remediated, _) => format!("by {}", d.by),
    };
    format!("{} {who}", in_words(d, today)).trim_end().to_owned()
}
