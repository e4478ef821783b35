//! Findings as the fixed JSON of the interface (`countersign.findings.v1`).
//! Field names and their order are a promise; a field may be added at the end, none renamed.

use domain::KnownAt;
use rules::{Finding, Listed, NotEvaluated, Report, Summary};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use rules::subject::{Name, SubjectName};

use crate::acts::{Acts, Decision};

/// Name and version of the schema.
pub const SCHEMA: &str = "countersign.findings.v1";

/// What a report is of: the ledger, the cut and the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Origin of the ledger.
    pub origin: String,
    /// Events inside the cut.
    pub size: u64,
    /// RFC 6962 root over them, base64.
    pub root: String,
    /// A simulated ledger.
    pub simulated: bool,
    /// The last event inside the cut.
    pub as_of_seq: u64,
    /// When the ledger recorded it.
    pub as_of_recorded_at: KnownAt,
    /// Evaluation day.
    pub today: domain::ValidDay,
    /// Identity of the rule set.
    pub rule_set: String,
}

#[derive(Serialize)]
struct LedgerJson<'a> {
    origin: &'a str,
    size: u64,
    root: &'a str,
    simulated: bool,
}

#[derive(Serialize)]
struct AsOfJson {
    seq: u64,
    recorded_at: String,
}

#[derive(Serialize)]
struct SummaryJson {
    violation: u64,
    documentation: u64,
    advisory: u64,
    not_evaluated: u64,
    exposure_cents: i64,
    after_waivers: AfterWaiversJson,
}

/// The same counts without the findings that are waived on the day.
#[derive(Serialize)]
struct AfterWaiversJson {
    violation: u64,
    documentation: u64,
    advisory: u64,
    exposure_cents: i64,
}

/// The decision entered last about a finding, expired or not.
#[derive(Serialize)]
struct DecisionJson<'a> {
    disposition: &'static str,
    by: &'a str,
    actor: Option<&'a str>,
    on: String,
    rationale: Option<&'a str>,
    due_on: Option<String>,
    expired: bool,
    seq: u64,
}

#[derive(Serialize)]
struct AboutJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    program: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    peer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    individual: Option<&'a str>,
    claims: Ids<'a>,
}

struct Ids<'a>(&'a Listed);

impl Serialize for Ids<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter())
    }
}

#[derive(Serialize)]
struct EvidenceJson {
    seq: u64,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct CitationJson {
    document: &'static str,
    section: &'static str,
    locator: &'static str,
}

struct SubjectJson<'a>(&'a SubjectName);

impl Serialize for SubjectJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.0.len()))?;
        for (key, value) in &self.0.0 {
            match value {
                Name::Text(text) => map.serialize_entry(key, text.as_str())?,
                Name::Number(n) => map.serialize_entry(key, n)?,
            }
        }
        map.end()
    }
}

/// One finding in the fixed shape.
#[derive(Serialize)]
pub struct FindingJson<'a> {
    id: &'a str,
    rule: &'a str,
    class: &'static str,
    status: &'static str,
    disposition: Option<&'a str>,
    subject: SubjectJson<'a>,
    about: AboutJson<'a>,
    true_from: String,
    first_detectable: String,
    known_at_claim: Option<bool>,
    exposure_cents: i64,
    message: &'a str,
    evidence: Vec<EvidenceJson>,
    missing: &'a [String],
    citation: CitationJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<DecisionJson<'a>>,
}

impl<'a> FindingJson<'a> {
    /// A finding, with what people decided about it, if they did.
    pub fn new(f: &'a Finding, disposition: Option<&'a str>) -> Self {
        Self {
            id: &f.id,
            rule: f.rule,
            class: f.class.as_str(),
            status: f.status.as_str(),
            disposition,
            subject: SubjectJson(&f.subject),
            about: AboutJson {
                program: f.about.program.as_deref(),
                peer: f.about.peer.as_deref(),
                individual: f.about.individual.as_deref(),
                claims: Ids(&f.about.claims),
            },
            true_from: f.true_from.to_string(),
            first_detectable: f.first_detectable.to_string(),
            known_at_claim: f.known_at_claim,
            exposure_cents: f.exposure.0,
            message: &f.message,
            evidence: f.evidence.iter().map(|(seq, kind)| EvidenceJson { seq: seq.0, kind }).collect(),
            missing: &f.missing,
            citation: CitationJson { document: f.citation.document.title(), section: f.citation.section, locator: f.citation.locator },
            decision: None,
        }
    }

    /// A finding with the decision entered last about it, as it stands on a day.
    pub fn decided(f: &'a Finding, acts: &'a Acts, today: domain::ValidDay) -> Self {
        let decision = acts.last(&f.id).map(|d: &Decision| DecisionJson {
            disposition: d.word.as_str(),
            by: &d.by,
            actor: d.actor.as_deref(),
            on: d.on.to_string(),
            rationale: d.rationale.as_deref(),
            due_on: d.due_on.map(|day| day.to_string()),
            expired: d.expired(today),
            seq: d.seq.0,
        });
        Self { decision, ..Self::new(f, acts.in_force(&f.id, today).map(|d| d.word.as_str())) }
    }
}

#[derive(Serialize)]
struct NotEvaluatedJson<'a> {
    rule: &'a str,
    subject: SubjectJson<'a>,
    missing: &'a str,
}

impl<'a> NotEvaluatedJson<'a> {
    fn new(n: &'a NotEvaluated) -> Self {
        Self { rule: n.rule, subject: SubjectJson(&n.subject), missing: &n.missing }
    }
}

#[derive(Serialize)]
struct ReportJson<'a> {
    schema: &'static str,
    ledger: LedgerJson<'a>,
    as_of: AsOfJson,
    today: String,
    rule_set: &'a str,
    summary: SummaryJson,
    findings: FindingsJson<'a>,
    not_evaluated: Vec<NotEvaluatedJson<'a>>,
}

/// Findings with what people decided about them as it stands on a day, each made when it is written: there may be thousands.
struct FindingsJson<'a> {
    chosen: &'a [&'a Finding],
    acts: &'a Acts,
    today: domain::ValidDay,
}

impl Serialize for FindingsJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.chosen.iter().map(|f| FindingJson::decided(f, self.acts, self.today)))
    }
}

/// The report as one JSON object: its counts, before and `after` waivers, and the findings `chosen` with what people decided.
pub fn report<'a>(frame: &'a Frame, report: &'a Report, after: &Summary, chosen: &'a [&'a Finding], acts: &'a Acts) -> impl Serialize + use<'a> {
    ReportJson {
        schema: SCHEMA,
        ledger: LedgerJson { origin: &frame.origin, size: frame.size, root: &frame.root, simulated: frame.simulated },
        as_of: AsOfJson { seq: frame.as_of_seq, recorded_at: frame.as_of_recorded_at.to_string() },
        today: frame.today.to_string(),
        rule_set: &frame.rule_set,
        summary: SummaryJson {
            violation: report.summary.violation,
            documentation: report.summary.documentation,
            advisory: report.summary.advisory,
            not_evaluated: report.summary.not_evaluated,
            exposure_cents: report.summary.exposure.0,
            after_waivers: AfterWaiversJson {
                violation: after.violation,
                documentation: after.documentation,
                advisory: after.advisory,
                exposure_cents: after.exposure.0,
            },
        },
        findings: FindingsJson { chosen, acts, today: frame.today },
        not_evaluated: report.not_evaluated.iter().map(NotEvaluatedJson::new).collect(),
    }
}
