//! Who somebody is to this interface, and so what they may see and do.
//! The words stand in the accounts file; none is ever renamed.

use serde::{Deserialize, Serialize};

/// A role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Works the list: reads everything, decides, asks for waivers.
    Officer,
    /// Reads everything, and approves the waivers that others ask for.
    Approver,
    /// Reads findings and people, acknowledges and remediates.
    Supervisor,
    /// Reads findings, claims and money, and remediates.
    Biller,
    /// A peer: their own record and the findings about them.
    Peer,
    /// A state reviewer: what lies inside the bounds of the visit, and nothing is done.
    Reviewer,
    /// Keeps accounts and reads the activity log; sees no record.
    Administrator,
    /// A program with a token: reads.
    Service,
    /// Whoever is at this machine, while a simulated ledger has no accounts: reads.
    #[serde(skip)]
    Guest,
}

impl Role {
    /// Every role that an account can have.
    pub const ALL: [Role; 8] =
        [Role::Officer, Role::Approver, Role::Supervisor, Role::Biller, Role::Peer, Role::Reviewer, Role::Administrator, Role::Service];

    /// The word in the accounts file and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Officer => "officer",
            Role::Approver => "approver",
            Role::Supervisor => "supervisor",
            Role::Biller => "biller",
            Role::Peer => "peer",
            Role::Reviewer => "reviewer",
            Role::Administrator => "administrator",
            Role::Service => "service",
            Role::Guest => "guest",
        }
    }

    /// Reads a role.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// The role as a page names it.
    pub(crate) fn named(self) -> &'static str {
        match self {
            Role::Officer => "compliance officer",
            Role::Reviewer => "state reviewer",
            Role::Service => "service",
            Role::Approver | Role::Supervisor | Role::Biller | Role::Peer | Role::Administrator | Role::Guest => self.as_str(),
        }
    }

    /// Whether only a part of the findings is shown.
    pub(crate) fn is_bounded(self) -> bool {
        matches!(self, Role::Peer | Role::Reviewer)
    }
}

/// Everybody, with an account or without.
pub(crate) const ANYBODY: &[Role] = &[
    Role::Officer,
    Role::Approver,
    Role::Supervisor,
    Role::Biller,
    Role::Peer,
    Role::Reviewer,
    Role::Administrator,
    Role::Service,
    Role::Guest,
];
/// Whoever is logged in.
pub(crate) const MEMBERS: &[Role] =
    &[Role::Officer, Role::Approver, Role::Supervisor, Role::Biller, Role::Peer, Role::Reviewer, Role::Administrator];
/// Everybody who reads the agency's own pages.
pub(crate) const READERS: &[Role] = &[Role::Officer, Role::Approver, Role::Supervisor, Role::Biller, Role::Service, Role::Guest];
/// The same, and those who see a part of the findings.
pub(crate) const FINDERS: &[Role] =
    &[Role::Officer, Role::Approver, Role::Supervisor, Role::Biller, Role::Peer, Role::Reviewer, Role::Service, Role::Guest];
/// Those who see no record, too: rules, scans, evidence.
pub(crate) const PUBLIC: &[Role] = ANYBODY;
/// Those who see a part.
pub(crate) const BOUNDED: &[Role] = &[Role::Peer, Role::Reviewer];
/// Who reads what is on record of an individual: a reviewer what lies inside the visit.
pub(crate) const TRAILS: &[Role] = &[Role::Officer, Role::Approver, Role::Supervisor, Role::Biller, Role::Reviewer, Role::Service, Role::Guest];
/// Who may learn who individuals are.
pub(crate) const UNVEILERS: &[Role] = &[Role::Officer, Role::Approver, Role::Supervisor, Role::Biller, Role::Reviewer];
/// Who reads the activity log.
pub(crate) const WATCHERS: &[Role] = &[Role::Officer, Role::Administrator];
/// Who decides about findings.
pub(crate) const DECIDERS: &[Role] = &[Role::Officer, Role::Supervisor, Role::Biller];
/// Who approves waivers that another asked for.
pub(crate) const APPROVERS: &[Role] = &[Role::Officer, Role::Approver];
/// Who hands records out, and takes them in.
pub(crate) const KEEPERS: &[Role] = &[Role::Officer];
/// Who sees all that is on record of staff: a peer of themselves.
pub(crate) const COLLEAGUES: &[Role] = &[Role::Officer, Role::Approver, Role::Supervisor, Role::Biller, Role::Peer, Role::Service, Role::Guest];
/// Who sees somebody on the staff: the same, and a reviewer what of them lies inside the visit.
pub(crate) const STAFF: &[Role] =
    &[Role::Officer, Role::Approver, Role::Supervisor, Role::Biller, Role::Peer, Role::Reviewer, Role::Service, Role::Guest];
/// Who reads counts of everything: monitors, and those who see everything anyway.
pub(crate) const MONITORS: &[Role] = &[Role::Officer, Role::Approver, Role::Administrator, Role::Service, Role::Guest];
