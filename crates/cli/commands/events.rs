//! `events`: what was recorded, line by line.
//! Streams; a million events need no more memory than one.

use std::io::{self, BufWriter, Write};

use audit::events::{Listed, events};
use audit::words::known;

use super::Outcome;
use crate::args::{Format, Global};
use crate::exit::{Done, Stop};

pub(crate) fn run(global: &Global, type_name: Option<&str>, subject: Option<&str>) -> Outcome {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut failed: Option<io::Error> = None;
    let mut first = true;
    let format = global.format();
    if format == Format::Csv {
        writeln!(out, "seq,recorded_at,type,source_id,says")?;
    }
    events(&global.ledger, type_name, subject, |event| {
        if failed.is_none() {
            failed = line(&mut out, format, &event, first).err();
            first = false;
        }
    })?;
    if let Some(error) = failed {
        return Err(Stop::Output(error));
    }
    if format == Format::Json {
        writeln!(out, "{}]}}", if first { "{\"schema\":\"countersign.events.v1\",\"events\":[" } else { "" })?;
    }
    out.flush()?;
    Ok(Done::Clean)
}

fn line(out: &mut impl Write, format: Format, event: &Listed, first: bool) -> io::Result<()> {
    match format {
        Format::Human => writeln!(out, "{:>8}  {}  {}  {}", event.seq, known(event.recorded_at), event.kind, event.says),
        Format::Json => write!(out, "{}{}", if first { "{\"schema\":\"countersign.events.v1\",\"events\":[" } else { "," }, json(event)),
        Format::Ndjson => writeln!(out, "{}", json(event)),
        Format::Csv => {
            let cells = [event.seq.to_string(), event.recorded_at.to_string(), event.kind.to_owned(), event.source_id.clone().unwrap_or_default(), event.says.clone()];
            writeln!(out, "{}", cells.iter().map(|c| super::findings::cell(c)).collect::<Vec<_>>().join(","))
        }
    }
}

fn json(event: &Listed) -> serde_json::Value {
    let mut value = serde_json::json!({"seq": event.seq.0, "recorded_at": event.recorded_at.to_string(), "type": event.kind});
    if let Some(object) = value.as_object_mut() {
        if let Some(entered) = event.entered_at {
            object.insert("entered_at".to_owned(), entered.to_string().into());
        }
        if let Some(actor) = &event.actor {
            object.insert("actor".to_owned(), actor.clone().into());
        }
        if let Some(source) = &event.source_id {
            object.insert("source_id".to_owned(), source.clone().into());
        }
        object.extend(event.fields.clone());
    }
    value
}
