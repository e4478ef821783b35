//! The words of the trade: ids, days, instants, units, money, and every event as a typed fact.
//! Knows nothing of serialisation, files, storage or the clock; text becomes these types at the edge and nowhere else.

mod calendar;
pub mod ids;
mod rfc3339;
pub mod time;
pub mod quantity;
pub mod text;
pub mod words;
pub mod field;
pub mod given;
pub mod moment;
pub mod event;
pub mod recorded;
pub mod consistency;

pub use event::Event;
pub use ids::*;
pub use moment::Moment;
pub use quantity::{Cents, Minutes, Seq, Units};
pub use recorded::{Draft, Envelope, Provenance, Recorded};
pub use text::{BirthDate, Confidential, Digest, Text};
pub use time::{KnownAt, ValidAt, ValidDay};
