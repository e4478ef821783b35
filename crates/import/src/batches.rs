//! Parsed lines in batches: read here, parsed on other threads, handed back in the order of the file.
//! The queue is bounded, so that a slow consumer holds the readers back and memory stays the same for any size of file.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use domain::Draft;
use domain::field::FieldProblem;

use crate::ahead::Ahead;
use crate::jsonl::{Block, Blocks, parse_block};

/// One event of a file, or what is wrong with it.
#[derive(Debug)]
pub struct Parsed {
    /// Physical line from 1 on which it starts.
    pub line: u64,
    /// Lines or rows it stands for: several for a claim, none for the header of a CSV file.
    pub rows: u64,
    /// The draft, without provenance, or all its problems. An empty list: refused for what the header's problem said.
    pub result: Result<Draft, Vec<FieldProblem>>,
}

impl Parsed {
    pub(crate) fn refused(line: u64, problem: FieldProblem) -> Self {
        Self { line, rows: 1, result: Err(vec![problem]) }
    }
}

/// Events of a table that are handed on together.
pub(crate) const BATCH: usize = 512;

/// Events of a file in order; an error is the end.
pub type Batch = io::Result<Vec<Parsed>>;

/// JSON Lines parsed on the caller's thread.
#[derive(Debug)]
pub struct JsonLines<R> {
    blocks: Blocks<R>,
    ended: bool,
}

impl<R: Read> JsonLines<R> {
    /// Reads and parses blocks as `blocks` cuts them.
    pub fn new(blocks: Blocks<R>) -> Self {
        Self { blocks, ended: false }
    }
}

impl<R: Read> Iterator for JsonLines<R> {
    type Item = Batch;
    fn next(&mut self) -> Option<Batch> {
        if self.ended {
            return None;
        }
        let batch = self.blocks.next_block().map(|block| block.as_ref().map(parse_block)).transpose();
        self.ended = !matches!(batch, Some(Ok(_)));
        batch
    }
}

/// A block on its way to a parsing thread, and where its events go.
type Job = (Block, SyncSender<Vec<Parsed>>);

/// JSON Lines read on one thread and parsed on others, in the order of the file.
#[derive(Debug)]
pub struct ParsedBatches {
    // Declared before the workers: dropped first, which ends the reader, which ends the workers.
    batches: Ahead<io::Result<Receiver<Vec<Parsed>>>>,
    workers: Vec<JoinHandle<()>>,
}

/// Parses JSON Lines on `threads` threads (at least one) beside one that reads. At most `2 * threads + 2` blocks are underway.
pub fn parse_batches<R: Read + Send + 'static>(reader: R, threads: usize) -> ParsedBatches {
    let threads = threads.max(1);
    let (jobs, queue) = sync_channel::<Job>(threads);
    let queue = Arc::new(Mutex::new(queue));
    let workers = (0..threads).map(|_| Arc::clone(&queue)).map(|queue| std::thread::spawn(move || work(&queue))).collect();
    let mut blocks = Blocks::new(reader);
    let mut failed = false;
    let hand_out = std::iter::from_fn(move || {
        if failed {
            return None;
        }
        let block = match blocks.next_block() {
            Ok(block) => block?,
            Err(error) => {
                failed = true;
                return Some(Err(error));
            }
        };
        let (sender, receiver) = sync_channel(1);
        jobs.send((block, sender)).ok()?;
        Some(Ok(receiver))
    });
    ParsedBatches { batches: Ahead::start(hand_out, threads + 1), workers }
}

fn work(queue: &Mutex<Receiver<Job>>) {
    loop {
        // Held only while waiting for the next block. Another worker's panic leaves the queue itself whole.
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((block, sender)) = job else { return };
        // Nobody waits for it any more when the consumer stopped early.
        let _ = sender.send(parse_block(&block));
    }
}

impl Iterator for ParsedBatches {
    type Item = Batch;
    fn next(&mut self) -> Option<Batch> {
        let receiver = match self.batches.next()? {
            Ok(receiver) => receiver,
            Err(error) => return Some(Err(error)),
        };
        match receiver.recv() {
            Ok(parsed) => Some(Ok(parsed)),
            // Only a worker that panicked drops its sender unused: its panic goes on here instead of looking like an end.
            Err(_) => {
                for worker in self.workers.drain(..).filter(JoinHandle::is_finished) {
                    if let Err(panic) = worker.join() {
                        std::panic::resume_unwind(panic);
                    }
                }
                Some(Err(io::Error::other("a parsing thread ended early")))
            }
        }
    }
}
