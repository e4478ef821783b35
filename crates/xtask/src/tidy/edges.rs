//! Holds every manifest against the table in `graph.rs`.
//! It refuses an edge the table does not have, a bounded crate in a second manifest, and a cycle through development dependencies.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::Report;
use crate::graph::{self, BOUNDED, WHERE_TO_READ};
use crate::tree::{File, Tree};

/// What a manifest says, by package names (a renamed dependency counts under the name it has elsewhere).
struct Manifest<'a> {
    file: &'a File,
    package: String,
    needed: BTreeSet<String>,
    development: BTreeSet<String>,
}

pub(super) fn check(tree: &Tree, report: &mut Report) {
    let mut manifests = Vec::new();
    for file in tree.files.iter().filter(|file| is_member(&file.path)) {
        match read(file) {
            Ok(Some(manifest)) => manifests.push(manifest),
            Ok(None) => {}
            Err(error) => report.fail(&file.path, 0, format!("not a manifest: {error}")),
        }
    }
    let ours: BTreeSet<&str> = manifests.iter().map(|manifest| manifest.package.as_str()).collect();
    for manifest in &manifests {
        against_the_table(manifest, &ours, report);
        against_the_bounds(manifest, report);
    }
    against_cycles(&manifests, report);
}

/// The root manifest and `crates/<name>/Cargo.toml`.
fn is_member(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(parts[..], ["Cargo.toml"] | ["crates", _, "Cargo.toml"])
}

fn read(file: &File) -> Result<Option<Manifest<'_>>, toml::de::Error> {
    let table: Table = toml::from_str(&file.text)?;
    let package = table.get("package").and_then(|package| package.get("name")).and_then(Value::as_str);
    let Some(package) = package.map(str::to_owned) else { return Ok(None) };
    let mut manifest = Manifest { file, package, needed: BTreeSet::new(), development: BTreeSet::new() };
    sections(&table, &mut manifest);
    let platforms = table.get("target").and_then(Value::as_table);
    for platform in platforms.into_iter().flat_map(Table::values).filter_map(Value::as_table) {
        sections(platform, &mut manifest);
    }
    Ok(Some(manifest))
}

fn sections(table: &Table, manifest: &mut Manifest<'_>) {
    for (section, development) in [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)] {
        for (key, value) in table.get(section).and_then(Value::as_table).into_iter().flatten() {
            let names = if development { &mut manifest.development } else { &mut manifest.needed };
            names.insert(value.get("package").and_then(Value::as_str).unwrap_or(key).to_owned());
        }
    }
}

fn against_the_table(manifest: &Manifest<'_>, ours: &BTreeSet<&str>, report: &mut Report) {
    let path = &manifest.file.path;
    let Some(row) = graph::row(&manifest.package) else {
        report.fail(path, 0, format!("crate `{}` has no row in the table of dependencies ({WHERE_TO_READ})", manifest.package));
        return;
    };
    for name in &manifest.needed {
        let is_ours = ours.contains(name.as_str()) || graph::row(name).is_some();
        let allowed = if is_ours { row.ours } else { row.foreign };
        if !allowed.contains(&name.as_str()) {
            let what = format!("`{}` may not depend on `{name}`; it must never know: {} ({WHERE_TO_READ})", row.name, row.never);
            report.fail(path, line_of(manifest.file, name), what);
        }
    }
}

fn against_the_bounds(manifest: &Manifest<'_>, report: &mut Report) {
    for (name, owners) in BOUNDED {
        let named = manifest.needed.contains(*name) || manifest.development.contains(*name);
        if named && !owners.contains(&manifest.package.as_str()) {
            let what = format!("`{name}` is named in the manifest of {} only, tests included ({WHERE_TO_READ})", owners.join(" and "));
            report.fail(&manifest.file.path, line_of(manifest.file, name), what);
        }
    }
}

/// Cargo allows a cycle through development dependencies; here it would hide which crate lies below which.
fn against_cycles(manifests: &[Manifest<'_>], report: &mut Report) {
    let below: BTreeMap<&str, BTreeSet<&str>> = manifests
        .iter()
        .map(|manifest| (manifest.package.as_str(), manifest.needed.union(&manifest.development).map(String::as_str).collect()))
        .collect();
    for manifest in manifests {
        let mut reached = BTreeSet::new();
        let mut ahead: Vec<&str> = below[manifest.package.as_str()].iter().copied().collect();
        while let Some(name) = ahead.pop() {
            if reached.insert(name) {
                ahead.extend(below.get(name).into_iter().flatten());
            }
        }
        if reached.contains(manifest.package.as_str()) {
            let what = format!("`{}` depends on itself through its development dependencies ({WHERE_TO_READ})", manifest.package);
            report.fail(&manifest.file.path, 0, what);
        }
    }
}

/// The line of a manifest that names a dependency; the last such line, because shared versions stand above a package's own.
fn line_of(file: &File, name: &str) -> usize {
    let names = |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['.', ' ', '=']));
    file.text.lines().enumerate().filter(|(_, line)| names(line)).last().map_or(0, |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::super::failures_of;
    use super::check;

    fn crate_manifest(name: &str, rest: &str) -> String {
        format!("[package]\nname = \"{name}\"\n{rest}")
    }

    #[test]
    fn an_edge_outside_the_table_is_named_with_its_line_and_reason() {
        let timeline = crate_manifest("timeline", "[dependencies]\ndomain.workspace = true\nledger.workspace = true\n");
        let ledger = crate_manifest("ledger", "");
        let said = failures_of(check, &[("crates/timeline/Cargo.toml", &timeline), ("crates/ledger/Cargo.toml", &ledger)]);
        assert_eq!(said.len(), 1);
        assert!(said[0].starts_with("crates/timeline/Cargo.toml:5: `timeline` may not depend on `ledger`; it must never know"));
        assert!(said[0].contains("graph.rs"));
    }

    #[test]
    fn a_foreign_crate_outside_the_table_is_refused_even_renamed_or_for_one_platform() {
        let renamed = crate_manifest("domain", "[dependencies]\nwords = { package = \"serde\", version = \"1\" }\n");
        assert_eq!(failures_of(check, &[("crates/domain/Cargo.toml", &renamed)]).len(), 1);
        let platform = crate_manifest("domain", "[target.'cfg(unix)'.dependencies]\nlibc = \"0.2\"\n");
        assert_eq!(failures_of(check, &[("crates/domain/Cargo.toml", &platform)]).len(), 1);
    }

    #[test]
    fn an_unknown_crate_and_a_broken_manifest_are_refused() {
        let core = crate_manifest("core", "");
        assert_eq!(failures_of(check, &[("crates/core/Cargo.toml", &core)]).len(), 1);
        assert_eq!(failures_of(check, &[("crates/core/Cargo.toml", "[package")]).len(), 1);
    }

    #[test]
    fn development_dependencies_are_free_but_for_bounded_crates_and_cycles() {
        let free = crate_manifest("domain", "[dev-dependencies]\nproptest = \"1\"\n");
        assert!(failures_of(check, &[("crates/domain/Cargo.toml", &free)]).is_empty());
        let bounded = crate_manifest("audit", "[dev-dependencies]\nredb = \"4\"\n");
        assert_eq!(failures_of(check, &[("crates/audit/Cargo.toml", &bounded)]).len(), 1);
        let domain = crate_manifest("domain", "[dev-dependencies]\nimport = { path = \"../import\" }\n");
        let import = crate_manifest("import", "[dependencies]\ndomain = { path = \"../domain\" }\n");
        let said = failures_of(check, &[("crates/domain/Cargo.toml", &domain), ("crates/import/Cargo.toml", &import)]);
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said.iter().all(|line| line.contains("depends on itself")));
    }
}
