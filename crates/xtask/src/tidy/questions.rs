//! Rules ask views, not histories: a view notes what an answer was read from, and an incremental scan relies on it.
//! It refuses facts taken from a history in `crates/catalog`, where names may still be looked up.

use super::Report;
use crate::tree::Tree;

/// What a history gives without noting it.
const UNNOTED: &[&str] = &[
    "person_facts(",
    "individual_facts(",
    "program_facts(",
    "all_people(",
    "all_individuals(",
    "all_programs(",
    "all_contacts(",
    "all_sessions(",
    "contacts_of(",
    "contacts_in(",
    "contacts_beginning(",
    "contacts_at(",
    "contact_rows(",
];

pub(super) fn check(tree: &Tree, report: &mut Report) {
    for file in tree.with_extension("rs").filter(|file| file.path.starts_with("crates/catalog/src/")) {
        for (line, text) in file.shipped_lines() {
            let asked = UNNOTED.iter().find(|name| text.contains(&format!("history.{name}")) || text.contains(&format!("history().{name}")));
            if let Some(name) = asked {
                let what = format!("`{}` is asked of the history: ask the view, which notes what was read", name.trim_end_matches('('));
                report.fail(&file.path, line, what);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::failures_of;
    use super::check;

    #[test]
    fn facts_of_a_history_are_refused_in_rules_and_names_are_not() {
        let asks = |text: &str| failures_of(check, &[("crates/catalog/src/x/mod.rs", &format!("//! Asks.\n{text}\n"))]);
        assert_eq!(asks("let facts = view.history().person_facts(peer);").len(), 1);
        assert_eq!(asks("for person in history.all_people() {").len(), 1);
        assert!(asks("let facts = view.person_facts(peer);").is_empty());
        assert!(asks("let name = history.person_name(peer);").is_empty());
    }
}
