//! When each source gave its last file, and which are overdue.
//! Counts from the moment a file was taken; a file that was refused is no file.

use std::path::Path;

use domain::KnownAt;

use super::journal::{Became, Journal};
use super::settings::settings;
use crate::error::AuditError;

/// What a source may be late before it is said: a nightly file does not come at the same minute every night.
const GRACE_HOURS: i64 = 2;

const MICROS_PER_HOUR: i64 = 3_600_000_000;

/// How fresh a source is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freshness {
    /// The source.
    pub source: String,
    /// When its last good file was taken.
    pub last: Option<KnownAt>,
    /// Days that may lie between two files.
    pub every_days: Option<u32>,
    /// Whether it is overdue.
    pub late: bool,
    /// Whether a file that came after the last good one was refused.
    pub refused_since: bool,
}

impl Freshness {
    /// What there is to say, as in `contacts: last file 3 days ago (expected every day)`.
    pub fn says(&self, now: KnownAt) -> String {
        let last = match self.last {
            None => "no file yet".to_owned(),
            Some(last) => match now.local_day().days_since(last.local_day()) {
                ..=0 => "last file today".to_owned(),
                1 => "last file yesterday".to_owned(),
                days => format!("last file {days} days ago"),
            },
        };
        let expected = match self.every_days {
            Some(1) if self.late => " (expected every day)".to_owned(),
            Some(days) if self.late => format!(" (expected every {days} days)"),
            Some(_) | None => String::new(),
        };
        let refused = if self.refused_since { ", one refused since" } else { "" };
        format!("{}: {last}{expected}{refused}", self.source)
    }
}

/// Every source that is expected or ever gave a file, expected ones first, then by name.
///
/// # Errors
/// Settings or a journal that cannot be read.
pub fn freshness(ledger: &Path, now: KnownAt) -> Result<Vec<Freshness>, AuditError> {
    let settings = settings(ledger)?;
    let journal = Journal::read(ledger)?;
    let new = |source: String, every_days| Freshness { source, last: None, every_days, late: false, refused_since: false };
    let mut all: Vec<Freshness> = settings.sources.iter().map(|s| new(s.name.clone(), s.every_days)).collect();
    let expected = all.len();
    for entry in journal.entries() {
        let source = settings.source_of(&entry.name);
        let found = all.iter().position(|f| f.source == source).unwrap_or_else(|| {
            all.push(new(source, None));
            all.len() - 1
        });
        if let Some(f) = all.get_mut(found) {
            f.refused_since = entry.became == Became::Refused;
            if entry.became != Became::Refused {
                f.last = KnownAt::parse(&entry.at).or(f.last);
            }
        }
    }
    for f in &mut all {
        let allowed = f.every_days.map(|days| (i64::from(days) * 24 + GRACE_HOURS) * MICROS_PER_HOUR);
        f.late = allowed.is_some_and(|allowed| f.last.is_none_or(|last| now.micros() - last.micros() > allowed));
    }
    if let Some(others) = all.get_mut(expected..) {
        others.sort_by(|a, b| a.source.cmp(&b.source));
    }
    Ok(all)
}
