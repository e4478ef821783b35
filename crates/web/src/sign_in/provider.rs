//! The provider: where it is asked, the keys it signs with, and a code exchanged for an identity token.
//! Follows no redirect, believes no answer that is long or slow, and asks for keys again only now and then.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use audit::vocabulary::KnownAt;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::settings::{Settings, is_encrypted_or_here};
use super::token::{Alg, Jwk};
use super::{Refused, plain, refused};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer.
const LARGEST: u64 = 256 * 1024;
const MINUTE: i64 = 60_000_000;
/// How long what was found is believed.
const FRESH: i64 = 60 * MINUTE;

/// Where a provider is asked (OpenID Connect Discovery 1.0).
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Found {
    issuer: String,
    pub(super) authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
}

#[derive(Deserialize)]
struct Jwks {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Given {
    id_token: String,
}

#[derive(Debug, Default)]
struct Known {
    found: Option<(Found, KnownAt)>,
    keys: Vec<Jwk>,
    /// When keys were last asked for.
    asked: Option<KnownAt>,
}

/// A provider.
#[derive(Debug)]
pub(super) struct Provider {
    issuer: String,
    agent: ureq::Agent,
    known: Mutex<Known>,
}

impl Provider {
    /// The provider of a name.
    pub(super) fn of(issuer: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // The environment is read by the front end and nowhere else.
            .proxy(None)
            .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { issuer: issuer.to_owned(), agent: config.into(), known: Mutex::default() }
    }

    /// Where it is asked, looked up once an hour.
    pub(super) fn found(&self, now: KnownAt) -> Result<Found, Refused> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((found, at)) = &known.found && now.micros() - at.micros() < FRESH {
            return Ok(found.clone());
        }
        let address = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let found: Found = self.get(&address)?;
        if found.issuer != self.issuer {
            return Err(refused("the provider calls itself something else than the settings do"));
        }
        if ![&found.authorization_endpoint, &found.token_endpoint, &found.jwks_uri].into_iter().all(|a| is_encrypted_or_here(a)) {
            return Err(refused("the provider is asked unencrypted"));
        }
        known.found = Some((found.clone(), now));
        Ok(found)
    }

    /// A code exchanged for an identity token.
    pub(super) fn identity_token(&self, settings: &Settings, back: &str, code: &str, verifier: &str, now: KnownAt) -> Result<String, Refused> {
        let endpoint = self.found(now)?.token_endpoint;
        let mut form = vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", back), ("code_verifier", verifier)];
        let mut request = self.agent.post(&endpoint).header("accept", "application/json").content_type("application/x-www-form-urlencoded");
        match &settings.client_secret {
            Some(secret) => {
                // Each part is encoded as a form is (RFC 6749, 2.3.1).
                let part = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                request = request.header("authorization", format!("Basic {}", STANDARD.encode(format!("{}:{}", part(&settings.client_id), part(secret)))));
            }
            None => form.push(("client_id", &settings.client_id)),
        }
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let sent = request.send(body).map_err(|_| refused("the provider could not be asked"))?;
        read::<Given>(sent).map(|given| given.id_token)
    }

    /// The key of a name for an algorithm; without a name, the only one there is for it. A name not known is asked for, once a minute at most.
    pub(super) fn key(&self, kid: Option<&str>, alg: Alg, now: KnownAt) -> Result<Jwk, Refused> {
        let pick = |keys: &[Jwk]| {
            let mut fits = keys.iter().filter(|key| key.is_for(alg) && kid.is_none_or(|kid| key.kid.as_deref() == Some(kid)));
            fits.next().filter(|_| fits.next().is_none()).cloned()
        };
        let address = self.found(now)?.jwks_uri;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let age = known.asked.map_or(i64::MAX, |at| now.micros() - at.micros());
        if let Some(key) = pick(&known.keys).filter(|_| age < FRESH) {
            return Ok(key);
        }
        if age >= MINUTE {
            known.asked = Some(now);
            let jwks: Jwks = self.get(&address)?;
            // A key of a kind that is not understood is none of ours.
            known.keys = jwks.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect();
        }
        pick(&known.keys).ok_or_else(|| refused("the token is signed by no key of the provider"))
    }

    fn get<T: serde::de::DeserializeOwned>(&self, address: &str) -> Result<T, Refused> {
        read(self.agent.get(address).header("accept", "application/json").call().map_err(|_| refused("the provider could not be asked"))?)
    }
}

fn read<T: serde::de::DeserializeOwned>(mut answer: ureq::http::Response<ureq::Body>) -> Result<T, Refused> {
    let status = answer.status().as_u16();
    let body = answer.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(|_| refused("the provider's answer broke off"))?;
    if status != 200 {
        let says = serde_json::from_slice::<serde_json::Value>(&body).ok().and_then(|v| v["error"].as_str().map(plain)).unwrap_or_default();
        return Err(refused(format!("the provider answered {status} {says}")));
    }
    serde_json::from_slice(&body).map_err(|_| refused("the provider's answer is not what it must be"))
}
