//! The year as a certified record system exports it: FHIR R4 bulk files for what FHIR carries, JSON Lines for the rest.
//! One resource an event, in the order of the ledger's clock, so that a simulated ledger takes the files as they are.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use domain::{Draft, Envelope};

use crate::agency::Agency;
use crate::office::Line;
use crate::write::{Export, write_line};

/// The file of what FHIR has no place for.
const REST: &str = "rest.jsonl";

fn draft(line: &Line) -> Draft {
    let envelope = Envelope {
        source_id: Some(line.source_id.clone()),
        entered_at: line.entered_at,
        actor: None,
        evidence: line.evidence.clone(),
        provenance: None,
    };
    Draft { event: line.event.clone(), envelope, recorded_at: Some(line.recorded_at) }
}

impl Agency {
    /// A bulk file for every kind of resource, `<Kind>.ndjson`, and `rest.jsonl`.
    ///
    /// # Errors
    /// What the JSON writer says; nothing known.
    pub fn fhir_exports(&self) -> anyhow::Result<Vec<Export>> {
        let mut by_kind: BTreeMap<&'static str, Vec<u8>> = BTreeMap::new();
        let mut rest = Vec::new();
        for (number, line) in (1u64..).zip(&self.lines) {
            let draft = draft(line);
            match fhir::place(&draft).zip(fhir::write(&draft, number)) {
                Some((kind, resource)) => {
                    let out = by_kind.entry(kind).or_default();
                    serde_json::to_writer(&mut *out, &resource)?;
                    out.push(b'\n');
                }
                None => write_line(&mut rest, line)?,
            }
        }
        let bulk = by_kind.into_iter().map(|(kind, bytes)| Export { name: format!("{kind}.ndjson"), bytes });
        Ok(bulk.chain([Export { name: REST.into(), bytes: rest }]).collect())
    }

    /// Writes [`Agency::fhir_exports`] and `case.json` into a folder, which is made if it is not there.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write_fhir(&self, dir: &Path) -> anyhow::Result<()> {
        std::fs::create_dir_all(dir).with_context(|| format!("making {}", dir.display()))?;
        for export in self.fhir_exports()? {
            std::fs::write(dir.join(&export.name), &export.bytes).with_context(|| format!("writing {}", export.name))?;
        }
        std::fs::write(dir.join("case.json"), self.case_json())?;
        Ok(())
    }
}
