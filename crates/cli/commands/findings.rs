//! `findings list` and `findings show`; decisions go to `worklist`.
//! A list is a sentence a line; the same data go to JSON and CSV unchanged.

use std::io::{self, Write};

use audit::AuditError;
use audit::json::FindingJson;
use audit::scan::{Scan, seen};
use audit::acts::Word;
use audit::vocabulary::{Finding, KnownAt};
use audit::words::{count, day, known, money, sentence};

use super::worklist::{self, by_whom, choice, in_words};
use super::{Outcome, banner, when};
use crate::args::{FindingsCommand, Format, Global};
use crate::exit::{Done, Stop};
use crate::paper::{Style, prose, right, table, trimmed};

pub(crate) fn run(global: &Global, command: &FindingsCommand, now: KnownAt) -> Outcome {
    match command {
        FindingsCommand::List { filter, when: at } => {
            let (today, cut) = when(at)?;
            let choice = choice(filter)?;
            let words = seen(&global.ledger, cut, today, now, |scan| {
                let chosen: Vec<&Finding> = scan.report.each().filter(|f| choice.fits(f, &scan.loaded.acts, scan.loaded.frame.today)).collect();
                let mut out = Vec::new();
                if global.format() == Format::Human { chosen_list(&mut out, global, &scan, &chosen)? } else { data(&mut out, global.format(), &scan, &chosen)? }
                // The process ends here, and a large history is given back at once sooner than row by row.
                drop(chosen);
                std::mem::forget(scan);
                Ok::<_, Stop>(out)
            })?;
            io::stdout().lock().write_all(&words)?;
            Ok(Done::Clean)
        }
        FindingsCommand::Show { id, when: at } => {
            let (today, cut) = when(at)?;
            let words = seen(&global.ledger, cut, today, now, |scan| {
                let finding = scan.report.of_id(id).ok_or_else(|| {
                    AuditError::asked(format!("there is no finding {id} at this cut"), "`countersign findings list` shows those there are")
                })?;
                let mut out = Vec::new();
                if global.format() == Format::Human { show(&mut out, global, &scan, finding)? } else { data(&mut out, global.format(), &scan, &[finding])? }
                std::mem::forget(scan);
                Ok::<_, Stop>(out)
            })?;
            io::stdout().lock().write_all(&words)?;
            Ok(Done::Clean)
        }
        FindingsCommand::Acknowledge(decision) => worklist::run(global, Word::Acknowledged, decision, None, None, now),
        FindingsCommand::Assign { decision, to } => worklist::run(global, Word::Assigned, decision, to.as_deref(), None, now),
        FindingsCommand::Dispute(decision) => worklist::run(global, Word::Disputed, decision, None, None, now),
        FindingsCommand::Waive { decision, approver } => worklist::run(global, Word::Waived, decision, None, approver.as_deref(), now),
        FindingsCommand::Remediate(decision) => worklist::run(global, Word::Remediated, decision, None, None, now),
    }
}

/// The findings chosen, for people.
fn chosen_list(out: &mut impl Write, global: &Global, scan: &Scan, chosen: &[&Finding]) -> io::Result<()> {
    banner(out, scan.loaded.frame.simulated)?;
    if chosen.is_empty() {
        return writeln!(out, "No finding fits.");
    }
    writeln!(out, "{} as of {}.\n", count(chosen.len() as u64, "finding"), day(scan.loaded.frame.today))?;
    worklist_table(out, Style::stdout(global), scan, chosen)
}

/// Findings with what people decided and their age, for those who work through them.
fn worklist_table(out: &mut impl Write, style: Style, scan: &Scan, findings: &[&Finding]) -> io::Result<()> {
    let today = scan.loaded.frame.today;
    // The sentence needs the room: the last column is there only when somebody decided something.
    let decided = findings.iter().any(|f| scan.loaded.acts.last(&f.id).is_some());
    let headers = ["Finding", "", "Rule", "What", "At risk", "Known when billed", "Age", "Decided"];
    let shown = if decided { headers.len() } else { headers.len() - 1 };
    let mut rows = table(headers.get(..shown).unwrap_or(&headers));
    for f in findings {
        let cells = [
            f.id.to_string(),
            style.class(f.class),
            f.rule.to_owned(),
            sentence(&f.message),
            if f.exposure.0 == 0 { String::new() } else { money(f.exposure) },
            known_word(f.known_at_claim).to_owned(),
            format!("{} d", today.days_since(f.first_detectable.local_day()).max(0)),
            scan.loaded.acts.last(&f.id).map_or_else(String::new, |d| in_words(d, today)),
        ];
        rows.add_row(cells.into_iter().take(shown));
    }
    right(&mut rows, 4);
    right(&mut rows, 6);
    writeln!(out, "{}", trimmed(&rows))
}

/// Findings as a table for people.
pub(crate) fn list(out: &mut impl Write, style: Style, findings: &[&Finding]) -> io::Result<()> {
    let mut rows = table(&["Finding", "", "Rule", "What", "At risk", "Known when billed"]);
    for f in findings {
        rows.add_row([
            f.id.to_string(),
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

fn show(out: &mut impl Write, global: &Global, scan: &Scan, f: &Finding) -> io::Result<()> {
    let style = Style::stdout(global);
    banner(out, scan.loaded.frame.simulated)?;
    writeln!(out, "{}  {}  {}  {}\n", style.strong(&f.id), f.rule, style.class(f.class), f.status.as_str().replace('_', " "))?;
    write!(out, "{}", prose(&format!("{}.", sentence(&f.message)), 0))?;
    writeln!(out)?;
    let mut rows = table(&[]);
    rows.add_row(["about".to_owned(), f.subject.to_string()]);
    rows.add_row(["true from".to_owned(), day(f.true_from)]);
    rows.add_row(["first detectable".to_owned(), known(f.first_detectable)]);
    rows.add_row(["known when billed".to_owned(), known_word(f.known_at_claim).to_owned()]);
    rows.add_row(["at risk".to_owned(), money(f.exposure)]);
    rows.add_row(["claims".to_owned(), if f.about.claims.is_empty() { "none".to_owned() } else { f.about.claims.iter().collect::<Vec<_>>().join(", ") }]);
    if !f.missing.is_empty() {
        rows.add_row(["missing".to_owned(), sentence(&f.missing.join("; "))]);
    }
    let evidence: Vec<String> = f.evidence.iter().map(|(seq, kind)| format!("{kind} (seq {seq})")).collect();
    rows.add_row(["evidence".to_owned(), evidence.join(", ")]);
    rows.add_row(["citation".to_owned(), format!("{}, {}", f.citation.document.title(), f.citation.section)]);
    writeln!(out, "{}", trimmed(&rows))?;
    decided(out, style, scan, f)?;
    if !global.quiet {
        writeln!(out, "\nNext: countersign explain {}", f.id)?;
    }
    Ok(())
}

/// The history of what people decided, in the order it was entered.
fn decided(out: &mut impl Write, style: Style, scan: &Scan, f: &Finding) -> io::Result<()> {
    let decisions = scan.loaded.acts.decisions(&f.id);
    if decisions.is_empty() {
        return writeln!(out, "\nNobody decided anything about it yet.");
    }
    writeln!(out, "\n{}", style.strong("What people decided"))?;
    let mut rows = table(&["On", "Entered", "What", "Why", "Event"]);
    for d in decisions {
        let why = d.rationale.clone().unwrap_or_default();
        rows.add_row([day(d.on), known(d.known_at), sentence(&by_whom(d, scan.loaded.frame.today)), why, format!("seq {}", d.seq)]);
    }
    writeln!(out, "{}", trimmed(&rows))
}

/// Findings as data.
pub(crate) fn data(out: &mut impl Write, format: Format, scan: &Scan, findings: &[&Finding]) -> Result<(), Stop> {
    let (acts, today) = (&scan.loaded.acts, scan.loaded.frame.today);
    match format {
        Format::Human | Format::Json => {
            writeln!(out, "{}", scan.loaded.json_of(&scan.report, findings)?)?;
        }
        Format::Ndjson => {
            for f in findings {
                let line = serde_json::to_string(&FindingJson::decided(f, acts, today)).map_err(AuditError::from)?;
                writeln!(out, "{line}")?;
            }
        }
        Format::Csv => {
            writeln!(out, "id,rule,class,status,disposition,subject,program,peer,individual,true_from,first_detectable,known_at_claim,exposure_cents,message,age_days,decided_by,decided_on,due_on,rationale")?;
            for f in findings {
                let last = acts.last(&f.id);
                let known = f.known_at_claim.map_or(String::new(), |k| k.to_string());
                let cells = [
                    f.id.to_string(),
                    f.rule.to_owned(),
                    f.class.as_str().to_owned(),
                    f.status.as_str().to_owned(),
                    scan.loaded.disposition(&f.id).unwrap_or_default().to_owned(),
                    f.subject.to_string(),
                    f.about.program.as_deref().unwrap_or_default().to_owned(),
                    f.about.peer.as_deref().unwrap_or_default().to_owned(),
                    f.about.individual.as_deref().unwrap_or_default().to_owned(),
                    f.true_from.to_string(),
                    f.first_detectable.to_string(),
                    known,
                    f.exposure.0.to_string(),
                    f.message.clone(),
                    today.days_since(f.first_detectable.local_day()).to_string(),
                    last.map(|d| d.by.clone()).unwrap_or_default(),
                    last.map(|d| d.on.to_string()).unwrap_or_default(),
                    last.and_then(|d| d.due_on).map(|d| d.to_string()).unwrap_or_default(),
                    last.and_then(|d| d.rationale.clone()).unwrap_or_default(),
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
