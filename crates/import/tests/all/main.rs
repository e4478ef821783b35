//! Whole-crate tests: files on disk to drafts, problems and notices.
//! Everybody named in them is invented.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bounded;
mod conformance;
mod csv;
mod directories;
mod generate;
mod hostile;
mod json_lines;
mod mapped;
mod published;
mod round_trip;
mod sheets;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use import::{Discovered, Located, Options, Summary, discover, read};

/// A directory of files with what they contain.
pub(crate) struct Files(tempfile::TempDir);

impl Files {
    pub(crate) fn new(files: &[(&str, &[u8])]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        Self(dir)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn dir(&self) -> &Path {
        self.0.path()
    }

    /// Problems and notices name files by their whole path; the part that differs from run to run is taken off.
    pub(crate) fn shorten(&self, text: impl ToString) -> String {
        text.to_string().replace(&format!("{}/", self.0.path().display()), "")
    }
}

pub(crate) const REAL: Options = Options { simulated: false, threads: 0, max_problems: 100 };
pub(crate) const SIMULATED: Options = Options { simulated: true, threads: 0, max_problems: 100 };

/// Reads, and makes sure that threads never show.
pub(crate) fn read_all(found: &Discovered, options: Options) -> (Vec<Located>, Summary) {
    let with = |threads| {
        let mut drafts = Vec::new();
        let summary = read(&found.sources, Options { threads, ..options }, |located| {
            drafts.push(located);
            ControlFlow::Continue(())
        });
        (drafts, summary)
    };
    let alone = with(0);
    assert_eq!(alone, with(2));
    alone
}

/// Reads one named file and gives the lines of its drafts and its problems as text.
pub(crate) fn lines_and_problems(name: &str, bytes: &[u8], options: Options) -> (Vec<u64>, Vec<String>) {
    let files = Files::new(&[(name, bytes)]);
    let found = discover(&[files.path(name)], None);
    let mut problems: Vec<String> = found.problems.kept().iter().map(|p| files.shorten(p)).collect();
    let (drafts, summary) = read_all(&found, options);
    problems.extend(summary.problems.kept().iter().map(|p| files.shorten(p)));
    (drafts.iter().map(|d| d.line).collect(), problems)
}
