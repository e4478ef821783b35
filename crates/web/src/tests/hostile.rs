//! Hostile words in every place that a request or a person can put them: they stay words, in pages, headers and spreadsheets.
#![allow(clippy::unwrap_used)]

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use super::people::address;
use super::{Got, Office, PASSWORD, post, send};
use crate::api::addresses;
use crate::params;
use crate::people::accounts::{Accounts, Newcomer};
use crate::query::segment;
use crate::roles::Role;
use crate::routes::ROUTES;

/// What each would do where it is not kept a word.
const HOSTILE: [&str; 6] = [
    "\"><script>alert(1)</script>",
    "\" onmouseover=\"alert(1)",
    "x\r\nset-cookie: countersign=planted\r\n\r\n<html>",
    "=HYPERLINK(\"http://elsewhere.example\",\"a\")",
    "../../../../etc/passwd",
    "%00\u{202e}\u{0}",
];

/// What no answer may do, whatever was asked.
fn harmless(got: &Got, asked: &str) {
    assert!(!got.status.is_server_error(), "{asked}: {} {}", got.status, got.body);
    let policy = got.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") || policy.starts_with("connect-src 'none'"), "{asked}: {policy}");
    assert!(!policy.contains("unsafe-eval") && !policy.contains("script-src"), "{asked}");
    assert_eq!(got.header("x-content-type-options"), "nosniff", "{asked}");
    assert!(!got.header("set-cookie").contains("planted"), "{asked}");
    assert!(got.headers.values().all(|v| !v.as_bytes().contains(&b'\n')), "{asked}");
    let location = got.header("location");
    assert!(location.is_empty() || location.starts_with('/') && !location.starts_with("//"), "{asked}: {location}");
    if got.header("content-type").starts_with("text/html") && !asked.starts_with("/verify") {
        for raw in ["<script", "<html>", "\" onmouseover=\"", " onclick"] {
            assert!(!got.body.contains(raw), "{asked}: {raw}");
        }
    }
    if got.header("content-type").starts_with("text/csv") {
        for cell in cells(&got.body) {
            assert!(!cell.starts_with(['=', '+', '@', '\t', '\r']), "{asked}: {cell}");
            assert!(!cell.starts_with('-') || cell.parse::<f64>().is_ok(), "{asked}: {cell}");
        }
    }
    assert!(!got.body.contains("root:x:0:0"), "{asked}");
}

/// The cells of a CSV file.
fn cells(text: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            // Lines end in CR and LF.
            '\r' if !quoted => {}
            ',' | '\n' if !quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(cell);
    cells
}

#[test]
fn hostile_words_in_addresses_stay_words() {
    let office = Office::open();
    let list: serde_json::Value = serde_json::from_str(&office.get(Role::Service, "/findings.json?limit=1").body).unwrap();
    let finding = list["findings"][0]["id"].as_str().unwrap();
    let mut asked = 0;
    for (place, hostile) in HOSTILE.map(segment).into_iter().enumerate() {
        for route in ROUTES.iter().filter(|r| r.method == Method::GET) {
            let forms: &[&str] = if !route.is_sheet() { &[""] } else if place == 0 { &["", ".json", ".csv", ".html"] } else { &["", ".csv"] };
            let role = Role::ALL.into_iter().find(|r| route.may.is_empty() || route.may.contains(r)).unwrap();
            for form in forms {
                let mut paths: Vec<String> = params::of(route).map(|p| format!("{}{form}?{}={hostile}", address(route.path, finding), p.name)).collect();
                paths.push(format!("{}{form}?to={hostile}&id={hostile}&{hostile}={hostile}", address(route.path, finding)));
                if route.path.contains("/:") {
                    let open = route.path.split("/:").next().unwrap();
                    paths.extend([format!("{open}/{hostile}{form}"), format!("{open}/{hostile}/x{form}")]);
                }
                // Two points far apart are judged anew, which takes a while and is tried once.
                for path in paths.iter().filter(|p| !p.starts_with("/scans/diff") || form.is_empty()) {
                    asked += 1;
                    harmless(&office.get(role, path), path);
                }
            }
        }
    }
    assert!(asked > 300, "{asked}");
    assert!(addresses().count() > 40);
}

#[test]
fn hostile_words_in_headers_and_forms_stay_words() {
    let office = Office::open();
    let (name, key) = office.key(Role::Officer);
    for header in ["cookie", "authorization", "origin", "host", "if-none-match", "sec-fetch-site", "x-forwarded-host", "x-forwarded-for", "x-original-url", "content-type"] {
        for hostile in ["\"><script>alert(1)</script>", "Bearer \u{7f}", "countersign=; countersign=\"x", "W/\"\",,,\"", "elsewhere.example"] {
            let Ok(request) = Request::get("/findings").header(name, &key).header(header, hostile).body(Body::empty()) else { continue };
            let got = send(&office.site, request);
            harmless(&got, header);
            assert!(!got.body.contains("elsewhere.example"), "{header}");
        }
    }
    for hostile in HOSTILE {
        for route in ROUTES.iter().filter(|r| r.method == Method::POST && r.path != "/logout") {
            let role = Role::ALL.into_iter().find(|r| *r != Role::Service && (route.may.is_empty() || route.may.contains(r))).unwrap();
            let fields = ["id", "word", "to", "why", "due", "proposal", "answer", "back", "show", "name", "password", "code", "keep", "next"].map(|name| (name, hostile));
            harmless(&office.post(role, route.path, &fields), route.path);
            harmless(&post(&office.site, None, route.path, &fields), route.path);
        }
        let back = office.post(Role::Officer, "/individuals", &[("show", "no"), ("back", hostile)]);
        assert!(back.header("location").starts_with('/') || back.status == StatusCode::TOO_MANY_REQUESTS, "{hostile}");
    }
}

#[test]
fn what_people_write_is_no_formula_in_a_spreadsheet_and_no_markup_on_a_page() {
    let office = Office::open();
    let evil = "=cmd|'/C calc'!A0 <script>alert(1)</script>";
    let who = Newcomer { name: evil.to_owned(), role: Role::Officer, person: None, bounds: None };
    Accounts::read(&office.ledger).unwrap().add(&who, Some(PASSWORD)).unwrap();
    let login = post(&office.site, None, "/login", &[("name", evil), ("password", PASSWORD)]);
    let cookie = login.header("set-cookie").split(';').next().unwrap().to_owned();
    let page = |path: &str| send(&office.site, Request::get(path).header("cookie", &cookie).body(Body::empty()).unwrap());
    let token = page("/account").body.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let list: serde_json::Value = serde_json::from_str(&office.get(Role::Service, "/findings.json?limit=4").body).unwrap();
    let ids: Vec<&str> = list["findings"].as_array().unwrap().iter().map(|f| f["id"].as_str().unwrap()).collect();
    for (id, fields) in ids.iter().zip([
        vec![("word", "assigned"), ("to", "@SUM(1+9)*cmd"), ("why", "+1+1<script>")],
        vec![("word", "disputed"), ("why", "-2+3\t=1")],
        vec![("word", "remediated"), ("why", "\"><script>alert(1)</script>")],
        vec![("word", "waived"), ("why", "=1+1<script>alert(1)</script>")],
    ]) {
        let fields: Vec<(&str, &str)> = fields.into_iter().chain([("id", *id), ("form_token", token.as_str())]).collect();
        let got = post(&office.site, Some(("cookie", cookie.clone())), "/decide", &fields);
        assert_eq!(got.status, StatusCode::SEE_OTHER, "{}", got.body);
    }
    for path in ["/findings", "/findings.csv", "/activity", "/activity.csv", "/activity.html", "/waivers", "/account", "/home", "/home.csv", "/home.html", "/decide?id=x", "/still-there", "/rules.csv"] {
        let got = page(path);
        assert_eq!(got.status, StatusCode::OK, "{path}");
        harmless(&got, path);
    }
    for id in ids {
        for form in ["", ".csv", ".html", ".json"] {
            harmless(&page(&format!("/findings/{id}{form}")), id);
        }
    }
    assert!(page("/activity.csv").body.contains("cmd|"), "it is told, as words");
}

#[test]
fn nobody_is_named_by_counts_and_the_health_of_the_service() {
    let office = Office::open();
    office.post(Role::Officer, "/individuals", &[("show", "yes"), ("back", "/individuals/I-6705")]);
    office.get(Role::Officer, "/individuals/I-6705");
    for path in ["/metrics", "/healthz", "/openapi.json", "/api", "/api.json", "/ledger", "/rules.csv"] {
        for role in [Role::Service, Role::Officer] {
            let said = office.get(role, path).body;
            for word in said.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')) {
                let names = ["I-", "P-", "C-", "CL-"].iter().any(|p| word.strip_prefix(p).is_some_and(|rest| rest.len() > 1 && rest.bytes().all(|b| b.is_ascii_digit())));
                assert!(!names && !word.starts_with("hidden-"), "{path}: {word}");
            }
        }
    }
}
