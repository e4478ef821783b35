//! Appending from many threads: appends that arrive while another one is being made durable share the next commit.
//! It refuses to acknowledge anything that is not durable, and to mix one caller's refusal into another's append.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Draft, KnownAt};

use crate::error::LedgerError;
use crate::ledger::{Ledger, Request};
use crate::outcome::{Expect, Receipt};

type Answer = Arc<Mutex<Option<Result<Receipt, LedgerError>>>>;

struct Waiting {
    drafts: Vec<Draft>,
    expect: Expect,
    now: KnownAt,
    answer: Answer,
}

struct Shared {
    ledger: Mutex<Ledger>,
    queue: Mutex<Vec<Waiting>>,
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
        let answer: Answer = Arc::default();
        lock(&self.0.queue).push(Waiting { drafts, expect, now, answer: Arc::clone(&answer) });
        // Whoever gets the ledger first commits for all that wait; the others find their answer when their turn comes.
        let mut ledger = lock(&self.0.ledger);
        if let Some(answer) = lock(&answer).take() {
            return answer;
        }
        let waiting = std::mem::take(&mut *lock(&self.0.queue));
        let requests: Vec<_> = waiting.iter().map(|w| Request { drafts: &w.drafts, expect: w.expect, now: w.now }).collect();
        let results = match ledger.append_together(&requests) {
            Ok(results) => results,
            Err(error) => waiting.iter().map(|_| Err(again(&error))).collect(),
        };
        for (waiting, result) in waiting.iter().zip(results) {
            *lock(&waiting.answer) = Some(result);
        }
        drop(ledger);
        lock(&answer).take().unwrap_or(Err(LedgerError::Poisoned))
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
