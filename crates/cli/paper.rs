//! How things look on a terminal: colour where it means something, tables that fit, text wrapped to be read.
//! Silent colour when piped; every meaning also has a shape and a word.

use std::io::{self, IsTerminal};

use audit::vocabulary::Class;
use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};

use crate::args::Global;

/// Whether colour is used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    colour: bool,
}

#[allow(clippy::disallowed_methods, reason = "NO_COLOR and TERM are read by front ends, here and nowhere else")]
fn environment_allows() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()) && std::env::var_os("TERM").is_none_or(|t| t != "dumb")
}

impl Style {
    pub(crate) fn stdout(global: &Global) -> Self {
        Self { colour: !global.no_color && environment_allows() && io::stdout().is_terminal() }
    }

    pub(crate) fn stderr(global: &Global) -> Self {
        Self { colour: !global.no_color && environment_allows() && io::stderr().is_terminal() }
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    pub(crate) fn violation(self, text: &str) -> String {
        self.paint("31", text)
    }

    pub(crate) fn documentation(self, text: &str) -> String {
        self.paint("33", text)
    }

    pub(crate) fn faint(self, text: &str) -> String {
        self.paint("2", text)
    }

    pub(crate) fn strong(self, text: &str) -> String {
        self.paint("1", text)
    }

    pub(crate) fn good(self, text: &str) -> String {
        self.paint("32", text)
    }

    /// A class as shape and word.
    pub(crate) fn class(self, class: Class) -> String {
        match class {
            Class::Violation => self.violation("■ violation"),
            Class::Documentation => self.documentation("▲ documentation"),
            Class::Advisory => self.faint("○ advisory"),
        }
    }
}

/// The width of the terminal; what is piped gets a hundred columns.
pub(crate) fn width() -> usize {
    const PIPED: usize = 100;
    Table::new().width().map_or(PIPED, |w| usize::from(w).clamp(60, 160))
}

/// A table without lines that fits the width.
pub(crate) fn table(headers: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width()).unwrap_or(100));
    if !headers.is_empty() {
        table.set_header(headers.to_vec());
    }
    table
}

/// A table's text without the blanks that pad its last column.
pub(crate) fn trimmed(table: &Table) -> String {
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// Aligns a column to the right: money and counts.
pub(crate) fn right(table: &mut Table, column: usize) {
    if let Some(column) = table.column_mut(column) {
        column.set_cell_alignment(CellAlignment::Right);
    }
}

/// Prose wrapped to a comfortable measure, each line indented.
pub(crate) fn prose(text: &str, indent: usize) -> String {
    const MEASURE: usize = 92;
    let measure = width().min(MEASURE).saturating_sub(indent);
    let margin = " ".repeat(indent);
    let mut out = String::new();
    for paragraph in text.split("\n\n") {
        if !out.is_empty() {
            out.push('\n');
        }
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > measure {
                out.push_str(&format!("{margin}{line}\n"));
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        out.push_str(&format!("{margin}{line}\n"));
    }
    out
}
