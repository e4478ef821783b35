//! Deciding: events with the visitor's name, a waiver by two people, nothing by half.
#![allow(clippy::unwrap_used)]

use axum::http::StatusCode;
use serde_json::Value;

use super::Office;
use crate::roles::Role;

fn finding(office: &Office, id: &str) -> Value {
    let list: Value = serde_json::from_str(&office.get(Role::Officer, "/findings.json").body).unwrap();
    list["findings"].as_array().unwrap().iter().find(|f| f["id"] == id).unwrap().clone()
}

#[test]
fn a_decision_is_an_event_with_the_name_of_who_decided() {
    let office = Office::open();
    let list: Value = serde_json::from_str(&office.get(Role::Officer, "/findings.json?class=violation").body).unwrap();
    let ids: Vec<&str> = list["findings"].as_array().unwrap().iter().take(3).map(|f| f["id"].as_str().unwrap()).collect();
    let page = office.get(Role::Officer, &format!("/decide?id={}&id={}", ids[0], ids[1])).body;
    assert!(page.contains("Decide about 2 findings") && page.contains("Ask for a waiver"), "{page}");
    let fields = [("id", ids[0]), ("id", ids[1]), ("word", "assigned"), ("to", "Cy Dean"), ("due", "2025-07-31")];
    assert_eq!(office.post(Role::Officer, "/decide", &fields).header("location"), "/findings");
    for id in &ids[..2] {
        let f = finding(&office, id);
        assert_eq!((&f["disposition"], &f["decision"]["by"], &f["decision"]["actor"]), (&"assigned".into(), &"Cy Dean".into(), &"officer one".into()));
    }
    assert!(finding(&office, ids[2])["disposition"].is_null());
    assert!(office.get(Role::Officer, &format!("/findings/{}", ids[0])).body.contains("Cy Dean"));
    // A biller cannot assign, and what is incomplete is said and kept in the form.
    assert_eq!(office.post(Role::Biller, "/decide", &fields).status, StatusCode::UNPROCESSABLE_ENTITY);
    let again = office.post(Role::Officer, "/decide", &[("id", ids[2]), ("word", "disputed"), ("due", "2025-07-31")]);
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains("Say why. Nothing was recorded.") && again.body.contains("2025-07-31"));
    assert!(finding(&office, ids[2])["disposition"].is_null());
}

#[test]
fn a_waiver_takes_two_people() {
    let office = Office::open();
    let list: Value = serde_json::from_str(&office.get(Role::Officer, "/findings.json?class=violation").body).unwrap();
    let id = list["findings"][0]["id"].as_str().unwrap();
    let ask = [("id", id), ("word", "waived"), ("why", "<b>counsel</b> has seen it"), ("due", "2025-12-31")];
    assert_eq!(office.post(Role::Officer, "/decide", &ask).header("location"), "/waivers");
    assert!(finding(&office, id)["disposition"].is_null(), "asking decides nothing");
    let own = office.get(Role::Officer, "/waivers").body;
    assert!(own.contains("You asked for it") && own.contains("&lt;b&gt;counsel&lt;/b&gt;"), "{own}");
    let page = office.get(Role::Approver, "/waivers").body;
    let proposal = page.split("name=\"proposal\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let answer = [("proposal", proposal.as_str()), ("answer", "approve")];
    assert_eq!(office.post(Role::Officer, "/waivers", &answer).status, StatusCode::UNPROCESSABLE_ENTITY, "not one's own");
    assert_eq!(office.post(Role::Approver, "/waivers", &answer).status, StatusCode::SEE_OTHER);
    let f = finding(&office, id);
    assert_eq!((&f["disposition"], &f["decision"]["by"], &f["decision"]["actor"]), (&"waived".into(), &"officer one".into(), &"approver one".into()));
    assert_eq!(office.post(Role::Approver, "/waivers", &answer).status, StatusCode::UNPROCESSABLE_ENTITY, "not twice");
    assert!(office.get(Role::Approver, "/waivers").body.contains("No waiver waits"));
    assert!(audit::evidence::verify(&office.ledger, &[], 0, &|_, _| {}).unwrap().is_good());
}
