//! Generators and tidy, as a library so that tests can call them.
