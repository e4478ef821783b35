//! One decision put on record for one finding or many, all of them or none.
//! Refuses findings that are not there, a waiver without a reason or approved by its author, and dates that contradict each other.

use std::path::Path;

use domain::event::{FindingAcknowledged, FindingAssigned, FindingDisputed, FindingRemediated, FindingWaived, Findings};
use domain::{Draft, Envelope, FindingId, KnownAt, Seq, SourceId, Text, ValidDay};
use ledger::{Expect, Ledger};
use rules::Report;

use super::Choice;
use crate::acts::{Acts, Word};
use crate::beside_writers;
use crate::error::{AuditError, appending};
use crate::loaded;
use crate::office::{Appended, appended};
use crate::resume::{self, Standing};

/// The findings meant.
#[derive(Debug, Clone)]
pub enum Which {
    /// These.
    Ids(Vec<String>),
    /// All that fit.
    Matching(Choice),
}

/// What is to be recorded.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The decision.
    pub word: Word,
    /// Who decides.
    pub by: String,
    /// To whom an assignment goes, if not to who decides.
    pub to: Option<String>,
    /// Who approves a waiver.
    pub approver: Option<String>,
    /// The day it was decided; the day it is recorded, if not given.
    pub on: Option<ValidDay>,
    /// Why.
    pub rationale: Option<String>,
    /// Due date; of a waiver, its last day.
    pub due_on: Option<ValidDay>,
    /// Evaluation day for finding the findings.
    pub today: Option<ValidDay>,
    /// The time a simulated ledger is to record; its last event's, if not given.
    pub at: Option<KnownAt>,
}

/// A decision recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acted {
    /// A simulated ledger.
    pub simulated: bool,
    /// Each finding with what became of it, in the order of the report.
    pub findings: Vec<(String, Appended)>,
}

/// Records a decision, durably, for every finding meant.
///
/// # Errors
/// No such finding, a decision that is not complete, a ledger that another process is writing.
pub fn act(dir: &Path, which: &Which, asked: &Asked, now: KnownAt) -> Result<Acted, AuditError> {
    complete(asked)?;
    let engine = loaded::engine()?;
    let judge = |ledger: &Ledger| {
        let standing = resume::head(ledger, &engine, resume::Asked::of(asked.today, now.local_day()), &|_, _| {})?;
        Ok((standing.loaded.frame.size, standing))
    };
    // Whatever was appended meanwhile may have cleared a finding, or decided about it.
    let (mut ledger, Standing { loaded, report, .. }) = beside_writers::judged(dir, judge, |_| false)?;
    let simulated = ledger.genesis().simulated();
    let recorded_at = if simulated { Some(asked.at.unwrap_or(ledger.head()?.recorded_at)) } else { None };
    let on = asked.on.unwrap_or(recorded_at.unwrap_or(now).local_day());
    dated(asked, on, (!simulated).then(|| now.local_day()))?;
    let ids = meant(which, &report, &loaded.acts, loaded.frame.today)?;

    let mut findings = Vec::new();
    let mut drafts = Vec::new();
    for id in ids {
        if let Some(seq) = same_in_force(&loaded.acts, &id, asked, on) {
            findings.push((id, Appended::AlreadyThere(seq)));
        } else {
            drafts.push(draft(&id, asked, on, loaded.acts.entered(&id), recorded_at)?);
            findings.push((id, Appended::New(Seq(0))));
        }
    }
    if !drafts.is_empty() {
        let receipt = ledger.append(&drafts, Expect::Any, now).map_err(appending)?;
        ledger.sign_checkpoint()?;
        let mut outcomes = receipt.outcomes.iter();
        for (_, taken) in findings.iter_mut().filter(|(_, taken)| matches!(taken, Appended::New(_))) {
            *taken = appended(outcomes.next())?;
        }
    }
    Ok(Acted { simulated, findings })
}

fn complete(asked: &Asked) -> Result<(), AuditError> {
    if asked.word != Word::Waived {
        return Ok(());
    }
    if asked.rationale.as_deref().is_none_or(|r| r.trim().is_empty()) {
        return Err(AuditError::asked("a waiver needs its reason", "add --rationale \"...\""));
    }
    let Some(approver) = &asked.approver else {
        return Err(AuditError::asked("a waiver needs somebody to approve it", "add --approver NAME, another person than --by"));
    };
    let plain = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    if plain(approver) == plain(&asked.by) {
        return Err(AuditError::asked(format!("{approver} cannot approve their own waiver"), "somebody else has to approve it"));
    }
    Ok(())
}

fn dated(asked: &Asked, on: ValidDay, clock: Option<ValidDay>) -> Result<(), AuditError> {
    if clock.is_some_and(|today| on > today) {
        return Err(AuditError::asked(format!("--on {on} lies in the future"), "give the day it was decided"));
    }
    match asked.due_on {
        Some(due) if due < on => Err(AuditError::asked(format!("--due {due} lies before the day of the decision, {on}"), "give a later day")),
        Some(_) | None => Ok(()),
    }
}

/// The ids meant, as the report writes them and in its order.
fn meant(which: &Which, report: &Report, acts: &Acts, today: ValidDay) -> Result<Vec<String>, AuditError> {
    match which {
        Which::Matching(choice) => {
            let ids: Vec<String> = report.findings.iter().filter(|f| choice.fits(f, acts, today)).map(|f| f.id.to_string()).collect();
            if ids.is_empty() {
                return Err(AuditError::asked(format!("no finding fits on {today}"), "`countersign findings list` with the same filters shows what does"));
            }
            Ok(ids)
        }
        Which::Ids(wanted) => {
            let missing: Vec<&str> =
                wanted.iter().filter(|id| report.findings.iter().all(|f| !f.id.eq_ignore_ascii_case(id))).map(String::as_str).collect();
            if let Some(first) = missing.first() {
                let hint = if acts.decisions(first).is_empty() {
                    "`countersign findings list` shows those there are; a cleared finding needs no decision. Nothing was recorded"
                } else {
                    "it was cleared since somebody last decided about it and needs no decision. Nothing was recorded"
                };
                return Err(AuditError::asked(format!("there is no finding {} on {today}", missing.join(", ")), hint));
            }
            let named = |id: &str| wanted.iter().any(|w| w.eq_ignore_ascii_case(id));
            Ok(report.findings.iter().filter(|f| named(&f.id)).map(|f| f.id.to_string()).collect())
        }
    }
}

/// `by` and `actor` of the event: an assignment is borne by who gets it and entered by who gives it; a waiver is its author's and
/// entered by who approves it; everything else is borne and entered by the same person.
fn roles(asked: &Asked) -> (&str, &str) {
    match asked.word {
        Word::Assigned => (asked.to.as_deref().unwrap_or(&asked.by), &asked.by),
        Word::Waived => (&asked.by, asked.approver.as_deref().unwrap_or(&asked.by)),
        Word::Acknowledged | Word::Disputed | Word::Remediated => (&asked.by, &asked.by),
    }
}

fn same_in_force(acts: &Acts, id: &str, asked: &Asked, on: ValidDay) -> Option<Seq> {
    let (by, actor) = roles(asked);
    acts.last(id)
        .filter(|d| {
            d.word == asked.word
                && d.by == by
                && d.actor.as_deref() == Some(actor)
                && d.on == on
                && d.rationale == asked.rationale
                && d.due_on == asked.due_on
        })
        .map(|d| d.seq)
}

fn draft(id: &str, asked: &Asked, on: ValidDay, entered: u64, recorded_at: Option<KnownAt>) -> Result<Draft, AuditError> {
    let text = |name: &str, t: &str| Text::parse(t).map_err(|m| AuditError::asked(format!("{name}: {} is not {}", m.found, m.wanted), "write it shorter, in plain characters"));
    let (by, actor) = roles(asked);
    let by = text("--by", by)?;
    let actor = text("--by", actor)?;
    let rationale = asked.rationale.as_deref().map(|r| text("--rationale", r)).transpose()?;
    let finding = FindingId::parse(id).map_err(|e| AuditError::asked(e.to_string(), "an id as `countersign findings list` prints it"))?;
    let due_on = asked.due_on;
    let event = match asked.word {
        Word::Acknowledged => Findings::FindingAcknowledged(FindingAcknowledged { finding, by, on, rationale, due_on }),
        Word::Assigned => Findings::FindingAssigned(FindingAssigned { finding, by, on, rationale, due_on }),
        Word::Disputed => Findings::FindingDisputed(FindingDisputed { finding, by, on, rationale, due_on }),
        Word::Waived => Findings::FindingWaived(FindingWaived { finding, by, on, rationale, due_on }),
        Word::Remediated => Findings::FindingRemediated(FindingRemediated { finding, by, on, rationale, due_on }),
    };
    // A number of its own for every act, so that deciding the same again after something else was decided is a new fact.
    let source = format!("worklist:{id}:{}", entered + 1);
    let source_id = SourceId::parse(&source).map_err(|e| AuditError::asked(e.to_string(), "an id as `countersign findings list` prints it"))?;
    let envelope = Envelope { source_id: Some(source_id), actor: Some(actor), ..Envelope::default() };
    Ok(Draft { event: domain::Event::Findings(event), envelope, recorded_at })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiver(by: &str, approver: Option<&str>, rationale: Option<&str>) -> Asked {
        Asked {
            word: Word::Waived,
            by: by.to_owned(),
            to: None,
            approver: approver.map(str::to_owned),
            on: None,
            rationale: rationale.map(str::to_owned),
            due_on: None,
            today: None,
            at: None,
        }
    }

    #[test]
    fn a_waiver_needs_a_reason_and_somebody_else_to_approve_it() {
        assert!(complete(&waiver("Ana Ortiz", Some("Ben Cole"), Some("seen by counsel"))).is_ok());
        assert!(complete(&waiver("Ana Ortiz", Some(" ana  ortiz"), Some("seen by counsel"))).is_err());
        assert!(complete(&waiver("Ana Ortiz", None, Some("seen by counsel"))).is_err());
        assert!(complete(&waiver("Ana Ortiz", Some("Ben Cole"), Some("  "))).is_err());
    }

    #[test]
    fn who_bears_a_decision_and_who_enters_it() {
        let waived = waiver("Ana Ortiz", Some("Ben Cole"), Some("r"));
        assert_eq!(roles(&waived), ("Ana Ortiz", "Ben Cole"));
        let assigned = Asked { word: Word::Assigned, to: Some("Cy Dean".to_owned()), ..waiver("Ana Ortiz", None, None) };
        assert_eq!(roles(&assigned), ("Cy Dean", "Ana Ortiz"));
        assert_eq!(roles(&Asked { word: Word::Disputed, ..waiver("Ana Ortiz", None, None) }), ("Ana Ortiz", "Ana Ortiz"));
    }
}
