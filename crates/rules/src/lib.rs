//! How a rule is written, dated and run; verdicts and findings.
