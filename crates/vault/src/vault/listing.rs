//! Who was erased, by pseudonym: for comparing the vault with what its ledger says.
//! It refuses to list those who have a key; nobody needs to walk through them.

use super::Vault;
use crate::pseudonym::Pseudonym;
use crate::subject::Subject;

impl Vault {
    /// Everybody whose key was destroyed, or who was erased without ever having one, in order.
    pub fn erased(&self) -> Vec<Pseudonym> {
        let erased = self.subjects.iter().filter(|(_, subject)| matches!(subject, Subject::Erased));
        let mut erased: Vec<Pseudonym> = erased.map(|(who, _)| *who).collect();
        erased.sort_unstable();
        erased
    }
}
