//! Pages as a guest of a simulated ledger sees them, in every form, and what a hostile word does.
#![allow(clippy::unwrap_used)]

use axum::body::Body;
use axum::http::{Request, StatusCode};

use super::{get, send, site};

/// The address of another form of a page.
fn formed(path: &str, form: &str) -> String {
    path.split_once('?').map_or_else(|| format!("{path}.{form}"), |(path, query)| format!("{path}.{form}?{query}"))
}

#[test]
fn what_was_known_of_somebody_on_a_day_leaves_out_what_was_entered_later() {
    let then = get(site(), "/people/P-826?as_of=2025-06-01").body;
    let now = get(site(), "/people/P-826").body;
    assert!(now.contains("25 violations") && now.contains(">ended<"), "{now}");
    assert!(then.contains("As known on 1 Jun 2025") && !then.contains("25 violations"), "{then}");
    assert!(get(site(), "/people/P-826?as_of=soon").body.contains("That is no day"));
}

#[test]
fn the_day_as_known_on_which_supervision_is_told_is_asked_for_on_its_page() {
    let (now, then) = (get(site(), "/people/P-826/supervision").body, get(site(), "/people/P-826/supervision?as_of=2025-06-01").body);
    for page in [&now, &then] {
        assert!(page.contains("action=\"/people/P-826/supervision\"") && page.contains("name=\"as_of\""), "{page}");
    }
    assert!(then.contains("value=\"2025-06-01\"") && then.contains("As known on 1 Jun 2025") && then.contains("href=\"/people/P-826/supervision\">Show what is known now"), "{then}");
    assert!(!now.contains("Show what is known now"));
    let page = get(site(), "/people/P-826/supervision?as_of=soon").body;
    assert!(page.contains("That is no day") && page.contains("As known on 20 Jun 2025"), "{page}");
}

#[test]
fn every_page_comes_in_every_form_and_lets_a_browser_do_nothing_but_show_it() {
    let site = site();
    for path in ["/home", "/findings", "/rules", "/rules/MHOTRS-CRED-01", "/scans", "/scans/diff", "/ledger", "/people", "/people/P-826", "/claims/CL-60664", "/contacts/C-04668", "/exposure?by=peer", "/due?days=200", "/programs", "/programs/MH-1"] {
        let page = get(site, path);
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.body.contains("SIMULATED") && page.body.contains("<h1>"), "{path}");
        assert!(page.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert!(!page.body.contains("<script") && !page.body.contains(" style=") && !page.body.contains(" onclick"), "{path}");
        let json: serde_json::Value = serde_json::from_str(&get(site, &formed(path, "json")).body).unwrap();
        assert_eq!(json["ledger"]["origin"], "ledger.riverbend.example", "{path}");
        assert!(json["schema"].as_str().unwrap().starts_with("countersign."), "{path}");
        let csv = get(site, &formed(path, "csv"));
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8", "{path}");
        assert!(csv.header("content-disposition").starts_with("attachment; filename=\""), "{path}");
        assert!(get(site, &formed(path, "xlsx")).body.starts_with("PK"), "{path}");
        assert!(get(site, &formed(path, "html")).body.contains("Evaluation day"), "{path}");
    }
}

#[test]
fn the_morning_page_says_what_changed_and_what_did_it() {
    let page = get(&site(), "/").body;
    assert!(page.contains("<h1>25 new violations since the last scan; $3,915.16 at risk on live claims.</h1>"), "{page}");
    assert!(page.contains("NYCPS of P-826 revoked from 10 Mar 2025"), "{page}");
}

#[test]
fn the_worklist_holds_what_the_filter_asks_for_and_says_what_it_could_not_read() {
    let site = site();
    let count = |path: &str| {
        let json: serde_json::Value = serde_json::from_str(&get(site, path).body).unwrap();
        json["findings"].as_array().unwrap().len()
    };
    assert_eq!(count("/findings.json"), 229);
    assert_eq!(count("/findings.json?class=violation"), 73);
    assert_eq!(count("/findings.json?rule=MHOTRS-CRED-01&person=P-826"), 25);
    assert_eq!(count("/findings.json?q=no-such-words"), 0);
    let page = get(site, "/findings?since=yesterday&page=99").body;
    assert!(page.contains("“yesterday” is no day") && page.contains("page 5 of 5"), "{page}");
    assert!(get(site, "/findings?class=violation").body.contains("<h1>73 violations.</h1>"));
}

#[test]
fn a_finding_tells_its_story_on_two_lines() {
    let site = site();
    let list: serde_json::Value = serde_json::from_str(&get(site, "/findings.json?rule=MHOTRS-CRED-01&known=no").body).unwrap();
    let id = list["findings"][0]["id"].as_str().unwrap();
    let page = get(site, &format!("/findings/{}", id.to_lowercase()));
    assert_eq!(page.status, StatusCode::OK);
    for said in ["What happened", "What was known", "billed, not yet knowable", "What would cure it", "Nobody has decided anything about it yet."] {
        assert!(page.body.contains(said), "{said}");
    }
}

#[test]
fn nobody_served_is_named_to_somebody_who_did_not_ask() {
    let site = site();
    for path in ["/findings", "/findings.json", "/findings.csv", "/findings.html", "/home", "/home.json", "/scans/diff", "/scans/diff.json"] {
        let said = get(site, path).body;
        assert!(!said.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).any(|word| word.starts_with("I-")), "{path}");
    }
    assert!(get(site, "/findings").body.contains("hidden-"));
    // A hidden name leads back to the same findings.
    let list: serde_json::Value = serde_json::from_str(&get(site, "/findings.json").body).unwrap();
    let hidden = list["findings"].as_array().unwrap().iter().find_map(|f| f["about"]["individual"].as_str()).unwrap().to_owned();
    let theirs: serde_json::Value = serde_json::from_str(&get(site, &format!("/findings.json?individual={hidden}")).body).unwrap();
    let theirs = theirs["findings"].as_array().unwrap();
    assert!(!theirs.is_empty() && theirs.iter().all(|f| f["about"]["individual"] == hidden.as_str()));
}

#[test]
fn what_is_not_there_says_so_and_hostile_words_stay_words() {
    let site = site();
    for path in ["/nothing", "/findings/F-0000000000", "/rules/NONE", "/scans/diff?from=tomorrow", "/assets/other.css"] {
        assert_eq!(get(site, path).status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(send(site, Request::post("/findings").body(Body::empty()).unwrap()).status, StatusCode::METHOD_NOT_ALLOWED);
    let head = send(site, Request::head("/findings").body(Body::empty()).unwrap());
    assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""));
    let hostile = "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    for path in ["/findings?q=", "/findings?rule=", "/scans/diff?from=", "/findings/", "/rules/"] {
        let page = get(site, &format!("{path}{hostile}")).body;
        assert!(!page.contains("<script"), "{path}");
    }
    let split = get(site, "/rules/a%0d%0aSet-Cookie:%20a=b.csv");
    assert!(split.headers.get("set-cookie").is_none());
}

#[test]
fn packs_are_checked_and_counts_are_read_without_naming_anybody() {
    let verifier = get(site(), "/verify");
    assert!(verifier.header("content-security-policy").contains("connect-src 'none'") && verifier.body.contains("script-src 'sha256-"));
    assert_eq!(get(site(), "/healthz").body, "ok\n");
    let metrics = get(site(), "/metrics").body;
    assert!(metrics.contains("\ncountersign_open_violations 73\n"), "{metrics}");
    assert!(metrics.lines().all(|line| !line.contains("P-") && !line.contains("I-") && !line.contains('{')), "{metrics}");
}
