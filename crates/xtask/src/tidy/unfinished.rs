//! Work that says of itself that it is not done: it is finished or removed before it is committed.
//! It refuses the markers, what a new rule leaves to be said, and a test that is switched off, which asserts nothing.

use super::Report;
use crate::new_rule::UNSAID;
use crate::tree::Tree;

/// Put together here so that this file does not contain them.
const MARKERS: &[&str] =
    &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX"), concat!("todo", "!("), concat!("unimplemented", "!(")];
const SWITCHED_OFF: &str = concat!("#[ign", "ore");

const LOOKED_AT: &[&str] = &["rs", "toml", "md", "sh", "py", "html", "css", "js"];

pub(super) fn check(tree: &Tree, report: &mut Report) {
    for file in tree.files.iter().filter(|file| file.extension().is_some_and(|extension| LOOKED_AT.contains(&extension))) {
        for (at, line) in file.text.lines().enumerate() {
            if let Some(marker) = MARKERS.iter().find(|marker| has_word(line, marker)) {
                report.fail(&file.path, at + 1, format!("`{marker}`: finish it or remove it"));
            }
            if line.contains(UNSAID) {
                report.fail(&file.path, at + 1, format!("`{UNSAID}`: say it"));
            }
            if line.trim_start().starts_with(SWITCHED_OFF) {
                report.fail(&file.path, at + 1, "a test that never runs asserts nothing");
            }
        }
    }
}

/// Whether the marker stands alone, not inside a longer word or an id.
fn has_word(line: &str, marker: &str) -> bool {
    line.match_indices(marker).any(|(at, _)| {
        let inside = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let before = line[..at].chars().next_back().is_some_and(inside);
        let after = line[at + marker.len()..].chars().next().is_some_and(inside);
        !before && (!after || marker.ends_with('('))
    })
}

#[cfg(test)]
mod tests {
    use super::super::failures_of;
    use super::{MARKERS, SWITCHED_OFF, check};

    #[test]
    fn every_marker_is_refused() {
        for marker in MARKERS {
            let text = format!("//! Says.\n    // {marker} later)\n");
            assert_eq!(failures_of(check, &[("a.rs", &text)]).len(), 1, "{marker}");
        }
        let off = format!("//! Says.\n    {SWITCHED_OFF}]\n    fn a() {{}}\n");
        assert_eq!(failures_of(check, &[("a.rs", &off)]).len(), 1);
    }

    #[test]
    fn a_marker_inside_another_word_is_not_one() {
        let text = format!("# P-{0}X and MAS{0}N\n", MARKERS[0]);
        assert!(failures_of(check, &[("a.md", &text)]).is_empty());
    }
}
