//! Development commands: `cargo xtask tidy|docs|new-rule|vectors|citations|sbom|disks|model|fuzz|ledgers|bench`.
//! It refuses to do the work itself: it reads the arguments, calls the library and prints what came back.
#![allow(clippy::disallowed_methods, reason = "a binary's main reads its arguments and what cargo tells it")]

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use xtask::citations::{self, Day};
use xtask::tree::Tree;
use xtask::{Mode, bench, docs, ledgers, new_rule, sbom, tidy, vectors};

const USAGE: &str = "\
cargo xtask tidy                              the rules of the house, over every file
cargo xtask docs [--check]                    docs/rules and docs/coverage.md from the rules' own folders
cargo xtask new-rule CHAPTER FOLDER ID        a rule's folder and its two lines
cargo xtask vectors [--check]                 append new vectors; none is ever changed
cargo xtask citations --today YYYY-MM-DD      sources not read again for a year
cargo xtask sbom                              the bill of materials of what ships (CycloneDX 1.5), on standard output
cargo xtask disks [--seeds N] [--from N]      ledgers on broken disks, optimised, 200,000 seeds unless said
cargo xtask model [--seeds N] [--from N]      the rules against the second judge, optimised: 200 agencies of 20,000 events unless said
cargo xtask fuzz [--seeds N] [--only NAME]    every parser on spoiled inputs, optimised, a million each unless said; keeps what got a new answer
cargo xtask bench [CRATE]                      what the program does in a second beside what the machine could; all of it into docs/benchmarks.md
cargo xtask ledgers PROGRAM                   fixtures/ledgers of this version, by a built countersign, once: what is there is never changed";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<ExitCode> {
    // As cargo sees it when it runs this program: a target folder may be shared by several checkouts.
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").context("run this through cargo: cargo xtask ...")?;
    let root = Path::new(&manifest).ancestors().nth(2).context("xtask lies two folders below the root")?;
    match arguments {
        ["tidy"] => {
            let report = tidy::run(root);
            for warning in &report.warnings {
                println!("warning: {warning}");
            }
            print!("{}", report.failures_text());
            println!("{} failures, {} warnings", report.failures.len(), report.warnings.len());
            return Ok(if report.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        ["docs", rest @ ..] => say(&docs::run(root, mode(rest)?)?, "every page is up to date"),
        ["new-rule", chapter, folder, id] => say(&new_rule::run(root, chapter, folder, id)?, "nothing was written"),
        ["vectors", rest @ ..] => match vectors::run(root, &chain::vectors::json(), mode(rest)?)? {
            true => println!("{} has new vectors", vectors::VECTORS),
            false => println!("{} is what the code makes", vectors::VECTORS),
        },
        ["citations", "--today", today] => {
            let tree = Tree::read(root)?;
            let due: Vec<String> = citations::run(&tree, Day::parse(today)?)?.iter().map(ToString::to_string).collect();
            say(&due, &citations::nothing_due(&tree)?);
        }
        ["sbom"] => print!("{}", sbom::run(root, &cargo())?),
        ["disks", rest @ ..] => return long(root, &DISKS, rest),
        ["model", rest @ ..] => return long(root, &MODEL, rest),
        ["fuzz", rest @ ..] => return long(root, &FUZZ, rest),
        ["bench"] => bench::run(root, &cargo(), None)?,
        ["bench", only] => bench::run(root, &cargo(), Some(only))?,
        ["ledgers", program] => say(&ledgers::run(root, Path::new(program))?, "nothing was written"),
        [] | ["help" | "--help" | "-h"] => println!("{USAGE}"),
        _ => bail!("not a development command: {}\n{USAGE}", arguments.join(" ")),
    }
    Ok(ExitCode::SUCCESS)
}

fn cargo() -> std::path::PathBuf {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()).into()
}

/// A test that is short unless the environment says how many seeds it is to run.
struct Long {
    /// What `cargo test` is told.
    test: &'static [&'static str],
    /// The variable that holds the range of seeds.
    variable: &'static str,
    /// How many, unless said.
    seeds: u64,
    /// What else is set.
    set: &'static [(&'static str, &'static str)],
    /// The variable that holds the one thing to be run, where there are several.
    only: Option<&'static str>,
}

/// `crates/ledger/tests/disks`.
const DISKS: Long = Long { test: &["-p", "ledger", "--lib", "disks::"], variable: "DISKS_SEEDS", seeds: 200_000, set: &[], only: None };

/// `crates/model/tests/agreement.rs`.
const MODEL: Long =
    Long { test: &["-p", "model", "--test", "agreement"], variable: "MODEL_SEEDS", seeds: 200, set: &[("MODEL_EVENTS", "20000")], only: None };

/// `crates/hostile/tests/every_parser.rs`.
const FUZZ: Long =
    Long { test: &["-p", "hostile", "--test", "every_parser", "spoiled"], variable: "HOSTILE_INPUTS", seeds: 1_000_000, set: &[], only: Some("HOSTILE_ONLY") };

fn long(root: &Path, run: &Long, rest: &[&str]) -> Result<ExitCode> {
    let number = |name: &str, otherwise: u64| -> Result<u64> {
        match rest.iter().position(|word| *word == name) {
            None => Ok(otherwise),
            Some(at) => rest.get(at + 1).and_then(|text| text.replace(',', "").parse().ok()).with_context(|| format!("{name} takes a number\n{USAGE}")),
        }
    };
    let (from, seeds) = (number("--from", 0)?, number("--seeds", run.seeds)?);
    let only = match rest.iter().position(|word| *word == "--only") {
        None => None,
        Some(at) => Some((run.only.context("--only is for fuzz")?, *rest.get(at + 1).with_context(|| format!("--only takes a name\n{USAGE}"))?)),
    };
    let status = std::process::Command::new(cargo())
        .args(["test", "--release"])
        .args(run.test)
        .args(["--", "--nocapture"])
        .env(run.variable, format!("{from}..{}", from.saturating_add(seeds)))
        .envs(run.set.iter().copied())
        .envs(only)
        .current_dir(root)
        .status()
        .context("cargo cannot be started")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn mode(rest: &[&str]) -> Result<Mode> {
    match rest {
        [] => Ok(Mode::Write),
        ["--check"] => Ok(Mode::Check),
        _ => bail!("only --check may follow, not {}\n{USAGE}", rest.join(" ")),
    }
}

/// One line each, or what an empty list means.
fn say(lines: &[String], nothing: &str) {
    if lines.is_empty() {
        println!("{nothing}");
    }
    for line in lines {
        println!("{line}");
    }
}
