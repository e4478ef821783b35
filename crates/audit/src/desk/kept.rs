//! Answers kept for as long as the head they are of: the first who asks works it out, and whoever asks the same meanwhile waits for that one.
//! Nobody waits for the answer to another question, and a failure is not kept.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// An answer, or the room for it; locked while it is worked out.
type Slot<V> = Arc<Mutex<Option<Arc<V>>>>;

/// Answers by question.
#[derive(Debug)]
pub(super) struct Kept<K, V> {
    answers: Mutex<BTreeMap<K, Slot<V>>>,
    at_most: usize,
}

impl<K: Ord + Clone, V> Kept<K, V> {
    /// Keeps so many answers; one more, and all are forgotten.
    pub(super) fn new(at_most: usize) -> Self {
        Self { answers: Mutex::new(BTreeMap::new()), at_most }
    }

    /// The answer, worked out if it is not there.
    pub(super) fn get<E>(&self, question: K, answer: impl FnOnce(&K) -> Result<V, E>) -> Result<Arc<V>, E> {
        let slot = self.slot(&question);
        let mut kept = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = kept.as_ref() {
            return Ok(Arc::clone(kept));
        }
        let made = Arc::new(answer(&question)?);
        *kept = Some(Arc::clone(&made));
        Ok(made)
    }

    fn slot(&self, question: &K) -> Slot<V> {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= self.at_most && !answers.contains_key(question) {
            answers.clear();
        }
        Arc::clone(answers.entry(question.clone()).or_default())
    }

    /// The answer, if it was worked out.
    pub(super) fn peek(&self, question: &K) -> Option<Arc<V>> {
        let slot = self.answers.lock().unwrap_or_else(PoisonError::into_inner).get(question).map(Arc::clone)?;
        let kept = slot.try_lock().ok()?;
        kept.as_ref().map(Arc::clone)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn an_answer_is_worked_out_once_and_the_many_are_forgotten() {
        let kept: Kept<u32, u32> = Kept::new(2);
        let ask = |n| *kept.get::<()>(n, |n| Ok(n * 2)).unwrap();
        assert_eq!((ask(1), ask(2)), (2, 4));
        assert_eq!(*kept.get::<()>(1, |_| Err(())).unwrap(), 2, "not asked again");
        ask(3);
        assert!(kept.peek(&1).is_none());
        assert!(kept.get(1, |_| Err("no")).is_err(), "a failure is not kept");
        assert!(kept.peek(&1).is_none());
        assert_eq!(ask(1), 2);
    }

    #[test]
    fn whoever_asks_the_same_meanwhile_waits_for_the_one_who_works_it_out() {
        let (kept, worked, begun): (Kept<u32, u32>, _, _) = (Kept::new(8), AtomicU32::new(0), Barrier::new(5));
        let ask = |n: u32| {
            let made = kept.get::<()>(n, |n| {
                worked.fetch_add(1, Ordering::SeqCst);
                std::thread::sleep(std::time::Duration::from_millis(100));
                Ok(n * 2)
            });
            *made.unwrap()
        };
        std::thread::scope(|scope| {
            let asking: Vec<_> = (0..4).map(|_| scope.spawn(|| { begun.wait(); ask(7) })).collect();
            begun.wait();
            assert!(asking.into_iter().all(|one| one.join().unwrap() == 14));
        });
        assert_eq!(worked.load(Ordering::SeqCst), 1);
    }
}
