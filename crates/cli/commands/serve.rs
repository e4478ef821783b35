//! `serve`: the web interface, and the nightly scan at a time of day for machines without systemd.
//! Catches up once what was missed, ends when asked between two steps; leaves pages to `web` and when to run to `schedule`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use audit::vocabulary::ValidDay;
use audit::words::{count, day, known, sentence};
use audit::{AuditError, scans};
use schedule::{DailyAt, Step, Watch};
use tokio::signal::unix::{SignalKind, signal};
use web::{Accounts, CertificateFiles, ServeError};

use super::{Outcome, account};
use crate::args::{Global, ServeArgs};
use crate::clock;
use crate::exit::{Done, Stop};
use crate::unattended::{self, Plan, Ran};

/// The longest sleep: a machine that was suspended, or whose clock was set, is noticed within it.
const NAP: Duration = Duration::from_secs(30);

/// Where pages are served if nothing else is said: to this machine alone.
const LISTEN: &str = "127.0.0.1:8480";

pub(crate) fn run(global: &Global, args: &ServeArgs) -> Outcome {
    let watch = args.scan_at.as_deref().map(|at| watch(global, at)).transpose()?;
    // The nightly scan alone was served before there were pages: whoever asks only for it gets pages once somebody may see them.
    let somebody = || Accounts::read(&global.ledger).map(|a| !a.all().is_empty()).map_err(account::refused);
    let pages = if args.listen.is_some() || watch.is_none() || somebody()? { Some(pages(global, args)?) } else { None };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = runtime.block_on(async {
        let nights = async {
            match watch {
                Some(watch) => nights(global, watch).await,
                None => Ok(Done::Clean),
            }
        };
        let pages = async {
            match pages {
                Some(settings) => show(global, settings).await,
                None => Ok(Done::Clean),
            }
        };
        tokio::try_join!(nights, pages).map(|_| Done::Clean)
    });
    // A run that did not end although asked twice is left behind; the ledger survives that, as it survives a power cut.
    runtime.shutdown_background();
    ended
}

/// When to scan; what cannot work is refused at the start, not at night.
fn watch(global: &Global, at: &str) -> Result<Watch, Stop> {
    if global.at.is_some() {
        return Err(AuditError::asked("--at stands still, and a service needs a clock that goes", "leave --at out").into());
    }
    let at = DailyAt::parse(at).map_err(|e| AuditError::asked(e.to_string(), "countersign serve --scan-at 02:30"))?;
    unattended::settings_of(&global.ledger)?;
    let last = scans::scans(&global.ledger)?.last().map(|s| s.recorded_at);
    if !global.quiet {
        let said = last.map_or_else(|| "no scan was recorded yet".to_owned(), |last| format!("the last scan was recorded {}", known(last)));
        eprintln!("Scanning {} every night at {at}, New York time; {said}.", global.ledger.display());
    }
    Ok(Watch::new(at, last))
}

fn pages(global: &Global, args: &ServeArgs) -> Result<web::Settings, Stop> {
    let listen = args.listen.as_deref().unwrap_or(LISTEN);
    let hint = "write an address and a port, as in 127.0.0.1:8480";
    let listen: SocketAddr = listen.parse().map_err(|_| AuditError::asked(format!("--listen {listen:?} is no address to listen on"), hint))?;
    let tls = args.tls_cert.clone().zip(args.tls_key.clone()).map(|(cert, key)| CertificateFiles { cert, key });
    let tell = Arc::new(|said: &str| eprintln!("{}.", sentence(said)));
    Ok(web::Settings { ledger: global.ledger.clone(), listen, clock: Arc::new(clock::now), tls, tell })
}

async fn show(global: &Global, settings: web::Settings) -> Outcome {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    let scheme = if settings.tls.is_some() { "https" } else { "http" };
    let ready = |address: SocketAddr| {
        if !global.quiet {
            eprintln!("Pages of {} at {scheme}://{address}/ until you press Ctrl-C.", global.ledger.display());
        }
    };
    web::serve(settings, ready, stop).await.map_err(refused)?;
    Ok(Done::Clean)
}

fn refused(error: ServeError) -> Stop {
    match error {
        ServeError::Audit(error) => error.into(),
        ServeError::Accounts(error) => account::refused(error),
        ServeError::Listen { .. } => AuditError::asked(format!("cannot listen on {error}"), "another program may be listening there: give --listen 127.0.0.1:PORT").into(),
        ServeError::Refused { what, hint } => AuditError::asked(what, hint).into(),
    }
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
