//! Arguments of emptying a drop folder.
//! Parses and nothing else.

use std::path::PathBuf;

use clap::Args as ClapArgs;

#[derive(Debug, ClapArgs)]
pub(crate) struct WatchArgs {
    /// Import every file that appears in this folder and move it to done/ or refused/; without DIR, the folder of drop.toml (docs/drop-folder.md)
    #[arg(long, value_name = "DIR", num_args = 0..=1, conflicts_with_all = ["paths", "as_type", "dry_run", "partial"])]
    pub(crate) watch: Option<Option<PathBuf>>,
    /// With --watch: look once and end
    #[arg(long, requires = "watch")]
    pub(crate) once: bool,
    /// With --watch: look so often
    #[arg(long, value_name = "SECONDS", default_value_t = 10, requires = "watch", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) every: u64,
}
