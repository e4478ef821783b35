//! Every file opens by saying what it is for: `//!` in Rust, `#` in TOML and Markdown.
//! It refuses a file that starts with code; a crate's manifest may say it in `description` instead.

use super::Report;
use crate::tree::{File, Tree};

pub(super) fn check(tree: &Tree, report: &mut Report) {
    for file in &tree.files {
        let first = file.text.lines().next().unwrap_or("");
        match file.extension() {
            Some("rs") if first.strip_prefix("//! ").is_none_or(|said| said.trim().is_empty()) => {
                report.fail(&file.path, 1, "the first line is `//! ` and what the file is for; the next says what it refuses to do");
            }
            Some("toml") if !first.starts_with('#') && !describes_itself(file) => {
                report.fail(&file.path, 1, "the first line is a `#` comment that says what the file is for");
            }
            Some("md") if !first.starts_with('#') => report.fail(&file.path, 1, "the first line is a `#` heading"),
            _ => {}
        }
    }
}

fn describes_itself(file: &File) -> bool {
    file.name() == "Cargo.toml" && file.text.lines().any(|line| line.starts_with("description = "))
}

#[cfg(test)]
mod tests {
    use super::super::failures_of;
    use super::check;

    #[test]
    fn files_that_start_without_saying_what_they_are_for_are_refused() {
        let bad = [
            ("a.rs", "use std::fs;\n"),
            ("b.rs", "//!\n"),
            ("c.toml", "max = 1\n"),
            ("d.md", "Prose.\n"),
            ("e.rs", ""),
            ("x/Cargo.toml", "[package]\nname = \"x\"\n"),
        ];
        assert_eq!(failures_of(check, &bad).len(), bad.len());
    }

    #[test]
    fn headed_files_and_described_manifests_pass() {
        let good = [
            ("a.rs", "//! Says.\n"),
            ("c.toml", "# Says.\n"),
            ("d.md", "## A case\n"),
            ("x/Cargo.toml", "[package]\nname = \"x\"\ndescription = \"Says.\"\n"),
            ("data.csv", "a,b\n"),
        ];
        assert!(failures_of(check, &good).is_empty());
    }
}
