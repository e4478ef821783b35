//! A document as JSON: its stamp, then its parts in order, tables as objects a row with typed values.
//! Fields may be added at the end; none is renamed.

use serde_json::{Map, Value, json};

use crate::document::{Block, Cell, Document, Table};

/// Name and version of the schema.
pub const SCHEMA: &str = "countersign.report.v1";

/// The document as one JSON object.
pub fn document(document: &Document) -> Value {
    let stamp = &document.stamp;
    json!({
        "schema": SCHEMA,
        "report": document.name,
        "title": document.title,
        "ledger": {"origin": stamp.frame.origin, "size": stamp.frame.size, "root": stamp.frame.root, "simulated": stamp.frame.simulated},
        "as_of": {"seq": stamp.frame.as_of_seq, "recorded_at": stamp.frame.as_of_recorded_at.to_string()},
        "today": stamp.frame.today.to_string(),
        "rule_set": stamp.frame.rule_set,
        "generated": {"at": stamp.generated_at.to_string(), "by": stamp.generated_by},
        "parts": document.parts().map(block).collect::<Vec<_>>(),
    })
}

fn block(block: &Block) -> Value {
    match block {
        Block::Heading(text) => json!({"heading": text}),
        Block::Prose(text) => json!({"says": text}),
        Block::Notice(text) => json!({"notice": text}),
        Block::List(lines) => json!({"list": lines}),
        Block::Facts(facts) => json!({"facts": facts.iter().map(|(name, value)| json!({"name": name, "value": cell(value)})).collect::<Vec<_>>()}),
        Block::Table(t) => table(t),
        Block::Figure(figure) => table(&figure.twin),
    }
}

/// A table as an object with a row an object.
pub fn table(table: &Table) -> Value {
    let row = |cells: &Vec<Cell>| -> Value {
        table.columns.iter().zip(cells).map(|(column, value)| (column.key.to_owned(), cell(value))).collect::<Map<_, _>>().into()
    };
    json!({"table": table.name, "caption": table.caption, "rows": table.rows.iter().map(row).collect::<Vec<_>>()})
}

fn cell(value: &Cell) -> Value {
    match value {
        Cell::Empty => Value::Null,
        Cell::Money(amount) => json!({"cents": amount.0}),
        Cell::Count(n) => json!(n),
        Cell::Days(n) => json!(n),
        Cell::Seq(seq) => json!(seq.0),
        Cell::Answer(answer) => json!(answer),
        Cell::Ids(_, ids) => json!(ids),
        Cell::Text(_) | Cell::Id(..) | Cell::Named(..) | Cell::Day(_) | Cell::Instant(_) | Cell::Class(_) | Cell::Hash(_) => json!(value.plain()),
    }
}
