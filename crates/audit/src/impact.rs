//! What other settings would change in the findings: the ledger replayed with them applied after its last event, and judged again.
//! Appends nothing, and takes no other kind of event than a setting.

use std::path::Path;

use domain::event::{Event, ParameterSet, Program};
use domain::field::Scalar;
use domain::{KnownAt, Text, ValidDay};
use ledger::Ledger;
use rules::Report;
use serde::Deserialize;

use crate::compare::{Basis, Difference, compare};
use crate::cut::Cut;
use crate::error::AuditError;
use crate::loaded::{self, Loaded};
use crate::settings::{self, Unknown};

/// One setting of a file: `[[set]]` with `name`, `value` and `from`.
#[derive(Debug, Clone, PartialEq)]
pub struct Set {
    /// Name of the setting.
    pub name: String,
    /// Value; a list of the file is one text separated by `;`, as in an event.
    pub value: Scalar,
    /// First service date.
    pub from: ValidDay,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    set: Vec<SetToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetToml {
    name: String,
    value: toml::Value,
    from: toml::Value,
}

/// What other settings would change.
#[derive(Debug)]
pub struct Impact {
    /// The ledger as it is.
    pub loaded: Loaded,
    /// What is found now.
    pub now: Report,
    /// What would be found.
    pub then: Report,
    /// The rule set as it is.
    pub before: Basis,
    /// The same rules with the file's settings; its identity covers them.
    pub after: Basis,
    /// The settings of the file.
    pub sets: Vec<Set>,
    /// Names in the file that nothing reads.
    pub unknown: Vec<Unknown>,
    /// What would differ.
    pub differences: Vec<Difference>,
}

impl Impact {
    /// The rule set of the last recorded scan, where this program's is another: differences since then may be the rules' doing.
    pub fn last_scanned_with(&self) -> Option<&str> {
        self.loaded.activated.as_deref().filter(|activated| *activated != self.before.rule_set)
    }
}

/// Reads a file of settings.
///
/// # Errors
/// What is not the TOML that is wanted, a value that is no scalar, a date that is none.
pub fn read(name: &str, text: &str) -> Result<Vec<Set>, AuditError> {
    const HINT: &str = "write [[set]] with name = \"...\", value = ..., from = \"YYYY-MM-DD\"";
    let wrong = |what: String| AuditError::asked(format!("{name}: {what}"), HINT);
    let file: File = toml::from_str(text).map_err(|e| wrong(e.to_string()))?;
    let read = |set: SetToml| {
        let value = scalar(&set.value).ok_or_else(|| wrong(format!("{}: {} is no value of a setting", set.name, set.value)))?;
        let from = plain(&set.from).and_then(|t| ValidDay::parse(&t));
        let from = from.ok_or_else(|| wrong(format!("{}: from = {} is no date", set.name, set.from)))?;
        Ok(Set { name: set.name, value, from })
    };
    file.set.into_iter().map(read).collect()
}

fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Datetime(at) => Some(at.to_string()),
        toml::Value::Integer(_) | toml::Value::Float(_) | toml::Value::Boolean(_) | toml::Value::Array(_) | toml::Value::Table(_) => None,
    }
}

fn scalar(value: &toml::Value) -> Option<Scalar> {
    match value {
        toml::Value::Boolean(b) => Some(Scalar::Bool(*b)),
        toml::Value::Integer(n) => Some(Scalar::Int(*n)),
        toml::Value::Float(f) => Some(Scalar::Number(f.to_string().into())),
        toml::Value::String(_) | toml::Value::Datetime(_) => plain(value).map(|t| Scalar::Text(t.into())),
        toml::Value::Array(items) => {
            let texts: Option<Vec<String>> = items.iter().map(plain).collect();
            texts.map(|texts| Scalar::Text(texts.join(";").into()))
        }
        toml::Value::Table(_) => None,
    }
}

/// Judges a ledger as it is and with the settings of a file.
///
/// # Errors
/// A file that cannot be read, or a ledger that cannot.
pub fn impact(dir: &Path, file: &Path, cut: Cut, today: Option<ValidDay>, now: KnownAt, progress: &dyn Fn(u64, u64)) -> Result<Impact, AuditError> {
    let path = file.display().to_string();
    let text = std::fs::read_to_string(file).map_err(AuditError::at(file))?;
    let sets = read(&path, &text)?;
    let engine = loaded::engine()?;
    let ledger = Ledger::open_reader(dir)?;
    let loaded = loaded::load(&ledger, &engine, cut, today, now.local_day(), progress)?;
    let events = sets.iter().map(event).collect::<Result<Vec<_>, _>>()?;
    let changed = loaded::load_with(&ledger, &engine, cut, today, now.local_day(), events, progress)?;
    let (found, then) = (loaded.judge(&engine), changed.judge(&engine));
    let before = Basis::from(&loaded.frame);
    let after = Basis { rule_set: with_settings(&before.rule_set, &sets), ..before.clone() };
    let known = settings::known(&engine);
    let unread = sets.iter().filter(|set| known.iter().all(|s| s.name != set.name));
    let unknown = unread.map(|set| Unknown { name: set.name.clone(), seqs: Vec::new(), near: settings::near(&known, &set.name) }).collect();
    let differences = compare((&before, &found), (&after, &then), None);
    Ok(Impact { loaded, now: found, then, before, after, sets, unknown, differences })
}

fn event(set: &Set) -> Result<Event, AuditError> {
    let text = |t: &str| Text::parse(t).map_err(|m| AuditError::asked(format!("{t:?}: {}", m.found), "a setting's name is a short text"));
    let (name, approved_by) = (text(&set.name)?, text("nobody: this is a question")?);
    Ok(Event::Program(Program::ParameterSet(ParameterSet { name, value: set.value.clone(), from: set.from, approved_by })))
}

/// The identity of a rule set with further settings.
fn with_settings(rule_set: &str, sets: &[Set]) -> String {
    if sets.is_empty() {
        return rule_set.to_owned();
    }
    let mut hasher = blake3::Hasher::new_derive_key("countersign rule set with settings v1");
    hasher.update(rule_set.as_bytes()).update(b"\n");
    for set in sets {
        hasher.update(format!("{:?} {:?} {}\n", set.name, set.value, set.from).as_bytes());
    }
    format!("blake3:{}", hasher.finalize().to_hex())
}
