//! Supervision of peers as the deck recommends it, in programs other than MHOTRS.
//! Recommendations only: nothing here touches a claim.

pub mod rec_01;
