//! The header row: which column is which field of the type, of the envelope, or of a claim's lines.
//! Refuses unknown, repeated and missing columns, with the name that was probably meant.

use domain::event::TypeSchema;
use domain::field::{FieldProblem, FieldSpec, Kind, Mismatch};
use domain::ids::IdKind;
use domain::words::nearest;

use crate::line::{ENVELOPE_FIELDS, Slot};

/// Where the cells of a column go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Column {
    /// Name of the field.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) kind: Kind,
    /// Whether it belongs to a line of the claim, and not to the claim.
    pub(crate) of_line: bool,
    /// Where its value goes, so that no row looks a field up by name.
    pub(crate) slot: Slot,
}

/// What a header says.
#[derive(Debug)]
pub(crate) struct Columns {
    /// One for each cell of a row; none where the header named nothing known.
    pub(crate) columns: Vec<Option<Column>>,
    /// All that is wrong with the header.
    pub(crate) problems: Vec<FieldProblem>,
    /// A required column is missing, so that no row can be read at all.
    pub(crate) incomplete: bool,
}

/// The list of records among a type's fields, spread over rows in CSV, and the fields of one record: the lines of a claim.
pub(crate) fn nested(schema: &TypeSchema) -> Option<(&'static str, &'static [FieldSpec])> {
    schema.fields.iter().find_map(|field| match field.kind {
        Kind::List(Kind::Record(fields)) => Some((field.name, *fields)),
        Kind::Id(_)
        | Kind::Text
        | Kind::Confidential
        | Kind::BirthDate
        | Kind::Day
        | Kind::Instant
        | Kind::DayOrInstant
        | Kind::Bool
        | Kind::Int { .. }
        | Kind::Word(_)
        | Kind::Digest
        | Kind::Scalar
        | Kind::List(_)
        | Kind::Record(_)
        | Kind::Changes => None,
    })
}

/// Every column a file of the type may have, and whether it must.
pub(crate) fn possible(schema: &TypeSchema) -> Vec<(Column, bool)> {
    let nested = nested(schema);
    let envelope = ENVELOPE_FIELDS.into_iter().filter(|name| *name != "type").map(|name| {
        let kind = match name {
            "source_id" => Kind::Id(IdKind::Source),
            "evidence" => Kind::List(&Kind::Digest),
            "actor" => Kind::Text,
            _ => Kind::Instant,
        };
        (Column { name, kind, of_line: false, slot: Slot::of_envelope(name) }, false)
    });
    let own = schema.fields.iter().enumerate().filter(|(_, f)| nested.is_none_or(|(list, _)| f.name != list));
    let own = own.map(|(place, f)| (Column { name: f.name, kind: f.kind, of_line: false, slot: Slot::Field(place) }, f.required));
    let lines = nested.into_iter().flat_map(|(_, fields)| fields);
    let lines = lines.map(|f| (Column { name: f.name, kind: f.kind, of_line: true, slot: Slot::Elsewhere }, f.required));
    envelope.chain(own).chain(lines).collect()
}

/// Reads a header row.
pub(crate) fn read(schema: &'static TypeSchema, header: &[&str]) -> Columns {
    let possible = possible(schema);
    let names: Vec<&str> = possible.iter().map(|(column, _)| column.name).collect();
    let mut problems = Vec::new();
    let mut columns: Vec<Option<Column>> = Vec::with_capacity(header.len());
    for (i, cell) in header.iter().map(|cell| cell.trim()).enumerate() {
        let mut column = possible.iter().map(|(column, _)| *column).find(|column| column.name == cell);
        if column.is_none() {
            problems.push(FieldProblem { field: column_name(cell, i), mismatch: unknown(schema, cell, &names) });
        } else if columns.contains(&column) {
            let mismatch = Mismatch::new("the column a second time", "each column once");
            problems.push(FieldProblem { field: cell.to_owned(), mismatch });
            column = None;
        }
        columns.push(column);
    }
    let missing: Vec<&str> =
        possible.iter().filter(|(c, required)| *required && !columns.contains(&Some(*c))).map(|(c, _)| c.name).collect();
    for name in &missing {
        let mismatch = Mismatch::new("no such column", format!("the column {name}, which every {} has", schema.name));
        problems.push(FieldProblem { field: (*name).to_owned(), mismatch });
    }
    Columns { columns, problems, incomplete: !missing.is_empty() }
}

fn column_name(cell: &str, index: usize) -> String {
    if cell.is_empty() { format!("column {}", index + 1) } else { cell.to_owned() }
}

fn unknown(schema: &TypeSchema, cell: &str, names: &[&str]) -> Mismatch {
    let mismatch = Mismatch::new("a column that this type does not have", format!("a field of {}", schema.name));
    if cell == "type" {
        return mismatch.hint("the name of the file, or --as, gives the type of all its rows");
    }
    if cell.contains(';') && cell.split(';').any(|part| names.contains(&part.trim())) {
        return mismatch.hint("columns are separated by commas or tabs; semicolons separate the items of a list");
    }
    match (nested(schema), nearest(cell, names)) {
        (Some((list, fields)), _) if list == cell => {
            let fields: Vec<&str> = fields.iter().map(|f| f.name).collect();
            mismatch.hint(format!("each line is a row of its own, with the columns {}", fields.join(", ")))
        }
        (_, Some(close)) => mismatch.hint(format!("did you mean {close}?")),
        (_, None) => mismatch.hint(format!("it has {}", names.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use domain::event::Event;

    fn problems(event_type: &str, header: &[&str]) -> Vec<(String, String)> {
        let columns = read(Event::schema_of(event_type).unwrap(), header);
        columns.problems.into_iter().map(|p| (p.field, p.mismatch.hint.unwrap_or(p.mismatch.found))).collect()
    }

    fn pair(a: &str, b: &str) -> (String, String) {
        (a.to_owned(), b.to_owned())
    }

    #[test]
    fn columns_are_known_by_name_and_everything_wrong_is_said() {
        assert_eq!(problems("claim_voided", &["voided_on", "claim ", "source_id"]), []);
        let found = problems("claim_voided", &["claim", "claim", "Voided on", "type"]);
        assert_eq!(found[0], pair("claim", "the column a second time"));
        assert_eq!(found[1], pair("Voided on", "did you mean voided_on?"));
        assert!(found[2].1.contains("name of the file"));
        assert_eq!(found[3], pair("voided_on", "no such column"));
    }

    #[test]
    fn lines_of_a_claim_are_columns_and_semicolons_are_not_separators() {
        let whole = ["claim", "individual", "program", "service_date", "submitted_at", "contact", "hcpcs", "units", "charge_cents"];
        assert_eq!(problems("claim_submitted", &whole), []);
        let found = problems("claim_submitted", &["lines"]);
        assert!(found[0].1.contains("a row of its own") && found.len() == 10);
        assert!(problems("claim_voided", &["claim;voided_on"])[0].1.contains("commas or tabs"));
    }

    #[test]
    fn no_column_has_two_meanings() {
        for schema in Event::importable() {
            let mut names: Vec<&str> = possible(schema).iter().map(|(c, _)| c.name).collect();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "{}", schema.name);
        }
    }
}
