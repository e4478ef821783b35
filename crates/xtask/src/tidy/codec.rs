//! The codec is named in one file, so that the stored bytes have one author and can get another.
//! It refuses a second file of `crates/ledger/src` that names it, and a manifest that names it for nothing.

use super::Report;
use crate::tree::Tree;

const NAMED: &str = "bincode::";

pub(super) fn check(tree: &Tree, report: &mut Report) {
    let naming: Vec<(&str, usize)> = tree
        .with_extension("rs")
        .filter(|file| file.path.starts_with("crates/ledger/src/"))
        .filter_map(|file| {
            let (line, _) = file.shipped_lines().find(|(_, text)| text.contains(NAMED))?;
            Some((file.path.as_str(), line))
        })
        .collect();
    for (path, line) in naming.iter().skip(1) {
        report.fail(path, *line, format!("`{NAMED}` is already named in {}, and is named in one file", naming[0].0));
    }
    let manifest = "crates/ledger/Cargo.toml";
    let asked_for = tree.get(manifest).is_some_and(|file| file.text.lines().any(|line| line.starts_with("bincode")));
    if asked_for && naming.is_empty() {
        report.fail(manifest, 0, format!("no file of crates/ledger/src names `{NAMED}`"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::failures_of;
    use super::check;

    const MANIFEST: (&str, &str) = ("crates/ledger/Cargo.toml", "[dependencies]\nbincode.workspace = true\n");

    #[test]
    fn a_second_file_that_names_the_codec_is_refused() {
        let naming = "//! Says.\nuse bincode::Options;\n";
        let both = [MANIFEST, ("crates/ledger/src/codec.rs", naming), ("crates/ledger/src/wire/v1.rs", naming)];
        let said = failures_of(check, &both);
        assert_eq!(said.len(), 1);
        assert!(said[0].starts_with("crates/ledger/src/wire/v1.rs:2:"));
        assert!(failures_of(check, &both[..2]).is_empty());
    }

    #[test]
    fn a_codec_nobody_names_is_refused() {
        assert_eq!(failures_of(check, &[MANIFEST, ("crates/ledger/src/lib.rs", "//! Not `bincode::`.\n")]).len(), 1);
    }
}
