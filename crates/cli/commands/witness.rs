//! `witness`: runs one, or submits to one. The one thing that an insider with the disk and the key cannot undo is what somebody else remembers.
//! Says what a witness found against the ledger as bad evidence, exit 1, and never as a failed errand.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use audit::outside::anchor::Anchor;
use audit::outside::submit::{Answer, Quorum, Witness, submit};
use audit::vocabulary::KnownAt;
use audit::words::{count, known};
use audit::{AuditError, Fault};
use tokio::signal::unix::{SignalKind, signal};
use witness::{Keeper, Logs, State, WitnessError, create_key, post, read_key, serve};

use super::Outcome;
use crate::args::{Format, Global, SubmitArgs, WitnessCommand, WitnessServeArgs};
use crate::exit::Done;
use crate::paper::Style;

pub(crate) fn run(global: &Global, command: &WitnessCommand, now: KnownAt) -> Outcome {
    match command {
        WitnessCommand::Key { name, output } => key(global, name, output),
        WitnessCommand::Serve(args) => run_witness(global, args),
        WitnessCommand::Submit(args) => submit_to(global, args, now),
    }
}

fn of_witness(error: &WitnessError) -> AuditError {
    AuditError::asked(error.to_string(), "docs/witness.md tells how a witness is set up")
}

fn key(global: &Global, name: &str, output: &Path) -> Outcome {
    let vkey = create_key(output, name).map_err(|error| of_witness(&error))?;
    let mut out = io::stdout().lock();
    if global.format() == Format::Human {
        writeln!(out, "{vkey}")?;
    } else {
        writeln!(out, "{}", serde_json::json!({"schema": "countersign.witness_key.v1", "vkey": vkey}))?;
    }
    Ok(Done::Clean)
}

fn run_witness(global: &Global, args: &WitnessServeArgs) -> Outcome {
    let started = || {
        let logs = Logs::new(args.log.iter().map(String::as_str))?;
        let clock = || u64::try_from(crate::clock::now().micros() / 1_000_000).unwrap_or(0);
        Keeper::new(logs, State::open(&args.state)?, read_key(&args.key)?, Box::new(clock))
    };
    let keeper = Arc::new(started().map_err(|error| of_witness(&error))?);
    let vkey = keeper.vkey();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let stop = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        let ready = |address| {
            if !global.quiet {
                // A witness whose start nobody watches starts all the same.
                let _ = writeln!(io::stderr().lock(), "Witnessing on http://{address} as\n  {vkey}");
            }
        };
        Ok::<_, io::Error>(serve(keeper, &args.listen, ready, stop).await)
    })?;
    served.map_err(|error| of_witness(&error))?;
    Ok(Done::Clean)
}

fn submit_to(global: &Global, args: &SubmitArgs, now: KnownAt) -> Outcome {
    let quorum = args.policy.as_deref().map(Quorum::read).transpose()?;
    let witnesses = match (&quorum, &args.url, &args.witness) {
        (Some(quorum), _, _) => quorum.witnesses(),
        (None, Some(url), Some(vkey)) => vec![Witness::new(url, vkey)?],
        (None, _, _) => Vec::new(),
    };
    if witnesses.is_empty() {
        return Err(AuditError::asked("the policy has no witness with a URL", "witness NAME VKEY URL is a line of it").into());
    }
    let answers: Vec<(&Witness, Result<Anchor, AuditError>)> =
        witnesses.iter().map(|witness| (witness, submit(&global.ledger, witness, now, &mut |body| carry(&witness.url, body)))).collect();
    if let ([(_, answer)], None) = (answers.as_slice(), &quorum)
        && answer.is_err()
    {
        // One witness, one errand: its failure is the command's.
        return answers.into_iter().next().map_or(Ok(Done::Clean), |(_, answer)| Ok(answer.map(|_| Done::Clean)?));
    }
    let met = quorum.as_ref().map(|quorum| quorum.is_met(&global.ledger)).transpose()?;
    print(global, &answers, met)?;
    let against = answers.iter().any(|(_, answer)| answer.as_ref().is_err_and(|error| error.fault() == Fault::Evidence));
    Ok(if against || met == Some(false) { Done::Found } else { Done::Clean })
}

fn carry(prefix: &str, body: &[u8]) -> Result<Answer, String> {
    let url = format!("{}/add-checkpoint", prefix.trim_end_matches('/'));
    let reply = post(&url, "text/plain; charset=utf-8", body)?;
    Ok(Answer { status: reply.status, body: reply.body })
}

fn print(global: &Global, answers: &[(&Witness, Result<Anchor, AuditError>)], met: Option<bool>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if global.format() != Format::Human {
        let told = |(witness, answer): &(&Witness, Result<Anchor, AuditError>)| match answer {
            Ok(a) => serde_json::json!({"witness": a.witness, "url": witness.url, "size": a.size, "at": a.at.to_string(), "failure": null}),
            Err(error) => serde_json::json!({"witness": witness.name(), "url": witness.url, "failure": error.to_string()}),
        };
        let list: Vec<serde_json::Value> = answers.iter().map(told).collect();
        return writeln!(out, "{}", serde_json::json!({"schema": "countersign.witness_submit.v1", "witnesses": list, "quorum": met}));
    }
    let style = Style::stdout(global);
    for (witness, answer) in answers {
        match answer {
            Ok(a) => writeln!(out, "{} cosigned {} on {}.", a.witness, count(a.size, "event"), known(a.at))?,
            Err(error) => writeln!(out, "{} {}: {error}", style.violation("FAILED"), witness.name())?,
        }
    }
    match met {
        Some(true) => writeln!(out, "{}", style.good("These are enough for the policy.")),
        Some(false) => writeln!(out, "{}", style.violation("These are not enough for the policy.")),
        None => Ok(()),
    }
}
