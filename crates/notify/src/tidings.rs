//! What there is to tell about a scan: counts, days and links, as one JSON object (`countersign.tidings.v1`, docs/unattended.md).
//! Has no field for a name, an identifier or a text that somebody entered; whoever adds one breaks the promise of the product.

use serde::{Deserialize, Serialize};

/// The name and version of the JSON.
pub const SCHEMA: &str = "countersign.tidings.v1";

/// What there is to tell about one recorded scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tidings {
    /// [`SCHEMA`].
    pub schema: String,
    /// Which ledger.
    pub ledger: Ledger,
    /// Which scan.
    pub scan: Scan,
    /// Findings that stand.
    pub open: Open,
    /// The same without findings that are waived on the evaluation day.
    pub after_waivers: Open,
    /// Verdicts that could not be given because something is not known.
    pub not_evaluated: u64,
    /// Events of a kind this version does not know; they count for nothing until it does.
    pub events_not_interpreted: u64,
    /// What changed; nothing for a ledger's first scan.
    pub since: Option<Since>,
    /// Where people look further; nothing without a base address in the settings.
    pub links: Option<Links>,
}

/// The ledger of a scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// Name of the ledger in its checkpoints, as in `ledger.riverbend.example`.
    pub origin: String,
    /// Nobody in it exists.
    pub simulated: bool,
    /// Events the scan looked at.
    pub events: u64,
}

/// The scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scan {
    /// Where its `scan_completed` stands in the ledger.
    pub seq: u64,
    /// When it was recorded, RFC 3339 in UTC.
    pub recorded_at: String,
    /// Evaluation day, `YYYY-MM-DD`, New York.
    pub today: String,
    /// Identity of the rule set.
    pub rule_set: String,
}

/// Findings by class, and the money on them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// Violations.
    pub violation: u64,
    /// Documentation gaps.
    pub documentation: u64,
    /// Advisories.
    pub advisory: u64,
    /// Money at risk on live claims, in cents, each claim line once.
    pub exposure_cents: i64,
}

/// Counts by class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByClass {
    /// Violations.
    pub violation: u64,
    /// Documentation gaps.
    pub documentation: u64,
    /// Advisories.
    pub advisory: u64,
}

impl ByClass {
    /// All three together.
    pub fn total(self) -> u64 {
        self.violation + self.documentation + self.advisory
    }
}

/// What changed since an earlier scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Since {
    /// Where that scan stands in the ledger.
    pub seq: u64,
    /// Its evaluation day.
    pub today: String,
    /// Money at risk then, in cents.
    pub exposure_cents: i64,
    /// Findings that were at no scan before.
    pub new: ByClass,
    /// Findings that an earlier scan had, that were gone and are back.
    pub reopened: ByClass,
    /// Findings that weigh more or less than they did.
    pub class_changed: u64,
    /// Gaps closed after the claim.
    pub cured_late: u64,
    /// Gaps closed after the claim that are open again.
    pub status_changed: u64,
    /// Findings that are gone.
    pub cleared: u64,
    /// Findings that are gone only because something needed to judge them is no longer known.
    pub not_evaluated_any_more: u64,
    /// What made findings appear or come back: each type of event with the findings it is the decisive cause of, the most first.
    /// `deadline_passed` stands for those without an event.
    pub because: Vec<Because>,
}

/// A cause, by the type of the event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Because {
    /// Type of the event, a word of the vocabulary, as in `credential_revoked`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Findings.
    pub findings: u64,
}

/// Where people look further.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Links {
    /// The scan and what changed.
    pub scan: String,
    /// The worklist.
    pub worklist: String,
}

impl Links {
    /// The links under a base address.
    pub fn under(base: &str, seq: u64) -> Self {
        let base = base.trim_end_matches('/');
        Self { scan: format!("{base}/scans/{seq}"), worklist: format!("{base}/findings") }
    }
}
