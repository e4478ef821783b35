//! `drop.toml` in the ledger's directory: which folder is emptied, and which files are expected how often.
//! Refuses every key it does not know, with file and line.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::beside::if_there;
use crate::error::AuditError;

/// The name of the file in the ledger's directory.
pub const FILE: &str = "drop.toml";

/// What is said about the drop folder. Without the file there is none, and nothing is expected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The folder; relative to the ledger's directory.
    pub folder: Option<PathBuf>,
    /// Seconds for which a file must not change before it is taken.
    #[serde(default = "settle")]
    pub settle_seconds: u64,
    /// Mapping files for workbooks and CSV with columns of their own, or folders of such; relative to the ledger's directory.
    #[serde(default)]
    pub maps: Vec<PathBuf>,
    /// Who gives files.
    #[serde(default, rename = "source")]
    pub sources: Vec<Source>,
}

/// A system that gives files.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What people call it.
    pub name: String,
    /// Names of its files; `*` stands for anything.
    pub files: Vec<String>,
    /// How many days may lie between two files; nothing if it comes when it comes.
    pub every_days: Option<u32>,
}

fn settle() -> u64 {
    10
}

/// Reads the settings of a ledger.
///
/// # Errors
/// A file that cannot be read, or says what cannot be.
pub fn settings(ledger: &Path) -> Result<Settings, AuditError> {
    let path = ledger.join(FILE);
    let Some(text) = if_there(fs::read_to_string(&path)).map_err(AuditError::at(&path))? else {
        return Ok(Settings { settle_seconds: settle(), ..Settings::default() });
    };
    let refused = |what: String| AuditError::asked(format!("{}: {what}", path.display()), "docs/drop-folder.md says what it must be");
    let mut settings: Settings = toml::from_str(&text).map_err(|e| refused(e.to_string().trim_end().to_owned()))?;
    if let Some(folder) = &mut settings.folder {
        *folder = ledger.join(&*folder);
    }
    for map in &mut settings.maps {
        *map = ledger.join(&*map);
    }
    for source in &settings.sources {
        if source.name.trim().is_empty() || source.files.is_empty() {
            return Err(refused(format!("the source {:?} needs a name and at least one pattern in files", source.name)));
        }
        if source.every_days == Some(0) {
            return Err(refused(format!("every_days of {:?} is 0; the least is 1", source.name)));
        }
    }
    Ok(settings)
}

impl Settings {
    /// The source of a file: the first whose patterns fit; without one, the name without numbers and ending.
    pub fn source_of(&self, name: &str) -> String {
        let named = self.sources.iter().find(|s| s.files.iter().any(|pattern| fits(pattern, name)));
        named.map_or_else(|| stem(name), |s| s.name.clone())
    }
}

/// `contact_recorded-2025-03-04.csv` is one of `contact_recorded`.
fn stem(name: &str) -> String {
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let words: Vec<&str> = stem.split(|c: char| c.is_ascii_digit() || matches!(c, '-' | ' ' | '.')).filter(|w| !w.is_empty()).collect();
    let joined = words.join("-");
    let joined = joined.trim_matches('_');
    if joined.is_empty() { name.to_owned() } else { joined.to_owned() }
}

/// Whether a name fits a pattern in which `*` stands for anything, nothing included.
fn fits(pattern: &str, name: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut rest) = name.strip_prefix(head) else { return false };
    let mut parts: Vec<&str> = tail.split('*').collect();
    let Some(last) = parts.pop() else { return true };
    for part in parts {
        match rest.find(part) {
            Some(found) => rest = &rest[found + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name) in [("contacts*.csv", "contacts-2025-03-04.csv"), ("*", "x"), ("a*b*c", "a-b-b-c"), ("x.csv", "x.csv"), ("*.835", "c.835")] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("contacts*.csv", "contacts.jsonl"), ("a*b*c", "ac"), ("x.csv", "y.csv"), ("a*a", "a")] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn files_without_a_source_are_called_by_their_name_without_numbers() {
        let settings = Settings::default();
        assert_eq!(settings.source_of("contact_recorded-2025-03-04.csv"), "contact_recorded");
        assert_eq!(settings.source_of("claims_20250304.jsonl"), "claims");
        assert_eq!(settings.source_of("20250304.jsonl"), "20250304.jsonl");
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(settings(folder.path()).unwrap().folder, None);
        let write = |text: &str| std::fs::write(folder.path().join(FILE), text).unwrap();
        write("folder = \"in\"\n[[source]]\nname = \"contacts\"\nfiles = [\"c*\"]\nevery_days = 1\n");
        let read = settings(folder.path()).unwrap();
        assert_eq!((read.folder.unwrap(), read.settle_seconds, read.sources.len()), (folder.path().join("in"), 10, 1));
        for text in ["colour = 1", "[[source]]\nname = \"c\"\nfiles = []", "[[source]]\nname = \"c\"\nfiles = [\"*\"]\nevery_days = 0"] {
            write(text);
            assert!(settings(folder.path()).unwrap_err().to_string().contains("drop.toml"), "{text}");
        }
    }
}
