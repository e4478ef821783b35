//! Arguments of unattended runs: the night's scan, and the service that does it every night.
//! Parses and nothing else; a secret is never an argument.

use clap::Args as ClapArgs;

use super::FailOn;

#[derive(Debug, ClapArgs)]
pub(crate) struct NightlyArgs {
    /// Exit 1 when there is a finding of this class or a heavier one that is not waived
    #[arg(long, value_enum, default_value = "violation")]
    pub(crate) fail_on: FailOn,
    /// Wait so long for another run or an import to finish, then exit 5
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    pub(crate) wait: u64,
    /// Send nothing; what there is to send waits for the next run
    #[arg(long)]
    pub(crate) no_send: bool,
    /// Only read unattended.toml and the secrets it names, and say what waits to be sent
    #[arg(long, conflicts_with_all = ["no_send", "fail_on"])]
    pub(crate) check: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ServeArgs {
    /// Run the nightly scan at this time, New York time; a night missed is caught up at the start
    #[arg(long, value_name = "HH:MM")]
    pub(crate) scan_at: Option<String>,
    /// Where the pages are; to this machine alone, at 127.0.0.1:8480, if not said
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<String>,
    /// Encrypt the pages with this certificate (PEM, the server's own first, then those between it and an authority); others than this machine may then come in
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<std::path::PathBuf>,
    /// The certificate's private key (PEM, without a passphrase), which only its owner and group may read; a renewed pair is taken up without a restart
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<std::path::PathBuf>,
}
