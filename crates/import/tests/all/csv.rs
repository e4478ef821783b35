//! CSV from disk: headers, cells, claims over several rows, and the encodings spreadsheets write.

use domain::event::{Claims, Event};
use import::{Encoding, discover};

use crate::{Files, REAL, SIMULATED, lines_and_problems, read_all};

fn problems(name: &str, text: &str) -> Vec<String> {
    lines_and_problems(name, text.as_bytes(), REAL).1
}

#[test]
fn rows_are_read_with_their_physical_line() {
    let text = "\u{feff}claim,reason,voided_on,source_id\r\nCL-1,\"typed twice,\r\nsee \"\"log\"\"\",2025-03-04,b:1\r\n\r\n,,,\r\nCL-2,,2025-03-05,\r\n";
    assert_eq!(lines_and_problems("claim_voided.csv", text.as_bytes(), REAL), (vec![2, 6], vec![]));
    let tabs = "claim\treason\tvoided_on\nCL-1\ta, b\t2025-03-04\n";
    assert_eq!(lines_and_problems("claim_voided.csv", tabs.as_bytes(), REAL), (vec![2], vec![]));
}

#[test]
fn a_header_is_checked_before_anything_else() {
    let text = "claim,voided on,colour,claim\nCL-1,2025-03-04,x,y\n";
    let (lines, problems) = lines_and_problems("claim_voided.csv", text.as_bytes(), REAL);
    assert!(lines.is_empty());
    assert_eq!(
        problems,
        [
            "claim_voided.csv:1, voided on: found a column that this type does not have, wanted a field of claim_voided (did you mean voided_on?)",
            "claim_voided.csv:1, colour: found a column that this type does not have, wanted a field of claim_voided (it has source_id, entered_at, actor, evidence, recorded_at, claim, voided_on, reason)",
            "claim_voided.csv:1, claim: found the column a second time, wanted each column once",
            "claim_voided.csv:1, voided_on: found no such column, wanted the column voided_on, which every claim_voided has",
        ]
    );
    // With every required column there, rows are still checked, and none handed on.
    let text = "claim,voided_on,colour\nCL-1,2025-03-04,x\nCL-2,2025-03-44,x\n";
    let (lines, problems) = lines_and_problems("claim_voided.csv", text.as_bytes(), REAL);
    assert!(lines.is_empty() && problems.len() == 2, "{problems:?}");
    assert!(problems[1].starts_with("claim_voided.csv:3, voided_on: found \"2025-03-44\""));
}

#[test]
fn bad_rows_are_told_and_the_others_read() {
    let text = "claim,voided_on,reason\nCL-1\nCL-2,2025-03-04,\nCL-3,2025-03-04,a,b\n,2025-03-04,x\0y\nCL-5,2025-03-04";
    let (lines, problems) = lines_and_problems("claim_voided.csv", text.as_bytes(), REAL);
    assert_eq!(lines, [3]);
    assert_eq!(
        problems,
        [
            "claim_voided.csv:2: found 1 cell, wanted 3 cells, as in the header (an empty cell still has its separator)",
            "claim_voided.csv:4: found 4 cells, wanted 3 cells, as in the header (a cell that contains the separator stands in quotes)",
            "claim_voided.csv:5, reason: found a NUL byte, wanted text (the file is damaged, or not text)",
            "claim_voided.csv:5, claim: found nothing, wanted the id of a claim (this field is required)",
            "claim_voided.csv:6: found 2 cells, wanted 3 cells, as in the header (the file seems cut off: export or copy it again)",
        ]
    );
    let unclosed = problems_of_unclosed();
    assert_eq!(
        unclosed,
        ["claim_voided.csv:3: found a quote that is never closed, wanted a row (close the quote; or the file is cut off)"]
    );
}

fn problems_of_unclosed() -> Vec<String> {
    problems("claim_voided.csv", "claim,voided_on,reason\nCL-1,2025-03-04,\nCL-2,2025-03-04,\"on\nand on\n")
}

#[test]
fn special_cells_have_their_types() {
    let read = |name: &str, text: &str| {
        let files = Files::new(&[(name, text.as_bytes())]);
        let (drafts, summary) = read_all(&discover(&[files.path(name)], None), REAL);
        assert_eq!(summary.problems.kept(), []);
        drafts.into_iter().map(|d| d.draft.event).collect::<Vec<_>>()
    };
    let fields = |event: &Event| event.fields().into_iter().map(|(k, v)| format!("{k}={}", v.describe())).collect::<Vec<_>>().join(" ");
    let settings = read(
        "parameter_set.csv",
        "name,value,from,approved_by\na,12,2025-01-01,x\na,1.50,2025-01-01,x\na,true,2025-01-01,x\na,007,2025-01-01,x\n",
    );
    let values: Vec<String> = settings.iter().map(|e| fields(e).split(' ').skip(1).take(3).collect::<Vec<_>>().join(" ")).collect();
    assert!(values[0].starts_with("value=12 ") && values[1].starts_with("value=the number 1.50".split_at(16).0), "{values:?}");
    assert!(values[2].starts_with("value=true") && values[3].starts_with("value=\"007\""), "{values:?}");
    let roles = read(
        "person_engaged.csv",
        "person,engagement,roles,start_on\nP-1,employee,peer; supervisor ,2025-01-01\nP-2,employee,,2025-01-01\n",
    );
    assert!(fields(&roles[0]).contains("roles=a list of 2") && fields(&roles[1]).contains("roles=a list of 0"));
    let corrected = read("event_corrected.csv", "target,fields,reason\na:1,\"{\"\"expires_on\"\":null}\",typing error\n");
    assert!(fields(&corrected[0]).contains("fields=an object of 1 fields"));
}

const CLAIM_HEADER: &str = "claim,individual,program,service_date,submitted_at,contact,hcpcs,modifiers,units,charge_cents\n";

fn claim(id: &str, individual: &str, contact: &str, units: &str) -> String {
    format!("{id},{individual},MH-1,2025-03-04,2025-03-10T09:00:00-05:00,{contact},H0038,HQ;U1,{units},4600\n")
}

#[test]
fn rows_of_a_claim_are_its_lines() {
    let text =
        [CLAIM_HEADER, &claim("CL-1", "I-1", "C-1", "2"), &claim("CL-1", "I-1", "C-2", "3"), &claim("CL-2", "I-1", "C-3", "1")].concat();
    let files = Files::new(&[("claim_submitted.csv", text.as_bytes())]);
    let (drafts, summary) = read_all(&discover(&[files.path("claim_submitted.csv")], None), REAL);
    assert_eq!((summary.problems.total(), summary.files[0].rows, summary.drafts()), (0, 3, 2));
    assert_eq!(drafts.iter().map(|d| d.line).collect::<Vec<_>>(), [2, 4]);
    let Event::Claims(Claims::ClaimSubmitted(first)) = &drafts[0].draft.event else { unreachable!() };
    let lines: Vec<(&str, u32, usize)> = first.lines.iter().map(|l| (l.contact.as_str(), l.units.0, l.modifiers.len())).collect();
    assert_eq!(lines, [("C-1", 2, 2), ("C-2", 3, 2)]);
}

#[test]
fn a_claim_of_more_lines_than_any_has_is_refused_and_not_held() {
    let rows: Vec<String> = (0..3_000).map(|n| claim("CL-1", "I-1", &format!("C-{n}"), "1")).collect();
    let text = format!("{CLAIM_HEADER}{}{}", rows.concat(), claim("CL-2", "I-1", "C-9", "1"));
    let (lines, problems) = lines_and_problems("claim_submitted.csv", text.as_bytes(), REAL);
    assert_eq!((lines.len(), problems.len()), (1, 1), "{problems:?}");
    assert!(problems[0].starts_with("claim_submitted.csv:1001, claim: found one more line of the claim, wanted at most 999 lines"), "{}", problems[0]);
}

#[test]
fn a_claim_must_agree_with_itself_and_stand_together() {
    let text = [
        CLAIM_HEADER,
        &claim("CL-1", "I-1", "C-1", "2"),
        &claim("CL-1", "I-2", "C-2", "few"),
        &claim("CL-2", "I-1", "C-3", "1"),
        &claim("CL-1", "I-1", "C-4", "1"),
        &claim("CL-3", "I-1", "C-5", "1"),
    ]
    .concat();
    let (lines, problems) = lines_and_problems("claim_submitted.csv", text.as_bytes(), REAL);
    assert_eq!(lines, [4, 6]);
    assert_eq!(
        problems,
        [
            "claim_submitted.csv:3, units: found \"few\", wanted units, a whole number from 0 to 100000",
            "claim_submitted.csv:3, individual: found \"I-2\", wanted \"I-1\", as in line 2 of the same claim",
            "claim_submitted.csv:5, claim: found \"CL-1\" again, after another claim, wanted the rows of a claim together, the first is line 2 (sort the file by claim)",
        ]
    );
    let files = Files::new(&[("claim_submitted.csv", text.as_bytes())]);
    let (_, summary) = read_all(&discover(&[files.path("claim_submitted.csv")], None), REAL);
    assert_eq!((summary.drafts(), summary.refused(), summary.files[0].rows), (2, 2, 5));
}

#[test]
fn spreadsheet_encodings_are_read_with_a_notice() {
    let text = "claim,voided_on,reason\nCL-1,2025-03-04,doppelt \u{e9}rfasst\n";
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    let cp1252: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for (bytes, encoding, notice) in [(utf16, Encoding::Utf16Be, "UTF-16"), (cp1252, Encoding::Windows1252, "Windows-1252")] {
        let files = Files::new(&[("claim_voided.csv", &bytes)]);
        let found = discover(&[files.path("claim_voided.csv")], None);
        assert_eq!(found.sources[0].encoding, encoding);
        assert!(found.notices[0].text.contains(notice));
        let (drafts, _) = read_all(&found, REAL);
        assert!(format!("{:?}", drafts[0].draft.event).contains("doppelt \u{e9}rfasst"));
        assert_eq!(drafts[0].draft.envelope.provenance.as_ref().unwrap().file, *blake3::hash(&bytes).as_bytes());
    }
}

#[test]
fn csv_of_a_simulated_ledger_has_its_own_times() {
    let text =
        "recorded_at,claim,voided_on\n2025-03-05T10:00:00Z,CL-1,2025-03-04\n2025-03-04T10:00:00Z,CL-2,2025-03-04\n,CL-3,2025-03-04\n";
    let (lines, problems) = lines_and_problems("claim_voided.csv", text.as_bytes(), SIMULATED);
    assert_eq!((lines, problems.len()), (vec![2], 2));
}
