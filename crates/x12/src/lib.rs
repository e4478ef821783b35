//! X12 interchanges, as agencies exchange them with Medicaid and plans: 837 claims, 835 remittances, TA1, 999 and 277CA answers, to draft events.
//! Pure: bytes and contacts in, drafts and problems out. Knows no ledger, no file name and no clock.

pub mod problem;
pub mod segment;
pub mod tokens;
pub mod found;
pub mod claims;
pub mod remits;
pub mod answers;
pub mod read;
pub mod map;
pub mod join;
mod keys;
pub mod books;
pub mod tally;
pub mod desk;
mod prepare;
mod recall;
mod money;

pub use desk::Desk;
pub use join::Contact;
pub use map::Mapping;
pub use tally::Tally;
pub use found::{Answer, AnswerTo, Claim, Found, Frequency, Item, Line, Origin, PaidLine, Payment, Status};
pub use problem::Problem;
pub use read::{Counts, read, read_from};
