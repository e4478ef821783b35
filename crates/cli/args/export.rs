//! Arguments of writing the trail for other systems.
//! Parses and nothing else.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum ExportCommand {
    /// An AuditEvent for every event, and a Provenance for those about a resource, as FHIR R4 bulk data on standard output
    Fhir {
        /// Only events that name this id
        #[arg(long, value_name = "ID")]
        subject: Option<String>,
    },
}
