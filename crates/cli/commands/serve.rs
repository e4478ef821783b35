//! `serve`: the nightly scan at a time of day, for machines without systemd.
//! Catches up once what was missed, ends when asked between two steps, and leaves when to run to `schedule`; no web interface yet.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use audit::vocabulary::ValidDay;
use audit::words::{count, day, known};
use audit::{AuditError, scans};
use schedule::{DailyAt, Step, Watch};
use tokio::signal::unix::{SignalKind, signal};

use super::Outcome;
use crate::args::{Global, ServeArgs};
use crate::clock;
use crate::exit::{Done, Stop};
use crate::unattended::{self, Plan, Ran};

/// The longest sleep: a machine that was suspended, or whose clock was set, is noticed within it.
const NAP: Duration = Duration::from_secs(30);

pub(crate) fn run(global: &Global, args: &ServeArgs) -> Outcome {
    let Some(at) = &args.scan_at else {
        let hint = "`countersign serve --scan-at 02:30` does the nightly scan at half past two, New York time";
        return Err(AuditError::asked("the web interface is not in this version", hint).into());
    };
    if global.at.is_some() {
        return Err(AuditError::asked("--at stands still, and a service needs a clock that goes", "leave --at out").into());
    }
    let at = DailyAt::parse(at).map_err(|e| AuditError::asked(e.to_string(), "countersign serve --scan-at 02:30"))?;
    // What cannot work is refused at the start, not at night.
    unattended::settings_of(&global.ledger)?;
    let last = scans::scans(&global.ledger)?.last().map(|s| s.recorded_at);
    let watch = Watch::new(at, last);
    if !global.quiet {
        let said = last.map_or_else(|| "no scan was recorded yet".to_owned(), |last| format!("the last scan was recorded {}", known(last)));
        eprintln!("Scanning {} every night at {at}, New York time; {said}.", global.ledger.display());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = runtime.block_on(nights(global, watch));
    // A run that did not end although asked twice is left behind; the ledger survives that, as it survives a power cut.
    runtime.shutdown_background();
    ended
}

async fn nights(global: &Global, mut watch: Watch) -> Outcome {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    loop {
        let now = clock::now();
        let night = match watch.step(now) {
            Step::Wait { until } => {
                let left = u64::try_from(until.micros() - now.micros()).unwrap_or(0);
                tokio::select! {
                    () = tokio::time::sleep(NAP.min(Duration::from_micros(left))) => continue,
                    _ = terminate.recv() => return Ok(Done::Clean),
                    _ = interrupt.recv() => return Ok(Done::Clean),
                }
            }
            Step::Run { night, missed } => {
                announce(global, night, missed);
                night
            }
        };
        let stopping = Arc::new(AtomicBool::new(false));
        let (seen, plan) = (Arc::clone(&stopping), Plan { ledger: global.ledger.clone(), wait: Duration::from_secs(600), send: true, at: None });
        let mut run = tokio::task::spawn_blocking(move || unattended::run(&plan, &seen, &|_, _| {}));
        let mut asked = 0;
        let ran = loop {
            tokio::select! {
                ran = &mut run => break ran.map_err(|e| Stop::Output(std::io::Error::other(e)))?,
                _ = terminate.recv() => asked += 1,
                _ = interrupt.recv() => asked += 1,
            }
            stopping.store(true, Ordering::Relaxed);
            if asked > 1 {
                return Ok(Done::Clean);
            }
        };
        tell(global, &ran, asked > 0)?;
        if ran.is_ok() { watch.done(night) } else { watch.failed(clock::now()) }
        if asked > 0 {
            return Ok(Done::Clean);
        }
    }
}

fn announce(global: &Global, night: ValidDay, missed: u64) {
    if missed > 0 && !global.quiet {
        eprintln!("{} before {} had no scan; this one catches up.", count(missed, "night"), day(night));
    }
}

/// A night that could not be scanned is told and tried again; the service goes on.
fn tell(global: &Global, ran: &Result<Ran, AuditError>, stopping: bool) -> Result<(), Stop> {
    match ran {
        Ok(ran) => super::nightly::print(global, ran)?,
        Err(error) => {
            eprintln!("error: {error}");
            if let Some(hint) = error.hint() {
                eprintln!("hint: {hint}");
            }
            eprintln!("The scan is tried again {}.", if stopping { "when the service is started again" } else { "in a quarter of an hour" });
        }
    }
    Ok(())
}
