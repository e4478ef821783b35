//! Listening: on loopback unless told otherwise, refreshing what is held, ending when asked after finishing what was begun.
//! Refuses to show a real ledger to whoever happens to be at the machine.

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use audit::AuditError;
use audit::vocabulary::KnownAt;
use axum::Router;
use axum::extract::Request;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::dispatch::dispatch;
use crate::people::accounts::AccountError;
use crate::state::State;
use crate::tls::{CertificateFiles, Certificates, Encrypted};

/// Says what time it is.
pub type Clock = Arc<dyn Fn() -> KnownAt + Send + Sync>;

/// Says a sentence, without its full stop, to whoever runs the service.
pub type Tell = Arc<dyn Fn(&str) + Send + Sync>;

/// How to serve.
#[derive(Clone)]
pub struct Settings {
    /// Directory of the ledger.
    pub ledger: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The clock.
    pub clock: Clock,
    /// Encrypts what is sent, and lets others than this machine come in.
    pub tls: Option<CertificateFiles>,
    /// Tells whoever runs the service what it should know; names nobody who is on record.
    pub tell: Tell,
}

/// Why nothing is served.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The ledger.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// The accounts.
    #[error(transparent)]
    Accounts(#[from] AccountError),
    /// The address.
    #[error("{address}: {source}")]
    Listen {
        /// Where it was to listen.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Something that is not allowed, and what to do instead.
    #[error("{what}")]
    Refused {
        /// What is not allowed.
        what: String,
        /// What to do.
        hint: String,
    },
}

/// How often the ledger is looked at for growth, and the certificate for renewal.
const LOOK: Duration = Duration::from_secs(2);
/// How long requests under way are waited for at the end.
const GRACE: Duration = Duration::from_secs(25);
/// How long a connection on which nothing is asked is waited for at the end.
const QUIET: Duration = Duration::from_secs(2);
/// How often that is looked at.
const STEP: Duration = Duration::from_millis(100);

/// Serves until `stop` is ready, then finishes what was begun. `ready` is told the address, with its real port.
///
/// # Errors
/// A ledger that cannot be read, an address that cannot be listened on, a certificate that cannot be used, what is not allowed.
pub async fn serve(settings: Settings, ready: impl FnOnce(SocketAddr), stop: impl Future<Output = ()> + Send + 'static) -> Result<(), ServeError> {
    let address = settings.listen;
    let failed = |source| ServeError::Listen { address, source };
    let local = address.ip().is_loopback();
    let certificates = settings.tls.map(Certificates::read).transpose()?.map(Arc::new);
    let encrypted = certificates.is_some();
    let opened = tokio::task::spawn_blocking(move || State::open(&settings.ledger, settings.clock, local, encrypted)).await;
    let state = Arc::new(opened.map_err(|e| failed(std::io::Error::other(e)))??);
    allowed(&state, address)?;
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    ready(listener.local_addr().map_err(failed)?);
    let refreshing = tokio::spawn(refresh(Arc::clone(&state), certificates.clone(), settings.tell));
    let (site, ending) = (router(Arc::clone(&state)), Arc::new(Notify::new()));
    let asked = Arc::clone(&ending);
    let stop = async move {
        stop.await;
        asked.notify_one();
    };
    let served = async {
        match certificates {
            Some(certificates) => axum::serve(Encrypted::on(listener, certificates)?, site).with_graceful_shutdown(stop).await.map_err(failed),
            None => axum::serve(listener, site).with_graceful_shutdown(stop).await.map_err(failed),
        }
    };
    let ended = tokio::select! {
        served = served => served,
        () = finished(&state, &ending) => Ok(()),
    };
    refreshing.abort();
    ended
}

/// After the service was asked to end: waits until nothing has been under way for a while, or for as long as requests are waited for.
async fn finished(state: &State, ending: &Notify) {
    ending.notified().await;
    let (mut waited, mut quiet) = (Duration::ZERO, Duration::ZERO);
    while waited < GRACE && quiet < QUIET {
        tokio::time::sleep(STEP).await;
        waited += STEP;
        quiet = if state.under_way.load(Ordering::Relaxed) > 0 { Duration::ZERO } else { quiet + STEP };
    }
}

/// The interface as a service, without a socket.
pub(crate) fn router(state: Arc<State>) -> Router {
    Router::new().fallback(move |request: Request| dispatch(Arc::clone(&state), request))
}

/// A ledger is shown to people with accounts; a simulated one without accounts to whoever is at this machine.
fn allowed(state: &State, address: SocketAddr) -> Result<(), ServeError> {
    let accounts = state.accounts()?;
    if accounts.all().is_empty() && !state.takes_guests(&accounts) {
        return Err(ServeError::Refused {
            what: "nobody has an account, and only a simulated ledger is shown without one, to its own machine".to_owned(),
            hint: "`countersign account add NAME --role officer` makes the first".to_owned(),
        });
    }
    if !address.ip().is_loopback() && !state.encrypted {
        return Err(ServeError::Refused {
            what: format!("{address} can be reached by others, and passwords would travel unencrypted"),
            hint: "give --tls-cert and --tls-key, or listen on 127.0.0.1 behind a proxy that encrypts".to_owned(),
        });
    }
    Ok(())
}

/// Does what the first visitor would wait for, and again whenever the ledger has grown.
async fn refresh(state: Arc<State>, certificates: Option<Arc<Certificates>>, tell: Tell) {
    loop {
        if let Some(said) = certificates.as_ref().and_then(|c| c.look()) {
            tell(&said);
        }
        let (held, began) = (Arc::clone(&state), state.now());
        // A ledger that cannot be read now is read at the next look; pages go on with what is held.
        let _ = tokio::task::spawn_blocking(move || {
            // What is held may have come with somebody's act, which waited for nothing else; what is there already takes no time.
            let _ = held.held().desk.warm();
            held.refresh_ahead()
        })
        .await;
        // While a long import runs, at most half of the time goes into keeping up with it.
        let took = u64::try_from(state.now().micros() - began.micros()).unwrap_or(0);
        tokio::time::sleep(LOOK.max(Duration::from_micros(took))).await;
    }
}
