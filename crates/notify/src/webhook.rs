//! The webhook: tidings as JSON, signed with HMAC-SHA256 in the manner of the Standard Webhooks specification, sent by POST.
//! Follows no redirect, reads no answer but its status, and never sends the same message under two ids.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use sha2::Sha256;
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

use crate::delivery::Answer;
use crate::error::{NotifyError, at};
use crate::secret::{Secret, wrong};
use crate::settings::Webhook;
use crate::tidings::Tidings;

/// Type of the message, as the specification wants one.
pub const TYPE: &str = "scan.completed";

/// Bytes of a key below which it can be guessed.
const SHORTEST_KEY: usize = 16;

/// Bytes of headers accepted in an answer.
const LARGEST_HEAD: usize = 16 * 1024;

#[derive(Serialize)]
struct Body<'t> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: &'t str,
    data: &'t Tidings,
}

/// The body: `type`, `timestamp` (when the scan was recorded) and `data`, the tidings. The same bytes for every attempt.
///
/// # Errors
/// None in practice: nothing here has keys that JSON cannot write.
pub fn body(tidings: &Tidings) -> serde_json::Result<String> {
    serde_json::to_string(&Body { kind: TYPE, timestamp: &tidings.scan.recorded_at, data: tidings })
}

/// The key of a secret: what `whsec_` precedes is base64, anything else is the key as it stands. `None` if it is too short or no base64.
pub fn key(secret: &Secret) -> Option<Secret> {
    let bytes = match secret.bytes().strip_prefix(b"whsec_") {
        Some(encoded) => STANDARD.decode(encoded).ok()?,
        None => secret.bytes().to_vec(),
    };
    (bytes.len() >= SHORTEST_KEY).then(|| Secret::new(bytes))
}

/// The signature: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`; `timestamp` in seconds since the epoch.
pub fn signature(key: &Secret, id: &str, timestamp: i64, body: &str) -> String {
    // A key of any length is a key of HMAC.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.bytes()) else { return String::new() };
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body.as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// A sender of webhooks: its client and its key, made once a run.
pub struct Sender<'s> {
    settings: &'s Webhook,
    key: Secret,
    agent: ureq::Agent,
}

impl<'s> Sender<'s> {
    /// A sender with a secret at hand.
    ///
    /// # Errors
    /// A secret that is no key, or certificates that cannot be read.
    pub fn new(settings: &'s Webhook, secret: &Secret) -> Result<Self, NotifyError> {
        let short = || wrong(settings.secret.as_ref(), "this is no key", "at least 16 random bytes; `openssl rand -base64 32`, with whsec_ before it or not");
        let key = key(secret).ok_or_else(short)?;
        let mut tls = TlsConfig::builder();
        if let Some(file) = &settings.ca_file {
            let pem = fs::read(file).map_err(at(file))?;
            let certificates: Vec<_> = parse_pem(&pem).filter_map(|item| if let Ok(PemItem::Certificate(c)) = item { Some(c) } else { None }).collect();
            if certificates.is_empty() {
                return Err(NotifyError::Settings { path: file.clone(), line: None, what: "no certificate in PEM is here".to_owned(), hint: "ca_file is a file of -----BEGIN CERTIFICATE----- blocks".to_owned() });
            }
            tls = tls.root_certs(RootCerts::from(certificates.into_iter()));
        }
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(settings.timeout))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_response_header_size(LARGEST_HEAD)
            // The environment is read by the front end and nowhere else.
            .proxy(None)
            .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls.build())
            .build();
        Ok(Self { settings, key, agent: config.into() })
    }

    /// One attempt. `now` is in microseconds since the epoch.
    pub fn send(&self, id: &str, body: &str, now: i64) -> Answer {
        let timestamp = now.div_euclid(1_000_000);
        let request = self
            .agent
            .post(&self.settings.url)
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp.to_string())
            .header("webhook-signature", signature(&self.key, id, timestamp, body));
        match request.send(body) {
            Ok(response) => {
                let retry_after = response.headers().get("retry-after").and_then(|v| v.to_str().ok());
                answer(response.status().as_u16(), retry_after, now)
            }
            Err(error) => failure(&error),
        }
    }
}

/// What a status means: accepted, to be tried again, or refused.
fn answer(status: u16, retry_after: Option<&str>, now: i64) -> Answer {
    match status {
        200..=299 => Answer::Accepted,
        300..=399 => Answer::Refused { why: format!("the receiver answered {status}, a redirect, which is not followed: name the final address") },
        408 | 425 | 429 | 500..=599 => {
            Answer::NotNow { why: format!("the receiver answered {status}"), after_micros: retry_after.and_then(|text| pause(text, now)) }
        }
        _ => Answer::Refused { why: format!("the receiver answered {status}") },
    }
}

/// `Retry-After`: seconds, or a date (RFC 9110, 10.2.3). In microseconds from now, at least 0.
fn pause(text: &str, now: i64) -> Option<i64> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(i64::from(seconds) * 1_000_000);
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some((date.as_microsecond() - now).max(0))
}

fn failure(error: &ureq::Error) -> Answer {
    use ureq::Error as E;
    let refused = matches!(error, E::Io(source) if source.kind() == std::io::ErrorKind::ConnectionRefused);
    let why = if refused {
        "the receiver refused the connection".to_owned()
    } else if matches!(error, E::Timeout(_)) {
        "the receiver did not answer in time".to_owned()
    } else if matches!(error, E::HostNotFound) {
        "the receiver's name is not known".to_owned()
    } else if matches!(error, E::BadUri(_) | E::Http(_)) {
        // An address may carry a token: what is wrong is said, not where.
        "the address of the receiver cannot be used".to_owned()
    } else {
        error.to_string()
    };
    let passes = matches!(error, E::Io(_) | E::Timeout(_) | E::HostNotFound | E::ConnectionFailed | E::Protocol(_));
    if passes { Answer::NotNow { why, after_micros: None } } else { Answer::Refused { why } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::tests::tidings;

    #[test]
    fn the_signature_is_that_of_the_specification() {
        // The example of the Standard Webhooks specification's libraries.
        let secret = Secret::new(b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_vec());
        let signed = signature(&key(&secret).unwrap(), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_is_base64_after_its_prefix_and_otherwise_itself_and_never_short() {
        let of = |text: &str| key(&Secret::new(text.as_bytes().to_vec())).map(|k| k.bytes().to_vec());
        assert_eq!(of("whsec_AAECAwQFBgcICQoLDA0ODw==").unwrap(), (0..16).collect::<Vec<u8>>());
        assert_eq!(of("sixteen letters!").unwrap(), b"sixteen letters!");
        assert_eq!(of("fifteen letters"), None);
        assert_eq!(of("whsec_AAEC"), None);
        assert_eq!(of("whsec_not base64 at all, whatever its length"), None);
    }

    #[test]
    fn a_pause_is_asked_for_in_seconds_or_until_a_date() {
        let now = 784_111_700_000_000;
        assert_eq!(pause(" 120 ", now), Some(120_000_000));
        assert_eq!(pause("Sun, 06 Nov 1994 08:49:37 GMT", now), Some(77_000_000));
        assert_eq!(pause("Sun, 06 Nov 1994 08:00:00 GMT", now), Some(0));
        assert_eq!([pause("soon", now), pause("-1", now), pause("", now)], [None; 3]);
    }

    #[test]
    fn statuses_are_accepted_passing_or_refused() {
        for (status, means) in [(200, "a"), (204, "a"), (301, "r"), (308, "r"), (400, "r"), (401, "r"), (408, "n"), (410, "r"), (413, "r"), (429, "n"), (500, "n"), (503, "n")] {
            let got = match answer(status, None, 0) {
                Answer::Accepted => "a",
                Answer::NotNow { .. } => "n",
                Answer::Refused { .. } => "r",
            };
            assert_eq!(got, means, "{status}");
        }
    }

    #[test]
    fn the_body_is_the_same_bytes_each_time_and_says_its_type() {
        let text = body(&tidings()).unwrap();
        assert_eq!(text, body(&tidings()).unwrap());
        assert!(text.starts_with(r#"{"type":"scan.completed","timestamp":"2025-07-01T06:30:04Z","data":{"schema":"countersign.tidings.v1""#), "{text}");
        let back: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::from_value::<Tidings>(back["data"].clone()).unwrap(), tidings());
    }
}
