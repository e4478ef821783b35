//! A backup of a ledger that may be written meanwhile, and putting one back.
//! It refuses to overwrite anything, to call a backup done that it has not verified, and to put back one that is older than what was signed.
//!
//! ```text
//! DIR/ledger.redb   every event, tree and table as of one commit, copied row by row
//! DIR/high-water    the checkpoint signed last before that commit
//! DIR/outside/      what others said of it until then
//! KEYS/             only when asked for, and elsewhere: log-key, master-key, subjects.vault
//! ```
//!
//! Keys lie apart, because who has both a backup and its keys has every birth date in it, and because an erasure reaches no copy of a key.

use std::fs;
use std::path::{Path, PathBuf};

use chain::Genesis;
use redb::{Key, ReadTransaction, ReadableTable as _, TableDefinition, Value, WriteTransaction};
use transparency::Signer;
use vault::VAULT_FILE;

use crate::anchor;
use crate::core::{Head, log_keys, read_head};
use crate::directory::{self, DATABASE_FILE, Directory};
use crate::error::{LedgerError, at};
use crate::ledger::Ledger;
use crate::outside;
use crate::store::{AMENDMENTS, BLOCKS, INDIVIDUALS, KEYS, META, Rows as _, Store, TILES, failed, guarded};
use crate::verified::VerifyReport;
use crate::verify::VerifyOptions;

/// Where a backup goes, and what goes with it.
#[derive(Clone, Copy)]
pub struct BackupOptions<'a> {
    /// The folder to make; it does not exist yet, or is empty.
    pub to: &'a Path,
    /// A folder to make for the keys, outside of the other; without one they are not copied.
    pub keys_to: Option<&'a Path>,
    /// Files of the ledger's directory that are copied as they are where they exist, as settings.
    pub beside: &'a [&'a str],
    /// Called with events verified and all events.
    pub progress: Option<&'a dyn Fn(u64, u64)>,
}

/// A backup that is on the disk and verified, or one that was put back.
#[derive(Clone, Debug)]
pub struct Backup {
    /// The ledger as of the copy.
    pub head: Head,
    /// What verifying the copy said.
    pub report: VerifyReport,
    /// Every file copied, by its path under the folder.
    pub files: Vec<String>,
    /// The key files copied, by name; empty when they were not asked for, or were there.
    pub key_files: Vec<String>,
}

impl Ledger {
    /// Copies the ledger as of now into a folder, durably, and verifies the copy; appends go on meanwhile.
    ///
    /// If we stop here: a folder ending in `.unfinished` beside the one asked for, which is no backup and may be deleted. Where it only fails, as
    /// on a full disk, that folder is taken away again.
    ///
    /// # Errors
    /// [`LedgerError::Exists`], [`LedgerError::Backup`], [`LedgerError::Damaged`] when the copy does not verify; [`LedgerError::Io`].
    pub fn backup(&self, options: &BackupOptions<'_>) -> Result<Backup, LedgerError> {
        if let Some(keys) = options.keys_to {
            if absolute(keys)?.starts_with(absolute(options.to)?) || absolute(options.to)?.starts_with(absolute(keys)?) {
                return Err(LedgerError::Backup("keys and backup are to lie apart, in folders that do not contain one another".into()));
            }
            vacant(keys)?;
        }
        vacant(options.to)?;
        let staging = with_end(options.to, ".unfinished");
        make_folder(&staging)?;
        let made = self.back_up_by_way_of(&staging, options);
        if made.is_err() {
            // The failure is what is told; a folder that cannot be taken away names itself to the next attempt.
            let _ = fs::remove_dir_all(&staging);
        }
        made
    }

    fn back_up_by_way_of(&self, staging: &Path, options: &BackupOptions<'_>) -> Result<Backup, LedgerError> {
        let from = &self.core.directory;
        // What others said is read before the commit that is copied, so that it cannot be about more.
        let mut files = Vec::new();
        copy_outside(from, staging, &mut files)?;
        let txn = self.core.store.read()?;
        let (head, checkpoint) = guarded(|| Ok((read_head(&txn)?, txn.meta("checkpoint")?)))?;
        copy_rows(&txn, &staging.join(DATABASE_FILE))?;
        files.push(DATABASE_FILE.to_owned());
        if let Some(checkpoint) = checkpoint {
            directory::write_new_private(&staging.join("high-water"), &checkpoint)?;
            files.push("high-water".to_owned());
        }
        for name in options.beside.iter().filter(|name| from.path().join(name).is_file()) {
            copy_file(&from.path().join(name), &staging.join(name))?;
            files.push((*name).to_owned());
        }
        // Keys come after the events that need them: they are flushed before an event is committed.
        let mut key_files = Vec::new();
        if let Some(keys) = options.keys_to {
            key_files = copy_keys(&from.keys(), keys)?;
            let signer = Signer::parse(directory::read_private(&keys.join("log-key"))?.trim_end()).ok();
            let named = guarded(|| log_keys(&self.core.genesis, &txn))?;
            if signer.is_none_or(|signer| signer.verifier() != named.current()) {
                return Err(LedgerError::Backup("the log key was changed meanwhile; delete what was begun and make the backup again".into()));
            }
        }
        drop(txn);
        let keys = options.keys_to.map_or_else(|| from.keys(), Path::to_owned);
        let report = verified(Directory::with_keys(staging, &keys), &head, options.progress)?;
        directory::sync_dir(staging)?;
        fs::rename(staging, options.to).map_err(at(options.to))?;
        directory::sync_dir(&folder_of(options.to))?;
        files.sort_unstable();
        Ok(Backup { head, report, files, key_files })
    }

    /// Verifies a backup with its keys and puts it where a ledger is to be, durably. `dry_run` verifies and compares, and writes nothing.
    ///
    /// `keys` are those kept apart; without them, the keys that lie in `to` already are used. A high-water file and what witnesses said that lie
    /// in `to` stay, and the backup must continue them.
    ///
    /// If we stop here: `to` holds no ledger yet, or the whole of it.
    ///
    /// # Errors
    /// [`LedgerError::NotALedger`], [`LedgerError::Backup`] when something is in the way or keys are missing; [`LedgerError::RolledBack`] and
    /// [`LedgerError::Rewritten`] when what lies in `to` was signed over more, or over something else; as [`Ledger::open_reader`].
    pub fn restore(from: &Path, keys: Option<&Path>, to: &Path, dry_run: bool, progress: Option<&dyn Fn(u64, u64)>) -> Result<(Backup, Genesis), LedgerError> {
        let target = Directory::new(to);
        if target.database().exists() {
            let what = format!("{} is in the way, and nothing is overwritten: move it elsewhere and keep it as evidence, or restore to another folder", target.database().display());
            return Err(LedgerError::Backup(what));
        }
        let there = target.keys().join(VAULT_FILE).exists();
        let used = match keys {
            Some(_) if there => {
                let what = format!("{} holds keys already: leave out the others, or move these elsewhere", target.keys().display());
                return Err(LedgerError::Backup(what));
            }
            Some(keys) => keys.to_owned(),
            None if there => target.keys(),
            None => {
                let what = format!("{} holds no keys, and without the keys of the ledger nothing in a backup can be checked or read: say where they are", target.keys().display());
                return Err(LedgerError::Backup(what));
            }
        };
        let source = Ledger::open_reader_at(Directory::with_keys(from, &used))?;
        anchor::compare_beside(&source.core, &target)?;
        let head = source.head()?;
        if dry_run {
            let report = source.verify(&VerifyOptions { from: 0, progress })?.into_result()?;
            return Ok((Backup { head, report, files: Vec::new(), key_files: Vec::new() }, source.core.genesis));
        }
        directory::ensure_private(to)?;
        let staging = to.join("restoring");
        make_folder(&staging)?;
        let mut files = vec![DATABASE_FILE.to_owned()];
        copy_file(&source.core.directory.database(), &staging.join(DATABASE_FILE))?;
        let report = verified(Directory::with_keys(&staging, &used), &head, progress)?;
        copy_outside(&source.core.directory, to, &mut files)?;
        for entry in fs::read_dir(from).map_err(at(from))? {
            let name = entry.map_err(at(from))?.file_name();
            let (path, copy) = (from.join(&name), to.join(&name));
            let plain = path.is_file() && !copy.exists() && !LEFT.contains(&name.to_string_lossy().as_ref());
            if plain {
                copy_file(&path, &copy)?;
                files.push(name.to_string_lossy().into_owned());
            }
        }
        let key_files = if there { Vec::new() } else { copy_keys(&used, &target.keys())? };
        // The database comes last: a directory without one is no ledger, whatever else lies in it.
        fs::rename(staging.join(DATABASE_FILE), target.database()).map_err(at(&target.database()))?;
        fs::remove_dir(&staging).map_err(at(&staging))?;
        directory::sync_dir(to)?;
        files.sort_unstable();
        Ok((Backup { head, report, files, key_files }, source.core.genesis))
    }
}

/// What lies in a backup and is not copied back as a plain file: the database is moved last, locks are of the process that made them.
const LEFT: &[&str] = &[DATABASE_FILE, "writer.lock"];

/// The keys of a ledger.
const KEY_FILES: [&str; 3] = ["log-key", "master-key", VAULT_FILE];

fn verified(copy: Directory, head: &Head, progress: Option<&dyn Fn(u64, u64)>) -> Result<VerifyReport, LedgerError> {
    let copy = Ledger::open_reader_at(copy)?;
    if copy.head()? != *head {
        return Err(LedgerError::Backup("the copy is not what was copied; is the disk in order?".into()));
    }
    copy.verify(&VerifyOptions { from: 0, progress })?.into_result()
}

/// Every table row by row into a new file: a consistent copy, whatever is appended meanwhile, and without the pages nothing stands on.
fn copy_rows(from: &ReadTransaction, to: &Path) -> Result<(), LedgerError> {
    let store = Store::create(to)?;
    let txn = store.write()?;
    guarded(|| {
        copy_table(from, &txn, META)?;
        copy_table(from, &txn, BLOCKS)?;
        copy_table(from, &txn, TILES)?;
        copy_table(from, &txn, KEYS)?;
        copy_table(from, &txn, INDIVIDUALS)?;
        copy_table(from, &txn, AMENDMENTS)?;
        txn.commit().map_err(failed)
    })
}

fn copy_table<K: Key + 'static, V: Value + 'static>(from: &ReadTransaction, to: &WriteTransaction, table: TableDefinition<'_, K, V>) -> Result<(), LedgerError> {
    let rows = from.open_table(table).map_err(failed)?;
    let mut copy = to.open_table(table).map_err(failed)?;
    for row in rows.iter().map_err(failed)? {
        let (key, value) = row.map_err(failed)?;
        copy.insert(key.value(), value.value()).map_err(failed)?;
    }
    Ok(())
}

fn copy_outside(from: &Directory, to: &Path, files: &mut Vec<String>) -> Result<(), LedgerError> {
    let names = outside::names(&from.outside())?;
    let names: Vec<String> = names.into_iter().filter(|name| name != "lock" && !name.ends_with(".new")).collect();
    if names.is_empty() {
        return Ok(());
    }
    let folder = to.join("outside");
    directory::ensure_private(&folder)?;
    for name in names {
        let copy = folder.join(&name);
        // What lies there says at least as much: it was compared.
        if !copy.exists() {
            copy_file(&from.outside().join(&name), &copy)?;
            files.push(format!("outside/{name}"));
        }
    }
    directory::sync_dir(&folder)
}

fn copy_keys(from: &Path, to: &Path) -> Result<Vec<String>, LedgerError> {
    directory::ensure_private(to)?;
    for name in KEY_FILES {
        copy_file(&from.join(name), &to.join(name))?;
    }
    directory::sync_dir(to)?;
    Ok(KEY_FILES.map(str::to_owned).to_vec())
}

/// Copies a file, 0600 and durably, through the system so that its size does not matter.
fn copy_file(from: &Path, to: &Path) -> Result<(), LedgerError> {
    let mut source = fs::File::open(from).map_err(at(from))?;
    let mut copy = fs::OpenOptions::new().write(true).create_new(true).open(to).map_err(at(to))?;
    directory::make_private(&copy).map_err(at(to))?;
    std::io::copy(&mut source, &mut copy).and_then(|_| copy.sync_all()).map_err(at(to))
}

fn make_folder(path: &Path) -> Result<(), LedgerError> {
    if path.exists() {
        let what = format!("{} was left by a backup or restore that was interrupted, and is no use to anybody: delete it and try again", path.display());
        return Err(LedgerError::Backup(what));
    }
    directory::ensure_private(path)
}

fn vacant(path: &Path) -> Result<(), LedgerError> {
    match fs::read_dir(path) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(LedgerError::Exists(path.to_owned())),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(at(path)(error)),
    }
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(end);
    path.with_file_name(name)
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

fn absolute(path: &Path) -> Result<PathBuf, LedgerError> {
    std::path::absolute(path).map_err(at(path))
}
