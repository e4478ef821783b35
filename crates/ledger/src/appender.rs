//! Appending from many threads: appends that arrive while another one is being made durable share the next commit.
//! It refuses to acknowledge anything that is not durable, and to mix one caller's refusal into another's append.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use domain::{Draft, KnownAt};

use crate::error::LedgerError;
use crate::ledger::{Ledger, Request};
use crate::outcome::{Expect, Receipt};

/// Where a caller waits: for its answer, or to be the one who commits for all that wait.
#[derive(Default)]
struct Place {
    state: Mutex<PlaceState>,
    changed: Condvar,
}

#[derive(Default)]
struct PlaceState {
    answer: Option<Result<Receipt, LedgerError>>,
    leads: bool,
}

struct Waiting {
    drafts: Vec<Draft>,
    expect: Expect,
    now: KnownAt,
    place: Arc<Place>,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<Waiting>,
    /// Whether somebody commits, or has been told to.
    led: bool,
}

struct Shared {
    ledger: Mutex<Ledger>,
    queue: Mutex<Queue>,
}

/// A ledger opened for writing, shared between threads. Clones are handles to the same ledger.
#[derive(Clone)]
pub struct Appender(Arc<Shared>);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Appender {
    /// Shares a ledger.
    pub fn new(ledger: Ledger) -> Self {
        Self(Arc::new(Shared { ledger: Mutex::new(ledger), queue: Mutex::default() }))
    }

    /// As [`Ledger::append`]. Blocks until the drafts are durable, or refused.
    ///
    /// # Errors
    /// As [`Ledger::append`].
    pub fn append(&self, drafts: Vec<Draft>, expect: Expect, now: KnownAt) -> Result<Receipt, LedgerError> {
        let place = Arc::new(Place::default());
        let mut queue = lock(&self.0.queue);
        queue.waiting.push(Waiting { drafts, expect, now, place: Arc::clone(&place) });
        if queue.led {
            drop(queue);
            let mut state = lock(&place.state);
            while state.answer.is_none() && !state.leads {
                state = place.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            if let Some(answer) = state.answer.take() {
                return answer;
            }
        } else {
            queue.led = true;
            drop(queue);
        }
        self.lead();
        lock(&place.state).answer.take().unwrap_or(Err(LedgerError::Poisoned))
    }

    /// Commits for all that wait now, then hands on to one of those that came meanwhile.
    fn lead(&self) {
        let mut ledger = lock(&self.0.ledger);
        let waiting = std::mem::take(&mut lock(&self.0.queue).waiting);
        let requests: Vec<_> = waiting.iter().map(|w| Request { drafts: &w.drafts, expect: w.expect, now: w.now }).collect();
        let results = match ledger.append_together(&requests) {
            Ok(results) => results,
            Err(error) => waiting.iter().map(|_| Err(again(&error))).collect(),
        };
        drop(ledger);
        for (waiting, result) in waiting.iter().zip(results) {
            lock(&waiting.place.state).answer = Some(result);
            waiting.place.changed.notify_one();
        }
        let mut queue = lock(&self.0.queue);
        match queue.waiting.first() {
            Some(next) => {
                lock(&next.place.state).leads = true;
                next.place.changed.notify_one();
            }
            None => queue.led = false,
        }
    }

    /// Runs `f` with the ledger to itself, between commits.
    pub fn with<T>(&self, f: impl FnOnce(&mut Ledger) -> T) -> T {
        f(&mut lock(&self.0.ledger))
    }
}

/// The failure of a shared commit, said to each of those who shared it.
fn again(error: &LedgerError) -> LedgerError {
    if let LedgerError::Io { path, source } = error {
        return LedgerError::Io { path: path.clone(), source: std::io::Error::from(source.kind()) };
    }
    if matches!(error, LedgerError::ReadOnly) {
        return LedgerError::ReadOnly;
    }
    if let LedgerError::Damaged(what) = error {
        return LedgerError::Damaged(what.clone());
    }
    LedgerError::Poisoned
}
