//! The registry of the guidance: every entry of the catalogue, and what answers for those that have no rule of their own.
//! Data only; the files under `coverage/` are what a person edits, and a test wants exactly one answer for each entry.

use rules::coverage::Sources;

/// The four files.
pub const SOURCES: Sources = Sources {
    catalogue: include_str!("../coverage/catalogue.toml"),
    carried: include_str!("../coverage/carried.toml"),
    permissions: include_str!("../coverage/permissions.toml"),
    checklist: include_str!("../coverage/checklist.toml"),
};

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use rules::coverage::{Answer, Coverage};
    use rules::{Citation, Document};

    /// Entries of the catalogue, counted by hand.
    const ENTRIES: usize = 209;
    /// Of these, the ones that allow something.
    const PERMISSIONS: usize = 45;

    #[test]
    fn every_entry_of_the_catalogue_has_exactly_one_answer() {
        let coverage = Coverage::read(crate::CATALOG, &SOURCES).unwrap();
        assert!(coverage.faults.is_empty(), "{}", coverage.faults.join("\n"));
        assert_eq!(coverage.entries.len(), ENTRIES);
        assert_eq!(coverage.entries.iter().filter(|e| e.allows.is_some()).count(), PERMISSIONS);
    }

    #[test]
    fn what_only_allows_is_no_rule_unless_the_registry_says_why() {
        let coverage = Coverage::read(crate::CATALOG, &SOURCES).unwrap();
        let both: Vec<&str> =
            coverage.entries.iter().filter(|e| e.allows.is_some() && matches!(e.answer, Answer::Rule(_))).map(|e| e.id.as_str()).collect();
        assert_eq!(both, ["MHOTRS-CRED-12", "MHOTRS-PLAN-03", "CORE-INT-05"]);
    }

    #[test]
    fn a_rule_cites_the_document_its_entry_stands_in() {
        let coverage = Coverage::read(crate::CATALOG, &SOURCES).unwrap();
        for entry in &coverage.entries {
            if let Answer::Rule(rule) = entry.answer {
                assert!(rule.authority.iter().any(|c: &Citation| c.document == entry.document), "{} cites no place of {}", rule.id, entry.document.mark());
            }
        }
        let ours = |id: &str| coverage.entries.iter().all(|e| e.id != id);
        for rule in crate::CATALOG.iter().filter(|r| ours(r.id)) {
            assert_eq!(rule.authority[0].document, Document::Agency, "{} is in no document and cites one", rule.id);
        }
    }
}
