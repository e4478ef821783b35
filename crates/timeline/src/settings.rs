//! Agency settings and rate codes, as rows: facts with a day from which they are in force.
//! Holds values as given; whether a setting is one that an agency may make is the rules' business.

use domain::ValidDay;
use domain::field::Scalar;
use domain::words::RateCodeMeaning;

use crate::names::{ProgramKey, TextKey};
use crate::people::Days;

/// A setting in force from a service date.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// First service date.
    pub from: ValidDay,
    /// Value.
    pub value: Scalar,
}

/// A rate code adopted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateCode {
    /// For one program, or for all.
    pub program: Option<ProgramKey>,
    /// Code.
    pub code: TextKey,
    /// Meaning.
    pub meaning: RateCodeMeaning,
    /// Days.
    pub days: Days,
}
