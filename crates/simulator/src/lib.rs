//! Invented agencies from a seed, with the findings they must yield.
