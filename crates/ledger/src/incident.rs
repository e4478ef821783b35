//! What an opening met and could deal with: a crash before it, a key file cut short, a high-water file that is missing or old.
//! It refuses to be silent about any of them, and to be an error: the ledger is open.

/// Something that happened to the files and must be told, though the ledger opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incident {
    /// The database was repaired after a crash; everything was verified afterwards.
    Repaired,
    /// The last flush of subject keys was interrupted and cleaned away; nothing was committed under those keys.
    VaultTorn {
        /// How many bytes.
        bytes: u64,
    },
    /// There is a signed checkpoint in the database but no high-water file beside it.
    HighWaterMissing,
    /// The high-water file is older than the last signed checkpoint: a crash came between the two, or an old file was put back.
    HighWaterStale {
        /// Events under the checkpoint in the database.
        database: u64,
        /// Events under the one in the file.
        file: u64,
    },
}

impl std::fmt::Display for Incident {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Repaired => f.write_str("the database was repaired after a crash, and everything was verified afterwards"),
            Self::VaultTorn { bytes } => write!(f, "{bytes} bytes of an unfinished flush of subject keys were cleaned away"),
            Self::HighWaterMissing => f.write_str("the high-water file is missing; the next checkpoint writes it again"),
            Self::HighWaterStale { database, file } => write!(
                f,
                "the high-water file says {file} events, the database was signed over {database}: a crash came between the two, or an old file \
                 was put back; the next checkpoint writes it again"
            ),
        }
    }
}
