//! The interface without a socket: an invented agency's ledger, and one request at a time.
//! What pages look like is tested in a browser, with the whole product.
#![allow(clippy::unwrap_used)]

mod pages;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use audit::intake::{IntakeOptions, import};
use audit::scan::{ScanOptions, scan};
use audit::vocabulary::KnownAt;
use audit::{Cut, InitOptions, init};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use tower::ServiceExt;

use crate::server::router;
use crate::state::State;

fn noon() -> KnownAt {
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
    MADE.get_or_init(|| router(Arc::new(State::open(riverbend(), Arc::new(noon)).unwrap())))
}

/// What came back.
struct Got {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

/// Sends a request.
fn send(site: &Router, request: Request<Body>) -> Got {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let response = site.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Got { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
    })
}

/// Asks for a page.
fn get(site: &Router, path: &str) -> Got {
    send(site, Request::get(path).body(Body::empty()).unwrap())
}
