//! What is found under paths, what is passed over or refused and how it says so, and the order of what is read.

use std::path::PathBuf;

use import::{Discovered, ProblemKind, discover};

use crate::{Files, REAL, SIMULATED, read_all};

fn told(files: &Files, found: &Discovered) -> (Vec<String>, Vec<String>, Vec<String>) {
    let sources = found.sources.iter().map(|s| files.shorten(&s.display)).collect();
    let problems = found.problems.kept().iter().map(|p| files.shorten(p)).collect();
    (sources, problems, found.notices.iter().map(|n| files.shorten(n)).collect())
}

const VOID_CSV: &[u8] = b"claim,voided_on\nCL-1,2025-03-04\n";

#[test]
fn a_directory_is_walked_and_nothing_is_left_out_silently() {
    let files = Files::new(&[
        ("claim_voided.csv", VOID_CSV),
        ("contacts_recorded.csv", b"contact\n"),
        ("deeper/program_registered.csv", b"program,kind,from\n"),
        ("deeper/b.jsonl", b"{\"type\":\"claim_paid\"}\n"),
        ("case.json", b"{\n \"why\": \"because\"}\n"),
        ("one.json", b"{\"type\":\"claim_voided\",\"claim\":\"CL-9\",\"voided_on\":\"2025-03-04\"}\n"),
        (".hidden.csv", b""),
        ("README.md", b"# Exports\n"),
        ("page.html", b"<html>"),
        ("empty.jsonl", b""),
        ("claims.edi", b"ISA*00*          *00*          *ZZ*SENDERETIN     *ZZ*EMEDNYBAT      *260105*1200*^*00501*000000001*0*T*:~"),
        ("contact_recorded.csv.gz", b"\x1F\x8B\x08\0\0"),
        ("contact_recorded.xlsx", b"PK\x03\x04\0\0"),
        ("bulk.ndjson", b"{\"resourceType\":\"Patient\"}\n"),
    ]);
    let (sources, problems, notices) = told(&files, &discover(&[files.dir().to_owned()], None));
    assert_eq!(sources, ["deeper/program_registered.csv", "bulk.ndjson", "claims.edi", "deeper/b.jsonl", "claim_voided.csv", "one.json"]);
    let wanted = "wanted JSON Lines, CSV, FHIR or X12, which is what this version reads";
    assert_eq!(
        problems,
        [
            format!("contact_recorded.csv.gz: found a gzip file, {wanted} (unpack it with gunzip and import what is inside)"),
            format!(
                "contact_recorded.xlsx: found an XLSX workbook or another zip file, {wanted} (say with --map FILE.toml what its columns mean; `countersign map --guess` proposes such a file)"
            ),
        ]
    );
    assert_eq!(
        notices,
        [
            ".hidden.csv: passed over: a hidden file",
            "README.md: passed over: the name is not that of an event type",
            "case.json: passed over: JSON whose first line is not an event",
            "contacts_recorded.csv: passed over: the name is not that of an event type; did you mean contact_recorded?",
            "empty.jsonl: passed over: the file is empty",
            "page.html: passed over: XML or HTML",
        ]
    );
}

#[test]
fn a_file_that_is_named_must_be_readable() {
    let files = Files::new(&[("a.txt", b"hello\n"), ("b.bin", b"a\0b"), ("c.csv", VOID_CSV), ("list.json", b"[{}]")]);
    let paths: Vec<PathBuf> = ["a.txt", "b.bin", "c.csv", "list.json", "missing.csv"].map(|n| files.path(n)).into();
    let found = discover(&paths, None);
    let (sources, problems, _) = told(&files, &found);
    assert!(sources.is_empty() && problems.len() == 5, "{problems:?}");
    assert!(problems[0].contains("--as TYPE") && problems[1].contains("not text") && problems[3].contains("a JSON list"), "{problems:?}");
    assert!(problems[4].starts_with("missing.csv: found ") && problems[4].contains("wanted a file that can be read"));
    assert!(found.problems.kept().iter().all(|p| p.kind == ProblemKind::Unreadable));

    let found = discover(&[files.path("c.csv")], Some("claim_voided"));
    assert_eq!(read_all(&found, REAL).0.len(), 1);
    let found = discover(&[files.path("c.csv")], Some("claim_voidd"));
    assert_eq!(
        found.problems.kept()[0].to_string(),
        "--as: found \"claim_voidd\", wanted an event type that can be imported (did you mean claim_voided?)"
    );
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_end() {
    let files = Files::new(&[("a/claim_voided.csv", VOID_CSV)]);
    std::os::unix::fs::symlink(files.path("a"), files.path("a/again")).unwrap();
    std::os::unix::fs::symlink(files.path("a/claim_voided.csv"), files.path("claim_voided.csv")).unwrap();
    std::os::unix::fs::symlink(files.path("nowhere"), files.path("claim_paid.csv")).unwrap();
    let (sources, problems, notices) = told(&files, &discover(&[files.dir().to_owned()], None));
    assert_eq!(sources, ["a/claim_voided.csv"]);
    assert!(problems.len() == 1 && problems[0].starts_with("claim_paid.csv: found "));
    assert_eq!(
        notices,
        ["a/again: passed over: it is among the others already", "claim_voided.csv: passed over: it is among the others already"]
    );
}

fn voids(times: &[(&str, &str)]) -> Vec<u8> {
    let lines = times.iter().map(|(id, at)| {
        format!("{{\"type\":\"claim_voided\",\"claim\":\"{id}\",\"voided_on\":\"2025-03-04\",\"recorded_at\":\"2025-03-05T{at}:00Z\"}}\n")
    });
    lines.collect::<String>().into_bytes()
}

#[test]
fn files_of_a_simulated_ledger_are_merged_by_time() {
    let files = Files::new(&[
        ("a.jsonl", &voids(&[("A1", "10:00"), ("A2", "10:05"), ("A3", "10:01"), ("A4", "10:30")])),
        ("b.jsonl", &voids(&[("B1", "09:00"), ("B2", "10:05"), ("B3", "11:00")])),
        ("program_registered.csv", b"recorded_at,program,kind,from\n2025-03-05T10:05:00Z,MH-1,mhotrs,2025-01-01\n"),
    ]);
    let (drafts, summary) = read_all(&discover(&[files.dir().to_owned()], None), SIMULATED);
    let ids: Vec<String> = drafts.iter().map(|d| d.draft.event.fields()[0].1.as_text().unwrap().to_owned()).collect();
    // At 10:05 the program comes first, as in the vocabulary; then files by name.
    assert_eq!(ids, ["B1", "A1", "MH-1", "A2", "B2", "A4", "B3"]);
    assert!(summary.problems.total() == 1 && summary.problems.kept()[0].line == 3);
    assert_eq!(summary.files.iter().map(|f| (f.drafts, f.refused)).collect::<Vec<_>>(), [(1, 0), (3, 1), (3, 0)]);
}

#[test]
fn files_of_a_real_ledger_follow_the_vocabulary_within_their_group() {
    let correction = b"{\"type\":\"event_retracted\",\"target\":\"a:1\",\"reason\":\"x\"}\n";
    let contact = b"{\"type\":\"contact_recorded\"}\n";
    let files = Files::new(&[
        ("day1/a.jsonl", correction),
        ("day1/b.jsonl", contact),
        ("day1/program_registered.csv", b"program,kind,from\n"),
        ("day2/claim_voided.csv", VOID_CSV),
        ("x.jsonl", correction),
        ("y.jsonl", contact),
    ]);
    let paths = ["day1", "y.jsonl", "x.jsonl", "day2"].map(|n| files.path(n));
    let (sources, ..) = told(&files, &discover(&paths, None));
    assert_eq!(sources, ["day1/program_registered.csv", "day1/b.jsonl", "day1/a.jsonl", "y.jsonl", "x.jsonl", "day2/claim_voided.csv"]);
}

#[test]
fn the_caller_may_stop() {
    let files = Files::new(&[("a.jsonl", &voids(&[("A1", "10:00"); 5000])), ("b.jsonl", &voids(&[("B1", "10:00"); 5000]))]);
    let found = discover(&[files.dir().to_owned()], None);
    for threads in [0, 1, 3] {
        for sources in [&found.sources[..1], &found.sources] {
            let mut taken = 0;
            let summary = import::read(sources, import::Options { threads, ..SIMULATED }, |_| {
                taken += 1;
                if taken == 3 { std::ops::ControlFlow::Break(()) } else { std::ops::ControlFlow::Continue(()) }
            });
            assert!(summary.stopped && taken == 3 && summary.drafts() == 3);
        }
    }
}
