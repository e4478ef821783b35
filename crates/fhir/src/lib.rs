//! FHIR R4 to draft events and back: bulk files (NDJSON) and bundles as streams, own structs of the used fields only.
//! Knows nothing of the ledger; unknown fields are ignored, resources without a meaning for the ledger are counted and said.
#![forbid(unsafe_code)]

mod convert;
mod groups;
pub mod mapping;
mod reader;
mod resource;
mod texts;
mod trail;
mod write;

pub use convert::found_instead;
pub use groups::Groups;
pub use mapping::Mapping;
pub use reader::{Item, Reader};
pub use texts::MAX_RESOURCE;
pub use trail::{audit_event, provenance};
pub use write::{Place, place, write};

/// The base of our own code systems and extensions; the list is docs/fhir.md.
pub const BASE: &str = "https://countersign.example/fhir/";
