//! `backup` and `restore`: what was copied, what was not, and what verifying the copy said.
//! Says plainly that keys are kept apart, and why.

use std::io::{self, Write};

use audit::backup::{Kept, make, put_back};
use audit::words::count;

use super::{Outcome, banner};
use crate::args::{BackupArgs, Format, Global, RestoreArgs};
use crate::exit::Done;
use crate::paper::{Style, prose};
use crate::progress::Progress;

pub(crate) fn backup(global: &Global, args: &BackupArgs) -> Outcome {
    let progress = Progress::new(global, "verifying the copy");
    let kept = make(&global.ledger, &args.to, args.keys.as_deref(), &|n, all| progress.of(n, all))?;
    drop(progress);
    let mut out = io::stdout().lock();
    if global.format() != Format::Human {
        json(&mut out, "countersign.backup.v1", &kept, false)?;
        return Ok(Done::Clean);
    }
    banner(&mut out, kept.simulated)?;
    let style = Style::stdout(global);
    let events = count(kept.copy.head.size, "event");
    writeln!(out, "{}", style.good(&format!("{events} of {} are in {}, and every one of them verifies there.", kept.origin, args.to.display())))?;
    writeln!(out, "  copied      {}", kept.copy.files.join(", "))?;
    match &args.keys {
        Some(keys) => {
            writeln!(out, "  keys        {} in {}", kept.copy.key_files.join(", "), keys.display())?;
            write!(out, "{}", prose("Keep the two apart: who has both can read every birth date. Throw older copies of the keys away: an erasure does not reach them.", 2))?;
        }
        None => write!(out, "{}", prose("not copied: the keys, without which nothing in it can be read or checked. Copy them to another place: backup --keys DIR.", 2))?,
    }
    write!(out, "{}", prose("not copied: derived state, which the next scan makes again. To rehearse: restore --dry-run.", 2))?;
    Ok(Done::Clean)
}

pub(crate) fn restore(global: &Global, args: &RestoreArgs) -> Outcome {
    let progress = Progress::new(global, "verifying");
    let kept = put_back(&args.from, args.keys.as_deref(), &global.ledger, args.dry_run, &|n, all| progress.of(n, all))?;
    drop(progress);
    let mut out = io::stdout().lock();
    if global.format() != Format::Human {
        json(&mut out, "countersign.restore.v1", &kept, args.dry_run)?;
        return Ok(Done::Clean);
    }
    banner(&mut out, kept.simulated)?;
    let style = Style::stdout(global);
    let events = count(kept.copy.head.size, "event");
    if args.dry_run {
        writeln!(out, "{}", style.good(&format!("{events} of {} verify in {}; nothing was put back.", kept.origin, args.from.display())))?;
        return Ok(Done::Clean);
    }
    writeln!(out, "{}", style.good(&format!("{events} of {} are back in {}, and every one of them verifies.", kept.origin, global.ledger.display())))?;
    let keys = kept.copy.key_files.iter().map(|name| format!("keys/{name}"));
    writeln!(out, "  put back    {}", kept.copy.files.iter().cloned().chain(keys).collect::<Vec<_>>().join(", "))?;
    let ask = "not checked: whether anything was signed after this backup was made. Ask before anything is appended: verify --against FILE with \
               a checkpoint kept elsewhere, or witness submit. Then import the exports of the days since; what is there already is skipped.";
    write!(out, "{}", prose(ask, 2))?;
    Ok(Done::Clean)
}

fn json(out: &mut impl Write, schema: &str, kept: &Kept, dry_run: bool) -> io::Result<()> {
    let value = serde_json::json!({
        "schema": schema, "origin": kept.origin, "simulated": kept.simulated, "size": kept.copy.head.size, "root": kept.copy.head.root.to_string(),
        "signed_size": kept.signed, "verified": true, "dry_run": dry_run, "files": kept.copy.files, "keys": kept.copy.key_files,
    });
    writeln!(out, "{value}")
}
