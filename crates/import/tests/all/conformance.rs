//! Every event of the public cases can be read; what some of them must refuse is for the ledger to refuse.

use import::{discover, write_jsonl};

use crate::{Files, SIMULATED, read_all};

#[test]
fn every_case_is_read_without_a_problem() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/conformance");
    let mut cases = 0;
    for case in std::fs::read_dir(root).unwrap() {
        let path = case.unwrap().path().join("events.jsonl");
        let found = discover(std::slice::from_ref(&path), None);
        assert!(found.problems.is_empty() && found.notices.is_empty(), "{found:?}");
        let (drafts, summary) = read_all(&found, SIMULATED);
        assert_eq!(summary.problems.kept(), [], "{}", path.display());
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(drafts.len(), text.lines().count());

        let written: String = drafts.iter().map(|d| write_jsonl(&d.draft) + "\n").collect();
        let files = Files::new(&[("again.jsonl", written.as_bytes())]);
        let (again, _) = read_all(&discover(&[files.path("again.jsonl")], None), SIMULATED);
        assert!(drafts.iter().zip(&again).all(|(a, b)| a.draft.event == b.draft.event && a.line == b.line) && again.len() == drafts.len());
        cases += 1;
    }
    assert!(cases >= 60, "only {cases} cases found");
}
