//! The outbox: what is to be delivered, what was, and what was given up, as small files beside the ledger.
//! A message is made once for a scan and a channel and has one id for ever; what was delivered is never put in again.
//!
//! ```text
//! outbox/announced.json              the last scan for which messages were made, and the one it was compared with
//! outbox/waiting/SEQ-CHANNEL.json    to be delivered; tried at every run
//! outbox/delivered/                  accepted by the receiver, the last few kept
//! outbox/given-up/                   not delivered in so many runs; for people to look at
//! ```
//!
//! If we stop between a receiver's acceptance and the move to `delivered/`, the message is sent once more under the same id, by which
//! the receiver knows it. Nothing here is trusted over the ledger: without the directory, the next run announces its own scan only.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::durable::{self, Readers};
use crate::error::{NotifyError, at};
use crate::tidings::Tidings;

const SCHEMA: &str = "countersign.outbox.v1";

/// Delivered messages kept, so that a person can see what was sent.
const KEPT: usize = 100;

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// An HTTP request to a receiver of webhooks.
    Webhook,
    /// A mail.
    Mail,
}

impl Channel {
    /// Every channel, in the order of delivery.
    pub const ALL: [Channel; 2] = [Channel::Webhook, Channel::Mail];

    /// The channel in a word.
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Webhook => "webhook",
            Channel::Mail => "mail",
        }
    }
}

/// A message that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    schema: String,
    /// The same for every attempt, in this run and any later one.
    pub id: String,
    /// How it travels.
    pub channel: Channel,
    /// When it was made, microseconds since the epoch.
    pub made_at: i64,
    /// Runs that tried to deliver it.
    pub runs: u32,
    /// Attempts in all.
    pub tries: u32,
    /// The receiver asked not to be tried before this instant, microseconds since the epoch.
    pub not_before: Option<i64>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// What it tells.
    pub tidings: Tidings,
}

/// The last scan for which messages were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Announced {
    /// The seq of its `scan_completed`.
    pub scan: u64,
    /// The seq of the scan it was compared with.
    pub since: Option<u64>,
}

/// The id of the message about a scan: 32 hexadecimal digits of SHA-256 over the ledger's id and the seq, so that a run repeated after a
/// crash, or on a copy of the ledger, makes the same one.
pub fn message_id(ledger_id: &[u8], seq: u64) -> String {
    let mut hash = Sha256::new();
    hash.update(b"countersign tidings v1\n");
    hash.update(ledger_id);
    hash.update(seq.to_le_bytes());
    let hex: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("scan_{hex}")
}

/// The outbox of a ledger.
#[derive(Debug, Clone)]
pub struct Outbox(PathBuf);

impl Outbox {
    /// The outbox in a ledger's directory; made when something is first put in.
    pub fn of(ledger: &Path) -> Self {
        Self(ledger.join("outbox"))
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn make(&self) -> Result<(), NotifyError> {
        for dir in ["waiting", "delivered", "given-up"].map(|name| self.folder(name)) {
            fs::create_dir_all(&dir).map_err(at(&dir))?;
        }
        Ok(())
    }

    /// The last scan for which messages were made. A file that cannot be read is as good as none.
    pub fn announced(&self) -> Option<Announced> {
        let text = fs::read_to_string(self.folder("announced.json")).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Notes for which scan messages were made.
    ///
    /// # Errors
    /// What the system says.
    pub fn announce(&self, announced: Announced) -> Result<(), NotifyError> {
        self.make()?;
        self.write(&self.folder("announced.json"), &announced)
    }

    /// Puts a message in, unless there is or was one for this scan and channel already. Returns whether it did.
    ///
    /// # Errors
    /// What the system says.
    pub fn put(&self, channel: Channel, id: &str, tidings: &Tidings, now: i64) -> Result<bool, NotifyError> {
        self.make()?;
        let name = name(tidings.scan.seq, channel);
        if ["waiting", "delivered", "given-up"].iter().any(|folder| self.folder(folder).join(&name).exists()) {
            return Ok(false);
        }
        let message = Message {
            schema: SCHEMA.to_owned(),
            id: id.to_owned(),
            channel,
            made_at: now,
            runs: 0,
            tries: 0,
            not_before: None,
            last_error: None,
            tidings: tidings.clone(),
        };
        self.write(&self.folder("waiting").join(name), &message)?;
        Ok(true)
    }

    /// What waits, the oldest first, and files that cannot be read.
    pub fn waiting(&self) -> (Vec<Message>, Vec<NotifyError>) {
        let (mut messages, mut troubles) = (Vec::new(), Vec::new());
        let folder = self.folder("waiting");
        for name in names(&folder) {
            let path = folder.join(name);
            let read = fs::read(&path).map_err(at(&path)).and_then(|bytes| {
                let wrong = |what: String| NotifyError::Outbox { path: path.clone(), what };
                let message: Message = serde_json::from_slice(&bytes).map_err(|e| wrong(format!("this is no message: {e}")))?;
                if message.schema == SCHEMA { Ok(message) } else { Err(wrong(format!("{:?} is of another version", message.schema))) }
            });
            match read {
                Ok(message) => messages.push(message),
                Err(trouble) => troubles.push(trouble),
            }
        }
        messages.sort_by_key(|m| (m.tidings.scan.seq, m.channel));
        (messages, troubles)
    }

    /// How many messages wait, and how many were given up, on a channel.
    pub fn count(&self, channel: Channel) -> (u64, u64) {
        let end = format!("-{}.json", channel.as_str());
        let of = |folder: &str| names(&self.folder(folder)).iter().filter(|name| name.ends_with(&end)).count() as u64;
        (of("waiting"), of("given-up"))
    }

    /// A message was accepted.
    ///
    /// # Errors
    /// What the system says.
    pub fn delivered(&self, message: &Message) -> Result<(), NotifyError> {
        self.keep(message)?;
        self.away(message, "delivered")?;
        let folder = self.folder("delivered");
        let all = names(&folder);
        for old in all.iter().take(all.len().saturating_sub(KEPT)) {
            let path = folder.join(old);
            fs::remove_file(&path).map_err(at(&path))?;
        }
        Ok(())
    }

    /// A message is not tried any more.
    ///
    /// # Errors
    /// What the system says.
    pub fn given_up(&self, message: &Message) -> Result<(), NotifyError> {
        self.keep(message)?;
        self.away(message, "given-up")
    }

    /// A message waits on, with what is known of its attempts.
    ///
    /// # Errors
    /// What the system says.
    pub fn keep(&self, message: &Message) -> Result<(), NotifyError> {
        self.write(&self.folder("waiting").join(name(message.tidings.scan.seq, message.channel)), message)
    }

    fn away(&self, message: &Message, folder: &str) -> Result<(), NotifyError> {
        let name = name(message.tidings.scan.seq, message.channel);
        durable::rename(&self.folder("waiting").join(&name), &self.folder(folder).join(name))
    }

    fn write(&self, path: &Path, value: &impl Serialize) -> Result<(), NotifyError> {
        let mut text = serde_json::to_string_pretty(value).map_err(|e| NotifyError::Outbox { path: path.to_owned(), what: e.to_string() })?;
        text.push('\n');
        durable::replace(path, text.as_bytes(), Readers::Nobody)
    }
}

/// Twelve digits, so that the order of names is the order of scans.
fn name(seq: u64, channel: Channel) -> String {
    format!("{seq:012}-{}.json", channel.as_str())
}

/// Names of the messages in a folder, in order; none if there is no such folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|e| e.file_name().into_string().ok()).filter(|n| n.ends_with(".json")).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::tests::tidings;

    #[test]
    fn a_message_is_put_in_once_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let outbox = Outbox::of(folder.path());
        assert!(outbox.waiting().0.is_empty() && outbox.announced().is_none());
        assert!(outbox.put(Channel::Mail, "scan_1", &tidings(), 7).unwrap());
        assert!(outbox.put(Channel::Webhook, "scan_1", &tidings(), 7).unwrap());
        assert!(!outbox.put(Channel::Mail, "scan_1", &tidings(), 8).unwrap(), "it waits already");
        let (waiting, troubles) = outbox.waiting();
        assert!(troubles.is_empty());
        assert_eq!(waiting.iter().map(|m| m.channel).collect::<Vec<_>>(), Channel::ALL);
        assert_eq!((outbox.count(Channel::Mail), outbox.count(Channel::Webhook)), ((1, 0), (1, 0)));
        outbox.delivered(&waiting[0]).unwrap();
        outbox.given_up(&waiting[1]).unwrap();
        for channel in Channel::ALL {
            assert!(!outbox.put(channel, "scan_1", &tidings(), 9).unwrap(), "{channel:?} was settled");
        }
        assert_eq!((outbox.count(Channel::Mail), outbox.count(Channel::Webhook)), ((0, 1), (0, 0)));
    }

    #[test]
    fn a_file_that_is_no_message_is_named_and_the_others_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let outbox = Outbox::of(folder.path());
        outbox.put(Channel::Mail, "scan_1", &tidings(), 7).unwrap();
        fs::write(folder.path().join("outbox/waiting/000000000001-mail.json"), "{").unwrap();
        fs::write(folder.path().join("outbox/announced.json"), "torn").unwrap();
        let (waiting, troubles) = outbox.waiting();
        assert_eq!((waiting.len(), troubles.len()), (1, 1));
        assert!(troubles[0].to_string().contains("000000000001-mail.json: this is no message"), "{}", troubles[0]);
        assert_eq!(outbox.announced(), None);
        outbox.announce(Announced { scan: 4, since: None }).unwrap();
        assert_eq!(outbox.announced(), Some(Announced { scan: 4, since: None }));
    }

    #[test]
    fn only_the_last_delivered_messages_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let outbox = Outbox::of(folder.path());
        for seq in 0..KEPT as u64 + 3 {
            let mut tidings = tidings();
            tidings.scan.seq = seq;
            outbox.put(Channel::Webhook, "scan_1", &tidings, 7).unwrap();
            outbox.delivered(&outbox.waiting().0[0]).unwrap();
        }
        let kept = names(&folder.path().join("outbox/delivered"));
        assert_eq!((kept.len(), kept[0].as_str()), (KEPT, "000000000003-webhook.json"));
    }

    #[test]
    fn an_id_follows_from_ledger_and_scan_alone() {
        let id = message_id(&[7; 16], 4_811);
        assert_eq!(id, message_id(&[7; 16], 4_811));
        assert_eq!(id.len(), "scan_".len() + 32);
        assert_ne!(id, message_id(&[7; 16], 4_812));
        assert_ne!(id, message_id(&[8; 16], 4_811));
    }
}
