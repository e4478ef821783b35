//! Every parser is on the list, takes what is good, and answers whatever it is given: kept inputs, inputs that are nothing but large or deep, and a few hundred spoiled ones.
//! `cargo xtask fuzz` runs a million each and adds to `fixtures/hostile/` what got an answer that nothing kept there gets.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot go on fails, and reads what the long run is told")]

mod watched;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use hostile::{ELSEWHERE, TARGETS, Target, bombs, kept, one, search};
use watched::Watch;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn folder(target: &Target) -> PathBuf {
    root().join("fixtures/hostile").join(target.name)
}

/// Inputs kept for a parser, by file name.
fn corpus(target: &Target) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(folder(target)).into_iter().flatten().map(|file| file.unwrap().path());
    files.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap())).collect()
}

/// Asks once, and again: the same bytes get the same answer.
fn asked(target: &Target, input: &[u8], watch: &Watch) -> String {
    watch.reads(input);
    let answer = one(target, input).unwrap_or_else(|said| panic!("{said}: {:?}", String::from_utf8_lossy(&input[..input.len().min(200)])));
    watch.reads(input);
    assert_eq!(one(target, input).as_ref(), Ok(&answer), "another answer the second time");
    answer
}

#[test]
fn what_is_kept_is_answered_and_is_called_by_its_bytes() {
    let entries = std::fs::read_dir(root().join("fixtures/hostile")).unwrap().map(|entry| entry.unwrap());
    let folders: BTreeSet<String> = entries.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name().into_string().unwrap()).collect();
    assert!(folders.iter().all(|name| TARGETS.iter().any(|target| target.name == name)), "inputs of no parser: {folders:?}");
    watched::each(TARGETS.iter(), |target, watch| {
        for (name, input) in corpus(target) {
            assert_eq!(name, kept(&input));
            asked(target, &input, watch);
        }
        Ok(())
    });
}

#[test]
fn what_is_nothing_but_large_or_deep_is_answered() {
    watched::each(TARGETS.iter(), |target, watch| {
        for input in bombs() {
            watch.reads(&input);
            one(target, &input).map_err(|said| format!("{said}: {:?}", String::from_utf8_lossy(&input[..40])))?;
        }
        Ok(())
    });
}

/// `HOSTILE_INPUTS=from..to`, which `cargo xtask fuzz` sets.
fn inputs() -> Option<std::ops::Range<u64>> {
    let asked = std::env::var("HOSTILE_INPUTS").ok()?;
    let (from, to) = asked.split_once("..")?;
    Some(from.parse().unwrap()..to.parse().unwrap())
}

/// What a run gets that nobody asked for: a few hundred, and a few where each takes long.
fn usual(target: &Target) -> std::ops::Range<u64> {
    let slow = ["mapped", "guess", "pack-inside", "history"].contains(&target.name);
    0..if slow { 30 } else { 300 }
}

/// Runs one parser. A long run keeps what got a new answer, and the input that panicked, in `fixtures/hostile`.
fn spoiled(target: &Target, seeds: std::ops::Range<u64>, long: bool, watch: &Watch) -> Result<(), String> {
    // What is worth keeping as files: so many, and none longer than this.
    const KEPT: usize = 8;
    const LONGEST: usize = 2_048;
    let good = (target.good)();
    assert!(!good.is_empty() && good.iter().all(|input| !input.is_empty()), "there is no good input");
    good.iter().for_each(|input| drop(asked(target, input, watch)));
    let before: BTreeSet<String> = corpus(target).values().map(|input| asked(target, input, watch)).collect();
    let mut answers = BTreeMap::new();
    let count = seeds.end - seeds.start;
    let searched = search(target, seeds, &mut answers, &mut |input| watch.reads(input));
    let keep = |input: &[u8]| {
        std::fs::create_dir_all(folder(target)).unwrap();
        std::fs::write(folder(target).join(kept(input)), input).unwrap();
    };
    if long {
        let fresh = answers.iter().filter(|(answer, input)| input.len() <= LONGEST && !before.contains(*answer));
        fresh.take(KEPT.saturating_sub(before.len())).for_each(|(_, input)| keep(input));
    }
    match searched {
        Ok(()) if answers.len() > 1 => {
            println!("{}: {count} inputs, {} different answers", target.name, answers.len());
            Ok(())
        }
        Ok(()) => Err(format!("says the same to everything: {answers:?}")),
        Err(failure) => {
            if long {
                keep(&failure.input);
            }
            Err(format!("{}: {:?}", failure.said, String::from_utf8_lossy(&failure.input)))
        }
    }
}

#[test]
fn what_is_good_is_answered_and_spoiled_it_gets_several_answers() {
    let long = inputs();
    let only = std::env::var("HOSTILE_ONLY").ok();
    let of: Vec<&'static Target> = TARGETS.iter().filter(|target| only.as_deref().is_none_or(|only| only.split(',').any(|name| name == target.name))).collect();
    assert!(!of.is_empty(), "no parser is called {only:?}");
    watched::each(of, move |target, watch| spoiled(target, long.clone().unwrap_or_else(|| usual(target)), long.is_some(), watch));
}

/// A line of a source that begins a public function which reads what somebody else wrote.
fn reader(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("pub fn ")?;
    let name = &rest[..rest.find(|c: char| !c.is_alphanumeric() && c != '_')?];
    let parses = ["parse", "read", "open", "from_bytes", "from_path", "restore", "discover", "check"].iter().any(|word| name == *word || name.starts_with(&format!("{word}_")));
    let takes = rest.split_once("->").map_or(rest, |(before, _)| before);
    let bytes = ["[u8]", "str,", "str)", "impl Read", "impl BufRead", "&Block"].iter().any(|kind| takes.contains(kind));
    (parses && bytes).then_some(name)
}

#[test]
fn no_public_parser_is_missing_from_the_list() {
    const NOT_SHIPPED: [&str; 5] = ["scenario", "simulator", "xtask", "model", "hostile"];
    let listed: BTreeSet<&str> = TARGETS.iter().flat_map(|target| target.reads).copied().chain(ELSEWHERE.iter().map(|(name, _)| *name)).collect();
    let tree = xtask::tree::Tree::read(&root()).unwrap();
    let mut missing = Vec::new();
    let mut seen = 0;
    for file in tree.with_extension("rs") {
        let parts: Vec<&str> = file.path.split('/').collect();
        let ["crates", of, "src", ..] = parts[..] else { continue };
        if NOT_SHIPPED.contains(&of) || file.path.contains("test") {
            continue;
        }
        for line in file.text.lines() {
            let Some(name) = reader(line) else { continue };
            seen += 1;
            // A name of the list is `crate::...::function`: the same crate, the same function, and the type where there is one.
            let named = |listed: &&str| listed.starts_with(&format!("{of}::")) && listed.ends_with(&format!("::{name}")) && about(listed, &file.text);
            if !listed.iter().any(named) {
                missing.push(format!("{}: {}", file.path, line.trim()));
            }
        }
    }
    assert!(seen > 40, "only {seen} parsers were seen");
    assert!(missing.is_empty(), "on neither list of crates/hostile/src/targets/mod.rs:\n{}", missing.join("\n"));
}

/// Whether a listed name can stand for a function of a file: its type, where it names one, is named there too.
fn about(listed: &str, text: &str) -> bool {
    let owner = listed.rsplit("::").nth(1).unwrap_or_default();
    owner.starts_with(char::is_lowercase) || text.contains(owner)
}

#[test]
fn a_reader_is_told_from_other_functions() {
    assert_eq!(reader("    pub fn parse(text: &str) -> Result<Self, Error> {"), Some("parse"));
    assert_eq!(reader("pub fn read_timestamp(answer: &[u8], data: &[u8]) -> Result<String, Error> {"), Some("read_timestamp"));
    for other in ["    fn parse(text: &str) {", "    pub fn read(self) -> u8 {", "    pub fn name(text: &str) -> &str {", "    pub fn open(self, n: u8) -> &str {"] {
        assert_eq!(reader(other), None, "{other}");
    }
}
