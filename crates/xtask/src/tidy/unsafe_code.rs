//! No crate of ours holds unsafe code, and none can begin to without being seen: the compiler is told to refuse it, in every crate and its tests.
//! It refuses a workspace whose lints do not forbid it, a manifest that does not take these lints, and a word that would allow it again.
//!
//! `unsafe_code = "forbid"` in the workspace's lints is `#![forbid(unsafe_code)]` for every target of a crate that takes them, tests and build
//! scripts included; some crates say it at their root as well.

use super::Report;
use crate::tree::Tree;

const ROOT: &str = "Cargo.toml";

pub(super) fn check(tree: &Tree, report: &mut Report) {
    if tree.get(ROOT).is_some_and(|root| !root.text.lines().any(|line| line == "unsafe_code = \"forbid\"")) {
        report.fail(ROOT, 0, "[workspace.lints.rust] says unsafe_code = \"forbid\"");
    }
    let is_manifest = |path: &str| matches!(path.split('/').collect::<Vec<_>>()[..], [ROOT] | ["crates", _, ROOT]);
    for file in tree.files.iter().filter(|file| is_manifest(&file.path)) {
        let lines: Vec<&str> = file.text.lines().collect();
        let takes = lines.windows(2).any(|pair| pair == ["[lints]", "workspace = true"]);
        if lines.contains(&"[package]") && !takes {
            report.fail(&file.path, 0, "the workspace's lints, which forbid unsafe code, are taken: [lints] workspace = true");
        }
    }
    for file in tree.with_extension("rs") {
        for (at, line) in file.text.lines().enumerate() {
            let line = line.trim_start();
            if line.starts_with("#[") && line.contains("allow(unsafe_code") || line.starts_with("#![") && line.contains("allow(unsafe_code") {
                report.fail(&file.path, at + 1, "unsafe code is not allowed anywhere; a measured reason and a test under Miri come first");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::failures_of;
    use super::check;

    const ROOT: (&str, &str) = ("Cargo.toml", "[workspace.lints.rust]\nunsafe_code = \"forbid\"\n\n[package]\n\n[lints]\nworkspace = true\n");

    #[test]
    fn a_workspace_that_does_not_forbid_and_a_crate_that_does_not_take_it_are_refused() {
        let bad = [
            ("Cargo.toml", "[workspace.lints.rust]\nunsafe_code = \"deny\"\n"),
            ("crates/a/Cargo.toml", "[package]\n"),
            ("crates/a/src/lib.rs", "//! Says.\n#![allow(unsafe_code)]\n"),
        ];
        assert_eq!(failures_of(check, &bad).len(), bad.len());
    }

    #[test]
    fn a_crate_that_takes_the_lints_passes() {
        let good = [ROOT, ("crates/a/Cargo.toml", "[package]\n\n[lints]\nworkspace = true\n"), ("crates/a/src/lib.rs", "//! Not #![allow(unsafe_code)].\n")];
        assert!(failures_of(check, &good).is_empty());
    }
}
