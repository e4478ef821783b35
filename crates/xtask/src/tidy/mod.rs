//! The rules of the house that a compiler does not know, checked over the whole repository's text.
//! Each check is one file with an example it refuses; none of them changes anything.

use std::fmt;
use std::path::Path;

use crate::tree::Tree;

mod ambient;
mod codec;
mod edges;
mod headers;
mod length;
mod names;
mod places;
mod questions;
mod rule_folders;
mod unfinished;
mod unsafe_code;

/// One thing out of order: where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    /// Path from the repository's root.
    pub path: String,
    /// Line from 1; 0 where the whole file is meant.
    pub line: usize,
    /// What is wrong and where the reason can be read.
    pub what: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.what),
            line => write!(f, "{}:{line}: {}", self.path, self.what),
        }
    }
}

/// What all checks together found, ordered by path and line.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// These must be mended.
    pub failures: Vec<Complaint>,
    /// These want a look.
    pub warnings: Vec<Complaint>,
}

impl Report {
    fn fail(&mut self, path: &str, line: usize, what: impl Into<String>) {
        self.failures.push(Complaint { path: path.to_owned(), line, what: what.into() });
    }

    fn warn(&mut self, path: &str, line: usize, what: impl Into<String>) {
        self.warnings.push(Complaint { path: path.to_owned(), line, what: what.into() });
    }

    /// The failures, one a line, for an assertion's message.
    pub fn failures_text(&self) -> String {
        self.failures.iter().map(|complaint| format!("{complaint}\n")).collect()
    }
}

/// Every check, in the order they are described in `ARCHITECTURE.md`.
const CHECKS: &[fn(&Tree, &mut Report)] = &[
    edges::check,
    length::check,
    headers::check,
    names::check,
    ambient::check,
    rule_folders::check,
    places::check,
    questions::check,
    unfinished::check,
    codec::check,
    unsafe_code::check,
];

/// Runs every check over the repository at `root`. A folder that cannot be read is a failure like any other.
pub fn run(root: &Path) -> Report {
    match Tree::read(root) {
        Ok(tree) => check(&tree),
        Err(error) => {
            let mut report = Report::default();
            report.fail(".", 0, format!("{error:#}"));
            report
        }
    }
}

/// Runs every check over a tree that was already read.
pub fn check(tree: &Tree) -> Report {
    let mut report = Report::default();
    for check in CHECKS {
        check(tree, &mut report);
    }
    report.failures.sort();
    report.warnings.sort();
    report
}

/// What one check says of an example, a line each.
#[cfg(test)]
fn failures_of(check: fn(&Tree, &mut Report), files: &[(&str, &str)]) -> Vec<String> {
    let mut report = Report::default();
    check(&Tree::of(files), &mut report);
    report.failures.iter().map(Complaint::to_string).collect()
}
