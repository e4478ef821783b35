//! Hashing and packing of blocks beside the checking of drafts: one thread for an import or a large append, none for a small one.
//! It refuses to reorder: blocks come back as they went in, because each continues the chain of the one before.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use crate::block::{Block, Packer};
use crate::error::{LedgerError, damaged};
use crate::growth::{Grown, Growth};

/// Blocks that may wait for the thread: enough to keep it busy, few enough to bound memory.
const WAITING: usize = 8;

struct Job {
    index: u64,
    block: Arc<Block>,
    from: usize,
}

/// What became of a block.
pub(crate) struct Finished {
    pub(crate) index: u64,
    /// What it adds to the database.
    pub(crate) grown: Grown,
    pub(crate) block: Arc<Block>,
}

/// Takes blocks in, gives rows and tiles out.
pub(crate) struct Pipeline {
    jobs: Option<SyncSender<Job>>,
    results: Receiver<Result<Finished, LedgerError>>,
    thread: Option<JoinHandle<(Growth, Packer)>>,
    outstanding: usize,
}

impl Pipeline {
    pub(crate) fn start(mut growth: Growth, mut packer: Packer) -> Result<Self, LedgerError> {
        let (jobs, incoming) = sync_channel::<Job>(WAITING);
        let (outgoing, results) = sync_channel(WAITING * 2);
        let work = move || {
            while let Ok(Job { index, block, from }) = incoming.recv() {
                let finished = growth.grow(&block, from, &mut packer).map(|grown| Finished { index, grown, block });
                if outgoing.send(finished).is_err() {
                    break;
                }
            }
            (growth, packer)
        };
        let thread = std::thread::Builder::new().name("ledger-pack".into()).spawn(work).map_err(|error| damaged(format!("no thread: {error}")))?;
        Ok(Self { jobs: Some(jobs), results, thread: Some(thread), outstanding: 0 })
    }

    /// Hands a block over; `from` is the first of its frames that chain and tree do not have yet. What is finished meanwhile goes to `done`.
    pub(crate) fn submit(&mut self, index: u64, block: Arc<Block>, from: usize, done: &mut Vec<Finished>) -> Result<(), LedgerError> {
        // Results are taken before the queue can fill, so neither side ever waits for the other for good.
        while self.outstanding >= WAITING {
            self.wait(done)?;
        }
        let sent = self.jobs.as_ref().is_some_and(|jobs| jobs.send(Job { index, block, from }).is_ok());
        if !sent {
            return Err(LedgerError::Poisoned);
        }
        self.outstanding += 1;
        while let Ok(result) = self.results.try_recv() {
            self.outstanding -= 1;
            done.push(result?);
        }
        Ok(())
    }

    fn wait(&mut self, done: &mut Vec<Finished>) -> Result<(), LedgerError> {
        let result = self.results.recv().map_err(|_| LedgerError::Poisoned)?;
        self.outstanding -= 1;
        done.push(result?);
        Ok(())
    }

    /// Waits until everything handed over is finished.
    pub(crate) fn drain(&mut self, done: &mut Vec<Finished>) -> Result<(), LedgerError> {
        while self.outstanding > 0 {
            self.wait(done)?;
        }
        Ok(())
    }

    /// Ends the thread and gives chain and tree back as they stand after the last block.
    pub(crate) fn finish(mut self, done: &mut Vec<Finished>) -> Result<(Growth, Packer), LedgerError> {
        self.drain(done)?;
        self.jobs = None;
        let thread = self.thread.take().ok_or(LedgerError::Poisoned)?;
        thread.join().map_err(|_| LedgerError::Poisoned)
    }
}
