//! Where the rules lie in the source tree, and in which order the catalogue names them.
//! It reads text only, so that a rule that does not compile yet can still be found, and it judges nothing.

use std::collections::BTreeSet;

use crate::tree::{File, Tree};

/// Where all chapters lie.
pub const CATALOG_FOLDER: &str = "crates/catalog/src";

/// The file with the one registry.
pub const REGISTRY: &str = "crates/catalog/src/lib.rs";

/// One rule's folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleFolder {
    /// Folder of the chapter, a Rust module.
    pub chapter: String,
    /// Folder of the rule, a Rust module inside it.
    pub rule: String,
}

impl RuleFolder {
    /// Path of one of the rule's files from the repository's root.
    pub fn path(&self, file: &str) -> String {
        format!("{CATALOG_FOLDER}/{}/{}/{file}", self.chapter, self.rule)
    }

    /// How the registry names the rule.
    pub fn constant(&self) -> String {
        format!("{}::{}::RULE", self.chapter, self.rule)
    }
}

/// Every folder that lies two below the catalogue's source, by name.
pub fn folders(tree: &Tree) -> BTreeSet<RuleFolder> {
    let inside = |file: &File| {
        let mut parts = file.path.strip_prefix(CATALOG_FOLDER)?.strip_prefix('/')?.split('/');
        let (chapter, rule) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        parts.next()?;
        Some(RuleFolder { chapter, rule })
    };
    tree.files.iter().filter_map(inside).collect()
}

/// The rules the registry names, in its order, as often as it names them.
pub fn registered(tree: &Tree) -> Vec<RuleFolder> {
    let Some(registry) = tree.get(REGISTRY) else { return Vec::new() };
    let mut found = Vec::new();
    for (_, line) in registry.shipped_lines() {
        for (at, _) in line.match_indices("::RULE") {
            let ends = line[at + "::RULE".len()..].chars().next().is_none_or(|c| !is_path(c));
            let start = line[..at].rfind(|c| !is_path(c)).map_or(0, |before| before + 1);
            let mut parts = line[start..at].rsplit("::");
            if let (true, Some(rule), Some(chapter)) = (ends, parts.next(), parts.next()) {
                found.push(RuleFolder { chapter: chapter.to_owned(), rule: rule.to_owned() });
            }
        }
    }
    found
}

fn is_path(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | ':')
}

/// The quoted text that a rule's constant gives for a field, `id` or `title`: the first on a line of its own.
pub fn field<'a>(page: &'a File, name: &str) -> Option<&'a str> {
    page.shipped_lines()
        .filter_map(|(_, line)| line.trim_start().strip_prefix(name)?.strip_prefix(':')?.split('"').nth(1))
        .find(|text| !text.is_empty())
}

/// The rule's id.
pub fn rule_id(page: &File) -> Option<&str> {
    field(page, "id")
}

/// The `//!` lines at the top of a file, without their marks.
pub fn module_doc(page: &File) -> String {
    let mut doc = String::new();
    for line in page.text.lines() {
        let Some(said) = line.strip_prefix("//!") else { break };
        doc.push_str(said.strip_prefix(' ').unwrap_or(said));
        doc.push('\n');
    }
    doc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_found_in_the_order_of_the_registry() {
        let registry = "//! Rules.\n// a::not_this::RULE\npub const CATALOG: &[&Rule] = &[\n    &b::two::RULE, &crate::a::one::RULE,\n    &a::x::RULES,\n];\n";
        let tree = Tree::of(&[
            (REGISTRY, registry),
            ("crates/catalog/src/a/mod.rs", ""),
            ("crates/catalog/src/a/one/mod.rs", ""),
            ("crates/catalog/src/a/one/cases.md", ""),
            ("crates/catalog/src/b/two/params.toml", ""),
        ]);
        let names: Vec<String> = registered(&tree).iter().map(RuleFolder::constant).collect();
        assert_eq!(names, ["b::two::RULE", "a::one::RULE"]);
        let names: Vec<String> = folders(&tree).iter().map(RuleFolder::constant).collect();
        assert_eq!(names, ["a::one::RULE", "b::two::RULE"]);
    }

    #[test]
    fn id_and_page_come_from_the_rules_own_file() {
        let tree = Tree::of(&[(
            "a.rs",
            "//! First.\n//!\n//! ## What\npub const RULE: Rule = Rule {\n    id: \"A-01\",\n    title: \"too many\",\n",
        )]);
        assert_eq!(rule_id(&tree.files[0]), Some("A-01"));
        assert_eq!(field(&tree.files[0], "title"), Some("too many"));
        assert_eq!(field(&tree.files[0], "titl"), None);
        assert_eq!(module_doc(&tree.files[0]), "First.\n\n## What\n");
    }
}
