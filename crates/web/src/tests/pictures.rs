//! Pages over time and around a thing: individuals, programs, group sessions, scans; what each draws, and what hides whom.
#![allow(clippy::unwrap_used)]

use axum::http::StatusCode;
use serde_json::Value;

use super::{Office, event, event_about, get, site};
use crate::roles::Role;

/// Rows of a table of a page, as its JSON has them.
fn rows(page: &str, table: &str) -> Vec<Value> {
    let (path, query) = page.split_once('?').map_or((page, String::new()), |(path, query)| (path, format!("?{query}")));
    let json: Value = serde_json::from_str(&get(site(), &format!("{path}.json{query}")).body).unwrap();
    let found = json["parts"].as_array().unwrap().iter().find(|t| t["table"] == table);
    found.unwrap_or_else(|| panic!("{page} has no table {table}: {json}"))["rows"].as_array().unwrap().clone()
}

#[test]
fn an_individual_over_time_is_drawn_and_told_hidden_and_the_look_is_written_down() {
    let office = Office::open();
    let named = office.get(Role::Officer, "/individuals/I-6705.csv");
    assert!(named.status == StatusCode::OK && !named.body.contains("I-6705"), "{}", named.body);
    let hidden = named.header("content-disposition").split(['"', '.']).find_map(|part| part.strip_prefix("individual-")).unwrap().to_owned();
    let page = office.get(Role::Officer, &format!("/individuals/{hidden}"));
    assert!(page.status == StatusCode::OK && !page.body.contains("I-6705"), "{}", page.body);
    for said in ["Enrolled, ", " plan, ", ">Contacts<", ">Notes<", ">Claims<", "What was known on", "The same as a table", "/events\">Every event on record"] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    let log = office.get(Role::Administrator, "/activity.csv").body;
    assert!(log.contains("looked at an individual over time,hidden-"), "{log}");
    let events = office.get(Role::Officer, &format!("/individuals/{hidden}/events"));
    assert!(events.status == StatusCode::OK && !events.body.contains("I-6705") && events.body.contains("registered"), "{}", events.body);
    assert_eq!(office.get(Role::Peer, "/individuals/I-6705").status, StatusCode::FORBIDDEN);
}

#[test]
fn a_signature_stands_on_the_day_it_was_given_beside_the_contact_it_is_for() {
    let field = |(_, fields): (u64, serde_json::Map<String, Value>), name: &str| fields[name].as_str().unwrap().to_owned();
    let signed = event("note_signed").1;
    let (note, day) = (signed["note"].as_str().unwrap(), signed["signed_at"].as_str().unwrap()[..10].to_owned());
    let contact = field(event_about("note_written", Some(note)), "contact");
    let individual = field(event_about("contact_recorded", Some(&contact)), "individual");
    let spans = rows(&format!("/individuals/{individual}"), "spans");
    let signatures: Vec<&Value> = spans.iter().filter(|row| row["lane"] == "Signatures" && row["id"] == contact.as_str()).collect();
    assert!(signatures.iter().any(|row| row["says"].as_str().unwrap().contains(signed["signer"].as_str().unwrap())), "{spans:?}");
    // An instant late in the evening in Greenwich is the same day in New York, or the one before.
    assert!(signatures.iter().any(|row| row["from"].as_str().unwrap() <= day.as_str()), "{day}: {signatures:?}");
}

#[test]
fn what_was_known_of_an_individual_on_a_day_leaves_out_what_was_entered_later() {
    let (now, then) = (rows("/individuals/I-6705", "spans"), rows("/individuals/I-6705?as_of=2024-10-01", "spans"));
    let last = |rows: &[Value]| rows.iter().filter_map(|row| row["from"].as_str().map(str::to_owned)).max().unwrap();
    assert!(!then.is_empty() && then.len() < now.len(), "{} of {}", then.len(), now.len());
    assert!(last(&then).as_str() <= "2024-10-01" && last(&now).as_str() > "2024-10-01");
    assert!(get(site(), "/individuals/I-6705?as_of=2024-10-01").body.contains("As known on 1 Oct 2024"));
}

#[test]
fn a_lane_that_later_entries_changed_is_drawn_as_known_then_and_as_known_now() {
    let then = rows("/people/P-826?as_of=2025-06-01", "spans");
    let of = |lane: &str| then.iter().filter(|row| row["lane"] == lane).map(|row| row["says"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert!(of("NYCPS").iter().all(|says| !says.contains("ended")), "{then:?}");
    assert!(of("NYCPS, known now").iter().any(|says| says == "ended: a gap"), "{then:?}");
    let page = get(site(), "/people/P-826?as_of=2025-06-01").body;
    assert!(page.contains("drawn a second time, as known now") && page.contains("class=\"hatch\""));
    assert!(rows("/people/P-826", "spans").iter().all(|row| !row["lane"].as_str().unwrap().ends_with("known now")));
}

#[test]
fn a_program_adds_up() {
    let programs = rows("/programs", "programs");
    assert!(!programs.is_empty());
    for program in &programs {
        let path = format!("/programs/{}", program["program"].as_str().unwrap());
        let months: u64 = rows(&path, "months").iter().map(|row| row["contacts"].as_u64().unwrap()).sum();
        let staff: u64 = rows(&path, "staff").iter().map(|row| row["contacts"].as_u64().unwrap()).sum();
        assert_eq!((months, staff), (program["contacts"].as_u64().unwrap(), program["contacts"].as_u64().unwrap()), "{path}");
        let found = |class: &str| {
            let json: Value = serde_json::from_str(&get(site(), &format!("/findings.json?class={class}&program={}", program["program"].as_str().unwrap())).body).unwrap();
            json["findings"].as_array().unwrap().len() as u64
        };
        assert_eq!(program["violation"].as_u64().unwrap(), found("violation"), "{path}");
        assert!(get(site(), &path).body.contains("How fresh its records are"), "{path}");
    }
    assert_eq!(get(site(), "/programs/NONE").status, StatusCode::NOT_FOUND);
    assert!(get(site(), "/findings").body.contains("/people/") || get(site(), "/people").body.contains("Supervision of each peer"));
}

#[test]
fn a_group_session_sets_who_was_listed_beside_who_was_billed_and_hides_them() {
    let (_, fields) = event("group_session_held");
    let id = fields["group_session"].as_str().unwrap();
    let page = get(site(), &format!("/sessions/{id}"));
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let listed = fields["attendees"].as_array().unwrap();
    let attendees = rows(&format!("/sessions/{id}"), "attendees");
    assert_eq!(attendees.iter().filter(|row| row["listed"] == true).count(), listed.len(), "{attendees:?}");
    assert!(attendees.iter().all(|row| row["individual"].as_str().unwrap().starts_with("hidden-")), "{attendees:?}");
    for individual in listed {
        assert!(!page.body.contains(individual.as_str().unwrap()));
    }
    let contact = attendees[0]["contact"].as_str().unwrap();
    assert!(get(site(), &format!("/contacts/{contact}")).body.contains(&format!("/sessions/{id}")), "a contact names its session");
    assert!(page.body.contains(fields["facilitators"][0].as_str().unwrap()));
}

#[test]
fn a_scan_says_what_changed_against_the_one_before_and_why() {
    let scans = rows("/scans", "scans");
    let seq = |i: usize| scans[i]["scan"].as_str().map(str::to_owned).unwrap_or_else(|| scans[i]["scan"].to_string());
    let page = get(site(), &format!("/scans/{}", seq(0))).body;
    assert!(page.contains("NYCPS of P-826 revoked from 10 Mar 2025") && page.contains("Root over them") && page.contains(&format!("/scans/{}", seq(1))), "{page}");
    let changes = rows(&format!("/scans/{}", seq(0)), "changes");
    assert_eq!(changes.iter().filter(|row| row["what"] == "new").count(), 25);
    assert!(get(site(), &format!("/scans/{}", seq(1))).body.contains("It is the first scan recorded"));
    assert!(get(site(), "/scans").body.contains(&format!("href=\"/scans/{}\"", seq(0))));
    assert_eq!((get(site(), "/scans/0").status, get(site(), "/scans/soon").status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
}

#[test]
fn what_ends_within_a_year_stands_in_a_calendar_with_its_table() {
    let page = get(site(), "/due").body;
    assert!(page.contains("class=\"calendar\"") && page.contains("What ends within a year"), "{page}");
    let calendar = rows("/due", "calendar");
    let drawn: usize = page.split("class=\"ends\"").skip(1).map(|g| g.split("text-anchor=\"middle\">").nth(1).unwrap().split('<').next().unwrap().parse::<usize>().unwrap()).sum();
    assert!(!calendar.is_empty() && drawn == calendar.len(), "{drawn} drawn, {} told", calendar.len());
}
