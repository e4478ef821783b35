//! The laws of the house hold in the repository itself.
//! Warnings are printed; failures fail.

use std::path::Path;

#[test]
fn the_tree_is_tidy() {
    let report = xtask::tidy::run(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(report.failures.is_empty(), "{}", report.failures_text());
}

#[test]
fn the_pages_of_the_rules_are_those_of_their_code() {
    let stale = xtask::docs::run(Path::new(env!("CARGO_MANIFEST_DIR")), xtask::Mode::Check);
    assert!(stale.is_ok(), "run `cargo xtask docs`: {stale:?}");
}
