//! Sessions: who is logged in, kept in memory alone, so that a restart logs everybody out.
//! A session ends after half an hour of nothing, or after twelve hours whatever happens.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use audit::vocabulary::KnownAt;

use super::secret::{self, NoChance};

const MINUTE: i64 = 60_000_000;
/// Minutes after which a session ends when nothing is asked.
pub(crate) const IDLE: i64 = 30;
const LONGEST: i64 = 12 * 60 * MINUTE;
/// Minutes for which individuals are shown after somebody asked who they are.
pub(crate) const UNVEILED: i64 = 10;

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    /// Whose.
    pub(crate) name: String,
    /// What every form must carry.
    pub(crate) form_token: String,
    began: KnownAt,
    seen: KnownAt,
    unveiled_until: Option<KnownAt>,
}

impl Session {
    /// When it ends if nothing more is asked.
    pub(crate) fn ends(&self) -> KnownAt {
        later(self.seen, IDLE * MINUTE).min(later(self.began, LONGEST))
    }

    /// Whether individuals are shown.
    pub(crate) fn unveiled(&self, now: KnownAt) -> bool {
        self.unveiled_until.is_some_and(|until| now < until)
    }
}

/// Who is logged in.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    by_digest: Mutex<HashMap<String, Session>>,
    /// The last step of a one-time code that each used.
    steps: Mutex<HashMap<String, i64>>,
}

impl Sessions {
    /// Begins a session; gives what the browser keeps.
    pub(crate) fn begin(&self, name: &str, now: KnownAt) -> Result<String, NoChance> {
        let (token, form_token) = (secret::token()?, secret::token()?);
        let session = Session { name: name.to_owned(), form_token, began: now, seen: now, unveiled_until: None };
        let mut all = self.by_digest.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, s| alive(s, now));
        all.insert(secret::digest(&token), session);
        Ok(token)
    }

    /// The session that a browser keeps, seen now; nothing when it has ended.
    pub(crate) fn seen(&self, token: &str, now: KnownAt) -> Option<Session> {
        let mut all = self.by_digest.lock().unwrap_or_else(PoisonError::into_inner);
        let session = all.get_mut(&secret::digest(token)).filter(|s| alive(s, now))?;
        session.seen = now;
        Some(session.clone())
    }

    /// The session that a browser keeps, which goes on ending: whoever asks whether somebody is still there does not keep it alive.
    pub(crate) fn peek(&self, token: &str, now: KnownAt) -> Option<Session> {
        self.by_digest.lock().unwrap_or_else(PoisonError::into_inner).get(&secret::digest(token)).filter(|s| alive(s, now)).cloned()
    }

    /// Shows individuals for a while.
    pub(crate) fn unveil(&self, token: &str, now: KnownAt, shown: bool) {
        let mut all = self.by_digest.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = all.get_mut(&secret::digest(token)) {
            session.unveiled_until = shown.then(|| later(now, UNVEILED * MINUTE));
        }
    }

    /// Ends a session.
    pub(crate) fn end(&self, token: &str) {
        self.by_digest.lock().unwrap_or_else(PoisonError::into_inner).remove(&secret::digest(token));
    }

    /// Ends every session of somebody but one.
    pub(crate) fn end_others(&self, name: &str, token: &str) {
        let keep = secret::digest(token);
        self.by_digest.lock().unwrap_or_else(PoisonError::into_inner).retain(|digest, s| s.name != name || *digest == keep);
    }

    /// The last step of a one-time code that somebody used.
    pub(crate) fn last_step(&self, name: &str) -> i64 {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner).get(name).copied().unwrap_or(-1)
    }

    /// Notes that a step was used.
    pub(crate) fn used(&self, name: &str, step: i64) {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), step);
    }
}

fn alive(s: &Session, now: KnownAt) -> bool {
    now < s.ends()
}

fn later(at: KnownAt, micros: i64) -> KnownAt {
    KnownAt::from_micros(at.micros().saturating_add(micros))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_session_ends_by_itself() {
        let at = |minutes: i64| KnownAt::from_micros(minutes * MINUTE);
        let sessions = Sessions::default();
        let token = sessions.begin("Ana", at(0)).unwrap();
        assert!(sessions.seen(&token, at(29)).is_some());
        assert!(sessions.seen("another", at(29)).is_none());
        sessions.unveil(&token, at(29), true);
        assert!(sessions.seen(&token, at(38)).unwrap().unveiled(at(38)));
        assert!(!sessions.seen(&token, at(40)).unwrap().unveiled(at(40)));
        assert!(sessions.seen(&token, at(70)).is_none(), "idle");
        let token = sessions.begin("Ana", at(0)).unwrap();
        for minutes in (0..720).step_by(20) {
            assert!(sessions.seen(&token, at(minutes)).is_some());
        }
        assert_eq!(sessions.peek(&token, at(719)).unwrap().ends(), at(720));
        assert!(sessions.seen(&token, at(721)).is_none(), "twelve hours");
        let token = sessions.begin("Ana", at(0)).unwrap();
        assert_eq!(sessions.peek(&token, at(29)).unwrap().ends(), at(30), "a look does not keep it alive");
        assert!(sessions.peek(&token, at(30)).is_none());
    }
}
