//! The first hour with the program, as the README tells it: its commands are run, and what it prints is compared.
//! Whatever a new reader types first must work: help, completions, the manual page, a pipe that closes early.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::command::{BINARY, Desk, stderr, stdout};
use crate::riverbend::{fixture, riverbend};

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// The fenced blocks of a language, in order.
fn blocks(language: &str) -> Vec<String> {
    let text = readme();
    let mut blocks = Vec::new();
    let mut open: Option<Vec<&str>> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(opened)) => open = Some(if opened == language { vec!["yes"] } else { vec![""] }),
            (Some(block), Some(_)) => {
                if block[0] == "yes" {
                    blocks.push(block[1..].join("\n"));
                }
                open = None;
            }
            (Some(block), None) => block.push(line),
            (None, None) => {}
        }
    }
    blocks
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Riverbend's exports as an agency's own systems would give them: without the clock of a simulated ledger, the revocation among them.
fn exports_of_an_agency(folder: &Path) {
    fs::create_dir(folder).unwrap();
    for entry in fs::read_dir(fixture("riverbend")).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let text = fs::read_to_string(entry.path()).unwrap();
        if name.ends_with(".csv") {
            // The first column, whose cells have no comma; lines that continue a quoted cell do not occur in Riverbend's exports.
            let rows: Vec<&str> = text.lines().map(|row| row.split_once(',').unwrap().1).collect();
            fs::write(folder.join(name), rows.join("\n")).unwrap();
        } else if name.ends_with(".jsonl") {
            fs::write(folder.join(name), without_clock(&text)).unwrap();
        }
    }
    let revocation = fs::read_to_string(fixture("riverbend-revocation.jsonl")).unwrap();
    fs::write(folder.join("revocation.jsonl"), without_clock(&revocation)).unwrap();
}

fn without_clock(lines: &str) -> String {
    lines.lines().map(|line| format!("{{{}\n", line.split_once(',').unwrap().1)).collect()
}

#[test]
fn the_readmes_commands_work_in_the_order_told() {
    let desk = Desk::empty();
    exports_of_an_agency(&desk.path().join("exports"));
    let commands: Vec<String> = blocks("console")
        .iter()
        .flat_map(|block| block.lines())
        .filter_map(|line| line.strip_prefix("$ countersign "))
        .map(|line| line.split('#').next().unwrap_or_default().trim().to_owned())
        .collect();
    assert!(commands.len() >= 5, "the README tells of {commands:?}");
    for line in &commands {
        let output = desk.run(&line.split_whitespace().collect::<Vec<_>>());
        // A scan that finds violations ends with 1, which is no failure.
        let fine = output.status.success() || (line.starts_with("scan") && output.status.code() == Some(1));
        assert!(fine, "{line}: {}{}", stdout(&output), stderr(&output));
        assert!(!stdout(&output).trim().is_empty(), "{line} printed nothing");
    }
}

/// What a block shows, piece by piece: headings and rows by themselves, prose by the paragraph; three points stand for what is left out.
fn pieces(block: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for line in block.lines().map(one_line) {
        let alone = line.contains('■') || line.split_once(". ").is_some_and(|(n, _)| n.parse::<u8>().is_ok());
        match pieces.last_mut() {
            _ if alone => pieces.extend([line, String::new()]),
            _ if line.is_empty() || line == "..." => pieces.push(String::new()),
            Some(prose) if !prose.is_empty() => *prose = format!("{prose} {line}"),
            Some(_) | None => pieces.push(line),
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

#[test]
fn demo_works_in_an_empty_folder_and_prints_what_the_readme_shows() {
    let desk = Desk::empty();
    let printed = one_line(&stdout(&desk.done(&["demo"])));
    for step in ["1. ", "2. ", "3. ", "4. ", "5. ", "What to try next"] {
        assert!(printed.contains(step), "wanted {step:?} in\n{printed}");
    }
    let shown = blocks("text").into_iter().find(|b| b.starts_with("1. ")).unwrap();
    assert!(pieces(&shown).len() > 5, "the README shows little: {shown}");
    for piece in pieces(&shown) {
        assert!(printed.contains(&piece), "the README shows {piece:?}, the demo prints\n{printed}");
    }
    let again = desk.run(&["demo"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(stderr(&again).contains("has a demo already"), "{}", stderr(&again));
    let ledger = "countersign-demo/ledger";
    desk.done(&["--ledger", ledger, "findings", "list", "--class", "violation"]);
    desk.done(&["--ledger", ledger, "checkpoint", "print"]);
}

/// Names of the commands under one, as its help lists them.
fn commands_under(desk: &Desk, above: &[&str]) -> Vec<String> {
    let help = stdout(&desk.done(&[above, &["--help"]].concat()));
    let listed = help.split_once("\nCommands:\n").map_or("", |(_, rest)| rest);
    let listed = listed.split("\n\n").next().unwrap_or_default();
    listed.lines().filter(|l| l.starts_with("  ") && !l.starts_with("   ")).filter_map(|l| l.split_whitespace().next()).map(str::to_owned).collect()
}

#[test]
fn every_command_has_its_help() {
    let desk = Desk::empty();
    let top = commands_under(&desk, &[]);
    assert!(top.len() > 12 && ["import", "scan", "explain", "verify"].iter().all(|c| top.iter().any(|t| t == c)), "{top:?}");
    for command in top.iter().map(String::as_str).chain(["completions", "man"]).filter(|c| *c != "help") {
        let help = stdout(&desk.done(&[command, "--help"]));
        assert!(help.contains("Usage: countersign"), "{command}: {help}");
        for inner in commands_under(&desk, &[command]).iter().filter(|c| *c != "help") {
            let help = stdout(&desk.done(&[command, inner, "--help"]));
            assert!(help.contains(&format!("Usage: countersign {command} {inner}")), "{help}");
        }
    }
    assert!(stdout(&desk.done(&["--version"])).starts_with("countersign "));
    assert_eq!(desk.run(&["no-such-command"]).status.code(), Some(2));
    assert_eq!(desk.run(&[]).status.code(), Some(2));
}

#[test]
fn completions_and_the_manual_page_name_the_commands() {
    let desk = Desk::empty();
    for shell in ["bash", "zsh", "fish"] {
        let script = stdout(&desk.done(&["completions", shell]));
        assert!(script.contains("explain") && script.contains("as-of"), "{shell}");
    }
    let page = stdout(&desk.done(&["man"]));
    assert!(page.starts_with(".ie") && page.contains(".TH countersign") && page.contains(r"\-\-ledger") && page.contains(r"countersign\-import"), "{page}");
}

#[test]
fn a_pipe_that_closes_early_is_silent() {
    let desk = riverbend();
    for (args, format) in [("events", ""), ("events", "--format ndjson"), ("findings list", "--format csv"), ("scan", "--json")] {
        let script = format!("\"$0\" {args} {format} | head -1; exit ${{PIPESTATUS[0]}}");
        let output = desk.script("bash", &script).output().unwrap();
        assert_eq!(stderr(&output), "", "{args} {format}");
        assert_eq!(stdout(&output).lines().count(), 1);
        // A scan that could write everything before the reader left says what it found.
        let fine = output.status.code() == Some(0) || (args == "scan" && output.status.code() == Some(1));
        assert!(fine, "{args} {format}: {:?}", output.status);
    }
}

#[test]
fn the_ledger_may_be_named_by_the_environment_and_json_by_a_flag() {
    let desk = Desk::simulated();
    let elsewhere = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| Command::new(BINARY).args(args).current_dir(elsewhere.path()).env("COUNTERSIGN_LEDGER", desk.ledger()).output().unwrap();
    let status: serde_json::Value = serde_json::from_slice(&run(&["status", "--json"]).stdout).unwrap();
    assert_eq!(status["simulated"], true);
    assert!(stdout(&run(&["status"])).starts_with("SIMULATED: nobody in this ledger exists."));
    assert_eq!(run(&["--format", "json", "status"]).stdout, run(&["status", "--json"]).stdout);
}
