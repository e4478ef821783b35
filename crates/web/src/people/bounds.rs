//! What somebody who sees only a part of the findings sees: a peer what is about them, a reviewer what lies inside the visit.
//! Says yes or no to one finding; what is not certainly inside is outside.

use audit::desk::Reach;
use audit::vocabulary::{Finding, KnownAt, ValidDay};
use serde::{Deserialize, Serialize};

/// Days between 1970 and any day on which something was or will be.
const FAR: i64 = 500_000;

/// The bounds of a visit. What is empty does not bound; a visit without any bound shows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Bounds {
    /// Programs.
    pub programs: Vec<String>,
    /// First service day.
    pub from: Option<String>,
    /// Last service day.
    pub to: Option<String>,
    /// Claims of a sample.
    pub claims: Vec<String>,
    /// The last day on which the reviewer may log in.
    pub until: Option<String>,
}

impl Bounds {
    /// Whether a finding lies inside.
    pub(crate) fn cover(&self, f: &Finding) -> bool {
        let day = |text: &Option<String>| text.as_deref().map(ValidDay::parse);
        let program = self.programs.is_empty() || f.about.program.as_ref().is_some_and(|own| self.programs.iter().any(|p| p == own));
        let from = day(&self.from).is_none_or(|from| from.is_some_and(|from| f.true_from >= from));
        let to = day(&self.to).is_none_or(|to| to.is_some_and(|to| f.true_from <= to));
        let claims = self.claims.is_empty() || self.claims.iter().any(|sampled| f.about.claims.has(sampled));
        self.bound_anything() && program && from && to && claims
    }

    /// The part of the ledger inside. A day that is none bounds everything out.
    pub(crate) fn reach(&self) -> Reach {
        // A day that cannot be read lies at the end of the other side, so that none is inside.
        let day = |text: &Option<String>, none: i64| text.as_deref().map(|text| ValidDay::parse(text).unwrap_or(KnownAt::from_micros(0).local_day().plus_days(none)));
        Reach { programs: self.programs.clone(), from: day(&self.from, FAR), to: day(&self.to, -FAR), claims: self.claims.clone(), peer: None }
    }

    fn bound_anything(&self) -> bool {
        !self.programs.is_empty() || self.from.is_some() || self.to.is_some() || !self.claims.is_empty()
    }

    /// Whether the visit is over.
    pub(crate) fn over(&self, now: KnownAt) -> bool {
        self.until.as_deref().is_some_and(|until| ValidDay::parse(until).is_none_or(|until| now.local_day() > until))
    }

    /// The bounds in words.
    pub(crate) fn says(&self) -> String {
        let mut said = Vec::new();
        if !self.programs.is_empty() {
            said.push(format!("programs {}", self.programs.join(", ")));
        }
        said.extend(self.from.as_ref().map(|d| format!("services from {d}")));
        said.extend(self.to.as_ref().map(|d| format!("services through {d}")));
        if !self.claims.is_empty() {
            said.push(audit::words::count(self.claims.len() as u64, "sampled claim"));
        }
        audit::words::sentence(&said.join(", "))
    }
}
