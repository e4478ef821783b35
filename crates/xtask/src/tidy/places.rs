//! What a committed file must not name: paths of one machine, hosts of package registries, and the tools a text was written with.
//! It refuses them in every text file; the words are put together here so that this file does not contain them.

use super::Report;
use crate::tree::Tree;

/// A path of one machine, where nothing of a longer path stands before it.
const MACHINE_PATHS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/fa", "rm/"),
    concat!("/tm", "p/"),
    concat!("/Us", "ers/"),
    concat!("../sha", "red"),
];

/// Found in any case, anywhere in a line.
const WORDS: &[(&str, &str)] = &[
    (concat!("crates", ".io"), "a registry's host"),
    (concat!("py", "pi.org"), "a registry's host"),
    (concat!("python", "hosted"), "a registry's host"),
    (concat!("npm", "js.org"), "a registry's host"),
    (concat!("npm", "js.com"), "a registry's host"),
    (concat!("debian", ".org"), "a registry's host"),
    (concat!("proxy.go", "lang"), "a registry's host"),
    (concat!("anth", "ropic"), "the tools a text was written with"),
    (concat!("clau", "de"), "the tools a text was written with"),
    (concat!("chat", "gpt"), "the tools a text was written with"),
    (concat!("open", "ai"), "the tools a text was written with"),
    (concat!("language ", "model"), "the tools a text was written with"),
    (concat!("this work", "place"), "where a text was written"),
    (concat!("this sess", "ion"), "where a text was written"),
    (concat!("sub-", "agent"), "where a text was written"),
    (concat!("sub", "agent"), "where a text was written"),
];

/// Written by cargo; it names the registry of every crate.
const GENERATED: &[&str] = &["Cargo.lock"];

pub(super) fn check(tree: &Tree, report: &mut Report) {
    for file in tree.files.iter().filter(|file| !GENERATED.contains(&file.path.as_str())) {
        for (at, line) in file.text.lines().enumerate() {
            for path in MACHINE_PATHS.iter().filter(|path| starts_here(line, path)) {
                report.fail(&file.path, at + 1, format!("`{path}` is a path of one machine"));
            }
            for (word, what) in WORDS.iter().filter(|(word, _)| contains_in_any_case(line, word)) {
                report.fail(&file.path, at + 1, format!("`{word}`: {what} does not belong in a committed file"));
            }
        }
    }
}

fn starts_here(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '>' | '}'))
    })
}

/// `word` is lower case. Compares bytes, because a fixture has lines of all lengths and most hold no such word.
fn contains_in_any_case(line: &str, word: &str) -> bool {
    line.as_bytes().windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::super::failures_of;
    use super::{MACHINE_PATHS, WORDS, check};

    #[test]
    fn every_place_and_word_is_refused_in_any_text_file() {
        for path in MACHINE_PATHS {
            let text = format!("see {path}main\n");
            assert_eq!(failures_of(check, &[("docs/a.md", &text)]).len(), 1, "{path}");
        }
        for (word, _) in WORDS {
            let text = format!("see {}\n", word.to_uppercase());
            assert_eq!(failures_of(check, &[(".ci/run", &text)]).len(), 1, "{word}");
        }
    }

    #[test]
    fn a_longer_path_and_the_lock_file_pass() {
        let longer = format!("crates{}src and target{}x\n", MACHINE_PATHS[0], MACHINE_PATHS[4]);
        assert!(failures_of(check, &[("a.md", &longer), ("Cargo.lock", WORDS[0].0)]).is_empty());
    }
}
