//! What lies inside the bodies as far as a verifier reads it: sealed values and their keys, what was left out and why, and the counts at the end.
//! It refuses a sealed value that is neither disclosed nor listed as left out, and a key that opens nothing.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::evidence::Evidence;
use crate::findings;
use crate::json::{self, list, number, text, texts};
use crate::layout;
use crate::payload::{INTRODUCTION, sealed_values};
use crate::report::{Report, count};
use crate::sealed;

/// Event keys by seq and subject.
pub(crate) type Keys = BTreeMap<(u64, [u8; 16]), [u8; 32]>;

/// The agency's own identifiers, by pseudonym, as far as they are disclosed.
pub(crate) type Names = BTreeMap<[u8; 16], String>;

/// Sealed values, as they were found.
#[derive(Debug, Default)]
struct Sealed {
    names: Names,
    opened: u64,
    /// Seq and place of every value that no key covers.
    closed: Vec<(u64, u64)>,
}

#[derive(Debug, Default)]
struct Redactions {
    bodies: Vec<u64>,
    sealed: Vec<(u64, u64)>,
    erased: u64,
    all: u64,
}

/// The steps about content; the last ones of a check.
pub(crate) fn check(evidence: &Evidence<'_>, report: &mut Report) -> Option<()> {
    let keys = report.step("event_keys", "the event keys are written as they must be").ended(read_keys(evidence))?;
    let found = report.step("sealed_values", "every disclosed value opens, as it was sealed in its place").ended(open_all(evidence, &keys))?;
    let redactions = report.step("redactions", "what was left out is listed, all of it and nothing else").ended(redactions(evidence, &found))?;
    report.told.erased = redactions.erased;
    let findings = report.step("findings", "the evidence of each finding is here and is what it says").ended(findings::check(evidence, &keys, &found.names))?;
    report.told.findings = Some(findings.counts);
    report.restated = findings.restated;
    report.step("counts", "manifest and trailer count what is here").ended(counts(evidence, &keys, &redactions, findings.all))?;
    report.step("rules", "the rules give these findings").not_checked("a verifier has no rules; whoever has them runs them again");
    report.step("histories", "histories, cover and words agree with the records").not_checked("they are signed and unchanged, and are for people to read");
    Some(())
}

fn read_keys(evidence: &Evidence<'_>) -> Result<(Keys, String), String> {
    let value = json::read_as("keys.json", evidence.archive.get("keys.json").unwrap_or_default(), "countersign.keys.v1")?;
    let mut keys = Keys::new();
    for item in list(&value, "keys")? {
        let read = |item: &Value| Some(((number(item, "seq").ok()?, json::bytes(text(item, "subject").ok()?)?), json::bytes(text(item, "key").ok()?)?));
        let (place, key) = read(item).ok_or("keys.json: a key is not written as it must be")?;
        if keys.last_key_value().is_some_and(|(last, _)| *last >= place) {
            return Err("keys.json: the keys are not in ascending order".into());
        }
        keys.insert(place, key);
    }
    let words = count(keys.len() as u64, "event key");
    Ok((keys, words))
}

fn open_all(evidence: &Evidence<'_>, keys: &Keys) -> Result<(Sealed, String), String> {
    let mut found = Sealed::default();
    let mut used = 0;
    for frame in &evidence.frames.all {
        let (Some(payload), Some(header)) = (frame.payload(), frame.fields()) else { continue };
        if header.schema != layout::SCHEMA {
            continue;
        }
        let seq = header.seq;
        let values = sealed_values(payload).ok_or_else(|| format!("seq {seq}: its sealed values cannot be read"))?;
        let mut subjects: Vec<[u8; 16]> = Vec::new();
        for (place, value) in (0u64..).zip(&values) {
            let Some(key) = keys.get(&(seq, value.subject)) else {
                found.closed.push((seq, place));
                continue;
            };
            let field = u16::try_from(place).map_err(|_| format!("seq {seq}: it has too many sealed values"))?;
            let plain = sealed::open(key, field, &header.sealing_aad(), value.bytes);
            let plain = plain.ok_or_else(|| format!("seq {seq}: the event key does not open sealed value {place}"))?;
            if value.role == INTRODUCTION {
                found.names.insert(value.subject, plain);
            }
            found.opened += 1;
            if !subjects.contains(&value.subject) {
                subjects.push(value.subject);
            }
        }
        used += subjects.len();
    }
    if used != keys.len() {
        return Err("keys.json: there is a key that opens nothing in the pack".into());
    }
    let words = format!("{} opened, {} stay closed", count(found.opened, "value"), found.closed.len());
    Ok((found, words))
}

fn redactions(evidence: &Evidence<'_>, found: &Sealed) -> Result<(Redactions, String), String> {
    let value = json::read_as("redactions.json", evidence.archive.get("redactions.json").unwrap_or_default(), "countersign.redactions.v1")?;
    texts(&value, "words")?;
    let mut redactions = Redactions::default();
    let mut before = 0;
    for item in list(&value, "redactions")? {
        let seq = number(item, "seq")?;
        if seq < before {
            return Err("redactions.json: they are not in ascending order".into());
        }
        before = seq;
        redactions.all += 1;
        let why = text(item, "why")?;
        if !["other_people", "not_needed", "erased"].contains(&why) {
            return Err(format!("redactions.json: seq {seq} was left out for no known reason"));
        }
        match text(item, "what")? {
            "body" => redactions.bodies.push(seq),
            "sealed" => redactions.sealed.push((seq, number(item, "field")?)),
            _ => return Err(format!("redactions.json: what was left out of seq {seq} is of no known kind")),
        }
        redactions.erased += u64::from(why == "erased");
    }
    let without: Vec<u64> = evidence.frames.all.iter().zip(&evidence.frames.leaves).filter(|(frame, _)| frame.body.is_none()).map(|(_, (seq, _))| *seq).collect();
    if without != redactions.bodies {
        return Err("the list of what was left out does not name exactly the records without contents".into());
    }
    if found.closed != redactions.sealed {
        return Err("the list of what was left out does not name exactly the sealed values without a key".into());
    }
    let words = match redactions.all {
        0 => "nothing in the records was left out".to_owned(),
        _ => format!("{} of records and {} of single values are listed{}", redactions.bodies.len(), redactions.sealed.len(), match redactions.erased {
            0 => String::new(),
            n => format!(", {n} because their subject was erased"),
        }),
    };
    Ok((redactions, words))
}

fn counts(evidence: &Evidence<'_>, keys: &Keys, redactions: &Redactions, findings: u64) -> Result<((), String), String> {
    let stated = &evidence.manifest.counts;
    let frames = evidence.frames.all.len() as u64;
    let bodies = evidence.frames.bodies;
    let agree = |what: &str, stated: u64, found: u64| {
        if stated == found { Ok(()) } else { Err(format!("{what}: {stated} are stated and {found} are there")) }
    };
    agree("manifest.json, frames", stated.frames, frames)?;
    agree("manifest.json, bodies", stated.bodies, bodies)?;
    agree("manifest.json, keys", stated.keys, keys.len() as u64)?;
    agree("manifest.json, findings", stated.findings, findings)?;
    agree("manifest.json, redactions", stated.redactions, redactions.all)?;
    let trailer = json::read_as("trailer.json", evidence.archive.get("trailer.json").unwrap_or_default(), "countersign.trailer.v1")?;
    let (first, last) = (evidence.frames.leaves.first(), evidence.frames.leaves.last());
    agree("trailer.json, frames", number(&trailer, "frames")?, frames)?;
    agree("trailer.json, bodies", number(&trailer, "bodies")?, bodies)?;
    agree("trailer.json, first", number(&trailer, "first")?, first.map_or(0, |(seq, _)| *seq))?;
    agree("trailer.json, last", number(&trailer, "last")?, last.map_or(0, |(seq, _)| *seq))?;
    agree("trailer.json, entries", number(&trailer, "entries")?, evidence.archive.entries.len() as u64)?;
    Ok(((), format!("{}, {} with contents", count(frames, "record"), bodies)))
}
