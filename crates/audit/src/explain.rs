//! Why a finding is one: its facts on two axes, what was missing, the citation, and what would cure it.
//! Tells the story in order; decides nothing that the rule did not decide.

use std::path::Path;
use std::sync::Arc;

use domain::{KnownAt, Moment, Recorded, Seq, ValidDay};
use ledger::Ledger;
use rules::{Engine, Finding};
use timeline::{History, View};

use crate::acts::Decision;
use crate::cut::Cut;
use crate::describe::{describe, true_at};
use crate::error::AuditError;
use crate::json::Frame;
use crate::known_when::{KnownWhen, known_when};
use crate::loaded::{self, Loaded};
use crate::places::read;
use crate::resume;
use crate::rulebook::{self, Page};
use crate::scan::{self, Scan, ScanOptions};
use crate::words::{day, known, money};

/// One fact of a story.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Its event.
    pub seq: Seq,
    /// Type of the event.
    pub kind: &'static str,
    /// When it was true.
    pub true_at: Option<Moment>,
    /// When it was known.
    pub known_at: KnownAt,
    /// Who entered it, if said.
    pub actor: Option<String>,
    /// File digest and line it came from, if it was imported.
    pub source: Option<(String, u64)>,
    /// What it says.
    pub says: String,
    /// Whether the finding rests on it, rather than money or later events.
    pub is_evidence: bool,
}

/// A finding told.
#[derive(Debug)]
pub struct Story {
    /// Ledger, cut and day.
    pub frame: Frame,
    /// The finding.
    pub finding: Arc<Finding>,
    /// What people decided about it and still holds, if they did.
    pub disposition: Option<&'static str>,
    /// Everything they decided about it, oldest first.
    pub decisions: Vec<Decision>,
    /// Facts in the order in which they were true.
    pub facts: Vec<Fact>,
    /// Contacts involved, sorted.
    pub contacts: Vec<String>,
    /// First submission of a claim for a contact involved.
    pub first_submission: Option<KnownAt>,
    /// The rule's page.
    pub page: Page,
    /// How the finding went as more became known.
    pub known_when: KnownWhen,
}

impl Story {
    /// A fact on which the finding rests and that was known only after the first claim.
    pub fn late(&self, fact: &Fact) -> bool {
        fact.is_evidence && self.first_submission.is_some_and(|at| fact.known_at > at)
    }

    /// When it could be known, whether that was before the claim, and the money that hangs on it, in sentences.
    pub fn verdict(&self) -> String {
        let f = &self.finding;
        let since = format!("True from {}. The facts on hand showed it from {} on.", day(f.true_from), known(f.first_detectable));
        let billed = match (f.known_at_claim, self.first_submission) {
            (Some(true), Some(at)) => format!(" The first claim was submitted on {}, when it could already be known.", known(at)),
            (Some(false), Some(at)) => format!(" The first claim was submitted on {}, when it could not be known yet.", known(at)),
            _ => " No claim was submitted for it.".to_owned(),
        };
        let money = if f.exposure.0 > 0 { format!(" {} hangs on it.", money(f.exposure)) } else { String::new() };
        format!("{since}{billed}{money}")
    }
}

/// Tells why.
///
/// # Errors
/// A finding that is not there at this cut.
pub fn explain(dir: &Path, id: &str, cut: Cut, today: Option<ValidDay>, now: KnownAt) -> Result<Story, AuditError> {
    let engine = loaded::engine()?;
    let ledger = Ledger::open_reader(dir)?;
    let options = ScanOptions::look(cut, today, now);
    resume::answer(|kept| {
        let kept = if cut == Cut::Head { resume::finding(&ledger, &engine, options.asked(kept, false), id)? } else { None };
        let (loaded, finding) = match kept {
            Some(found) => found,
            None => {
                let Scan { loaded, report, .. } = scan::looked(&ledger, &engine, &options, None, &|_, _| {})?;
                (loaded, report.of_id(id).cloned())
            }
        };
        told(&Told { ledger: &ledger, engine: &engine, loaded: &loaded }, there(finding, id)?)
    })
}

/// What a story is told from: a ledger loaded.
pub(crate) struct Told<'t> {
    pub(crate) ledger: &'t Ledger,
    pub(crate) engine: &'t Engine,
    pub(crate) loaded: &'t Loaded,
}

/// The finding of an id.
///
/// # Errors
/// It is not there.
pub(crate) fn there(finding: Option<Arc<Finding>>, id: &str) -> Result<Arc<Finding>, AuditError> {
    finding.ok_or_else(|| {
        AuditError::asked(format!("there is no finding {id} at this cut"), "`countersign findings list` shows those there are; a finding that was cleared is gone from it")
    })
}

/// The story of a finding of a ledger that was loaded and judged.
pub(crate) fn told(from: &Told<'_>, finding: Arc<Finding>) -> Result<Story, AuditError> {
    let Told { ledger, engine, loaded } = *from;
    finding.read();
    let view = loaded.view();
    let money = money_seqs(&view, &finding);
    let mut seqs: Vec<Seq> = finding.evidence.iter().map(|(s, _)| *s).collect();
    seqs.extend(standing_before(&loaded.history, ledger, &finding)?);
    let amended: Vec<Seq> = seqs.iter().flat_map(|s| loaded.history.amendments_of(*s).iter().copied()).collect();
    seqs.extend(amended);
    seqs.extend(money);
    seqs.sort_unstable();
    seqs.dedup();
    let is_evidence = |seq: Seq| finding.evidence.iter().any(|(s, _)| *s == seq);
    let mut facts: Vec<Fact> = read(ledger, &seqs)?.iter().map(|recorded| fact(recorded, is_evidence(recorded.seq))).collect();
    facts.sort_by_key(|f| (f.true_at.map(order), f.known_at, f.seq));
    let first_submission = finding
        .contacts
        .iter()
        .filter_map(|c| view.first_submission(c))
        .map(|l| l.submitted_at().as_submission_known())
        .min();
    let rule = engine.rule(finding.rule).ok_or_else(|| AuditError::asked(format!("there is no rule {}", finding.rule), "see `countersign rules list`"))?;
    let (disposition, decisions) = (loaded.disposition(&finding.id), loaded.acts.decisions(&finding.id).to_vec());
    let known_when = known_when(from, &finding)?;
    let contacts = finding.contacts.names(&loaded.history).into_iter().map(str::to_owned).collect();
    Ok(Story { contacts, page: rulebook::page(rule), frame: loaded.frame.clone(), disposition, decisions, facts, first_submission, finding, known_when })
}

/// What came before a credential or licence step that the finding rests on: a revocation is told with the grant it ended.
fn standing_before(history: &History, ledger: &Ledger, finding: &Finding) -> Result<Vec<Seq>, AuditError> {
    let mut seqs = Vec::new();
    for (seq, _) in finding.evidence.iter().filter(|(_, kind)| kind.starts_with("credential_") || kind.starts_with("licence_")) {
        let Some(recorded) = ledger.get(*seq)? else { continue };
        let person = recorded.event.fields().into_iter().find(|(name, _)| *name == "person").and_then(|(_, raw)| raw.as_text().map(str::to_owned));
        let Some(person) = person.and_then(|p| history.find_person(&p)) else { continue };
        let facts = history.person_facts(person);
        let credential = facts.credentials.iter().find(|row| row.seq() == *seq).map(|row| row.value.kind);
        let licence = facts.licences.iter().find(|row| row.seq() == *seq).map(|row| row.value.discipline);
        let until = finding.true_from;
        seqs.extend(facts.credentials.iter().filter(|r| Some(r.value.kind) == credential && r.value.effective_on <= until).map(|r| r.seq()));
        seqs.extend(facts.licences.iter().filter(|r| Some(r.value.discipline) == licence && r.value.on <= until).map(|r| r.seq()));
    }
    Ok(seqs)
}

/// An event as a fact.
pub(crate) fn fact(recorded: &Recorded, is_evidence: bool) -> Fact {
    Fact {
        seq: recorded.seq,
        kind: recorded.event.type_name(),
        true_at: true_at(&recorded.event),
        known_at: recorded.known_at(),
        actor: recorded.envelope.actor.as_ref().map(|a| a.as_str().to_owned()),
        source: recorded.envelope.provenance.as_ref().map(|p| (hex(&p.file), p.line)),
        says: describe(&recorded.event),
        is_evidence,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Order in the world: a whole day stands at its beginning.
pub(crate) fn order(at: Moment) -> domain::ValidAt {
    match at {
        Moment::Day(day) => day.begins(),
        Moment::At(at) => at,
    }
}

fn money_seqs(view: &View<'_>, finding: &Finding) -> Vec<Seq> {
    let mut seqs = Vec::new();
    for contact in finding.contacts.iter() {
        for line in view.lines(contact) {
            let claim = line.claim.value.claim;
            seqs.push(line.claim.seq());
            seqs.extend(view.claim_end(claim).map(|row| row.seq()));
            seqs.extend(view.payments(claim).map(|row| row.seq()));
        }
    }
    seqs
}
