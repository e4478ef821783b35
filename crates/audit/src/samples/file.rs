//! The sample's files: `countersign.sample.v1`, the universe it was drawn from, and a worksheet for what is found.
//! They refuse to be overwritten: a worksheet may be half filled.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::universe::Framed;
use crate::error::AuditError;

/// Name and version of the schema.
pub(super) const SCHEMA: &str = "countersign.sample.v1";

/// A sample as written. Amounts are cents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// [`SCHEMA`].
    pub schema: String,
    /// The ledger it was drawn from, up to the cut.
    pub ledger: LedgerOf,
    /// The cut.
    pub as_of: AsOf,
    /// Evaluation day; it matters to a query that names a rule.
    pub today: String,
    /// Identity of the rule set; as above.
    pub rule_set: String,
    /// The query.
    pub query: String,
    /// `claim` or `line`.
    pub unit: String,
    /// What the strata were made by, if there are several.
    pub strata_by: Option<String>,
    /// The universe.
    pub universe: UniverseOf,
    /// How it was drawn.
    pub algorithm: String,
    /// With which seed.
    pub seed: String,
    /// Units drawn.
    pub size: u64,
    /// The strata by name; one without a name if the universe is not divided.
    pub strata: Vec<StratumOf>,
    /// Claims in the order drawn, each once.
    pub claims: Vec<String>,
    /// Units in the order drawn.
    pub drawn: Vec<DrawnUnit>,
    /// Seq of the `sample_drawn`, if the draw was recorded.
    pub recorded_seq: Option<u64>,
}

/// The ledger of a sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerOf {
    /// Origin.
    pub origin: String,
    /// Events inside the cut.
    pub size: u64,
    /// RFC 6962 root over them, base64.
    pub root: String,
    /// A simulated ledger.
    pub simulated: bool,
}

/// The cut of a sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsOf {
    /// Its last event.
    pub seq: u64,
    /// When that was recorded.
    pub recorded_at: String,
}

/// The universe of a sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UniverseOf {
    /// `sha256:` and 64 hexadecimal digits.
    pub digest: String,
    /// Units.
    pub units: u64,
    /// What was paid for them.
    pub paid_cents: u64,
}

/// A stratum of a sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StratumOf {
    /// Its name.
    pub stratum: String,
    /// Units in it.
    pub units: u64,
    /// What was paid for them.
    pub paid_cents: u64,
    /// Units drawn.
    pub size: u64,
    /// What was paid for those.
    pub drawn_paid_cents: u64,
}

/// A unit drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnUnit {
    /// `CLAIM` or `CLAIM/LINE`.
    pub unit: String,
    /// The claim.
    pub claim: String,
    /// The line, where lines are drawn.
    pub line: Option<u32>,
    /// Its stratum.
    pub stratum: String,
    /// Service date.
    pub service_date: String,
    /// What was paid.
    pub paid_cents: u64,
}

impl Sample {
    /// Reads a sample and checks that it agrees with itself.
    ///
    /// # Errors
    /// A file that cannot be read, is of another schema, or contradicts itself.
    pub fn read(path: &Path) -> Result<Self, AuditError> {
        let display = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(AuditError::at(path))?;
        let hint = "give the file that `countersign sample draw -o` wrote";
        let value: serde_json::Value = serde_json::from_str(&text).map_err(|e| AuditError::asked(format!("{display} is not JSON: {e}"), hint))?;
        if value["schema"] != SCHEMA {
            return Err(AuditError::asked(format!("{display} is not a {SCHEMA}"), hint));
        }
        let sample: Self = serde_json::from_value(value).map_err(|e| AuditError::asked(format!("{display} is not whole: {e}"), hint))?;
        sample.contradiction().map_or(Ok(sample), |what| Err(AuditError::asked(format!("{display} contradicts itself: {what}"), "it was changed after it was drawn; draw it again with the same seed")))
    }

    fn contradiction(&self) -> Option<String> {
        let mut strata: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
        let mut names: Vec<&str> = self.drawn.iter().map(|unit| unit.unit.as_str()).collect();
        names.sort_unstable();
        if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Some(format!("{} is drawn twice", twice[0]));
        }
        for unit in &self.drawn {
            let (size, paid) = strata.entry(&unit.stratum).or_default();
            *size += 1;
            *paid = paid.saturating_add(unit.paid_cents);
        }
        for stratum in &self.strata {
            let (size, paid) = strata.remove(stratum.stratum.as_str()).unwrap_or_default();
            if (size, paid) != (stratum.size, stratum.drawn_paid_cents) || size > stratum.units {
                return Some(format!("the units drawn of stratum {:?} are not those it counts", stratum.stratum));
            }
        }
        let units: u64 = self.strata.iter().map(|s| s.units).sum();
        let paid: u64 = self.strata.iter().map(|s| s.paid_cents).sum();
        let sums = (units, paid, self.drawn.len() as u64) == (self.universe.units, self.universe.paid_cents, self.size);
        (!strata.is_empty() || !sums).then(|| "its counts do not add up".to_owned())
    }
}

/// Where a sample's files go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// The sample.
    pub sample: PathBuf,
    /// The universe: every unit that could be drawn.
    pub universe: PathBuf,
    /// The worksheet.
    pub worksheet: PathBuf,
}

impl Names {
    /// The names beside that of the sample: `x.json`, `x.universe.csv`, `x.worksheet.csv`.
    pub fn of(sample: &Path) -> Self {
        Self { sample: sample.to_owned(), universe: sample.with_extension("universe.csv"), worksheet: sample.with_extension("worksheet.csv") }
    }

    /// Refuses when one of them is there already.
    pub(super) fn must_be_free(&self) -> Result<(), AuditError> {
        match [&self.sample, &self.universe, &self.worksheet].into_iter().find(|path| path.exists()) {
            Some(path) => Err(AuditError::asked(format!("{} is there already and is not overwritten", path.display()), "choose another name with -o")),
            None => Ok(()),
        }
    }
}

/// Writes all three.
pub(super) fn write(names: &Names, sample: &Sample, universe: &[Framed]) -> Result<(), AuditError> {
    let line = |line: Option<u32>| line.map_or_else(String::new, |line| line.to_string());
    let mut all = String::from("unit,claim,line,stratum,service_date,paid_cents\n");
    for framed in universe {
        let unit = &framed.unit;
        all.push_str(&format!("{},{},{},{},{},{}\n", unit.id, framed.claim, line(framed.line), cell(&unit.stratum), framed.service_date, unit.paid));
    }
    let mut worksheet = String::from("unit,claim,line,stratum,service_date,paid_cents,overpaid_cents,remark\n");
    for unit in &sample.drawn {
        worksheet.push_str(&format!("{},{},{},{},{},{},,\n", unit.unit, unit.claim, line(unit.line), cell(&unit.stratum), unit.service_date, unit.paid_cents));
    }
    create(&names.universe, &all)?;
    create(&names.worksheet, &worksheet)?;
    // The sample comes last: where it is, the others are.
    create(&names.sample, &format!("{}\n", serde_json::to_string_pretty(sample)?))
}

fn create(path: &Path, text: &str) -> Result<(), AuditError> {
    let failed = AuditError::at(path);
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(&failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
}

/// A stratum as a cell; names hold no commas and no quotation marks but those of a payer.
fn cell(text: &str) -> String {
    if text.contains('"') { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
