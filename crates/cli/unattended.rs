//! One unattended run: the night's scan, messages put into the outbox, metrics, deliveries; what `nightly` and `serve` share.
//! A delivery that fails is told and kept; it never changes what the scan says, nor how the command ends.
#![allow(clippy::disallowed_methods, reason = "the front end is where the environment is read, once a run")]

use std::hash::{BuildHasher as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use audit::drop_folder::{self, Taken, freshness};
use audit::nightly::{self, ByClass, Counts, Lock, Night, Told};
use audit::vocabulary::{KnownAt, Seq, Summary};
use audit::{AuditError, Fault};
use notify::outbox::{Announced, message_id};
use notify::tidings::{self, Because, Links, Open, Since, Tidings};
use notify::{Channel, Delivered, NotifyError, Outbox, Secrets, Settings, Surroundings, deliver, settings, textfile};

use crate::clock;

/// How often a held lock is tried again, and a stop is noticed.
const PAUSE: Duration = Duration::from_millis(200);

/// How to run.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) ledger: PathBuf,
    /// How long a lock is waited for.
    pub(crate) wait: Duration,
    pub(crate) send: bool,
    /// The time it is said to be, for a simulated ledger.
    pub(crate) at: Option<KnownAt>,
}

/// What a run did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) night: Night,
    pub(crate) tidings: Tidings,
    pub(crate) delivered: Vec<Delivered>,
    /// Files taken out of the drop folder before the scan.
    pub(crate) picked_up: Vec<Taken>,
    /// What went wrong beside the scan, in words.
    pub(crate) troubles: Vec<String>,
}

/// Settings and secrets, as they are read by a run.
pub(crate) fn settings_of(ledger: &Path) -> Result<Settings, AuditError> {
    settings::read(ledger).map_err(refused)
}

/// Trouble of `notify` in the words of a command.
pub(crate) fn refused(error: NotifyError) -> AuditError {
    match error {
        NotifyError::Io { path, source } => AuditError::Io { path: path.display().to_string(), source },
        NotifyError::Settings { .. } | NotifyError::Secret { .. } | NotifyError::Outbox { .. } => {
            AuditError::asked(error.to_string(), error.hint().unwrap_or("docs/unattended.md says what it must be"))
        }
    }
}

/// The directory of a systemd service's credentials.
pub(crate) fn credentials() -> Option<PathBuf> {
    std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from)
}

/// One run. `stopping` becomes true when the program is asked to end: then nothing new is begun.
pub(crate) fn run(plan: &Plan, stopping: &AtomicBool, progress: &dyn Fn(u64, u64)) -> Result<Ran, AuditError> {
    let ledger = plan.ledger.as_path();
    let settings = settings_of(ledger)?;
    drop_folder::settings(ledger)?;
    let now = || plan.at.unwrap_or_else(clock::now);
    let began = clock::now();
    let mut left = plan.wait;
    let _lock = patiently(&mut left, stopping, || Lock::take(ledger))?;
    let (picked_up, mut troubles) = crate::commands::watch::pick_up(ledger, &|time| {
        pause(time, stopping);
    });
    let outbox = Outbox::of(ledger);
    let told = outbox.announced().map(|a| Told { scan: Seq(a.scan), since: a.since.map(Seq) });
    let night = patiently(&mut left, stopping, || nightly::run(ledger, told, now(), progress))?;
    let tidings = tell(&night, &settings);
    let scanned = clock::now();

    let late = freshness(ledger, now())?.into_iter().filter(|f| f.late);
    troubles.extend(late.map(|f| format!("a file is missing: {}", f.says(now()))));
    if let Err(error) = put(&outbox, &settings, &night, &tidings, clock::now()) {
        troubles.push(words(&error));
    }
    let run = textfile::Run {
        began: began.micros(),
        scanned: scanned.micros(),
        events: night.size,
        checkpoint_events: night.signed,
        checkpoint_at: night.signed_at.micros(),
    };
    let metrics = || settings.metrics.as_ref().map_or(Ok(()), |path| textfile::write(path, &tidings, &run, &outbox));
    // Before the deliveries, which may take minutes, and again after them.
    let written = metrics();
    let mut delivered = Vec::new();
    if plan.send {
        let credentials = credentials();
        let around = Surroundings {
            secrets: Secrets { dir: ledger, credentials: credentials.as_deref() },
            now: &|| clock::now().micros(),
            pause: &|time| pause(time, stopping),
            stopping: &|| stopping.load(Ordering::Relaxed),
            random: &chance,
        };
        let (done, failed) = deliver(&outbox, &settings, &around);
        delivered = done;
        troubles.extend(failed.iter().map(words));
    }
    troubles.extend(written.and_then(|()| metrics()).err().as_ref().map(words));
    Ok(Ran { night, tidings, delivered, picked_up, troubles })
}

/// Messages for the channels that there are, and then the note that they were made. If we stop in between, the next run makes the others.
fn put(outbox: &Outbox, settings: &Settings, night: &Night, tidings: &Tidings, now: KnownAt) -> Result<(), NotifyError> {
    let id = message_id(&night.ledger_id, night.scan.seq.0);
    let wanted = [(Channel::Webhook, settings.webhook.is_some()), (Channel::Mail, settings.mail.is_some())];
    for (channel, _) in wanted.into_iter().filter(|(_, wanted)| *wanted) {
        outbox.put(channel, &id, tidings, now.micros())?;
    }
    outbox.announce(Announced { scan: night.scan.seq.0, since: night.counts.tally.as_ref().map(|t| t.since.0) })
}

/// The counts of a night as they are told. Fields are copied one by one: nothing else can come along.
fn tell(night: &Night, settings: &Settings) -> Tidings {
    let ledger = tidings::Ledger { origin: night.origin.clone(), simulated: night.simulated, events: night.scan.size };
    let scan = tidings::Scan {
        seq: night.scan.seq.0,
        recorded_at: night.scan.recorded_at.to_string(),
        today: night.scan.today.to_string(),
        rule_set: night.scan.rule_set.clone(),
    };
    let links = settings.link_base_url.as_deref().map(|base| Links::under(base, night.scan.seq.0));
    counted(ledger, scan, &night.counts, links)
}

/// Counts of any scan as tidings.
pub(crate) fn counted(ledger: tidings::Ledger, scan: tidings::Scan, counts: &Counts, links: Option<Links>) -> Tidings {
    let classes = |c: ByClass| tidings::ByClass { violation: c.violation, documentation: c.documentation, advisory: c.advisory };
    let since = counts.tally.as_ref().map(|t| Since {
        seq: t.since.0,
        today: t.since_day.to_string(),
        exposure_cents: t.exposure_then.0,
        new: classes(t.new),
        reopened: classes(t.reopened),
        class_changed: t.class_changed,
        cured_late: t.cured_late,
        status_changed: t.status_changed,
        cleared: t.cleared,
        not_evaluated_any_more: t.not_evaluated_any_more,
        because: t.because.iter().map(|(kind, findings)| Because { kind: (*kind).to_owned(), findings: *findings }).collect(),
    });
    Tidings {
        schema: tidings::SCHEMA.to_owned(),
        ledger,
        scan,
        open: open(&counts.open),
        after_waivers: open(&counts.after_waivers),
        not_evaluated: counts.open.not_evaluated,
        events_not_interpreted: counts.not_interpreted,
        since,
        links,
    }
}

fn open(summary: &Summary) -> Open {
    Open { violation: summary.violation, documentation: summary.documentation, advisory: summary.advisory, exposure_cents: summary.exposure.0 }
}

/// Tries until nobody else holds what is needed, or the patience is used up.
fn patiently<T>(left: &mut Duration, stopping: &AtomicBool, mut attempt: impl FnMut() -> Result<T, AuditError>) -> Result<T, AuditError> {
    loop {
        match attempt() {
            Err(error) if error.fault() == Fault::Busy && !left.is_zero() => {
                if !pause(PAUSE.min(*left), stopping) {
                    return Err(error);
                }
                *left = left.saturating_sub(PAUSE);
            }
            done => return done,
        }
    }
}

/// Waits; false if the program was asked to stop meanwhile.
fn pause(time: Duration, stopping: &AtomicBool) -> bool {
    let mut left = time;
    while !left.is_zero() && !stopping.load(Ordering::Relaxed) {
        std::thread::sleep(PAUSE.min(left));
        left = left.saturating_sub(PAUSE);
    }
    !stopping.load(Ordering::Relaxed)
}

/// A number nobody can foretell, good enough to spread pauses.
fn chance() -> u64 {
    std::collections::hash_map::RandomState::new().build_hasher().finish()
}

/// Trouble with its hint, in one line.
fn words(error: &NotifyError) -> String {
    error.hint().map_or_else(|| error.to_string(), |hint| format!("{error}; {hint}"))
}
