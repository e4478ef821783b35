//! The words of a pack's cover and of its redactions.
//! Refuses to tell a name that the pack does not disclose.

use std::collections::BTreeMap;

use domain::{KnownAt, Recorded, Seq, ValidDay};
use pack::{Cover, CoverFinding, CoverPerson, CoverRecord, Redaction, What, Why};
use rules::{Class, Report};

use super::mask::Mask;
use super::scope::Scope;
use crate::describe::moment;
use crate::explain::{fact, order};
use crate::words::{count, day, known, money, sentence};

/// Records on the cover; the page itself shows no more.
const SHOWN: usize = 1_000;

/// The cover.
pub(crate) fn cover(report: &Report, events: &BTreeMap<Seq, Recorded>, shown: impl Fn(Seq) -> bool, people: Vec<CoverPerson>, mask: &Mask, made: KnownAt, recipient: Option<String>) -> Cover {
    let summary = &report.summary;
    let found = format!("{}, {}, {}", count(summary.violation, "violation"), count(summary.documentation, "documentation gap"), count(summary.advisory, "advisory"));
    let mut facts: Vec<_> = events.values().filter(|r| shown(r.seq)).map(|r| fact(r, false)).collect();
    facts.sort_by_key(|f| (f.true_at.map(order), f.known_at, f.seq));
    facts.truncate(SHOWN);
    let records = facts.into_iter().map(|f| CoverRecord {
        seq: f.seq.0,
        true_at: f.true_at.map_or_else(String::new, moment),
        known_at: known(f.known_at),
        says: sentence(&mask.text(&f.says)),
    });
    let findings = report.findings.iter().take(SHOWN).map(|f| CoverFinding {
        id: f.id.to_string(),
        rule: f.rule.to_owned(),
        class: match f.class {
            Class::Violation => "violation",
            Class::Documentation => "documentation gap",
            Class::Advisory => "advisory",
        }
        .to_owned(),
        message: sentence(&mask.text(&f.message)),
        citation: format!("{}, {}", f.citation.document.title(), f.citation.section),
        evidence: f.evidence.iter().map(|(seq, _)| seq.0).collect(),
        known: match f.known_at_claim {
            Some(true) => "It could be known when the claim was submitted.",
            Some(false) => "It could not be known when the claim was submitted.",
            None => "No claim was submitted for it.",
        }
        .to_owned(),
    });
    Cover {
        made_on: day(made.local_day()),
        recipient,
        summary: vec![("Findings".to_owned(), found), ("Money at risk".to_owned(), money(summary.exposure))],
        findings: findings.collect(),
        records: records.collect(),
        people,
    }
}

/// What was left out, in words.
pub(crate) fn redactions(redactions: &[Redaction], scope: &Scope, days: Option<(ValidDay, ValidDay)>, masked: usize) -> Vec<String> {
    let number = |what: fn(&What) -> bool, why: Why| redactions.iter().filter(|r| what(&r.what) && r.why == why).count() as u64;
    let sealed: fn(&What) -> bool = |what| matches!(what, What::Sealed(_));
    let mut words = Vec::new();
    match number(|what| matches!(what, What::Body), Why::OtherPeople) {
        0 => {}
        n => words.push(format!("The contents of {} concern other individuals and were left out; their headers are here and count in the proof.", count(n, "event"))),
    }
    match number(sealed, Why::NotNeeded) {
        0 => {}
        n => words.push(format!("{} (names of individuals, birth dates) stay sealed because the scope does not need them.", count(n, "value"))),
    }
    match number(sealed, Why::Erased) {
        0 => {}
        n => words.push(format!("{} cannot be opened by anybody: their subject was erased.", count(n, "value"))),
    }
    if masked > 0 {
        words.push(format!("{} not named: they stand as pseudonyms, the same in every record.", if masked == 1 { "1 individual is".to_owned() } else { format!("{masked} individuals are") }));
    }
    if let Some((from, to)) = days {
        words.push(format!("Contacts, claims and meetings before {} and after {} were left out.", day(from), day(to)));
    }
    match scope {
        Scope::Range(from, to) => words.push(format!("Events before seq {from} and after seq {to} were left out, except those that a finding here rests on.")),
        Scope::Everything => {}
        Scope::Claim(_) | Scope::Sample(_) | Scope::Person(_) | Scope::Individual(_) | Scope::Contact(_) | Scope::Finding(_) => {
            words.push("Records of other individuals and of staff who are not involved were left out altogether.".to_owned());
        }
    }
    if words.is_empty() {
        words.push("Nothing was left out.".to_owned());
    }
    words
}
