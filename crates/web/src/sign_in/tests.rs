//! Logging in at a provider that runs in the test: what it vouches for counts, and everything that could be forged, replayed or meant for others does not.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use audit::vocabulary::KnownAt;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, Response, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::settings::Settings;
use super::token::{self, Jwk};
use crate::people::accounts::Accounts;
use crate::query::Query;
use crate::roles::Role;
use crate::tests::{Got, Office, noon, send};

/// What a code stands for, and how the provider is to go wrong with it.
#[derive(Clone, Default)]
struct Code {
    nonce: String,
    challenge: String,
    claims: Vec<(&'static str, Value)>,
    head: Option<Value>,
    forged: bool,
}

struct Inner {
    key: EcdsaKeyPair,
    codes: Mutex<BTreeMap<String, Code>>,
    issuer: String,
}

/// A provider on this machine.
#[derive(Clone)]
struct Idp(Arc<Inner>);

fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Idp {
    fn start() -> Self {
        let chance = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &chance).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &chance).unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let idp = Idp(Arc::new(Inner { key, codes: Mutex::default(), issuer: format!("http://{address}") }));
        let served = idp.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let site = Router::new().fallback(move |request: Request<Body>| served.clone().answer(request));
                axum::serve(tokio::net::TcpListener::from_std(listener).unwrap(), site).await.unwrap();
            });
        });
        idp
    }

    async fn answer(self, request: Request<Body>) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, 65_536).await.unwrap();
        let issuer = &self.0.issuer;
        let (status, value) = match parts.uri.path() {
            "/.well-known/openid-configuration" => (200, json!({
                "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize?tenant=1"), "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/keys"),
            })),
            "/keys" => {
                let point = self.0.key.public_key().as_ref();
                (200, json!({"keys": [
                    {"kty": "oct", "k": "c2VjcmV0", "kid": "other"},
                    {"kty": "EC", "crv": "P-256", "use": "sig", "kid": "k-1", "x": b64(&point[1..33]), "y": b64(&point[33..])},
                ]}))
            }
            "/token" => self.token(&parts.headers, &Query::parse(&body)),
            _ => (404, Value::Null),
        };
        Response::builder().status(status).header("content-type", "application/json").body(Body::from(value.to_string())).unwrap()
    }

    /// Gives a token for a code, once, to whoever knows the secret and began the attempt.
    fn token(&self, headers: &HeaderMap, sent: &Query) -> (u16, Value) {
        let refuse = |why: &str| (400, json!({"error": why}));
        if headers.get("authorization").and_then(|v| v.to_str().ok()) != Some(&format!("Basic {}", STANDARD.encode("countersign:between%3Aus"))) {
            return (401, json!({"error": "invalid_client"}));
        }
        let Some(code) = sent.get("code").and_then(|code| self.0.codes.lock().unwrap().remove(code)) else { return refuse("invalid_grant") };
        let challenge = b64(Sha256::digest(sent.get("code_verifier").unwrap_or_default()));
        if challenge != code.challenge || sent.get("redirect_uri") != Some("https://ledger.invented.example/sign-in/back") || sent.get("grant_type") != Some("authorization_code") {
            return refuse("invalid_grant");
        }
        let now = noon().micros() / 1_000_000;
        let mut claims = json!({"iss": self.0.issuer, "aud": "countersign", "sub": "u-1", "iat": now, "exp": now + 300, "nonce": code.nonce, "name": "Dee Hale", "groups": ["staff", "compliance"]});
        for (name, value) in &code.claims {
            claims[*name] = value.clone();
        }
        let head = code.head.unwrap_or(json!({"alg": "ES256", "kid": "k-1"}));
        let message = format!("{}.{}", b64(head.to_string()), b64(claims.to_string()));
        let mut signature = self.0.key.sign(&SystemRandom::new(), message.as_bytes()).unwrap().as_ref().to_vec();
        if code.forged {
            signature[7] ^= 1;
        }
        (200, json!({"access_token": "unused", "token_type": "Bearer", "id_token": format!("{message}.{}", b64(signature))}))
    }
}

/// An office whose people log in at a provider.
fn office(idp: &Idp, more: &str) -> Office {
    let settings = format!(
        "issuer = \"{}\"\nclient_id = \"countersign\"\nclient_secret_file = \"between-us\"\naddress = \"https://ledger.invented.example\"\n{more}\n[people]\n\"u-9\" = \"reviewer one\"\n\"u-8\" = \"service one\"\n\"u-7\" = \"nobody here\"\n[[role]]\nvalue = \"compliance\"\nrole = \"officer\"\n[[role]]\nvalue = \"staff\"\nrole = \"biller\"\n",
        idp.0.issuer
    );
    Office::with_files(&[("sign-in.toml", &settings), ("between-us", "between:us\n")])
}

/// Somebody who goes to the provider and comes back.
struct Journey {
    cookie: String,
    asked: Query,
}

fn begin(office: &Office) -> Journey {
    let got = send(&office.site, Request::get("/sign-in?to=/people").body(Body::empty()).unwrap());
    assert_eq!(got.status, StatusCode::SEE_OTHER, "{}", got.body);
    let set = got.header("set-cookie");
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Path=/sign-in;"), "{set}");
    let asked = Query::parse(got.header("location").split_once('?').unwrap().1.as_bytes());
    assert_eq!((asked.get("response_type"), asked.get("code_challenge_method"), asked.get("tenant"), asked.get("scope")), (Some("code"), Some("S256"), Some("1"), Some("openid profile")));
    Journey { cookie: set.split(';').next().unwrap().to_owned(), asked }
}

fn come_back(office: &Office, cookie: Option<&str>, state: &str, more: &str) -> Got {
    let mut request = Request::get(format!("/sign-in/back?state={state}{more}"));
    if let Some(cookie) = cookie {
        request = request.header("cookie", format!("theme=x; {cookie}"));
    }
    send(&office.site, request.body(Body::empty()).unwrap())
}

/// A whole attempt; the provider's code is changed as a test wants it.
fn attempt(idp: &Idp, office: &Office, change: impl FnOnce(&mut Code)) -> Got {
    let journey = begin(office);
    let mut code = Code { nonce: journey.asked.get("nonce").unwrap().to_owned(), challenge: journey.asked.get("code_challenge").unwrap().to_owned(), ..Code::default() };
    change(&mut code);
    idp.0.codes.lock().unwrap().insert("c-1".to_owned(), code);
    come_back(office, Some(&journey.cookie), journey.asked.get("state").unwrap(), "&code=c-1")
}

fn let_in(got: &Got) -> String {
    assert_eq!((got.status, got.header("refresh")), (StatusCode::OK, "0; url=/people"), "{}", got.body);
    got.header("set-cookie").split(';').next().unwrap().to_owned()
}

fn log(office: &Office) -> String {
    office.get(Role::Administrator, "/activity.csv").body
}

#[test]
fn whom_the_provider_vouches_for_comes_in_as_what_the_settings_say() {
    let idp = Idp::start();
    let office = office(&idp, "");
    let login = send(&office.site, Request::get("/login?to=/people").body(Body::empty()).unwrap()).body;
    assert!(login.contains("href=\"/sign-in?to=%2Fpeople\"") && login.contains("Log in with 127.0.0.1"), "{login}");
    let cookie = let_in(&attempt(&idp, &office, |_| {}));
    let page = send(&office.site, Request::get("/decide?id=none").header("cookie", &cookie).body(Body::empty()).unwrap());
    assert!(page.status == StatusCode::OK && page.body.contains("Dee Hale") && page.body.contains("compliance officer"), "{}", page.body);
    assert!(log(&office).contains("Dee Hale,logged in by 127.0.0.1,officer"), "{}", log(&office));
    // Their role is what the provider's groups give them now; their account stays one and the same, and no password opens it.
    let cookie = let_in(&attempt(&idp, &office, |c| c.claims = vec![("groups", json!("staff")), ("name", json!("Somebody Else"))]));
    assert_eq!(send(&office.site, Request::get("/waivers").header("cookie", &cookie).body(Body::empty()).unwrap()).status, StatusCode::FORBIDDEN);
    let accounts = Accounts::read(&office.ledger).unwrap();
    let dee: Vec<_> = accounts.all().iter().filter(|a| a.name == "Dee Hale").collect();
    assert!(dee.len() == 1 && dee[0].role == Role::Biller && !accounts.all().iter().any(|a| a.name == "Somebody Else"));
    for password in ["", "anything at all, long"] {
        let got = crate::tests::post(&office.site, None, "/login", &[("name", "Dee Hale"), ("password", password)]);
        assert_eq!(got.status, StatusCode::UNAUTHORIZED);
    }
    // Who is named comes in under their own account, with its bounds.
    let cookie = let_in(&attempt(&idp, &office, |c| c.claims = vec![("sub", json!("u-9"))]));
    let account = send(&office.site, Request::get("/account").header("cookie", &cookie).body(Body::empty()).unwrap()).body;
    assert!(account.contains("reviewer one, state reviewer") && account.contains("MH-1"), "{account}");
}

#[test]
fn what_is_forged_replayed_late_or_meant_for_others_lets_nobody_in() {
    let idp = Idp::start();
    let office = office(&idp, "");
    let now = noon().micros() / 1_000_000;
    type Change = Box<dyn FnOnce(&mut Code)>;
    let claims = |claims: Vec<(&'static str, Value)>| -> Change { Box::new(move |c: &mut Code| c.claims = claims) };
    let head = |head: Value| -> Change { Box::new(move |c: &mut Code| c.head = Some(head)) };
    let cases: Vec<(&str, Change)> = vec![
        ("nonce is wrong", claims(vec![("nonce", json!("of another attempt"))])),
        ("nonce is wrong", claims(vec![("nonce", Value::Null)])),
        ("another audience", claims(vec![("aud", json!("another program"))])),
        ("another audience", claims(vec![("aud", json!(["countersign", "another program"]))])),
        ("another audience", claims(vec![("azp", json!("another program"))])),
        ("another issuer", claims(vec![("iss", json!("https://elsewhere.example"))])),
        ("has expired", claims(vec![("exp", json!(now - 61))])),
        ("has expired", claims(vec![("exp", Value::Null)])),
        ("not made just now", claims(vec![("iat", json!(now - 3_600))])),
        ("not made just now", claims(vec![("iat", json!(now + 3_600))])),
        ("names nobody", claims(vec![("sub", json!(""))])),
        ("nobody gave them a role", claims(vec![("groups", json!(["guests"]))])),
        ("no account that is open", claims(vec![("sub", json!("u-7"))])),
        ("no account that is open", claims(vec![("sub", json!("u-8"))])),
        ("that name", claims(vec![("sub", json!("u-2")), ("name", json!("OFFICER one"))])),
        ("signature is wrong", Box::new(|c: &mut Code| c.forged = true)),
        ("in no way that is taken", head(json!({"alg": "none"}))),
        ("in no way that is taken", head(json!({"alg": "HS256", "kid": "other"}))),
        ("no key of the provider", head(json!({"alg": "RS256", "kid": "k-1"}))),
        ("no key of the provider", head(json!({"alg": "ES256", "kid": "k-2"}))),
        ("none that can be read", head(json!({"alg": "ES256", "kid": "k-1", "crit": ["exp"]}))),
        ("answered 400 invalid_grant", Box::new(|c: &mut Code| c.challenge = "of another verifier".to_owned())),
    ];
    for (why, change) in cases {
        let got = attempt(&idp, &office, change);
        assert_eq!((got.status, got.header("set-cookie")), (StatusCode::UNAUTHORIZED, ""), "{why}");
        assert!(!got.body.contains(why), "the browser is not told: {why}");
        let last = log(&office).lines().find(|l| l.contains("was not logged in by 127.0.0.1")).unwrap().to_owned();
        assert!(last.contains(why), "{why}: {last}");
    }
    // A state counts once, in the browser that began, for ten minutes, and only if it was made here.
    let journey = begin(&office);
    let state = journey.asked.get("state").unwrap();
    let mut code = Code { nonce: journey.asked.get("nonce").unwrap().to_owned(), challenge: journey.asked.get("code_challenge").unwrap().to_owned(), ..Code::default() };
    idp.0.codes.lock().unwrap().insert("c-1".to_owned(), code.clone());
    let_in(&come_back(&office, Some(&journey.cookie), state, "&code=c-1"));
    code.claims = vec![];
    idp.0.codes.lock().unwrap().insert("c-1".to_owned(), code);
    assert_eq!(come_back(&office, Some(&journey.cookie), state, "&code=c-1").status, StatusCode::UNAUTHORIZED, "replayed");
    for (cookie, more, why) in [(None, "&code=c-1", "another browser"), (Some("countersign-sign-in=planted"), "&code=c-1", "another browser"), (Some(""), "&error=access_denied%0aplanted", "")] {
        let journey = begin(&office);
        let cookie = if cookie == Some("") { Some(journey.cookie.as_str()) } else { cookie };
        let got = come_back(&office, cookie, journey.asked.get("state").unwrap(), more);
        assert_eq!(got.status, StatusCode::UNAUTHORIZED, "{more} {why}");
        assert!(!got.body.contains("planted"), "{more}");
    }
    let journey = begin(&office);
    assert_eq!(come_back(&office, Some(&journey.cookie), journey.asked.get("state").unwrap(), "&code=c-1&iss=https://elsewhere.example").status, StatusCode::UNAUTHORIZED);
    let journey = begin(&office);
    office.later(11);
    assert_eq!(come_back(&office, Some(&journey.cookie), journey.asked.get("state").unwrap(), "&code=c-1").status, StatusCode::UNAUTHORIZED, "late");
    assert_eq!(come_back(&office, Some(&journey.cookie), "made-up", "&code=c-1").status, StatusCode::UNAUTHORIZED);
    assert!(Accounts::read(&office.ledger).unwrap().all().iter().filter(|a| a.name.starts_with("officer")).count() == 1);
}

#[test]
fn a_closed_account_stays_closed_and_settings_that_are_unsafe_are_refused() {
    let idp = Idp::start();
    let office = office(&idp, "");
    let_in(&attempt(&idp, &office, |_| {}));
    Accounts::read(&office.ledger).unwrap().close("Dee Hale").unwrap();
    assert_eq!(attempt(&idp, &office, |_| {}).status, StatusCode::UNAUTHORIZED);
    let folder = tempfile::tempdir().unwrap();
    let read = |text: &str| {
        std::fs::write(folder.path().join("sign-in.toml"), text).unwrap();
        Settings::read(folder.path()).map_err(|e| e.to_string())
    };
    let good = "issuer = \"https://id.invented.example\"\nclient_id = \"countersign\"\naddress = \"https://ledger.invented.example\"\n";
    assert!(read(good).unwrap().is_some());
    for (change, why) in [
        (good.replace("https://id", "http://id"), "issuer is not an address"),
        (good.replace("https://ledger", "http://ledger"), "address is not an address"),
        (format!("{good}scope = \"profile\"\n"), "does not hold openid"),
        (format!("{good}[[role]]\nvalue = \"x\"\nrole = \"reviewer\"\n"), "a reviewer is named"),
        (format!("{good}secret = \"x\"\n"), "unknown field"),
    ] {
        let error = read(&change).unwrap_err();
        assert!(error.contains(why), "{why}: {error}");
    }
}

/// A token signed elsewhere with RSA, by a key that exists nowhere any more.
const N: &str = "yeEVTh0oiJKdMITYdojB5ps8pS6RUiIoiv3AvPzlBxnCcYKE-JpV3dGR6ZbLgb3zDI7m626tO8wfHPjrVEpYgckLoXu2xSw4MepnZsUJ4K1_8Kl_WNeBBCLw1cXyw7PZCQTIfqzlWzd8eoaHG-47bHjJGzsr1HzWhQzo4OkbnzOvD0Pjh7A6S9l9yw1isnzb4KP0cNHGiz43WkGgcftz71-EYkNTg4XDBZyrRG2Hvnbj09YSNADgg0Xu3vgT6SHe3wicktlD4jD9JzltijHkE-2iL0IdhAKh4MT27-dptDh8XorGnbPweiQHugMqM9B8wRqVcgWfPpbfrZrDAKNnSQ";
const SIGNED: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYSJ9.eyJpc3MiOiJodHRwczovL2lkLmludmVudGVkLmV4YW1wbGUiLCJhdWQiOiJjb3VudGVyc2lnbiIsInN1YiI6InUtMSIsImlhdCI6MTc1MDQzNTIwMCwiZXhwIjoxNzUwNDM1NTAwLCJub25jZSI6Im4tMSJ9.yP-BCWauX6QTUyB0vZLM1qqxSAfvcyJS1EuA69WosTWrCID0WLsyp9CLJZvklTgA_3dqkZhSWIpKaukXiulhKJx4DDktPWhH2uljvGWoti0_rCfmLuW7LQkWufQblM8-BLJGMvrgErcvEwTr4t933Wo-0pkP4GDrPG0-3ERL4jEWxp2qnML5v5ja-k_KvgYqrnmsZQVnFv30Kn4jRH-UzIKsl5wHYUHoJ5x72P45hJ2qrjO8CEleaNC8TFFqStV8vQXFqTcoiQ1PfM85vCjgxA2bD98leKnJ48sF6Xj6EICsQ1ImJdg_vIEVXLxO5s4BTNtnZJxUvZeHNcbNjnK03A";

#[test]
fn a_token_signed_with_rsa_is_checked_too() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("sign-in.toml"), "issuer = \"https://id.invented.example\"\nclient_id = \"countersign\"\naddress = \"https://ledger.invented.example\"\n").unwrap();
    let settings = Settings::read(folder.path()).unwrap().unwrap();
    let jwk: Jwk = serde_json::from_value(json!({"kty": "RSA", "kid": "rsa", "n": N, "e": "AQAB"})).unwrap();
    let check = |token: &str, now: KnownAt| token::checked(token, &settings, "n-1", now, &|kid, alg| if jwk.is_for(alg) && kid == Some("rsa") { Ok(jwk.clone()) } else { Err(super::refused("no key")) });
    assert_eq!(check(SIGNED, noon()).unwrap().sub, "u-1");
    assert!(check(SIGNED, KnownAt::from_micros(noon().micros() + 400_000_000)).is_err());
    let altered = SIGNED.replacen("eyJpc3Mi", "eyJpc3Nj", 1);
    assert!(altered != SIGNED && check(&altered, noon()).is_err());
    assert!(check(SIGNED.rsplit_once('.').unwrap().0, noon()).is_err());
}
