//! Generators and tidy, as a library so that the product's own tests can call them.
//! It refuses to be part of the product: nothing that ships depends on it, and it reads sources as text.

pub mod bench;
pub mod tree;

pub mod graph;
pub mod tidy;

pub mod catalog_source;
pub mod citations;
pub mod coverage;
pub mod docs;
pub mod ledgers;
pub mod new_rule;
pub mod params;
pub mod sbom;
pub mod vectors;

/// Whether a generator writes its files or only says which of them are stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Bring the files up to date.
    Write,
    /// Write nothing; a stale file is an error that names it.
    Check,
}
