//! Work done ahead of whoever waits for it: an iterator run on a thread of its own, at most some items in advance.
//! Order is kept; a dropped consumer ends the thread, and a panic of the thread goes on in the consumer.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;

/// The items of an iterator that runs on another thread.
#[derive(Debug)]
pub struct Ahead<T> {
    receiver: Option<Receiver<T>>,
    thread: Option<JoinHandle<()>>,
}

impl<T: Send + 'static> Ahead<T> {
    /// Runs `items` on a thread, at most `bound` items ahead of the consumer.
    pub fn start(mut items: impl Iterator<Item = T> + Send + 'static, bound: usize) -> Self {
        Self::run(
            move |send| {
                // Ends with the items, or when nobody takes them any more.
                while items.next().is_some_and(send) {}
            },
            bound,
        )
    }

    /// Runs work that sends its items itself; `send` answers false when nobody takes them any more.
    pub(crate) fn run(work: impl FnOnce(&dyn Fn(T) -> bool) + Send + 'static, bound: usize) -> Self {
        let (sender, receiver) = sync_channel(bound);
        let thread = std::thread::spawn(move || work(&|item| sender.send(item).is_ok()));
        Self { receiver: Some(receiver), thread: Some(thread) }
    }
}

impl<T> Iterator for Ahead<T> {
    type Item = T;
    fn next(&mut self) -> Option<T> {
        if let Ok(item) = self.receiver.as_ref()?.recv() {
            return Some(item);
        }
        self.receiver = None;
        // A thread that panicked must not look like a file that ended.
        if let Some(Err(panic)) = self.thread.take().map(JoinHandle::join) {
            std::panic::resume_unwind(panic);
        }
        None
    }
}

impl<T> Drop for Ahead<T> {
    fn drop(&mut self) {
        // The receiver first: it is what makes a thread that waits to send give up.
        self.receiver = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[test]
    fn order_is_kept_and_the_thread_stays_within_its_bound() {
        let made = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&made);
        let items = (0..10_000u64).inspect(move |_| {
            counter.fetch_add(1, Ordering::SeqCst);
        });
        for (expected, item) in Ahead::start(items, 4).enumerate() {
            assert_eq!(item, expected as u64);
            // Four waiting, one being handed over, one being made.
            assert!(made.load(Ordering::SeqCst) <= item + 1 + 6);
        }
        assert_eq!(made.load(Ordering::SeqCst), 10_000);
    }

    #[test]
    fn dropping_it_ends_the_thread() {
        let mut endless = Ahead::start(0u64.., 2);
        assert_eq!(endless.next(), Some(0));
        drop(endless);
    }

    #[test]
    #[should_panic(expected = "in the thread")]
    fn a_panic_is_not_an_end() {
        let items = (0..3).map(|n| if n == 2 { panic!("in the thread") } else { n });
        assert_eq!(Ahead::start(items, 1).count(), 3);
    }
}
