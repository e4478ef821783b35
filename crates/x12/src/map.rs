//! What an agency says about its claims in `x12.toml`: which program bills under which number, how people are named, which codes are peer services.
//! Refuses unknown keys and ids that cannot be; reads no file.

use std::collections::BTreeMap;

use domain::field::Mismatch;
use domain::{IndividualId, ProgramId};
use serde::Deserialize;

use crate::found::Claim;
use crate::problem::{Problem, shown};

/// The codes of peer services, where the agency names none (MHOTRS-BILL-07).
pub const PEER_CODE: &str = "H0038";

/// How a source is called where no sender is mapped; it begins the source ids of all events.
pub const SOURCE: &str = "x12";

/// Where a claim names the individual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndividualFrom {
    /// NM109 of the subscriber, through `[members]` where it is there.
    #[default]
    Member,
    /// REF*EA, the medical record number.
    MedicalRecord,
}

/// One way to tell the program of a claim.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProgramEntry {
    program: String,
    npi: Option<String>,
    taxonomy: Option<String>,
    #[serde(default)]
    rate_codes: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SenderEntry {
    id: String,
    source: Option<String>,
    #[serde(default)]
    miscounts: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    #[serde(default)]
    individual: IndividualFrom,
    #[serde(default)]
    line_names_contact: bool,
    codes: Option<Vec<String>>,
    members_file: Option<String>,
    #[serde(default)]
    program: Vec<ProgramEntry>,
    #[serde(default)]
    sender: Vec<SenderEntry>,
    #[serde(default)]
    members: BTreeMap<String, String>,
}

/// What `x12.toml` says.
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    page: Page,
    /// Of `page.program`, parsed.
    programs: Vec<ProgramId>,
    members: BTreeMap<String, IndividualId>,
}

impl Mapping {
    /// Reads the text of an `x12.toml`.
    ///
    /// # Errors
    /// What is wrong with it, for people.
    pub fn parse(text: &str) -> Result<Self, String> {
        let page: Page = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut mapping = Self::default();
        for entry in &page.program {
            let id = ProgramId::parse(&entry.program).map_err(|error| format!("program: found {error}, wanted the id of a program"))?;
            if entry.npi.is_none() && entry.taxonomy.is_none() && entry.rate_codes.is_empty() {
                return Err(format!("program {id}: found neither npi nor taxonomy nor rate_codes, wanted at least one that tells its claims"));
            }
            mapping.programs.push(id);
        }
        for sender in &page.sender {
            let fits = |source: &String| !source.is_empty() && source.len() <= 12 && source.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            if let Some(source) = sender.source.as_ref().filter(|source| !fits(source)) {
                return Err(format!("sender {}: found the source {source:?}, wanted 1 to 12 letters, digits and hyphens", sender.id));
            }
        }
        for (member, individual) in &page.members {
            mapping.add_member(member, individual)?;
        }
        mapping.page = page;
        Ok(mapping)
    }

    /// Adds a member id and the individual it stands for.
    ///
    /// # Errors
    /// Ids that cannot be, and a member id that stands for somebody else already.
    pub fn add_member(&mut self, member: &str, individual: &str) -> Result<(), String> {
        let id = IndividualId::parse(individual).map_err(|error| format!("members: found {error}, wanted the id of an individual"))?;
        match self.members.insert(member.to_owned(), id.clone()) {
            Some(before) if before != id => Err(format!("members: found {member:?} for both {before} and {id}, wanted one individual")),
            _ => Ok(()),
        }
    }

    /// A file with two columns, member id and individual, that the agency keeps beside `x12.toml`.
    pub fn members_file(&self) -> Option<&str> {
        self.page.members_file.as_deref()
    }

    /// Whether REF*6R of a line is the id of its contact.
    pub fn line_names_contact(&self) -> bool {
        self.page.line_names_contact
    }

    /// Whether lines of this code are taken at all.
    pub fn takes(&self, code: &str) -> bool {
        self.page.codes.as_ref().is_none_or(|codes| codes.iter().any(|c| c == code))
    }

    /// Whether only some codes are taken.
    pub fn is_selective(&self) -> bool {
        self.page.codes.is_some()
    }

    /// Whether this code stands for a peer service.
    pub fn is_peer(&self, code: &str) -> bool {
        self.page.codes.as_ref().map_or(code == PEER_CODE, |codes| codes.iter().any(|c| c == code))
    }

    /// How the events of a sender are marked.
    pub fn source(&self, sender: &str) -> &str {
        self.page.sender.iter().find(|entry| entry.id == sender).and_then(|entry| entry.source.as_deref()).unwrap_or(SOURCE)
    }

    /// Whether transaction sets of a sender are taken that state a wrong number of their segments.
    pub fn miscounts(&self, sender: &str) -> bool {
        self.page.sender.iter().any(|entry| entry.id == sender && entry.miscounts)
    }

    /// The program that billed a claim: the first entry that fits.
    ///
    /// # Errors
    /// A problem that says which entry is missing.
    pub fn program(&self, claim: &Claim) -> Result<&ProgramId, Problem> {
        let fits = |entry: &ProgramEntry| {
            let npi = entry.npi.is_none() || entry.npi == claim.billing_npi;
            let taxonomy = entry.taxonomy.is_none() || entry.taxonomy == claim.taxonomy;
            npi && taxonomy && (entry.rate_codes.is_empty() || claim.rate_code.as_ref().is_some_and(|code| entry.rate_codes.contains(code)))
        };
        let fitting = self.page.program.iter().zip(&self.programs).find(|(entry, _)| fits(entry));
        fitting.map(|(_, id)| id).ok_or_else(|| {
            let named = |what: &str, value: &Option<String>| value.as_ref().map(|v| format!("{what} {v}"));
            let known = [named("NPI", &claim.billing_npi), named("taxonomy", &claim.taxonomy), named("rate code", &claim.rate_code)];
            let found = known.into_iter().flatten().collect::<Vec<_>>().join(", ");
            let found = if found.is_empty() { "a billing provider without a number".to_owned() } else { found };
            let mismatch = Mismatch::new(found, "a program that x12.toml maps to it");
            let npi = claim.billing_npi.as_deref().unwrap_or("1234567893");
            Problem::new(claim.segment, "NM109", mismatch.hint(format!("add [[program]] with npi = {npi:?} and program = \"...\" to x12.toml (docs/x12.md)")))
        })
    }

    /// The individual a claim is for.
    ///
    /// # Errors
    /// A problem that says what is missing.
    pub fn individual(&self, claim: &Claim) -> Result<IndividualId, Problem> {
        let problem = |field: &str, mismatch: Mismatch| Problem::new(claim.segment, field, mismatch);
        let id = |field: &str, text: &str| {
            IndividualId::parse(text).map_err(|error| problem(field, Mismatch::new(error.to_string(), "the id of an individual")))
        };
        match (self.page.individual, &claim.medical_record, &claim.member) {
            (IndividualFrom::MedicalRecord, Some(record), _) => id("REF02", record),
            (IndividualFrom::MedicalRecord, None, _) => {
                let mismatch = Mismatch::new("a claim without REF*EA", "the medical record number, which x12.toml says names the individual");
                Err(problem("REF02", mismatch.hint("or say individual = \"member\" in x12.toml")))
            }
            (IndividualFrom::Member, _, Some(member)) if claim.dependent => {
                let mismatch = Mismatch::new(format!("a patient who is a dependent of {}", shown(member.as_bytes())), "a patient with a member id");
                Err(problem("HL03", mismatch.hint("dependents are told apart by REF*EA: say individual = \"medical_record\" in x12.toml")))
            }
            (IndividualFrom::Member, _, Some(member)) => match self.members.get(member) {
                Some(individual) => Ok(individual.clone()),
                None => id("NM109", member),
            },
            (IndividualFrom::Member, _, None) => Err(problem("NM109", Mismatch::new("a subscriber without a member id", "NM109 of NM1*IL"))),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (text, part) in [
            ("programs = 1", "unknown field"),
            ("[[program]]\nprogram = \"MH-1\"", "wanted at least one"),
            ("[[program]]\nprogram = \"MH 1\"\nnpi = \"1\"", "wanted the id of a program"),
            ("[[sender]]\nid = \"A\"\nsource = \"a b\"", "1 to 12 letters"),
            ("[members]\nAB12345C = \"\"", "wanted the id of an individual"),
            ("individual = \"name\"", "unknown variant"),
        ] {
            let error = Mapping::parse(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn a_member_is_one_individual() {
        let mut mapping = Mapping::parse("[members]\nAB12345C = \"I-1\"").unwrap();
        assert!(mapping.add_member("AB12345C", "I-1").is_ok());
        assert!(mapping.add_member("AB12345C", "I-2").unwrap_err().contains("both I-1 and I-2"));
    }
}
