//! What the agency has set, what it may set, and what is unset so that rules are not evaluated.
//! Works without a ledger; then nothing is set. A name that no rule and no table knows is said, never ignored.

use std::path::Path;

use domain::{Seq, ValidDay};
use ledger::Ledger;
use rules::Engine;
use timeline::View;

use crate::cut::Cut;
use crate::error::AuditError;
use crate::loaded;
use crate::resume;

/// A value that was set, as known now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// First service date.
    pub from: ValidDay,
    /// Value, as given.
    pub value: String,
    /// The event.
    pub seq: Seq,
}

/// A setting that an agency may make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// What it is: the parameter it overrides, or what it says.
    pub what: String,
    /// Set values, by the day they are in force from.
    pub set: Vec<Value>,
    /// Rules that are not evaluated while it is unset; empty where a default holds.
    pub not_evaluated: Vec<&'static str>,
}

impl Setting {
    /// Whether something is not evaluated because of it.
    pub fn is_wanting(&self) -> bool {
        self.set.is_empty() && !self.not_evaluated.is_empty()
    }
}

/// A name that was set and that nothing reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The name as given.
    pub name: String,
    /// The events that set it; empty where it comes from a file.
    pub seqs: Vec<Seq>,
    /// The setting that was probably meant.
    pub near: Option<String>,
}

/// The settings of a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Origin of the ledger; `None` where there is none.
    pub origin: Option<String>,
    /// Every setting that an agency may make, required ones first, then in the order of the catalogue.
    pub known: Vec<Setting>,
    /// Names that nothing reads.
    pub unknown: Vec<Unknown>,
}

/// The settings of the ledger in a directory, or of none if the directory holds none.
///
/// # Errors
/// A ledger that is there and cannot be read.
pub fn settings(dir: &Path, now: ValidDay) -> Result<Settings, AuditError> {
    let engine = loaded::engine()?;
    let ledger = match Ledger::open_reader(dir) {
        Ok(ledger) => ledger,
        Err(ledger::LedgerError::NotALedger(_)) => return Ok(Settings { origin: None, known: known(&engine), unknown: Vec::new() }),
        Err(error) => return Err(error.into()),
    };
    resume::answer(|kept| {
        let loaded = resume::loaded(&ledger, &engine, Cut::Head, None, now, kept)?;
        Ok(of(&engine, &loaded.view(), Some(loaded.frame.origin.clone())))
    })
}

/// The settings as a view believes them.
pub(crate) fn of(engine: &Engine, view: &View<'_>, origin: Option<String>) -> Settings {
    let mut known = known(engine);
    for setting in &mut known {
        setting.set = values(view, &setting.name);
    }
    let unknown = view
        .setting_names()
        .into_iter()
        .filter(|name| known.iter().all(|s| s.name != *name))
        .map(|name| (name, values(view, name)))
        .filter(|(_, values)| !values.is_empty())
        .map(|(name, values)| Unknown { name: name.to_owned(), seqs: values.iter().map(|v| v.seq).collect(), near: near(&known, name) })
        .collect();
    Settings { origin, known, unknown }
}

/// Every setting that an agency may make, unset.
pub(crate) fn known(engine: &Engine) -> Vec<Setting> {
    let required = catalog::settings::REQUIRED.iter().map(|r| Setting {
        name: r.name.to_owned(),
        what: r.what.to_owned(),
        set: Vec::new(),
        not_evaluated: r.rules.to_vec(),
    });
    let sets = engine.rules().map(|(_, params)| params).chain(engine.tables().iter());
    let overrides = sets.flat_map(|set| set.parameters.iter().map(|p| (&set.owner, p))).filter_map(|(owner, parameter)| {
        let what = format!("overrides {owner}.{}", parameter.name);
        Some(Setting { name: parameter.setting.clone()?, what, set: Vec::new(), not_evaluated: Vec::new() })
    });
    required.chain(overrides).collect()
}

/// The setting that a name was probably meant to be.
pub(crate) fn near(known: &[Setting], name: &str) -> Option<String> {
    let names: Vec<&str> = known.iter().map(|s| s.name.as_str()).collect();
    // `nearest` writes a hyphen as an underscore, as in event types; names of settings have hyphens.
    let underscored: Vec<String> = names.iter().map(|n| n.replace('-', "_")).collect();
    let candidates: Vec<&str> = underscored.iter().map(String::as_str).collect();
    let found = domain::words::nearest(name, &candidates)?;
    underscored.iter().position(|n| n == found).and_then(|i| names.get(i)).map(|n| (*n).to_owned())
}

fn values(view: &View<'_>, name: &str) -> Vec<Value> {
    let mut values: Vec<Value> =
        view.settings(name).map(|row| Value { from: row.value.from, value: row.value.value.to_string(), seq: row.seq() }).collect();
    values.sort_by_key(|v| (v.from, v.seq));
    values
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_slip_of_the_pen_finds_the_setting_that_was_meant() {
        let known = known(&loaded::engine().unwrap());
        let near = |name| near(&known, name);
        assert_eq!(near("pros.pss_efective_on").as_deref(), Some("pros.pss_effective_on"));
        assert_eq!(near("mhotrs-sup-03.day").as_deref(), Some("MHOTRS-SUP-03.days"));
        assert_eq!(near("note.policy_days"), None);
    }

    #[test]
    fn without_a_ledger_everything_is_unset_and_said() {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(folder.path(), ValidDay::parse("2025-07-01").unwrap()).unwrap();
        assert_eq!(settings.origin, None);
        let wanting: Vec<&str> = settings.known.iter().filter(|s| s.is_wanting()).map(|s| s.name.as_str()).collect();
        assert_eq!(wanting, ["pros.pss_effective_on", "core.units_per_month_max"]);
        assert!(settings.known.iter().any(|s| s.name == "crpa.strict"));
    }

    #[test]
    fn no_two_parameters_are_set_by_one_name() {
        let known = known(&loaded::engine().unwrap());
        let mut names: Vec<&str> = known.iter().map(|s| s.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), known.len());
    }
}
