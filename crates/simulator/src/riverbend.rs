//! Riverbend: the invented agency of the demonstration and of `fixtures/riverbend`, and the revocation that comes in after its year.
//! One fixed seed and size; change either and the fixture has to be written again.

use domain::event::CredentialRevoked;
use domain::words::{CredentialKind, Service};
use domain::{KnownAt, SourceId};

use crate::agency::{Agency, Config, Planting};
use crate::calendar::{at, day};
use crate::expected::{Expected, VIOLATION, case_page};
use crate::office::Line;
use crate::programs::text;
use crate::write::{Export, write_line};

/// Riverbend's seed.
pub const RIVERBEND_SEED: u64 = 20_240_701;

/// Origin of Riverbend's ledger.
pub const RIVERBEND_ORIGIN: &str = "ledger.riverbend.example";

/// A year at Riverbend, from July 2024 to the middle of June 2025.
pub fn riverbend() -> Agency {
    let start = day(2024, 7, 1);
    Agency::invent(Config { seed: RIVERBEND_SEED, individuals: 150, peers: 12, start, days: 353, pace: 42, plants: Planting::BySeed })
}

/// Riverbend's exports, the same bytes as `fixtures/riverbend`, for a demonstration in an empty folder.
///
/// # Errors
/// As [`Agency::exports`].
pub fn demo_exports() -> anyhow::Result<Vec<Export>> {
    riverbend().exports()
}

/// The later act: on 20 June 2025 a revocation comes in that took effect on 10 March.
fn revocation(agency: &Agency) -> Option<(usize, Line)> {
    let office = &agency.office.0;
    let peer = office.peers.iter().position(|p| p.spared)?;
    let event = CredentialRevoked {
        person: office.peers[peer].id.clone(),
        credential: CredentialKind::Nycps,
        effective_on: day(2025, 3, 10),
        reason: Some(text("ethics finding of the certification board")),
    };
    let recorded_at = KnownAt::from_micros(at(day(2025, 6, 20), 10 * 60 + 5).micros());
    let source_id = SourceId::parse("hr:revocation:2025-06-20").ok()?;
    Some((peer, Line { recorded_at, entered_at: None, source_id, evidence: Vec::new(), event: event.into() }))
}

/// The revocation as a line of JSON, to be imported after Riverbend's exports.
pub fn riverbend_revocation() -> String {
    let mut out = Vec::new();
    if let Some((_, line)) = revocation(&riverbend()) {
        // Writing into memory does not fail.
        let _ = write_line(&mut out, &line);
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// What must be found once the revocation is in: Riverbend's findings, and every contact of that peer from 10 March on.
pub fn riverbend_revocation_expected() -> Vec<Expected> {
    let agency = riverbend();
    let mut expected = agency.expected();
    if let Some((peer, line)) = revocation(&agency) {
        let office = &agency.office.0;
        for (place, served) in office.served.iter().enumerate() {
            if served.peer == peer && served.day >= day(2025, 3, 10) && !served.retracted && served.service == Service::MhotrsAdultPeer {
                expected.push(office.finding("MHOTRS-CRED-01", VIOLATION, place, line.recorded_at.max(served.known)));
            }
        }
    }
    expected.sort_by_cached_key(Expected::order);
    expected
}

/// [`riverbend_revocation_expected`] as a conformance case, on the day the revocation came in.
pub fn riverbend_revocation_case() -> String {
    let why = "A revocation learned on 20 June with effect from 10 March turns every contact of that peer since then red, and nothing else.";
    case_page(why, day(2025, 6, 20), &riverbend_revocation_expected())
}
