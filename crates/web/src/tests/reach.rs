//! The reviewer's visit and the peer's own: trails inside the bounds can be read, looks are written down, and nothing outside is told by any page in any form.
//! What is inside is read here from the agency's exports, not from what the interface believes.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use axum::http::{Method, StatusCode};
use serde_json::Value;

use super::Office;
use crate::people::bounds::Bounds;
use crate::roles::Role;
use crate::routes::ROUTES;

/// What the exports say of contacts and claims.
#[derive(Default)]
struct Exports {
    /// Program, peer, individual and day of a contact.
    contacts: BTreeMap<String, [String; 4]>,
    /// Program, service date and contacts of a claim.
    claims: BTreeMap<String, (String, String, Vec<String>)>,
}

fn riverbend() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/riverbend")
}

fn exports() -> Exports {
    let folder = riverbend();
    let mut made = Exports::default();
    let csv = std::fs::read_to_string(folder.join("contact_recorded.csv")).unwrap();
    let head: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let place = |name: &str| head.iter().position(|h| *h == name).unwrap();
    for line in csv.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let of = |name: &str| cells[place(name)].to_owned();
        made.contacts.insert(of("contact"), [of("program"), of("peer"), of("individual"), of("start")[..10].to_owned()]);
    }
    for line in std::fs::read_to_string(folder.join("billing.jsonl")).unwrap().lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        if event["type"] == "claim_submitted" {
            let text = |name: &str| event[name].as_str().unwrap().to_owned();
            let contacts = event["lines"].as_array().unwrap().iter().map(|l| l["contact"].as_str().unwrap().to_owned()).collect();
            made.claims.insert(text("claim"), (text("program"), text("service_date"), contacts));
        }
    }
    made
}

impl Exports {
    /// Contacts that fit, the claims for these alone, and who was served.
    fn inside(&self, contact: &dyn Fn(&str, &[String; 4]) -> bool, claim: &dyn Fn(&str) -> bool) -> BTreeSet<String> {
        let contacts: BTreeSet<String> = self.contacts.iter().filter(|(id, c)| contact(id, c)).map(|(id, _)| id.clone()).collect();
        let individuals = contacts.iter().map(|id| self.contacts[id][2].clone());
        let claims = self.claims.iter().filter(|(id, (_, _, lines))| claim(id) && lines.iter().all(|c| contacts.contains(c))).map(|(id, _)| id.clone());
        individuals.collect::<BTreeSet<_>>().into_iter().chain(claims.collect::<Vec<_>>()).chain(contacts.clone()).collect()
    }
}

/// Ids of contacts, claims and individuals in a text.
fn ids(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let is = |word: &&str| ["C-", "CL-", "I-"].iter().any(|p| word.strip_prefix(p).is_some_and(|rest| rest.len() >= 4 && rest.bytes().all(|b| b.is_ascii_digit())));
    words.filter(is).map(str::to_owned).collect()
}

const FORMS: [&str; 4] = ["", ".json", ".csv", ".html"];

/// Asks every page for things inside and outside, in every form, and gives every id told.
fn told(office: &Office, role: Role, inside: &BTreeSet<String>, outside: &[&str]) -> BTreeSet<String> {
    let list = office.get(role, "/findings.csv").body;
    let findings: Vec<String> = list.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect();
    assert!(!findings.is_empty(), "{role:?}");
    let mut told = BTreeSet::new();
    let mut read = |path: &str| {
        let got = office.get(role, path);
        assert!(!got.status.is_server_error(), "{role:?} {path}: {}", got.body);
        told.extend(ids(&got.body));
        for (name, value) in &got.headers {
            told.extend(ids(&format!("{name} {}", value.to_str().unwrap_or_default())));
        }
        got.status
    };
    for form in FORMS {
        for route in ROUTES.iter().filter(|r| r.method == Method::GET && !r.path.contains(':')) {
            read(&format!("{}{form}", route.path));
        }
        for id in findings.iter().step_by(findings.len() / 5 + 1) {
            assert_eq!(read(&format!("/findings/{id}{form}")), StatusCode::OK, "{role:?} {id}");
        }
        for id in outside {
            read(&format!("/findings{form}?q={id}"));
            read(&format!("/findings{form}?individual={id}"));
        }
    }
    for id in inside.iter().filter(|id| !id.starts_with("I-")).step_by(inside.len() / 12 + 1) {
        let folder = if id.starts_with("CL-") { "claims" } else { "contacts" };
        for form in FORMS {
            assert_eq!(read(&format!("/{folder}/{id}{form}")), StatusCode::OK, "{role:?} {id}");
        }
    }
    told
}

#[test]
fn a_reviewer_reads_the_trail_of_each_claim_of_a_sample_and_nothing_else() {
    let exports = exports();
    let fits = |c: &[String; 4]| c[0] == "MH-1" && ("2025-01-01"..="2025-03-31").contains(&c[3].as_str());
    let eligible: Vec<&String> = exports.claims.iter().filter(|(_, (_, _, lines))| lines.iter().all(|c| exports.contacts.get(c).is_some_and(fits))).map(|(id, _)| id).collect();
    // Every fortieth claim of the quarter, with those under two findings, so that there is something to read.
    let mut sample: BTreeSet<String> = eligible.iter().step_by(40).map(|id| (*id).clone()).collect();
    let officer = Office::open();
    let found: Value = serde_json::from_str(&officer.get(Role::Officer, "/findings.json?program=MH-1").body).unwrap();
    let touched = found["findings"].as_array().unwrap().iter().flat_map(|f| f["about"]["claims"].as_array().unwrap().iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>());
    sample.extend(touched.filter(|claim| eligible.contains(&claim)).take(4));
    let bounds = Bounds { programs: vec!["MH-1".to_owned()], from: Some("2025-01-01".to_owned()), to: Some("2025-03-31".to_owned()), claims: sample.iter().cloned().collect(), until: None };
    let office = Office::visited(&bounds);
    let on_sample: BTreeSet<&String> = sample.iter().flat_map(|claim| &exports.claims[claim].2).collect();
    let inside = exports.inside(&|id, c| fits(c) && on_sample.iter().any(|s| *s == id), &|claim| sample.contains(claim));
    // Who individuals are is shown, so that nothing is hidden by their names alone.
    office.post(Role::Reviewer, "/individuals", &[("show", "yes"), ("back", "/visit")]);
    let listed = office.get(Role::Reviewer, "/visit.csv").body;
    let claims: BTreeSet<String> = ids(&listed).into_iter().filter(|id| id.starts_with("CL-")).collect();
    assert_eq!(claims, sample, "the visit lists the sample");
    for claim in &sample {
        let trail = office.get(Role::Reviewer, &format!("/claims/{claim}"));
        assert_eq!(trail.status, StatusCode::OK, "{claim}");
        let contact = &exports.claims[claim].2[0];
        for word in [claim, contact] {
            assert!(trail.body.contains(word.as_str()), "{claim} is told without {word}");
        }
    }
    let outside_claim = exports.claims.keys().find(|id| !sample.contains(*id)).unwrap();
    let neighbour = eligible.iter().find(|id| !sample.contains(**id)).unwrap();
    let outside_contact = exports.contacts.keys().find(|id| !inside.contains(*id)).unwrap();
    let outside_individual = exports.contacts.values().map(|c| &c[2]).find(|id| !inside.contains(*id)).unwrap();
    for (folder, outside, none) in [("claims", outside_claim, "CL-00000"), ("claims", neighbour, "CL-00000"), ("contacts", outside_contact, "C-00000"), ("individuals", outside_individual, "I-0000")] {
        for form in FORMS {
            let (there, nowhere) = (office.get(Role::Reviewer, &format!("/{folder}/{outside}{form}")), office.get(Role::Reviewer, &format!("/{folder}/{none}{form}")));
            assert_eq!((there.status, &there.body), (StatusCode::FORBIDDEN, &nowhere.body), "{folder} {outside} is answered as what there is not");
            assert_eq!(there.headers, nowhere.headers, "{folder} {outside}");
        }
    }
    let told = told(&office, Role::Reviewer, &inside, &[outside_claim, outside_contact, outside_individual]);
    let leaked: Vec<&String> = told.iter().filter(|id| !inside.contains(*id) && **id != **outside_claim && **id != **outside_contact && **id != **outside_individual).collect();
    assert!(leaked.is_empty(), "{leaked:?}");
    let individual = inside.iter().find(|id| id.starts_with("I-")).unwrap();
    let record = office.get(Role::Reviewer, &format!("/individuals/{individual}.json"));
    assert_eq!(record.status, StatusCode::OK);
    assert!(ids(&record.body).iter().all(|id| inside.contains(id)), "{:?}", ids(&record.body));
    // Every look is written down, under who looked.
    let log = officer_log(&office);
    assert!(log.contains(&format!("reviewer one,looked at the trail of an individual,{}", hidden(&office, individual))), "{log}");
    assert!(sample.iter().all(|claim| log.contains(&format!("reviewer one,looked at the trail of a claim,{claim}"))), "{log}");
}

fn officer_log(office: &Office) -> String {
    office.get(Role::Officer, "/activity.csv").body
}

/// The name under which the officer sees an individual.
fn hidden(office: &Office, individual: &str) -> String {
    let page = office.get(Role::Officer, &format!("/individuals/{individual}.csv"));
    page.header("content-disposition").split("individual-").nth(1).unwrap().trim_end_matches(".csv\"").to_owned()
}

#[test]
fn a_peer_reads_their_own_contacts_and_claims_and_nobody_elses() {
    let (exports, office) = (exports(), Office::open());
    let inside = exports.inside(&|_, c| c[1] == "P-826", &|_| true);
    let others = exports.contacts.iter().find(|(_, c)| c[1] != "P-826").unwrap();
    let claim = exports.claims.iter().find(|(_, (_, _, lines))| lines.iter().any(|c| c == others.0)).unwrap().0;
    let listed: BTreeSet<String> = ids(&office.get(Role::Peer, "/visit.csv").body).into_iter().filter(|id| id.starts_with("CL-")).collect();
    assert!(!listed.is_empty() && listed.iter().all(|id| inside.contains(id)));
    for path in [format!("/contacts/{}", others.0), format!("/claims/{claim}"), format!("/individuals/{}", others.1[2]), "/people/P-103".to_owned()] {
        assert_eq!(office.get(Role::Peer, &path).status, StatusCode::FORBIDDEN, "{path}");
    }
    let told = told(&office, Role::Peer, &inside, &[claim]);
    let leaked: Vec<&String> = told.iter().filter(|id| !inside.contains(*id) && *id != claim).collect();
    assert!(leaked.is_empty(), "{leaked:?}");
    assert!(told.iter().all(|id| !id.starts_with("I-")), "individuals stand under other names");
}

#[test]
fn a_reviewer_sees_of_a_member_of_the_staff_what_lies_inside_the_visit_and_nothing_else() {
    let exports = exports();
    let (from, to) = ("2025-01-01", "2025-03-31");
    let bounds = Bounds { programs: vec!["MH-1".to_owned()], from: Some(from.to_owned()), to: Some(to.to_owned()), claims: Vec::new(), until: None };
    let office = Office::visited(&bounds);
    office.post(Role::Reviewer, "/individuals", &[("show", "yes"), ("back", "/visit")]);
    let fits = |c: &[String; 4]| c[0] == "MH-1" && (from..=to).contains(&c[3].as_str());
    let inside = exports.inside(&|_, c| fits(c), &|_| true);
    let [recorded, retracted] = ["contact_recorded.csv", "event_retracted.csv"].map(|name| std::fs::read_to_string(riverbend().join(name)).unwrap());
    let peers: BTreeSet<&String> = exports.contacts.values().filter(|c| fits(c)).map(|c| &c[1]).collect();
    let list: Value = serde_json::from_str(&office.get(Role::Reviewer, "/people.json").body).unwrap();
    let listed: BTreeSet<String> = list["parts"][0]["rows"].as_array().unwrap().iter().map(|row| row["person"].as_str().unwrap().to_owned()).collect();
    assert_eq!(listed.iter().collect::<BTreeSet<_>>(), peers, "whoever delivered a contact inside, and nobody else");
    for peer in &peers {
        let json: Value = serde_json::from_str(&office.get(Role::Reviewer, &format!("/people/{peer}.json")).body).unwrap();
        let rows = |name: &str| json["parts"].as_array().unwrap().iter().find(|part| part["table"] == name).unwrap()["rows"].as_array().unwrap().clone();
        let told: BTreeSet<String> = rows("contacts").iter().map(|row| row["contact"].as_str().unwrap().to_owned()).collect();
        let theirs: BTreeSet<String> = exports.contacts.iter().filter(|(_, c)| fits(c) && c[1] == **peer).map(|(id, _)| id.clone()).collect();
        // What was entered twice was taken back.
        let source = |id: &str| recorded.lines().find(|line| line.contains(&format!(",{id},"))).and_then(|line| line.split(',').nth(1)).unwrap();
        let taken_back = |id: &String| retracted.contains(&format!(",{},", source(id)));
        assert!(told.is_subset(&theirs) && theirs.difference(&told).all(taken_back), "{peer}: {:?} of {told:?}", theirs.difference(&told));
        for row in rows("spans").iter().chain(&rows("supervision")) {
            assert!(row["from"].as_str().unwrap() >= from && row["to"].as_str().unwrap() <= to, "{peer}: {row}");
        }
        assert!(rows("supervision").iter().all(|row| row["program"] == "MH-1"), "{peer}");
        let supervised: u64 = rows("supervision").iter().map(|row| row["contacts"].as_u64().unwrap()).sum();
        assert!(supervised as usize <= theirs.len(), "{peer}: contacts outside are not counted");
        let findings = office.get(Role::Reviewer, "/findings.csv").body;
        assert!(rows("findings").iter().all(|row| findings.contains(row["finding"].as_str().unwrap())), "{peer}: only findings that are seen");
    }
    // Of somebody who works elsewhere, too, no form tells an id, a program or a day of it.
    let busy = peers.iter().find(|peer| exports.contacts.values().any(|c| c[1] == ***peer && !fits(c))).unwrap();
    for form in FORMS {
        for query in ["", "?as_of=2025-02-15", "?as_of=soon"] {
            if !form.is_empty() && query.ends_with("soon") {
                continue;
            }
            let got = office.get(Role::Reviewer, &format!("/people/{busy}{form}{query}"));
            assert_eq!(got.status, StatusCode::OK, "{form}{query}: {}", got.body);
            let leaked: Vec<String> = ids(&got.body).into_iter().filter(|id| !inside.contains(id)).collect();
            assert!(leaked.is_empty(), "{form}{query}: {leaked:?}");
            assert!(!got.body.contains("PR-1") && !got.body.contains("CO-1") && !got.body.contains("/supervision\""), "{form}{query}");
        }
    }
    let elsewhere = exports.contacts.values().map(|c| &c[1]).find(|peer| !peers.contains(peer));
    for form in FORMS {
        let nowhere = office.get(Role::Reviewer, &format!("/people/P-000{form}"));
        for person in elsewhere.into_iter().map(String::as_str).chain(["P-103"]) {
            let there = office.get(Role::Reviewer, &format!("/people/{person}{form}"));
            assert_eq!((there.status, &there.body), (StatusCode::FORBIDDEN, &nowhere.body), "{person} is answered as who there is not");
            assert_eq!(there.headers, nowhere.headers, "{person}");
        }
    }
    assert_eq!(office.get(Role::Reviewer, &format!("/people/{busy}/supervision")).status, StatusCode::FORBIDDEN, "all of it is of no one part");
    let log = officer_log(&office);
    assert!(log.contains(&format!("reviewer one,looked at a member of the staff,{busy}")), "{log}");
}

#[test]
fn how_often_rules_find_something_is_told_of_what_is_seen() {
    let office = Office::open();
    let counted = |role| -> u64 {
        let value: Value = serde_json::from_str(&office.get(role, "/rules.json").body).unwrap();
        value["parts"][0]["rows"].as_array().unwrap().iter().filter_map(|row| row["findings"].as_u64()).sum()
    };
    let seen = |role| u64::try_from(office.get(role, "/findings.csv").body.lines().count()).unwrap() - 1;
    assert_eq!(counted(Role::Officer), 229);
    for role in [Role::Peer, Role::Reviewer] {
        assert_eq!(counted(role), seen(role), "{role:?}");
    }
    assert_eq!(counted(Role::Administrator), 0);
}
