//! Cases as data: cases.md and conformance folders.
