//! What is for machines and for whoever holds a pack: whether the service is well, counts for a monitor, and the page that checks packs.
//! Names nobody: counts only.

use std::fmt::Write as _;

use crate::answer::Answer;
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// The page that checks a pack in the browser, as it is handed to reviewers: one file that loads nothing.
const VERIFIER: &str = include_str!("../../../../verifier/dist/verify.html");

/// Checks a pack; what is dropped on it stays in the browser.
pub(crate) fn verify(_: &Visit<'_>) -> Result<Page, Trouble> {
    Ok(Page::Answer(Answer::new("text/html; charset=utf-8", VERIFIER).sealed()))
}

/// Says that the service answers.
pub(crate) fn health(_: &Visit<'_>) -> Result<Page, Trouble> {
    Ok(Page::Answer(Answer::new("text/plain; charset=utf-8", "ok\n")))
}

/// Counts in the text format of Prometheus.
pub(crate) fn metrics(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let (desk, mut out) = (visit.desk(), String::new());
    let open = desk.after_waivers();
    let last = desk.scans().last().map_or(0, |scan| scan.recorded_at.micros().div_euclid(1_000_000));
    let lines: [(&str, &str, i64); 7] = [
        ("countersign_events", "Events in the ledger.", count(desk.frame().size)),
        ("countersign_open_violations", "Violations that are not waived.", count(open.violation)),
        ("countersign_open_documentation", "Documentation gaps that are not waived.", count(open.documentation)),
        ("countersign_open_advisories", "Advisories that are not waived.", count(open.advisory)),
        ("countersign_not_evaluated", "What could not be judged.", count(open.not_evaluated)),
        ("countersign_exposure_cents", "Money at risk on live claims under findings that are not waived, in cents.", open.exposure.0),
        ("countersign_last_scan_timestamp_seconds", "When the last scan was recorded; 0 if none was.", last),
    ];
    for (name, help, value) in lines {
        // Writing into memory does not fail.
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
    }
    Ok(Page::Answer(Answer::new("text/plain; version=0.0.4; charset=utf-8", out)))
}

fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
