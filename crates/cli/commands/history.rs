//! `history`: supervision of a peer with every gap, and the trails of people, individuals, contacts and claims.
//! Gaps and late entries are said in words, not left to be noticed.

use std::io::{self, Write};

use audit::describe::moment;
use audit::history::supervision::{Stretch, SupervisionHistory, supervision};
use audit::history::trail::{Of, Trail, trail};
use audit::vocabulary::KnownAt;
use audit::words::{count, day, known, sentence};

use super::{Outcome, banner, cut, explain::fact_json};
use crate::args::{Format, Global, HistoryOf};
use crate::exit::Done;
use crate::paper::{Style, table, trimmed};

pub(crate) fn run(global: &Global, of: HistoryOf, id: &str, on: Option<&str>, as_of: Option<&str>, now: KnownAt) -> Outcome {
    let on = super::day("--on", on)?;
    let cut = cut(as_of)?;
    let of = match of {
        HistoryOf::Supervision => {
            let history = supervision(&global.ledger, id, on, cut, now)?;
            if global.format() == Format::Human { people_supervision(global, &history)? } else { supervision_json(&history)? }
            return Ok(Done::Clean);
        }
        HistoryOf::Person => Of::Person,
        HistoryOf::Individual => Of::Individual,
        HistoryOf::Contact => Of::Contact,
        HistoryOf::Claim => Of::Claim,
    };
    let trail = trail(&global.ledger, of, id, on, cut, now)?;
    if global.format() == Format::Human { people_trail(global, &trail)? } else { trail_json(&trail)? }
    Ok(Done::Clean)
}

fn people_supervision(global: &Global, history: &SupervisionHistory) -> io::Result<()> {
    let style = Style::stdout(global);
    let mut out = io::stdout().lock();
    banner(&mut out, history.frame.simulated)?;
    let gaps: Vec<&Stretch> = history.stretches.iter().filter(|s| !s.covered()).collect();
    let contacts = gaps.iter().map(|s| s.contacts).sum::<u64>();
    let known_then = format!("as known on {}", known(history.frame.as_of_recorded_at));
    if history.stretches.is_empty() {
        writeln!(out, "Nothing says that {} worked in a program, {known_then}.", history.peer)?;
        return Ok(());
    }
    if gaps.is_empty() {
        writeln!(out, "{} was supervised by somebody who qualified on every day shown, {known_then}.\n", history.peer)?;
    } else {
        let said = format!("{}, with {}", count(gaps.len() as u64, "gap"), count(contacts, "contact"));
        writeln!(out, "{}: {}, {known_then}.\n", history.peer, style.violation(&said))?;
    }
    let mut rows = table(&["From", "Through", "Program", "Supervisor", "", "Why"]);
    for s in &history.stretches {
        let gap_note = if s.contacts > 0 { format!("; {}", count(s.contacts, "contact")) } else { String::new() };
        if s.supervisors.is_empty() {
            rows.add_row([day(s.from), day(s.to), s.program.clone(), "nobody".to_owned(), style.violation("■ gap"), format!("nobody was assigned{gap_note}")]);
        }
        for (i, who) in s.supervisors.iter().enumerate() {
            let span = if i == 0 { [day(s.from), day(s.to), s.program.clone()] } else { [String::new(), String::new(), String::new()] };
            let mark = match (who.qualifies, s.covered()) {
                (true, _) => style.good("qualifies"),
                (false, true) => style.faint("does not"),
                (false, false) => style.violation("■ gap"),
            };
            let note = if i == 0 && !s.covered() { gap_note.as_str() } else { "" };
            let [from, to, program] = span;
            rows.add_row([from, to, program, format!("{} ({})", who.person, who.kind), mark, format!("{}{note}", who.why)]);
        }
    }
    writeln!(out, "{}", trimmed(&rows))
}

fn supervision_json(history: &SupervisionHistory) -> io::Result<()> {
    let stretches: Vec<serde_json::Value> = history
        .stretches
        .iter()
        .map(|s| {
            let supervisors: Vec<serde_json::Value> = s
                .supervisors
                .iter()
                .map(|w| serde_json::json!({"person": w.person, "kind": w.kind.as_str(), "qualifies": w.qualifies, "why": w.why, "assignment": w.assignment.0}))
                .collect();
            serde_json::json!({
                "program": s.program, "from": s.from.to_string(), "to": s.to.to_string(), "covered": s.covered(), "contacts": s.contacts, "supervisors": supervisors,
            })
        })
        .collect();
    let value = serde_json::json!({
        "schema": "countersign.supervision.v1",
        "peer": history.peer,
        "as_of": {"seq": history.frame.as_of_seq, "recorded_at": history.frame.as_of_recorded_at.to_string()},
        "simulated": history.frame.simulated,
        "stretches": stretches,
    });
    writeln!(io::stdout().lock(), "{value}")
}

fn people_trail(global: &Global, trail: &Trail) -> io::Result<()> {
    let style = Style::stdout(global);
    let mut out = io::stdout().lock();
    banner(&mut out, trail.frame.simulated)?;
    let events = count(trail.facts.len() as u64, "event");
    writeln!(
        out,
        "{} {}: {events}, {}, as known on {}.\n",
        sentence(trail.of.as_str()),
        trail.id,
        count(trail.findings.len() as u64, "finding"),
        known(trail.frame.as_of_recorded_at)
    )?;
    let mut rows = table(&["True on", "Known on", "What", "Event"]);
    for fact in &trail.facts {
        rows.add_row([fact.true_at.map_or_else(String::new, moment), known(fact.known_at), sentence(&fact.says), format!("seq {}", fact.seq)]);
    }
    writeln!(out, "{}", trimmed(&rows))?;
    if !trail.findings.is_empty() {
        writeln!(out, "\n{}", style.strong("Findings"))?;
        super::findings::list(&mut out, style, &trail.findings.iter().map(AsRef::as_ref).collect::<Vec<_>>())?;
    }
    Ok(())
}

fn trail_json(trail: &Trail) -> io::Result<()> {
    let findings: Vec<audit::json::FindingJson<'_>> = trail.findings.iter().map(|f| audit::json::FindingJson::new(f, None)).collect();
    let value = serde_json::json!({
        "schema": "countersign.trail.v1",
        "of": trail.of.as_str(),
        "id": trail.id,
        "as_of": {"seq": trail.frame.as_of_seq, "recorded_at": trail.frame.as_of_recorded_at.to_string()},
        "simulated": trail.frame.simulated,
        "events": trail.facts.iter().map(fact_json).collect::<Vec<_>>(),
        "findings": findings,
    });
    writeln!(io::stdout().lock(), "{value}")
}
