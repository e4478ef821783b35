//! How a rule is written, dated and run; what it answers; and when its finding could first be known.
//! Knows no particular rule, no storage and no output format.

pub mod citation;
pub mod class;
pub mod params;
pub mod verdict;
pub mod subject;
pub mod case;
pub mod staff;
pub mod rule;
pub mod engine;
mod ask;
mod about;
mod subjects;
mod kinds;
pub mod kept;
pub mod detect;
pub mod exposure;
pub mod finding;
mod contact_set;
mod listed;
pub mod coverage;

pub use case::{Billing, Case, Gap};
pub use citation::{Citation, Document};
pub use class::{Class, Status};
pub use engine::{Engine, Work};
pub use kept::{Kept, Unit};
pub use contact_set::ContactSet;
pub use listed::Listed;
pub use finding::{Finding, NotEvaluated, Report, Summary};
pub use params::{ParamError, Params};
pub use rule::{Check, Rule, Scope, Table};
pub use subject::Subject;
pub use verdict::{Breach, Checked, Missing, Verdict};
