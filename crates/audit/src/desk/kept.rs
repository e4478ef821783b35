//! Answers kept for as long as the head they are of: the first who asks waits, everybody after reads what is there.
//! Two who ask at once may both work it out; nobody waits for another's work.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Answers by question.
#[derive(Debug)]
pub(super) struct Kept<K, V> {
    answers: Mutex<BTreeMap<K, Arc<V>>>,
    at_most: usize,
}

impl<K: Ord, V> Kept<K, V> {
    /// Keeps so many answers; one more, and all are forgotten.
    pub(super) fn new(at_most: usize) -> Self {
        Self { answers: Mutex::new(BTreeMap::new()), at_most }
    }

    /// The answer, worked out if it is not there.
    pub(super) fn get<E>(&self, question: K, answer: impl FnOnce(&K) -> Result<V, E>) -> Result<Arc<V>, E> {
        if let Some(kept) = self.peek(&question) {
            return Ok(kept);
        }
        let made = Arc::new(answer(&question)?);
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= self.at_most {
            answers.clear();
        }
        Ok(Arc::clone(answers.entry(question).or_insert(made)))
    }

    /// The answer, if it was worked out.
    pub(super) fn peek(&self, question: &K) -> Option<Arc<V>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).get(question).map(Arc::clone)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_answer_is_worked_out_once_and_the_many_are_forgotten() {
        let kept: Kept<u32, u32> = Kept::new(2);
        let ask = |n| *kept.get::<()>(n, |n| Ok(n * 2)).unwrap();
        assert_eq!((ask(1), ask(2)), (2, 4));
        assert_eq!(*kept.get::<()>(1, |_| Err(())).unwrap(), 2, "not asked again");
        ask(3);
        assert!(kept.peek(&1).is_none());
        assert!(kept.get(1, |_| Err("no")).is_err(), "a failure is not kept");
    }
}
