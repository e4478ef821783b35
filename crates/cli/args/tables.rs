//! Arguments of importing, and of mapping files for foreign tables.
//! Parses and nothing else.

use std::path::PathBuf;

use clap::{ArgGroup, Args as ClapArgs};

use super::WatchArgs;

#[derive(Debug, ClapArgs)]
pub(crate) struct ImportArgs {
    /// Files and directories, recognised by content: JSON Lines, CSV, X12; workbooks and CSV of any columns with --map
    #[arg(required_unless_present = "watch", value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Event type of CSV files whose names do not say it
    #[arg(long = "as", value_name = "TYPE")]
    pub(crate) as_type: Option<String>,
    /// Mapping file for workbooks and CSV with columns of their own (docs/mapping.md); several, or a folder of them, are chosen from by columns
    #[arg(long = "map", visible_alias = "mapping", value_name = "FILE.toml", conflicts_with = "as_type")]
    pub(crate) maps: Vec<PathBuf>,
    /// Say what would happen, append nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Append the good lines although there are bad ones
    #[arg(long)]
    pub(crate) partial: bool,
    #[command(flatten)]
    pub(crate) watch: WatchArgs,
}

#[derive(Debug, ClapArgs)]
#[command(group(ArgGroup::new("what").required(true).args(["guess", "preview"])))]
pub(crate) struct MapArgs {
    /// Workbook (XLSX, XLS, ODS) or CSV file of any columns
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Propose a mapping file from the names of the columns and their first values
    #[arg(long)]
    pub(crate) guess: bool,
    /// Show what events the first rows give, and what is wrong with them; appends nothing and needs no ledger
    #[arg(long, requires = "maps")]
    pub(crate) preview: bool,
    /// The mapping file
    #[arg(long = "map", visible_alias = "mapping", value_name = "FILE.toml", conflicts_with = "guess")]
    pub(crate) maps: Vec<PathBuf>,
    /// Rows to show of every table
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    pub(crate) rows: u16,
    /// Write the proposal into a file, which must not be there yet
    #[arg(long, short, value_name = "FILE.toml", requires = "guess")]
    pub(crate) output: Option<PathBuf>,
}
