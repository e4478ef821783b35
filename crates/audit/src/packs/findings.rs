//! The findings that belong to a scope, as the pack carries them.
//! Refuses to count findings of others: the summary is of what is in the pack.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::ValidDay;
use rules::subject::SubjectName;
use rules::{Class, Finding, Report, Summary};
use timeline::History;

use super::mask::Mask;
use super::scope::Scope;
use crate::error::AuditError;
use crate::loaded::Loaded;

/// The part of a report that is about a scope.
pub(crate) fn about(report: &Report, scope: &Scope, days: Option<(ValidDay, ValidDay)>, loaded: &Loaded) -> Report {
    let on_days = |f: &Finding| days.is_none_or(|(from, to)| (from..=to).contains(&f.true_from));
    let findings: Vec<Arc<Finding>> = report.findings.iter().filter(|f| concerns(&loaded.history, f, scope) && on_days(f)).cloned().collect();
    let contacts = findings.iter().flat_map(|f| f.contacts.iter());
    let contacts: BTreeSet<&str> = contacts.map(|contact| loaded.history.contact_name(contact)).collect();
    let not_evaluated: Vec<_> = report.not_evaluated.iter().filter(|n| subject_concerns(&n.subject, scope, &contacts)).cloned().collect();
    let count = |class| findings.iter().filter(|f| f.class == class).count() as u64;
    let summary = Summary {
        violation: count(Class::Violation),
        documentation: count(Class::Documentation),
        advisory: count(Class::Advisory),
        not_evaluated: not_evaluated.len() as u64,
        exposure: rules::exposure::total(&loaded.view(), findings.iter().map(AsRef::as_ref)),
    };
    Report { summary, findings, not_evaluated }
}

fn concerns(history: &History, finding: &Finding, scope: &Scope) -> bool {
    let subject = |keys: &[&str], id: &str| keys.iter().any(|key| finding.subject.get(key).is_some_and(|value| value == id));
    match scope {
        Scope::Claim(id) => subject(&["claim"], id) || finding.about.claims.has(id),
        Scope::Sample(ids) => ids.iter().any(|id| concerns(history, finding, &Scope::Claim(id.clone()))),
        Scope::Person(id) => subject(&["person", "peer"], id) || finding.about.peer.as_ref().is_some_and(|peer| peer == id),
        Scope::Individual(id) => subject(&["individual"], id) || finding.about.individual.as_ref().is_some_and(|individual| individual == id),
        Scope::Contact(id) => subject(&["contact"], id) || history.find_contact(id).is_some_and(|contact| finding.contacts.has(contact)),
        Scope::Finding(id) => finding.id.eq_ignore_ascii_case(id),
        Scope::Range(from, to) => finding.evidence.iter().any(|(seq, _)| (*from..=*to).contains(&seq.0)),
        Scope::Everything => true,
    }
}

fn subject_concerns(subject: &SubjectName, scope: &Scope, contacts: &BTreeSet<&str>) -> bool {
    let is = |keys: &[&str], id: &str| keys.iter().any(|key| subject.get(key).is_some_and(|value| value == id));
    match scope {
        Scope::Claim(id) => is(&["claim"], id) || subject.get("contact").is_some_and(|c| contacts.contains(c.as_str())),
        Scope::Sample(ids) => ids.iter().any(|id| subject_concerns(subject, &Scope::Claim(id.clone()), contacts)),
        Scope::Person(id) => is(&["person", "peer"], id),
        Scope::Individual(id) => is(&["individual"], id),
        Scope::Contact(id) => is(&["contact"], id),
        Scope::Finding(_) | Scope::Range(..) => false,
        Scope::Everything => true,
    }
}

/// The findings as `countersign.findings.v1`, without names that are not disclosed.
pub(crate) fn json(loaded: &Loaded, part: &Report, mask: &Mask) -> Result<String, AuditError> {
    let text = loaded.json(part)?;
    if mask.len() == 0 {
        return Ok(text);
    }
    let mut value: serde_json::Value = serde_json::from_str(&text)?;
    mask.json(&mut value);
    Ok(serde_json::to_string(&value)?)
}
