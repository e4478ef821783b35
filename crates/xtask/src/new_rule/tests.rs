//! A new rule in a scratch catalogue: what is written where, and what is left alone when it cannot be.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::tidy;

fn scratch() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(CATALOG_FOLDER).join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("lib.rs", "//! Rules.\n\nmod a;\nmod b;\n\npub const CATALOG: &[&Rule] = &[\n    &a::one::RULE,\n    &b::far::RULE,\n];\n");
    write("a/mod.rs", "//! Chapter.\n\npub(crate) mod one;\n\nfn shared() {}\n");
    write("b/mod.rs", "//! Chapter.\n\npub mod far;\n");
    write("c/mod.rs", "//! A chapter without a rule yet.\n");
    for rule in ["a/one", "b/far"] {
        write(&format!("{rule}/mod.rs"), &format!("//! Rule.\n    id: \"X-{}\",\n    title: \"x\",\n", &rule[2..].to_uppercase()));
        write(&format!("{rule}/params.toml"), "# None.\n");
        write(&format!("{rule}/cases.md"), "## Case\n");
    }
    folder
}

fn text(root: &Path, path: &str) -> String {
    fs::read_to_string(root.join(CATALOG_FOLDER).join(path)).unwrap()
}

#[test]
fn a_rule_gets_its_folder_its_module_and_its_place_in_the_chapter() {
    let folder = scratch();
    let written = run(folder.path(), "a", "two", "A-02").unwrap();
    assert_eq!(written.len(), 5);
    assert_eq!(text(folder.path(), "a/mod.rs"), "//! Chapter.\n\npub(crate) mod one;\npub(crate) mod two;\n\nfn shared() {}\n");
    let registry = text(folder.path(), "lib.rs");
    assert!(registry.ends_with("= &[\n    &a::one::RULE,\n    &a::two::RULE,\n    &b::far::RULE,\n];\n"), "{registry}");
    assert!(text(folder.path(), "a/two/mod.rs").contains("    id: \"A-02\",\n"));
    assert!(!text(folder.path(), "a/two/cases.md").contains('{'));
}

#[test]
fn the_first_rule_of_a_chapter_comes_last_and_of_a_catalogue_first() {
    let folder = scratch();
    run(folder.path(), "c", "new", "C-01").unwrap();
    assert_eq!(text(folder.path(), "c/mod.rs"), "//! A chapter without a rule yet.\n\npub mod new;\n");
    assert!(text(folder.path(), "lib.rs").ends_with("    &b::far::RULE,\n    &c::new::RULE,\n];\n"));

    let empty = tempfile::tempdir().unwrap();
    fs::create_dir_all(empty.path().join(CATALOG_FOLDER).join("c")).unwrap();
    fs::write(empty.path().join(REGISTRY), "//! Rules.\npub const CATALOG: &[&Rule] = &[\n];\n").unwrap();
    fs::write(empty.path().join(CATALOG_FOLDER).join("c/mod.rs"), "//! C.\n").unwrap();
    run(empty.path(), "c", "new", "C-01").unwrap();
    assert!(text(empty.path(), "lib.rs").ends_with("= &[\n    &c::new::RULE,\n];\n"));
}

#[test]
fn tidy_finds_the_new_rule_whole_but_unsaid() {
    let folder = scratch();
    assert!(tidy::run(folder.path()).failures.is_empty(), "{}", tidy::run(folder.path()).failures_text());
    run(folder.path(), "a", "two", "A-02").unwrap();
    let report = tidy::run(folder.path());
    for file in ["mod.rs", "params.toml", "cases.md"] {
        assert!(report.failures.iter().any(|failure| failure.path.ends_with(&format!("a/two/{file}"))), "{file}");
    }
    assert!(report.failures.iter().all(|failure| failure.what.contains(UNSAID)), "{}", report.failures_text());
}

#[test]
fn what_exists_or_has_no_name_is_refused_and_nothing_is_written() {
    let folder = scratch();
    let before: Vec<String> = Tree::read(folder.path()).unwrap().files.into_iter().map(|file| file.path + &file.text).collect();
    for (chapter, rule, id, said) in [
        ("a", "one", "A-02", "exists"),
        ("a", "two", "X-FAR", "is the rule of crates/catalog/src/b/far/mod.rs"),
        ("d", "two", "A-02", "no chapter `d`"),
        ("a", "../two", "A-02", "not a module's name"),
        ("a", "Two", "A-02", "not a module's name"),
        ("a", "two", "a-02", "not a rule's id"),
        ("a", "two", "A--02", "not a rule's id"),
    ] {
        let error = run(folder.path(), chapter, rule, id).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
    let after: Vec<String> = Tree::read(folder.path()).unwrap().files.into_iter().map(|file| file.path + &file.text).collect();
    assert_eq!(before, after);
}

/// Every text file of this repository, in a folder of its own.
fn copy_of_this_repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    for file in Tree::read(root).unwrap().files {
        let path = folder.path().join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.text).unwrap();
    }
    folder
}

/// The lines of `after` that `before` does not have at their place, where lines were only added.
fn added(before: &str, after: &str) -> Vec<String> {
    let mut old = before.lines().peekable();
    let mut added = Vec::new();
    for line in after.lines() {
        if old.peek() == Some(&line) {
            old.next();
        } else {
            added.push(line.to_owned());
        }
    }
    assert_eq!(old.next(), None, "something was taken away");
    added
}

#[test]
fn in_a_copy_of_this_repository_a_rule_touches_its_folder_and_one_line_of_the_catalogue() {
    let folder = copy_of_this_repository();
    let before = Tree::read(folder.path()).unwrap();
    let already = tidy::check(&before).failures;
    run(folder.path(), "mhotrs_bill", "bill_99", "MHOTRS-BILL-99").unwrap();
    let after = Tree::read(folder.path()).unwrap();

    let new: Vec<&str> = after.files.iter().filter(|f| before.get(&f.path).is_none()).map(|f| f.path.as_str()).collect();
    let own = |name: &str| format!("{CATALOG_FOLDER}/mhotrs_bill/bill_99/{name}");
    assert_eq!(new, [own("cases.md"), own("mod.rs"), own("params.toml")]);
    let changed: Vec<(&str, Vec<String>)> = before
        .files
        .iter()
        .map(|old| (old, after.get(&old.path).unwrap()))
        .filter(|(old, now)| old.text != now.text)
        .map(|(old, now)| (old.path.as_str(), added(&old.text, &now.text)))
        .collect();
    let chapter = format!("{CATALOG_FOLDER}/mhotrs_bill/mod.rs");
    assert_eq!(
        changed,
        [(REGISTRY, vec!["    &mhotrs_bill::bill_99::RULE,".to_owned()]), (chapter.as_str(), vec!["pub mod bill_99;".to_owned()])],
        "the line of the catalogue, and the module's own line in its chapter"
    );

    let unsaid: Vec<_> = tidy::check(&after).failures.into_iter().filter(|f| !already.contains(f)).collect();
    assert!(!unsaid.is_empty() && unsaid.iter().all(|f| f.what.contains(UNSAID) && f.path.contains("/bill_99/")), "{unsaid:?}");

    for name in ["mod.rs", "params.toml", "cases.md"] {
        let path = folder.path().join(own(name));
        let said = say(&fs::read_to_string(&path).unwrap());
        fs::write(path, said).unwrap();
    }
    let left: Vec<_> = tidy::run(folder.path()).failures.into_iter().filter(|f| !already.contains(f)).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// A new rule's file with something said wherever a person has to.
fn say(text: &str) -> String {
    let mut said = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(UNSAID) {
        let end = rest[at..].find('>').unwrap();
        said.push_str(&rest[..at]);
        said.push_str("2022-11-23");
        rest = &rest[at + end + 1..];
    }
    said + rest
}
