//! `rules list` and `rules show`: what the rules say of themselves.
//! Numbers are printed with the days they are in force and their source, never bare.

use std::io::{self, Write};

use audit::rulebook::{Entry, ParameterLine, list, show};

use super::Outcome;
use crate::args::{Format, Global, RulesCommand};
use crate::exit::Done;
use crate::paper::{Style, prose, table, trimmed};

pub(crate) fn run(global: &Global, command: &RulesCommand) -> Outcome {
    let mut out = io::stdout().lock();
    match command {
        RulesCommand::List { parameters } => {
            let (entries, tables) = list()?;
            if global.format() != Format::Human {
                let value = serde_json::json!({
                    "schema": "countersign.rules.v1",
                    "rules": entries.iter().map(entry_json).collect::<Vec<_>>(),
                    "tables": tables.iter().map(parameter_json).collect::<Vec<_>>(),
                });
                writeln!(out, "{value}")?;
            } else if *parameters {
                let mut rows = table(&["Parameter", "Value", "In force", "Source", "Setting"]);
                for p in entries.iter().flat_map(|e| &e.parameters).chain(&tables) {
                    let note = if p.note.is_empty() { String::new() } else { format!(" ({})", p.note) };
                    rows.add_row([p.name.clone(), p.value.clone(), p.days.clone(), format!("{}{note}", p.source), p.setting.clone().unwrap_or_default()]);
                }
                writeln!(out, "{}", trimmed(&rows))?;
            } else {
                let mut rows = table(&["Rule", "What breaks it", "Class", "Looks at"]);
                for Entry { rule, .. } in &entries {
                    rows.add_row([rule.id.to_owned(), rule.title.to_owned(), classes(rule), rule.scope.as_str().to_owned()]);
                }
                writeln!(out, "{}", trimmed(&rows))?;
                writeln!(out, "\n{} rules. Next: countersign rules show RULE, countersign rules list --parameters", entries.len())?;
            }
        }
        RulesCommand::Show { id } => {
            let (entry, page) = show(id)?;
            let style = Style::stdout(global);
            if global.format() != Format::Human {
                let sections: Vec<serde_json::Value> = page.sections.iter().map(|s| serde_json::json!({"heading": s.heading, "text": s.text})).collect();
                let mut value = entry_json(&entry);
                value["page"] = serde_json::json!({"title": page.title, "sections": sections});
                writeln!(out, "{value}")?;
                return Ok(Done::Clean);
            }
            writeln!(out, "{}  {}", style.strong(entry.rule.id), classes(entry.rule))?;
            write!(out, "{}", prose(&page.title, 0))?;
            for section in &page.sections {
                writeln!(out, "\n{}", style.strong(&section.heading))?;
                write!(out, "{}", prose(&section.text, 2))?;
            }
            writeln!(out, "\n{}", style.strong("Citation"))?;
            for c in entry.rule.authority {
                let said = format!("{}; {}; \u{201c}{}\u{201d}", c.document.title(), c.section, c.locator);
                write!(out, "{}", prose(&said, 2))?;
            }
            writeln!(out, "\n{}", style.strong("Parameters"))?;
            let mut rows = table(&[]);
            for p in &entry.parameters {
                rows.add_row([p.name.clone(), p.value.clone(), p.days.clone(), p.source.clone()]);
            }
            writeln!(out, "{}", trimmed(&rows))?;
        }
    }
    Ok(Done::Clean)
}

fn classes(rule: &audit::rulebook::Rule) -> String {
    rule.classes.iter().map(|c| c.as_str()).collect::<Vec<_>>().join(", ")
}

fn entry_json(entry: &Entry) -> serde_json::Value {
    let rule = entry.rule;
    let citations: Vec<serde_json::Value> = rule
        .authority
        .iter()
        .map(|c| serde_json::json!({"document": c.document.title(), "section": c.section, "locator": c.locator}))
        .collect();
    serde_json::json!({
        "id": rule.id,
        "title": rule.title,
        "classes": rule.classes.iter().map(|c| c.as_str()).collect::<Vec<_>>(),
        "version": rule.version,
        "citations": citations,
        "parameters": entry.parameters.iter().map(parameter_json).collect::<Vec<_>>(),
    })
}

fn parameter_json(p: &ParameterLine) -> serde_json::Value {
    serde_json::json!({"name": p.name, "value": p.value, "in_force": p.days, "source": p.source, "setting": p.setting, "note": p.note})
}
