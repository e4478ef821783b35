//! The pages of `docs/events`: every type with its fields and an example, and the schemas as files.
//! Says nothing of its own: fields, words and bounds are those of the table in `domain`.

use std::fmt::Write;

use domain::field::{FieldSpec, Kind, wanted};

use super::{Described, is_required, of_any, types};

/// Files of `docs/events`, name and text.
pub fn pages() -> Vec<(String, String)> {
    let mut families: Vec<&'static str> = Vec::new();
    for described in types() {
        if families.last() != Some(&described.schema.family) {
            families.push(described.schema.family);
        }
    }
    let mut pages = vec![("README.md".to_owned(), index(&families))];
    pages.extend(families.iter().map(|family| (file(family), family_page(family))));
    pages.push(("line.schema.json".to_owned(), format!("{:#}\n", of_any())));
    pages.push(("examples.jsonl".to_owned(), super::EXAMPLES.to_owned()));
    pages
}

fn file(family: &str) -> String {
    format!("{}.md", family.to_lowercase())
}

fn index(families: &[&'static str]) -> String {
    let mut out = String::from(
        "# The events, type by type\n\n\
         What a file may contain: one event a line as JSON, or one CSV file a type whose columns are the fields. Everybody in the examples is invented.\n\
         These pages are written from the table in `crates/domain`; `BLESS=1 cargo test -p import published` writes them again.\n\n\
         - [line.schema.json](line.schema.json): JSON Schema 2020-12 of any line; `countersign schema --json` prints it, `countersign schema TYPE` that of one type.\n\
         - [examples.jsonl](examples.jsonl): one line of every type; a new ledger takes all of them.\n\n\
         Every line may also carry `source_id` (the same key is taken once), `entered_at`, `actor` and `evidence`. What a schema cannot say the import\n\
         still checks: an end after its start, a day that exists, a target that is there, an id that is introduced once.\n",
    );
    for family in families {
        let _ = write!(out, "\n## [{family}]({})\n\n", file(family));
        for Described { schema, .. } in types().filter(|d| d.schema.family == *family) {
            let _ = writeln!(out, "- [`{0}`]({1}#{0}): {2}", schema.name, file(family), schema.doc.trim());
        }
    }
    out
}

fn family_page(family: &str) -> String {
    let mut out = format!("# {family}\n\nWritten from the table in `crates/domain/src/event`; everybody in the examples is invented.\n");
    for Described { schema, example } in types().filter(|d| d.schema.family == family) {
        let _ = write!(out, "\n## {}\n\n{}\n\n| field | must be given | what |\n|---|---|---|\n", schema.name, schema.doc.trim());
        for field in schema.fields {
            let _ = writeln!(out, "| `{}` | {} | {} |", field.name, if is_required(field) { "yes" } else { "no" }, what(field));
        }
        let _ = write!(out, "\n```json\n{example}\n```\n");
    }
    out
}

fn what(field: &FieldSpec) -> String {
    if let Kind::List(Kind::Record(fields)) = field.kind {
        let inner: Vec<String> = fields.iter().map(|f| format!("`{}` ({})", f.name, wanted(&f.kind))).collect();
        return format!("a list of at least one record with {}", inner.join(", "));
    }
    wanted(&field.kind)
}
