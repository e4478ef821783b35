//! Development commands: `cargo xtask tidy|docs|new-rule|vectors`.

fn main() {}
