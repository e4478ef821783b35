//! The `countersign` command: reads arguments and the clock, calls `audit`, prints.
//! Computes nothing itself; every number on the screen comes from `audit`.

mod args;
mod clock;
mod commands;
mod exit;
mod paper;
mod progress;
mod unattended;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => return exit::usage(&error),
    };
    exit::with(commands::run(&args), &args)
}
