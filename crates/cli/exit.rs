//! Exit codes, and errors as a person reads them.
//! 0 done, 1 findings or bad evidence, 2 usage or unreadable input, 3 input data refused, 5 locked or conflict; a broken pipe is silent.

use std::io::{self, Write};
use std::process::ExitCode;

use audit::{AuditError, Fault};

use crate::args::Args;

/// Why a command ends early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Something `audit` could not do.
    Audit(AuditError),
    /// Output could not be written.
    Output(io::Error),
}

impl From<AuditError> for Stop {
    fn from(error: AuditError) -> Self {
        Stop::Audit(error)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Stop::Output(error)
    }
}

/// How a command that ran ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// Nothing at or above what was asked to fail on.
    Clean,
    /// Findings at or above it, or evidence is bad.
    Found,
    /// Paths that cannot be read.
    Unreadable,
    /// Input refused.
    Refused,
}

/// Ends the process as a command's outcome asks.
pub(crate) fn with(outcome: Result<Done, Stop>, args: &Args) -> ExitCode {
    match outcome {
        Ok(Done::Clean) => ExitCode::SUCCESS,
        Ok(Done::Found) => ExitCode::from(1),
        Ok(Done::Unreadable) => ExitCode::from(2),
        Ok(Done::Refused) => ExitCode::from(3),
        Err(Stop::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Stop::Output(error)) => {
            say(args, &format!("output cannot be written: {error}"), None);
            ExitCode::from(2)
        }
        Err(Stop::Audit(error)) => {
            say(args, &error.to_string(), error.hint());
            ExitCode::from(match error.fault() {
                Fault::Usage => 2,
                Fault::Data => 3,
                Fault::Busy => 5,
                Fault::Evidence => 1,
            })
        }
    }
}

/// What clap says: help and version succeed, everything else is a usage error.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    // Nothing is left to do when even this cannot be written.
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

fn say(args: &Args, message: &str, hint: Option<&str>) {
    let style = crate::paper::Style::stderr(&args.global);
    let mut err = io::stderr().lock();
    // Nothing is left to do when even this cannot be written.
    let _ = writeln!(err, "{} {message}", style.violation("error:"));
    if let Some(hint) = hint {
        let _ = writeln!(err, "{} {hint}", style.faint("hint:"));
    }
}
