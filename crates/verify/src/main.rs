//! `countersign-verify`: checks audit packs on a machine that has nothing else of ours.
//! It refuses to say that all is well without a key from outside, and opens nothing but the files it is given.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser;
use verify::program::{self, Asked};

/// Checks an audit pack: whether its records are the ones in the ledger, since when, and whether anything was left out.
///
/// Give the ledger's key as you got it by another way than the pack (--key), and any checkpoint you kept from an earlier visit (--checkpoint): without them the pack can only be shown to
/// agree with itself. Ends with 0 when the pack can be relied on, 1 when not, 2 when a file cannot be read.
#[derive(Debug, Parser)]
#[command(name = "countersign-verify", version, max_term_width = 100)]
struct Command {
    #[command(flatten)]
    asked: Asked,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    let command = match Command::try_parse() {
        Ok(command) => command,
        Err(error) => {
            // Nothing is left to do when even this cannot be written.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let report = match program::run(&command.asked) {
        Ok(report) => report,
        Err(unusable) => {
            let _ = writeln!(io::stderr().lock(), "error: {unusable}");
            return ExitCode::from(2);
        }
    };
    match program::print(&report, command.json, &mut io::stdout().lock()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let _ = writeln!(io::stderr().lock(), "error: output cannot be written: {error}");
            ExitCode::from(2)
        }
        Ok(()) | Err(_) => ExitCode::from(program::exit_code(&report)),
    }
}
