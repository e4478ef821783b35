//! What was true when, as known when; the one apply.
