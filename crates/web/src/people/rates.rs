//! How often somebody may ask for what costs much or tells much: so many times at once, and again as minutes pass.
//! Counts by visitor and address; nobody waits for what somebody else asked.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use audit::vocabulary::KnownAt;

const MINUTE: i64 = 60_000_000;
/// Visitors and addresses remembered; those that have waited out their minute are forgotten first.
const MOST: usize = 10_000;

/// When everything asked for by now would have been asked for evenly, by visitor and address.
#[derive(Debug, Default)]
pub(crate) struct Rates(Mutex<HashMap<(String, &'static str), i64>>);

impl Rates {
    /// Counts that somebody asks; the seconds to wait where it is more than `per_minute`, and then it does not count.
    pub(crate) fn wait(&self, who: &str, what: &'static str, per_minute: u32, now: KnownAt) -> Option<i64> {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = now.micros();
        if asked.len() >= MOST {
            asked.retain(|_, until| *until > now);
        }
        let until = asked.entry((who.to_owned(), what)).or_insert(now);
        let next = (*until).max(now) + MINUTE / i64::from(per_minute.max(1));
        if next - now > MINUTE {
            return Some((next - now - MINUTE).div_euclid(1_000_000) + 1);
        }
        *until = next;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_at_once_and_again_as_minutes_pass() {
        let at = |seconds: i64| KnownAt::from_micros(seconds * 1_000_000);
        let rates = Rates::default();
        for _ in 0..6 {
            assert_eq!(rates.wait("Ana", "/scans/diff", 6, at(0)), None);
        }
        assert_eq!(rates.wait("Ana", "/scans/diff", 6, at(0)), Some(11));
        assert_eq!(rates.wait("Ben", "/scans/diff", 6, at(0)), None);
        assert_eq!(rates.wait("Ana", "/findings", 6, at(0)), None);
        assert_eq!(rates.wait("Ana", "/scans/diff", 6, at(10)), None, "one more after ten seconds");
        assert!(rates.wait("Ana", "/scans/diff", 6, at(10)).is_some());
    }
}
