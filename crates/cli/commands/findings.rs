//! `findings list` and `findings show`.
//! A list is a sentence a line; the same data go to JSON and CSV unchanged.

use std::io::{self, Write};

use audit::AuditError;
use audit::json::FindingJson;
use audit::scan::{Scan, look};
use audit::vocabulary::{Class, Finding, KnownAt};
use audit::words::{count, day, known, money, sentence};

use super::{Outcome, banner, when};
use crate::args::{Filter, FindingsCommand, Format, Global};
use crate::exit::{Done, Stop};
use crate::paper::{Style, prose, right, table, trimmed};

pub(crate) fn run(global: &Global, command: &FindingsCommand, now: KnownAt) -> Outcome {
    match command {
        FindingsCommand::List { filter, when: at } => {
            let (today, cut) = when(at)?;
            let scan = look(&global.ledger, cut, today, now)?;
            let chosen = choose(&scan, filter)?;
            if global.format() != Format::Human {
                data(global.format(), &scan, &chosen)?;
                return Ok(Done::Clean);
            }
            let mut out = io::stdout().lock();
            banner(&mut out, scan.loaded.frame.simulated)?;
            if chosen.is_empty() {
                writeln!(out, "No finding fits.")?;
            } else {
                writeln!(out, "{} as of {}.\n", count(chosen.len() as u64, "finding"), day(scan.loaded.frame.today))?;
                list(&mut out, Style::stdout(global), &chosen)?;
            }
            Ok(Done::Clean)
        }
        FindingsCommand::Show { id, when: at } => {
            let (today, cut) = when(at)?;
            let scan = look(&global.ledger, cut, today, now)?;
            let finding = scan.report.findings.iter().find(|f| f.id.eq_ignore_ascii_case(id)).ok_or_else(|| {
                AuditError::asked(format!("there is no finding {id} at this cut"), "`countersign findings list` shows those there are")
            })?;
            if global.format() == Format::Human { show(global, &scan, finding)? } else { data(global.format(), &scan, &[finding])? }
            Ok(Done::Clean)
        }
    }
}

fn choose<'s>(scan: &'s Scan, filter: &Filter) -> Result<Vec<&'s Finding>, AuditError> {
    let class = filter
        .class
        .as_deref()
        .map(|text| Class::parse(text).ok_or_else(|| AuditError::asked(format!("{text:?} is no class"), "violation, documentation or advisory")))
        .transpose()?;
    let since = super::day("--since", filter.since.as_deref())?;
    let same = |wanted: &Option<String>, have: Option<&str>| wanted.as_deref().is_none_or(|w| have == Some(w));
    Ok(scan
        .report
        .findings
        .iter()
        .filter(|f| {
            class.is_none_or(|c| f.class == c)
                && filter.rule.as_deref().is_none_or(|r| f.rule.eq_ignore_ascii_case(r))
                && same(&filter.program, f.about.program.as_deref())
                && same(&filter.person, f.about.peer.as_deref())
                && same(&filter.individual, f.about.individual.as_deref())
                && since.is_none_or(|d| f.true_from >= d)
        })
        .collect())
}

/// Findings as a table for people.
pub(crate) fn list(out: &mut impl Write, style: Style, findings: &[&Finding]) -> io::Result<()> {
    let mut rows = table(&["Finding", "", "Rule", "What", "At risk", "Known when billed"]);
    for f in findings {
        rows.add_row([
            f.id.clone(),
            style.class(f.class),
            f.rule.to_owned(),
            sentence(&f.message),
            if f.exposure.0 == 0 { String::new() } else { money(f.exposure) },
            known_word(f.known_at_claim).to_owned(),
        ]);
    }
    right(&mut rows, 4);
    writeln!(out, "{}", trimmed(&rows))
}

/// Whether it could be known when billed, in a word.
pub(crate) fn known_word(known: Option<bool>) -> &'static str {
    match known {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not billed",
    }
}

fn show(global: &Global, scan: &Scan, f: &Finding) -> io::Result<()> {
    let style = Style::stdout(global);
    let mut out = io::stdout().lock();
    banner(&mut out, scan.loaded.frame.simulated)?;
    writeln!(out, "{}  {}  {}  {}\n", style.strong(&f.id), f.rule, style.class(f.class), f.status.as_str().replace('_', " "))?;
    write!(out, "{}", prose(&format!("{}.", sentence(&f.message)), 0))?;
    writeln!(out)?;
    let mut rows = table(&[]);
    rows.add_row(["about".to_owned(), f.subject.to_string()]);
    rows.add_row(["true from".to_owned(), day(f.true_from)]);
    rows.add_row(["first detectable".to_owned(), known(f.first_detectable)]);
    rows.add_row(["known when billed".to_owned(), known_word(f.known_at_claim).to_owned()]);
    rows.add_row(["at risk".to_owned(), money(f.exposure)]);
    rows.add_row(["claims".to_owned(), if f.about.claims.is_empty() { "none".to_owned() } else { f.about.claims.join(", ") }]);
    if !f.missing.is_empty() {
        rows.add_row(["missing".to_owned(), sentence(&f.missing.join("; "))]);
    }
    let evidence: Vec<String> = f.evidence.iter().map(|(seq, kind)| format!("{kind} (seq {seq})")).collect();
    rows.add_row(["evidence".to_owned(), evidence.join(", ")]);
    rows.add_row(["citation".to_owned(), format!("{}, {}", f.citation.document.title(), f.citation.section)]);
    writeln!(out, "{}", trimmed(&rows))?;
    if !global.quiet {
        writeln!(out, "\nNext: countersign explain {}", f.id)?;
    }
    Ok(())
}

/// Findings as data.
pub(crate) fn data(format: Format, scan: &Scan, findings: &[&Finding]) -> Result<(), Stop> {
    let mut out = io::stdout().lock();
    let disposition = |f: &Finding| scan.loaded.dispositions.get(&f.id).copied();
    match format {
        Format::Human | Format::Json => {
            let mut report = scan.report.clone();
            report.findings = findings.iter().map(|f| (*f).clone()).collect();
            writeln!(out, "{}", scan.loaded.json(&report)?)?;
        }
        Format::Ndjson => {
            for f in findings {
                let line = serde_json::to_string(&FindingJson::new(f, disposition(f))).map_err(AuditError::from)?;
                writeln!(out, "{line}")?;
            }
        }
        Format::Csv => {
            writeln!(out, "id,rule,class,status,disposition,subject,program,peer,individual,true_from,first_detectable,known_at_claim,exposure_cents,message")?;
            for f in findings {
                let known = f.known_at_claim.map_or(String::new(), |k| k.to_string());
                let cells = [
                    f.id.clone(),
                    f.rule.to_owned(),
                    f.class.as_str().to_owned(),
                    f.status.as_str().to_owned(),
                    disposition(f).unwrap_or_default().to_owned(),
                    f.subject.to_string(),
                    f.about.program.clone().unwrap_or_default(),
                    f.about.peer.clone().unwrap_or_default(),
                    f.about.individual.clone().unwrap_or_default(),
                    f.true_from.to_string(),
                    f.first_detectable.to_string(),
                    known,
                    f.exposure.0.to_string(),
                    f.message.clone(),
                ];
                writeln!(out, "{}", cells.iter().map(|c| cell(c)).collect::<Vec<_>>().join(","))?;
            }
        }
    }
    Ok(())
}

/// A CSV cell: quoted where needed, and never taken for a formula by a spreadsheet.
pub(crate) fn cell(text: &str) -> String {
    let guarded = if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text.to_owned() };
    if guarded.contains([',', '"', '\n', '\r']) { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded }
}
