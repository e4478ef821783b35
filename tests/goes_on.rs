//! A recorded scan that goes on from the last one against one that judges everything anew: the same bytes, night after night.
//! Random histories through a real ledger, with everything a night can bring between two scans.

use std::path::Path;

use audit::changes::{Change, since_last};
use audit::scan::{Scan, ScanOptions, scan};
use audit::{AuditError, Cut};
use domain::KnownAt;
use proptest::prelude::*;
use scenario::world::{LAST, crowd, day};

use crate::world::told;

fn options(record: bool, full: bool, today: i64) -> ScanOptions {
    ScanOptions { today: Some(day(today)), cut: Cut::Head, record, full, now: KnownAt::BEGINNING }
}

fn json(scan: &Scan) -> String {
    scan.loaded.json(&scan.report).unwrap()
}

/// A change without what a text may say differently: kind, finding, and causes.
fn said(changes: &[Change]) -> Vec<String> {
    changes.iter().map(|c| format!("{:?} {} {:?} {:?} {:?}", c.kind, c.difference.finding.id, c.difference.before, c.difference.after, c.causes)).collect()
}

/// One night: both ways to judge, and both ways to tell what changed.
fn night(dir: &Path, today: i64) -> Result<Option<usize>, AuditError> {
    let anew = scan(dir, &options(false, true, today), &|_, _| {})?;
    let told_anew = since_last(dir, &anew)?;
    let going_on = scan(dir, &options(true, false, today), &|_, _| {})?;
    assert_eq!(json(&going_on), json(&anew));
    let told = since_last(dir, &going_on)?;
    assert_eq!(told.is_some(), told_anew.is_some());
    if let (Some(told), Some(anew)) = (told, told_anew) {
        assert_eq!(said(&told.changes), said(&anew.changes));
        assert_eq!(told.before.summary, anew.before.summary);
        assert_eq!(told.before.frame, anew.before.frame);
    }
    Ok(going_on.judged)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_scan_that_goes_on_says_what_a_scan_from_nothing_says(world in crowd(60, 20), days in prop::collection::vec(0..LAST, 4)) {
        let folder = tempfile::tempdir().unwrap();
        let mut days = days;
        days.sort_unstable();
        let mut days = days.into_iter();
        let mut went_on = 0;
        told(&world, folder.path(), 4, |dir| {
            let judged = night(dir, days.next().unwrap_or(LAST)).unwrap();
            went_on += usize::from(judged.is_some());
        });
        prop_assert!(went_on > 0, "no scan went on from another");
    }
}
