//! `rules checklist`: what the guidance asks and no program can decide, for a person to look at.
//! Says of every item that it was not machine-checked.

use std::io::{self, Write};

use audit::checklist::{Item, MARK, checklist};
use audit::words::count;
use serde_json::json;

use crate::args::{Format, Global};
use crate::commands::Outcome;
use crate::exit::Done;
use crate::paper::{Style, prose};

pub(super) fn run(global: &Global, program: Option<&str>) -> Outcome {
    let items = checklist(program)?;
    let mut out = io::stdout().lock();
    match global.format() {
        Format::Human => human(global, &mut out, &items)?,
        Format::Json => writeln!(out, "{}", json!({"schema": "countersign.checklist.v1", "items": items.iter().map(item_json).collect::<Vec<_>>()}))?,
        Format::Ndjson => {
            for item in &items {
                writeln!(out, "{}", item_json(item))?;
            }
        }
        Format::Csv => {
            writeln!(out, "id,programs,document,section,locator,look,checked")?;
            for i in &items {
                let cells = [&i.id, &i.programs.join(" "), i.document, &i.section, &i.locator, &i.look, MARK];
                writeln!(out, "{}", cells.map(crate::commands::findings::cell).join(","))?;
            }
        }
    }
    Ok(Done::Clean)
}

fn human(global: &Global, out: &mut impl Write, items: &[Item]) -> io::Result<()> {
    let style = Style::stdout(global);
    writeln!(out, "{}: {}. A person looks, and says what was seen.", style.strong("Review checklist"), MARK)?;
    let mut last = None;
    for item in items {
        let place = (item.document, item.section.as_str());
        if last != Some(place) {
            writeln!(out, "\n{}", style.strong(&item.section))?;
            writeln!(out, "{}", style.faint(item.document))?;
            last = Some(place);
        }
        writeln!(out, "  [ ] {}  {}", item.id, style.faint(&format!("\u{201c}{}\u{201d}", item.locator)))?;
        write!(out, "{}", prose(&item.look, 6))?;
    }
    writeln!(out, "\n{}, {MARK}.", count(items.len() as u64, "item"))
}

fn item_json(item: &Item) -> serde_json::Value {
    json!({
        "id": item.id,
        "programs": item.programs,
        "citation": {"document": item.document, "section": item.section, "locator": item.locator},
        "look": item.look,
        "machine_checked": false,
        "mark": MARK,
    })
}
