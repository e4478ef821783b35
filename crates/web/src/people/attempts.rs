//! How often somebody failed to log in: after five failures a name waits, longer each time, and all together are slowed as well.
//! A right password ends the waiting of its name; nobody is locked out for ever by somebody else.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use audit::vocabulary::KnownAt;

const SECOND: i64 = 1_000_000;
/// Failures before a name waits.
const FREE: u32 = 5;
/// Failures of all names in a minute before everybody waits.
const FREE_OF_ALL: usize = 60;
/// The longest wait.
const LONGEST: i64 = 15 * 60 * SECOND;
/// Names remembered; more are an attack, and the oldest are forgotten.
const NAMES: usize = 10_000;

#[derive(Debug, Default)]
struct Failed {
    by_name: HashMap<String, (u32, KnownAt)>,
    lately: Vec<KnownAt>,
}

/// Failures to log in.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<Failed>);

impl Attempts {
    /// Seconds to wait before a name may try again; 0 if it may.
    pub(crate) fn wait(&self, name: &str, now: KnownAt) -> i64 {
        let failed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = failed.by_name.get(&name.to_lowercase()).map_or(0, |(times, last)| {
            let pause = if *times < FREE { 0 } else { LONGEST.min(SECOND << (times - FREE).min(20)) };
            last.micros() + pause - now.micros()
        });
        let lately = failed.lately.iter().filter(|at| now.micros() - at.micros() < 60 * SECOND).count();
        let all = if lately >= FREE_OF_ALL { 10 * SECOND } else { 0 };
        own.max(all).max(0).div_euclid(SECOND) + i64::from(own.max(all) > 0)
    }

    /// Notes a failure.
    pub(crate) fn failed(&self, name: &str, now: KnownAt) {
        let mut failed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.by_name.len() >= NAMES {
            failed.by_name.retain(|_, (_, last)| now.micros() - last.micros() < LONGEST);
        }
        let entry = failed.by_name.entry(name.to_lowercase()).or_insert((0, now));
        *entry = (entry.0.saturating_add(1), now);
        failed.lately.retain(|at| now.micros() - at.micros() < 60 * SECOND);
        failed.lately.push(now);
    }

    /// Forgets the failures of a name.
    pub(crate) fn succeeded(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).by_name.remove(&name.to_lowercase());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_waits_longer_each_time_and_is_free_after_the_right_password() {
        let at = |seconds: i64| KnownAt::from_micros(seconds * SECOND);
        let attempts = Attempts::default();
        for _ in 0..4 {
            attempts.failed("Ana", at(0));
            assert_eq!(attempts.wait("ana", at(0)), 0);
        }
        let waits: Vec<i64> = (0..12)
            .map(|_| {
                attempts.failed("ana", at(0));
                attempts.wait("ANA", at(0))
            })
            .collect();
        assert!(waits.windows(2).all(|w| w[0] <= w[1]) && waits[0] >= 1 && waits[11] >= 900, "{waits:?}");
        assert_eq!(attempts.wait("Ben", at(0)), 0);
        attempts.succeeded("Ana");
        assert_eq!(attempts.wait("ana", at(0)), 0);
    }
}
