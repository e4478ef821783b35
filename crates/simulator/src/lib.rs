//! Invented agencies from a seed, with the findings they must yield: staff, people served, a year of contacts, notes and claims, and what was planted in it.
//! Knows nothing of timelines or rules: what it expects comes from its own books, so that the engine has something to agree with. Everybody in it is invented.

mod bulk;
mod calendar;
mod dice;
mod office;
mod programs;
mod staff;
mod episodes;
mod delivery;
mod billing;
mod year;
mod plants;
mod expected;
mod agency;
mod riverbend;
mod write;
mod x12;
#[cfg(feature = "xlsx")]
mod xlsx;

pub use agency::{Agency, Config, Planting};
pub use expected::Expected;
pub use office::Line;
pub use riverbend::{
    RIVERBEND_ORIGIN, RIVERBEND_SEED, demo_exports, riverbend, riverbend_revocation, riverbend_revocation_case, riverbend_revocation_expected,
};
pub use write::Export;
#[cfg(feature = "xlsx")]
pub use xlsx::xlsx_mapping;
