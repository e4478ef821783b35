//! JSON Lines from disk: every problem with its line, reading on after each.

use import::{MAX_LINE, discover};

use crate::{Files, REAL, SIMULATED, lines_and_problems, read_all};

const VOID: &str = r#"{"type":"claim_voided","claim":"CL-1","voided_on":"2025-03-04"}"#;

fn problems(text: &str) -> Vec<String> {
    lines_and_problems("in.jsonl", text.as_bytes(), REAL).1
}

#[test]
fn marks_newlines_and_blank_lines_do_not_matter() {
    let text = format!("\u{feff}{VOID}\r\n\r\n   \n{VOID}\r\n\n{VOID}");
    assert_eq!(lines_and_problems("in.jsonl", text.as_bytes(), REAL), (vec![1, 4, 6], vec![]));
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16().skip(1)).flat_map(u16::to_le_bytes).collect();
    assert_eq!(lines_and_problems("in.jsonl", &utf16, REAL), (vec![1, 4, 6], vec![]));
}

#[test]
fn every_problem_of_every_line_is_told() {
    let text = [
        r#"{"type":"claim_voided","claim":"CL 1","voided_on":"2025-02-29","reson":"x"}"#,
        VOID,
        r#"{"type":"claim_voidd","claim":"CL-1"}"#,
        r#"{"type":"claim_voided","claim":"CL-1","claim":"CL-2","voided_on":"2025-03-04"}"#,
        r#"{"type":"claim_submitted","claim":"CL-1","individual":"I","program":"P","service_date":"2025-03-04","submitted_at":"2025-03-04T10:00:00Z","lines":[{"contact":"C","hcpcs":"H0038","units":1,"units":2,"charge_cents":1}]}"#,
        r#"["not an object"]"#,
        r#"{"type":"claim_voided" "claim":1}"#,
        r#"{"type":"event_corrected","target":"a","reason":"b","fields":{"a":[[[[[[[[1]]]]]]]]}}"#,
        r#"{"type":"contact_recorded","start":"2025-03-04T10:00:00"}"#,
    ]
    .join("\n");
    let (lines, problems) = lines_and_problems("in.jsonl", text.as_bytes(), REAL);
    assert_eq!(lines, [2]);
    let expected = [
        r#"in.jsonl:1, claim: found an id with the character ' ' ("CL 1"), wanted the id of a claim (1 to 64 characters of A-Z a-z 0-9 . _ : -)"#,
        r#"in.jsonl:1, voided_on: found "2025-02-29", wanted a date, YYYY-MM-DD (a day that exists, year first: 2025-03-04)"#,
        r#"in.jsonl:1, reson: found a field that this type does not have, wanted a field of claim_voided (did you mean reason?)"#,
        r#"in.jsonl:3, type: found "claim_voidd", wanted an event type (did you mean claim_voided?)"#,
        r#"in.jsonl:4, claim: found the field a second time, wanted each field once"#,
        r#"in.jsonl:5, lines[1].units: found the field a second time, wanted each field once"#,
        r#"in.jsonl:6: found JSON of another shape (invalid type: sequence, expected a JSON object), wanted one JSON object on one line (write each object of the list on a line of its own)"#,
        r#"in.jsonl:7: found text that is not JSON (expected `,` or `}`, column 24), wanted one JSON object on one line"#,
        r#"in.jsonl:8: found JSON of another shape (values nested deeper than 8 levels), wanted one JSON object on one line"#,
    ];
    assert_eq!(problems[..expected.len()], expected);
    assert!(problems.iter().filter(|p| p.starts_with("in.jsonl:9, ")).count() >= 12);
}

#[test]
fn a_damaged_first_line_costs_that_line_and_not_the_file() {
    for first in [&b"not JSON"[..], b"# a comment", b"[1,2]", b"\"text\"", b"5", b"\xFF!!", b"type,claim"] {
        let text = [first, VOID.as_bytes(), VOID.as_bytes()].join(&b'\n');
        let (lines, problems) = lines_and_problems("in.jsonl", &text, REAL);
        assert_eq!(lines, [2, 3], "{problems:?}");
        assert!(problems.len() == 1 && problems[0].starts_with("in.jsonl:1: found "), "{problems:?}");
    }
    // Beside others in a directory it is no more passed over than where it is named.
    let files = Files::new(&[("in.jsonl", format!("not JSON\n{VOID}\n").as_bytes()), ("zeros.jsonl", b"\0\0\0\0")]);
    let found = discover(&[files.dir().to_owned()], None);
    assert_eq!((found.sources.len(), found.problems.total(), found.notices.len()), (1, 1, 0));
}

#[test]
fn a_line_that_names_a_resource_does_not_make_resources_of_the_events_before_it() {
    let text = format!("{VOID}\n{{\"resourceType\":\"Patient\"}}\n{VOID}\n");
    let (lines, problems) = lines_and_problems("in.jsonl", text.as_bytes(), REAL);
    assert_eq!(lines, [1, 3]);
    assert_eq!(problems.len(), 1, "{problems:?}");
}

#[test]
fn a_file_that_ends_in_the_middle_is_said_to() {
    let text = format!("{VOID}\n{}", &VOID[..40]);
    assert!(problems(&text)[0].ends_with("(the file seems cut off: export or copy it again)"), "{:?}", problems(&text));
    assert!(problems("{\n\"type\":\"claim_voided\"\n}\n")[0].contains("one whole object on each line"));
    let mut cut = format!("{VOID}\n{{\"type\":\"caf\u{e9}").into_bytes();
    cut.pop();
    let (_, problems) = lines_and_problems("in.jsonl", &cut, REAL);
    assert!(problems[0].contains("in.jsonl:2: found the byte 0xC3 at column 13") && problems[0].contains("cut off"), "{problems:?}");
}

#[test]
fn bytes_that_are_not_utf8_are_named_and_passed_over() {
    let text = [VOID.as_bytes(), b"{\"type\":\"caf\xE9\"}", VOID.as_bytes()].join(&b'\n');
    let (lines, problems) = lines_and_problems("in.jsonl", &text, REAL);
    assert_eq!(lines, [1, 3]);
    assert_eq!(problems, ["in.jsonl:2: found the byte 0xE9 at column 13, which is not UTF-8, wanted UTF-8 text (save the file as UTF-8)"]);
}

#[test]
fn a_line_too_long_is_passed_over() {
    for length in [MAX_LINE + 1, 3 * MAX_LINE] {
        let long = "x".repeat(length);
        for text in [format!("{VOID}\n{long}\n{VOID}\n"), format!("{VOID}\n{long}")] {
            let (lines, problems) = lines_and_problems("in.jsonl", text.as_bytes(), REAL);
            assert_eq!(lines[0], 1);
            assert_eq!(lines.get(1), text.ends_with('\n').then_some(&3));
            assert_eq!(problems, [format!("in.jsonl:2: found a line of {length} bytes, wanted a line of at most {MAX_LINE} bytes")]);
        }
    }
    let fitting = format!("{VOID}{}\n{VOID}", " ".repeat(MAX_LINE - VOID.len()));
    assert_eq!(lines_and_problems("in.jsonl", fitting.as_bytes(), REAL).0, [1, 2]);
}

#[test]
fn the_clock_is_the_ledgers_unless_it_is_simulated() {
    let line = |at: &str| format!(r#"{{"type":"claim_voided","claim":"CL-1","voided_on":"2025-03-04","recorded_at":"{at}"}}"#);
    let text = [line("2025-03-05T10:00:00Z"), line("2025-03-05T09:59:59Z"), line("2025-03-05T10:00:00Z"), VOID.to_owned()].join("\n");
    let (lines, problems) = lines_and_problems("in.jsonl", text.as_bytes(), SIMULATED);
    assert_eq!(lines, [1, 3]);
    assert_eq!(
        problems,
        [
            "in.jsonl:2, recorded_at: found 2025-03-05T09:59:59Z, wanted an instant not before 2025-03-05T10:00:00Z, as in line 1 (sort the file by recorded_at)",
            "in.jsonl:4, recorded_at: found nothing, wanted an instant with offset (a simulated ledger takes recorded_at from its input)",
        ]
    );
    let (lines, problems) = lines_and_problems("in.jsonl", text.as_bytes(), REAL);
    assert_eq!((lines, problems.len()), (vec![4], 3));
    assert!(problems[0].contains("the ledger's own clock decides"));
}

#[test]
fn provenance_is_the_digest_of_the_file_and_the_line() {
    let text = format!("\n{VOID}\n");
    let files = Files::new(&[("in.jsonl", text.as_bytes())]);
    let found = discover(&[files.path("in.jsonl")], None);
    let (drafts, summary) = read_all(&found, REAL);
    let provenance = drafts[0].draft.envelope.provenance.clone().unwrap();
    assert_eq!((provenance.file, provenance.line), (*blake3::hash(text.as_bytes()).as_bytes(), 2));
    assert_eq!((summary.files[0].rows, summary.files[0].drafts, summary.read()), (1, 1, 1));
    assert_eq!(found.sources[0].bytes, text.len() as u64);
}

#[test]
fn a_file_that_changes_after_it_was_found_is_not_taken() {
    let files = Files::new(&[("in.jsonl", VOID.as_bytes())]);
    let found = discover(&[files.path("in.jsonl")], None);
    std::fs::write(files.path("in.jsonl"), VOID.replace("CL-1", "CL-2")).unwrap();
    let (_, summary) = read_all(&found, REAL);
    assert!(summary.problems.kept()[0].found.contains("changed while"));
    std::fs::remove_file(files.path("in.jsonl")).unwrap();
    let (drafts, summary) = read_all(&found, REAL);
    assert!(drafts.is_empty() && summary.problems.total() == 1);
}

#[test]
fn all_problems_are_counted_and_some_are_kept() {
    let text = "{}\n".repeat(500);
    let files = Files::new(&[("in.jsonl", text.as_bytes())]);
    let found = discover(&[files.path("in.jsonl")], None);
    let (_, summary) = read_all(&found, crate::Options { max_problems: 7, ..REAL });
    assert_eq!((summary.problems.kept().len(), summary.problems.total(), summary.refused()), (7, 500, 500));
}
