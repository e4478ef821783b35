//! `checkpoint timestamp`: the word of a public authority on a signed checkpoint.
//! Says what it has not checked, the authority's own signature, and prints the command that does.

use std::io::{self, Write};

use audit::AuditError;
use audit::outside::submit::Answer;
use audit::outside::timestamp::{Stamped, ask, attach, query};
use audit::words::count;

use super::Outcome;
use crate::args::{Format, Global, TimestampArgs};
use crate::exit::Done;
use crate::paper::prose;

pub(crate) fn run(global: &Global, args: &TimestampArgs) -> Outcome {
    let stamped = match (&args.tsa, &args.output, &args.attach) {
        (Some(url), _, _) => ask(&global.ledger, &mut |body| {
            let reply = witness::post(url, "application/timestamp-query", body)?;
            Ok(Answer { status: reply.status, body: reply.body })
        })?,
        (None, _, Some(from)) => attach(&global.ledger, from)?,
        (None, Some(to), None) => {
            let asked = query(&global.ledger, to)?;
            let mut out = io::stdout().lock();
            if global.format() != Format::Human {
                let value = serde_json::json!({
                    "schema": "countersign.timestamp_query.v1", "size": asked.size, "query": to.display().to_string(), "note": asked.note.display().to_string(),
                });
                writeln!(out, "{value}")?;
                return Ok(Done::Clean);
            }
            writeln!(out, "The query for the checkpoint over {} is in {}.", count(asked.size, "event"), to.display())?;
            writeln!(out, "When the answer is here: countersign checkpoint timestamp --attach FILE.tsr")?;
            return Ok(Done::Clean);
        }
        (None, None, None) => return Err(AuditError::asked("nothing to do", "give --tsa URL, --request-only -o FILE or --attach FILE").into()),
    };
    print(global, &stamped)?;
    Ok(Done::Clean)
}

fn print(global: &Global, stamped: &Stamped) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if global.format() != Format::Human {
        let value = serde_json::json!({
            "schema": "countersign.timestamp.v1", "size": stamped.size, "time": stamped.time, "note": stamped.note.display().to_string(),
            "answer": stamped.answer.display().to_string(), "check": stamped.check(), "signature_checked": false,
        });
        return writeln!(out, "{value}");
    }
    writeln!(out, "The checkpoint over {} is stamped {}.", count(stamped.size, "event"), readable(&stamped.time))?;
    write!(out, "{}", prose("The stamp is of these bytes and answers this query. Not checked here: the authority's signature. With a file of its CA:", 0))?;
    writeln!(out, "  {}", stamped.check())
}

/// `20250701143000Z` as `2025-07-01 14:30:00 UTC`; anything else as it stands.
fn readable(time: &str) -> String {
    let digits = time.trim_end_matches('Z');
    let part = |from: usize, to: usize| digits.get(from..to);
    let whole = (part(0, 4), part(4, 6), part(6, 8), part(8, 10), part(10, 12), digits.get(12..));
    if let (Some(year), Some(month), Some(day), Some(hour), Some(minute), Some(second)) = whole {
        return format!("{year}-{month}-{day} {hour}:{minute}:{second} UTC");
    }
    time.to_owned()
}
