//! Puts the stages together; the only interface the front ends use.
