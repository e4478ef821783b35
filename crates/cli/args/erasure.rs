//! What `erase` and `hold` take.
//! Parses and nothing else.

use clap::{Args as ClapArgs, Subcommand};

#[derive(Debug, ClapArgs)]
pub(crate) struct EraseArgs {
    /// Id of an individual or staff member; individual:ID or person:ID where both have it
    #[arg(value_name = "SUBJECT")]
    pub(crate) subject: String,
    /// Why; stored in the clear, so it must not name an individual
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Who approved it
    #[arg(long, value_name = "NAME")]
    pub(crate) approved_by: String,
    /// The day it was decided
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<String>,
    /// Say what would be erased, what would stay in the clear, and which holds forbid it; erase nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum HoldCommand {
    /// Forbid erasing somebody until the hold is released
    Place {
        /// Id of an individual or staff member; individual:ID or person:ID where both have it
        #[arg(value_name = "SUBJECT")]
        subject: String,
        /// Id of the hold; the next free H-1, H-2, ... if left out
        #[arg(long, value_name = "ID")]
        hold: Option<String>,
        #[command(flatten)]
        act: HoldAct,
    },
    /// Release a hold
    Release {
        /// Id of the hold, as in H-1
        #[arg(value_name = "HOLD")]
        hold: String,
        #[command(flatten)]
        act: HoldAct,
    },
    /// List holds
    List {
        /// Released ones too
        #[arg(long)]
        all: bool,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct HoldAct {
    /// Why; stored in the clear, so it must not name an individual
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Who says so
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// The day it was decided
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<String>,
}
