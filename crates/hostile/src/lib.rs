//! Every parser of the product in one list, as plain functions over bytes, with good inputs and a way to spoil them.
//! It refuses to know what an answer should be: an answer must come, within bounds and without a panic. What answers mean is tested beside each parser.
//!
//! Used three times: a few hundred inputs each in every test run, a million each by `cargo xtask fuzz`, and by any fuzzer that hands over bytes.

mod agency;
mod alter;
mod parts;
mod run;
mod scratch;
mod targets;

pub use alter::{Dice, altered, bombs};
pub use run::{Failure, Kept, kept, one, search};
pub use targets::{ELSEWHERE, TARGETS};

/// A parser, or several that read the same thing.
#[derive(Clone, Copy)]
pub struct Target {
    /// Name, as in `fixtures/hostile/<name>/`.
    pub name: &'static str,
    /// The public functions it stands for, as `crate::Type::function`.
    pub reads: &'static [&'static str],
    /// Inputs that are taken for what they are.
    pub good: fn() -> Vec<Vec<u8>>,
    /// What a spoiled input may have put into it.
    pub words: &'static [&'static str],
    /// Reads bytes and gives an answer in a few words: the same for the same bytes.
    pub read: fn(&[u8]) -> String,
}
