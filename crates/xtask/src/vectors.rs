//! Holds the frozen vectors against the ones the code makes today: a vector may be added, and none is ever changed.
//! It refuses to write over a vector that differs, because then the code has changed a stored format.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::Mode;

/// The frozen vectors, from the repository's root.
pub const VECTORS: &str = "crates/chain/vectors.json";

/// Compares `VECTORS` with what `made` says (the whole file's text, see `chain::vectors`) and, with [`Mode::Write`], appends what is new.
/// Returns whether something was appended. Errors: a vector changed or is gone; with [`Mode::Check`], vectors are missing from the file.
pub fn run(root: &Path, made: &str, mode: Mode) -> Result<bool> {
    let path = root.join(VECTORS);
    let frozen = match fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error).with_context(|| format!("cannot read {VECTORS}")),
    };
    let new: Value = serde_json::from_str(made).context("the generator of chain did not make JSON")?;
    if let Some(frozen) = &frozen {
        let old: Value = serde_json::from_str(frozen).with_context(|| format!("{VECTORS} is not JSON"))?;
        if let Some(place) = first_change(&old, &new, "$") {
            bail!("{VECTORS}: {place} is frozen, and the code now makes something else; give the format a new version instead");
        }
    }
    if frozen.as_deref() == Some(made) {
        return Ok(false);
    }
    match mode {
        Mode::Check => bail!("{VECTORS} lacks vectors the code makes; run `cargo xtask vectors`"),
        Mode::Write => {
            fs::write(&path, made).with_context(|| format!("cannot write {VECTORS}"))?;
            Ok(true)
        }
    }
}

/// The place where `new` is not `old` with something added: a member of an object, or elements at the end of a list.
/// A vector itself (an object in a list) is compared whole.
fn first_change(old: &Value, new: &Value, place: &str) -> Option<String> {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => old.iter().find_map(|(key, value)| {
            let place = format!("{place}.{key}");
            match new.get(key) {
                Some(new) => first_change(value, new, &place),
                None => Some(place),
            }
        }),
        (Value::Array(old), Value::Array(new)) => {
            old.iter().enumerate().find(|(at, value)| new.get(*at) != Some(value)).map(|(at, _)| format!("{place}[{at}]"))
        }
        _ => (old != new).then(|| place.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn scratch(frozen: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("crates/chain")).unwrap();
        fs::write(folder.path().join(VECTORS), frozen).unwrap();
        folder
    }

    #[test]
    fn vectors_are_added_and_only_when_asked_to_write() {
        let frozen = "{\"frames\":[{\"seq\":0}]}\n";
        let made = "{\"frames\":[{\"seq\":0},{\"seq\":1}],\"links\":[]}\n";
        let folder = scratch(frozen);
        assert!(run(folder.path(), made, Mode::Check).unwrap_err().to_string().contains("lacks vectors"));
        assert_eq!(fs::read_to_string(folder.path().join(VECTORS)).unwrap(), frozen);
        assert!(run(folder.path(), made, Mode::Write).unwrap());
        assert_eq!(fs::read_to_string(folder.path().join(VECTORS)).unwrap(), made);
        assert!(!run(folder.path(), made, Mode::Check).unwrap());
    }

    #[test]
    fn a_changed_a_missing_and_a_moved_vector_are_refused_by_place_and_nothing_is_written() {
        let frozen = "{\"version\":1,\"frames\":[{\"seq\":0},{\"seq\":1}]}";
        for (made, place) in [
            ("{\"version\":2,\"frames\":[{\"seq\":0},{\"seq\":1}]}", "$.version"),
            ("{\"version\":1,\"frames\":[{\"seq\":0}]}", "$.frames[1]"),
            ("{\"version\":1,\"frames\":[{\"seq\":1},{\"seq\":0}]}", "$.frames[0]"),
            ("{\"version\":1,\"frames\":[{\"seq\":0,\"more\":1},{\"seq\":1}]}", "$.frames[0]"),
            ("{\"version\":1}", "$.frames"),
        ] {
            let folder = scratch(frozen);
            let said = run(folder.path(), made, Mode::Write).unwrap_err().to_string();
            assert!(said.contains(&format!("{place} is frozen")), "{said}");
            assert_eq!(fs::read_to_string(folder.path().join(VECTORS)).unwrap(), frozen);
        }
    }
}
