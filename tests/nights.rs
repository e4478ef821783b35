//! Nights that go wrong: a run killed at any moment, and a service that is stopped and started again.
//! After the next run everything is as if nothing had happened.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::command::{Desk, copy_folder, stderr};
use crate::http_receiver::Receiver;
use crate::unattended::{SECRET, hook, revoke, riverbend, secret, status};

/// Kills of one test run; each at another moment of the run.
const KILLS: u32 = 16;

#[test]
#[allow(clippy::disallowed_methods, reason = "the moments of the kills are spread over the time that a run takes here")]
fn a_run_killed_at_any_moment_and_repeated_finds_the_same_records_one_scan_and_sends_one_message() {
    let desk = riverbend();
    desk.run(&["nightly"]);
    revoke(&desk);
    let receiver = Receiver::new((0..4 * KILLS).map(|_| status(200)).collect());
    fs::write(desk.ledger().join("unattended.toml"), hook(&receiver)).unwrap();
    secret(&desk, "hook", SECRET);

    let run = |ledger: &Path| desk.command(&["--ledger", ledger.to_str().unwrap(), "nightly", "--json", "--fail-on", "never"]);
    let whole = desk.path().join("whole");
    copy_folder(&desk.ledger(), &whole);
    let began = Instant::now();
    let reference: serde_json::Value = serde_json::from_slice(&run(&whole).output().unwrap().stdout).unwrap();
    let takes = began.elapsed();
    assert_eq!(reference["appended"], true);

    let (mut before, mut after) = (0, 0);
    for kill in 0..KILLS {
        let ledger = desk.path().join("killed");
        copy_folder(&desk.ledger(), &ledger);
        let mut child = run(&ledger).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Spread evenly, and denser towards the end, where things are written.
        let share = f64::from(kill + 1) / f64::from(KILLS);
        std::thread::sleep(takes.mul_f64(share.sqrt()));
        // It may have ended already: then this is a repetition of a run that was not cut short.
        let _ = child.kill();
        child.wait().unwrap();

        let output = run(&ledger).output().unwrap();
        let again: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("kill {kill}: {e}: {}", stderr(&output)));
        assert_eq!(again["findings_digest"], reference["findings_digest"], "kill {kill}");
        assert_eq!(again["line"], reference["line"], "kill {kill}");
        assert_eq!(again["tidings"], reference["tidings"], "kill {kill}");
        if again["appended"] == true { before += 1 } else { after += 1 }
        let at = |args: &[&str]| {
            let args: Vec<&str> = ["--ledger", ledger.to_str().unwrap()].into_iter().chain(args.iter().copied()).collect();
            desk.json(&args)
        };
        assert_eq!(at(&["scans", "--json"])["scans"].as_array().unwrap().len(), 2, "kill {kill}: one scan of the night, and the one before");
        let standing = at(&["status", "--json"]);
        assert_eq!(standing["signed_size"], standing["size"], "kill {kill}: under a checkpoint");
        assert_eq!(fs::read_dir(ledger.join("outbox/waiting")).unwrap().count(), 0, "kill {kill}");
        assert!(ledger.join("outbox/delivered/000000005559-webhook.json").exists(), "kill {kill}");
        fs::remove_dir_all(&ledger).unwrap();
    }
    let requests = receiver.requests();
    assert!(requests.len() > KILLS as usize, "every ledger's message arrived");
    let ids: BTreeSet<&str> = requests.iter().map(|r| r.header("webhook-id")).collect();
    let bodies: BTreeSet<&str> = requests.iter().map(|r| r.body.as_str()).collect();
    assert_eq!((ids.len(), bodies.len()), (1, 1), "the same message, however often it was sent");
    eprintln!("{before} runs were killed before their scan was recorded, {after} after it");
    assert!(before > 0, "no kill came early enough");
}

/// A service under test; ended at the end.
struct Service(Child);

impl Service {
    fn start(desk: &Desk, at: &str) -> Self {
        Self(desk.command(&["serve", "--scan-at", at]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
    }

    /// The next line on standard output.
    fn line(&mut self) -> String {
        let mut line = String::new();
        BufReader::new(self.0.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        line
    }

    /// Asks it to stop; how it ended and what it said.
    fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        let asked = Command::new("kill").args([signal, &self.0.id().to_string()]).status().unwrap();
        assert!(asked.success());
        let code = self.0.wait().unwrap().code();
        let mut said = String::new();
        self.0.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (code, said)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It has ended already, unless the test failed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A time of day that is hours away from now, so that no run becomes due while the test runs.
fn hours_away() -> String {
    let now = Command::new("date").arg("+%H").env("TZ", "America/New_York").output().unwrap();
    let hour: u32 = String::from_utf8_lossy(&now.stdout).trim().parse().unwrap();
    format!("{:02}:30", (hour + 6) % 24)
}

#[test]
fn the_service_catches_up_once_and_stops_when_asked() {
    let desk = Desk::real();
    let at = hours_away();
    let scans = || desk.json(&["scans", "--json"])["scans"].as_array().unwrap().len();
    let mut service = Service::start(&desk, &at);
    let line = service.line();
    assert!(line.starts_with("ledger.test.example ") && line.contains(": the first scan; open: 0 violations"), "{line}");
    assert_eq!(scans(), 1);
    let (code, said) = service.stop("-TERM");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains(&format!("every night at {at}, New York time; no scan was recorded yet")), "{said}");

    // Started again the same day, it has nothing to catch up, and an interrupt ends it as well.
    let service = Service::start(&desk, &at);
    std::thread::sleep(Duration::from_millis(1_500));
    let (code, said) = service.stop("-INT");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("the last scan was recorded"), "{said}");
    assert_eq!(scans(), 1);
}

#[test]
fn the_service_goes_on_when_a_night_cannot_be_scanned_and_a_stop_ends_its_waiting() {
    let desk = Desk::real();
    let _writer = ledger::Ledger::open(&desk.ledger()).unwrap();
    let mut service = Service::start(&desk, &hours_away());
    std::thread::sleep(Duration::from_millis(1_500));
    assert!(service.0.try_wait().unwrap().is_none(), "it waits for the writer");
    let (code, said) = service.stop("-TERM");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("the ledger is being written by process") && said.contains("tried again"), "{said}");
}

#[test]
fn a_service_that_cannot_begin_says_why() {
    let desk = Desk::real();
    for (args, says) in [
        (&["serve"][..], "nobody has an account"),
        (&["serve", "--scan-at", "25:00"], "is not a time of day: write it as 02:30"),
        (&["serve", "--scan-at", "02:30", "--at", "2025-01-01T00:00:00Z"], "a service needs a clock that goes"),
        (&["--ledger", "nowhere", "serve", "--scan-at", "02:30"], "holds no ledger"),
    ] {
        let output = desk.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains(says), "{}", stderr(&output));
    }
}
