//! The mail digest: plain text with a simple HTML alternative, sent by SMTP to the server the agency names.
//! One message a scan, the same Message-ID however often it is sent; counts and links, no name and no identifier.

use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{Error, SmtpTransport};
use lettre::{Message as Letter, Transport as _};

use crate::delivery::Answer;
use crate::error::{NotifyError, at};
use crate::outbox::Message;
use crate::secret::{Secret, wrong};
use crate::settings::{Encryption, FILE, Mail};
use crate::tidings::Tidings;
use crate::wording::{because, changes, count, money, news};

/// What makes other programs not answer (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// The subject: the origin, what changed, the money.
pub fn subject(tidings: &Tidings) -> String {
    let simulated = if tidings.ledger.simulated { "SIMULATED " } else { "" };
    let short = news(tidings);
    let short = short.split_once(" since the scan of ").map_or(short.as_str(), |(said, _)| said);
    format!("{simulated}{}: {short}; {} at risk", tidings.ledger.origin, money(tidings.open.exposure_cents))
}

/// The rows of the digest: what, and how many.
fn rows(tidings: &Tidings) -> Vec<(&'static str, String)> {
    let mut rows = vec![
        ("Violations", count(tidings.open.violation, "", "")),
        ("Documentation gaps", count(tidings.open.documentation, "", "")),
        ("Advisories", count(tidings.open.advisory, "", "")),
        ("Could not be evaluated", count(tidings.not_evaluated, "", "")),
        ("Money at risk on live claims", money(tidings.open.exposure_cents)),
    ];
    if tidings.after_waivers != tidings.open {
        rows.push(("Violations that are not waived", count(tidings.after_waivers.violation, "", "")));
        rows.push(("Money at risk that is not waived", money(tidings.after_waivers.exposure_cents)));
    }
    if tidings.events_not_interpreted > 0 {
        rows.push(("Events this version does not know", count(tidings.events_not_interpreted, "", "")));
    }
    for (_, value) in &mut rows {
        value.truncate(value.trim_end().len());
    }
    rows
}

/// What stands before the rows: where, when, what changed and why.
fn head(tidings: &Tidings) -> Vec<String> {
    let capital = |text: String| {
        let mut chars = text.chars();
        chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
    };
    let mut said = Vec::new();
    if tidings.ledger.simulated {
        said.push("SIMULATED: nobody in this ledger exists.".to_owned());
    }
    let events = count(tidings.ledger.events, "event", "events");
    said.push(format!("{}, scan of {} over {events}.", tidings.ledger.origin, tidings.scan.today));
    match &tidings.since {
        None => said.push("This is the first scan: there is nothing to compare it with.".to_owned()),
        Some(since) => {
            let why = because(since).map_or_else(String::new, |why| format!(", {why}"));
            said.push(format!("{}{why}.", capital(changes(since))));
        }
    }
    said
}

const FOOT: &str = "Counts and links only: who and what they are about is in the ledger and nowhere else.";

/// The plain text.
pub fn text(tidings: &Tidings) -> String {
    let mut out = String::new();
    for said in head(tidings) {
        out.push_str(&said);
        out.push_str("\n\n");
    }
    for (what, value) in rows(tidings) {
        out.push_str(&format!("{what:<34}{value:>14}\n"));
    }
    out.push('\n');
    match &tidings.links {
        Some(links) => out.push_str(&format!("What changed: {}\nThe worklist: {}\n", links.scan, links.worklist)),
        None => out.push_str("What changed: countersign diff last~1 last\nThe worklist: countersign findings list\n"),
    }
    out.push_str(&format!("\n{FOOT}\n"));
    out
}

/// The HTML alternative: paragraphs, one table, two links; no image, no style sheet, nothing fetched.
pub fn html(tidings: &Tidings) -> String {
    let mut out = format!("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{}</title></head><body>\n", escaped(&subject(tidings)));
    for said in head(tidings) {
        out.push_str(&format!("<p>{}</p>\n", escaped(&said)));
    }
    out.push_str("<table>\n");
    for (what, value) in rows(tidings) {
        out.push_str(&format!("<tr><th scope=\"row\" align=\"left\">{}</th><td align=\"right\">{}</td></tr>\n", escaped(what), escaped(&value)));
    }
    out.push_str("</table>\n");
    match &tidings.links {
        Some(links) => out.push_str(&format!(
            "<p><a href=\"{}\">What changed</a> &middot; <a href=\"{}\">The worklist</a></p>\n",
            escaped(&links.scan),
            escaped(&links.worklist)
        )),
        None => out.push_str("<p>What changed: <code>countersign diff last~1 last</code></p>\n"),
    }
    out.push_str(&format!("<p>{FOOT}</p>\n</body></html>\n"));
    out
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
        out
    })
}

/// The mail of a message: the same bytes for every attempt with the same settings. Its date is when the message was made.
///
/// # Errors
/// Addresses that make no mail, in words.
pub fn letter(mail: &Mail, message: &Message) -> Result<Letter, String> {
    let tidings = &message.tidings;
    let made = UNIX_EPOCH.checked_add(Duration::from_micros(message.made_at.max(0).unsigned_abs())).unwrap_or(SystemTime::UNIX_EPOCH);
    let mut builder = Letter::builder()
        .from(mail.from.clone())
        .subject(subject(tidings))
        .date(made)
        .message_id(Some(format!("<{}@{}>", message.id, mail.from.email.domain())))
        .header(AutoSubmitted);
    for to in &mail.to {
        builder = builder.to(to.clone());
    }
    let alternatives = MultiPart::alternative()
        .boundary(format!("={}=", message.id))
        .singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(text(tidings)))
        .singlepart(SinglePart::builder().header(ContentType::TEXT_HTML).body(html(tidings)));
    builder.multipart(alternatives).map_err(|error| error.to_string())
}

/// A sender of mail, made once a run.
pub struct Sender<'s> {
    settings: &'s Mail,
    transport: SmtpTransport,
}

impl<'s> Sender<'s> {
    /// A sender with the password at hand, if there is a login.
    ///
    /// # Errors
    /// A password that is no text, or certificates that cannot be read.
    pub fn new(settings: &'s Mail, password: Option<&Secret>) -> Result<Self, NotifyError> {
        let hello = settings.from.email.domain().to_owned();
        let mut builder = SmtpTransport::builder_dangerous(settings.server.clone())
            .port(settings.port)
            .timeout(Some(settings.timeout))
            .hello_name(ClientId::Domain(hello));
        builder = match settings.encryption {
            Encryption::None => builder.tls(Tls::None),
            Encryption::Starttls => builder.tls(Tls::Required(parameters(settings)?)),
            Encryption::Tls => builder.tls(Tls::Wrapper(parameters(settings)?)),
        };
        if let (Some((user, name)), Some(password)) = (&settings.login, password) {
            let text = std::str::from_utf8(password.bytes()).map_err(|_| wrong(name.as_ref(), "the password is not UTF-8", "write it as text on one line"))?;
            builder = builder.credentials(Credentials::new(user.clone(), text.to_owned()));
        }
        Ok(Self { settings, transport: builder.build() })
    }

    /// One attempt.
    pub fn send(&self, message: &Message) -> Answer {
        let letter = match letter(self.settings, message) {
            Ok(letter) => letter,
            Err(why) => return Answer::Refused { why },
        };
        match self.transport.send(&letter) {
            Ok(_) => Answer::Accepted,
            Err(error) => failure(&error),
        }
    }
}

fn parameters(settings: &Mail) -> Result<TlsParameters, NotifyError> {
    let mut builder = TlsParameters::builder(settings.server.clone());
    let unusable = |error: Error| NotifyError::Settings {
        path: settings.ca_file.clone().unwrap_or_else(|| FILE.into()),
        line: None,
        what: format!("the mail server's certificate cannot be checked: {error}"),
        hint: "ca_file is a file of -----BEGIN CERTIFICATE----- blocks, and server a host name".to_owned(),
    };
    if let Some(file) = &settings.ca_file {
        let pem = fs::read(file).map_err(at(file))?;
        builder = builder.add_root_certificate(Certificate::from_pem(&pem).map_err(unusable)?);
    }
    builder.build().map_err(unusable)
}

/// What a failure means. The server's own words may repeat addresses, so that only its code is kept.
fn failure(error: &Error) -> Answer {
    let code = error.status().map_or_else(String::new, |code| format!(" with {code}"));
    if error.is_permanent() {
        return Answer::Refused { why: format!("the mail server refused{code}") };
    }
    if error.is_transient() {
        return Answer::NotNow { why: format!("the mail server put it off{code}"), after_micros: None };
    }
    if error.is_timeout() {
        return Answer::NotNow { why: "the mail server did not answer in time".to_owned(), after_micros: None };
    }
    let why = format!("the mail server cannot be used: {error}");
    if error.is_client() || error.is_tls() { Answer::Refused { why } } else { Answer::NotNow { why, after_micros: None } }
}
