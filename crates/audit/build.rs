//! Gives the sources that decide what a scan finds a name, so that derived state of another program is never gone on from.
//! It decides nothing else.

use std::fs;
use std::path::{Path, PathBuf};

/// What is taken into state, judged and kept.
const SOURCES: [&str; 6] = ["domain", "timeline", "rules", "catalog", "ledger", "audit"];

fn main() {
    let mut files: Vec<PathBuf> = Vec::new();
    for name in SOURCES {
        let folder = Path::new("..").join(name).join("src");
        println!("cargo::rerun-if-changed={}", folder.display());
        collect(&folder, &mut files);
    }
    files.sort();
    // FNV-1a: nobody chooses the sources to collide.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in files.iter().flat_map(|file| fs::read(file).unwrap_or_default()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    println!("cargo::rustc-env=COUNTERSIGN_SOURCES={hash:016x}");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "toml") {
            files.push(path);
        }
    }
}
