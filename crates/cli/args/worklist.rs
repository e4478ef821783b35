//! What `findings` and `exposure` take: filters, decisions and groups.
//! Parses and nothing else.

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use super::When;

#[derive(Debug, Subcommand)]
pub(crate) enum FindingsCommand {
    /// List findings
    List {
        #[command(flatten)]
        filter: Filter,
        #[command(flatten)]
        when: When,
    },
    /// Show one finding, with the history of what people decided
    Show {
        /// Finding
        id: String,
        #[command(flatten)]
        when: When,
    },
    /// Say that findings were seen
    Acknowledge(Decision),
    /// Give findings to somebody, with a due date
    Assign {
        #[command(flatten)]
        decision: Decision,
        /// To whom, if not to --by
        #[arg(long, value_name = "NAME")]
        to: Option<String>,
    },
    /// Hold that findings are wrong
    Dispute(Decision),
    /// Let findings be, with a reason, somebody's approval and an end (--due)
    Waive {
        #[command(flatten)]
        decision: Decision,
        /// Who approves it: another person than --by
        #[arg(long, value_name = "NAME")]
        approver: Option<String>,
    },
    /// Say that findings were put right
    Remediate(Decision),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Filter {
    /// Only this rule
    #[arg(long, value_name = "RULE")]
    pub(crate) rule: Option<String>,
    /// Only this class
    #[arg(long, value_name = "CLASS")]
    pub(crate) class: Option<String>,
    /// Only this program
    #[arg(long, value_name = "ID")]
    pub(crate) program: Option<String>,
    /// Only this peer or person
    #[arg(long, value_name = "ID")]
    pub(crate) person: Option<String>,
    /// Only this individual
    #[arg(long, value_name = "ID")]
    pub(crate) individual: Option<String>,
    /// Only findings true on or after this day
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<String>,
    /// Only what people decided so: acknowledged, assigned, disputed, waived, remediated, none, or expired (waivers)
    #[arg(long, value_name = "WORD")]
    pub(crate) disposition: Option<String>,
    /// Only findings with at least this much at risk, in dollars
    #[arg(long, value_name = "DOLLARS")]
    pub(crate) min_amount: Option<String>,
    /// Only findings first detectable more than this many days ago
    #[arg(long, value_name = "DAYS")]
    pub(crate) older_than: Option<u32>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Decision {
    /// Findings, as in F-7Q2K4MZD1A
    #[arg(value_name = "ID")]
    pub(crate) ids: Vec<String>,
    #[command(flatten)]
    pub(crate) filter: Filter,
    /// Instead of ids: every finding that fits the filters
    #[arg(long, conflicts_with = "ids")]
    pub(crate) all_matching: bool,
    /// Who decides
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,
    /// The day it was decided
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) rationale: Option<String>,
    /// Due date; of a waiver, its last day, after which the finding is open again
    #[arg(long, value_name = "DATE")]
    pub(crate) due: Option<String>,
    /// Evaluation day on which the findings are looked up
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExposureBy {
    /// The rule broken
    Rule,
    /// The program on the claim
    Program,
    /// The peer who delivered the contact
    Peer,
    /// The month of the service
    Month,
}
