//! The clock and the environment are read by front ends and passed in, so that the same ledger, cut and day give the same bytes.
//! It refuses the words anywhere else that ships; tests, benchmarks and development tools are free.

use super::Report;
use crate::tree::Tree;

const AMBIENT: &[&str] =
    &["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now", "TimeZone::system", "std::env", "env::var", "env::args"];

/// Front ends, and the tools of development that never ship.
const FREE: &[&str] = &["crates/cli/", "crates/xtask/", "crates/simulator/src/bin/", "crates/verify/src/main.rs"];

pub(super) fn check(tree: &Tree, report: &mut Report) {
    for file in tree.with_extension("rs") {
        if file.is_test() || FREE.iter().any(|free| file.path.starts_with(free)) {
            continue;
        }
        for (line, text) in file.shipped_lines() {
            if let Some(word) = AMBIENT.iter().find(|word| text.contains(**word)) {
                report.fail(&file.path, line, format!("`{word}`: a front end reads it and passes the value in (clippy.toml says why)"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::failures_of;
    use super::check;

    #[test]
    fn a_clock_or_environment_read_below_the_front_ends_is_refused() {
        let clock = "//! Says.\nfn today() { jiff::Zoned::now(); }\n";
        let environment = "//! Says.\nuse std::env;\n";
        let said = failures_of(check, &[("crates/rules/src/a.rs", clock), ("crates/audit/src/b.rs", environment)]);
        assert_eq!(said.len(), 2);
        assert!(said[1].starts_with("crates/rules/src/a.rs:2:"));
    }

    #[test]
    fn front_ends_tests_and_comments_may_name_it() {
        let clock = "//! Says.\nfn now() { std::time::SystemTime::now(); }\n";
        let in_tests = "//! Says.\n// not Instant::now\n#[cfg(test)]\nmod tests {\n    fn a() { Instant::now(); }\n}\n";
        let good = [
            ("crates/cli/main.rs", clock),
            ("crates/ledger/tests/a.rs", clock),
            ("crates/ledger/benches/a.rs", clock),
            ("crates/ledger/src/a.rs", in_tests),
        ];
        assert!(failures_of(check, &good).is_empty());
    }
}
