//! What `checkpoint`, `prove`, `tiles`, `key` and `witness` take.
//! Parses and nothing else.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum CheckpointCommand {
    /// The latest signed note
    Show,
    /// Sign one now
    Sign,
    /// The latest as three lines for paper, and the key that checks it
    Print,
    /// The key that checks the ledger's checkpoints, and the keys before it
    Key,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// A new log key takes over, with a statement that the old and the new key both sign
    Rotate,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ProveArgs {
    /// Event
    pub(crate) seq: u64,
    /// Where the proof goes, as in 811.tlog-proof; the leaf data go beside it, to 811.tlog-proof.leaf
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TilesCommand {
    /// Write checkpoint, tile/<L>/<N> and tile/entries/<N> under a folder; a second time, only what is new
    Export {
        /// Folder
        dir: PathBuf,
    },
}
