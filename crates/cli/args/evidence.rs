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
    /// The latest as three lines for paper, the key that checks it, and all of it as a QR code
    Print,
    /// A public authority's word (RFC 3161) on when the latest checkpoint was there
    Timestamp(TimestampArgs),
    /// The key that checks the ledger's checkpoints, and the keys before it
    Key,
}

#[derive(Debug, ClapArgs)]
#[command(override_usage = "countersign checkpoint timestamp --tsa <URL> | --request-only -o <FILE.tsq> | --attach <FILE.tsr>")]
pub(crate) struct TimestampArgs {
    /// Ask this authority now
    #[arg(long, value_name = "URL", conflicts_with_all = ["request_only", "attach"], required_unless_present_any = ["request_only", "attach"])]
    pub(crate) tsa: Option<String>,
    /// Only write the query, for a machine that has a network: curl -H 'Content-Type: application/timestamp-query' --data-binary @FILE
    #[arg(long, requires = "output", conflicts_with = "attach")]
    pub(crate) request_only: bool,
    /// Where the query goes
    #[arg(long, short, value_name = "FILE.tsq", requires = "request_only")]
    pub(crate) output: Option<PathBuf>,
    /// Keep the answer that came back
    #[arg(long, value_name = "FILE.tsr")]
    pub(crate) attach: Option<PathBuf>,
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

#[derive(Debug, Subcommand)]
pub(crate) enum WitnessCommand {
    /// Make a key for a witness, and print the key that others need
    Key {
        /// Name of the witness, as in witness.example
        name: String,
        /// Where the secret key goes
        #[arg(long, short, value_name = "FILE")]
        output: PathBuf,
    },
    /// Run a witness: remember what logs sign, cosign only what continues it (docs/witness.md)
    Serve(WitnessServeArgs),
    /// Send the latest signed checkpoint to witnesses and keep their cosignatures
    Submit(SubmitArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct WitnessServeArgs {
    /// Address to listen on; other machines need a proxy with TLS in front
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8420")]
    pub(crate) listen: String,
    /// Folder of what the witness remembers
    #[arg(long, value_name = "DIR")]
    pub(crate) state: PathBuf,
    /// Its key, from `countersign witness key`
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// Keys of the ledgers it watches, as `countersign checkpoint key` prints them
    #[arg(long, value_name = "VKEY", required = true, num_args = 1..)]
    pub(crate) log: Vec<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct SubmitArgs {
    /// Where the witness is, as in https://witness.example
    #[arg(required_unless_present = "policy", requires = "witness")]
    pub(crate) url: Option<String>,
    /// The witness's key: name+id+base64
    #[arg(long, value_name = "VKEY", requires = "url")]
    pub(crate) witness: Option<String>,
    /// Policy file (C2SP tlog-policy): all witnesses in it that have a URL; exit 1 when no quorum of them cosigned
    #[arg(long, value_name = "FILE", conflicts_with = "url")]
    pub(crate) policy: Option<PathBuf>,
}
