//! Runs a case of what the guidance allows: every rule judges it, and nothing may be flagged.
//! An unknown counts as flagged too, so that no case passes because a rule could not look; advisories do not.

use anyhow::{Context, Result};
use rules::{Class, Engine};

use crate::findings::{write, write_not_evaluated};
use crate::markdown::Case;
use crate::{replay, run};

/// What every line of a permission's findings block says.
const NOTHING: &str = "nothing flagged";

/// What rules flag although the case allows it; empty when all is well.
///
/// # Errors
/// A case that cannot be read, or whose findings block says anything else than `nothing flagged`.
pub fn flagged(engine: &Engine, case: &Case) -> Result<Vec<String>> {
    let mut asked = case.clone();
    for line in &mut asked.findings {
        let head = line.trim_end().strip_suffix(NOTHING).with_context(|| format!("{line:?} does not end in `{NOTHING}`"))?;
        *line = format!("{head}none");
    }
    let recorded = run::events(&asked)?;
    let mut flagged = Vec::new();
    for check in run::checks(&asked)? {
        let report = replay::judge(engine, &recorded, check.cut, check.today);
        let findings = report.each().filter(|f| f.class != Class::Advisory).map(write);
        let unknown = report.not_evaluated.iter().map(write_not_evaluated);
        flagged.extend(findings.chain(unknown).map(|f| format!("{}: {f}", check.head)));
    }
    Ok(flagged)
}
