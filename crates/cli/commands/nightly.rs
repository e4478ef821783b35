//! `nightly`: the scan that nobody watches, one line of what changed, and word of it to machines and mailboxes.
//! Deliveries that fail are told on standard error and tried again at the next run; the exit code is the scan's.

use std::io::{self, Write};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use audit::nightly::Counts;
use audit::vocabulary::KnownAt;
use audit::words::count;
use notify::delivery::Standing;
use notify::{Channel, Outbox, Secrets, webhook, wording};
use serde_json::{Value, json};

use super::Outcome;
use crate::args::{FailOn, Format, Global, NightlyArgs};
use crate::exit::Done;
use crate::progress::Progress;
use crate::unattended::{self, Plan, Ran};

pub(crate) fn run(global: &Global, args: &NightlyArgs, now: KnownAt) -> Outcome {
    if args.check {
        return check(global);
    }
    let at = global.at.is_some().then_some(now);
    let plan = Plan { ledger: global.ledger.clone(), wait: Duration::from_secs(args.wait), send: !args.no_send, at };
    let progress = Progress::new(global, "scanning");
    let ran = unattended::run(&plan, &AtomicBool::new(false), &|n, all| progress.of(n, all))?;
    drop(progress);
    print(global, &ran)?;
    Ok(if fails(&ran.night.counts, args.fail_on) { Done::Found } else { Done::Clean })
}

fn fails(counts: &Counts, on: FailOn) -> bool {
    let left = &counts.after_waivers;
    match on {
        FailOn::Never => false,
        FailOn::New => counts.arrived_not_waived > 0,
        FailOn::Violation => left.violation > 0,
        FailOn::Documentation => left.violation + left.documentation > 0,
        FailOn::Advisory => left.violation + left.documentation + left.advisory > 0,
    }
}

/// The line of the night on standard output, what became of messages on standard error.
pub(crate) fn print(global: &Global, ran: &Ran) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if global.format() != Format::Human {
        return writeln!(out, "{}", whole(ran));
    }
    writeln!(out, "{}", wording::line(&ran.tidings))?;
    let mut err = io::stderr().lock();
    for taken in ran.picked_up.iter().filter(|_| !global.quiet) {
        writeln!(err, "{}", super::watch::told(taken))?;
    }
    if !ran.night.appended && !global.quiet {
        writeln!(err, "The scan of this day is the ledger's last event already: nothing was appended.")?;
    }
    for d in &ran.delivered {
        let about = format!("{} about the scan at seq {}", d.channel.as_str(), d.scan);
        match &d.standing {
            Standing::Accepted if global.quiet => {}
            Standing::Accepted => writeln!(err, "{about}: delivered.")?,
            Standing::Waits { why } => writeln!(err, "warning: {about}: not delivered, kept for the next run: {why}.")?,
            Standing::GivenUp { why } => writeln!(err, "warning: {about}: given up, kept in outbox/given-up: {why}.")?,
        }
    }
    for trouble in &ran.troubles {
        writeln!(err, "warning: the scan is recorded, but {trouble}")?;
    }
    Ok(())
}

fn whole(ran: &Ran) -> Value {
    let deliveries: Vec<Value> = ran
        .delivered
        .iter()
        .map(|d| {
            let (standing, why) = match &d.standing {
                Standing::Accepted => ("delivered", None),
                Standing::Waits { why } => ("waiting", Some(why)),
                Standing::GivenUp { why } => ("given_up", Some(why)),
            };
            json!({"channel": d.channel.as_str(), "scan": d.scan, "id": d.id, "tries": d.tries, "standing": standing, "why": why})
        })
        .collect();
    json!({
        "schema": "countersign.nightly.v1", "line": wording::line(&ran.tidings), "appended": ran.night.appended,
        "findings_digest": ran.night.scan.digest, "picked_up": ran.picked_up.iter().map(super::watch::value).collect::<Vec<_>>(), "tidings": ran.tidings, "deliveries": deliveries, "troubles": ran.troubles,
    })
}

/// Reads settings and secrets as a run would, and says what waits.
fn check(global: &Global) -> Outcome {
    let settings = unattended::settings_of(&global.ledger)?;
    let drop = audit::drop_folder::settings(&global.ledger)?;
    let credentials = unattended::credentials();
    let secrets = Secrets { dir: &global.ledger, credentials: credentials.as_deref() };
    if let Some(hook) = &settings.webhook {
        let secret = secrets.read(&hook.secret).map_err(unattended::refused)?;
        webhook::Sender::new(hook, &secret).map_err(unattended::refused)?;
    }
    if let Some(mail) = &settings.mail {
        let password = mail.login.as_ref().map(|(_, name)| secrets.read(name)).transpose().map_err(unattended::refused)?;
        notify::mail::Sender::new(mail, password.as_ref()).map_err(unattended::refused)?;
    }
    let outbox = Outbox::of(&global.ledger);
    let counts = Channel::ALL.map(|channel| (channel, outbox.count(channel)));
    let mut out = io::stdout().lock();
    if global.format() != Format::Human {
        let waiting: serde_json::Map<String, Value> =
            counts.iter().map(|(c, (waits, given_up))| (c.as_str().to_owned(), json!({"waiting": waits, "given_up": given_up}))).collect();
        let on = json!({"drop_folder": drop.folder, "sources": drop.sources.len(), "metrics": settings.metrics, "webhook": settings.webhook.is_some(), "mail": settings.mail.is_some(), "outbox": waiting});
        writeln!(out, "{}", json!({"schema": "countersign.nightly_check.v1", "settings": on}))?;
        return Ok(Done::Clean);
    }
    let place = global.ledger.join(notify::settings::FILE);
    writeln!(out, "{}: {}.", place.display(), if place.exists() { "understood" } else { "there is none: a nightly run scans and tells nobody" })?;
    match &drop.folder {
        Some(path) => writeln!(out, "folder    {}, {} known", path.display(), count(drop.sources.len() as u64, "source"))?,
        None => writeln!(out, "folder    none")?,
    }
    match &settings.metrics {
        Some(path) => writeln!(out, "metrics   {}", path.display())?,
        None => writeln!(out, "metrics   none")?,
    }
    match &settings.webhook {
        Some(hook) => writeln!(out, "webhook   {}, the secret can be read", host(&hook.url))?,
        None => writeln!(out, "webhook   none")?,
    }
    match &settings.mail {
        Some(mail) => writeln!(out, "mail      {} to {} by {}:{}", mail.from.email, count(mail.to.len() as u64, "reader"), mail.server, mail.port)?,
        None => writeln!(out, "mail      none")?,
    }
    for (channel, (waits, given_up)) in counts.into_iter().filter(|(_, counts)| *counts != (0, 0)) {
        writeln!(out, "outbox    {}: {} waiting, {given_up} given up", channel.as_str(), count(waits, "message"))?;
    }
    Ok(Done::Clean)
}

/// Scheme and host of an address; its path may be a secret of its own.
fn host(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    url.get(start..).and_then(|rest| rest.find('/')).and_then(|end| url.get(..start + end)).unwrap_or(url)
}
