//! Names under which anything can be put, so that everything is: they are not used for files, folders or modules.
//! It refuses the name only; what such a file holds lives with the type it serves, or in a module named for its idea.

use super::Report;
use crate::tree::Tree;

const EMPTY_NAMES: &[&str] = &["utils", "util", "helpers", "helper", "common", "misc"];

pub(super) fn check(tree: &Tree, report: &mut Report) {
    for file in &tree.files {
        for part in file.path.split('/') {
            let stem = part.split('.').next().unwrap_or(part);
            if EMPTY_NAMES.contains(&stem) {
                report.fail(&file.path, 0, refusal(stem));
            }
        }
        if file.extension() == Some("rs") {
            for (at, line) in file.text.lines().enumerate() {
                if let Some(name) = module_named(line).filter(|name| EMPTY_NAMES.contains(name)) {
                    report.fail(&file.path, at + 1, refusal(name));
                }
            }
        }
    }
}

fn refusal(name: &str) -> String {
    format!("nothing is called `{name}`: put it with the type it serves, or name the module for its idea")
}

/// The name in `mod name;` or `pub(...) mod name {`.
fn module_named(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = match line.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(')')?.1.trim_start(),
        Some(rest) => rest.trim_start(),
        None => line,
    };
    line.strip_prefix("mod ")?.split([';', ' ', '{']).next()
}

#[cfg(test)]
mod tests {
    use super::super::failures_of;
    use super::check;

    #[test]
    fn empty_names_are_refused_as_files_folders_and_modules() {
        let bad = [
            ("crates/a/src/utils.rs", "//! Says.\n"),
            ("crates/common/src/lib.rs", "//! Says.\n"),
            ("crates/a/src/lib.rs", "//! Says.\npub(crate) mod misc {\n}\n"),
            ("crates/b/src/lib.rs", "//! Says.\nmod helpers;\n"),
        ];
        let said = failures_of(check, &bad);
        assert_eq!(said.len(), bad.len(), "{said:?}");
        assert!(said.iter().any(|line| line.starts_with("crates/a/src/lib.rs:2:")));
    }

    #[test]
    fn names_that_only_contain_such_a_word_pass() {
        assert!(failures_of(check, &[("src/common_law.rs", "//! Says.\nmod utility_bill;\n")]).is_empty());
    }
}
