//! Sessions that end: the question in time, a form that came too late, and how often somebody may ask.
#![allow(clippy::unwrap_used)]

use axum::body::Body;
use axum::http::{Request, StatusCode};

use super::{Got, Office, PASSWORD, post, send};
use crate::roles::Role;

/// Follows what a page says a browser does by itself: after how many seconds, and where it goes.
fn refresh(got: &Got) -> (i64, String) {
    let (seconds, to) = got.header("refresh").split_once("; url=").unwrap_or_else(|| panic!("{:?}", got.headers));
    (seconds.parse().unwrap(), to.to_owned())
}

#[test]
fn a_page_asks_before_a_session_ends_and_asking_does_not_keep_it_alive() {
    let office = Office::open();
    let page = office.get(Role::Officer, "/findings?class=violation");
    assert!(page.body.contains("Your session ends") && page.body.contains("12:30 ET"), "{}", page.body);
    let (seconds, to) = refresh(&page);
    assert_eq!((seconds, to.as_str()), (25 * 60, "/still-there?to=%2Ffindings%3Fclass%3Dviolation"));
    office.later(25);
    let question = office.get(Role::Officer, &to);
    assert!(question.body.contains("Are you still there?") && question.body.contains("href=\"/findings?class=violation\""), "{}", question.body);
    assert!(!question.body.contains("F-") && !question.body.contains("P-826"), "what was read is hidden");
    assert_eq!(refresh(&question).0, 5 * 60 + 1);
    office.later(4);
    assert!(office.get(Role::Officer, &to).body.contains("Are you still there?"), "the question was asked again");
    // Whoever goes on has half an hour again.
    assert_eq!(refresh(&office.get(Role::Officer, "/findings")).0, 25 * 60);
    office.later(29);
    assert!(office.get(Role::Officer, &to).body.contains("Are you still there?"));
    office.later(1);
    let ended = office.get(Role::Officer, &to);
    assert!(ended.body.contains("Your session has ended.") && ended.body.contains("/login?to=%2Ffindings%3Fclass%3Dviolation"), "{}", ended.body);
    assert_eq!(ended.header("refresh"), "");
    assert_eq!(office.get(Role::Officer, "/findings").status, StatusCode::SEE_OTHER);
    assert!(!office.get(Role::Officer, "/still-there?to=//elsewhere.example/").body.contains("elsewhere"));
}

#[test]
fn a_session_of_twelve_hours_ends_and_says_so_and_programs_are_not_asked() {
    let office = Office::open();
    for _ in 0..35 {
        office.later(20);
        assert_eq!(office.get(Role::Officer, "/account").status, StatusCode::OK);
    }
    // Twenty minutes are left of the twelve hours: the question comes five minutes before they are over.
    assert_eq!(refresh(&office.get(Role::Officer, "/findings")).0, 15 * 60);
    office.later(16);
    assert_eq!(refresh(&office.get(Role::Officer, "/findings")).0, 4 * 60 + 1, "too late for a question");
    assert_eq!(office.get(Role::Service, "/findings").header("refresh"), "");
    assert_eq!(office.get(Role::Officer, "/findings.json").header("refresh"), "");
    assert_eq!(office.get(Role::Officer, "/decide?id=F-0").header("refresh"), "", "a page with a form is not left");
}

#[test]
fn a_form_that_comes_too_late_is_kept_until_its_writer_has_logged_in() {
    let office = Office::open();
    let list: serde_json::Value = serde_json::from_str(&office.get(Role::Officer, "/findings.json?limit=1").body).unwrap();
    let id = list["findings"][0]["id"].as_str().unwrap();
    office.later(31);
    let (why, key) = ("<i>seen</i> by \"counsel\"", || Some(office.key(Role::Officer)));
    let fields = [("id", id), ("word", "disputed"), ("why", why), ("form_token", "of a session that has ended")];
    let late = post(&office.site, key(), "/decide", &fields);
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
    assert!(late.body.contains("nothing you wrote is lost") && late.body.contains("&lt;i&gt;seen&lt;/i&gt;") && !late.body.contains("<i>"), "{}", late.body);
    let hidden = |page: &str, name: &str| {
        let value = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap();
        value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    };
    let (keep, to) = (hidden(&late.body, "keep"), hidden(&late.body, "to"));
    let login = |password: &str| post(&office.site, None, "/login", &[("name", "officer one"), ("password", password), ("to", &to), ("keep", &keep)]);
    let wrong = login("not the password");
    assert_eq!((wrong.status, hidden(&wrong.body, "keep")), (StatusCode::UNAUTHORIZED, keep.clone()), "kept through a wrong password");
    let again = login(PASSWORD);
    assert!(again.body.contains("This was not sent yet.") && again.body.contains("action=\"/decide\"") && hidden(&again.body, "why") == why, "{}", again.body);
    let cookie = again.header("set-cookie").split(';').next().unwrap().to_owned();
    let token = hidden(&again.body, "form_token");
    let sent = [("id", id), ("word", "disputed"), ("why", why), ("form_token", token.as_str())];
    assert_eq!(post(&office.site, Some(("cookie", cookie)), "/decide", &sent).status, StatusCode::SEE_OTHER);
    assert!(office.get(Role::Service, &format!("/findings/{id}.json")).body.contains("disputed"));
    // What another site sends is kept for nobody, and no password ever is.
    let foreign = Request::post("/decide").header("host", "127.0.0.1:8480").header("origin", "https://elsewhere.example");
    assert!(!send(&office.site, foreign.body(Body::from("why=planted")).unwrap()).body.contains("planted"));
    assert!(!post(&office.site, key(), "/account", &[("password", PASSWORD), ("next", "another long password")]).body.contains("another long"));
    // Whoever logs in and may not send it is led to their first page.
    let peer = post(&office.site, None, "/login", &[("name", "peer one"), ("password", PASSWORD), ("to", "/decide"), ("keep", &keep)]);
    assert_eq!(peer.header("location"), "/home");
}

#[test]
fn who_searches_without_end_waits_and_nobody_else_does() {
    let office = Office::open();
    let searched = |role, path: &str, at_most: usize| (0..at_most + 1).map(|_| office.get(role, path).status).filter(|s| *s == StatusCode::TOO_MANY_REQUESTS).count();
    assert_eq!(searched(Role::Officer, "/findings.json?q=none&limit=1", 120), 1);
    let wait = office.get(Role::Officer, "/findings.json?q=none");
    assert!(wait.header("retry-after").parse::<u32>().unwrap() >= 1 && wait.header("content-type") == "application/problem+json");
    assert_eq!(office.get(Role::Officer, "/findings.json?limit=1").status, StatusCode::OK, "reading the list is no search");
    assert_eq!(office.get(Role::Approver, "/findings.json?q=none").status, StatusCode::OK);
    for _ in 0..20 {
        office.post(Role::Officer, "/individuals", &[("show", "yes"), ("back", "/home")]);
    }
    assert_eq!(office.post(Role::Officer, "/individuals", &[("show", "yes"), ("back", "/home")]).status, StatusCode::TOO_MANY_REQUESTS);
    office.later(1);
    assert_eq!(office.get(Role::Officer, "/findings.json?q=none").status, StatusCode::OK);
}
