//! What `sample` takes.
//! Parses and nothing else.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use super::When;

#[derive(Debug, Subcommand)]
pub(crate) enum SampleCommand {
    /// Draw a random sample of paid claims that anybody can draw again
    Draw(DrawArgs),
    /// Estimate what was overpaid in the universe from what was found in the sample
    Estimate(EstimateArgs),
    /// Draw a sample again from the ledger and say whether it comes out the same
    Check {
        /// The sample, as `sample draw` wrote it
        #[arg(value_name = "SAMPLE")]
        sample: PathBuf,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct DrawArgs {
    /// Which paid claims: key=value terms, all of which must hold, as in "program=MH-1 from=2025-01-01 to=2025-03-31"; or all.
    /// Keys: program, payer, peer, rate_code, hcpcs, rule (claims under a violation of it), from, to (service date). A,B is either
    #[arg(long, value_name = "QUERY")]
    pub(crate) universe: String,
    /// How many units; or how many of each stratum, as in MH-1=30,MH-2=20
    #[arg(long, value_name = "N")]
    pub(crate) size: String,
    /// What decides the draw: up to 64 characters, chosen before anybody knows what it draws
    #[arg(long, value_name = "SEED")]
    pub(crate) seed: String,
    /// What a unit is
    #[arg(long, value_enum, default_value = "claim")]
    pub(crate) unit: SampleUnit,
    /// Divide the universe: program, payer, rate_code, month, or by what was paid in dollars, as in paid:50,200
    #[arg(long, value_name = "KEY")]
    pub(crate) strata: Option<String>,
    /// Where the sample goes; beside it go the universe and a worksheet
    #[arg(long, short, value_name = "FILE", default_value = "sample.json")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) when: When,
    /// Do not record in the ledger that the sample was drawn
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SampleUnit {
    /// A claim
    Claim,
    /// A line of a claim
    Line,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct EstimateArgs {
    /// The sample, as `sample draw` wrote it
    #[arg(value_name = "SAMPLE")]
    pub(crate) sample: PathBuf,
    /// The worksheet, filled in: overpaid_cents for every unit drawn
    #[arg(long, value_name = "FILE")]
    pub(crate) results: PathBuf,
    /// Further confidences in percent, beside 90 and 95
    #[arg(long, value_name = "PERCENT", value_delimiter = ',')]
    pub(crate) confidence: Vec<String>,
    /// Where there are strata: Student's distribution by effective degrees of freedom, instead of the normal one that RAT-STATS takes
    #[arg(long)]
    pub(crate) effective_freedom: bool,
}
