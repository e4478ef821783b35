//! The rules themselves, one folder each.
