//! A rule is a folder of three files and one line of the registry.
//! It refuses a folder with a part missing, and a rule that the registry forgets, repeats or makes up.

use super::Report;
use crate::catalog_source::{REGISTRY, folders, registered, rule_id};
use crate::tree::Tree;

const PARTS: &[(&str, &str)] = &[
    ("mod.rs", "the rule and its page"),
    ("params.toml", "its dated values, each with its source; a `#` line that says so where it has none"),
    ("cases.md", "its cases"),
];

pub(super) fn check(tree: &Tree, report: &mut Report) {
    let named = registered(tree);
    let lie = folders(tree);
    for folder in &lie {
        for (part, what) in PARTS {
            let path = folder.path(part);
            if tree.get(&path).is_none() {
                report.fail(&path, 0, format!("missing: {what}"));
            }
        }
        let times = named.iter().filter(|other| *other == folder).count();
        if times != 1 {
            report.fail(REGISTRY, 0, format!("CATALOG names `{}` {times} times, and should once", folder.constant()));
        }
        if let Some(page) = tree.get(&folder.path("mod.rs"))
            && rule_id(page).is_none()
        {
            report.fail(&page.path, 0, "no line sets `id: ...\"...\"`");
        }
    }
    for folder in named.iter().filter(|folder| !lie.contains(folder)) {
        report.fail(REGISTRY, 0, format!("CATALOG names `{}`, which has no folder", folder.constant()));
    }
}

#[cfg(test)]
mod tests {
    use super::super::failures_of;
    use super::{REGISTRY, check};

    const PAGE: &str = "//! Page.\npub const RULE: Rule = Rule {\n    id: RuleId::new(\"A-01\"),\n};\n";
    const WHOLE: [(&str, &str); 4] = [
        (REGISTRY, "//! Rules.\npub const CATALOG: &[&Rule] = &[\n    &a::one::RULE,\n];\n"),
        ("crates/catalog/src/a/one/mod.rs", PAGE),
        ("crates/catalog/src/a/one/params.toml", "# none\n"),
        ("crates/catalog/src/a/one/cases.md", "## Case\n"),
    ];

    #[test]
    fn a_whole_rule_passes_and_each_missing_part_is_named() {
        assert!(failures_of(check, &WHOLE).is_empty());
        for (part, what) in super::PARTS {
            let rest: Vec<_> = WHOLE.into_iter().filter(|(path, _)| !path.ends_with(&format!("one/{part}"))).collect();
            assert_eq!(failures_of(check, &rest), [format!("crates/catalog/src/a/one/{part}: missing: {what}")]);
        }
    }

    #[test]
    fn a_rule_forgotten_repeated_or_made_up_is_refused() {
        for list in ["", "&a::one::RULE, &a::one::RULE", "&a::one::RULE, &a::two::RULE"] {
            let registry = format!("//! Rules.\npub const CATALOG: &[&Rule] = &[{list}];\n");
            let mut files = WHOLE;
            files[0].1 = &registry;
            assert_eq!(failures_of(check, &files).len(), 1, "{list}");
        }
    }

    #[test]
    fn a_rule_without_an_id_is_refused() {
        let mut files = WHOLE;
        files[1].1 = "//! Page.\npub const RULE: Rule = RULE;\n";
        assert_eq!(failures_of(check, &files).len(), 1);
    }
}
