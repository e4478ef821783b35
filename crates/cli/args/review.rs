//! What `review` takes.
//! Parses and nothing else.

use std::path::PathBuf;

use clap::Args as ClapArgs;

#[derive(Debug, ClapArgs)]
pub(crate) struct ReviewArgs {
    /// The packs
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// The key of the log, as you were given it by another way than these packs; remembered
    #[arg(long, value_name = "VKEY")]
    pub(crate) key: Option<String>,
    /// Further checkpoints of the log that you kept
    #[arg(long, value_name = "OLD", num_args = 1..)]
    pub(crate) checkpoint: Vec<PathBuf>,
    /// Where your record of agencies is kept (default: countersign/reviews in your own data folder)
    #[arg(long, value_name = "DIR")]
    pub(crate) record: Option<PathBuf>,
}
