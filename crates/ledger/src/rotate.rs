//! Changing the log key: a new key takes over with a statement that the old and the new key both sign, and an event that says so.
//! It refuses to leave a ledger without a key that can sign: at every step one of the two key files is the one the database names.

use domain::event::KeyRotated;
use domain::{Draft, KnownAt, Seq, Text};
use transparency::{KeyRotation, Signer};
use zeroize::Zeroizing;

use crate::batch::Batch;
use crate::core::{Core, ROTATIONS, rotations_bytes};
use crate::directory;
use crate::error::{LedgerError, at, damaged};
use crate::ledger::Ledger;
use crate::outcome::Outcome;
use crate::store::{META, failed, guarded};

impl Ledger {
    /// Changes the log key and gives the text of the signed statement, which everybody who holds the old key should be given. The old secret
    /// key is gone afterwards; the checkpoints it signed still verify.
    ///
    /// If we stop here: before the commit the old key is in force, and a file `log-key.next` lies unused until the next rotation replaces
    /// it; after the commit the new key is, and whoever opens the ledger next for writing puts its file in place.
    ///
    /// # Errors
    /// As [`Ledger::sign_checkpoint`]; [`LedgerError::LogKey`].
    pub fn rotate_log_key(&mut self, now: KnownAt) -> Result<String, LedgerError> {
        // What the old key vouches for ends here, and everything until here is under it.
        self.sign_checkpoint()?;
        let head = self.head()?;
        let writer = self.writer.as_mut().ok_or(LedgerError::ReadOnly)?;
        let path = self.core.directory.next_log_key();
        let unusable = |reason: String| LedgerError::LogKey { path: path.clone(), reason };
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut_slice()).map_err(|error| unusable(format!("the system gives no random bytes: {error}")))?;
        let new = Signer::from_seed(self.core.genesis.origin(), &seed).map_err(|error| unusable(error.to_string()))?;
        let (rotation, note) = KeyRotation::sign(&writer.signer, &new, head.size, head.root).map_err(|error| unusable(error.to_string()))?;
        let mut keys = self.core.keys.clone();
        keys.extend(note.clone()).map_err(|error| unusable(error.to_string()))?;
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(at(&path)(error)),
            Ok(()) | Err(_) => {}
        }
        let skey = Zeroizing::new(format!("{}\n", *Zeroizing::new(new.to_skey())));
        directory::write_new_private(&path, skey.as_bytes())?;
        directory::sync_dir(&self.core.directory.keys())?;

        let text = |text: String| Text::parse(&text).map_err(|_| damaged("a key's text is too long for an event"));
        let event = KeyRotated { old_key: text(rotation.old.to_string())?, new_key: text(rotation.new.to_string())?, from_seq: Seq(head.size) };
        let mut batch = Batch::begin(&self.core, &mut writer.edge, now, false)?;
        match batch.push(&Draft::bare(event))? {
            Outcome::Appended(_) => {}
            Outcome::AlreadyThere(_) | Outcome::Refused(_) => return Err(damaged("the event of a key rotation was refused")),
        }
        guarded(|| {
            let mut meta = batch.staging.ledger()?.open_table(META).map_err(failed)?;
            meta.insert(ROTATIONS, rotations_bytes(&keys).as_slice()).map_err(failed)?;
            Ok(())
        })?;
        if let Err(error) = batch.commit() {
            writer.poisoned = true;
            return Err(error);
        }
        writer.signer = new;
        self.core.keys = keys;
        finish(&self.core)?;
        self.sign_checkpoint()?;
        Ok(note.to_string())
    }
}

/// Puts the next log key in place when the database names it already, as after a rotation that was interrupted.
pub(crate) fn finish(core: &Core) -> Result<(), LedgerError> {
    let (path, next) = (core.directory.log_key(), core.directory.next_log_key());
    if core.keys.rotations().is_empty() || !next.exists() {
        return Ok(());
    }
    let text = Zeroizing::new(directory::read_private(&next)?);
    // A file that was cut short belongs to a rotation that never happened.
    if Signer::parse(text.trim_end()).is_ok_and(|signer| signer.verifier() == core.keys.current()) {
        std::fs::rename(&next, &path).map_err(at(&path))?;
        directory::sync_dir(&core.directory.keys())?;
    }
    Ok(())
}
