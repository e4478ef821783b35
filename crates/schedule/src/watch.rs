//! Decides, each time it is asked, whether a night's run is due now or until when to wait.
//! Never runs a night twice, however often it is asked and whatever the clock does; a night that was missed is caught up once.

use domain::{KnownAt, ValidDay};

use crate::daily::DailyAt;

/// How long after a run that failed it is tried again: an import that holds the ledger has mostly finished by then.
const AGAIN_AFTER_MICROS: i64 = 15 * 60 * 1_000_000;

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Run, for this night. `missed` says how many nights before it had no run either; they are caught up by this one.
    Run {
        /// The local day whose run this is.
        night: ValidDay,
        /// Nights before it without a run.
        missed: u64,
    },
    /// Wait until this instant, or ask again earlier: a machine that slept wakes up at any time.
    Wait {
        /// When to ask again at the latest.
        until: KnownAt,
    },
}

/// A time of day, and what is known of the runs so far.
#[derive(Debug, Clone, Copy)]
pub struct Watch {
    at: DailyAt,
    /// The last night that had its run, or was before the time this watch was set.
    done: Option<ValidDay>,
    /// Not before this instant, after a run that failed.
    not_before: Option<KnownAt>,
}

impl Watch {
    /// A watch over a ledger whose last scan was recorded at `last_scan`. A ledger never scanned is due at once.
    pub fn new(at: DailyAt, last_scan: Option<KnownAt>) -> Self {
        Self { at, done: last_scan.map(|last| at.latest(last).0), not_before: None }
    }

    /// What to do at `now`.
    pub fn step(&self, now: KnownAt) -> Step {
        let (night, _) = self.at.latest(now);
        // A clock that was set back makes the latest night an earlier one; it had its run.
        if self.done.is_some_and(|done| done >= night) {
            let until = self.done.map_or_else(|| self.at.next(now).1, |done| self.at.on(done.plus_days(1)));
            return Step::Wait { until };
        }
        match self.not_before {
            // More than the pause away: the clock was set back since.
            Some(again) if again > now && again.micros() - now.micros() <= AGAIN_AFTER_MICROS => Step::Wait { until: again },
            Some(_) | None => {
                let missed = self.done.map_or(0, |done| u64::try_from(night.days_since(done) - 1).unwrap_or(0));
                Step::Run { night, missed }
            }
        }
    }

    /// The run for a night was done.
    pub fn done(&mut self, night: ValidDay) {
        self.done = self.done.max(Some(night));
        self.not_before = None;
    }

    /// The run for a night could not be done at `now`; it is due again a quarter of an hour later.
    pub fn failed(&mut self, now: KnownAt) {
        self.not_before = Some(KnownAt::from_micros(now.micros() + AGAIN_AFTER_MICROS));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> KnownAt {
        KnownAt::parse(text).unwrap()
    }

    fn watch(last: Option<&str>) -> Watch {
        Watch::new(DailyAt::parse("02:30").unwrap(), last.map(instant))
    }

    #[test]
    fn a_ledger_never_scanned_is_due_at_once_and_then_at_the_next_night() {
        let mut watch = watch(None);
        let now = instant("2025-06-05T15:00:00Z");
        let Step::Run { night, missed } = watch.step(now) else { panic!("due at once") };
        assert_eq!((night.to_string().as_str(), missed), ("2025-06-05", 0));
        watch.done(night);
        assert_eq!(watch.step(now), Step::Wait { until: instant("2025-06-06T06:30:00Z") });
    }

    #[test]
    fn a_scan_since_the_last_nights_time_is_that_nights_run() {
        let now = instant("2025-06-05T15:00:00Z");
        assert_eq!(watch(Some("2025-06-05T06:30:00Z")).step(now), Step::Wait { until: instant("2025-06-06T06:30:00Z") });
        assert!(matches!(watch(Some("2025-06-05T06:29:59Z")).step(now), Step::Run { missed: 0, .. }));
    }

    #[test]
    fn nights_missed_are_caught_up_by_one_run_and_counted() {
        let mut watch = watch(Some("2025-06-01T06:31:00Z"));
        let now = instant("2025-06-05T15:00:00Z");
        let Step::Run { night, missed } = watch.step(now) else { panic!("due") };
        assert_eq!((night.to_string().as_str(), missed), ("2025-06-05", 3));
        watch.done(night);
        assert!(matches!(watch.step(now), Step::Wait { .. }));
    }

    #[test]
    fn a_run_that_failed_is_tried_again_after_a_quarter_of_an_hour() {
        let mut watch = watch(Some("2025-06-04T12:00:00Z"));
        let now = instant("2025-06-05T06:30:00Z");
        assert!(matches!(watch.step(now), Step::Run { .. }));
        watch.failed(now);
        assert_eq!(watch.step(now), Step::Wait { until: instant("2025-06-05T06:45:00Z") });
        assert!(matches!(watch.step(instant("2025-06-05T06:45:00Z")), Step::Run { .. }));
        // The clock was set back a day after the failure: the pause is not a day long.
        assert!(matches!(watch.step(instant("2025-06-04T05:00:00Z")), Step::Wait { .. }));
    }

    #[test]
    fn a_clock_set_back_repeats_nothing() {
        let mut watch = watch(Some("2025-06-04T12:00:00Z"));
        let night = ValidDay::parse("2025-06-05").unwrap();
        watch.done(night);
        for now in ["2025-06-05T06:00:00Z", "2025-06-04T20:00:00Z", "2025-06-01T00:00:00Z", "2025-06-06T06:29:59Z"] {
            assert_eq!(watch.step(instant(now)), Step::Wait { until: instant("2025-06-06T06:30:00Z") }, "{now}");
        }
    }
}
