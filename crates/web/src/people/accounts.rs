//! Accounts: a file beside the ledger that only its owner may read, with hashes of passwords and tokens and nothing to log in with.
//! Nothing of it is ever an event; a name that did something stands under it for ever, so a name is not given twice.

use std::path::{Path, PathBuf};

use audit::beside;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::bounds::Bounds;
use super::secret::NoChance;
use super::{password, secret, totp};
use crate::roles::Role;

const FILE: &str = "accounts.json";
const SCHEMA: &str = "countersign.accounts.v1";

/// What is the matter with accounts.
#[derive(Debug, Error)]
pub enum AccountError {
    /// The file.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The file does not say what it must.
    #[error("{path} is no list of accounts: {what}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What is the matter.
        what: String,
    },
    /// What was asked for cannot be.
    #[error("{0}")]
    Refused(String),
    /// No random numbers.
    #[error(transparent)]
    NoChance(#[from] NoChance),
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The name that stands under acts.
    pub name: String,
    /// What they may see and do.
    pub role: Role,
    /// argon2id, in PHC form; of a service, the SHA-256 of its token.
    hash: String,
    /// Secret of one-time codes, base32.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    totp: Option<String>,
    /// Of a peer: who they are in the ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Of a reviewer: what they see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounds: Option<Bounds>,
    /// Of somebody whom a provider vouches for: its issuer and its own id of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    vouched: Option<String>,
    /// May not log in any more; the name stays taken.
    #[serde(default)]
    pub closed: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    schema: String,
    accounts: Vec<Account>,
}

/// The accounts of a ledger.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    path: PathBuf,
    all: Vec<Account>,
}

/// Somebody to be given an account.
#[derive(Debug, Clone)]
pub struct Newcomer {
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Of a peer.
    pub person: Option<String>,
    /// Of a reviewer.
    pub bounds: Option<Bounds>,
}

impl Accounts {
    /// Reads the accounts of the ledger in a directory; none where there is no file.
    ///
    /// # Errors
    /// A file that cannot be read or does not say what it must.
    pub fn read(ledger: &Path) -> Result<Self, AccountError> {
        let path = ledger.join(FILE);
        let Some(bytes) = beside::if_there(std::fs::read(&path)).map_err(|source| AccountError::Io { path: path.clone(), source })? else {
            return Ok(Self { path, all: Vec::new() });
        };
        let unreadable = |what: String| AccountError::Unreadable { path: path.clone(), what };
        let stored: Stored = serde_json::from_slice(&bytes).map_err(|e| unreadable(e.to_string()))?;
        if stored.schema != SCHEMA {
            return Err(unreadable(format!("its schema is {}, not {SCHEMA}", stored.schema)));
        }
        Ok(Self { path, all: stored.accounts })
    }

    /// Every account, in the order in which they were made.
    pub fn all(&self) -> &[Account] {
        &self.all
    }

    /// An account that is not closed, by its name.
    pub(crate) fn open(&self, name: &str) -> Option<&Account> {
        self.all.iter().find(|a| same_name(&a.name, name) && !a.closed)
    }

    /// The service whose token this is.
    pub(crate) fn service(&self, token: &str) -> Option<&Account> {
        let digest = secret::digest(token);
        self.all.iter().find(|a| a.role == Role::Service && !a.closed && secret::same(&a.hash, &digest))
    }

    /// Makes an account and writes the file; gives the password or token, which is kept nowhere.
    ///
    /// # Errors
    /// A name that is taken or none, a role that lacks what it needs, a file that cannot be written.
    pub fn add(&mut self, who: &Newcomer, chosen: Option<&str>) -> Result<String, AccountError> {
        let name = self.free(&who.name)?;
        if (who.role == Role::Peer) != who.person.is_some() {
            return Err(AccountError::Refused("a peer, and only a peer, needs --person: who they are in the ledger".to_owned()));
        }
        if (who.role == Role::Reviewer) != who.bounds.is_some() {
            return Err(AccountError::Refused("a reviewer, and only a reviewer, needs the bounds of the visit: --program, --from, --to or --claims".to_owned()));
        }
        let (given, hash) = fresh(who.role, chosen)?;
        let account = Account { name, role: who.role, hash, totp: None, person: who.person.clone(), bounds: who.bounds.clone(), vouched: None, closed: false };
        self.all.push(account);
        self.write()?;
        Ok(given)
    }

    /// The account of somebody whom a provider vouches for, made the first time; their role is what it says now. Gives its name.
    ///
    /// # Errors
    /// A closed account, a name that is somebody else's, a file that cannot be written.
    #[cfg(feature = "oidc")]
    pub(crate) fn vouched(&mut self, id: &str, name: &str, role: Role) -> Result<String, AccountError> {
        if let Some(account) = self.all.iter_mut().find(|a| a.vouched.as_deref() == Some(id)) {
            if account.closed {
                return Err(AccountError::Refused(format!("the account of {} is closed", account.name)));
            }
            let (name, changed) = (account.name.clone(), account.role != role);
            account.role = role;
            if changed {
                self.write()?;
            }
            return Ok(name);
        }
        let name = self.free(name)?;
        // No password has an empty hash.
        self.all.push(Account { name: name.clone(), role, hash: String::new(), totp: None, person: None, bounds: None, vouched: Some(id.to_owned()), closed: false });
        self.write()?;
        Ok(name)
    }

    /// A name as it is kept, if nobody has it or had it.
    fn free(&self, name: &str) -> Result<String, AccountError> {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() || name.chars().count() > 80 || name.chars().any(char::is_control) {
            return Err(AccountError::Refused("a name has 1 to 80 plain characters".to_owned()));
        }
        if self.all.iter().any(|a| same_name(&a.name, &name)) {
            return Err(AccountError::Refused(format!("{name} has an account, or had one: what they did stands under that name")));
        }
        Ok(name)
    }

    /// Gives an account another password or token.
    ///
    /// # Errors
    /// No such account, a password too short, a file that cannot be written.
    pub fn renew(&mut self, name: &str, chosen: Option<&str>) -> Result<String, AccountError> {
        let role = self.find(name)?.role;
        let (given, hash) = fresh(role, chosen)?;
        self.find(name)?.hash = hash;
        self.write()?;
        Ok(given)
    }

    /// Makes an account ask for one-time codes; gives the secret for the app.
    ///
    /// # Errors
    /// No such account, a service, a file that cannot be written.
    pub fn protect(&mut self, name: &str) -> Result<String, AccountError> {
        let letters = totp::letters(&secret::random::<20>()?);
        let account = self.find(name)?;
        if account.role == Role::Service {
            return Err(AccountError::Refused("a service has a token and needs no codes".to_owned()));
        }
        account.totp = Some(letters.clone());
        self.write()?;
        Ok(letters)
    }

    /// Closes an account.
    ///
    /// # Errors
    /// No such account, a file that cannot be written.
    pub fn close(&mut self, name: &str) -> Result<(), AccountError> {
        self.find(name)?.closed = true;
        self.write()
    }

    fn find(&mut self, name: &str) -> Result<&mut Account, AccountError> {
        self.all
            .iter_mut()
            .find(|a| same_name(&a.name, name) && !a.closed)
            .ok_or_else(|| AccountError::Refused(format!("{name} has no account; `countersign account list` shows them")))
    }

    fn write(&self) -> Result<(), AccountError> {
        let stored = Stored { schema: SCHEMA.to_owned(), accounts: self.all.clone() };
        let bytes = serde_json::to_vec_pretty(&stored).map_err(|e| AccountError::Refused(e.to_string()))?;
        beside::write(&self.path, &bytes).map_err(|source| AccountError::Io { path: self.path.clone(), source })
    }
}

impl Account {
    /// Whether a password is theirs. Nobody's password takes as long as somebody's.
    pub(crate) fn admits(account: Option<&Account>, given: &str) -> bool {
        password::holds(given, account.filter(|a| a.role != Role::Service).map(|a| a.hash.as_str()))
    }

    /// Whether they are asked for codes.
    pub fn asks_for_codes(&self) -> bool {
        self.totp.is_some()
    }

    /// The step of a one-time code that is theirs now and was not used.
    pub(crate) fn code_step(&self, given: &str, seconds: i64, last_used: i64) -> Option<i64> {
        totp::step_of(self.totp.as_deref()?, given, seconds, last_used)
    }
}

fn same_name(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A password or token and what is kept of it.
fn fresh(role: Role, chosen: Option<&str>) -> Result<(String, String), AccountError> {
    if role == Role::Service {
        let token = secret::token()?;
        let kept = secret::digest(&token);
        return Ok((token, kept));
    }
    let given = chosen.map_or_else(secret::spoken, |chosen| Ok(chosen.to_owned()))?;
    if !password::fit(&given) {
        return Err(AccountError::Refused(format!("a password has at least {} characters", password::LEAST)));
    }
    let kept = password::hash(&given)?;
    Ok((given, kept))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn newcomer(name: &str, role: Role) -> Newcomer {
        Newcomer { name: name.to_owned(), role, person: None, bounds: None }
    }

    #[test]
    fn an_account_is_kept_without_what_opens_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut accounts = Accounts::read(folder.path()).unwrap();
        let given = accounts.add(&newcomer("Ana  Ortiz", Role::Officer), None).unwrap();
        let token = accounts.add(&newcomer("board", Role::Service), None).unwrap();
        let letters = accounts.protect("ana ortiz").unwrap();
        let read = Accounts::read(folder.path()).unwrap();
        let ana = read.open("ANA ORTIZ").unwrap();
        assert!(Account::admits(Some(ana), &given) && !Account::admits(Some(ana), "something else") && !Account::admits(None, &given));
        assert!(ana.asks_for_codes() && letters.len() == 32);
        assert_eq!(read.service(&token).unwrap().name, "board");
        let file = std::fs::read_to_string(folder.path().join(FILE)).unwrap();
        assert!(!file.contains(&given) && !file.contains(&token));
        accounts.close("Ana Ortiz").unwrap();
        assert!(Accounts::read(folder.path()).unwrap().open("Ana Ortiz").is_none());
        assert!(accounts.add(&newcomer("ana ortiz", Role::Biller), None).is_err(), "a name is not given twice");
    }

    #[test]
    fn a_role_needs_what_bounds_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut accounts = Accounts::read(folder.path()).unwrap();
        assert!(accounts.add(&newcomer("P", Role::Peer), None).is_err());
        assert!(accounts.add(&newcomer("R", Role::Reviewer), None).is_err());
        assert!(accounts.add(&newcomer("O", Role::Officer), Some("short")).is_err());
        assert!(accounts.add(&Newcomer { person: Some("P-1".to_owned()), ..newcomer("O", Role::Officer) }, None).is_err());
        assert!(accounts.all().is_empty());
    }
}
