//! The interface without a socket: an invented agency's ledger, and one request at a time.
//! What pages look like is tested in a browser, with the whole product.
#![allow(clippy::unwrap_used)]

mod acts;
mod api;
mod hostile;
mod pages;
mod pictures;
mod people;
mod reach;
mod sessions;
mod served;
mod works;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use audit::intake::{IntakeOptions, import};
use audit::scan::{ScanOptions, scan};
use audit::vocabulary::KnownAt;
use audit::{Cut, InitOptions, init};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use tower::ServiceExt;

use crate::people::accounts::{Accounts, Newcomer};
use crate::people::bounds::Bounds;
use crate::roles::Role;
use crate::server::router;
use crate::state::State;

pub(crate) fn noon() -> KnownAt {
    KnownAt::parse("2025-06-20T16:00:00Z").unwrap()
}

/// The ledger of Riverbend as the demonstration leaves it: a year, a scan, a revocation, a scan.
fn riverbend() -> &'static Path {
    static MADE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, ledger) = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, exports, later) = (folder.path().join("ledger"), folder.path().join("exports"), folder.path().join("later.jsonl"));
        fs::create_dir(&exports).unwrap();
        for export in simulator::demo_exports().unwrap() {
            fs::write(exports.join(&export.name), &export.bytes).unwrap();
        }
        fs::write(&later, simulator::riverbend_revocation()).unwrap();
        init(&ledger, &InitOptions { origin: simulator::RIVERBEND_ORIGIN.to_owned(), simulated: true, now: noon(), entropy: None }).unwrap();
        for path in [exports, later] {
            let options = IntakeOptions { as_type: None, maps: Vec::new(), dry_run: false, partial: false, max_problems: 20, now: noon() };
            assert!(!import(&ledger, &[path], &options, &|_| {}).unwrap().is_refused());
            let options = ScanOptions { today: None, cut: Cut::Head, record: true, full: false, now: noon() };
            scan(&ledger, &options, &|_, _| {}).unwrap();
        }
        (folder, ledger)
    });
    ledger
}

/// The interface of Riverbend's ledger, to be read only.
fn site() -> &'static Router {
    static MADE: OnceLock<Router> = OnceLock::new();
    MADE.get_or_init(|| router(Arc::new(State::open(riverbend(), Arc::new(noon), true, false).unwrap())))
}

/// An event of a type in Riverbend's ledger: its place and its fields.
fn event(kind: &str) -> (u64, serde_json::Map<String, serde_json::Value>) {
    event_about(kind, None)
}

/// The same, of an event that names something.
fn event_about(kind: &str, subject: Option<&str>) -> (u64, serde_json::Map<String, serde_json::Value>) {
    let mut found = None;
    audit::events::events(riverbend(), Some(kind), subject, |listed| found = Some((listed.seq.0, listed.fields))).unwrap();
    found.unwrap()
}

/// What came back.
pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

/// Sends a request.
pub(crate) fn send(site: &Router, request: Request<Body>) -> Got {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let response = site.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Got { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
    })
}

/// A copy of Riverbend's ledger with an account for every role, and who is logged in as what.
pub(crate) struct Office {
    _folder: tempfile::TempDir,
    pub(crate) site: Router,
    pub(crate) ledger: PathBuf,
    keys: Vec<(Role, String)>,
    /// Microseconds since the epoch, as everybody here has it.
    clock: Arc<AtomicI64>,
}

/// The password of everybody.
const PASSWORD: &str = "correct horse battery";

impl Office {
    fn open() -> Self {
        Self::visited(&Bounds { programs: vec!["MH-1".to_owned()], ..Bounds::default() })
    }

    /// With a reviewer who is kept to some bounds.
    fn visited(bounds: &Bounds) -> Self {
        Self::made(bounds, &[])
    }

    /// With files beside the ledger.
    #[cfg(feature = "oidc")]
    pub(crate) fn with_files(files: &[(&str, &str)]) -> Self {
        Self::made(&Bounds { programs: vec!["MH-1".to_owned()], ..Bounds::default() }, files)
    }

    fn made(bounds: &Bounds, files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ledger = folder.path().join("ledger");
        copy(riverbend(), &ledger);
        for (name, text) in files {
            fs::write(ledger.join(name), text).unwrap();
        }
        let mut accounts = Accounts::read(&ledger).unwrap();
        let mut keys = Vec::new();
        for role in Role::ALL {
            let bounds = (role == Role::Reviewer).then(|| bounds.clone());
            let who = Newcomer { name: format!("{} one", role.as_str()), role, person: (role == Role::Peer).then(|| "P-826".to_owned()), bounds };
            let given = accounts.add(&who, (role != Role::Service).then_some(PASSWORD)).unwrap();
            keys.push((role, given));
        }
        let clock = Arc::new(AtomicI64::new(noon().micros()));
        let hands = Arc::clone(&clock);
        let time = move || KnownAt::from_micros(hands.load(Ordering::Relaxed));
        let site = router(Arc::new(State::open(&ledger, Arc::new(time), true, false).unwrap()));
        for (role, key) in keys.iter_mut().filter(|(role, _)| *role != Role::Service) {
            let got = post(&site, None, "/login", &[("name", &format!("{} one", role.as_str())), ("password", PASSWORD)]);
            assert_eq!(got.status, StatusCode::SEE_OTHER, "{role:?}: {}", got.body);
            *key = got.header("set-cookie").split(';').next().unwrap().to_owned();
        }
        Self { _folder: folder, site, ledger, keys, clock }
    }

    /// Lets minutes pass.
    pub(crate) fn later(&self, minutes: i64) {
        self.clock.fetch_add(minutes * 60_000_000, Ordering::Relaxed);
    }

    /// What somebody of a role shows at the door.
    fn key(&self, role: Role) -> (&'static str, String) {
        let key = &self.keys.iter().find(|(r, _)| *r == role).unwrap().1;
        if role == Role::Service { ("authorization", format!("Bearer {key}")) } else { ("cookie", key.clone()) }
    }

    /// What came back, byte for byte.
    fn bytes(&self, request: Request<Body>) -> Vec<u8> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { to_bytes(self.site.clone().oneshot(request).await.unwrap().into_body(), usize::MAX).await.unwrap().to_vec() })
    }

    /// Asks for a page as somebody of a role.
    pub(crate) fn get(&self, role: Role, path: &str) -> Got {
        let (name, value) = self.key(role);
        send(&self.site, Request::get(path).header(name, value).body(Body::empty()).unwrap())
    }

    /// Sends a form as somebody of a role, with the token of their session.
    fn post(&self, role: Role, path: &str, fields: &[(&str, &str)]) -> Got {
        let page = self.get(role, "/account").body;
        let token = page.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let mut fields = fields.to_vec();
        fields.push(("form_token", &token));
        post(&self.site, Some(self.key(role)), path, &fields)
    }
}

/// A folder with everything in it, once more.
fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let there = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &there);
        } else {
            fs::copy(entry.path(), there).unwrap();
        }
    }
}

/// Sends a form.
pub(crate) fn post(site: &Router, key: Option<(&'static str, String)>, path: &str, fields: &[(&str, &str)]) -> Got {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let mut request = Request::post(path).header("host", "127.0.0.1:8480").header("origin", "http://127.0.0.1:8480");
    if let Some((name, value)) = key {
        request = request.header(name, value);
    }
    send(site, request.body(Body::from(body)).unwrap())
}

/// Asks for a page.
fn get(site: &Router, path: &str) -> Got {
    send(site, Request::get(path).body(Body::empty()).unwrap())
}
