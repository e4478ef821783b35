//! Writes a new rule's folder, its chapter's `mod` line and its line of the registry, so that only the law is left to say.
//! It refuses to touch a folder or an id that exists, and to say anything of the law: tidy fails until each `UNSAID` is replaced.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::catalog_source::{CATALOG_FOLDER, REGISTRY, RuleFolder, registered, rule_id};
use crate::tree::Tree;

/// Stands wherever a person has something to say; tidy refuses it, so a new rule cannot be committed half said.
pub const UNSAID: &str = concat!("<sa", "y: ");

/// The files of a new rule; `{ID}` is its id and `{SAY}` is [`UNSAID`].
const TEMPLATES: [(&str, &str); 3] = [
    ("mod.rs", include_str!("templates/mod.rs.txt")),
    ("params.toml", include_str!("templates/params.toml.txt")),
    ("cases.md", include_str!("templates/cases.md.txt")),
];

/// Writes the rule `id` into `chapter`/`folder` of the catalogue under `root`. Returns the paths written, new and changed.
/// Errors: a name that cannot be a module, an id of another shape or already taken, a folder that exists, a chapter that does not.
pub fn run(root: &Path, chapter: &str, folder: &str, id: &str) -> Result<Vec<String>> {
    ensure!(is_module_name(folder), "`{folder}` is not a module's name: small letters, digits and `_`, a letter first");
    ensure!(is_rule_id(id), "`{id}` is not a rule's id: capital letters, digits and `-`, as in MHOTRS-CRED-01");
    let tree = Tree::read(root)?;
    let new = RuleFolder { chapter: chapter.to_owned(), rule: folder.to_owned() };
    if let Some(taken) = tree.files.iter().find(|file| file.path.starts_with(CATALOG_FOLDER) && rule_id(file) == Some(id)) {
        bail!("{id} is the rule of {}", taken.path);
    }
    ensure!(tree.files.iter().all(|file| !file.path.starts_with(&new.path(""))), "{} exists", new.path(""));

    let chapter_path = format!("{CATALOG_FOLDER}/{chapter}/mod.rs");
    let chapter_file = tree.get(&chapter_path);
    let chapter_file =
        chapter_file.with_context(|| format!("no chapter `{chapter}`: write {chapter_path} and name it in {REGISTRY} first"))?;
    let registry = tree.get(REGISTRY).with_context(|| format!("{REGISTRY} is missing"))?;

    let mut changes = vec![
        (chapter_path.clone(), with_module(&chapter_file.text, folder)),
        (REGISTRY.to_owned(), with_rule(&registry.text, &new, registered(&tree).last())?),
    ];
    for (name, template) in TEMPLATES {
        changes.push((new.path(name), template.replace("{ID}", id).replace("{SAY}", UNSAID)));
    }
    fs::create_dir_all(root.join(new.path(""))).with_context(|| format!("cannot make {}", new.path("")))?;
    for (path, text) in &changes {
        fs::write(root.join(path), text).with_context(|| format!("cannot write {path}"))?;
    }
    Ok(changes.into_iter().map(|(path, _)| path).collect())
}

fn is_module_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn is_rule_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_uppercase())
        && id.contains('-')
        && id.split('-').all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()))
}

/// The chapter's file with one more module, written like the last one it has.
fn with_module(text: &str, folder: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let last = lines.iter().rposition(|line| line.ends_with(';') && module_words(line).is_some());
    let words = last.and_then(|at| module_words(lines[at])).unwrap_or("pub mod ");
    let line = format!("{words}{folder};");
    match last {
        Some(at) => joined(&lines[..=at], &[&line], &lines[at + 1..]),
        None => joined(&lines, &["", &line], &[]),
    }
}

/// What stands before the name in `pub(crate) mod name;`, the space included.
fn module_words(line: &str) -> Option<&str> {
    let at = line.find("mod ")?;
    (at == 0 || line.starts_with("pub")).then(|| &line[..at + "mod ".len()])
}

/// The registry with one more line: after the chapter's last rule, or at the end of the list in a chapter's first.
fn with_rule(text: &str, new: &RuleFolder, last_of_all: Option<&RuleFolder>) -> Result<String> {
    let lines: Vec<&str> = text.lines().collect();
    let of_chapter = format!("{}::", new.chapter);
    let names = |line: &&str| !line.trim_start().starts_with("//") && line.contains("::RULE");
    let after = lines
        .iter()
        .rposition(|line| names(line) && line.contains(&of_chapter))
        .or_else(|| lines.iter().rposition(|line| names(line) && last_of_all.is_some_and(|last| line.contains(&last.constant()))))
        .or_else(|| lines.iter().position(|line| line.contains("CATALOG: &[") && line.ends_with('[')))
        .with_context(|| format!("{REGISTRY} has no list that begins with `CATALOG: &[&Rule] = &[` on a line"))?;
    Ok(joined(&lines[..=after], &[&format!("    &{},", new.constant())], &lines[after + 1..]))
}

fn joined(before: &[&str], new: &[&str], after: &[&str]) -> String {
    let mut text = [before, new, after].concat().join("\n");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests;
