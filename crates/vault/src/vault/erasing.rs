//! Erasing a subject: the file written anew without the key and put in the old one's place, which is overwritten.
//! It refuses to leave it open which file counts: whatever fails after the rename poisons the vault until it is opened again.

use std::fs::{self, OpenOptions};

use super::{AGENCY_SECRET, Erasure, Key, LEDGER_SECRET, SIMULATION_SEED, STAGING_FILE, Vault, append_to, random_nonce};
use crate::error::{NoKey, VaultError, at};
use crate::private_file;
use crate::pseudonym::Pseudonym;
use crate::slot::{Kind, header};
use crate::subject::Subject;

impl Vault {
    /// Destroys the subject's key for good and leaves a tombstone, durably; keys not yet flushed
    /// become durable with it. If we stop here: before the rename nothing has happened, after it
    /// the key is gone. The ledger appends its `subject_erased` event afterwards and, when it
    /// finds a tombstone without one, appends it then.
    ///
    /// # Errors
    /// [`VaultError::Io`], [`VaultError::NoRandomness`]: not acknowledged, ask again, after
    /// reopening if the next call says [`VaultError::Poisoned`]. [`VaultError::Damaged`] when a slot,
    /// anybody's, is not of this vault.
    pub fn erase(&mut self, who: Pseudonym) -> Result<Erasure, VaultError> {
        self.writing()?;
        let outcome = match self.subjects.get(&who) {
            Some(Subject::Erased) => return Ok(Erasure::AlreadyErased),
            Some(Subject::Drawn(_) | Subject::Stored(_)) => Erasure::Destroyed,
            None => Erasure::NeverHadKey,
        };
        self.rewrite(Some(who))?;
        if let Some(Subject::Stored(stored)) = self.subjects.insert(who, Subject::Erased) {
            stored.wipe(&mut self.file);
        }
        Ok(outcome)
    }

    /// Writes the file anew, with a tombstone for `erased`, and puts it in the old one's place.
    pub(super) fn rewrite(&mut self, erased: Option<Pseudonym>) -> Result<(), VaultError> {
        let bytes = self.image(erased)?;
        let dir = private_file::parent(&self.path);
        let staging = dir.join(STAGING_FILE);
        private_file::remove_if_there(&staging)?;
        // Whole and synced before it takes the name. If we stop here: the old file counts, and the
        // next opening removes this one.
        private_file::create_new(&staging, &bytes)?;
        let old = OpenOptions::new().write(true).open(&self.path).map_err(at(&self.path))?;
        // Whatever fails from here to the end, memory and file may differ: only a reopening can
        // tell, and appending to a file that has lost its name would lose keys.
        self.poisoned = true;
        fs::rename(&staging, &self.path).map_err(at(&self.path))?;
        private_file::sync_dir(dir)?;
        if let Some(writing) = &mut self.writing {
            writing.file = append_to(&self.path)?;
        }
        self.poisoned = false;
        self.unflushed.clear();
        self.next_batch = 1;
        private_file::overwrite(old);
        Ok(())
    }

    /// The whole file as of now, in the order of the pseudonyms, so that it does not tell who
    /// came first.
    fn image(&self, erased: Option<Pseudonym>) -> Result<Vec<u8>, VaultError> {
        let no_key = Key::default();
        let mut entries = vec![(Kind::Secret, LEDGER_SECRET, &self.ledger_secret), (Kind::Secret, AGENCY_SECRET, &self.agency_secret)];
        entries.extend(self.seed.iter().map(|seed| (Kind::Secret, SIMULATION_SEED, seed)));
        let secrets = entries.len();
        for (who, subject) in self.subjects.iter().filter(|(who, _)| Some(**who) != erased) {
            entries.push(match subject.key(self.slots(), &self.wrapper) {
                Ok(key) => (Kind::SubjectKey, who.0, &key.0),
                Err(NoKey::Erased(_)) => (Kind::Tombstone, who.0, &no_key),
                // Left out, a key that was exchanged would be gone without a word.
                Err(foreign @ NoKey::Foreign { .. }) => return Err(self.explain(foreign)),
            });
        }
        entries.extend(erased.map(|who| (Kind::Tombstone, who.0, &no_key)));
        entries[secrets..].sort_unstable_by_key(|(_, id, _)| *id);

        let mut bytes = header(&self.vault_id, entries.len() as u64).to_vec();
        for (place, (kind, id, key)) in (0..).zip(entries) {
            let slot = self.wrapper.wrap(kind, id, 0, place, random_nonce()?, key);
            bytes.extend_from_slice(&slot.to_bytes());
        }
        Ok(bytes)
    }
}
