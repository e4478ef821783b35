//! Arguments of the commands about change: past scans, differences, and what is not entered yet.
//! Parses and nothing else.

use std::path::PathBuf;

use clap::Args as ClapArgs;

#[derive(Debug, ClapArgs)]
pub(crate) struct ScansArgs {
    /// Judge each scan's cut again on its day, and say whether it gives the same findings
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct DiffArgs {
    /// The earlier point: the seq of a scan, last, last~1, or a seq, date or instant
    #[arg(value_name = "A")]
    pub(crate) a: String,
    /// The later point; everything known now if left out
    #[arg(value_name = "B")]
    pub(crate) b: Option<String>,
    /// Evaluation day of both, instead of each point's own
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<String>,
    /// Show every change
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct WhatIfArgs {
    /// Events not yet entered, in any file that import reads: JSON Lines, CSV, X12, FHIR; workbooks and CSV of any columns with --map
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Event type of CSV files whose names do not say it
    #[arg(long = "as", value_name = "TYPE")]
    pub(crate) as_type: Option<String>,
    /// Mapping file for workbooks and CSV with columns of their own (docs/mapping.md), as for import
    #[arg(long = "map", visible_alias = "mapping", value_name = "FILE.toml", conflicts_with = "as_type")]
    pub(crate) maps: Vec<PathBuf>,
    /// Evaluation day
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<String>,
    /// Show every change
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct GateArgs {
    /// Claims not yet submitted: 837, or claim_submitted as JSON Lines or CSV; workbooks and CSV of any columns with --map
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Mapping file for workbooks and CSV with columns of their own (docs/mapping.md), as for import
    #[arg(long = "map", visible_alias = "mapping", value_name = "FILE.toml")]
    pub(crate) maps: Vec<PathBuf>,
    /// Hold claims with something that could not be judged, instead of warning
    #[arg(long)]
    pub(crate) strict: bool,
    /// Evaluation day
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<String>,
}
