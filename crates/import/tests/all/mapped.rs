//! Foreign tables through mappings: the shipped examples with their sample files, what is refused and how, and what is only said.
//! Everybody named in them is invented.

use std::path::{Path, PathBuf};

use import::{Discovered, Mapping, Problems, discover_mapped, write_jsonl};

use crate::{Files, REAL, read_all};

pub(crate) fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn found(map: &str, sample: &str) -> Discovered {
    discover_mapped(&[root("fixtures/mapping").join(sample)], None, &[Mapping::load(&root("mappings").join(map)).unwrap()])
}

/// The events of a sample through a shipped mapping, which has no gap and meets no problem.
fn events(map: &str, sample: &str) -> Vec<String> {
    assert!(Mapping::load(&root("mappings").join(map)).unwrap().gaps().is_empty());
    let found = found(map, sample);
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    let (drafts, summary) = read_all(&found, REAL);
    assert!(summary.problems.is_empty(), "{:#?}", summary.problems.kept());
    drafts.iter().map(|located| format!("{} {}", located.line, write_jsonl(&located.draft))).collect()
}

#[test]
fn a_row_of_a_service_log_is_a_contact_its_note_and_its_signatures() {
    let events = events("service-log.toml", "service-log.csv");
    let expected = [
        r#"4 {"type":"contact_recorded","source_id":"ehr:E-1001:contact_recorded","contact":"E-1001","program":"MH-1","service":"mhotrs_adult_peer","peer":"P-014","individual":"I-2001","phase":"enrolled","format":"individual","mode":"in_person","site":"onsite","start":"2025-03-04T14:30:00Z","end":"2025-03-04T15:15:00Z","component":"A1","activities":["A1.02","A1.05"],"basis":"planned","goal":"G-1","recipient":"individual"}"#,
        r#"4 {"type":"note_written","source_id":"ehr:E-1001:note_written","note":"N-1001","contact":"E-1001","author":"P-014","written_at":"2025-03-04T16:05:00Z","elements":["purpose","response","outcome"]}"#,
        r#"4 {"type":"note_signed","source_id":"ehr:E-1001:signature","note":"N-1001","signer":"P-014","capacity":"peer","signed_at":"2025-03-04T16:10:00Z"}"#,
        r#"4 {"type":"note_signed","source_id":"ehr:E-1001:cosignature","note":"N-1001","signer":"S-01","capacity":"lpha","signed_at":"2025-03-05T13:15:00Z"}"#,
    ];
    assert_eq!(events[..4], expected);
    // The second row has a note and no signature; the third was a no-show; the fourth a group without a note.
    let rest: Vec<&str> = events[4..].iter().map(|e| e.split("\",\"").next().unwrap()).collect();
    assert_eq!(rest, [r#"5 {"type":"contact_recorded"#, r#"5 {"type":"note_written"#, r#"7 {"type":"contact_recorded"#]);
    assert!(events[6].contains(r#""format":"group","group_session":"GS-77""#));
}

#[test]
fn a_no_show_is_said_to_give_no_event() {
    let found = found("service-log.toml", "service-log.csv");
    let (_, summary) = read_all(&found, REAL);
    let notices: Vec<&str> = summary.notices.iter().map(|n| n.text.as_str()).collect();
    assert_eq!(notices, ["1 row gave no event, as the mapping's conditions want it; the first is row 6"]);
    assert!(found.notices.is_empty(), "{:?}", found.notices);
}

#[test]
fn progress_notes_with_pipes_joined_ids_and_short_numbers() {
    let events = events("progress-notes.toml", "progress-notes.csv");
    assert!(events[0].contains(r#""contact":"C-50001","program":"01-7","service":"mhotrs_adult_peer","peer":"00417""#), "{}", events[0]);
    assert!(events[0].contains(r#""start":"2025-03-04T14:30:00Z","end":"2025-03-04T15:15:00Z""#));
    assert!(events[1].contains(r#""elements":["purpose","response"]}"#), "{}", events[1]);
    assert!(events[3].contains(r#""mode":"audio","site":"offsite""#) && events[3].contains(r#""recipient":"family""#), "{}", events[3]);
    assert_eq!(events.len(), 5, "the draft is not signed: {events:?}");
}

#[test]
fn a_register_of_staff_from_both_kinds_of_workbook() {
    let ods = events("staff-register.toml", "staff-register.ods");
    let xls = events("staff-register.toml", "staff-register-1904.xls");
    assert_eq!(ods, xls, "two spreadsheet programs, two ways to count days, one register");
    assert_eq!(
        xls[..2],
        [
            r#"2 {"type":"person_engaged","source_id":"hr:P-014:person_engaged","person":"P-014","engagement":"employee","roles":["peer"],"programs":["MH-1"],"start_on":"2023-02-01"}"#,
            r#"2 {"type":"credential_granted","source_id":"hr:P-014:NYCPS:credential_granted","person":"P-014","credential":"NYCPS","level":"full","issuer":"NYPSCB","number":"N-5501","effective_on":"2024-03-01","expires_on":"2026-02-28"}"#,
        ]
    );
    assert!(xls[4].contains("person_separated") && xls.len() == 6, "{xls:?}");
    let notices: Vec<String> = found("staff-register.toml", "staff-register-1904.xls").notices.into_iter().map(|n| n.text).collect();
    assert_eq!(
        notices,
        [
            "counts its days from 1904, as the workbooks of old Macs do; its dates are read so",
            "the sheet \"Payroll\" is hidden and was not read; a mapping that names it reads it",
        ]
    );
}

#[test]
fn rows_of_a_claim_are_its_lines_and_dollars_are_cents() {
    let events = events("claim-lines.toml", "claim-lines.csv");
    assert_eq!(
        events,
        [
            r#"2 {"type":"claim_paid","source_id":"billing:CL-1:claim_paid","claim":"CL-1","paid_cents":6000,"paid_on":"2025-04-01"}"#,
            r#"2 {"type":"claim_submitted","source_id":"billing:CL-1:claim_submitted","claim":"CL-1","payer":"NYSDOH","individual":"I-2001","program":"MH-1","service_date":"2025-03-04","submitted_at":"2025-03-10T21:00:00Z","rate_code":"1474","lines":[{"contact":"E-1001","hcpcs":"H0038","modifiers":[],"units":3,"charge_cents":6000}]}"#,
            r#"3 {"type":"claim_submitted","source_id":"billing:CL-2:claim_submitted","claim":"CL-2","payer":"NYSDOH","individual":"I-2002","program":"MH-1","service_date":"2025-03-05","submitted_at":"2025-03-10T21:00:00Z","rate_code":"1474","lines":[{"contact":"E-1002","hcpcs":"H0038","modifiers":["HQ"],"units":2,"charge_cents":104050},{"contact":"E-1005","hcpcs":"H0038","modifiers":["HQ","U5"],"units":1,"charge_cents":2000}]}"#,
        ]
    );
}

const SMALL: &str = "source = \"hr\"\nkey = [\"No\"]\n[[event]]\ntype = \"person_separated\"\n[event.fields]\nperson = \"No\"\nseparated_on = \"Left\"\nreason = \"Why\"\n";

pub(crate) fn problems_of(map: &str, name: &str, bytes: &[u8]) -> Vec<String> {
    let files = Files::new(&[(name, bytes)]);
    let found = discover_mapped(&[files.path(name)], None, &[Mapping::read("map.toml", map).unwrap()]);
    let mut all: Vec<String> = found.problems.kept().iter().map(|p| files.shorten(p)).collect();
    let (_, summary) = read_all(&found, REAL);
    all.extend(summary.problems.kept().iter().map(|p| files.shorten(p)));
    all.extend(found.notices.iter().chain(&summary.notices).map(|n| files.shorten(n)));
    all
}

#[test]
fn a_problem_names_line_column_and_field() {
    let rows = "No,Left,Why\nP-1,2025-03-04,moved\nP-2,3/4/2025,x\n,2025-03-04,x\n1.23457E+11,2025-03-04,\nP-5,2025-02-30,x\nP-6,2025-03-04\n";
    assert_eq!(
        problems_of(SMALL, "left.csv", rows.as_bytes()),
        [
            "left.csv:3, column \"Left\" (person_separated.separated_on): found \"3/4/2025\", wanted a date written YYYY-MM-DD (say in the mapping how dates are written, as in dates = \"MM/DD/YYYY\")",
            "left.csv:4, column \"No\" (person_separated, its key): found nothing, wanted the value that names the row",
            "left.csv:4, column \"No\" (person_separated.person): found nothing, wanted the id of a person (this field is required)",
            "left.csv:5, column \"No\" (person_separated.person): found \"1.23457E+11\", a number that a spreadsheet abbreviated, wanted an id with all its digits (the digits are lost: export it again, with the column as text)",
            "left.csv:6, column \"Left\" (person_separated.separated_on): found \"2025-02-30\", wanted a date, YYYY-MM-DD (a day that exists, year first: 2025-03-04)",
            "left.csv:7: found 2 cells, wanted 3 cells, as in the header (an empty cell still has its separator)",
        ]
    );
}

#[test]
fn columns_that_are_missing_or_unused_are_told() {
    assert_eq!(
        problems_of(SMALL, "left.csv", b"No,Left on,Notes\nP-1,2025-03-04,x\n"),
        [
            "left.csv, column \"Left\": found no column with this name, wanted the column that the mapping reads (is it the right mapping for this file?)",
            "left.csv, column \"Why\": found no column with this name, wanted the column that the mapping reads (is it the right mapping for this file?)",
        ]
    );
    let unused = problems_of(SMALL, "left.csv", b"no,LEFT,Why,Home phone\nP-1,2025-03-04,caf\xE9,x\n");
    assert_eq!(
        unused,
        [
            "left.csv: columns that the mapping does not use: \"Home phone\"; ignore = [...] says that this is meant",
            "left.csv: not UTF-8: read as Windows-1252; check letters with accents",
        ]
    );
}

#[test]
fn a_row_is_taken_whole_or_not_at_all() {
    let map = "source = \"ehr\"\nkey = [\"N\"]\n[[event]]\ntype = \"note_written\"\n[event.fields]\nnote = \"N\"\ncontact = \"C\"\nauthor = \"A\"\nwritten_at = \"W\"\n[[event]]\ntype = \"note_signed\"\nwhen = \"S\"\n[event.fields]\nnote = \"N\"\nsigner = \"A\"\ncapacity = { value = \"peer\" }\nsigned_at = \"S\"\n";
    let rows = "N,C,A,W,S\nN-1,C-1,P-1,2025-03-04T09:00:00-05:00,soon\nN-2,C-2,P-1,2025-03-04T09:00:00-05:00,\n";
    let files = Files::new(&[("notes.csv", rows.as_bytes())]);
    let found = discover_mapped(&[files.path("notes.csv")], None, &[Mapping::read("map.toml", map).unwrap()]);
    let (drafts, summary) = read_all(&found, REAL);
    assert_eq!(drafts.iter().map(|d| d.line).collect::<Vec<_>>(), [3]);
    assert_eq!((summary.read(), summary.refused()), (2, 1));
}

/// The mapping that has the columns reads the file, whatever it is called; several that do are a problem.
#[test]
fn the_mapping_is_found_by_the_columns() {
    let other = SMALL.replace("Left", "Separated").replace("source = \"hr\"", "source = \"pay\"");
    let maps = [Mapping::read("a.toml", SMALL).unwrap(), Mapping::read("b.toml", &other).unwrap()];
    let files = Files::new(&[("x.csv", b"No;Separated;Why\nP-1;2025-03-04;x\n"), ("person_separated.csv", b"person,separated_on\nP-2,2025-03-05\n"), ("y.csv", b"a,b\n1,2\n")]);
    let found = discover_mapped(&[files.dir().to_owned()], None, &maps);
    let (drafts, _) = read_all(&found, REAL);
    let mut lines: Vec<String> = drafts.iter().map(|d| write_jsonl(&d.draft)).collect();
    lines.sort();
    assert!(lines[0].contains("\"person\":\"P-2\"") && lines[1].contains("\"source_id\":\"pay:P-1:person_separated\""), "{lines:?}");
    assert!(found.problems.kept()[0].to_string().contains("y.csv"), "a table that nothing reads is a problem: {:?}", found.problems);
    let twice = [Mapping::read("a.toml", SMALL).unwrap(), Mapping::read("b.toml", SMALL).unwrap()];
    let files = Files::new(&[("x.csv", b"No,Left,Why\nP-1,2025-03-04,x\n")]);
    let found = discover_mapped(&[files.path("x.csv")], None, &twice);
    assert!(found.problems.kept()[0].found.contains("several mappings read alike: a.toml, b.toml"));
}

fn refused(text: &str) -> Vec<String> {
    let problems: Problems = Mapping::read("m.toml", text).unwrap_err();
    problems.kept().iter().map(ToString::to_string).collect()
}

#[test]
fn a_wrong_mapping_is_refused_with_its_lines() {
    assert_eq!(refused("source = \"hr\"\nkey = [\"No\"\n")[0].split(" (").next().unwrap(), "m.toml:2: found text that is not TOML");
    let text = "source = \"Human Resources\"\nkey = [\"No\"]\ndates = \"mm/dd/yyyy\"\nsheets = \"A\"\n[[event]]\ntype = \"contacts_recorded\"\n[[event]]\ntype = \"person_separated\"\n[event.fields]\nperson = { join = [\"First Name\", \"Last Name\"] }\nseparated = \"Left\"\nreason = { value = 7 }\n";
    assert_eq!(
        refused(text),
        [
            "m.toml:1, source: found \"Human Resources\", wanted 1 to 8 characters of a-z 0-9 - for the system the file is from, as in source = \"ehr\"",
            "m.toml:3, dates: found \"mm/dd/yyyy\", wanted YYYY or YY, MM or Mon, and DD in their order, as in MM/DD/YYYY (M is a month and not minutes: a time after the date needs no pattern)",
            "m.toml:4: found \"sheets\", wanted one of name, source, sheet, header_row, key, ignore, dates, zone, when, event (did you mean sheet?)",
            "m.toml:6, event.type: found \"contacts_recorded\", wanted an event type that can be imported (did you mean contact_recorded?)",
            "m.toml:11, person_separated: found \"separated\", wanted a field of person_separated (did you mean separated_on?)",
            "m.toml:10, person_separated.person: found the column \"First Name\", a name, wanted a column of ids (two people share a name, one person changes it, and the ledger holds no names: have the system export its id)",
            "m.toml:12, person_separated.reason: found 7, wanted text (put it in quotes)",
        ]
    );
}

#[test]
fn a_mapping_without_a_required_field_loads_and_names_the_gap() {
    let mapping = Mapping::read("m.toml", &SMALL.replace("separated_on = \"Left\"\n", "")).unwrap();
    let gaps: Vec<String> = mapping.gaps().iter().map(ToString::to_string).collect();
    assert_eq!(gaps, ["m.toml:3, person_separated.separated_on: found nothing, wanted a column or value for separated_on, which every person_separated has (`countersign schema` says what the field means)"]);
}

/// Keys that are no ids, or too long, are hashed: the same row, the same id, and no two keys the same.
#[test]
fn ids_are_made_of_source_and_key_for_ever() {
    let map = SMALL.replace("key = [\"No\"]", "key = [\"No\", \"Why\"]");
    let rows = "No,Left,Why\nP-1,2025-03-04,a b\nP-1,2025-03-04,a:b\nP-1,2025-03-04,ab\n";
    let read = || {
        let files = Files::new(&[("left.csv", rows.as_bytes())]);
        let found = discover_mapped(&[files.path("left.csv")], None, &[Mapping::read("map.toml", &map).unwrap()]);
        let (drafts, _) = read_all(&found, REAL);
        drafts.into_iter().map(|d| d.draft.envelope.source_id.unwrap().to_string()).collect::<Vec<_>>()
    };
    let ids = read();
    assert_eq!(ids, read());
    assert_eq!(ids, ["hr:c0604946e9f5a899ec37:person_separated", "hr:15359cc7df5fdf90eeee:person_separated", "hr:P-1:ab:person_separated"]);
}
