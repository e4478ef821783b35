//! Reconstructed timelines: who supervised a peer and why they qualified, and the trail of a person, individual, contact or claim.
//! Reads the ledger up to a cut; shows late entries as late.

pub mod supervision;
pub mod trail;
