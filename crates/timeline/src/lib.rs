//! What was true when, as known when: the ledger's events folded into a bitemporal history that rules can question.
//! Knows neither where events come from nor today's date, and refuses no event: doubts are problems before or findings after.

mod slots;
mod names;
mod column;
mod sketch;
mod met;
mod index;
pub mod row;
pub mod axis;
pub mod people;
pub mod program;
pub mod individual;
pub mod delivery;
pub mod money;
pub mod settings;
mod amend;
mod amended;
mod apply;
mod history;
mod indexing;
mod told_anew;
pub mod stored;
#[cfg(test)]
mod compared;
pub mod view;
pub mod touched;

pub use apply::Timeline;
pub use history::History;
pub use index::Index;
pub use names::{
    ClaimKey, ContactKey, ContractKey, GoalKey, IndividualKey, Key, NoteKey, PersonKey, PlanKey, PolicyKey, ProgramKey, SessionKey,
    SignificantEventKey, TextKey, TextListKey,
};
pub use row::{Row, Span};
pub use stored::{FORMAT, Section};
pub use view::View;
