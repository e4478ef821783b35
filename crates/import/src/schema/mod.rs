//! The interchange as JSON Schema 2020-12, made from the one table of fields that `domain` has, with an invented example of every type.
//! Says what a line may be by itself; what only the ledger knows, whether an id is taken or a target exists, no schema can say.

mod pages;

pub use pages::pages;

use domain::event::{Event, TypeSchema};
use domain::field::{FieldProblem, FieldSpec, Kind, wanted};
use serde_json::{Map, Value, json};

use crate::line::ENVELOPE_FIELDS;

/// Invented examples, one line a type, in the order of the vocabulary; together they are a small history that a ledger takes.
pub const EXAMPLES: &str = include_str!("examples.jsonl");

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
const BASE: &str = "https://countersign.example/schema/event/v1";

/// A year from 1900 to 2200: others are typing errors.
const DAY: &str = "(19[0-9]{2}|2[01][0-9]{2}|2200)-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
const TIME: &str = "[Tt]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]{1,9})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})";

/// An importable type with its example.
#[derive(Debug, Clone, Copy)]
pub struct Described {
    /// The type.
    pub schema: &'static TypeSchema,
    /// Its example, one line of JSON.
    pub example: &'static str,
}

/// Every importable type with its example, in the order of the vocabulary.
pub fn types() -> impl Iterator<Item = Described> {
    Event::importable().map(|schema| Described { schema, example: example(schema.name) })
}

fn example(name: &str) -> &'static str {
    let of = |line: &&str| line.split_once("\"type\":\"").and_then(|(_, rest)| rest.split_once('"')).is_some_and(|(found, _)| found == name);
    EXAMPLES.lines().find(of).unwrap_or_default()
}

/// The schema of one type.
///
/// # Errors
/// A name that is not an importable type, with the closest one as hint.
pub fn of_type(name: &str) -> Result<Value, FieldProblem> {
    let schema = crate::format::importable(name).map_err(|mismatch| FieldProblem { field: "type".into(), mismatch })?;
    let mut object = of(schema);
    object.insert("$schema".into(), DIALECT.into());
    object.insert("$id".into(), format!("{BASE}/{name}.json").into());
    Ok(Value::Object(object))
}

/// The schema of any line: the type chooses what else there is.
pub fn of_any() -> Value {
    let names: Vec<&str> = Event::importable().map(|t| t.name).collect();
    let choices: Vec<Value> = names
        .iter()
        .map(|name| json!({"if": {"properties": {"type": {"const": name}}}, "then": {"$ref": format!("#/$defs/{name}")}}))
        .collect();
    let defs: Map<String, Value> = Event::importable().map(|schema| (schema.name.to_owned(), Value::Object(of(schema)))).collect();
    json!({
        "$schema": DIALECT,
        "$id": format!("{BASE}/line.json"),
        "title": "A line of the interchange",
        "description": "One event, one fact about the world. JSON Lines has one such object on each line.",
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"enum": names}},
        "allOf": choices,
        "$defs": defs,
    })
}

fn of(schema: &TypeSchema) -> Map<String, Value> {
    let mut properties: Map<String, Value> = ENVELOPE_FIELDS.iter().map(|name| ((*name).to_owned(), envelope(name))).collect();
    properties.insert("type".into(), json!({"const": schema.name}));
    properties.extend(schema.fields.iter().map(|f| (f.name.to_owned(), field(f))));
    let required: Vec<&str> = std::iter::once("type").chain(schema.fields.iter().filter(|f| is_required(f)).map(|f| f.name)).collect();
    let mut object = Map::new();
    object.insert("title".into(), schema.name.into());
    object.insert("description".into(), schema.doc.trim().into());
    object.insert("type".into(), "object".into());
    object.insert("required".into(), json!(required));
    object.insert("properties".into(), Value::Object(properties));
    object.insert("additionalProperties".into(), false.into());
    if let Ok(example) = serde_json::from_str::<Value>(example(schema.name)) {
        object.insert("examples".into(), json!([example]));
    }
    object
}

/// Whether a line without the field is refused. An absent list is an empty one, but a claim needs a line.
pub(crate) fn is_required(spec: &FieldSpec) -> bool {
    spec.required || matches!(spec.kind, Kind::List(Kind::Record(_)))
}

/// What every line may carry.
fn envelope(name: &str) -> Value {
    let (kind, says) = match name {
        "source_id" => (Kind::Id(domain::ids::IdKind::Source), "Key of the line in its source system: the same key is taken once. Without one, the key is the hash of type and fields."),
        "entered_at" => (Kind::Instant, "When the source system says it was entered; never later than recorded_at."),
        "actor" => (Kind::Text, "Who entered it."),
        "evidence" => (Kind::List(&Kind::Digest), "Digests of supporting documents."),
        _ => (Kind::Instant, "Only in the files of a simulated ledger, which takes its clock from them; every other ledger refuses it."),
    };
    let mut value = nullable(of_kind(&kind));
    if let Some(object) = value.as_object_mut() {
        object.insert("description".into(), says.into());
    }
    value
}

fn field(spec: &FieldSpec) -> Value {
    let value = of_kind(&spec.kind);
    let mut value = if is_required(spec) { value } else { nullable(value) };
    if let Some(object) = value.as_object_mut() {
        object.insert("description".into(), wanted(&spec.kind).into());
        if matches!(spec.kind, Kind::List(Kind::Record(_))) {
            object.insert("minItems".into(), 1.into());
        }
    }
    value
}

/// The same, or `null`, which stands for an absent field.
fn nullable(mut value: Value) -> Value {
    let Some(object) = value.as_object_mut() else { return value };
    if let Some(Value::Array(words)) = object.get_mut("enum") {
        words.push(Value::Null);
    }
    match object.get_mut("type") {
        Some(Value::Array(types)) => types.push("null".into()),
        Some(one) => *one = json!([one.clone(), "null"]),
        None => {}
    }
    value
}

fn of_kind(kind: &Kind) -> Value {
    match kind {
        Kind::Id(_) => json!({"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,64}$"}),
        Kind::Text | Kind::Confidential => json!({"type": "string", "minLength": 1, "maxLength": domain::text::MAX_TEXT_LENGTH, "pattern": "\\S"}),
        Kind::Day | Kind::BirthDate => json!({"type": "string", "format": "date", "pattern": format!("^{DAY}$")}),
        Kind::Instant => json!({"type": "string", "format": "date-time", "pattern": format!("^{DAY}{TIME}$")}),
        Kind::DayOrInstant => json!({"type": "string", "pattern": format!("^{DAY}({TIME})?$")}),
        Kind::Bool => json!({"type": "boolean"}),
        Kind::Int { min, max } => json!({"type": "integer", "minimum": min, "maximum": max}),
        Kind::Word(words) => json!({"type": "string", "enum": words}),
        Kind::Digest => json!({"type": "string", "pattern": "^(blake3|sha256):[0-9A-Fa-f]{64}$"}),
        Kind::Scalar => json!({"type": ["string", "number", "boolean"]}),
        Kind::List(inner) => json!({"type": "array", "items": of_kind(inner)}),
        Kind::Record(fields) => {
            let properties: Map<String, Value> = fields.iter().map(|f| (f.name.to_owned(), field(f))).collect();
            let required: Vec<&str> = fields.iter().filter(|f| f.required).map(|f| f.name).collect();
            json!({"type": "object", "required": required, "properties": properties, "additionalProperties": false})
        }
        Kind::Changes => json!({"type": "object", "minProperties": 1}),
    }
}
