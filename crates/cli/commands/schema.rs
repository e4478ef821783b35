//! `schema`: what a file may contain, as JSON Schema; without a type, people get the list of types.
//! Opens no ledger.

use std::io::{self, Write};

use audit::interchange::{schema, types};

use super::Outcome;
use crate::args::{Format, Global};
use crate::exit::Done;
use crate::paper::{Style, table, trimmed};

pub(crate) fn run(global: &Global, event: Option<&str>) -> Outcome {
    let mut out = io::stdout().lock();
    if event.is_some() || global.format() != Format::Human {
        writeln!(out, "{:#}", schema(event)?)?;
        return Ok(Done::Clean);
    }
    let style = Style::stdout(global);
    let mut family = "";
    let mut rows = table(&[]);
    for t in types() {
        if t.family != family {
            if !family.is_empty() {
                writeln!(out, "{}\n", trimmed(&rows))?;
            }
            writeln!(out, "{}", style.strong(t.family))?;
            rows = table(&[]);
            family = t.family;
        }
        rows.add_row([t.name, t.doc]);
    }
    writeln!(out, "{}\n", trimmed(&rows))?;
    writeln!(out, "countersign schema TYPE prints the JSON Schema of a type with an example; countersign schema --json that of any line.")?;
    Ok(Done::Clean)
}
