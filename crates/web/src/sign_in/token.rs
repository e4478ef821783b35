//! An identity token (JWS compact, RFC 7515; OpenID Connect Core 1.0, 3.1.3.7): signature, issuer, audience, times and nonce.
//! Takes RS256 and ES256 with a key of that very kind, and nothing else: no token chooses how it is checked.

use audit::vocabulary::KnownAt;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::Value;

use super::settings::Settings;
use super::{Refused, refused};
use crate::people::secret;

/// Bytes of a token.
const LONGEST: usize = 64 * 1024;
/// Seconds by which clocks may differ.
const SKEW: i64 = 60;
/// Seconds after which a token that was just asked for is not just asked for.
const OLDEST: i64 = 600;

/// How a token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Alg {
    /// RSA with PKCS #1 v1.5 and SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
}

/// A public key of the provider (RFC 7517); of other kinds nothing is read.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Jwk {
    #[serde(default)]
    pub(super) kid: Option<String>,
    kty: String,
    #[serde(default, rename = "use")]
    purpose: Option<String>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default)]
    crv: Option<String>,
    #[serde(default)]
    n: String,
    #[serde(default)]
    e: String,
    #[serde(default)]
    x: String,
    #[serde(default)]
    y: String,
}

impl Jwk {
    /// Whether it signs, in this way.
    pub(super) fn is_for(&self, alg: Alg) -> bool {
        let (kind, name) = match alg {
            Alg::Rs256 => (self.kty == "RSA", "RS256"),
            Alg::Es256 => (self.kty == "EC" && self.crv.as_deref() == Some("P-256"), "ES256"),
        };
        kind && self.purpose.as_deref().is_none_or(|p| p == "sig") && self.alg.as_deref().is_none_or(|a| a == name)
    }

    fn signed(&self, alg: Alg, message: &[u8], signature: &[u8]) -> Option<()> {
        match alg {
            Alg::Rs256 => {
                let (n, e) = (bytes(&self.n)?, bytes(&self.e)?);
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).ok()
            }
            Alg::Es256 => {
                let (x, y) = (bytes(&self.x)?, bytes(&self.y)?);
                let point = [vec![4], x, y].concat();
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature).ok()
            }
        }
    }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[derive(Deserialize)]
struct Header {
    alg: Alg,
    #[serde(default)]
    kid: Option<String>,
    /// What must be understood and is not.
    #[serde(default)]
    crit: Option<Value>,
}

/// What a provider says of somebody.
#[derive(Debug, Clone)]
pub(super) struct Claims {
    /// The provider's own id of them, which it gives to nobody else.
    pub(super) sub: String,
    all: Value,
}

impl Claims {
    /// A claim that is words.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.all.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// A claim that is words, or a list of them.
    pub(super) fn texts(&self, name: &str) -> Vec<&str> {
        match self.all.get(name) {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

/// Finds the provider's key of a name for an algorithm.
pub(super) type KeyOf<'k> = dyn Fn(Option<&str>, Alg) -> Result<Jwk, Refused> + 'k;

/// What a token says, once everything about it holds.
pub(super) fn checked(token: &str, settings: &Settings, nonce: &str, now: KnownAt, key: &KeyOf<'_>) -> Result<Claims, Refused> {
    let unreadable = || refused("the token is none that can be read");
    let parts: Vec<&str> = token.split('.').collect();
    let [head, body, signature] = parts[..] else { return Err(unreadable()) };
    if token.len() > LONGEST {
        return Err(unreadable());
    }
    let header: Header = bytes(head).and_then(|json| serde_json::from_slice(&json).ok()).ok_or_else(|| refused("the token is signed in no way that is taken"))?;
    if header.crit.is_some() {
        return Err(unreadable());
    }
    let key = key(header.kid.as_deref(), header.alg)?;
    let signature = bytes(signature).ok_or_else(unreadable)?;
    let message = token.get(..head.len() + 1 + body.len()).ok_or_else(unreadable)?;
    key.signed(header.alg, message.as_bytes(), &signature).ok_or_else(|| refused("the token's signature is wrong"))?;
    let all: Value = bytes(body).and_then(|json| serde_json::from_slice(&json).ok()).ok_or_else(unreadable)?;
    let claims = Claims { sub: all.get("sub").and_then(Value::as_str).unwrap_or_default().to_owned(), all };
    if claims.text("iss") != Some(settings.issuer.as_str()) {
        return Err(refused("the token is of another issuer"));
    }
    let audience = claims.texts("aud");
    let ours = settings.client_id.as_str();
    if !audience.contains(&ours) || (audience.len() > 1 || claims.text("azp").is_some()) && claims.text("azp") != Some(ours) {
        return Err(refused("the token is for another audience"));
    }
    let seconds = now.micros().div_euclid(1_000_000);
    let time = |name: &str| claims.all.get(name).and_then(Value::as_i64);
    if time("exp").is_none_or(|until| seconds >= until.saturating_add(SKEW)) {
        return Err(refused("the token has expired"));
    }
    if time("iat").is_none_or(|at| at > seconds + SKEW || at < seconds - OLDEST) || time("nbf").is_some_and(|at| at > seconds + SKEW) {
        return Err(refused("the token was not made just now"));
    }
    if !claims.text("nonce").is_some_and(|given| secret::same(given, nonce)) {
        return Err(refused("the token is of another attempt: its nonce is wrong"));
    }
    if claims.sub.is_empty() || claims.sub.len() > 255 || claims.sub.chars().any(char::is_control) {
        return Err(refused("the token names nobody"));
    }
    Ok(claims)
}
