//! Late: facts that reached the ledger only after the claim they would have supported.
//! Suspects nobody; it says where two clocks disagree and leaves the reading to people.

pub mod late_01;
