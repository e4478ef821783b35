//! Who comes in: by a session, by a token, as a guest of a simulated ledger, or as a stranger who is asked to log in.
//! Believes no form that was not made here for the same session.

use audit::vocabulary::KnownAt;
use axum::http::{HeaderMap, StatusCode, header};

use crate::answer::Answer;
use crate::people::secret;
use crate::query::{Query, segment};
use crate::roles::{Role, UNVEILERS};
use crate::state::State;
use crate::trouble::{Trouble, problem};
use crate::visit::{Form, Keys, Visitor};

/// Under what name a browser keeps its session.
pub(crate) const COOKIE: &str = "countersign";

/// Who comes in.
#[derive(Debug)]
pub(crate) enum Entry {
    /// Somebody with a role.
    Known(Box<Visitor>),
    /// Nobody in particular.
    Stranger,
}

/// Who a request is from; `quiet` leaves their session as it was.
pub(crate) fn of(state: &State, headers: &HeaderMap, quiet: bool, now: KnownAt) -> Result<Entry, Trouble> {
    let accounts = state.accounts()?;
    if let Some(token) = bearer(headers) {
        return Ok(accounts.service(token).map_or(Entry::Stranger, |account| Entry::Known(Box::new(Visitor::of(account)))));
    }
    if let Some(kept) = kept(headers) {
        let session = if quiet { state.sessions.peek(&kept, now) } else { state.sessions.seen(&kept, now) };
        if let Some((session, account)) = session.and_then(|s| Some((accounts.open(&s.name)?, s))).map(|(a, s)| (s, a)) {
            let over = account.bounds.as_ref().is_some_and(|b| b.over(now));
            if !over {
                let mut visitor = Visitor::of(account);
                visitor.sees_individuals = UNVEILERS.contains(&visitor.role) && session.unveiled(now);
                let ends = session.ends();
                visitor.session = Some(Keys { form_token: session.form_token, kept, ends });
                return Ok(Entry::Known(Box::new(visitor)));
            }
        }
    }
    Ok(if state.takes_guests(&accounts) { Entry::Known(Box::new(Visitor::guest())) } else { Entry::Stranger })
}

/// What somebody who has not logged in is answered.
pub(crate) fn ask(form: Form, reads: bool, of_a_person: bool, path: &str, query: &Query) -> Answer {
    if form != Form::Html || !reads || !of_a_person {
        let says = "Log in, or send a service's token: Authorization: Bearer TOKEN.";
        let value = problem(StatusCode::UNAUTHORIZED, "Nobody said who asks", says);
        let answer = if form == Form::Html && of_a_person { Answer::new("text/plain; charset=utf-8", format!("{says}\n")) } else { Answer::problem(StatusCode::UNAUTHORIZED, &value) };
        return answer.status(StatusCode::UNAUTHORIZED).header(header::WWW_AUTHENTICATE, "Bearer");
    }
    let back = format!("{path}{}", query.said());
    Answer::onward(&if path == "/" || path == "/home" { "/login".to_owned() } else { format!("/login?to={}", segment(&back)) })
}

/// Whether a form was made here and, where it is not open to strangers, sent by whom it was made for.
pub(crate) fn meant(headers: &HeaderMap, visitor: &Visitor, sent: &Query, open: bool) -> bool {
    let token = match &visitor.session {
        Some(keys) => sent.get("form_token").is_some_and(|given| secret::same(given, &keys.form_token)),
        None => matches!(visitor.role, Role::Guest),
    };
    from_here(headers) && (open || token)
}

/// Whether a form was sent from a page of ours.
pub(crate) fn from_here(headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
    // A browser says where a form comes from; what says nothing is no browser, and carries no session by accident.
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        (Some(_), None) => false,
        (None, _) => text(header::HeaderName::from_static("sec-fetch-site")).is_none_or(|site| matches!(site, "same-origin" | "none")),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

fn kept(headers: &HeaderMap) -> Option<String> {
    cookies(headers).iter().find_map(|line| cookie(line, COOKIE)).map(str::to_owned)
}

/// The lines in which a browser sends what it keeps.
pub(crate) fn cookies(headers: &HeaderMap) -> Vec<&str> {
    headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok()).collect()
}

/// What a browser keeps under a name, in a line of it.
pub(crate) fn cookie<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    line.split(';').find_map(|pair| pair.trim().split_once('=').filter(|(n, _)| *n == name).map(|(_, v)| v))
}

/// What makes a browser keep a session, or forget it.
pub(crate) fn keep(kept: Option<&str>, encrypted: bool) -> String {
    let secure = if encrypted { "; Secure" } else { "" };
    match kept {
        Some(kept) => format!("{COOKIE}={kept}; Path=/; HttpOnly; SameSite=Strict{secure}"),
        None => format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0{secure}"),
    }
}
