//! Hashing and packing of full blocks beside the checking of drafts: one thread for a bulk import, none for a small append.
//! It refuses to reorder: blocks come back as they went in, because each continues the chain of the one before.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use crate::block::{Block, Packer};
use crate::error::{LedgerError, damaged};
use crate::growth::{Grown, Growth};

/// Blocks that may wait for the thread: enough to keep it busy, few enough to bound memory.
const WAITING: usize = 8;

struct Job {
    index: u64,
    block: Block,
    from: usize,
}

/// A block's index and what it adds to the database.
pub(crate) type Finished = (u64, Grown);

/// Takes full blocks in, gives rows and tiles out.
pub(crate) struct Pipeline {
    jobs: Option<SyncSender<Job>>,
    results: Receiver<Result<Finished, LedgerError>>,
    thread: Option<JoinHandle<Growth>>,
    outstanding: usize,
}

impl Pipeline {
    pub(crate) fn start(mut growth: Growth) -> Result<Self, LedgerError> {
        let (jobs, incoming) = sync_channel::<Job>(WAITING);
        let (outgoing, results) = sync_channel(WAITING * 2);
        let work = move || {
            let mut packer = Packer::new();
            while let Ok(job) = incoming.recv() {
                let grown = match &mut packer {
                    Ok(packer) => growth.grow(&job.block, job.from, packer).map(|grown| (job.index, grown)),
                    Err(error) => Err(damaged(error.to_string())),
                };
                if outgoing.send(grown).is_err() {
                    break;
                }
            }
            growth
        };
        let thread = std::thread::Builder::new().name("ledger-pack".into()).spawn(work).map_err(|error| damaged(format!("no thread: {error}")))?;
        Ok(Self { jobs: Some(jobs), results, thread: Some(thread), outstanding: 0 })
    }

    /// Hands a block over; `from` is the first of its frames that chain and tree do not have yet. What is finished meanwhile goes to `done`.
    pub(crate) fn submit(&mut self, index: u64, block: Block, from: usize, done: &mut Vec<Finished>) -> Result<(), LedgerError> {
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
    pub(crate) fn finish(mut self, done: &mut Vec<Finished>) -> Result<Growth, LedgerError> {
        self.drain(done)?;
        self.jobs = None;
        let thread = self.thread.take().ok_or(LedgerError::Poisoned)?;
        thread.join().map_err(|_| LedgerError::Poisoned)
    }
}
