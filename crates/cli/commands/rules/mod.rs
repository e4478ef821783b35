//! `rules`: what the rules say of themselves, what only a person can check, and what other settings would change.
//! Numbers are printed with the days they are in force and their source, never bare.

mod checklist;
mod impact;
mod list;

use std::io::{self, Write};

use audit::rulebook::{Entry, ParameterLine, Rule, show};
use audit::vocabulary::KnownAt;

use super::Outcome;
use crate::args::{Format, Global, RulesCommand};
use crate::exit::Done;
use crate::paper::{Style, prose, table, trimmed};

pub(crate) fn run(global: &Global, command: &RulesCommand, now: KnownAt) -> Outcome {
    match command {
        RulesCommand::List { parameters } => list::run(global, *parameters, now),
        RulesCommand::Show { id } => page(global, id),
        RulesCommand::Checklist { program } => checklist::run(global, program.as_deref()),
        RulesCommand::Impact { file, when } => impact::run(global, file, when, now),
    }
}

fn page(global: &Global, id: &str) -> Outcome {
    let (entry, page) = show(id)?;
    let style = Style::stdout(global);
    let mut out = io::stdout().lock();
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
    Ok(Done::Clean)
}

fn classes(rule: &Rule) -> String {
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
    serde_json::json!({
        "name": p.name, "value": p.value, "in_force": p.days, "source": p.source, "setting": p.setting, "note": p.note, "verify": p.verify,
    })
}
