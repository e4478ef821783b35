//! Files to draft events and problems.
