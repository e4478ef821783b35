//! A contact whose end was typed with a wrong century: a date that the vocabulary admits, and that nobody may wait for.
//! Through a real ledger: the scan that finds it, and the one after it was corrected, which says what judging everything says.

use std::time::{Duration, Instant};

use audit::Cut;
use audit::scan::{Scan, ScanOptions, scan};
use domain::KnownAt;
use ledger::{CreateOptions, Ledger, Outcome};
use scenario::world::{MINUTES, moment};

/// What such a ledger took before: minutes of the first scan, and longer yet of the second.
const LONG: Duration = Duration::from_secs(60);

fn contact(name: &str, start: &str, end: &str) -> String {
    format!(
        r#"{{"recorded_at":"2025-06-01T10:00:00Z","type":"contact_recorded","source_id":"ehr:{name}","contact":"{name}","program":"MH-1","service":"mhotrs_adult_peer","peer":"P-1","individual":"I-1","phase":"enrolled","format":"individual","mode":"in_person","site":"onsite","start":"{start}","end":"{end}","activities":[],"basis":"planned","recipient":"individual"}}"#
    )
}

fn lines() -> Vec<String> {
    let mut lines = vec![contact("C-far", "2025-03-01T10:00:00-05:00", "2200-03-01T10:30:00-05:00")];
    for day in 1..=31 {
        let at = |hour: u8, minute: u8| format!("2025-03-{day:02}T{hour:02}:{minute:02}:00-05:00");
        lines.extend((11..19).map(|hour| contact(&format!("C-{day}-{hour}"), &at(hour, 0), &at(hour, 30))));
    }
    let billed = r#"{"recorded_at":"2025-06-02T10:00:00Z","type":"claim_submitted","claim":"CL-1","payer":"MCD","individual":"I-1","program":"MH-1","service_date":"2025-03-01","submitted_at":"2025-06-02T09:00:00Z","lines":[{"contact":"C-far","hcpcs":"H0038","modifiers":[],"units":100000,"charge_cents":100}]}"#;
    lines.push(billed.to_owned());
    lines
}

const CORRECTION: &str = r#"{"recorded_at":"2025-06-03T10:00:00Z","type":"event_corrected","target":"ehr:C-far","fields":{"end":"2025-03-01T10:30:00-05:00"},"reason":"the year was mistyped"}"#;

#[test]
fn an_end_in_a_wrong_century_keeps_no_scan_waiting_and_neither_does_its_correction() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger");
    let options = CreateOptions { origin: "ledger.test.example".into(), simulated: true, now: moment(-MINUTES), entropy: Some([7; 32]) };
    drop(Ledger::create(&path, &options).unwrap());
    let tell = |lines: &[String]| {
        let mut ledger = Ledger::open(&path).unwrap();
        let mut batch = ledger.begin_import(moment(0)).unwrap();
        for line in lines {
            assert!(matches!(batch.push(&import::parse_line(line).unwrap()).unwrap(), Outcome::Appended(_)), "{line}");
        }
        batch.commit().unwrap();
        ledger.sign_checkpoint().unwrap();
    };
    let judged = |record, full| -> Scan {
        let began = Instant::now();
        let options = ScanOptions { today: None, cut: Cut::Head, record, full, now: KnownAt::BEGINNING };
        let scan = scan(&path, &options, &|_, _| {}).unwrap();
        assert!(began.elapsed() < LONG, "{:?}", began.elapsed());
        scan
    };
    let days = |scan: &Scan| scan.report.each().filter(|f| f.rule == "MHOTRS-BILL-05").count();
    tell(&lines());
    let first = judged(true, true);
    assert_eq!(days(&first), 1_042, "a hundred thousand units last so many days");
    tell(&[CORRECTION.to_owned()]);
    let (anew, gone_on) = (judged(false, true), judged(true, false));
    assert_eq!(days(&anew), 1);
    let said = |scan: &Scan| scan.loaded.json(&scan.report).unwrap();
    assert_eq!(said(&gone_on), said(&anew));
}
