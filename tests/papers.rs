//! Documents of commands: what `--format html|pdf|xlsx` prints of a scan that was just done, and that it was done.
//! What such files look like inside is tested where they are made.

use std::path::Path;

use crate::command::{Desk, stderr, stdout};

#[test]
fn a_scan_that_was_done_is_a_document_recorded_and_judged_as_ever() {
    let desk = Desk::simulated();
    let exports = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/riverbend");
    desk.done(&["import", exports.to_str().unwrap()]);
    let first = desk.run(&["scan", "--format", "html"]);
    assert_eq!(first.status.code(), Some(1), "violations stop a nightly run on paper, too: {}", stderr(&first));
    let page = stdout(&first);
    let found = desk.json(&["findings", "list", "--json"]);
    let ids: Vec<&str> = found["findings"].as_array().unwrap().iter().map(|f| f["id"].as_str().unwrap()).collect();
    assert!(ids.len() > 100 && ids.iter().all(|id| page.contains(id)), "every finding stands in it");
    let violations = found["summary"]["violation"].as_u64().unwrap();
    assert!(page.contains(&format!("found {violations} violations")) && page.contains("It is the first scan recorded") && page.contains("SIMULATED"), "{page}");
    let one = ids[0];
    desk.done(&["findings", "acknowledge", one, "--by", "Ana Ortiz"]);
    let size = desk.size();
    let book = desk.run(&["scan", "--format", "xlsx", "--fail-on", "never"]);
    assert!(book.status.success() && book.stdout.starts_with(b"PK"), "{}", stderr(&book));
    assert_eq!(desk.size(), size + 1, "the scan is on record");
    let dry = desk.run(&["scan", "--format", "html", "--dry-run", "--fail-on", "never"]);
    assert!(dry.status.success() && stdout(&dry).contains("acknowledged by Ana Ortiz") && !stdout(&dry).contains("It is the first scan recorded"), "{}", stderr(&dry));
    assert_eq!(desk.size(), size + 1, "a dry run is not");
    if cfg!(feature = "pdf") {
        let file = desk.run(&["scan", "--format", "pdf", "--dry-run", "--fail-on", "never"]);
        assert!(file.status.success() && file.stdout.starts_with(b"%PDF-1.7"), "{}", stderr(&file));
    }
}
