//! Appending from many threads: appends that arrive while another one is being made durable share the next commit.
//! It refuses to acknowledge anything that is not durable, and to mix one caller's refusal into another's append.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::Thread;
use std::time::Duration;

use domain::{Draft, KnownAt};

use crate::error::LedgerError;
use crate::ledger::{Ledger, Request};
use crate::outcome::{Expect, Receipt};

/// How long a commit waits for those whom the one before has just answered: they are likely to append again, and waking them takes a part of what
/// a commit of its own for them would. Nobody waits who is not expected to have company.
const COMPANY: Duration = Duration::from_millis(1);

type Answer = Result<Receipt, LedgerError>;

/// Those who share one commit, in the order in which they came, once it is done.
#[derive(Default)]
struct Group(OnceLock<Vec<Member>>);

struct Member {
    thread: Thread,
    answer: Mutex<Option<Answer>>,
}

impl Group {
    fn tell(&self, waiting: Vec<Waiting>, answers: impl Iterator<Item = Answer>) {
        let member = |(waiting, answer): (Waiting, Answer)| Member { thread: waiting.thread, answer: Mutex::new(Some(answer)) };
        // A group is told once, by its leader.
        let _ = self.0.set(waiting.into_iter().zip(answers).map(member).collect());
    }

    /// Waits for the answer of member number `at`, who then wakes two others: waking all would keep the leader longer than writing down what they
    /// brought, and all waiting for one lock would wake them twice.
    fn answer(&self, at: usize) -> Answer {
        let members = loop {
            match self.0.get() {
                Some(members) => break members,
                None => std::thread::park(),
            }
        };
        self.wake(at);
        members.get(at).and_then(|member| lock(&member.answer).take()).unwrap_or(Err(LedgerError::Poisoned))
    }

    fn wake(&self, at: usize) {
        let members = self.0.get().into_iter().flatten();
        members.skip(2 * at + 1).take(2).for_each(|member| member.thread.unpark());
    }
}

/// Those for whom somebody commits. Whatever becomes of that, they are told: nobody may wait for a leader who is gone.
struct Led<'g> {
    group: &'g Group,
    waiting: Vec<Waiting>,
}

impl Led<'_> {
    fn tell(mut self, answers: impl Iterator<Item = Answer>) {
        self.group.tell(std::mem::take(&mut self.waiting), answers);
    }
}

impl Drop for Led<'_> {
    fn drop(&mut self) {
        if !self.waiting.is_empty() {
            self.group.tell(std::mem::take(&mut self.waiting), std::iter::repeat_with(|| Err(LedgerError::Poisoned)));
            self.group.wake(0);
        }
    }
}

struct Waiting {
    drafts: Vec<Draft>,
    expect: Expect,
    now: KnownAt,
    thread: Thread,
}

/// The group that can still be joined.
#[derive(Default)]
struct Open {
    group: Arc<Group>,
    waiting: Vec<Waiting>,
    /// How many were at it when the last commit ended: those it answered, and those that waited for the next.
    expected: usize,
}

struct Shared {
    ledger: Mutex<Ledger>,
    open: Mutex<Open>,
    /// That everybody expected has come.
    complete: Condvar,
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
        Self(Arc::new(Shared { ledger: Mutex::new(ledger), open: Mutex::default(), complete: Condvar::new() }))
    }

    /// As [`Ledger::append`]. Blocks until the drafts are durable, or refused.
    ///
    /// # Errors
    /// As [`Ledger::append`].
    pub fn append(&self, drafts: Vec<Draft>, expect: Expect, now: KnownAt) -> Result<Receipt, LedgerError> {
        let mut open = lock(&self.0.open);
        let (at, group) = (open.waiting.len(), Arc::clone(&open.group));
        open.waiting.push(Waiting { drafts, expect, now, thread: std::thread::current() });
        if at > 0 && open.waiting.len() == open.expected {
            self.0.complete.notify_one();
        }
        drop(open);
        // Whoever comes first commits for the group. It stands before the ledger while the group before is being written, so that it goes on at once.
        if at == 0 {
            self.lead(&group);
        }
        group.answer(at)
    }

    /// Commits for all that have come until the ledger is free, and a moment more where company is expected.
    fn lead(&self, group: &Group) {
        let mut ledger = lock(&self.0.ledger);
        let open = lock(&self.0.open);
        let gathered = self.0.complete.wait_timeout_while(open, COMPANY, |open| open.waiting.len() < open.expected);
        let (mut open, _) = gathered.unwrap_or_else(PoisonError::into_inner);
        let led = Led { group, waiting: std::mem::take(&mut open.waiting) };
        open.group = Arc::default();
        drop(open);
        let requests: Vec<_> = led.waiting.iter().map(|w| Request { drafts: &w.drafts, expect: w.expect, now: w.now }).collect();
        let results = ledger.append_together(&requests);
        let mut open = lock(&self.0.open);
        open.expected = led.waiting.len() + open.waiting.len();
        drop(open);
        drop(ledger);
        match results {
            Ok(results) => led.tell(results.into_iter()),
            Err(error) => led.tell(std::iter::repeat_with(|| Err(again(&error)))),
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn those_whose_leader_is_gone_are_told_so() {
        let group = Arc::new(Group::default());
        let (came, all) = std::sync::mpsc::channel();
        let (answered, answers) = std::sync::mpsc::channel();
        for at in 1..7 {
            let (group, came, answered) = (Arc::clone(&group), came.clone(), answered.clone());
            std::thread::spawn(move || {
                came.send((at, std::thread::current())).unwrap();
                answered.send(group.answer(at)).unwrap();
            });
        }
        let mut threads: Vec<(usize, Thread)> = all.iter().take(6).collect();
        threads.push((0, std::thread::current()));
        threads.sort_by_key(|(at, _)| *at);
        let waiting = |(_, thread)| Waiting { drafts: Vec::new(), expect: Expect::Any, now: KnownAt::from_micros(0), thread };
        drop(Led { group: &group, waiting: threads.into_iter().map(waiting).collect() });
        for _ in 1..7 {
            assert!(matches!(answers.recv_timeout(Duration::from_secs(10)).unwrap(), Err(LedgerError::Poisoned)));
        }
    }
}
