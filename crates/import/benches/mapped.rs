//! How many rows a second a mapping turns into contacts, on the caller's thread and from disk: `cargo bench -p import --bench mapped`.
//! `-- ROWS KEY` reads so many rows of one of the three tables, once, for whoever counts instructions. Times the machine it runs on and judges nothing.
#![allow(clippy::disallowed_methods, reason = "a benchmark measures time")]

use std::fmt::Write;
use std::io;
use std::ops::ControlFlow;
use std::time::Instant;

use import::{Discovered, Mapping, Options, discover, discover_mapped, read};

/// Rows of the report, unless the first argument says how many.
fn rows() -> u32 {
    std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1_000_000)
}

/// The one table to read, if the second argument names it.
fn only() -> Option<String> {
    std::env::args().nth(2)
}

/// A column for every field, as a report names them.
const HEADER: &str = "Encounter ID,Program,Service,Staff ID,Client ID,Enrolled,Kind,Modality,Place,Service Date,Start Time,End Time,Component,Activities,Planned,Recipient";

const MAPPING: &str = r#"
source = "ehr"
key = ["Encounter ID"]
dates = "MM/DD/YYYY"
[[event]]
type = "contact_recorded"
[event.fields]
contact = "Encounter ID"
program = { column = "Program", values = { "Riverbend Clinic" = "MH-1", "Riverbend PROS" = "PR-1" } }
service = { column = "Service", values = { "Peer Support Adult" = "mhotrs_adult_peer" } }
peer = "Staff ID"
individual = "Client ID"
phase = { column = "Enrolled", values = { "Y" = "enrolled", "N" = "preadmission" } }
format = "Kind"
mode = { column = "Modality", values = { "In Person" = "in_person", "Telehealth" = "video" } }
site = { column = "Place", values = { "Clinic" = "onsite", "Home" = "offsite" } }
start = { date = "Service Date", time = "Start Time" }
end = { date = "Service Date", time = "End Time" }
component = "Component"
activities = "Activities"
basis = { column = "Planned", values = { "Yes" = "planned", "No" = "ad_hoc" } }
recipient = "Recipient"
"#;

fn table() -> String {
    let mut text = String::with_capacity(160 * rows() as usize);
    let _ = writeln!(text, "{HEADER}");
    for n in 0..rows() {
        // Exports come by day.
        let (month, day, minute) = (1 + n / 90_000, 1 + n / 3_300 % 28, n % 60);
        let _ = writeln!(
            text,
            "E-{n},Riverbend Clinic,Peer Support Adult,P-{:03},I-{:05},Y,individual,In Person,Clinic,{month:02}/{day:02}/2025,10:{minute:02} AM,11:{minute:02} AM,A1,A1.02,Yes,individual",
            n % 40,
            n % 1500
        );
    }
    text
}

/// Tells rows a second of the best of some runs, on the caller's thread and from disk.
fn told(key: &str, found: impl Fn() -> Discovered) {
    let runs = match only() {
        None => 3,
        Some(only) if only == key => 1,
        Some(_) => return,
    };
    let once = |_| {
        let found = found();
        let start = Instant::now();
        let summary = read(&found.sources, Options { simulated: false, threads: 0, max_problems: 5 }, |_| ControlFlow::Continue(()));
        summary.problems.kept().iter().for_each(|problem| println!("{problem}"));
        f64::from(rows()) / start.elapsed().as_secs_f64() * f64::from(u8::from(summary.drafts() == u64::from(rows())))
    };
    println!("{key}\t{:.0}\trows/s", (0..runs).map(once).fold(0.0, f64::max));
}

fn main() -> io::Result<()> {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("encounters.csv");
    std::fs::write(&path, table())?;
    let Ok(mapping) = Mapping::read("bench", MAPPING) else { return Err(io::Error::other("the mapping does not load")) };
    told("csv-mapped", || discover_mapped(std::slice::from_ref(&path), None, std::slice::from_ref(&mapping)));
    for (key, name, text) in [("csv-plain", "contact_recorded.csv", contacts()), ("csv-narrow", "note_written.csv", notes())] {
        let path = dir.path().join(name);
        std::fs::write(&path, text)?;
        told(key, || discover(std::slice::from_ref(&path), None));
    }
    Ok(())
}

/// The same contacts as the interchange has them, for comparison: no mapping, one type.
fn contacts() -> String {
    let mut text = String::from("source_id,contact,program,service,peer,individual,phase,format,mode,site,start,end,component,activities,basis,recipient\n");
    for n in 0..rows() {
        let (month, day, minute) = (1 + n / 90_000, 1 + n / 3_300 % 28, n % 60);
        let _ = writeln!(
            text,
            "ehr:E-{n},E-{n},MH-1,mhotrs_adult_peer,P-{:03},I-{:05},enrolled,individual,in_person,onsite,2025-{month:02}-{day:02}T10:{minute:02}:00-05:00,2025-{month:02}-{day:02}T11:{minute:02}:00-05:00,A1,A1.02,planned,individual",
            n % 40,
            n % 1500
        );
    }
    text
}

/// Notes, eight columns: as wide as the rows of most types.
fn notes() -> String {
    let mut text = String::from("source_id,entered_at,actor,note,contact,author,written_at,elements\n");
    for n in 0..rows() {
        let (month, day, minute) = (1 + n / 90_000, 1 + n / 3_300 % 28, n % 60);
        let _ = writeln!(
            text,
            "ehr:N-{n},2025-{month:02}-{day:02}T12:{minute:02}:00-05:00,clerk-{},N-{n},E-{n},P-{:03},2025-{month:02}-{day:02}T11:{minute:02}:00-05:00,purpose;response;progress",
            n % 7,
            n % 40,
        );
    }
    text
}
