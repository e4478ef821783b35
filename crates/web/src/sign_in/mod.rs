//! Logging in at somebody else's: OpenID Connect, the authorization code flow with PKCE, a state and a nonce for each attempt.
//! Believes an identity token only after its signature, issuer, audience, times and nonce; who somebody is here is said by the settings file, never by a name they chose there.

mod provider;
mod settings;
mod token;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use audit::AuditError;
use audit::vocabulary::KnownAt;
use axum::http::{StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use maud::html;
use sha2::{Digest, Sha256};

use crate::answer::{Answer, ours};
use crate::entry::{cookie, keep};
use crate::layout;
use crate::people::accounts::Accounts;
use crate::people::secret::{self, NoChance};
use crate::query::segment;
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;
use provider::Provider;
use settings::Settings;
use token::Claims;

/// Under what name a browser keeps what ties it to an attempt.
const COOKIE: &str = "countersign-sign-in";
/// Seconds that an attempt may take.
const PATIENCE: i64 = 600;
/// Attempts under way at most; the oldest are forgotten first.
const MOST: usize = 1_000;

/// An attempt to log in that went to the provider.
#[derive(Debug)]
struct Attempt {
    nonce: String,
    verifier: String,
    /// The SHA-256 of what the browser keeps.
    browser: String,
    to: String,
    until: KnownAt,
}

/// Logging in at a provider.
#[derive(Debug)]
pub(crate) struct SignIn {
    settings: Settings,
    provider: Provider,
    /// By the SHA-256 of their state, in the order of their ends.
    attempts: Mutex<BTreeMap<String, Attempt>>,
}

/// Why somebody was not let in, in words for the activity log; the browser is told that they were not.
#[derive(Debug)]
pub(crate) struct Refused(String);

impl From<NoChance> for Refused {
    fn from(error: NoChance) -> Self {
        Self(error.to_string())
    }
}

fn refused(why: impl Into<String>) -> Refused {
    Refused(why.into())
}

impl SignIn {
    /// Of the ledger in a directory; nothing where its settings file is not there.
    ///
    /// # Errors
    /// A settings file that does not say what it must.
    pub(crate) fn of(dir: &Path) -> Result<Option<Self>, AuditError> {
        let Some(settings) = Settings::read(dir)? else { return Ok(None) };
        let provider = Provider::of(&settings.issuer);
        Ok(Some(Self { settings, provider, attempts: Mutex::default() }))
    }

    /// The provider as people know it: its host.
    pub(crate) fn host(&self) -> &str {
        self.settings.issuer.split_once("://").map_or(self.settings.issuer.as_str(), |(_, rest)| rest.split(['/', ':']).next().unwrap_or(rest))
    }

    fn back(&self) -> String {
        format!("{}/sign-in/back", self.settings.address.trim_end_matches('/'))
    }

    /// Begins an attempt: where the browser goes, and what it keeps.
    fn begin(&self, to: &str, now: KnownAt) -> Result<(String, String), Refused> {
        let endpoint = self.provider.found(now)?.authorization_endpoint;
        let (state, nonce, verifier, browser) = (secret::token()?, secret::token()?, secret::token()?, secret::token()?);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        let asked = [
            ("response_type", "code"),
            ("client_id", self.settings.client_id.as_str()),
            ("redirect_uri", &self.back()),
            ("scope", self.settings.scope.as_str()),
            ("state", state.as_str()),
            ("nonce", nonce.as_str()),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        let asked = form_urlencoded::Serializer::new(String::new()).extend_pairs(asked).finish();
        let until = KnownAt::from_micros(now.micros() + PATIENCE * 1_000_000);
        let attempt = Attempt { nonce, verifier, browser: secret::digest(&browser), to: ours(to).to_owned(), until };
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        attempts.retain(|_, a| a.until > now);
        if attempts.len() >= MOST && let Some(oldest) = attempts.iter().min_by_key(|(_, a)| a.until).map(|(state, _)| state.clone()) {
            attempts.remove(&oldest);
        }
        attempts.insert(secret::digest(&state), attempt);
        Ok((format!("{endpoint}{}{asked}", if endpoint.contains('?') { '&' } else { '?' }), browser))
    }

    /// Ends an attempt with what the provider sent back: who it says that is, and where they wanted to go. A state counts once.
    fn end(&self, visit: &Visit<'_>) -> Result<(Claims, String), Refused> {
        let q = |name: &str| visit.query.get(name);
        let state = q("state").ok_or_else(|| refused("no state came back"))?;
        let attempt = self.attempts.lock().unwrap_or_else(PoisonError::into_inner).remove(&secret::digest(state));
        let attempt = attempt.filter(|a| a.until > visit.now).ok_or_else(|| refused("the state is of no attempt under way"))?;
        let browser = visit.cookie.as_deref().and_then(|kept| cookie(kept, COOKIE)).ok_or_else(|| refused("the attempt was begun in another browser"))?;
        if !secret::same(&secret::digest(browser), &attempt.browser) {
            return Err(refused("the attempt was begun in another browser"));
        }
        if q("iss").is_some_and(|issuer| issuer != self.settings.issuer) {
            return Err(refused("the answer is of another provider"));
        }
        if let Some(error) = q("error") {
            return Err(refused(format!("the provider says {}", plain(error))));
        }
        let code = q("code").ok_or_else(|| refused("no code came back"))?;
        let token = self.provider.identity_token(&self.settings, &self.back(), code, &attempt.verifier, visit.now)?;
        let claims = token::checked(&token, &self.settings, &attempt.nonce, visit.now, &|kid, alg| self.provider.key(kid, alg, visit.now))?;
        Ok((claims, attempt.to))
    }

    /// The account of whom a provider vouches for: the one that the settings name, or one made for a role that their claim gives.
    fn account(&self, accounts: &mut Accounts, claims: &Claims) -> Result<String, Refused> {
        if let Some(name) = self.settings.people.get(&claims.sub) {
            return match accounts.open(name) {
                Some(account) if account.role != crate::roles::Role::Service => Ok(account.name.clone()),
                _ => Err(refused(format!("{name} has no account that is open"))),
            };
        }
        let role = self.settings.role_of(claims).ok_or_else(|| refused("nobody gave them a role"))?;
        let id = format!("{} {}", self.settings.issuer, claims.sub);
        accounts.vouched(&id, claims.text("name").unwrap_or(&claims.sub), role).map_err(|e| refused(e.to_string()))
    }
}

/// What a provider said, shortened to what a log line may hold.
fn plain(said: &str) -> String {
    said.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ')).take(60).collect()
}

fn cannot() -> Trouble {
    Trouble::NotFound("Nobody else logs people in here.".to_owned())
}

/// Sends somebody to the provider.
pub(crate) fn begin(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let sign_in = visit.state.sign_in.as_ref().ok_or_else(cannot)?;
    match sign_in.begin(visit.query.get("to").unwrap_or("/home"), visit.now) {
        Ok((there, browser)) => {
            // Lax: the provider leads back here, and what ties the browser to its attempt has to come along.
            let secure = if visit.state.encrypted { "; Secure" } else { "" };
            let kept = format!("{COOKIE}={browser}; Path=/sign-in; HttpOnly; SameSite=Lax; Max-Age={PATIENCE}{secure}");
            Ok(Page::Answer(Answer::new("text/plain; charset=utf-8", "").status(StatusCode::SEE_OTHER).header(header::LOCATION, there).header(header::SET_COOKIE, kept)))
        }
        Err(why) => kept_out(visit, sign_in, &why),
    }
}

/// Lets in whom the provider vouches for.
pub(crate) fn back(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let sign_in = visit.state.sign_in.as_ref().ok_or_else(cannot)?;
    let (claims, to) = match sign_in.end(visit) {
        Ok(ended) => ended,
        Err(why) => return kept_out(visit, sign_in, &why),
    };
    let mut accounts = visit.state.accounts()?;
    let name = match sign_in.account(&mut accounts, &claims) {
        Ok(name) => name,
        Err(why) => return kept_out(visit, sign_in, &why),
    };
    let Some(account) = accounts.open(&name).filter(|a| a.bounds.as_ref().is_none_or(|b| !b.over(visit.now))) else {
        return kept_out(visit, sign_in, &refused("their account is closed, or their visit is over"));
    };
    visit.state.activity.note(visit.now, &account.name, &format!("logged in by {}", sign_in.host()), account.role.as_str())?;
    let token = visit.state.sessions.begin(&account.name, visit.now)?;
    // A page and no redirect: a browser sends a strict cookie only where our own page leads.
    let main = html! { h1 { "You are logged in." } p { a.button href=(to) { "Go on" } } };
    let frame = visit.desk().frame();
    let page = Answer::html(layout::plain("You are logged in", Some((&frame.origin, frame.simulated)), &main));
    Ok(Page::Answer(page.header(header::REFRESH, format!("0; url={to}")).header(header::SET_COOKIE, keep(Some(&token), visit.state.encrypted))))
}

fn kept_out(visit: &Visit<'_>, sign_in: &SignIn, why: &Refused) -> Result<Page, Trouble> {
    visit.state.activity.note(visit.now, "somebody", &format!("was not logged in by {}", sign_in.host()), &why.0)?;
    let frame = visit.desk().frame();
    let main = html! {
        h1 { "You could not be logged in." }
        p role="alert" { "The activity log says why; whoever keeps accounts here can read it. Nothing was changed." }
        p { a.button href={ "/login?to=" (segment("/home")) } { "Try again" } }
    };
    Ok(Page::Answer(Answer::html(layout::plain("You could not be logged in", Some((&frame.origin, frame.simulated)), &main)).status(StatusCode::UNAUTHORIZED)))
}

#[cfg(test)]
mod tests;
