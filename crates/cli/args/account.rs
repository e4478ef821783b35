//! Arguments of `account`: who may use the web interface.
//! Parses and nothing else; a password is never an argument.

use clap::{Args as ClapArgs, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Make an account; its password, or a service's token, is printed once and kept nowhere
    Add(AddArgs),
    /// Who has an account, and as what
    List,
    /// Give somebody another password, or a service another token
    Password {
        /// Whose
        name: String,
        /// Take the first line of standard input instead of making one
        #[arg(long)]
        stdin: bool,
    },
    /// Ask somebody for one-time codes from now on; prints the secret for their app
    Codes {
        /// Whose
        name: String,
    },
    /// Close an account; the name stays taken, because what they did stands under it
    Close {
        /// Whose
        name: String,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct AddArgs {
    /// The name that stands under what they do
    pub(crate) name: String,
    /// officer, approver, supervisor, biller, peer, reviewer, administrator or service (docs/web.md)
    #[arg(long)]
    pub(crate) role: String,
    /// Of a peer: who they are in the ledger, as in P-213
    #[arg(long, value_name = "ID")]
    pub(crate) person: Option<String>,
    /// Of a reviewer: only this program; may be given more than once
    #[arg(long = "program", value_name = "ID")]
    pub(crate) programs: Vec<String>,
    /// Of a reviewer: services from this day on
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<String>,
    /// Of a reviewer: services through this day
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<String>,
    /// Of a reviewer: only claims named in this file, one a line
    #[arg(long, value_name = "FILE")]
    pub(crate) claims: Option<std::path::PathBuf>,
    /// Of a reviewer: the last day on which they may log in
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<String>,
    /// Take the password from the first line of standard input instead of making one
    #[arg(long)]
    pub(crate) stdin: bool,
}
