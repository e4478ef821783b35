//! `status`: how the ledger stands.
//! Says plainly what is not protected.

use std::io::{self, Write};

use audit::drop_folder::{Freshness, freshness};
use audit::evidence::{Standing, status as standing};
use audit::outside::anchor::Anchor;
use audit::vocabulary::KnownAt;
use audit::words::{count, known, sentence, thousands};

use super::{Outcome, banner};
use crate::args::{Format, Global};
use crate::exit::Done;
use crate::paper::{prose, table, trimmed};

pub(crate) fn run(global: &Global, now: KnownAt) -> Outcome {
    let s = standing(&global.ledger)?;
    let sources = freshness(&global.ledger, now)?;
    let mut out = io::stdout().lock();
    if global.format() != Format::Human {
        let told = |a: &Anchor| serde_json::json!({"size": a.size, "at": a.at.to_string(), "witness": a.witness, "vkey": a.vkey});
        let anchored = s.anchors.last().map(told);
        let value = serde_json::json!({
            "schema": "countersign.status.v1", "origin": s.origin, "simulated": s.simulated, "size": s.size, "root": s.root,
            "last_recorded_at": s.last_recorded_at.to_string(), "signed_size": s.signed_size, "bytes": s.bytes, "incidents": s.incidents,
            "last_scan": s.last_scan.as_ref().map(|(seq, says)| serde_json::json!({"seq": seq, "says": says})), "externally_anchored": anchored,
            "timestamped": s.anchors.timestamps,
            "sources": sources.iter().map(|f| fresh(f, now)).collect::<Vec<_>>(),
        });
        writeln!(out, "{value}")?;
        return Ok(Done::Clean);
    }
    banner(&mut out, s.simulated)?;
    writeln!(out, "{}: {}, the last recorded {}.", s.origin, count(s.size, "event"), known(s.last_recorded_at))?;
    let mut rows = table(&[]);
    rows.add_row(["root".to_owned(), s.root.clone()]);
    let signed = match s.signed_size {
        Some(size) if size == s.size => "every event is under the last signed checkpoint".to_owned(),
        Some(size) => format!("{} of {} are under the last signed checkpoint", thousands(size), count(s.size, "event")),
        None => "no checkpoint was signed yet".to_owned(),
    };
    rows.add_row(["signed".to_owned(), signed]);
    rows.add_row(["externally anchored".to_owned(), anchored(&s)]);
    if let Some(size) = s.anchors.timestamps.last() {
        rows.add_row(["timestamped".to_owned(), format!("last at {}", count(*size, "event"))]);
    }
    rows.add_row(["last scan".to_owned(), s.last_scan.as_ref().map_or_else(|| "none yet".to_owned(), |(_, says)| sentence(says))]);
    for source in &sources {
        rows.add_row([if source.late { "file missing" } else { "files" }.to_owned(), source.says(now)]);
    }
    rows.add_row(["database".to_owned(), format!("{} bytes", thousands(s.bytes))]);
    for incident in &s.incidents {
        rows.add_row(["incident".to_owned(), incident.clone()]);
    }
    writeln!(out, "{}", trimmed(&rows))?;
    write!(out, "\n{}", prose(&unprotected(&s), 0))?;
    Ok(Done::Clean)
}

fn fresh(f: &Freshness, now: KnownAt) -> serde_json::Value {
    let last = f.last.map(|at| at.to_string());
    serde_json::json!({"source": f.source, "last_file_at": last, "every_days": f.every_days, "late": f.late, "refused_since": f.refused_since, "says": f.says(now)})
}

fn anchored(s: &Standing) -> String {
    s.anchors.last().map_or_else(
        || "never".to_owned(),
        |last| format!("last at {} on {} by {}", count(last.size, "event"), known(last.at), last.witness),
    )
}

/// The one thing that no ledger can detect by itself, in words.
fn unprotected(s: &Standing) -> String {
    let insider = "Whoever holds both this directory and its keys could";
    match s.anchors.last() {
        None => format!("{insider} replace all of it unseen, until somebody outside keeps a checkpoint: countersign checkpoint print, or a witness."),
        Some(last) if last.size < s.size => format!(
            "{insider} replace the {} after the last witnessed checkpoint unseen; everything before it only until somebody asks {}.",
            count(s.size - last.size, "event"),
            last.witness
        ),
        Some(last) => format!("{insider} replace it only until somebody asks {}, which saw every event.", last.witness),
    }
}
