//! Whole-product tests, one target.
