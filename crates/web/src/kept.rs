//! Sessions that end: pages ask in time whether somebody is still there, and a form that comes too late is kept until its writer has logged in again.
//! Needs no script; sends nothing that its writer has not seen again, and never a password.

use axum::http::{HeaderMap, Method, StatusCode, header};
use maud::html;

use crate::answer::{Answer, ours};
use crate::layout;
use crate::people::accounts::Account;
use crate::pages::login;
use crate::query::{Query, segment};
use crate::routes;
use crate::state::State;
use crate::visit::{Keys, Visit};

/// Seconds before a session's end at which pages ask.
const BEFORE: i64 = 5 * 60;

fn left(visit: &Visit<'_>, keys: &Keys) -> i64 {
    (keys.ends.micros() - visit.now.micros()).div_euclid(1_000_000)
}

/// The header by which a page is left for the question: after how many seconds, and where to.
pub(crate) fn asking(visit: &Visit<'_>, keys: &Keys) -> String {
    let left = left(visit, keys);
    // Nearer than that the question itself would come too late: then it is only told that the session has ended.
    let seconds = if left > BEFORE { left - BEFORE } else { left + 1 };
    format!("{seconds}; url=/still-there?to={}", segment(&format!("{}{}", visit.path, visit.query.said())))
}

/// The question, with nothing of the ledger on it.
pub(crate) fn still_there(visit: &Visit<'_>) -> Answer {
    let to = ours(visit.query.get("to").unwrap_or("/home"));
    let frame = visit.desk().frame();
    let of = Some((frame.origin.as_str(), frame.simulated));
    let Some(keys) = &visit.visitor.session else {
        let main = html! {
            h1 { "Your session has ended." }
            p { "What you sent before is on record; what you had not sent was not recorded." }
            p { a.button href={ "/login?to=" (segment(to)) } { "Log in and go on where you were" } }
        };
        return Answer::html(layout::plain("Your session has ended", of, &main));
    };
    let main = html! {
        h1 { "Are you still there?" }
        p { "Your session ends " time datetime=(keys.ends) { (audit::words::known(keys.ends)) } " if nothing is asked until then. This page hides what you were reading." }
        p { "What you had chosen or typed on that page, and not sent, is not kept here." }
        p { a.button href=(to) { "Go on where you were" } }
        form method="post" action="/logout" { (layout::token_of(&visit.visitor)) button.second type="submit" { "Log out" } }
    };
    let page = Answer::html(layout::plain("Are you still there?", of, &main));
    page.header(header::REFRESH, format!("{}; url=/still-there?to={}", left(visit, keys).max(0) + 1, segment(to)))
}

/// Whether a form that came too late can be kept: it is text, and its address takes no password.
pub(crate) fn may_be(headers: &HeaderMap, path: &str) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    kind.is_none_or(|kind| kind.starts_with("application/x-www-form-urlencoded")) && !matches!(path, "/account" | "/logout" | "/individuals" | "/login")
}

/// Says that a form came too late, and keeps what it says until its writer has logged in.
pub(crate) fn ask(state: &State, path: &str, sent: &Query) -> Answer {
    let held = state.held();
    let frame = held.desk.frame();
    let body = sent.but(&[("form_token", None)]);
    let main = html! {
        h1 { "Your session ended before this was sent." }
        p role="alert" { strong { "Nothing was recorded, and nothing you wrote is lost." } " It is kept on this page: log in, look at it again, and send it." }
        (written(sent))
        form.login method="post" action="/login" {
            input type="hidden" name="to" value=(path);
            input type="hidden" name="keep" value=(body.trim_start_matches('?'));
            (login::fields(""))
        }
    };
    Answer::html(layout::plain("Log in again", Some((&frame.origin, frame.simulated)), &main)).status(StatusCode::UNAUTHORIZED)
}

/// Shows somebody who has just logged in what came too late; it is sent when they say so.
pub(crate) fn again(visit: &Visit<'_>, account: &Account, session: &str, path: &str, sent: &Query) -> Answer {
    let may = routes::find(&Method::POST, path).is_some_and(|(route, ..)| route.may.contains(&account.role));
    let Some(session) = visit.state.sessions.peek(session, visit.now).filter(|_| may) else { return Answer::onward("/home") };
    let frame = visit.desk().frame();
    let main = html! {
        h1 { "This was not sent yet." }
        p { "You are logged in as " (account.name) ". Your session had ended when this was sent; nothing of it is recorded." }
        (written(sent))
        form method="post" action=(path) {
            input type="hidden" name="form_token" value=(session.form_token);
            @for (name, value) in sent.pairs().filter(|(name, _)| *name != "form_token") { input type="hidden" name=(name) value=(value); }
            div.buttons { button type="submit" { "Send it now" } a href="/home" { "Leave it" } }
        }
    };
    Answer::html(layout::plain("This was not sent yet", Some((&frame.origin, frame.simulated)), &main))
}

/// What a form says, name by name.
fn written(sent: &Query) -> maud::Markup {
    html! {
        dl { @for (name, value) in sent.pairs().filter(|(name, _)| *name != "form_token") { dt { (name) } dd { (value) } } }
    }
}
