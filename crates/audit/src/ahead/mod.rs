//! Before anything is entered: what further events would change, and which claims should wait.
//! Appends nothing, ever; files pass the same checks as an import.

pub mod gate;
pub mod supposed;
pub mod what_if;
