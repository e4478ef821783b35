//! Which entry of the catalogue is answered by what: a rule, other rules, a permission that must not be flagged, or a person's review.
//! Judges nothing; says of every entry that has no answer, or more than one, that it is at fault.

use std::collections::{BTreeMap, BTreeSet};

use domain::words::ProgramKind;
use serde::Deserialize;

use crate::citation::Document;
use crate::rule::Rule;

/// The four files of the registry, as TOML text.
#[derive(Debug, Clone, Copy)]
pub struct Sources {
    /// Every id, by the section of the document it comes from: `[[section]]`.
    pub catalogue: &'static str,
    /// Entries that other rules answer for: `[[carried]]`.
    pub carried: &'static str,
    /// What must not be flagged: `[[permission]]`, and the list `[[must_not_flag]]`.
    pub permissions: &'static str,
    /// What a person has to look at: `[[review]]`.
    pub checklist: &'static str,
}

/// What answers for an entry.
#[derive(Debug, Clone)]
pub enum Answer {
    /// The rule of the same id.
    Rule(&'static Rule),
    /// Other rules, and in what way.
    Carried {
        /// Those rules.
        by: Vec<&'static Rule>,
        /// How they answer for it.
        how: String,
    },
    /// A case that asserts that nothing is flagged.
    Permission {
        /// What is allowed.
        says: String,
        /// Words that find the place.
        locator: String,
    },
    /// A person's review: not machine-checked.
    Review {
        /// What a person should look at.
        look: String,
        /// Words that find the place.
        locator: String,
    },
}

/// An entry of the catalogue with its answer.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// The document it comes from.
    pub document: Document,
    /// The heading in that document.
    pub heading: String,
    /// The programs it concerns.
    pub programs: Vec<ProgramKind>,
    /// What answers for it.
    pub answer: Answer,
    /// What it allows, for an entry that is a permission, also where a rule advises beside it.
    pub allows: Option<String>,
}

/// Something that must never be flagged, and the id its case is headed with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MustNotFlag {
    /// What.
    pub says: String,
    /// The id that begins the heading of its case.
    pub case: String,
}

/// The whole registry.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// Entries with exactly one answer, in the order of the documents.
    pub entries: Vec<Entry>,
    /// The must-not-flag list.
    pub must_not_flag: Vec<MustNotFlag>,
    /// Entries without an answer or with several, and answers to entries that the catalogue does not have. Empty when all is well.
    pub faults: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CatalogueToml {
    section: Vec<SectionToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionToml {
    document: String,
    heading: String,
    programs: Vec<String>,
    ids: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CarriedFile {
    carried: Vec<CarriedToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CarriedToml {
    id: String,
    locator: String,
    by: Vec<String>,
    how: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PermissionFile {
    permission: Vec<PermissionToml>,
    must_not_flag: Vec<MustNotFlag>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PermissionToml {
    id: String,
    locator: String,
    says: String,
    /// Why a rule has the same id, where one has.
    #[serde(default)]
    beside: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReviewFile {
    review: Vec<ReviewToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReviewToml {
    id: String,
    locator: String,
    look: String,
}

/// A locator finds a place; it does not quote the guidance at length.
const LOCATOR_WORDS: usize = 12;

impl Coverage {
    /// Reads the registry and holds it against the rules there are.
    ///
    /// # Errors
    /// A file that is not the TOML that is wanted. What is merely missing or double is among the faults.
    pub fn read(rules: &[&'static Rule], sources: &Sources) -> Result<Self, toml::de::Error> {
        let catalogue: CatalogueToml = toml::from_str(sources.catalogue)?;
        let carried: CarriedFile = toml::from_str(sources.carried)?;
        let permissions: PermissionFile = toml::from_str(sources.permissions)?;
        let checklist: ReviewFile = toml::from_str(sources.checklist)?;
        let mut faults = Vec::new();
        let mut allows = BTreeMap::new();
        let mut answers: BTreeMap<String, Vec<Answer>> = BTreeMap::new();
        let mut answer = |id: String, locator: Option<&str>, answer: Answer| {
            if locator.is_some_and(|l| l.split_whitespace().count() > LOCATOR_WORDS) {
                faults.push(format!("{id}: a locator of more than {LOCATOR_WORDS} words"));
            }
            answers.entry(id).or_default().push(answer);
        };
        for rule in rules {
            answer(rule.id.to_owned(), None, Answer::Rule(rule));
        }
        let named = |id: &str| rules.iter().find(|r| r.id == id).copied();
        let mut unknown = Vec::new();
        for c in carried.carried {
            unknown.extend(c.by.iter().filter(|id| named(id).is_none()).map(|by| format!("{}: carried by {by}, which is no rule", c.id)));
            let by = c.by.iter().filter_map(|id| named(id)).collect();
            answer(c.id, Some(&c.locator), Answer::Carried { by, how: c.how });
        }
        for p in permissions.permission {
            allows.insert(p.id.clone(), p.says.clone());
            if p.beside.is_empty() {
                answer(p.id, Some(&p.locator.clone()), Answer::Permission { says: p.says, locator: p.locator });
            }
        }
        for r in checklist.review {
            answer(r.id, Some(&r.locator.clone()), Answer::Review { look: r.look, locator: r.locator });
        }
        faults.extend(unknown);
        let entries = entries(catalogue, &mut answers, &allows, &mut faults);
        let beyond = |given: &[Answer]| given.iter().all(|a| matches!(a, Answer::Rule(_)));
        // A rule of our own, such as WORK-01, answers to no entry; anything else without one is a slip.
        faults.extend(answers.iter().filter(|(_, given)| !beyond(given)).map(|(id, _)| format!("{id}: answered, and the catalogue has no such entry")));
        Ok(Self { entries, must_not_flag: permissions.must_not_flag, faults })
    }
}

fn entries(
    catalogue: CatalogueToml,
    answers: &mut BTreeMap<String, Vec<Answer>>,
    allows: &BTreeMap<String, String>,
    faults: &mut Vec<String>,
) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut seen = BTreeSet::new();
    for section in catalogue.section {
        let document = match section.document.as_str() {
            "mhotrs" => Document::Mhotrs,
            "peer_role" => Document::PeerRole,
            other => {
                faults.push(format!("{:?} is neither document", other));
                continue;
            }
        };
        let programs: Vec<ProgramKind> = section.programs.iter().filter_map(|p| ProgramKind::parse(p)).collect();
        if programs.len() != section.programs.len() || programs.is_empty() {
            faults.push(format!("{}: programs {:?} are not all programs", section.heading, section.programs));
        }
        for id in section.ids {
            if !seen.insert(id.clone()) {
                faults.push(format!("{id}: twice in the catalogue"));
                continue;
            }
            let mut given = answers.remove(&id).unwrap_or_default();
            match (given.pop(), given.is_empty()) {
                (Some(answer), true) => {
                    let (allows, heading) = (allows.get(&id).cloned(), section.heading.clone());
                    entries.push(Entry { id, document, heading, programs: programs.clone(), answer, allows });
                }
                (None, _) => faults.push(format!("{id}: no rule, no permission, not on the checklist")),
                (Some(last), false) => {
                    let words: Vec<&str> = given.iter().chain([&last]).map(Answer::as_str).collect();
                    faults.push(format!("{id}: answered more than once: {}", words.join(", ")));
                }
            }
        }
    }
    entries
}

impl Answer {
    /// The answer in a word.
    pub fn as_str(&self) -> &'static str {
        match self {
            Answer::Rule(_) => "rule",
            Answer::Carried { .. } => "carried",
            Answer::Permission { .. } => "permission",
            Answer::Review { .. } => "checklist",
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SOURCES: Sources = Sources {
        catalogue: "[[section]]\ndocument = \"mhotrs\"\nheading = \"Billing\"\nprograms = [\"mhotrs\"]\nids = [\"A-01\", \"A-02\", \"A-03\"]\n",
        carried: "carried = []\n",
        permissions: "must_not_flag = []\n[[permission]]\nid = \"A-01\"\nlocator = \"one\"\nsays = \"May.\"\n",
        checklist: "[[review]]\nid = \"A-02\"\nlocator = \"two\"\nlook = \"At it.\"\n[[review]]\nid = \"A-01\"\nlocator = \"one\"\nlook = \"At it.\"\n",
    };

    #[test]
    fn an_entry_without_an_answer_or_with_two_is_at_fault_and_so_is_an_answer_without_an_entry() {
        let coverage = Coverage::read(&[], &SOURCES).unwrap();
        assert_eq!(coverage.entries.len(), 1);
        assert_eq!(coverage.faults, ["A-01: answered more than once: permission, checklist", "A-03: no rule, no permission, not on the checklist"]);
        let further = Sources { carried: "[[carried]]\nid = \"B-01\"\nlocator = \"x\"\nby = [\"C-01\"]\nhow = \"So.\"\n", ..SOURCES };
        let faults = Coverage::read(&[], &further).unwrap().faults;
        assert!(faults.contains(&"B-01: carried by C-01, which is no rule".to_owned()), "{faults:?}");
        assert!(faults.contains(&"B-01: answered, and the catalogue has no such entry".to_owned()), "{faults:?}");
    }

    #[test]
    fn a_locator_that_quotes_at_length_is_at_fault() {
        let long = "[[review]]\nid = \"A-03\"\nlocator = \"1 2 3 4 5 6 7 8 9 10 11 12 13\"\nlook = \"At it.\"\n";
        let faults = Coverage::read(&[], &Sources { checklist: long, ..SOURCES }).unwrap().faults;
        assert!(faults.contains(&"A-03: a locator of more than 12 words".to_owned()), "{faults:?}");
    }
}
