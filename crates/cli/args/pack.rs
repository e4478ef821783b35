//! What `pack` takes.
//! Parses and nothing else; what `pack verify` takes is the verifier's own.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::When;

#[derive(Debug, Subcommand)]
pub(crate) enum PackCommand {
    /// Make a pack: one file that a reviewer checks without trusting anybody
    Create(Box<PackArgs>),
    /// Check a pack, as `countersign-verify` does
    Verify(verify::program::Asked),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PackArgs {
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,
    /// Where the pack goes; nothing is overwritten
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Only contacts, claims and meetings of these days, both included, as in 2025-01-01..2025-12-31
    #[arg(long, value_name = "DATE..DATE")]
    pub(crate) days: Option<String>,
    /// A checkpoint the recipient has: the pack proves that it continues it
    #[arg(long, value_name = "CHECKPOINT", num_args = 1..)]
    pub(crate) since: Vec<PathBuf>,
    /// To whom it goes; recorded
    #[arg(long = "for", value_name = "NAME")]
    pub(crate) recipient: Option<String>,
    /// A letter to send with it: what is in it, what was left out, how to check it; .html, .pdf or .xlsx
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub(crate) cover: Option<PathBuf>,
    /// Put the notice of 42 CFR part 2 on it, also where no registration asks for it
    #[arg(long)]
    pub(crate) part2: bool,
    /// Say what would be in it; write and record nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) when: When,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ScopeArgs {
    /// A claim with its contacts, notes, signatures, payments and the records behind them
    #[arg(long, value_name = "ID", conflicts_with_all = ["person", "individual", "contact", "finding", "sample", "from", "to"])]
    pub(crate) claim: Option<String>,
    /// A staff member: credentials, supervision and the contacts delivered; individuals stay pseudonyms
    #[arg(long, value_name = "ID", conflicts_with_all = ["individual", "contact", "finding", "sample", "from", "to"])]
    pub(crate) person: Option<String>,
    /// A person served
    #[arg(long, value_name = "ID", conflicts_with_all = ["contact", "finding", "sample", "from", "to"])]
    pub(crate) individual: Option<String>,
    /// A contact
    #[arg(long, value_name = "ID", conflicts_with_all = ["finding", "sample", "from", "to"])]
    pub(crate) contact: Option<String>,
    /// A finding with everything it rests on
    #[arg(long, value_name = "ID", conflicts_with_all = ["sample", "from", "to"])]
    pub(crate) finding: Option<String>,
    /// A sample of claims: JSON with a list "claims", or one id a line
    #[arg(long, value_name = "FILE", conflicts_with_all = ["from", "to"])]
    pub(crate) sample: Option<PathBuf>,
    /// Every event from this one on; of all scopes only a range shows that nothing was left out
    #[arg(long, value_name = "SEQ")]
    pub(crate) from: Option<u64>,
    /// Every event through this one
    #[arg(long, value_name = "SEQ")]
    pub(crate) to: Option<u64>,
}
