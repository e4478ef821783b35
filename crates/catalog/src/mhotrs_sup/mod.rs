//! MHOTRS: who supervises peers.
//! One question per contact, whether somebody qualified was assigned on its day; how supervision is held is no matter of a claim.

pub mod sup_01;
pub mod sup_03;
pub mod sup_06;
