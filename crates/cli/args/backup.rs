//! What `backup` and `restore` take.
//! Parses and nothing else.

use std::path::PathBuf;

use clap::Args as ClapArgs;

#[derive(Debug, ClapArgs)]
pub(crate) struct BackupArgs {
    /// Folder to make the backup in: new or empty
    #[arg(value_name = "DIR")]
    pub(crate) to: PathBuf,
    /// Copy the keys too, into another folder, to be kept apart from the backup and thrown away when a newer copy is made
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RestoreArgs {
    /// Folder with a backup
    #[arg(value_name = "DIR")]
    pub(crate) from: PathBuf,
    /// Folder with the keys of the ledger, unless they lie in the ledger's directory already
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    /// Verify the backup with its keys, put nothing back
    #[arg(long)]
    pub(crate) dry_run: bool,
}
