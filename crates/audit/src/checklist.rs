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
    let registry = Coverage::read(catalog::CATALOG, &catalog::coverage::SOURCES)
        .map_err(|e| AuditError::asked(format!("the registry of the guidance cannot be read: {e}"), "this is a fault of the program"))?;
    let mut items = Vec::new();
    for entry in registry.entries.into_iter().filter(|e| kind.is_none_or(|k| e.programs.contains(&k))) {
        if let Answer::Review { look, locator } = entry.answer {
            let programs = entry.programs.iter().map(|p| p.as_str()).collect();
            items.push(Item { id: entry.id, programs, document: entry.document.title(), section: entry.heading, locator, look });
        }
    }
    Ok(items)
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
    fn no_item_is_a_rule() {
        assert!(checklist(None).unwrap().iter().all(|item| catalog::CATALOG.iter().all(|rule| rule.id != item.id)));
    }
}
