//! How long a source file may be: a file does one job, and one job rarely takes more.
//! It warns past the first mark and refuses past the second; it does not look at anything but Rust.

use super::Report;
use crate::tree::Tree;

/// Past this a file wants a look.
const LOOK: usize = 400;
/// Past this a file must be divided.
const MOST: usize = 600;

pub(super) fn check(tree: &Tree, report: &mut Report) {
    for file in tree.with_extension("rs") {
        let lines = file.text.lines().count();
        if lines > MOST {
            report.fail(&file.path, 0, format!("{lines} lines, {MOST} at most: divide it by job"));
        } else if lines > LOOK {
            report.warn(&file.path, 0, format!("{lines} lines: past {LOOK} a file usually does two jobs"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_are_warned_about_and_longer_ones_refused() {
        let (at, over, far) = ("\n".repeat(LOOK), "\n".repeat(LOOK + 1), "\n".repeat(MOST + 1));
        let mut report = Report::default();
        check(&Tree::of(&[("at.rs", &at), ("over.rs", &over), ("far.rs", &far), ("far.md", &far)]), &mut report);
        assert_eq!(report.warnings.iter().map(|warning| warning.path.as_str()).collect::<Vec<_>>(), ["over.rs"]);
        assert_eq!(report.failures.iter().map(|failure| failure.path.as_str()).collect::<Vec<_>>(), ["far.rs"]);
    }
}
