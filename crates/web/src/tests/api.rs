//! The interface as programs use it: what /openapi.json says is what the router does, lists in pieces, entity tags, tokens, refusals.
#![allow(clippy::unwrap_used)]

use axum::body::Body;
use axum::http::{HeaderName, Method, Request, StatusCode};
use serde_json::Value;

use super::people::address;
use super::{Got, Office, get, send, site};
use crate::api::{addresses, address as written};
use crate::roles::Role;
use crate::routes::{Gives, ROUTES, find};
use crate::visit::Form;

fn json(got: &Got) -> Value {
    serde_json::from_str(&got.body).unwrap_or_else(|e| panic!("{e}: {}", got.body))
}

/// A finding of Riverbend.
fn finding() -> String {
    json(&get(site(), "/findings.json?limit=1"))["findings"][0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn what_is_described_is_what_the_router_does_and_nothing_is_left_out() {
    let described = json(&get(site(), "/openapi.json"));
    assert!(described["openapi"].as_str().unwrap().starts_with("3.1"), "{}", described["openapi"]);
    let paths = described["paths"].as_object().unwrap();
    let finding = finding();
    for (path, item) in paths {
        let methods: Vec<&String> = item.as_object().unwrap().keys().collect();
        assert_eq!(methods, ["get"], "{path}: programs read");
        let real = address(&path.replace('{', ":").replace('}', ""), &finding);
        let (route, ..) = find(&Method::GET, &real).unwrap_or_else(|| panic!("{path} is described and not there"));
        let got = get(site(), &real);
        match got.status {
            StatusCode::FORBIDDEN => assert!(!route.may.contains(&Role::Guest), "{path}"),
            status => assert_eq!(status, StatusCode::OK, "{path}: {}", got.body),
        }
        if got.status == StatusCode::OK {
            let kinds: Vec<&String> = item["get"]["responses"]["200"]["content"].as_object().unwrap().keys().collect();
            assert!(kinds.iter().any(|kind| got.header("content-type").starts_with(kind.as_str())), "{path} is {} and not {kinds:?}", got.header("content-type"));
        }
        let taken: Vec<&str> = item["get"]["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == "query").map(|p| p["name"].as_str().unwrap()).collect();
        let takes: Vec<&str> = if route.is_sheet() { crate::params::of(route).map(|p| p.name).collect() } else { Vec::new() };
        assert_eq!(taken, takes, "{path}");
    }
    for route in ROUTES.iter().filter(|r| r.method == Method::GET) {
        let is_there = addresses().any(|(r, form)| r.path == route.path && paths.contains_key(&written(r, form)));
        let is_for_people = route.gives == Gives::Form || route.path.starts_with("/assets/");
        assert_ne!(is_there, is_for_people, "{}", route.path);
        let formed = find(&Method::GET, &format!("{}.json", address(route.path, &finding))).is_some_and(|(_, form, ..)| form == Form::Json);
        assert_eq!(formed, route.is_sheet(), "{}", route.path);
    }
    assert!(get(site(), "/api").body.contains("/findings/{id}.json"));
}

#[test]
fn what_programs_are_given_has_the_shape_that_is_described() {
    let described = json(&get(site(), "/openapi.json"));
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("http://api.example/openapi.json", described).unwrap();
    let mut shape = |name: &str| compiler.compile(&format!("http://api.example/openapi.json#/components/schemas/{name}"), &mut schemas).unwrap();
    let (report, findings, problem) = (shape("Report"), shape("Findings"), shape("Problem"));
    let finding = finding();
    for (route, form) in addresses().filter(|(route, form)| *form == Form::Json && route.may.contains(&Role::Guest)) {
        let path = address(&format!("{}{}", route.path, form.end()), &finding);
        let given = json(&get(site(), &path));
        let shape = if route.path == "/findings" { findings } else { report };
        schemas.validate(&given, shape).unwrap_or_else(|e| panic!("{path}: {e}"));
        assert!(schemas.validate(&given, problem).is_err(), "{path}");
    }
    for path in ["/findings/F-0000000000.json", "/findings.json?class=none", "/people/NOBODY.json", "/activity.json", "/nothing.json"] {
        let got = get(site(), path);
        assert!(got.status.is_client_error() && got.header("content-type") == "application/problem+json", "{path}: {}", got.status);
        let told = json(&got);
        schemas.validate(&told, problem).unwrap_or_else(|e| panic!("{path}: {e}"));
        assert_eq!(told["status"], got.status.as_u16(), "{path}");
    }
}

#[test]
fn a_program_is_held_to_what_an_address_takes() {
    for path in ["/findings.json?clas=violation", "/findings.csv?class=grave", "/findings.json?limit=0", "/findings.json?limit=99999", "/findings.json?cursor=7", "/findings.json?since=soon", "/findings.json?q=a&q=b", "/findings.json?class=", "/people.json?page=", "/due.json?days=x", "/rules.json?q=a"] {
        assert_eq!(get(site(), path).status, StatusCode::BAD_REQUEST, "{path}");
        // A person is shown the page, with what could not be read left out.
        assert_eq!(get(site(), &path.replace(".json", "").replace(".csv", "")).status, StatusCode::OK, "{path}");
    }
}

#[test]
fn every_list_comes_in_pieces_and_the_pieces_are_the_list() {
    let office = Office::open();
    let service = |path: &str| office.get(Role::Service, path);
    let whole = json(&service("/findings.json"));
    let ids = |value: &Value| value["findings"].as_array().unwrap().iter().map(|f| f["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let (mut next, mut walked, mut back) = (Some("/findings.json?sort=money&limit=50".to_owned()), Vec::new(), None);
    while let Some(path) = next {
        let got = service(&path);
        let value = json(&got);
        walked.extend(ids(&value));
        next = value["page"]["next"].as_str().map(str::to_owned);
        back = value["page"]["previous"].as_str().map(str::to_owned);
        assert_eq!(value["page"]["total"], 229, "{path}");
        assert_eq!(next.is_some(), got.header("link").contains("rel=\"next\""), "{}", got.header("link"));
        assert!(next.as_ref().is_none_or(|n| n.contains("sort=money") && got.header("link").contains(&format!("<{n}>"))), "{next:?}");
    }
    let mut all = ids(&whole);
    assert_eq!(walked.len(), 229);
    assert_eq!(ids(&json(&service(&back.unwrap()))), walked[150..200], "the piece before the last");
    walked.sort();
    all.sort();
    assert_eq!(walked, all);
    let lists = ROUTES.iter().filter_map(|r| if let Gives::List(table) = r.gives { Some((r, table)) } else { None });
    for (route, table) in lists {
        let path = address(route.path, &finding());
        let role = if route.may.contains(&Role::Service) { Role::Service } else { Role::ALL.into_iter().find(|r| route.may.contains(r)).unwrap() };
        let (whole, first) = (json(&office.get(role, &format!("{path}.json"))), json(&office.get(role, &format!("{path}.json?limit=1"))));
        let total = whole["page"]["total"].as_u64().unwrap_or_else(|| panic!("{path} has no table {table}"));
        assert_eq!(first["page"]["next"].is_string(), total > 1, "{path}");
        let csv = office.get(role, &format!("{path}.csv"));
        assert!(csv.header("link").is_empty(), "{path}: a file is whole");
        let page = office.get(role, &format!("{path}?limit=1")).body;
        assert_eq!(page.contains("rel=\"next\""), total > 1, "{path}");
        assert!(!page.contains(".csv?limit") && !page.contains(".csv?page"), "{path}: the file is whole");
    }
}

/// Asks as somebody who has an answer already.
fn again(office: &Office, role: Role, path: &str, tag: &str) -> Got {
    let (name, value) = office.key(role);
    send(&office.site, Request::get(path).header(name, value).header("if-none-match", tag).body(Body::empty()).unwrap())
}

#[test]
fn a_program_that_has_an_answer_is_told_so_and_never_of_somebody_elses() {
    let office = Office::open();
    let mut asked = 0;
    for route in ROUTES.iter().filter(|r| r.of_the_ledger) {
        let path = address(&format!("{}.json", route.path), &finding());
        let mut tags: Vec<String> = Vec::new();
        for role in Role::ALL.into_iter().filter(|role| route.may.contains(role)) {
            let got = office.get(role, &path);
            if got.status != StatusCode::OK {
                continue;
            }
            let tag = got.header("etag").to_owned();
            if role.is_bounded() {
                assert_eq!(tag, "", "{role:?} {path}: whether it is still theirs is asked each time");
                continue;
            }
            assert!(tag.starts_with("W/\"") && got.header("vary").contains("Cookie"), "{path}");
            let second = again(&office, role, &path, &tag);
            assert_eq!((second.status, second.body.as_str(), second.header("etag")), (StatusCode::NOT_MODIFIED, "", tag.as_str()), "{role:?} {path}");
            for other in &tags {
                asked += 1;
                assert_ne!(&tag, other, "{role:?} {path}");
                assert_eq!(again(&office, role, &path, other).status, StatusCode::OK, "{role:?} {path}: the tag of somebody else");
            }
            tags.push(tag);
        }
    }
    assert!(asked > 50);
    let tag = |path: &str| office.get(Role::Officer, path).header("etag").to_owned();
    let before = tag("/findings.json");
    assert_ne!(before, tag("/findings.json?class=violation"));
    assert_ne!(before, tag("/findings.csv"));
    office.post(Role::Officer, "/individuals", &[("show", "yes"), ("back", "/home")]);
    assert_ne!(before, tag("/findings.json"), "individuals stand under other names");
    office.post(Role::Officer, "/individuals", &[("show", "no"), ("back", "/home")]);
    assert_eq!(before, tag("/findings.json"));
    office.post(Role::Officer, "/decide", &[("id", &finding()), ("word", "acknowledged")]);
    assert_eq!(again(&office, Role::Officer, "/findings.json", &before).status, StatusCode::OK, "something was appended");
    // What is not of the ledger alone, and each look that is written down, is made anew.
    for path in ["/ledger.json", "/individuals/I-6705.json", "/findings"] {
        assert_eq!(office.get(Role::Officer, path).header("etag"), "", "{path}");
    }
}

#[test]
fn a_token_opens_what_a_service_may_see_and_nothing_else() {
    let office = Office::open();
    for route in ROUTES.iter().filter(|r| r.method == Method::GET) {
        let finding = finding();
        let forms: &[Form] = if route.is_sheet() { &[Form::Html, Form::Json, Form::Csv, Form::Xlsx, Form::Print, Form::Pdf] } else { &[Form::Html] };
        for form in forms {
            let path = format!("{}{}", address(route.path, &finding), form.end());
            let got = office.get(Role::Service, &path);
            let may = route.may.is_empty() || route.may.contains(&Role::Service);
            // No such file, and no provider to log in at.
            let wanted = if path.starts_with("/assets/") || path.starts_with("/sign-in") { StatusCode::NOT_FOUND } else if may { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(got.status, wanted, "{path}");
            assert!(!got.body.contains("form_token"), "{path}: a program has no forms");
            for token in ["Bearer 0000", "Bearer ", "Basic c2VydmljZTp4"] {
                let wrong = send(&office.site, Request::get(&path).header(HeaderName::from_static("authorization"), token).body(Body::empty()).unwrap());
                if !route.may.is_empty() {
                    let said = (wrong.status, wrong.header("www-authenticate"));
                    assert_eq!(said, (StatusCode::UNAUTHORIZED, "Bearer"), "{path} {token}");
                    assert_eq!(wrong.header("content-type"), "application/problem+json", "{path} {token}");
                }
            }
        }
    }
    assert!(office.get(Role::Service, "/metrics").body.contains("\ncountersign_events "));
}
