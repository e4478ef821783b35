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

    /// Where the guidance contradicts itself or is silent, in the catalogue's order, and the rules whose pages must say so.
    const SOFT_SPOTS: [(&str, &[&str]); 11] = [
        ("progress toward the goal, or outcome of the encounter", &["MHOTRS-PRE-07", "MHOTRS-NOTE-04"]),
        ("any professional staff, or peer professional staff", &["MHOTRS-SUP-01"]),
        ("open component lists, or within scope", &["MHOTRS-SCOPE-00", "MHOTRS-SCOPE-01", "MHOTRS-SCOPE-02", "MHOTRS-SCOPE-03"]),
        ("no limit of days, or not stand-alone", &["MHOTRS-PRE-12"]),
        ("eligible to work, or on the closed list", &["MHOTRS-CRED-12", "MHOTRS-CRED-13"]),
        ("the thirty-day clock", &["MHOTRS-PLAN-01"]),
        ("APG peer groups", &["MHOTRS-BILL-08"]),
        ("note contents in the ad hoc paragraph alone", &["MHOTRS-NOTE-01", "MHOTRS-NOTE-02", "MHOTRS-NOTE-03", "MHOTRS-NOTE-04"]),
        ("one credential under several names", &["MHOTRS-CRED-03", "MHOTRS-CRED-05"]),
        (
            "dates, ranges and lists that the guidance does not have",
            &["PROS-GEN-01", "CORE-INT-04", "CORE-INT-06", "CORE-STAFF-02", "MHOTRS-PRE-09", "MHOTRS-SUP-01", "MHOTRS-CRED-14", "MHOTRS-BILL-10", "MHOTRS-BILL-11"],
        ),
        ("no timeliness of notes or signatures", &["MHOTRS-PRE-04", "MHOTRS-PRE-08", "MHOTRS-PRE-09", "MHOTRS-NOTE-05", "LATE-01"]),
    ];

    #[test]
    fn the_soft_spots_of_the_guidance_stand_on_the_pages_they_touch() {
        for (spot, ids) in SOFT_SPOTS {
            for id in ids {
                let rule = crate::CATALOG.iter().find(|r| r.id == *id);
                assert!(rule.is_some_and(|r| r.source.contains("\n//! ## Soft spots\n")), "the page of {id} does not say: {spot}");
            }
        }
    }
}
