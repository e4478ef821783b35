//! Logging in and out, another password, and asking who individuals are.
//! Says of a wrong name what it says of a wrong password, after the same time.

use axum::http::{StatusCode, header};
use maud::{Markup, html};

use crate::answer::Answer;
use crate::entry::keep;
use crate::kept;
use crate::layout;
use crate::people::accounts::{Account, AccountError};
use crate::people::sessions::{IDLE, UNVEILED};
use crate::query::Query;
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

const SECOND: i64 = 1_000_000;

/// The form.
pub(crate) fn ask(visit: &Visit<'_>) -> Result<Page, Trouble> {
    Ok(Page::Answer(form(visit, visit.query.get("to").unwrap_or("/home"), None)))
}

fn form(visit: &Visit<'_>, to: &str, problem: Option<&str>) -> Answer {
    let frame = visit.desk().frame();
    let main = html! {
        h1 { "Log in" }
        (elsewhere(visit, to))
        @if let Some(problem) = problem { p.notice role="alert" { strong { (problem) } } }
        form.login method="post" action="/login" {
            input type="hidden" name="to" value=(to);
            @if let Some(body) = visit.sent.get("keep") { input type="hidden" name="keep" value=(body); }
            (fields(visit.sent.get("name").unwrap_or_default()))
        }
        p.soft { "A session ends after " (IDLE) " minutes without a request. Accounts are made by `countersign account add`." }
    };
    Answer::html(layout::plain("Log in", Some((&frame.origin, frame.simulated)), &main))
}

/// The way in by a provider, where there is one.
#[cfg(feature = "oidc")]
fn elsewhere(visit: &Visit<'_>, to: &str) -> Markup {
    html! {
        @if let Some(sign_in) = &visit.state.sign_in {
            p { a.button href={ "/sign-in?to=" (crate::query::segment(to)) } { "Log in with " (sign_in.host()) } }
            p.soft { "Or with a password of this service:" }
        }
    }
}

#[cfg(not(feature = "oidc"))]
fn elsewhere(_: &Visit<'_>, _: &str) -> Markup {
    html! {}
}

/// What proves who somebody is.
pub(crate) fn fields(name: &str) -> Markup {
    html! {
            div.field { label for="name" { "Name" } input #name name="name" autocomplete="username" required autofocus value=(name); }
            div.field { label for="password" { "Password" } input #password name="password" type="password" autocomplete="current-password" required; }
            div.field { label for="code" { "Code of your app, if you use one" } input #code name="code" inputmode="numeric" autocomplete="one-time-code"; }
            div.buttons { button type="submit" { "Log in" } }
    }
}

/// Lets in whoever proves who they are.
pub(crate) fn enter(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let (name, given) = (visit.sent.get("name").unwrap_or_default(), visit.sent.get("password").unwrap_or_default());
    let to = visit.sent.get("to").unwrap_or("/home");
    let wait = visit.state.attempts.wait(name, visit.now);
    if wait > 0 {
        return Err(Trouble::Wait(wait));
    }
    let accounts = visit.state.accounts()?;
    let account = accounts.open(name);
    let admitted = Account::admits(account, given);
    let seconds = visit.now.micros().div_euclid(SECOND);
    let proved = account.filter(|_| admitted).filter(|a| a.bounds.as_ref().is_none_or(|b| !b.over(visit.now))).and_then(|account| {
        if !account.asks_for_codes() {
            return Some((account, None));
        }
        let step = account.code_step(visit.sent.get("code").unwrap_or_default(), seconds, visit.state.sessions.last_step(&account.name))?;
        Some((account, Some(step)))
    });
    let Some((account, step)) = proved else {
        visit.state.attempts.failed(name, visit.now);
        visit.state.activity.note(visit.now, "somebody", "failed to log in", if account.is_some() { name } else { "an unknown name" })?;
        let problem = "Name, password or code are not right.";
        return Ok(Page::Answer(form(visit, to, Some(problem)).status(StatusCode::UNAUTHORIZED)));
    };
    if let Some(step) = step {
        visit.state.sessions.used(&account.name, step);
    }
    visit.state.attempts.succeeded(name);
    visit.state.activity.note(visit.now, &account.name, "logged in", account.role.as_str())?;
    let token = visit.state.sessions.begin(&account.name, visit.now)?;
    let answer = match visit.sent.get("keep") {
        // What was sent too late is shown again, and sent only if its writer says so.
        Some(body) => kept::again(visit, account, &token, to, &Query::parse(body.as_bytes())),
        None => Answer::onward(to),
    };
    Ok(Page::Answer(answer.header(header::SET_COOKIE, keep(Some(&token), visit.state.encrypted))))
}

/// Whether somebody is still there; says when their session ends, or that it has.
pub(crate) fn still_there(visit: &Visit<'_>) -> Result<Page, Trouble> {
    Ok(Page::Answer(kept::still_there(visit)))
}

/// Ends the session.
pub(crate) fn leave(visit: &Visit<'_>) -> Result<Page, Trouble> {
    if let Some(keys) = &visit.visitor.session {
        visit.state.sessions.end(&keys.kept);
        visit.note("logged out", "")?;
    }
    Ok(Page::Answer(Answer::onward("/login").header(header::SET_COOKIE, keep(None, visit.state.encrypted))))
}

/// The visitor's own account.
pub(crate) fn account(visit: &Visit<'_>) -> Result<Page, Trouble> {
    Ok(Page::Answer(Answer::html(layout::around(visit, "Your account", &own(visit, None)))))
}

fn own(visit: &Visit<'_>, said: Option<&str>) -> Markup {
    html! {
        h1 { (visit.visitor.name) ", " (visit.visitor.role.named()) }
        @if let Some(said) = said { p.notice role="status" { strong { (said) } } }
        @if let Some(bounds) = &visit.visitor.bounds { p { "You see what lies inside your visit: " (bounds.says()) "." } }
        @if let Some(person) = &visit.visitor.person { p { "You see what is about " span.id { (person) } "." } }
        h2 { "Another password" }
        form.login method="post" action="/account" {
            (layout::form_token(visit))
            div.field { label for="password" { "Password until now" } input #password name="password" type="password" autocomplete="current-password" required; }
            div.field { label for="next" { "New password, 12 characters or more" } input #next name="next" type="password" autocomplete="new-password" required minlength="12"; }
            div.buttons { button type="submit" { "Change it" } }
        }
        p.soft { "Your other sessions end when you change it. Codes of an app are set up with `countersign account codes`." }
    }
}

/// Changes the visitor's password.
pub(crate) fn change(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let name = &visit.visitor.name;
    let wait = visit.state.attempts.wait(name, visit.now);
    if wait > 0 {
        return Err(Trouble::Wait(wait));
    }
    let mut accounts = visit.state.accounts()?;
    if !Account::admits(accounts.open(name), visit.sent.get("password").unwrap_or_default()) {
        visit.state.attempts.failed(name, visit.now);
        return Err(Trouble::Refused("The password until now is not right.".to_owned()));
    }
    accounts.renew(name, visit.sent.get("next")).map_err(|e: AccountError| Trouble::from(e))?;
    if let Some(keys) = &visit.visitor.session {
        visit.state.sessions.end_others(name, &keys.kept);
    }
    visit.note("changed their password", "")?;
    Ok(Page::Answer(Answer::html(layout::around(visit, "Your account", &own(visit, Some("Your password was changed; your other sessions have ended."))))))
}

/// Shows for a while who individuals are, or hides it again. Both are written down first.
pub(crate) fn unveil(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let shown = visit.sent.get("show") == Some("yes");
    let back = visit.sent.get("back").unwrap_or("/home");
    let what = if shown { format!("asked who individuals are, for {UNVEILED} minutes") } else { "hid individuals again".to_owned() };
    visit.note(&what, back)?;
    if let Some(keys) = &visit.visitor.session {
        visit.state.sessions.unveil(&keys.kept, visit.now, shown);
    }
    Ok(Page::Answer(Answer::onward(back)))
}
