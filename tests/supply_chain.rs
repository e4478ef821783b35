//! What comes into the programs with other people's crates: licences, one registry, checksums, and a bill of materials that can be made again.
//! `cargo deny` is asked where it is installed, which `.ci/run` sees to; what can be told from the bill and `deny.toml` is checked everywhere.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The licences that `deny.toml` allows.
fn allowed() -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("deny.toml")).unwrap();
    let list = text.split_once("allow = [").unwrap().1.split_once(']').unwrap().0;
    list.lines().filter_map(|line| line.trim().strip_prefix('"')?.split('"').next()).map(str::to_owned).collect()
}

/// Whether an SPDX expression can be met with allowed licences: OR binds less than AND.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let text = expression.replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut at = 0;
    let met = any(&words, &mut at, allowed);
    assert_eq!(at, words.len(), "{expression:?} is not understood");
    met
}

fn any(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut met = all(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= all(words, at, allowed);
    }
    met
}

fn all(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut met = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(words, at, allowed);
    }
    met
}

fn one(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let word = words[*at];
    *at += 1;
    if word == "(" {
        let met = any(words, at, allowed);
        assert_eq!(words.get(*at), Some(&")"));
        *at += 1;
        return met;
    }
    let with = words.get(*at) == Some(&"WITH");
    if with {
        *at += 2;
    }
    !with && allowed.contains(word)
}

#[test]
fn an_expression_is_met_as_spdx_says() {
    let allowed = ["MIT", "Apache-2.0"].map(str::to_owned).into();
    for (expression, met) in [("MIT", true), ("GPL-3.0", false), ("GPL-3.0 OR MIT", true), ("MIT AND GPL-3.0", false), ("(GPL-3.0 OR MIT) AND Apache-2.0", true), ("Apache-2.0 WITH LLVM-exception OR GPL-2.0", false)] {
        assert_eq!(is_met(expression, &allowed), met, "{expression}");
    }
}

#[test]
fn the_bill_of_materials_is_the_same_twice_and_everything_in_it_may_come_in() {
    let bill = || xtask::sbom::run(root(), Path::new(env!("CARGO"))).unwrap();
    let text = bill();
    assert_eq!(text, bill(), "the same lock file gives the same bytes");
    assert!(!text.contains(&root().display().to_string()), "no path of this machine");
    let bill: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&bill["bomFormat"], &bill["specVersion"]), (&"CycloneDX".into(), &"1.5".into()));
    let components = bill["components"].as_array().unwrap();
    let refs: BTreeSet<&str> = components.iter().map(|c| c["bom-ref"].as_str().unwrap()).collect();
    assert_eq!(refs.len(), components.len());
    for needed in ["redb", "bincode", "blake3", "ed25519-dalek", "ledger", "countersign"] {
        assert!(components.iter().any(|c| c["name"] == needed), "{needed} ships");
    }
    for never in ["proptest", "openssl-sys", "native-tls", "boon"] {
        assert!(components.iter().all(|c| c["name"] != never), "{never} does not ship");
    }
    let allowed = allowed();
    for component in components {
        let name = &component["bom-ref"];
        let licence = component["licenses"][0]["expression"].as_str().unwrap_or_else(|| panic!("{name} states no licence"));
        assert!(is_met(licence, &allowed), "{name}: {licence}");
        let is_ours = component["hashes"].is_null();
        assert_eq!(is_ours, root().join("crates").join(component["name"].as_str().unwrap()).is_dir() || component["name"] == "countersign", "{name} has a checksum or is ours");
    }
    for dependency in bill["dependencies"].as_array().unwrap() {
        assert!(dependency["dependsOn"].as_array().unwrap().iter().all(|on| refs.contains(on.as_str().unwrap())), "{dependency}");
    }
}

#[test]
fn cargo_deny_agrees_where_it_is_installed() {
    let version = Command::new(env!("CARGO")).args(["deny", "--version"]).output();
    if !version.is_ok_and(|output| output.status.success()) {
        println!("not asked: cargo-deny is not installed; licences and sources were checked against the bill of materials");
        return;
    }
    // Without a network first; crates of other platforms may never have been fetched here, and then it needs one.
    let asked = |how: &[&str]| Command::new(env!("CARGO")).arg("deny").args(how).args(["check", "licenses", "bans", "sources"]).current_dir(root()).output().unwrap();
    let offline = asked(&["--offline"]);
    let output = if offline.status.success() { offline } else { asked(&["--locked"]) };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
