//! What the service holds in memory: the judged head of the ledger, replaced when the ledger has grown or the day has changed.
//! A page keeps what it began with; nobody waits for a page, and no page waits for a scan.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use audit::AuditError;
use audit::desk::{self, Desk};
use audit::evidence::{self, Standing};
use audit::vocabulary::KnownAt;

use crate::marks::Marks;
use crate::people::accounts::{AccountError, Accounts};
use crate::people::activity::Activity;
use crate::people::attempts::Attempts;
use crate::people::rates::Rates;
use crate::people::sessions::Sessions;
use crate::people::views::Views;
use crate::people::waivers::Proposals;
use crate::server::Clock;
use crate::shelf::Shelf;
#[cfg(feature = "oidc")]
use crate::sign_in::SignIn;
use crate::uploads::Uploads;
use crate::veils::Veils;

/// The judged head, and how the ledger stands.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) desk: Desk,
    pub(crate) standing: Standing,
}

/// What the service holds.
pub(crate) struct State {
    dir: PathBuf,
    clock: Clock,
    held: RwLock<Arc<Held>>,
    /// One refresh at a time: the others find it done.
    refreshing: Mutex<()>,
    pub(crate) veils: Veils,
    pub(crate) marks: Marks,
    pub(crate) sessions: Sessions,
    pub(crate) attempts: Attempts,
    pub(crate) rates: Rates,
    pub(crate) activity: Activity,
    /// Where else people log in.
    #[cfg(feature = "oidc")]
    pub(crate) sign_in: Option<SignIn>,
    pub(crate) proposals: Proposals,
    pub(crate) views: Views,
    pub(crate) shelf: Shelf,
    pub(crate) uploads: Uploads,
    /// Whether a browser is to keep what it is given from unencrypted connections.
    pub(crate) encrypted: bool,
    /// Requests that are being answered.
    pub(crate) under_way: AtomicUsize,
    /// Whether only this machine is listened to.
    local: bool,
}

impl State {
    /// Judges the head of a ledger.
    pub(crate) fn open(dir: &Path, clock: Clock, local: bool, encrypted: bool) -> Result<Self, AuditError> {
        if cfg!(not(feature = "oidc")) && dir.join("sign-in.toml").exists() {
            return Err(AuditError::asked("sign-in.toml is there, and this program was built without OpenID Connect", "build it with the feature oidc, or remove the file"));
        }
        let held = hold(dir, clock())?;
        Ok(Self {
            dir: dir.to_owned(),
            clock,
            held: RwLock::new(Arc::new(held)),
            refreshing: Mutex::new(()),
            veils: Veils::default(),
            marks: Marks::default(),
            sessions: Sessions::default(),
            attempts: Attempts::default(),
            rates: Rates::default(),
            activity: Activity::of(dir),
            #[cfg(feature = "oidc")]
            sign_in: SignIn::of(dir)?,
            proposals: Proposals::of(dir),
            views: Views::of(dir),
            shelf: Shelf::of(dir),
            uploads: Uploads::of(dir),
            encrypted,
            under_way: AtomicUsize::new(0),
            local,
        })
    }

    /// The accounts as they are now.
    pub(crate) fn accounts(&self) -> Result<Accounts, AccountError> {
        Accounts::read(&self.dir)
    }

    /// Whether whoever is at this machine may look, because nobody in the ledger exists and nobody has an account.
    pub(crate) fn takes_guests(&self, accounts: &Accounts) -> bool {
        self.local && accounts.all().is_empty() && self.held().desk.frame().simulated
    }

    /// The time.
    pub(crate) fn now(&self) -> KnownAt {
        (self.clock)()
    }

    /// What is held now.
    pub(crate) fn held(&self) -> Arc<Held> {
        Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Judges again if the ledger has grown or the day has changed, for somebody who waits to see what they did.
    pub(crate) fn refresh(&self) -> Result<(), AuditError> {
        self.refreshed(&|_| Ok(()))
    }

    /// The same for nobody in particular: whoever asks meanwhile is shown what is held, until nobody would have to wait for the next.
    pub(crate) fn refresh_ahead(&self) -> Result<(), AuditError> {
        self.refreshed(&Desk::warm)
    }

    fn refreshed(&self, before_shown: &dyn Fn(&Desk) -> Result<(), AuditError>) -> Result<(), AuditError> {
        let _one = self.refreshing.lock().unwrap_or_else(PoisonError::into_inner);
        let (held, now) = (self.held(), self.now());
        let frame = held.desk.frame();
        let same_day = frame.simulated || frame.today == now.local_day();
        if same_day && desk::size(&self.dir)? == frame.size {
            return Ok(());
        }
        let fresh = Held { desk: held.desk.again(now)?, standing: evidence::status(&self.dir)? };
        before_shown(&fresh.desk)?;
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        Ok(())
    }
}

fn hold(dir: &Path, now: KnownAt) -> Result<Held, AuditError> {
    Ok(Held { desk: Desk::open(dir, now)?, standing: evidence::status(dir)? })
}
