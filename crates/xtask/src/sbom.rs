//! The bill of materials of what ships: every crate that is compiled into the two programs, as CycloneDX 1.5 JSON, from `cargo metadata`.
//! It refuses to list what only tests and development use, and to write a date or a path: the same lock file gives the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};

/// The platform that the listed programs are built for.
pub const PLATFORM: &str = "x86_64-unknown-linux-gnu";
/// The packages whose programs ship: `countersign` and `countersign-verify`.
const PROGRAMS: [&str; 2] = ["countersign", "verify"];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    description: Option<String>,
    repository: Option<String>,
    source: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dep>,
}

#[derive(Deserialize)]
struct Dep {
    pkg: String,
    dep_kinds: Vec<DepKind>,
}

#[derive(Deserialize)]
struct DepKind {
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

/// The bill of the workspace at `root`. Errors: cargo cannot say what is in it, as when a crate was never downloaded and there is no network.
pub fn run(root: &Path, cargo: &Path) -> Result<String> {
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", PLATFORM])
        .current_dir(root)
        .output()
        .context("cargo cannot be started")?;
    if !output.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    }
    let lock = std::fs::read_to_string(root.join("Cargo.lock")).context("cannot read Cargo.lock")?;
    bill(std::str::from_utf8(&output.stdout)?, &lock)
}

/// The bill that follows from what cargo said and the lock file.
fn bill(metadata: &str, lock: &str) -> Result<String> {
    let metadata: Metadata = serde_json::from_str(metadata).context("cargo metadata is not as expected")?;
    let lock: Lock = toml::from_str(lock).context("Cargo.lock is not as expected")?;
    let packages: BTreeMap<&str, &Package> = metadata.packages.iter().map(|package| (package.id.as_str(), package)).collect();
    let edges: BTreeMap<&str, BTreeSet<&str>> = metadata.resolve.nodes.iter().map(|node| (node.id.as_str(), shipped(node))).collect();
    let checksums: BTreeMap<(&str, &str), &str> =
        lock.package.iter().filter_map(|p| Some(((p.name.as_str(), p.version.as_str()), p.checksum.as_deref()?))).collect();

    let ours = |name: &str| metadata.packages.iter().find(|package| package.source.is_none() && package.name == name);
    let programs: Vec<&Package> = PROGRAMS.iter().filter_map(|name| ours(name)).collect();
    if programs.len() != PROGRAMS.len() {
        bail!("one of the programs {PROGRAMS:?} is not in the workspace");
    }
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = programs.iter().map(|package| package.id.as_str()).collect();
    while let Some(id) = open.pop() {
        if reached.insert(id) {
            open.extend(edges.get(id).into_iter().flatten());
        }
    }
    let mut components = BTreeMap::new();
    let mut dependencies = BTreeMap::new();
    for id in &reached {
        let package = packages.get(id).with_context(|| format!("cargo names {id} and does not describe it"))?;
        let needs: BTreeSet<String> = edges.get(id).into_iter().flatten().filter_map(|id| packages.get(id)).map(|p| purl(p)).collect();
        components.insert(purl(package), component(package, &checksums));
        dependencies.insert(purl(package), json!({"ref": purl(package), "dependsOn": needs}));
    }
    let main = programs[0];
    let bill = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": format!("{}#program", purl(main)), "name": main.name, "version": main.version}},
        "components": components.into_values().collect::<Vec<_>>(),
        "dependencies": dependencies.into_values().collect::<Vec<_>>(),
    });
    Ok(serde_json::to_string_pretty(&bill)? + "\n")
}

/// What a crate needs to be built, without what its tests need.
fn shipped(node: &Node) -> BTreeSet<&str> {
    let is_shipped = |dep: &&Dep| dep.dep_kinds.iter().any(|kind| kind.kind.as_deref() != Some("dev"));
    node.deps.iter().filter(is_shipped).map(|dep| dep.pkg.as_str()).collect()
}

fn purl(package: &Package) -> String {
    format!("pkg:cargo/{}@{}", package.name, package.version)
}

fn component(package: &Package, checksums: &BTreeMap<(&str, &str), &str>) -> Value {
    let mut component = json!({
        "type": "library",
        "bom-ref": purl(package),
        "purl": purl(package),
        "name": package.name,
        "version": package.version,
    });
    if let Some(license) = &package.license {
        // Older manifests write MIT/Apache-2.0 for what is MIT OR Apache-2.0.
        component["licenses"] = json!([{"expression": license.replace('/', " OR ")}]);
    }
    if let Some(description) = &package.description {
        component["description"] = json!(description.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    if let Some(repository) = &package.repository {
        component["externalReferences"] = json!([{"type": "vcs", "url": repository}]);
    }
    if let Some(checksum) = checksums.get(&(package.name.as_str(), package.version.as_str())) {
        component["hashes"] = json!([{"alg": "SHA-256", "content": checksum}]);
    }
    component
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn package(name: &str, source: Option<&str>) -> Value {
        json!({"id": format!("{name} 1"), "name": name, "version": "1.0.0", "license": "MIT/Apache-2.0", "description": "Does\n one thing", "repository": null, "source": source})
    }

    fn node(name: &str, deps: &[(&str, Option<&str>)]) -> Value {
        let deps: Vec<Value> = deps.iter().map(|(on, kind)| json!({"name": on, "pkg": format!("{on} 1"), "dep_kinds": [{"kind": kind}]})).collect();
        json!({"id": format!("{name} 1"), "deps": deps})
    }

    const LOCK: &str = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"abcd\"\n";

    #[test]
    fn what_ships_is_listed_with_what_it_needs_and_what_tests_use_is_not() {
        let registry = Some("registry+https://example");
        let metadata = json!({
            "packages": [package("countersign", None), package("verify", None), package("a", registry), package("b", registry), package("t", registry)],
            "resolve": {"nodes": [
                node("countersign", &[("a", None), ("t", Some("dev"))]), node("verify", &[("b", Some("build"))]),
                node("a", &[("b", None)]), node("b", &[("t", Some("dev"))]), node("t", &[]),
            ]},
        });
        let text = bill(&metadata.to_string(), LOCK).unwrap();
        let made: Value = serde_json::from_str(&text).unwrap();
        let names: Vec<&str> = made["components"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["a", "b", "countersign", "verify"]);
        let a = &made["components"][0];
        assert_eq!((&a["licenses"][0]["expression"], &a["hashes"][0]["content"], &a["description"]), (&json!("MIT OR Apache-2.0"), &json!("abcd"), &json!("Does one thing")));
        assert_eq!(made["dependencies"][0], json!({"ref": "pkg:cargo/a@1.0.0", "dependsOn": ["pkg:cargo/b@1.0.0"]}));
        assert!(bill("{\"packages\":[],\"resolve\":{\"nodes\":[]}}", "package = []").unwrap_err().to_string().contains("is not in the workspace"));
    }
}
