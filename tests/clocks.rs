//! The real program under a clock that is not the machine's: one that goes back, and the two nights of the year on which an hour is skipped or comes twice.
//! A few lines of C stand between the program and the system's clock; where there is no compiler for them, the tests of `schedule` and `ledger` stand alone.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use domain::KnownAt;

use crate::command::{Desk, stderr, stdout};

/// Moves the clock of the day; the clock that measures waiting goes on as it is.
const SHIFTED: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec *t) {
    int (*real)(clockid_t, struct timespec *) = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    const char *shift = getenv("CLOCK_SHIFT");
    int done = real(id, t);
    if (done == 0 && id == CLOCK_REALTIME && shift) t->tv_sec += atoll(shift);
    return done;
}
"#;

/// A desk whose commands think that it is some other time.
struct Elsewhen {
    desk: Desk,
    shim: PathBuf,
}

impl Elsewhen {
    /// With a ledger made at an instant; nothing where no clock can be moved.
    fn since(instant: &str) -> Option<Self> {
        let desk = Desk::empty();
        desk.write("clock.c", SHIFTED);
        let shim = desk.path().join("clock.so");
        let made = Command::new("cc").args(["-shared", "-fPIC", "-o", "clock.so", "clock.c", "-ldl"]).current_dir(desk.path()).stderr(Stdio::null()).status();
        if !cfg!(target_os = "linux") || !made.is_ok_and(|status| status.success()) {
            println!("not tried: there is no C compiler to move the clock with");
            return None;
        }
        let elsewhen = Self { desk, shim };
        let init = elsewhen.at(instant, &["init", "--origin", "ledger.test.example"]).output().unwrap();
        assert!(init.status.success(), "{}", stderr(&init));
        Some(elsewhen)
    }

    /// A command that begins at an instant.
    #[allow(clippy::disallowed_methods, reason = "how far the clock is to be moved depends on where it stands")]
    fn at(&self, instant: &str, args: &[&str]) -> Command {
        let wanted = KnownAt::parse(instant).unwrap().micros() / 1_000_000;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let mut command = self.desk.command(args);
        command.env("LD_PRELOAD", &self.shim).env("CLOCK_SHIFT", (wanted - i64::try_from(now).unwrap()).to_string());
        command
    }

    /// What it printed; it must not fail.
    fn done(&self, instant: &str, args: &[&str]) -> String {
        let output = self.at(instant, args).output().unwrap();
        assert!(output.status.success(), "{args:?} at {instant}: {}{}", stdout(&output), stderr(&output));
        stdout(&output)
    }

    fn complaint(&self, n: u32) -> String {
        let name = format!("c{n}.jsonl");
        self.desk.write(&name, &format!("{{\"type\":\"complaint_recorded\",\"source_id\":\"c:{n}\",\"category\":\"other\",\"received_on\":\"2025-03-01\"}}\n"));
        name
    }

    /// When each scan on record was recorded.
    fn scans(&self) -> Vec<String> {
        let scans = self.desk.json(&["scans", "--json"])["scans"].as_array().unwrap().clone();
        scans.iter().map(|scan| scan["recorded_at"].as_str().unwrap().to_owned()).collect()
    }

    /// Runs the service from an instant on, until there are so many scans or the seconds are over.
    #[allow(clippy::disallowed_methods, reason = "a service is waited for")]
    fn serve(&self, instant: &str, scan_at: &str, until: usize, seconds: u64) {
        let mut service = self.at(instant, &["serve", "--scan-at", scan_at]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let began = Instant::now();
        while self.scans().len() < until && began.elapsed() < Duration::from_secs(seconds) {
            assert!(service.try_wait().unwrap().is_none(), "the service ended by itself");
            std::thread::sleep(Duration::from_millis(100));
        }
        assert!(Command::new("kill").args(["-TERM", &service.id().to_string()]).status().unwrap().success());
        assert_eq!(service.wait().unwrap().code(), Some(0));
    }
}

#[test]
fn a_clock_that_goes_back_is_told_and_takes_nothing_with_it() {
    let Some(elsewhen) = Elsewhen::since("2025-03-07T12:00:00Z") else { return };
    let (before, back) = ("2025-03-07T13:00:00Z", "2025-03-05T13:00:00Z");
    elsewhen.done(before, &["import", &elsewhen.complaint(1)]);
    let said = elsewhen.done(back, &["import", &elsewhen.complaint(2)]);
    assert!(said.contains("The clock lies before the last event; its time was used instead. Check the clock."), "{said}");

    // Told again by whoever looks, until the clock is right.
    let doctor = elsewhen.at(back, &["doctor"]).output().unwrap();
    assert_eq!(doctor.status.code(), Some(1));
    assert!(stdout(&doctor).contains("not so: the clock is not behind the ledger"), "{}", stdout(&doctor));

    // Everything else goes on meanwhile, and no time of the ledger lies before another.
    elsewhen.done(back, &["scan", "--fail-on", "never"]);
    elsewhen.done(back, &["checkpoint", "sign"]);
    elsewhen.done(back, &["verify"]);
    elsewhen.done(back, &["backup", "kept"]);
    elsewhen.done(before, &["import", &elsewhen.complaint(3)]);
    let events = elsewhen.done("2025-03-08T13:00:00Z", &["events", "--format", "ndjson"]);
    // As instants: their texts end with no zero and have no order of their own.
    let instant = |line: &str| KnownAt::parse(serde_json::from_str::<serde_json::Value>(line).unwrap()["recorded_at"].as_str().unwrap()).unwrap();
    let times: Vec<KnownAt> = events.lines().map(instant).collect();
    assert!(times.len() >= 4 && times.is_sorted(), "{times:?}");
    elsewhen.done("2025-03-08T13:00:00Z", &["doctor"]);
}

/// On the second Sunday of March there is no 02:30 in New York: the run of that night comes when the hour is skipped, at 03:00, and no second one at 03:30.
#[test]
fn the_night_that_lacks_an_hour_has_one_scan() {
    let Some(elsewhen) = Elsewhen::since("2025-03-07T12:00:00Z") else { return };
    elsewhen.done("2025-03-08T07:30:00Z", &["nightly"]);
    elsewhen.serve("2025-03-09T06:59:58Z", "02:30", 2, 30);
    let scans = elsewhen.scans();
    assert!(scans.len() == 2 && ("2025-03-09T07:00:00".."2025-03-09T07:01:00").contains(&scans[1].as_str()), "{scans:?}");
    elsewhen.serve("2025-03-09T07:29:59Z", "02:30", 3, 3);
    assert_eq!(elsewhen.scans(), scans);
}

/// On the first Sunday of November 01:30 comes twice: the first is the run's, the second is nobody's.
#[test]
fn the_night_that_has_an_hour_twice_has_one_scan() {
    let Some(elsewhen) = Elsewhen::since("2025-10-31T12:00:00Z") else { return };
    elsewhen.done("2025-11-01T05:30:00Z", &["nightly"]);
    elsewhen.serve("2025-11-02T05:29:58Z", "01:30", 2, 30);
    let scans = elsewhen.scans();
    assert!(scans.len() == 2 && ("2025-11-02T05:30:00".."2025-11-02T05:31:00").contains(&scans[1].as_str()), "{scans:?}");
    elsewhen.serve("2025-11-02T06:29:59Z", "01:30", 3, 3);
    assert_eq!(elsewhen.scans(), scans);
    // The night after is its own.
    elsewhen.serve("2025-11-03T06:29:58Z", "01:30", 3, 30);
    assert_eq!(elsewhen.scans().len(), 3);
}
