//! The gate through the binary: claims not yet submitted pass or are held, with the reasons, and nothing is appended.
//! What a rule finds is for the rules' own cases; here stands what a claim is held for.

use serde_json::{Value, json};

use crate::changes::{AGENCY, claim, contact, enter, file, lines, note, size};
use crate::command::{Desk, stderr, stdout};

#[test]
fn the_gate_holds_what_would_be_a_violation_and_says_what_it_cannot_judge() {
    let desk = Desk::simulated();
    let contacts = [
        contact("C-01", "2025-03-03", "2025-03-03T16:00:00Z"),
        contact("C-02", "2025-03-04", "2025-03-04T16:00:00Z"),
        contact("C-03", "2025-05-06", "2025-05-06T16:00:00Z"),
        note("N-01", "C-01", "2025-03-03T11:00:00-05:00", "2025-05-06T17:00:00Z"),
        note("N-03", "C-03", "2025-05-06T11:00:00-04:00", "2025-05-06T17:00:00Z"),
    ];
    enter(&desk, &format!("{AGENCY}{}", lines(&contacts)));
    let before = size(&desk);
    let clean = claim("CL-01", "C-01", "2025-03-03", "2025-05-07T16:00:00Z");
    let verdicts = |name: &str, events: &[Value], strict: bool| {
        let path = file(&desk, name, &lines(events));
        let mut args = vec!["gate", path.as_str(), "--json"];
        args.extend(strict.then_some("--strict"));
        let code = desk.run(&args).status.code().unwrap();
        (code, desk.json(&args))
    };
    let (code, passed) = verdicts("clean.jsonl", std::slice::from_ref(&clean), true);
    assert_eq!((code, &passed["claims"][0]["verdict"]), (0, &json!("pass")), "{passed}");

    // No note yet: a documentation gap now, a violation once billed. No credential since May. A contact nobody recorded.
    let all = [
        clean.clone(),
        claim("CL-02", "C-02", "2025-03-04", "2025-05-07T16:00:01Z"),
        claim("CL-03", "C-03", "2025-05-06", "2025-05-07T16:00:02Z"),
        claim("CL-04", "C-99", "2025-05-06", "2025-05-07T16:00:03Z"),
    ];
    let (code, answer) = verdicts("all.jsonl", &all, false);
    assert_eq!(code, 1);
    let held: Vec<(String, String, String)> = answer["claims"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (c["claim"].to_string(), c["verdict"].to_string(), c["held_for"][0]["rule"].to_string()))
        .collect();
    let row = |claim: &str, verdict: &str, rule: Value| (json!(claim).to_string(), json!(verdict).to_string(), rule.to_string());
    let expected = [
        row("CL-01", "pass", Value::Null),
        row("CL-02", "held", json!("MHOTRS-NOTE-05")),
        row("CL-03", "held", json!("MHOTRS-CRED-01")),
        row("CL-04", "held", json!("MHOTRS-BILL-13")),
    ];
    assert_eq!(held, expected, "{answer}");
    let told = stdout(&desk.run(&["gate", desk.path().join("all.jsonl").to_str().unwrap()]));
    assert!(told.contains("3 of 4 claims held ($138.00), 1 may go"), "{told}");

    // Without a rate code, BILL-10 cannot be judged: said, and held only when asked to.
    let mut unknown = clean.clone();
    unknown.as_object_mut().unwrap().remove("rate_code");
    let (code, warned) = verdicts("unknown.jsonl", std::slice::from_ref(&unknown), false);
    assert_eq!((code, &warned["claims"][0]["not_evaluated"][0]["rule"]), (0, &json!("MHOTRS-BILL-10")), "{warned}");
    assert_eq!(verdicts("unknown.jsonl", &[unknown], true).0, 1);

    // The same as CSV, under any name; anything but claims, or a bad line, is no input of a gate.
    let csv = "recorded_at,claim,individual,program,service_date,submitted_at,rate_code,contact,hcpcs,modifiers,units,charge_cents\n\
               2025-05-07T16:00:00Z,CL-02,I-01,MH-1,2025-03-04,2025-05-07T16:00:00Z,1474,C-02,H0038,,2,4600\n";
    let csv = file(&desk, "night.csv", csv);
    let output = desk.run(&["gate", &csv, "--format", "csv"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stdout(&output).contains("CL-02,2,held,4600,violation,MHOTRS-NOTE-05,contact=C-02,"), "{}", stdout(&output));
    let other = file(&desk, "other.jsonl", &lines(&[note("N-02", "C-02", "2025-05-06T11:00:00-04:00", "2025-05-07T17:00:00Z")]));
    assert_eq!(desk.run(&["gate", &other]).status.code(), Some(2));
    let bad = file(&desk, "bad.jsonl", "{\"type\":\"claim_submitted\",\"recorded_at\":\"2025-05-07T16:00:00Z\"}\n");
    assert_eq!(desk.run(&["gate", &bad]).status.code(), Some(3));
    assert_eq!(size(&desk), before, "the gate appended something");
}

#[test]
fn the_gate_holds_a_second_claim_for_a_contact_whatever_date_stands_on_it() {
    let desk = Desk::simulated();
    let there = [
        contact("C-01", "2025-03-03", "2025-03-03T16:00:00Z"),
        note("N-01", "C-01", "2025-03-03T11:00:00-05:00", "2025-03-03T17:00:00Z"),
        claim("CL-01", "C-01", "2025-03-03", "2025-03-10T16:00:00Z"),
    ];
    enter(&desk, &format!("{AGENCY}{}", lines(&there)));
    for (name, at) in [("later.jsonl", "2025-03-11T16:00:00Z"), ("earlier.jsonl", "2025-03-07T16:00:00Z")] {
        let mut second = claim("CL-02", "C-01", "2025-03-03", at);
        second["recorded_at"] = json!("2025-03-12T16:00:00Z");
        // One unit: together they are no more than the contact has.
        second["lines"][0]["units"] = json!(1);
        let path = file(&desk, name, &lines(&[second]));
        let answer = desk.json(&["gate", path.as_str(), "--json"]);
        let rules: Vec<&Value> = answer["claims"][0]["held_for"].as_array().unwrap().iter().map(|f| &f["rule"]).collect();
        assert_eq!((&answer["claims"][0]["verdict"], rules.contains(&&json!("MHOTRS-BILL-13"))), (&json!("held"), true), "{name} {answer}");
    }
}
