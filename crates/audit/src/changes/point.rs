//! A point of a comparison: a recorded scan with its cut and day, or a point of knowledge.
//! Refuses what is neither; a seq is the scan that stands there, or else everything through it.

use domain::ValidDay;
use ledger::Ledger;

use crate::cut::Cut;
use crate::error::AuditError;
use crate::scans::PastScan;
use crate::words::{day, known};

/// Where to look from.
#[derive(Debug, Clone)]
pub struct Point {
    /// Up to where the ledger counts.
    pub cut: Cut,
    /// Evaluation day, where the point says one.
    pub today: Option<ValidDay>,
    /// The scan, if it is one.
    pub scan: Option<PastScan>,
    /// The point in words, as in "the last scan".
    pub words: String,
}

const HINT: &str = "give the seq of a scan (`countersign scans` lists them), last, last~1, now, a seq, a date or an instant";

impl Point {
    /// Reads a point: `last`, `last~N`, `now`, a seq, a date or an instant.
    ///
    /// # Errors
    /// Anything else, or a scan that was not done.
    pub(crate) fn read(text: &str, past: &[PastScan], ledger: &Ledger) -> Result<Self, AuditError> {
        if let Some(back) = text.strip_prefix("last").map(|rest| rest.strip_prefix('~').unwrap_or(rest)) {
            let back: usize = if back.is_empty() { 0 } else { back.parse().map_err(|_| wrong(text))? };
            let scan = past.iter().rev().nth(back).ok_or_else(|| {
                AuditError::asked(format!("there is no scan {text}: {} recorded", past.len()), "`countersign scan` records one")
            })?;
            return Ok(Self::of_scan(scan, back == 0));
        }
        if matches!(text, "now" | "head") {
            return Ok(Self::now());
        }
        let cut = Cut::parse(text).map_err(|_| wrong(text))?;
        if let Some(scan) = past.iter().find(|scan| cut == Cut::Seq(scan.seq)) {
            return Ok(Self::of_scan(scan, false));
        }
        cut.size(ledger)?;
        let words = match cut {
            Cut::Head => "now".to_owned(),
            Cut::Seq(seq) => format!("seq {seq}"),
            Cut::Instant(at) => known(at),
            Cut::Day(end) => format!("the end of {}", day(end)),
        };
        Ok(Self { cut, today: None, scan: None, words })
    }

    pub(crate) fn now() -> Self {
        Self { cut: Cut::Head, today: None, scan: None, words: "now".to_owned() }
    }

    pub(crate) fn of_scan(scan: &PastScan, last: bool) -> Self {
        let words = if last { "the last scan".to_owned() } else { format!("the scan of {} (seq {})", known(scan.recorded_at), scan.seq) };
        Self { cut: Cut::Seq(scan.last_seen()), today: Some(scan.today), scan: Some(scan.clone()), words }
    }
}

fn wrong(text: &str) -> AuditError {
    AuditError::asked(format!("{text:?} is no scan and no point in the ledger"), HINT)
}
