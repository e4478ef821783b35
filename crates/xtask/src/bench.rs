//! `cargo xtask bench`: runs the measuring programs, puts the limit beside each figure, and writes the table into docs/benchmarks.md.
//! Measures nothing itself, and fails nobody: a machine that is busy is slow, and says nothing about the program.
//!
//! A measuring program is a bench of a crate that prints lines of a key, a figure and a unit, separated by tabs; other lines are passed over.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The page, and the lines between which the table stands.
const PAGE: &str = "docs/benchmarks.md";
const BEGIN: &str = "<!-- measured by cargo xtask bench: begin -->";
const END: &str = "<!-- measured by cargo xtask bench: end -->";

/// Crate and bench.
const PROGRAMS: &[(&str, &str)] = &[("ledger", "speed"), ("audit", "intake"), ("audit", "decade"), ("import", "mapped"), ("web", "pages")];

/// What is asked of a figure.
#[derive(Debug, Clone, Copy)]
enum Limit {
    /// It is a limit of the machine itself, which others are held against.
    Machine,
    /// For the record.
    None,
    AtLeast(f64),
    AtMost(f64),
    /// So many times the least of other figures.
    Times(f64, &'static [&'static str]),
    /// As many of another figure as the product of a number and the cores of this machine.
    TimesCores(f64, &'static str),
}

/// One line of the table.
struct Row {
    key: &'static str,
    what: &'static str,
    limit: Limit,
}

const fn row(key: &'static str, what: &'static str, limit: Limit) -> Row {
    Row { key, what, limit }
}

const ROWS: &[Row] = &[
    row("memory-read", "memory read", Limit::Machine),
    row("disk-write", "disk written and synced", Limit::Machine),
    row("fsync", "synced writes of 4 KiB, one after the other", Limit::Machine),
    row("hashing", "hashing alone: blake3 of body and link, SHA-256 of leaf and nodes", Limit::Machine),
    row("redb-insert", "raw redb: the same bytes, a row an event, durable batches of 1,000", Limit::Machine),
    row("redb-scan", "raw redb: all rows read", Limit::Machine),
    row("json-parse", "JSON Lines parsed and checked alone, one core", Limit::Machine),
    row("append-batches", "append through the library, durable, batches of 1,000, all evidence", Limit::Times(0.5, &["hashing", "redb-insert"])),
    row("append-batches-written", "bytes written to the disk by that", Limit::None),
    row("append-alone", "single durable appends, one after the other", Limit::None),
    row("append-shared", "single durable appends from 64 threads that share commits", Limit::Times(20.0, &["append-alone"])),
    row("import", "import of JSON Lines, durable", Limit::AtLeast(400_000.0)),
    row("import-processor", "processor time of that, both cores together", Limit::None),
    row("verify", "verify: every byte, chain, tree", Limit::TimesCores(0.8, "hashing")),
    row("database", "database", Limit::None),
    row("json-lines", "the JSON Lines it came from", Limit::None),
    row("database-share", "database to JSON Lines", Limit::AtMost(50.0)),
    row("tenth-events", "a ledger of a tenth of the decade", Limit::None),
    row("tenth-scan", "full scan of it from the ledger, all rules", Limit::None),
    row("tenth-night-events", "new in a night, two late revocations among them", Limit::None),
    row("tenth-night", "nightly scan of it, recorded and kept", Limit::AtMost(300.0)),
    row("tenth-night-share", "that is faster than the full scan, recorded and kept", Limit::AtLeast(50.0)),
    row("decade-events", "a ledger of a decade", Limit::None),
    row("decade-scan", "full scan of it from the ledger, all rules", Limit::AtLeast(1_500_000.0)),
    row("decade-scan-memory", "most memory of that", Limit::AtMost(150.0)),
    row("scan-growth", "an event in it takes longer than in the tenth by", Limit::AtMost(15.0)),
    row("decade-resumed", "going on from what the last scan kept is faster than the full scan", Limit::AtLeast(4.0)),
    row("decade-night-events", "new in a night, two late revocations among them", Limit::None),
    row("decade-night", "nightly scan of it, recorded and kept", Limit::AtMost(500.0)),
    row("decade-night-share", "that is faster than the full scan, recorded and kept", Limit::None),
    row("night-growth", "that takes longer than in the tenth", Limit::None),
    row("decade-status", "`status` of it, in a new process", Limit::AtMost(100.0)),
    row("decade-findings", "`findings list` of it, in a new process", Limit::AtMost(100.0)),
    row("decade-explain", "`explain` of a finding of it, in a new process", Limit::AtMost(100.0)),
    row("csv-mapped", "CSV of 16 columns through a mapping, one core", Limit::AtLeast(500_000.0)),
    row("csv-plain", "the same contacts as plain CSV, one core", Limit::AtLeast(500_000.0)),
    row("csv-narrow", "plain CSV of 8 columns, one core", Limit::AtLeast(500_000.0)),
    row("pages-ready", "after the start, until a page waits for nothing more", Limit::None),
    row("page-home", "home page of a million events, one reader", Limit::AtMost(50.0)),
    row("page-worklist", "worklist", Limit::AtMost(50.0)),
    row("page-worklist-filtered", "worklist, filtered and sorted by money", Limit::AtMost(50.0)),
    row("page-finding", "a finding's story, asked for again", Limit::None),
    row("page-finding-first", "the same, asked for the first time", Limit::None),
    row("page-person", "the busiest peer over time", Limit::AtMost(100.0)),
    row("page-person-as-of", "the same as known on a day", Limit::AtMost(100.0)),
    row("page-individual", "an individual over time", Limit::AtMost(100.0)),
    row("page-people", "everybody, with a strip of supervision each", Limit::None),
    row("page-program", "the largest program", Limit::None),
    row("page-home-weight", "what is sent of the home page", Limit::None),
    row("page-worklist-weight", "of the worklist", Limit::None),
    row("page-person-weight", "of the busiest peer", Limit::None),
    row("page-people-weight", "of everybody", Limit::None),
    row("machine-load", "threads of others and ours that run or want to, over the minute before the fifty readers", Limit::None),
    row("pages-imported-meanwhile", "files of 1,250 events imported meanwhile", Limit::None),
    row("pages-a-second", "fifty readers without a pause, while files are imported", Limit::None),
    row("pages-median", "of these, the one in the middle waits", Limit::None),
    row("pages-p99", "of these, 99 in a hundred wait at most", Limit::AtMost(250.0)),
    row("pages-longest", "of these, the longest", Limit::None),
];

type Figures = BTreeMap<String, (f64, String)>;

/// Runs everything, prints the table and writes it into the page.
///
/// # Errors
/// A program that cannot be built or run, or a page without the marks.
pub fn run(root: &Path, cargo: &Path, only: Option<&str>) -> Result<()> {
    let mut figures = Figures::new();
    for (package, bench) in PROGRAMS.iter().filter(|(package, bench)| only.is_none_or(|only| only == *package || only == *bench)) {
        eprintln!("{package}, {bench} ...");
        let output = Command::new(cargo)
            .args(["bench", "-p", package, "--bench", bench])
            .current_dir(root)
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("cargo bench -p {package} cannot be started"))?;
        if !output.status.success() {
            bail!("cargo bench -p {package} --bench {bench} failed");
        }
        figures.extend(read(&String::from_utf8_lossy(&output.stdout)));
    }
    let table = table(&figures);
    print!("{table}");
    if only.is_none() {
        let path = root.join(PAGE);
        let page = std::fs::read_to_string(&path).with_context(|| format!("reading {PAGE}"))?;
        std::fs::write(&path, put(&page, &table)?).with_context(|| format!("writing {PAGE}"))?;
    }
    Ok(())
}

/// The figures in what a program printed.
fn read(text: &str) -> Figures {
    let line = |line: &str| {
        let mut parts = line.split('\t');
        let (key, value, unit) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?);
        Some((key.to_owned(), (value, unit.to_owned())))
    };
    text.lines().filter_map(line).collect()
}

/// The table of what was measured, in the order of the rows.
fn table(figures: &Figures) -> String {
    let mut out = String::from("| what | measured | limit | |\n|---|---|---|---|\n");
    for row in ROWS {
        let Some((value, unit)) = figures.get(row.key) else { continue };
        let (limit, met) = against(row.limit, *value, figures, cores());
        let _ = writeln!(out, "| {} | {} {unit} | {limit} | {met} |", row.what, number(*value));
    }
    out
}

/// Cores of the machine that measures.
fn cores() -> f64 {
    std::thread::available_parallelism().map_or(1.0, |cores| cores.get() as f64)
}

/// The limit in words, and whether the figure is within it.
fn against(limit: Limit, value: f64, figures: &Figures, cores: f64) -> (String, &'static str) {
    let judged = |good| if good { "met" } else { "**not met**" };
    match limit {
        Limit::Machine => ("the machine's".to_owned(), ""),
        Limit::None => (String::new(), ""),
        Limit::AtLeast(least) => (format!("at least {}", number(least)), judged(value >= least)),
        Limit::AtMost(most) => (format!("at most {}", number(most)), judged(value <= most)),
        Limit::Times(times, keys) => {
            let known: Option<Vec<f64>> = keys.iter().map(|key| figures.get(*key).map(|(value, _)| *value)).collect();
            match known.map(|known| known.into_iter().fold(f64::MAX, f64::min)) {
                Some(least) => (format!("{times} times {}: at least {}", number(least), number(times * least)), judged(value >= times * least)),
                None => (format!("{times} times {}, not measured", keys.join(" or ")), ""),
            }
        }
        Limit::TimesCores(times, key) => match figures.get(key) {
            Some((one, _)) => {
                let least = times * cores * one;
                (format!("{times} times {} times {cores:.0} cores: at least {}", number(*one), number(least)), judged(value >= least))
            }
            None => (format!("{times} times {key} times {cores:.0} cores, not measured"), ""),
        },
    }
}

/// Thousands apart; a digit after the point where there are few before it.
fn number(value: f64) -> String {
    if value.abs() < 100.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The page with the table between its marks.
fn put(page: &str, table: &str) -> Result<String> {
    let (before, rest) = page.split_once(BEGIN).with_context(|| format!("{PAGE} has no line {BEGIN}"))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("{PAGE} has no line {END}"))?;
    Ok(format!("{before}{BEGIN}\n\n{table}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn figures_stand_beside_their_limits_between_the_marks_of_the_page() {
        let figures = read("Compiling\nhashing\t2000000.0\tevents/s\nredb-insert\t300000\tevents/s\nappend-batches\t149000\tevents/s\ndatabase-share\t42.5\t%\nx\ty\tz\n");
        let table = table(&figures);
        let lines: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(lines.len(), 4, "{table}");
        assert!(lines[0].ends_with("| 2,000,000 events/s | the machine's |  |"), "{table}");
        assert!(lines[2].ends_with("| 149,000 events/s | 0.5 times 300,000: at least 150,000 | **not met** |"), "{table}");
        assert!(lines[3].ends_with("| 42.5 % | at most 50.0 | met |"), "{table}");
        let page = format!("a\n{BEGIN}\nold\n{END}\nb\n");
        let written = put(&page, &table).unwrap();
        assert!(written.starts_with("a\n") && written.ends_with("\nb\n") && !written.contains("old") && put(&written, &table).unwrap() == written);
        assert!(put("no marks", &table).is_err());
    }

    #[test]
    fn what_all_cores_do_is_held_against_all_cores() {
        let figures = read("hashing\t1000000\tevents/s\n");
        let limit = Limit::TimesCores(0.8, "hashing");
        assert_eq!(against(limit, 1_599_999.0, &figures, 2.0), ("0.8 times 1,000,000 times 2 cores: at least 1,600,000".to_owned(), "**not met**"));
        assert_eq!(against(limit, 1_600_000.0, &figures, 2.0).1, "met");
        assert_eq!(against(limit, 1_600_000.0, &read(""), 2.0).1, "");
    }

    #[test]
    fn every_figure_that_a_limit_names_is_in_the_table() {
        for row in ROWS {
            let named = match row.limit {
                Limit::Times(_, keys) => keys,
                Limit::TimesCores(_, key) => &[key],
                Limit::Machine | Limit::None | Limit::AtLeast(_) | Limit::AtMost(_) => &[],
            };
            assert!(named.iter().all(|key| ROWS.iter().any(|row| row.key == *key)), "{}", row.key);
        }
    }
}
