//! The human review checklist: what the guidance asks and facts in a ledger cannot decide.
//! Never a finding, never a pass: every item says that it was not machine-checked.

use domain::words::ProgramKind;
use rules::coverage::{Answer, Coverage};

use crate::error::AuditError;

/// Stands beside every item, wherever it is shown.
pub const MARK: &str = "not machine-checked";

/// Something a person should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The entry of the catalogue.
    pub id: String,
    /// The programs it concerns.
    pub programs: Vec<&'static str>,
    /// Title of the document.
    pub document: &'static str,
    /// Heading in the document.
    pub section: String,
    /// Words that find the place.
    pub locator: String,
    /// What to look at.
    pub look: String,
}

/// The checklist of one program, or of all, in the order of the documents.
///
/// # Errors
/// A program that is none of the three.
pub fn checklist(program: Option<&str>) -> Result<Vec<Item>, AuditError> {
    let kind = program.map(|p| {
        let lower = p.to_ascii_lowercase();
        ProgramKind::parse(&lower).ok_or_else(|| AuditError::asked(format!("{p:?} is no kind of program"), "give mhotrs, pros or core"))
    });
    let kind = kind.transpose()?;
    let mut items = Vec::new();
    for entry in registry()?.entries.into_iter().filter(|e| kind.is_none_or(|k| e.programs.contains(&k))) {
        if let Answer::Review { look, locator } = entry.answer {
            let programs = entry.programs.iter().map(|p| p.as_str()).collect();
            items.push(Item { id: entry.id, programs, document: entry.document.title(), section: entry.heading, locator, look });
        }
    }
    Ok(items)
}

/// How an entry of the guidance that has no rule of its own is answered: that it has none, and what answers instead.
pub(crate) fn answer(id: &str) -> Option<(String, String)> {
    let entry = registry().ok()?.entries.into_iter().find(|e| e.id.eq_ignore_ascii_case(id))?;
    let answered = match entry.answer {
        Answer::Rule(_) => return None,
        Answer::Carried { by, how } => {
            let by: Vec<&str> = by.iter().map(|rule| rule.id).collect();
            format!("{} {} for it: {how}", by.join(", "), if by.len() == 1 { "answers" } else { "answer" })
        }
        Answer::Permission { says, .. } => format!("it allows something, and no rule may flag it: {says}"),
        Answer::Review { look, .. } => format!("it is on the review checklist, {MARK}: {look}"),
    };
    Some((format!("{} has no rule of its own", entry.id), answered))
}

fn registry() -> Result<Coverage, AuditError> {
    Coverage::read(catalog::CATALOG, &catalog::coverage::SOURCES)
        .map_err(|e| AuditError::asked(format!("the registry of the guidance cannot be read: {e}"), "this is a fault of the program"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_program_has_its_own_items_and_those_of_every_program() {
        let all = checklist(None).unwrap();
        let core = checklist(Some("CORE")).unwrap();
        assert!(core.len() < all.len() && !core.is_empty());
        assert!(core.iter().all(|item| item.programs.contains(&"core") && all.contains(item)));
        assert!(core.iter().any(|item| item.programs == ["core"]) && core.iter().any(|item| item.programs.len() == 3));
        assert!(core.iter().all(|item| !item.id.starts_with("MHOTRS-ORG")), "what concerns MHOTRS alone is not asked of CORE");
        assert!(checklist(Some("clinic")).is_err());
    }

    #[test]
    fn every_entry_of_the_guidance_is_found_by_its_id() {
        let entries = registry().unwrap().entries;
        let hint = |id: &str| crate::rulebook::show(id).err().and_then(|e| e.hint().map(str::to_owned)).unwrap_or_default();
        for entry in &entries {
            let shown = crate::rulebook::show(&entry.id);
            assert!(shown.is_ok() || !hint(&entry.id).contains("did you mean"), "{}", entry.id);
            assert_eq!(shown.is_ok(), matches!(entry.answer, Answer::Rule(_)), "{}", entry.id);
        }
        assert!(hint("mhotrs-bill-03").starts_with("MHOTRS-BILL-04, MHOTRS-BILL-14 answer for it"), "{}", hint("mhotrs-bill-03"));
        assert!(hint("MHOTRS-CRED-09").contains("no rule may flag it"));
        assert!(hint("ROLE-DO-02").contains(MARK));
    }

    #[test]
    fn no_item_is_a_rule() {
        assert!(checklist(None).unwrap().iter().all(|item| catalog::CATALOG.iter().all(|rule| rule.id != item.id)));
    }
}
