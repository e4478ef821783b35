//! What an officer does beside deciding: packs made and handed out, files taken in after a look at them, views kept, settings read.
#![allow(clippy::unwrap_used)]

use axum::body::Body;
use axum::http::{Request, StatusCode};

use super::{Got, Office, get, send, site};
use crate::roles::Role;

/// The pack that a page leads to, once it is made.
fn made(office: &Office, fields: &[(&str, &str)]) -> (String, Got) {
    let begun = office.post(Role::Officer, "/packs", fields);
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    let address = begun.header("location").to_owned();
    for _ in 0..120 {
        let page = office.get(Role::Officer, &address);
        if !page.body.contains("Look again") {
            return (address, page);
        }
        std::thread::sleep(std::time::Duration::from_millis(250));
    }
    panic!("the pack is never made");
}

#[test]
fn a_pack_is_made_put_on_record_and_handed_out() {
    let office = Office::open();
    let size = audit::desk::size(&office.ledger).unwrap();
    let fields = [("scope", "claim"), ("ids", " CL-60664 "), ("recipient", "the invented auditor")];
    let (address, page) = made(&office, &fields);
    assert!(page.body.contains("Audit pack about claim CL-60664: ") && page.body.contains("the invented auditor"), "{}", page.body);
    assert_eq!(audit::desk::size(&office.ledger).unwrap(), size + 1, "on record");
    let (name, value) = office.key(Role::Officer);
    let file = office.bytes(Request::get(format!("{address}/file")).header(name, value).body(Body::empty()).unwrap());
    let digest = sha2::Digest::finalize(sha2::Digest::chain_update(<sha2::Sha256 as sha2::Digest>::new(), &file));
    let hex: String = digest.iter().map(|b| format!("{b:02x}")).collect();
    assert!(file.starts_with(b"PK") && page.body.contains(&format!("sha256:{hex}")), "the digest on record is that of the file");
    let listed = office.get(Role::Officer, "/packs.json").body;
    assert!(listed.contains("Claim CL-60664"), "{listed}");
    let log = office.get(Role::Administrator, "/activity.csv").body;
    assert!(log.contains("officer one,asked for a pack,\"claim CL-60664, for the invented auditor\"") && log.contains("officer one,downloaded a pack,claim CL-60664"), "{log}");
    assert_eq!(office.get(Role::Approver, &format!("{address}/file")).status, StatusCode::FORBIDDEN);
}

#[test]
fn a_pack_that_cannot_be_made_says_why_and_nothing_is_recorded() {
    let office = Office::open();
    let size = audit::desk::size(&office.ledger).unwrap();
    let (_, page) = made(&office, &[("scope", "claim"), ("ids", "CL-nowhere")]);
    assert!(page.body.contains("The pack could not be made.") && page.body.contains("Nothing was put on record."), "{}", page.body);
    for (fields, says) in [
        (vec![("ids", "CL-60664")], "Choose what it is about."),
        (vec![("scope", "claim"), ("ids", "CL-1 CL-2")], "Give one id."),
        (vec![("scope", "range"), ("ids", "all")], "0..4811"),
        (vec![("scope", "claim"), ("ids", "CL-60664"), ("from", "2025-01-01")], "the first and the last day"),
        (vec![("scope", "sample"), ("ids", "{}")], "names no claim"),
    ] {
        let refused = office.post(Role::Officer, "/packs", &fields);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{says}");
        assert!(refused.body.contains(says) && refused.body.contains("Nothing was made."), "{says}: {}", refused.body);
    }
    assert_eq!(office.get(Role::Officer, "/packs/..%2F..%2Faccounts").status, StatusCode::NOT_FOUND);
    assert_eq!(audit::desk::size(&office.ledger).unwrap(), size);
}

/// A body of files as a browser sends it.
fn files(office: &Office, fields: &[(&str, &str)], files: &[(&str, &str, &str)]) -> Got {
    let page = office.get(Role::Officer, "/import").body;
    let token = page.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mut body = String::new();
    for (name, value) in fields.iter().chain([&("form_token", token.as_str())]) {
        body.push_str(&format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    for (field, name, text) in files {
        body.push_str(&format!("--B\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n{text}\r\n"));
    }
    body.push_str("--B--\r\n");
    let (name, value) = office.key(Role::Officer);
    let request = Request::post("/import").header(name, value).header("host", "127.0.0.1:8480").header("origin", "http://127.0.0.1:8480");
    send(&office.site, request.header("content-type", "multipart/form-data; boundary=B").body(Body::from(body)).unwrap())
}

const GOOD: &str = "{\"type\":\"finding_acknowledged\",\"source_id\":\"web:1\",\"recorded_at\":\"2025-06-19T16:00:00Z\",\"finding\":\"F-1\"}";

/// An event that the ledger of Riverbend takes, at its end.
fn another(office: &Office, n: u32) -> String {
    let at = office.get(Role::Officer, "/ledger.json").body;
    let last: serde_json::Value = serde_json::from_str(&at).unwrap();
    let at = last["as_of"]["recorded_at"].as_str().unwrap();
    format!("{{\"type\":\"parameter_set\",\"source_id\":\"web:{n}\",\"recorded_at\":\"{at}\",\"name\":\"pros.pss_effective_on\",\"value\":\"2024-0{n}-01\",\"from\":\"2024-01-01\",\"approved_by\":\"compliance:1\"}}\n")
}

#[test]
fn files_are_looked_at_before_anything_is_appended() {
    let office = Office::open();
    let size = || audit::desk::size(&office.ledger).unwrap();
    let before = size();
    let sent = files(&office, &[], &[("file", "settings.jsonl", &another(&office, 3))]);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let address = sent.header("location").to_owned();
    let page = office.get(Role::Officer, &address).body;
    assert!(page.contains("1 event read: 1 would be appended, 0 already there, 0 refused.") && page.contains("Append 1 event") && page.contains(">settings.jsonl<"), "{page}");
    assert!(!page.contains("uploads"), "no path of this machine");
    assert_eq!(size(), before, "nothing yet");
    assert_eq!(office.post(Role::Officer, &address, &[("act", "append")]).header("location"), address);
    let done = office.get(Role::Officer, &address).body;
    assert!(done.contains("1 event read: 1 appended, 0 already there, 0 refused.") && !done.contains("Let it go"), "{done}");
    assert_eq!(size(), before + 1);
    assert_eq!(office.post(Role::Officer, &address, &[("act", "append")]).status, StatusCode::UNPROCESSABLE_ENTITY, "not twice");
    assert!(!office.get(Role::Officer, "/import").body.contains("Waiting for somebody"), "nothing waits");
    assert!(std::fs::read_dir(office.ledger.join("uploads")).unwrap().next().is_none(), "and nothing is left of it");
    let again = files(&office, &[], &[("file", "settings.jsonl", &another(&office, 3))]);
    let page = office.get(Role::Officer, again.header("location")).body;
    assert!(page.contains("Let it go") && !page.contains("Append 1 event"), "{page}");
    let log = office.get(Role::Administrator, "/activity.csv").body;
    for part in ["sent files to be imported,settings.jsonl (", "imports,settings.jsonl", "imported,1 event of settings.jsonl"] {
        assert!(log.contains(part), "{part} is not in {log}");
    }
}

#[test]
fn what_is_wrong_with_a_file_is_said_by_line_and_field() {
    let office = Office::open();
    let before = audit::desk::size(&office.ledger).unwrap();
    let text = format!("{GOOD}\n{}not json\n", another(&office, 4));
    let sent = files(&office, &[], &[("file", "mixed.jsonl", &text)]);
    let address = sent.header("location").to_owned();
    let problems: serde_json::Value = serde_json::from_str(&office.get(Role::Officer, &format!("{address}.json")).body).unwrap();
    let table = problems["parts"].as_array().unwrap().iter().find(|part| part["table"] == "problems").unwrap();
    let rows = table["rows"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["file"] == "mixed.jsonl"), "{rows:?}");
    assert!(rows.iter().any(|row| row["line"] == 3) && rows.iter().any(|row| row["line"] == 1 && !row["wanted"].is_null()), "{rows:?}");
    office.post(Role::Officer, &address, &[("act", "append")]);
    assert!(office.get(Role::Officer, &address).body.contains("Nothing was appended: there are problems."));
    assert_eq!(audit::desk::size(&office.ledger).unwrap(), before, "not with problems");
    office.post(Role::Officer, &address, &[("act", "partial")]);
    let part = office.get(Role::Officer, &address).body;
    assert!(part.contains(": 1 appended, "), "{part}");
    assert_eq!(audit::desk::size(&office.ledger).unwrap(), before + 1);
    let nothing = files(&office, &[], &[]);
    assert!(nothing.status == StatusCode::UNPROCESSABLE_ENTITY && nothing.body.contains("Choose a file."), "{}", nothing.body);
}

#[test]
fn foreign_columns_are_read_by_a_mapping_that_comes_along() {
    let office = Office::open();
    let mapping = "name = \"Set\"\nsource = \"sheet\"\nkey = [\"No\"]\ndates = \"YYYY-MM-DD\"\n[[event]]\ntype = \"parameter_set\"\n[event.fields]\nname = \"What\"\nvalue = \"How\"\nfrom = \"From\"\napproved_by = { value = \"compliance:1\" }\n";
    let sent = files(&office, &[], &[("file", "sheet.csv", "No,What,How,From\n1,pros.pss_effective_on,2024-05-01,2024-01-01\n"), ("mapping", "set.toml", mapping)]);
    let page = office.get(Role::Officer, sent.header("location")).body;
    // A simulated ledger needs recorded_at of every line, which this mapping does not give: the line is read by it, and that is said.
    assert!(page.contains("recorded_at") && page.contains("sheet.csv"), "{page}");
}

#[test]
fn only_whoever_may_import_sends_much() {
    let office = Office::open();
    let much = || Body::from(vec![b'x'; 300 * 1024]);
    let as_role = |role: Role, path: &str| {
        let (name, value) = office.key(role);
        send(&office.site, Request::post(path).header(name, value).body(much()).unwrap()).status
    };
    assert_eq!(as_role(Role::Officer, "/import"), StatusCode::UNPROCESSABLE_ENTITY, "long, and no form of ours");
    assert_eq!(as_role(Role::Officer, "/packs"), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(as_role(Role::Biller, "/import"), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(send(&office.site, Request::post("/import").body(much()).unwrap()).status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[test]
fn a_view_is_kept_by_one_account_and_is_an_address_for_all() {
    let office = Office::open();
    let keep = [("act", "keep"), ("name", "  My   <b>violations</b> "), ("query", "class=violation&page=3&individual=I-6705")];
    let kept = office.post(Role::Officer, "/views", &keep);
    assert_eq!(kept.header("location"), "/findings?class=violation&individual=I-6705");
    let page = office.get(Role::Officer, "/findings").body;
    assert!(page.contains("My &lt;b&gt;violations&lt;/b&gt;") && page.contains("/findings?class=violation&amp;individual=hidden-"), "{page}");
    assert!(!page.contains("I-6705"), "an individual stands under the name they are shown under");
    assert!(!office.get(Role::Supervisor, "/findings").body.contains("violations&lt;"), "nobody else's");
    office.post(Role::Officer, "/views", &[("act", "let_go"), ("name", "My <b>violations</b>")]);
    assert!(!office.get(Role::Officer, "/findings").body.contains("My &lt;b&gt;"));
    assert_eq!(office.post(Role::Officer, "/views", &[("act", "keep"), ("query", "class=violation")]).status, StatusCode::UNPROCESSABLE_ENTITY, "a name");
}

#[test]
fn settings_say_every_number_with_its_source_and_who_may() {
    let page = get(site(), "/settings").body;
    for part in ["pros.pss_effective_on", "In force", "POST /packs", "Makes an audit pack", "everybody, without an account", "No mapping file lies in the folder maps"] {
        assert!(page.contains(part), "{part}");
    }
    let core = get(site(), "/checklist.csv?program=core").body;
    let all = get(site(), "/checklist.csv").body;
    assert!(core.lines().count() > 1 && core.lines().count() < all.lines().count() && all.contains("not machine-checked"));
    assert!(get(site(), "/people/P-826/supervision").body.contains("in the supervision of P-826") || get(site(), "/people/P-826/supervision").body.contains("P-826 was supervised"));
}

#[test]
#[cfg(feature = "pdf")]
fn every_page_is_a_pdf_of_the_same_bytes_too() {
    for path in ["/home.pdf", "/findings.pdf?class=violation", "/people/P-826.pdf", "/rules/MHOTRS-CRED-01.pdf", "/settings.pdf", "/checklist.pdf", "/ledger.pdf", "/exposure.pdf"] {
        let (one, two) = (get(site(), path), get(site(), path));
        assert_eq!((one.status, one.header("content-type")), (StatusCode::OK, "application/pdf"), "{path}");
        assert!(one.body.starts_with("%PDF-1.7") && one.body == two.body, "{path}");
        assert!(one.header("content-disposition").ends_with(".pdf\""), "{path}");
    }
    assert!(get(site(), "/home").body.contains("href=\"/home.pdf\""));
}
