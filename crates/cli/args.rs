//! The command line: names, flags and help, as the interface fixes them.
//! Parses and nothing else.

mod backup;
mod account;
mod changes;
mod erasure;
mod evidence;
mod export;
mod nightly;
mod sample;
mod tables;
mod pack;
mod review;
mod watch;
mod worklist;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

pub(crate) use backup::{BackupArgs, RestoreArgs};
pub(crate) use account::{AccountCommand, AddArgs};
pub(crate) use changes::{DiffArgs, GateArgs, ScansArgs, WhatIfArgs};
pub(crate) use erasure::{EraseArgs, HoldAct, HoldCommand};
pub(crate) use export::ExportCommand;
pub(crate) use nightly::{NightlyArgs, ServeArgs};
pub(crate) use evidence::{CheckpointCommand, KeyCommand, ProveArgs, SubmitArgs, TilesCommand, TimestampArgs, WitnessCommand, WitnessServeArgs};
pub(crate) use sample::{DrawArgs, EstimateArgs, SampleCommand, SampleUnit};
pub(crate) use pack::{PackArgs, PackCommand, ScopeArgs};
pub(crate) use review::ReviewArgs;
pub(crate) use watch::WatchArgs;
pub(crate) use tables::{ImportArgs, MapArgs};
pub(crate) use worklist::{Decision, ExposureBy, Filter, FindingsCommand};

/// An event-sourced compliance audit ledger for New York State peer support services.
///
/// Countersign appends what your agency's systems export to a ledger that cannot be changed unseen, replays it, and finds which
/// contacts broke which condition of the guidance, since when that could be known, and what money hangs on it.
///
/// Try `countersign demo` first: it makes a small invented agency and shows what is found.
#[derive(Debug, Parser)]
#[command(name = "countersign", version, propagate_version = true, disable_help_subcommand = false, max_term_width = 100)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Global {
    /// Directory of the ledger
    #[arg(long, global = true, value_name = "DIR", env = "COUNTERSIGN_LEDGER", default_value = "./countersign")]
    pub(crate) ledger: PathBuf,
    /// How data is printed
    #[arg(long, global = true, value_enum, default_value = "human")]
    pub(crate) format: Printed,
    /// The same as --format json
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print data and errors only
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// No colour (NO_COLOR does the same)
    #[arg(long, global = true)]
    pub(crate) no_color: bool,
    /// The time it is, for a simulated ledger
    #[arg(long, global = true, value_name = "INSTANT", hide_short_help = true)]
    pub(crate) at: Option<String>,
}

impl Global {
    /// The format asked for; `--json` wins.
    pub(crate) fn format(&self) -> Format {
        match (self.json, self.format) {
            (true, _) | (false, Printed::Json) => Format::Json,
            (false, Printed::Ndjson) => Format::Ndjson,
            (false, Printed::Csv) => Format::Csv,
            (false, Printed::Human | Printed::Html | Printed::Pdf | Printed::Xlsx) => Format::Human,
        }
    }

    /// The document asked for, if one is.
    pub(crate) fn paper(&self) -> Option<Paper> {
        match (self.json, self.format) {
            (false, Printed::Html) => Some(Paper::Html),
            (false, Printed::Pdf) => Some(Paper::Pdf),
            (false, Printed::Xlsx) => Some(Paper::Xlsx),
            (true, _) | (false, Printed::Human | Printed::Json | Printed::Ndjson | Printed::Csv) => None,
        }
    }
}

/// What `--format` may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Printed {
    /// For people
    Human,
    /// One JSON object
    Json,
    /// One JSON object a line
    Ndjson,
    /// Comma-separated values
    Csv,
    /// A page that stands alone and prints
    Html,
    /// A tagged PDF
    Pdf,
    /// A workbook
    Xlsx,
}

/// How data are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    Human,
    /// One JSON object.
    Json,
    /// One JSON object a line.
    Ndjson,
    /// Comma-separated values.
    Csv,
}

/// A document instead of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paper {
    /// A page that stands alone.
    Html,
    /// A tagged PDF.
    Pdf,
    /// A workbook.
    Xlsx,
}

impl Paper {
    /// Every one.
    pub(crate) const ALL: [Paper; 3] = [Paper::Html, Paper::Pdf, Paper::Xlsx];

    /// How names of such files end.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Paper::Html => "html",
            Paper::Pdf => "pdf",
            Paper::Xlsx => "xlsx",
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a ledger: database, log key, subject keys
    Init {
        /// Name of the ledger in its checkpoints, as in ledger.riverbend.example
        #[arg(long, value_name = "NAME")]
        origin: String,
        /// For invented people: takes recorded_at from its input, says SIMULATED for ever
        #[arg(long)]
        simulated: bool,
    },
    /// Read exports into the ledger; everything is checked before anything is appended
    Import(ImportArgs),
    /// Mapping files: how the columns of foreign spreadsheets become events (docs/mapping.md)
    Map(MapArgs),
    /// What files may contain: the event types, or their JSON Schema (docs/events)
    Schema {
        /// Type, as in contact_recorded; without one, the types are listed
        #[arg(value_name = "TYPE")]
        event: Option<String>,
    },
    /// Append one JSON event from standard input
    Append,
    /// Judge everything recorded against every rule
    Scan(ScanArgs),
    /// The scan that nobody watches: one line of what changed, metrics, webhook, mail (docs/unattended.md)
    Nightly(NightlyArgs),
    /// The pages of the web interface, and the nightly scan at a time of day for machines without systemd
    Serve(ServeArgs),
    /// Who may use the web interface, and as what
    #[command(subcommand)]
    Account(AccountCommand),
    /// Past scans, and whether judging them again gives the same
    Scans(ScansArgs),
    /// What appeared, cleared or changed between two scans or points of knowledge, and which events did it
    Diff(DiffArgs),
    /// What would appear or clear if these events were appended; nothing is appended
    WhatIf(WhatIfArgs),
    /// Claims not yet submitted: each passes or is held, with the reasons; exit 1 if any is held
    Gate(GateArgs),
    /// Work with findings
    #[command(subcommand)]
    Findings(FindingsCommand),
    /// Money at risk, each claim line once, and the overpayment clocks that people started
    Exposure {
        /// One line for each of these
        #[arg(long, value_enum, default_value = "rule")]
        by: ExposureBy,
        #[command(flatten)]
        when: When,
    },
    /// What falls due: expiries, deadlines, birthdays that end a permission, contracts, waivers, sources to re-read
    Upcoming {
        /// How far to look ahead
        #[arg(long, value_name = "DAYS", default_value_t = 60, value_parser = clap::value_parser!(u32).range(0..=3660))]
        days: u32,
        #[command(flatten)]
        when: When,
    },
    /// Tell why a finding is one: facts, when true and when known, citation, cure
    Explain {
        /// Finding, as in F-7Q2K4MZD1A
        id: String,
        #[command(flatten)]
        when: When,
    },
    /// Reconstruct who supervised whom, or the trail of a person, individual, contact or claim
    History {
        #[arg(value_enum)]
        of: HistoryOf,
        /// Id of the peer, person, individual, contact or claim
        id: String,
        /// Only this day
        #[arg(long, value_name = "DATE")]
        on: Option<String>,
        /// As known at a seq, date or instant
        #[arg(long, value_name = "SEQ|INSTANT")]
        as_of: Option<String>,
    },
    /// The rules: citation, parameters, pages
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Hash every stored byte again and compare with what was signed
    Verify {
        /// Checkpoints kept outside the ledger
        #[arg(long, value_name = "FILE", num_args = 1..)]
        against: Vec<PathBuf>,
        /// Believe what lies before this event
        #[arg(long, value_name = "SEQ", default_value_t = 0)]
        from: u64,
    },
    /// Audit packs: one file that a reviewer checks without trusting anybody
    #[command(subcommand)]
    Pack(PackCommand),
    /// The reviewer's side: check packs, compare with what you were shown before, run the rules over them again; needs no ledger
    Review(ReviewArgs),
    /// Signed checkpoints
    #[command(subcommand)]
    Checkpoint(CheckpointCommand),
    /// Write the proof that an event is in the ledger, as a .tlog-proof that standard tools check
    Prove(ProveArgs),
    /// The tree as static files (C2SP tlog-tiles) that any web server serves
    #[command(subcommand)]
    Tiles(TilesCommand),
    /// The key that signs checkpoints
    #[command(subcommand)]
    Key(KeyCommand),
    /// Somebody outside who remembers what was signed: run one, or submit to one
    #[command(subcommand)]
    Witness(WitnessCommand),
    /// Random samples of paid claims, and what follows from what was found in them
    #[command(subcommand)]
    Sample(SampleCommand),
    /// Destroy somebody's key: what was sealed under it can never be read again, and the ledger still verifies
    Erase(EraseArgs),
    /// Legal holds, which forbid erasing
    #[command(subcommand)]
    Hold(HoldCommand),
    /// Copy the ledger into a folder and verify the copy; it may be written meanwhile (docs/operations.md)
    Backup(BackupArgs),
    /// Verify a backup and put it back where --ledger says; refuses one that is older than what was signed there
    Restore(RestoreArgs),
    /// List events as recorded
    Events {
        /// Only this type, as in credential_revoked
        #[arg(long = "type", value_name = "TYPE")]
        type_name: Option<String>,
        /// Only events that name this id
        #[arg(long, value_name = "ID")]
        subject: Option<String>,
    },
    /// The trail for other systems
    #[command(subcommand)]
    Export(ExportCommand),
    /// How the ledger stands
    Status,
    /// Look at everything around the ledger that can go wrong, and say what to do; exit 1 if anything is
    Doctor,
    /// Make a small invented agency, import it, scan it, and play a retroactive revocation
    Demo {
        /// Where to make it
        #[arg(value_name = "DIR", default_value = "countersign-demo")]
        dir: PathBuf,
    },
    /// Print shell completions
    #[command(hide = true)]
    Completions {
        /// Shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    #[command(hide = true)]
    Man,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct When {
    /// Evaluation day; deadlines count up to it
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<String>,
    /// As known at a seq, date or instant
    #[arg(long, value_name = "SEQ|INSTANT")]
    pub(crate) as_of: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ScanArgs {
    #[command(flatten)]
    pub(crate) when: When,
    /// Exit 1 when there is a finding of this class or a heavier one that is not waived
    #[arg(long, value_enum, default_value = "violation")]
    pub(crate) fail_on: FailOn,
    /// Do not record that the scan was done
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Judge everything anew, not only what could have changed since the last scan; the findings are the same
    #[arg(long)]
    pub(crate) full: bool,
    /// Show all findings, not only the first of each rule
    #[arg(long)]
    pub(crate) all: bool,
    /// Print one line: what changed since the scan before, what stands, the money at risk
    #[arg(long, conflicts_with = "all")]
    pub(crate) summary_line: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Violation,
    Documentation,
    Advisory,
    /// Any finding that the scan before did not have
    New,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HistoryOf {
    /// Every supervisor of a peer, the days covered, why each qualified or not, every gap
    Supervision,
    /// Everything about a staff member
    Person,
    /// Everything about a person served
    Individual,
    /// A contact with its note, signatures, claims and payments
    Contact,
    /// A claim with its contacts and payments
    Claim,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List the rules
    List {
        /// With every dated parameter, its source, what the agency has set and what is unset
        #[arg(long)]
        parameters: bool,
    },
    /// Show a rule's page
    Show {
        /// Rule, as in MHOTRS-CRED-01
        id: String,
    },
    /// What the guidance asks and only a person can check: not machine-checked
    Checklist {
        /// Only what concerns this kind of program: mhotrs, pros or core
        #[arg(long, value_name = "KIND")]
        program: Option<String>,
    },
    /// What other settings would change in the findings; nothing is appended
    Impact {
        /// Settings as TOML: [[set]] with name, value and from
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        when: When,
    },
}
