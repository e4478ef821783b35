//! The catalog as people read it: each rule with its page, citation and dated parameters.
//! Prints what the rules' own folders say; adds nothing.

use rules::params::{ParamSet, Parameter, Value};
pub use rules::Rule;
use rules::Engine;

use crate::error::AuditError;
use crate::loaded;

/// A section of a rule's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Heading.
    pub heading: String,
    /// Text, paragraphs separated by blank lines.
    pub text: String,
}

/// A rule's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The first sentence.
    pub title: String,
    /// Sections in order.
    pub sections: Vec<Section>,
}

impl Page {
    /// A section by its heading.
    pub fn section(&self, heading: &str) -> Option<&str> {
        self.sections.iter().find(|s| s.heading == heading).map(|s| s.text.as_str())
    }
}

/// The page of a rule: the documentation at the head of its own source.
pub fn page(rule: &Rule) -> Page {
    let lines = rule.source.lines().map_while(|l| l.strip_prefix("//!")).map(|l| l.strip_prefix(' ').unwrap_or(l));
    let mut page = Page { title: String::new(), sections: Vec::new() };
    for line in lines {
        if let Some(heading) = line.strip_prefix("## ") {
            page.sections.push(Section { heading: heading.to_owned(), text: String::new() });
        } else {
            let text = page.sections.last_mut().map_or(&mut page.title, |s| &mut s.text);
            if line.is_empty() {
                if !text.is_empty() {
                    text.push_str("\n\n");
                }
            } else {
                if !text.is_empty() && !text.ends_with('\n') {
                    text.push(' ');
                }
                text.push_str(line);
            }
        }
    }
    for section in &mut page.sections {
        section.text = section.text.trim().to_owned();
    }
    page.title = page.title.trim().to_owned();
    page
}

/// A parameter of a rule or table, in one period, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterLine {
    /// Rule or table, then the name.
    pub name: String,
    /// First day, last day if any.
    pub days: String,
    /// Value with its unit.
    pub value: String,
    /// Source and locator.
    pub source: String,
    /// The setting by which an agency may change it.
    pub setting: Option<String>,
    /// What a reader should know.
    pub note: String,
    /// Whether somebody should ask OMH or read the regulation before relying on it.
    pub verify: bool,
}

/// A rule as listed.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The rule.
    pub rule: &'static Rule,
    /// Its parameters.
    pub parameters: Vec<ParameterLine>,
}

/// What breaks a rule, in a few words; its id if there is no such rule.
pub fn title(id: &'static str) -> &'static str {
    catalog::CATALOG.iter().find(|r| r.id == id).map_or(id, |r| r.title)
}

/// Every rule in the order of the catalogue, and the shared tables.
///
/// # Errors
/// Parameters with gaps or overlaps.
pub fn list() -> Result<(Vec<Entry>, Vec<ParameterLine>), AuditError> {
    let engine = loaded::engine()?;
    let entries = engine.rules().map(|(rule, params)| Entry { rule, parameters: lines(params) }).collect();
    let tables = engine.tables().iter().flat_map(lines).collect();
    Ok((entries, tables))
}

/// One rule.
///
/// # Errors
/// A rule that is not in the catalog.
pub fn show(id: &str) -> Result<(Entry, Page), AuditError> {
    let engine: Engine = loaded::engine()?;
    let found = engine.rules().find(|(rule, _)| rule.id.eq_ignore_ascii_case(id)).map(|(rule, params)| Entry { rule, parameters: lines(params) });
    let entry = found.ok_or_else(|| {
        if let Some((what, answered)) = crate::checklist::answer(id) {
            return AuditError::asked(what, answered);
        }
        let ids: Vec<&str> = engine.rules().map(|(rule, _)| rule.id).collect();
        let hint = domain::words::nearest(id, &ids).map_or("`countersign rules list` shows them all".to_owned(), |near| format!("did you mean {near}?"));
        AuditError::asked(format!("there is no rule {id}"), hint)
    })?;
    let page = page(entry.rule);
    Ok((entry, page))
}

pub(crate) fn lines(params: &ParamSet) -> Vec<ParameterLine> {
    params.parameters.iter().flat_map(|p| parameter_lines(&params.owner, p)).collect()
}

fn parameter_lines(owner: &str, parameter: &Parameter) -> Vec<ParameterLine> {
    parameter
        .periods
        .iter()
        .map(|period| {
            let to = period.to.map_or_else(|| "on".to_owned(), |to| format!("through {to}"));
            let locator = if period.locator.is_empty() { String::new() } else { format!(", \u{201c}{}\u{201d}", period.locator) };
            ParameterLine {
                name: format!("{owner}.{}", parameter.name),
                days: format!("from {} {to}", period.from),
                value: format!("{} {}", value(&period.value), period.unit).trim().to_owned(),
                source: format!("{}{locator}, read {}", period.source, period.read_on),
                setting: parameter.setting.clone(),
                note: period.note.clone(),
                verify: period.note.contains("verify"),
            }
        })
        .collect()
}

fn value(value: &Value) -> String {
    match value {
        Value::Flag(b) => b.to_string(),
        Value::Int(n) => n.to_string(),
        Value::Text(t) => t.clone(),
        Value::List(items) => items.join(", "),
    }
}
