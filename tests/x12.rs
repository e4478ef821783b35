//! Claims and remittances as X12: a year out and in again gives the findings of its JSON Lines; others judge what is written; what is
//! wrong is refused with its place; contacts that come later are joined.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use simulator::{Agency, Config, Planting};

use crate::command::{Desk, stderr, stdout};

fn agency(seed: u64) -> Agency {
    Agency::invent(Config { individuals: 15, days: 300, pace: 45, plants: Planting::Everything, ..Config::year(seed) })
}

/// A simulated ledger that has the agency's year, billing as X12.
fn by_x12(agency: &Agency, name_contacts: bool) -> Desk {
    let desk = Desk::simulated();
    agency.write_x12(&desk.path().join("year"), name_contacts).unwrap();
    std::fs::rename(desk.path().join("year/x12.toml"), desk.ledger().join("x12.toml")).unwrap();
    desk.done(&["import", "year"]);
    desk
}

fn by_json_lines(agency: &Agency) -> Desk {
    let desk = Desk::simulated();
    agency.write_jsonl(&desk.path().join("year")).unwrap();
    desk.done(&["import", "year"]);
    desk
}

/// What a finding says, without where in the ledger its evidence stands.
fn findings(desk: &Desk) -> Vec<Value> {
    let report = desk.json(&["scan", "--json", "--dry-run"]);
    let kept = ["rule", "class", "status", "subject", "about", "true_from", "first_detectable", "known_at_claim", "exposure_cents", "message"];
    report["findings"].as_array().unwrap().iter().map(|f| kept.iter().map(|k| ((*k).to_owned(), f[*k].clone())).collect::<serde_json::Map<_, _>>().into()).collect()
}

fn differences(left: &[Value], right: &[Value]) -> String {
    let (left, right): (BTreeSet<String>, BTreeSet<String>) = (left.iter().map(Value::to_string).collect(), right.iter().map(Value::to_string).collect());
    let only = |mark: &str, here: &BTreeSet<String>, there: &BTreeSet<String>| here.difference(there).map(|f| format!("{mark} {f}\n")).collect::<String>();
    only("-", &left, &right) + &only("+", &right, &left)
}

#[test]
fn a_year_as_x12_gives_the_findings_of_its_json_lines() {
    let agency = agency(31);
    let (lines, named) = (by_json_lines(&agency), by_x12(&agency, true));
    assert_eq!(named.size(), lines.size(), "the same events came in");
    let (wanted, found) = (findings(&lines), findings(&named));
    assert!(wanted.len() > 100);
    assert!(wanted == found, "{}", differences(&wanted, &found));
    // The same files once more add nothing.
    let again = stdout(&named.done(&["import", "year"]));
    assert!(again.contains(" 0 appended") && again.contains(" 0 refused"), "{again}");
}

/// Without the contact on the line: the same findings, but for claims whose line names a contact that nothing in a claim points to. Those
/// are MHOTRS-BILL-13 findings on both sides.
#[test]
fn contacts_that_claims_do_not_name_are_found() {
    let agency = agency(32);
    let (lines, joined) = (by_json_lines(&agency), by_x12(&agency, false));
    let (wanted, found) = (findings(&lines), findings(&joined));
    let loose = |findings: &[Value], key: &str| -> BTreeSet<String> {
        findings.iter().filter(|f| f["rule"] == "MHOTRS-BILL-13").map(|f| f["subject"][key].as_str().unwrap().to_owned()).collect()
    };
    let claims = loose(&wanted, "claim");
    assert!(claims.len() >= 5);
    assert_eq!(claims, loose(&found, "claim"), "what was billed without its contact");
    let contacts: BTreeSet<String> = loose(&wanted, "contact").union(&loose(&found, "contact")).cloned().collect();
    let identity = |f: &Value| format!("{} {}", f["rule"], f["subject"]);
    let touches = |f: &&Value| {
        let of_claims = f["about"]["claims"].as_array().is_some_and(|list| list.iter().any(|c| claims.contains(c.as_str().unwrap())));
        of_claims || f["class"] == "advisory" || f["subject"]["contact"].as_str().is_some_and(|c| contacts.contains(c))
    };
    let touched: BTreeSet<String> = wanted.iter().chain(&found).filter(touches).map(identity).collect();
    let elsewhere = |findings: &[Value]| -> Vec<Value> { findings.iter().filter(|f| !touched.contains(&identity(f))).cloned().collect() };
    let (wanted, found) = (elsewhere(&wanted), elsewhere(&found));
    assert!(wanted.len() > 80);
    assert!(wanted == found, "{}", differences(&wanted, &found));
}

const CONTACT: &str = r#"{"type":"contact_recorded","source_id":"ehr:1","contact":"C-1","program":"MH-1","service":"mhotrs_adult_peer","peer":"P-1","individual":"ZZ00000Z","phase":"enrolled","format":"individual","mode":"in_person","site":"onsite","start":"2026-01-02T10:00:00-05:00","end":"2026-01-02T11:00:00-05:00","component":"A1","activities":["A1.02"],"basis":"planned","recipient":"individual"}"#;
const CLAIM: &str = include_str!("../crates/x12/tests/new-york.837i");
const SETTINGS: &str = "[[program]]\nprogram = \"MH-1\"\nnpi = \"1234567893\"\n";

/// The contact of the claim's second line, a group.
fn group() -> String {
    CONTACT.replace("\"C-1\"", "\"C-2\"").replace("ehr:1", "ehr:2").replace("\"format\":\"individual\"", "\"format\":\"group\"").replace("T10:00", "T14:00").replace("T11:00", "T14:30")
}

#[test]
fn without_settings_or_contacts_claims_are_refused_and_the_reason_said() {
    let desk = Desk::real();
    desk.write("claims.837", CLAIM);
    let refused = desk.run(&["import", "claims.837"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("claims.837: found claims, and no x12.toml, wanted a file x12.toml in the ledger's directory"), "{}", stderr(&refused));
    std::fs::write(desk.ledger().join("x12.toml"), SETTINGS.replace("1234567893", "1999999992")).unwrap();
    let refused = desk.run(&["import", "claims.837"]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(stderr(&refused).contains("claims.837:21, NM109: found NPI 1234567893, taxonomy 261QM0801X, rate code 1474, wanted a program"), "{}", stderr(&refused));
    std::fs::write(desk.ledger().join("x12.toml"), SETTINGS).unwrap();
    let refused = desk.run(&["import", "claims.837"]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(stderr(&refused).contains("not one is for an individual with contacts"), "{}", stderr(&refused));
    std::fs::write(desk.ledger().join("x12.toml"), "npi = 1").unwrap();
    let refused = desk.run(&["import", "claims.837"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("x12.toml") && stderr(&refused).contains("docs/x12.md"), "{}", stderr(&refused));
    assert_eq!(desk.size(), 1, "nothing was appended");
}

#[test]
fn what_does_not_add_up_is_named_with_segment_and_element() {
    let desk = Desk::real();
    std::fs::write(desk.ledger().join("x12.toml"), SETTINGS).unwrap();
    desk.write("contacts.jsonl", CONTACT);
    for (from, to, said) in [
        ("SE*31*", "SE*30*", "claims.837:33, SE01: found \"30\", wanted 31, the segments from ST to SE"),
        ("*UN*2~", "*UN*2.5~", "claims.837:31, SV: found 2.5 UN, wanted a whole number of units (UN)"),
        ("24:::1474", "24:::147", "claims.837:25, HI01-5: found \"147\", wanted a rate code of four digits"),
        ("IEA*1*000000001~", "", "claims.837:34, segment: found the end of the file, wanted IEA"),
        ("*20260102~\nSE", "*20260230~\nSE", "claims.837:32, DTP03: found \"20260230\", wanted a day that exists"),
        ("SV2*0900*HC:H0038*80", "SV1*HC:H0038*80", "claims.837:28, SV1: found a professional or dental service line in an institutional claim"),
    ] {
        assert!(CLAIM.contains(from), "{from}");
        desk.write("claims.837", &CLAIM.replace(from, to));
        let refused = desk.run(&["import", "contacts.jsonl", "claims.837"]);
        assert_eq!(refused.status.code(), Some(3), "{to}");
        assert!(stderr(&refused).contains(said), "wanted {said}\n{}", stderr(&refused));
    }
    assert_eq!(desk.size(), 1, "nothing was appended");
}

/// Only for the sender it is said of, only for the count, and never silently.
#[test]
fn a_sender_who_miscounts_is_taken_where_the_agency_says_so() {
    let desk = Desk::real();
    desk.write("contacts.jsonl", &format!("{CONTACT}\n{}", group()));
    desk.write("claims.837", &CLAIM.replace("SE*31*", "SE*35*"));
    let with = |settings: &str| {
        std::fs::write(desk.ledger().join("x12.toml"), format!("{SETTINGS}{settings}")).unwrap();
        desk.run(&["import", "contacts.jsonl", "claims.837"])
    };
    for settings in ["", "[[sender]]\nid = \"OTHER\"\nmiscounts = true\n"] {
        let refused = with(settings);
        assert_eq!(refused.status.code(), Some(3));
        assert!(stderr(&refused).contains("SE01: found \"35\", wanted 31") && stderr(&refused).contains("miscounts = true"), "{}", stderr(&refused));
    }
    let taken = with("[[sender]]\nid = \"SENDERETIN\"\nmiscounts = true\n");
    assert_eq!(taken.status.code(), Some(0), "{}", stderr(&taken));
    assert!(stdout(&taken).contains("1 transaction set of another number of segments than stated (SE01)"), "{}", stdout(&taken));
    let claim = stdout(&desk.done(&["events", "--type", "claim_submitted", "--format", "ndjson"]));
    assert!(claim.contains("states another number of segments (SE01)"), "{claim}");
    desk.write("other.837", &CLAIM.replace("SE*31*0001", "SE*35*0002"));
    let refused = desk.run(&["import", "other.837"]);
    assert!(stderr(&refused).contains("SE02"), "the control number is checked as ever: {}", stderr(&refused));
}

#[test]
fn a_contact_entered_after_its_claim_is_joined_when_the_claim_is_imported_again() {
    let desk = Desk::real();
    std::fs::write(desk.ledger().join("x12.toml"), SETTINGS).unwrap();
    desk.write("contacts.jsonl", CONTACT);
    desk.write("later.jsonl", &group());
    desk.write("claims.837", CLAIM);
    let first = stdout(&desk.done(&["import", "contacts.jsonl", "claims.837"]));
    assert!(first.contains("1 claim: 1 line joined to its contact, 1 line without a contact"), "{first}");
    assert!(first.contains("segment 31: H0038 on 2026-01-02 for ZZ00000Z, claim CLM0001: no contact in MH-1 that day"), "{first}");
    let found = |desk: &Desk| -> Vec<Value> {
        let report = desk.json(&["scan", "--json", "--dry-run", "--fail-on", "never"]);
        report["findings"].as_array().unwrap().iter().filter(|f| f["rule"] == "MHOTRS-BILL-13").map(|f| f["subject"].clone()).collect()
    };
    assert_eq!(found(&desk), [json!({"claim": "CLM0001", "contact": "unjoined:CLM0001:20260102:2"})]);
    desk.done(&["import", "later.jsonl"]);
    assert_eq!(found(&desk).len(), 1, "the claim is as it was told");
    let again = stdout(&desk.done(&["import", "claims.837"]));
    assert!(again.contains("1 line recorded without a contact is joined now"), "{again}");
    assert!(found(&desk).is_empty());
    let size = desk.size();
    desk.done(&["import", "claims.837"]);
    assert_eq!(desk.size(), size, "once more adds nothing");
}

/// The nightly 837 before it is sent: claims, and a replacement of one that was, are judged; what could not be joined is said.
#[test]
fn an_837_goes_through_the_gate_and_what_if() {
    let desk = Desk::real();
    std::fs::write(desk.ledger().join("x12.toml"), SETTINGS).unwrap();
    desk.write("contacts.jsonl", CONTACT);
    desk.done(&["import", "contacts.jsonl"]);
    desk.write("claims.837", CLAIM);
    let size = desk.size();
    let gate = |file: &str| -> (Option<i32>, Value) {
        let output = desk.run(&["gate", file, "--json"]);
        (output.status.code(), serde_json::from_str(&stdout(&output)).unwrap_or_else(|_| panic!("{}", stderr(&output))))
    };
    let (code, answer) = gate("claims.837");
    let rules = |answer: &Value| -> Vec<String> { answer["claims"][0]["held_for"].as_array().unwrap().iter().map(|f| f["rule"].as_str().unwrap().to_owned()).collect() };
    assert_eq!((code, answer["claims"][0]["claim"].as_str()), (Some(1), Some("CLM0001")), "{answer}");
    assert!(rules(&answer).contains(&"MHOTRS-BILL-13".to_owned()), "{answer}");
    assert!(answer["notices"].to_string().contains("1 line joined to its contact, 1 line without a contact"), "{answer}");
    let told = stdout(&desk.run(&["gate", "claims.837"]));
    assert!(told.contains("1 of 1 claim held ($120.00)") && told.contains("no contact in MH-1 that day"), "{told}");
    let supposed = desk.json(&["what-if", "claims.837", "--json"]);
    assert!(supposed["changes"].to_string().contains("MHOTRS-BILL-13"), "{supposed}");
    assert_eq!(desk.size(), size, "nothing was appended");

    desk.write("later.jsonl", &group());
    desk.done(&["import", "later.jsonl", "claims.837"]);
    let replacing = CLAIM.replace("000000001", "000000004").replace("*260105*1200*", "*260210*1200*").replace("20260105*1200", "20260210*1200");
    desk.write("again.837", &replacing.replace("CLM*CLM0001*120***73:A:1**A*Y*Y~", "CLM*CLM0001*120***73:A:7**A*Y*Y~\nREF*F8*CLM0001~").replace("SE*31", "SE*32"));
    let (_, answer) = gate("again.837");
    assert_eq!(answer["claims"].as_array().map(Vec::len), Some(1), "the claim that replaces, without what it takes away: {answer}");
    assert_eq!(answer["claims"][0]["claim"], "CLM0001:2", "{answer}");
    assert!(!rules(&answer).contains(&"MHOTRS-BILL-13".to_owned()), "{answer}");
}

/// Accepted, paid, taken back, replaced, voided and rejected: what each does to the money at risk.
#[test]
fn a_claims_life_is_told_by_its_remittances_and_answers() {
    let desk = Desk::real();
    std::fs::write(desk.ledger().join("x12.toml"), SETTINGS).unwrap();
    desk.write("contacts.jsonl", &format!("{CONTACT}\n{}", group()));
    desk.write("1.837", CLAIM);
    let remit = |day: &str, number: u32, body: &str| {
        let segments = body.matches('~').count() + 5;
        format!(
            "ISA*00*          *00*          *ZZ*EMEDNYBAT      *ZZ*SENDERETIN     *{}*0900*^*00501*{number:09}*0*T*:~GS*HP*EMEDNYBAT*SENDERETIN*{day}*0900*{number}*X*005010X221A1~ST*835*0001~BPR*I*1*C*ACH************{day}~TRN*1*EFT{number}*1141797357~LX*1~{body}SE*{segments}*0001~GE*1*{number}~IEA*1*{number:09}~",
            &day[2..]
        )
    };
    desk.write("2.835", &remit("20260119", 2, "CLP*CLM0001*1*120*110**MC*TCN1~SVC*HC:H0038*80*80**4~DTM*472*20260102~SVC*HC:H0038:HQ*40*30**2~DTM*472*20260102~"));
    desk.write("3.835", &remit("20260202", 3, "CLP*CLM0001*22*-120*-110**MC*TCN1~CLP*CLM0001*1*120*60**MC*TCN1~"));
    let replacing = CLAIM.replace("000000001", "000000004").replace("*260105*1200*", "*260210*1200*").replace("20260105*1200", "20260210*1200");
    desk.write("4.837", &replacing.replace("CLM*CLM0001*120***73:A:1**A*Y*Y~", "CLM*CLM0001*120***73:A:7**A*Y*Y~\nREF*F8*TCN1~").replace("SE*31", "SE*32"));
    desk.write("5.835", &remit("20260223", 5, "CLP*CLM0001*1*120*100**MC*TCN2~"));
    let voiding = replacing.replace("000000004", "000000006").replace("260210*", "260302*");
    desk.write("6.837", &voiding.replace("CLM*CLM0001*120***73:A:1**A*Y*Y~", "CLM*CLM0001*120***73:A:8**A*Y*Y~\nREF*F8*TCN2~").replace("SE*31", "SE*32"));
    desk.done(&["import", "contacts.jsonl", "1.837", "2.835", "3.835", "4.837", "5.835", "6.837"]);
    let of = |event: &str| -> Vec<Value> {
        let listed = stdout(&desk.done(&["events", "--type", event, "--format", "ndjson"]));
        listed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let pick = |events: Vec<Value>, fields: &[&str]| -> Vec<Vec<Value>> { events.iter().map(|e| fields.iter().map(|f| e[*f].clone()).collect()).collect() };
    assert_eq!(pick(of("claim_submitted"), &["claim", "submitted_at"]), [[json!("CLM0001"), json!("2026-01-05T17:00:00Z")], [json!("CLM0001:2"), json!("2026-02-10T17:00:00Z")]]);
    assert_eq!(
        pick(of("claim_paid"), &["claim", "paid_cents", "tcn"]),
        [[json!("CLM0001"), json!(11000), json!("TCN1")], [json!("CLM0001"), json!(6000), json!("TCN1")], [json!("CLM0001:2"), json!(10000), json!("TCN2")]]
    );
    // To what, a listing does not say: a correction may hold what is confidential.
    assert_eq!(pick(of("event_corrected"), &["target"]), [[json!("x12:835:260119:2.2.1:1")]]);
    assert_eq!(pick(of("claim_adjusted"), &["claim", "replaces", "adjusted_on"]), [[json!("CLM0001:2"), json!("CLM0001"), json!("2026-02-10")]]);
    assert_eq!(pick(of("claim_voided"), &["claim", "voided_on"]), [[json!("CLM0001:2"), json!("2026-03-02")]]);
    // A rejection of the first submission's group, by its control number: that claim never reached the payer.
    let size = desk.size();
    desk.write(
        "7.999",
        "ISA*00*          *00*          *ZZ*EMEDNYBAT      *ZZ*SENDERETIN     *260106*0900*^*00501*000000007*0*T*:~TA1*000000004*260210*1200*A*000~GS*FA*EMEDNYBAT*SENDERETIN*20260106*0900*7*X*005010X231A1~ST*999*0001*005010X231A1~AK1*HC*1*005010X223A2~AK2*837*0001*005010X223A2~IK5*R*5~AK9*R*1*1*0~SE*6*0001~GE*1*7~IEA*1*000000007~",
    );
    let said = stdout(&desk.done(&["import", "7.999"]));
    assert!(said.contains("1 answer accepts, 1 answer rejects"), "{said}");
    assert_eq!(pick(of("claim_denied"), &["claim", "reason"]), [[json!("CLM0001"), json!("rejected before adjudication: 999 R")]]);
    assert_eq!(desk.size(), size + 1);
}

/// An independent validator says of every file the simulator writes that it follows its guide. Runs where Python packages can be installed.
#[test]
fn another_validator_accepts_what_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let Some(validator) = pyx12(folder.path()) else { return };
    let year = folder.path().join("year");
    agency(33).write_x12(&year, true).unwrap();
    std::fs::write(year.join("new-york.edi"), CLAIM).unwrap();
    let mut files: Vec<_> = std::fs::read_dir(&year).unwrap().map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "edi")).collect();
    files.sort();
    // One start of the interpreter for all of them; a file of each guide at least.
    for guide in ["837I", "837P", "835", "new"] {
        assert!(files.iter().any(|p| p.file_name().unwrap().to_string_lossy().starts_with(guide)), "no {guide}");
    }
    let output = Command::new(&validator).args(&files).output().unwrap();
    let said = stdout(&output) + &stderr(&output);
    let accepted = said.lines().filter(|line| line.trim_end().ends_with("OK")).count();
    assert_eq!(accepted, files.len(), "{said}");
}

/// `x12valid` of the Python package pyx12 in an environment of its own, or nothing, said, where that cannot be had.
fn pyx12(folder: &Path) -> Option<std::path::PathBuf> {
    let environment = folder.join("python");
    let made = Command::new("python3").args(["-m", "venv"]).arg(&environment).output();
    if !made.is_ok_and(|o| o.status.success()) {
        println!("skipped: there is no python3 with venv here");
        return None;
    }
    let installed = Command::new(environment.join("bin/pip")).args(["install", "--quiet", "--disable-pip-version-check", "pyx12==4.0.0"]).output();
    if !installed.is_ok_and(|o| o.status.success()) {
        println!("skipped: the Python package pyx12 cannot be installed here");
        return None;
    }
    Some(environment.join("bin/x12valid"))
}
