//! Who somebody is to this interface, and so what they may see and do.
//! The words stand in the accounts file; none is ever renamed.

/// A role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Whoever is at this machine, while a simulated ledger has no accounts: reads, and does nothing.
    Guest,
}

/// Everybody who reads the agency's own pages.
pub(crate) const READERS: &[Role] = &[Role::Guest];
