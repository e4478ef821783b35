//! `unattended.toml`, the settings of unattended runs, read from the ledger's directory.
//! Refuses every key it does not know and every value that cannot work, with file, line and what to write instead.

use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::message::Mailbox;
use serde::Deserialize;
use toml::Spanned;

use crate::error::{NotifyError, at};

/// The name of the file in the ledger's directory.
pub const FILE: &str = "unattended.toml";

/// The settings of unattended runs. Everything may be left out: then a run only scans.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// Base address of the web interface, for links.
    pub link_base_url: Option<String>,
    /// Where metrics are written.
    pub metrics: Option<PathBuf>,
    /// Where the webhook goes.
    pub webhook: Option<Webhook>,
    /// Where the mail goes.
    pub mail: Option<Mail>,
}

/// A receiver of webhooks.
#[derive(Debug, Clone, PartialEq)]
pub struct Webhook {
    /// Its address: https, or http to this machine.
    pub url: String,
    /// File or credential with the secret, as written.
    pub secret: String,
    /// For the whole of an attempt.
    pub timeout: Duration,
    /// Attempts in one run.
    pub tries: u32,
    /// Certificates trusted instead of the public ones, PEM.
    pub ca_file: Option<PathBuf>,
}

/// A mail server and the people who read.
#[derive(Debug, Clone, PartialEq)]
pub struct Mail {
    /// Host name.
    pub server: String,
    /// Port.
    pub port: u16,
    /// How the connection is protected.
    pub encryption: Encryption,
    /// User and the file or credential with the password, as written.
    pub login: Option<(String, String)>,
    /// Sender.
    pub from: Mailbox,
    /// Receivers, at least one.
    pub to: Vec<Mailbox>,
    /// For each answer of the server.
    pub timeout: Duration,
    /// Attempts in one run.
    pub tries: u32,
    /// Certificates trusted beside the public ones, PEM.
    pub ca_file: Option<PathBuf>,
}

/// How the connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// Plain at first, encrypted before anything is said; port 587.
    Starttls,
    /// Encrypted from the beginning; port 465.
    Tls,
    /// Not at all: only to this machine.
    None,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    link_base_url: Option<Spanned<String>>,
    metrics: Option<WrittenMetrics>,
    webhook: Option<WrittenWebhook>,
    mail: Option<WrittenMail>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenMetrics {
    file: Spanned<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenWebhook {
    url: Spanned<String>,
    secret: Spanned<String>,
    timeout_seconds: Option<Spanned<u64>>,
    tries: Option<Spanned<u32>>,
    ca_file: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenMail {
    server: Spanned<String>,
    port: Option<u16>,
    encryption: Option<Spanned<Encryption>>,
    user: Option<Spanned<String>>,
    password: Option<Spanned<String>>,
    from: Spanned<String>,
    to: Spanned<Vec<Spanned<String>>>,
    timeout_seconds: Option<Spanned<u64>>,
    tries: Option<Spanned<u32>>,
    ca_file: Option<PathBuf>,
}

/// Reads the settings of a ledger. A directory without the file has none.
///
/// # Errors
/// A file that cannot be read, a key that does not exist, a value that cannot work.
pub fn read(dir: &Path) -> Result<Settings, NotifyError> {
    let path = dir.join(FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => parse(&path, &text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Settings::default()),
        Err(error) => Err(at(&path)(error)),
    }
}

/// Parses the text of a settings file; `path` is for messages and for files named in it, which are looked for beside it.
///
/// # Errors
/// As [`read`].
pub fn parse(path: &Path, text: &str) -> Result<Settings, NotifyError> {
    let page = Page { path, text };
    let written: Written = toml::from_str(text).map_err(|error| {
        let hint = "docs/unattended.md lists every key".to_owned();
        NotifyError::Settings { path: path.to_owned(), line: error.span().map(|s| page.line(s.start)), what: error.message().trim().replace('\n', "; "), hint }
    })?;
    Ok(Settings {
        link_base_url: written.link_base_url.map(|url| page.address(&url)).transpose()?,
        metrics: written.metrics.map(|m| page.metrics(&m)).transpose()?,
        webhook: written.webhook.map(|w| page.webhook(w)).transpose()?,
        mail: written.mail.map(|m| page.mail(m)).transpose()?,
    })
}

/// Whether a host is this machine, so that nothing crosses a network.
fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Host of an address as written: between `://` and the port or path, without user.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if let Some(end) = authority.find(']') { &authority[..=end] } else { authority.split(':').next().unwrap_or_default() }
}

struct Page<'t> {
    path: &'t Path,
    text: &'t str,
}

impl Page<'_> {
    fn line(&self, at: usize) -> usize {
        self.text.bytes().take(at).filter(|b| *b == b'\n').count() + 1
    }

    fn wrong<T>(&self, value: &Spanned<T>, what: impl Into<String>, hint: &str) -> NotifyError {
        let line = Some(self.line(value.span().start));
        NotifyError::Settings { path: self.path.to_owned(), line, what: what.into(), hint: hint.to_owned() }
    }

    fn beside(&self, file: PathBuf) -> PathBuf {
        self.path.parent().map_or_else(|| file.clone(), |dir| dir.join(&file))
    }

    fn address(&self, url: &Spanned<String>) -> Result<String, NotifyError> {
        let text = url.get_ref();
        let secure = text.strip_prefix("https://").is_some_and(|rest| !rest.is_empty());
        let here = text.starts_with("http://") && is_loopback(host(text));
        if host(text).is_empty() || text.contains(|c: char| c.is_whitespace() || c.is_control()) || !text.contains("://") {
            return Err(self.wrong(url, format!("{text:?} is not an address"), "write it as https://compliance.example.org/path"));
        }
        if !secure && !here {
            return Err(self.wrong(url, format!("{text:?} is not protected on its way"), "use https://; http:// only to 127.0.0.1, ::1 or localhost"));
        }
        if text.split(['/', '?', '#']).nth(2).is_some_and(|authority| authority.contains('@')) {
            return Err(self.wrong(url, "an address may not carry a user or password", "put the secret in a file of its own"));
        }
        Ok(text.clone())
    }

    fn metrics(&self, metrics: &WrittenMetrics) -> Result<PathBuf, NotifyError> {
        let file = metrics.file.get_ref();
        if file.extension().is_none_or(|e| e != "prom") {
            let what = format!("{:?} will not be read: node_exporter takes only files that end in .prom", file.display());
            return Err(self.wrong(&metrics.file, what, "write it as /var/lib/prometheus/node-exporter/countersign.prom"));
        }
        Ok(self.beside(file.clone()))
    }

    fn seconds(&self, value: Option<Spanned<u64>>, default: u64) -> Result<Duration, NotifyError> {
        let Some(value) = value else { return Ok(Duration::from_secs(default)) };
        if !(1..=300).contains(value.get_ref()) {
            return Err(self.wrong(&value, format!("a timeout of {} seconds", value.get_ref()), "1 to 300 seconds"));
        }
        Ok(Duration::from_secs(*value.get_ref()))
    }

    fn tries(&self, value: Option<Spanned<u32>>) -> Result<u32, NotifyError> {
        let Some(value) = value else { return Ok(5) };
        if !(1..=20).contains(value.get_ref()) {
            return Err(self.wrong(&value, format!("{} tries in one run", value.get_ref()), "1 to 20; what was not delivered is tried again at the next run"));
        }
        Ok(*value.get_ref())
    }

    fn secret(&self, name: &Spanned<String>) -> Result<String, NotifyError> {
        let text = name.get_ref();
        let looks_like_one = text.starts_with("whsec_") || text.is_empty() || text.contains(char::is_whitespace);
        if looks_like_one {
            return Err(self.wrong(name, "this names the file of the secret, it is not the secret itself", "write the secret to a file with mode 0600 and name that"));
        }
        Ok(text.clone())
    }

    fn webhook(&self, written: WrittenWebhook) -> Result<Webhook, NotifyError> {
        Ok(Webhook {
            url: self.address(&written.url)?,
            secret: self.secret(&written.secret)?,
            timeout: self.seconds(written.timeout_seconds, 10)?,
            tries: self.tries(written.tries)?,
            ca_file: written.ca_file.map(|f| self.beside(f)),
        })
    }

    fn mailbox(&self, text: &Spanned<String>) -> Result<Mailbox, NotifyError> {
        let what = |error| format!("{:?} is not a mail address: {error}", text.get_ref());
        text.get_ref().parse().map_err(|error: lettre::address::AddressError| {
            self.wrong(text, what(error), "write it as compliance@example.org or Compliance <compliance@example.org>")
        })
    }

    fn mail(&self, written: WrittenMail) -> Result<Mail, NotifyError> {
        let server = written.server.get_ref().clone();
        if server.is_empty() || server.contains([':', '/', ' ']) && !is_loopback(&server) {
            return Err(self.wrong(&written.server, format!("{server:?} is not a host name"), "the host alone, as in smtp.example.org; the port has its own key"));
        }
        let encryption = written.encryption.as_ref().map_or(Encryption::Starttls, |e| *e.get_ref());
        if let Some(value) = written.encryption.as_ref().filter(|_| encryption == Encryption::None && !is_loopback(&server)) {
            return Err(self.wrong(value, "mail to another machine must be encrypted", "use starttls or tls; none only to 127.0.0.1, ::1 or localhost"));
        }
        let login = match (written.user, written.password) {
            (Some(user), Some(password)) => Some((user.into_inner(), self.secret(&password)?)),
            (None, None) => None,
            (Some(one), None) => return Err(self.wrong(&one, "a user without a password", "name the file of the password as password = \"smtp-password\"")),
            (None, Some(one)) => return Err(self.wrong(&one, "a password without a user", "add user = \"...\"")),
        };
        let to = written.to.get_ref().iter().map(|one| self.mailbox(one)).collect::<Result<Vec<_>, _>>()?;
        if to.is_empty() {
            return Err(self.wrong(&written.to, "nobody reads the mail", "name at least one address"));
        }
        let port = written.port.unwrap_or(match encryption {
            Encryption::Starttls => 587,
            Encryption::Tls => 465,
            Encryption::None => 25,
        });
        let from = self.mailbox(&written.from)?;
        let (timeout, tries) = (self.seconds(written.timeout_seconds, 30)?, self.tries(written.tries)?);
        Ok(Mail { server, port, encryption, login, from, to, timeout, tries, ca_file: written.ca_file.map(|f| self.beside(f)) })
    }
}
