//! The repository as a sorted list of files and their text, read once and looked at by every check.
//! It refuses to follow what `.gitignore` names, and to hold what is not text or is too large to have been written by hand.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Files above this are generated exports, not sources; only their names are looked at.
const LARGEST_SOURCE: u64 = 1 << 20;

/// One file: its path from the root with `/` between parts, and its text (empty where it is not text or too large).
#[derive(Clone, Debug)]
pub struct File {
    /// Path from the repository's root, `/` on every system.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// Every file that would be committed, ordered by path.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// Ordered by path.
    pub files: Vec<File>,
}

impl Tree {
    /// Reads the repository at `root`. Errors name the folder or file that could not be read.
    pub fn read(root: &Path) -> Result<Tree> {
        let ignored = Ignored::read(root);
        let mut files = Vec::new();
        collect(root, "", &ignored, &mut files)?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Tree { files })
    }

    /// A tree from `(path, text)` pairs, for examples of what a check refuses.
    pub fn of(files: &[(&str, &str)]) -> Tree {
        let mut files: Vec<File> = files.iter().map(|(path, text)| File { path: (*path).to_owned(), text: (*text).to_owned() }).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Tree { files }
    }

    /// The file at exactly this path.
    pub fn get(&self, path: &str) -> Option<&File> {
        self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok().map(|at| &self.files[at])
    }

    /// Files whose name ends in `.extension`.
    pub fn with_extension<'a>(&'a self, extension: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.extension() == Some(extension))
    }
}

impl File {
    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// What follows the last dot of the name.
    pub fn extension(&self) -> Option<&str> {
        self.name().rsplit_once('.').map(|(_, extension)| extension)
    }

    /// Whether the whole file is tests or benchmarks, by where it lies.
    pub fn is_test(&self) -> bool {
        self.path.split('/').any(|part| matches!(part, "tests" | "benches" | "examples")) || self.name() == "tests.rs"
    }

    /// The numbered lines of Rust that ship: neither comments nor what follows `#[cfg(test)] mod ... {`,
    /// which the house writes at the end of a file.
    pub fn shipped_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines: Vec<&str> = self.text.lines().collect();
        let end = lines
            .iter()
            .position(|line| *line == "#[cfg(test)]")
            .filter(|at| lines[*at..].iter().any(|line| line.starts_with("mod ") && line.ends_with('{')))
            .unwrap_or(lines.len());
        lines.into_iter().take(end).enumerate().map(|(at, line)| (at + 1, line)).filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// The lines of `.gitignore` this repository uses: `/name` at the root and `*.extension`.
struct Ignored {
    at_root: Vec<String>,
    extensions: Vec<String>,
}

impl Ignored {
    fn read(root: &Path) -> Ignored {
        let text = fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
        let mut ignored = Ignored { at_root: vec![".git".to_owned()], extensions: Vec::new() };
        for line in text.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix('/') {
                ignored.at_root.push(name.trim_end_matches('/').to_owned());
            } else if let Some(extension) = line.strip_prefix("*.") {
                ignored.extensions.push(extension.to_owned());
            }
        }
        ignored
    }

    fn names(&self, path: &str) -> bool {
        self.at_root.iter().any(|name| name == path)
            || self.extensions.iter().any(|extension| path.rsplit_once('.').is_some_and(|(_, own)| own == extension))
    }
}

fn collect(root: &Path, folder: &str, ignored: &Ignored, files: &mut Vec<File>) -> Result<()> {
    let on_disk = root.join(folder);
    for entry in fs::read_dir(&on_disk).with_context(|| format!("cannot list {}", on_disk.display()))? {
        let entry = entry.with_context(|| format!("cannot list {}", on_disk.display()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        if ignored.names(&path) {
            continue;
        }
        let kind = entry.file_type().with_context(|| format!("cannot look at {path}"))?;
        if kind.is_dir() {
            collect(root, &path, ignored, files)?;
        } else if kind.is_file() {
            let size = entry.metadata().with_context(|| format!("cannot look at {path}"))?.len();
            let bytes =
                if size <= LARGEST_SOURCE { fs::read(entry.path()).with_context(|| format!("cannot read {path}"))? } else { Vec::new() };
            files.push(File { path, text: String::from_utf8(bytes).unwrap_or_default() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_git_ignores_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::write(root.join(".gitignore"), "/target\n*.profraw\n").unwrap();
        fs::create_dir_all(root.join("target/debug")).unwrap();
        fs::write(root.join("target/debug/a.rs"), "x").unwrap();
        fs::write(root.join("run.profraw"), "x").unwrap();
        fs::create_dir_all(root.join("crates/a/target")).unwrap();
        fs::write(root.join("crates/a/target/kept.rs"), "//! Kept.\n").unwrap();
        let tree = Tree::read(root).unwrap();
        let paths: Vec<&str> = tree.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, [".gitignore", "crates/a/target/kept.rs"]);
        assert_eq!(tree.get("crates/a/target/kept.rs").unwrap().text, "//! Kept.\n");
    }

    #[test]
    fn shipped_lines_leave_out_comments_and_the_test_module() {
        let text = "//! Head.\n#[cfg(test)]\nmod far;\nfn a() {}\n    // why\n";
        let whole = Tree::of(&[("a.rs", text)]);
        assert_eq!(whole.files[0].shipped_lines().map(|(at, _)| at).collect::<Vec<_>>(), [2, 3, 4]);
        let ends = Tree::of(&[("a.rs", "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n")]);
        assert_eq!(ends.files[0].shipped_lines().map(|(at, _)| at).collect::<Vec<_>>(), [1]);
    }
}
