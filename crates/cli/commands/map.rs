//! `map`: what a mapping file makes of the first rows of a foreign table, and a proposal for such a file.
//! Opens no ledger and appends nothing.

use std::io::{self, Write};

use audit::intake::Problems;
use audit::tables::{self, Preview, PreviewTable};
use audit::words::count;

use super::Outcome;
use super::import::{problems, problems_json};
use crate::args::{Format, Global, MapArgs};
use crate::exit::Done;
use crate::paper::Style;

pub(crate) fn run(global: &Global, args: &MapArgs) -> Outcome {
    if args.guess { guess(args) } else { preview(global, args) }
}

fn preview(global: &Global, args: &MapArgs) -> Outcome {
    let preview = match tables::preview(&args.file, &args.maps, args.rows.into()) {
        Ok(preview) => preview,
        Err(wrong) => {
            if global.format() == Format::Human { problems(&wrong)? } else { json(&Preview { tables: Vec::new(), problems: wrong, notices: Vec::new() })? }
            return Ok(Done::Unreadable);
        }
    };
    if global.format() == Format::Human { human(global, &preview)? } else { json(&preview)? }
    let bad_rows = preview.tables.iter().flat_map(|t| &t.rows).any(|r| !r.problems.is_empty());
    Ok(match (preview.problems.is_empty(), bad_rows) {
        (false, _) => Done::Unreadable,
        (true, true) => Done::Refused,
        (true, false) => Done::Clean,
    })
}

fn human(global: &Global, preview: &Preview) -> io::Result<()> {
    let style = Style::stdout(global);
    let mut out = io::stdout().lock();
    for table in &preview.tables {
        writeln!(out, "{}", table.name)?;
        for row in &table.rows {
            if row.problems.is_empty() {
                writeln!(out, "\nrow {}: {}", row.row, count(row.drafts.len() as u64, "event"))?;
            } else {
                writeln!(out, "\n{}", style.violation(&format!("row {}: {}, so nothing of it would be appended", row.row, count(row.problems.len() as u64, "problem"))))?;
            }
            for draft in &row.drafts {
                writeln!(out, "  {}", tables::line(draft))?;
            }
            for problem in &row.problems {
                let hint = problem.hint.as_ref().map_or(String::new(), |hint| format!(" ({hint})"));
                let field = problem.field.as_deref().map_or(String::new(), |field| format!("{field}: "));
                writeln!(out, "  {field}found {}, wanted {}{hint}", problem.found, problem.wanted)?;
            }
        }
        writeln!(out, "\n{}", ending(table))?;
    }
    if !global.quiet {
        for notice in &preview.notices {
            writeln!(out, "{} {}: {}", style.faint("note:"), notice.file, notice.text)?;
        }
    }
    problems(&preview.problems)
}

fn ending(table: &PreviewTable) -> String {
    match (table.rows.len(), table.more) {
        (0, _) => "No row gives an event.".into(),
        (n, true) => format!("These are the first {}; --rows shows more.", count(n as u64, "row")),
        (n, false) => {
            // A row with a problem gives nothing.
            let bad = table.rows.iter().filter(|row| !row.problems.is_empty()).count();
            let good = count((n - bad) as u64, "row");
            if bad == 0 { format!("That is all: {good} with events.") } else { format!("That is all: {good} with events, {} with problems.", count(bad as u64, "row")) }
        }
    }
}

fn json(preview: &Preview) -> io::Result<()> {
    let one_table = |table: &PreviewTable| {
        let rows: Vec<serde_json::Value> = table
            .rows
            .iter()
            .map(|row| {
                let events: Vec<serde_json::Value> = row.drafts.iter().filter_map(|d| serde_json::from_str(&tables::line(d)).ok()).collect();
                let mut wrong = Problems::new(row.problems.len());
                row.problems.iter().for_each(|p| wrong.push(p.clone()));
                serde_json::json!({"row": row.row, "events": events, "problems": problems_json(&wrong)})
            })
            .collect();
        serde_json::json!({"table": table.name, "rows": rows, "more": table.more})
    };
    let value = serde_json::json!({
        "schema": "countersign.map_preview.v1",
        "tables": preview.tables.iter().map(one_table).collect::<Vec<_>>(),
        "problems": problems_json(&preview.problems),
        "notices": preview.notices.iter().map(|n| format!("{}: {}", n.file, n.text)).collect::<Vec<_>>(),
    });
    writeln!(io::stdout().lock(), "{value}")
}

/// Prints the proposal, or writes it where nothing is yet.
fn guess(args: &MapArgs) -> Outcome {
    let proposal = match tables::guess(&args.file) {
        Ok(proposal) => proposal,
        Err(wrong) => {
            problems(&wrong)?;
            return Ok(Done::Unreadable);
        }
    };
    match &args.output {
        None => write!(io::stdout().lock(), "{proposal}")?,
        Some(path) => {
            let mut file = std::fs::File::create_new(path).map_err(audit::AuditError::at(path))?;
            file.write_all(proposal.as_bytes())?;
            eprintln!("Written to {}. Look at the lines marked ?, then try: countersign map --preview {} --map {}", path.display(), args.file.display(), path.display());
        }
    }
    Ok(Done::Clean)
}
