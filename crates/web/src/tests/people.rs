//! Who may do what: every route with every role, strangers, forged forms, bounded views, and what is written down.
#![allow(clippy::unwrap_used)]

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use super::{Office, PASSWORD, event, get, post, send};
use crate::people::accounts::Accounts;
use crate::roles::Role;
use crate::routes::ROUTES;

/// An address of a route, its open parts filled with things that are there.
pub(super) fn address(pattern: &str, finding: &str) -> String {
    let (scan, session) = (event("scan_completed").0.to_string(), event("group_session_held").1);
    let people = [("people", "P-826"), ("individuals", "I-4057"), ("programs", "MH-1"), ("sessions", session["group_session"].as_str().unwrap())];
    let things = [("findings", finding), ("rules", "MHOTRS-CRED-01"), ("claims", "CL-41144"), ("contacts", "C-10273"), ("scans", &scan)].into_iter().chain(people);
    let filled = things.fold(pattern.to_owned(), |path, (folder, id)| path.replace(&format!("/{folder}/:id"), &format!("/{folder}/{id}")));
    filled.replace(":name", "none.css")
}

fn some_finding(office: &Office) -> String {
    let list: serde_json::Value = serde_json::from_str(&office.get(Role::Officer, "/findings.json?person=P-826&program=MH-1").body).unwrap();
    list["findings"][0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn every_route_takes_the_roles_of_its_line_and_nobody_else() {
    let office = Office::open();
    let finding = some_finding(&office);
    let mut refused = 0;
    for route in ROUTES {
        let path = address(route.path, &finding);
        for role in Role::ALL {
            // A form without the token of its session changes nothing, so that every route can be asked.
            let got = if route.method == Method::GET { office.get(role, &path) } else { post(&office.site, Some(office.key(role)), &path, &[]) };
            if route.may.is_empty() || route.may.contains(&role) {
                assert_ne!(got.status, StatusCode::FORBIDDEN, "{role:?} {path}");
                // No pack was made here and no file sent, and no provider is named at which to log in.
                let none = path.contains(":id") || path.starts_with("/sign-in") || path.ends_with("none.css");
                let there = route.method != Method::GET || matches!(got.status, StatusCode::OK | StatusCode::SEE_OTHER) || none;
                assert!(there, "{role:?} {path}: {}", got.status);
            } else {
                refused += 1;
                assert_eq!(got.status, StatusCode::FORBIDDEN, "{role:?} {path}");
                for word in ["hidden-", "I-", "P-826", "MH-1", "CL-", "$"] {
                    assert!(!got.body.contains(word), "{role:?} {path} tells {word}");
                }
            }
        }
        if !route.may.is_empty() {
            let stranger = send(&office.site, Request::builder().method(&route.method).uri(&path).body(Body::empty()).unwrap());
            assert!(matches!(stranger.status, StatusCode::SEE_OTHER | StatusCode::UNAUTHORIZED), "{path}: {}", stranger.status);
            assert!(!stranger.body.contains("P-826"), "{path}");
        }
    }
    assert!(refused > 20, "the table keeps somebody out");
}

#[test]
fn who_sees_a_part_sees_that_part_in_every_form() {
    let office = Office::open();
    for (role, inside) in [(Role::Peer, "P-826"), (Role::Reviewer, "MH-1")] {
        let all = office.get(Role::Officer, "/findings.csv").body;
        let part = office.get(role, "/findings.csv").body;
        let lines = part.lines().skip(1).count();
        assert!(lines > 0 && lines < all.lines().skip(1).count(), "{role:?}");
        assert!(part.lines().skip(1).all(|line| line.contains(inside)), "{role:?}");
        let json = office.get(role, "/findings.json").body;
        assert!(!json.contains("\"exposure_cents\""), "{role:?}: totals are of everything");
        let outside = all.lines().skip(1).find(|line| !line.contains(inside)).unwrap().split(',').next().unwrap().to_owned();
        assert_eq!(office.get(role, &format!("/findings/{outside}")).status, StatusCode::FORBIDDEN, "{role:?}");
        assert_eq!(office.get(role, "/findings/F-0000000000").status, StatusCode::FORBIDDEN, "{role:?}: not even that there is none");
        let inner = part.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
        assert_eq!(office.get(role, &format!("/findings/{inner}")).status, StatusCode::OK, "{role:?}");
        assert_eq!(office.get(role, "/home").header("location"), if role == Role::Peer { "/findings" } else { "/visit" }, "{role:?}");
    }
    assert_eq!(office.get(Role::Peer, "/people/P-103").status, StatusCode::FORBIDDEN, "a colleague");
    assert_eq!(office.get(Role::Peer, "/people.csv").body.lines().count(), 2, "nobody but themselves");
    assert_eq!(office.get(Role::Administrator, "/findings").status, StatusCode::FORBIDDEN);
}

#[test]
fn who_individuals_are_is_told_to_who_asks_and_the_asking_is_written_down() {
    let office = Office::open();
    let names = |role| office.get(role, "/findings.csv").body.contains(",I-");
    assert!(!names(Role::Officer));
    let back = office.post(Role::Officer, "/individuals", &[("show", "yes"), ("back", "/findings?class=violation")]);
    assert_eq!((back.status, back.header("location")), (StatusCode::SEE_OTHER, "/findings?class=violation"));
    assert!(names(Role::Officer) && !names(Role::Approver), "only for who asked");
    let log = office.get(Role::Administrator, "/activity.csv").body;
    assert!(log.contains("officer one,\"asked who individuals are, for 10 minutes\",/findings?class=violation"), "{log}");
    for form in [".csv", ".json", ".html", ".xlsx"] {
        let trail = office.get(Role::Approver, &format!("/individuals/I-4057{form}"));
        let headers = format!("{:?}", trail.headers);
        assert!(trail.status == StatusCode::OK && !trail.body.contains("I-4057") && !headers.contains("I-4057"), "{headers}");
    }
    assert_eq!(office.post(Role::Officer, "/individuals", &[("show", "no"), ("back", "//elsewhere.example/")]).header("location"), "/home");
    assert!(!names(Role::Officer));
}

#[test]
fn a_form_that_was_not_made_here_does_nothing() {
    let office = Office::open();
    let key = || Some(office.key(Role::Officer));
    assert_eq!(post(&office.site, key(), "/individuals", &[("show", "yes")]).status, StatusCode::UNPROCESSABLE_ENTITY, "no token");
    assert_eq!(post(&office.site, key(), "/individuals", &[("show", "yes"), ("form_token", "guessed")]).status, StatusCode::UNPROCESSABLE_ENTITY);
    let (name, value) = office.key(Role::Officer);
    let foreign = Request::post("/logout").header(name, value).header("host", "127.0.0.1:8480").header("origin", "https://elsewhere.example");
    assert_eq!(send(&office.site, foreign.body(Body::empty()).unwrap()).status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(office.get(Role::Officer, "/findings").status, StatusCode::OK, "still logged in");
    assert_eq!(office.post(Role::Officer, "/logout", &[]).header("location"), "/login");
    assert_eq!(office.get(Role::Officer, "/findings").header("location"), "/login?to=%2Ffindings");
}

#[test]
fn a_wrong_password_says_nothing_and_waits() {
    let office = Office::open();
    let login = |name: &str, password: &str| post(&office.site, None, "/login", &[("name", name), ("password", password)]);
    let (wrong, nobody) = (login("officer one", "not the password"), login("nobody at all", "not the password"));
    assert_eq!((wrong.status, nobody.status), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
    let bare = |page: &str| page.replace("officer one", "").replace("nobody at all", "");
    assert_eq!(bare(&wrong.body), bare(&nobody.body), "the same page for both");
    for _ in 0..4 {
        login("officer one", "not the password");
    }
    assert_eq!(login("OFFICER ONE", PASSWORD).status, StatusCode::TOO_MANY_REQUESTS);
    let cookie = login("approver one", PASSWORD);
    let set = cookie.header("set-cookie");
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict") && set.starts_with("countersign="), "{set}");
    assert_eq!(login("service one", "").status, StatusCode::UNAUTHORIZED, "a service has no password");
}

#[test]
fn a_closed_account_is_out_at_once_and_codes_are_asked_for() {
    let office = Office::open();
    let mut accounts = Accounts::read(&office.ledger).unwrap();
    accounts.close("biller one").unwrap();
    assert_eq!(office.get(Role::Biller, "/findings").status, StatusCode::SEE_OTHER);
    accounts.protect("approver one").unwrap();
    let got = post(&office.site, None, "/login", &[("name", "approver one"), ("password", PASSWORD), ("code", "000000")]);
    assert_eq!(got.status, StatusCode::UNAUTHORIZED);
    // Another password ends other sessions and opens the next.
    let changed = office.post(Role::Officer, "/account", &[("password", PASSWORD), ("next", "another long password")]);
    assert!(changed.body.contains("Your password was changed"), "{}", changed.body);
    assert_eq!(post(&office.site, None, "/login", &[("name", "officer one"), ("password", "another long password")]).status, StatusCode::SEE_OTHER);
    assert_eq!(get(&office.site, "/findings.json").status, StatusCode::UNAUTHORIZED, "a program is told, not led to a form");
}
