//! Claims not yet submitted: each passes, or is held for what would be wrong with it once it is submitted.
//! Takes claims, replacements and voids among them, and nothing else; appends nothing; an unknown is named, never counted as a pass without being said.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use domain::event::{ClaimSubmitted, Claims, Event};
use domain::{Seq, ValidDay};
use ledger::Ledger;
use rules::{Class, Finding, NotEvaluated, Report};
use timeline::History;

use super::supposed::suppose;
use crate::error::AuditError;
use crate::intake::{Intake, IntakeOptions};
use crate::json::Frame;
use crate::loaded;
use crate::resume::{self, Asked, Standing};

/// How a claim fares.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The claim.
    pub claim: String,
    /// The individual it is for.
    pub individual: String,
    /// Line of the file, from 1.
    pub line: u64,
    /// Whether the ledger has it already.
    pub submitted: bool,
    /// Charge of all lines, in cents.
    pub charge_cents: i64,
    /// Violations its contacts have, or would have once it is submitted.
    pub held_for: Vec<Finding>,
    /// Documentation gaps that would not put it at risk.
    pub gaps: Vec<Finding>,
    /// What could not be judged.
    pub unknown: Vec<NotEvaluated>,
    /// Whether it is held.
    pub held: bool,
}

/// What the gate says of a file.
#[derive(Debug)]
pub struct Gate {
    /// What the import's checks said of the file.
    pub intake: Intake,
    /// Ledger and day; `None` if the file would be refused.
    pub frame: Option<Frame>,
    /// The claims, in the order of the file.
    pub claims: Vec<Verdict>,
}

impl Gate {
    /// Claims held.
    pub fn held(&self) -> impl Iterator<Item = &Verdict> {
        self.claims.iter().filter(|c| c.held)
    }
}

/// Judges every claim of the files as if all of them were submitted. With `strict`, a claim with an unknown is held.
///
/// # Errors
/// A file that brings anything but claims, or a ledger that cannot be read or opened.
pub fn gate(dir: &Path, paths: &[PathBuf], strict: bool, today: Option<ValidDay>, options: &IntakeOptions) -> Result<Gate, AuditError> {
    let supposed = suppose(dir, paths, options)?;
    if !supposed.intake.problems.is_empty() {
        return Ok(Gate { intake: supposed.intake, frame: None, claims: Vec::new() });
    }
    let mut claims = Vec::new();
    let new = supposed.further.iter().map(|r| (&r.event, &r.envelope, r.seq, false));
    let there = supposed.there.iter().map(|(seq, draft)| (&draft.event, &draft.envelope, *seq, true));
    for (event, envelope, seq, submitted) in new.chain(there) {
        // A replacement comes with the adjustment of the claim it replaces; it and a void take a claim away and are not judged themselves.
        if matches!(event, Event::Claims(Claims::ClaimAdjusted(_) | Claims::ClaimVoided(_))) {
            continue;
        }
        let Event::Claims(Claims::ClaimSubmitted(claim)) = event else {
            return Err(AuditError::asked(
                format!("the file brings a {}", event.type_name()),
                "gate takes claims not yet submitted (claim_submitted) and nothing else; `countersign what-if` takes any event",
            ));
        };
        let line = envelope.provenance.as_ref().map_or(0, |p| p.line);
        claims.push(Asking { claim, seq, line, submitted });
    }
    claims.sort_by_key(|asking| asking.line);
    let engine = loaded::engine()?;
    let ledger = Ledger::open_reader(dir)?;
    let last = supposed.last_at().filter(|_| ledger.genesis().simulated()).map(|at| at.local_day());
    let asked = Asked { supposed: &supposed.further, ..Asked::of(today.or(last), options.now.local_day()) };
    let Standing { loaded, report, .. } = resume::head(&ledger, &engine, asked, &|_, _| {})?;
    let claims = claims.into_iter().map(|asking| judge(&loaded.history, asking, strict, &report)).collect();
    Ok(Gate { intake: supposed.intake, frame: Some(loaded.frame), claims })
}

/// A claim that stands at the gate.
struct Asking<'c> {
    claim: &'c ClaimSubmitted,
    /// The event it is, or would be.
    seq: Seq,
    line: u64,
    submitted: bool,
}

fn judge(history: &History, Asking { claim, seq, line, submitted }: Asking<'_>, strict: bool, report: &Report) -> Verdict {
    let contacts: BTreeSet<&str> = claim.lines.iter().map(|l| l.contact.as_str()).collect();
    let concerns = |f: &&Finding| match f.subject.get("claim") {
        // What is not yet submitted cannot be the first of two claims, whatever date stands on it: the finding is about the other one, because of this.
        Some(id) => id == claim.claim.as_str() || !submitted && f.evidence.iter().any(|(event, _)| *event == seq),
        None => f.contacts.iter().any(|c| contacts.contains(history.contact_name(c))),
    };
    let of = |class| report.each().filter(|f| f.class == class).filter(concerns).cloned().collect::<Vec<_>>();
    let unknown: Vec<NotEvaluated> = report.not_evaluated.iter().filter(|n| unknown_about(n, claim, &contacts)).cloned().collect();
    let held_for = of(Class::Violation);
    Verdict {
        claim: claim.claim.as_str().to_owned(),
        individual: claim.individual.as_str().to_owned(),
        line,
        submitted,
        charge_cents: claim.lines.iter().map(|l| l.charge_cents.0).sum(),
        held: !held_for.is_empty() || (strict && !unknown.is_empty()),
        held_for,
        gaps: of(Class::Documentation),
        unknown,
    }
}

/// Whether what could not be judged bears on a claim: it is about the claim, one of its contacts, or its individual that month or in its
/// program.
fn unknown_about(n: &NotEvaluated, claim: &ClaimSubmitted, contacts: &BTreeSet<&str>) -> bool {
    let is = |key: &str, id: &str| n.subject.get(key).is_none_or(|value| value == id);
    let has = |key: &str| n.subject.get(key).is_some();
    if has("claim") || has("contact") {
        return is("claim", claim.claim.as_str()) && n.subject.get("contact").is_none_or(|c| contacts.contains(c.as_str()));
    }
    let day = claim.service_date.to_string();
    has("individual")
        && is("individual", claim.individual.as_str())
        && is("program", claim.program.as_str())
        && is("date", &day)
        && n.subject.get("month").is_none_or(|month| day.starts_with(month.as_str()))
}
