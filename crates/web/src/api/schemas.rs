//! The shapes of what programs are given: the JSON of every page, the findings, and problems.
//! Promises what docs/findings-json.md and the report crate promise, and no more.

use utoipa::openapi::schema::{ArrayBuilder, KnownFormat, ObjectBuilder, OneOfBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{ComponentsBuilder, Ref, RefOr};

use crate::params::{Kind, Param};

/// A day of the calendar from 1900 on, leap days where there are any: what a domain's day is.
const DAY: &str = "^((19|20|21)[0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|((19|20|21)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$";

/// Words without control characters.
const PLAIN: &str = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$";

/// Words.
pub(super) fn words() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

/// What a parameter may be.
pub(super) fn of(param: &Param) -> Schema {
    let made = match param.kind {
        Kind::Words => words().pattern(Some(PLAIN)),
        Kind::Day => words().pattern(Some(DAY)),
        Kind::Number { least, most } => ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(least)).maximum(Some(most)),
        Kind::Dollars => words().pattern(Some("^\\$?([0-9]{1,12}|[0-9]{1,3}(,[0-9]{3}){1,3})(\\.[0-9]{1,2})?$")),
        Kind::OneOf(values) => words().enum_values(Some(values.iter().copied())),
        Kind::Cursor => words().pattern(Some("^(0|[1-9][0-9]{0,11}\\.[0-9a-f]{16})$")),
    };
    made.build().into()
}

fn number() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Integer)
}

fn or_null(of: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::Array(vec![of, Type::Null]))
}

fn list(of: impl Into<RefOr<Schema>>) -> ArrayBuilder {
    ArrayBuilder::new().items(of.into())
}

/// An object with fields that are all there; more may be added later.
fn object(fields: Vec<(&str, RefOr<Schema>)>) -> ObjectBuilder {
    fields.into_iter().fold(ObjectBuilder::new().schema_type(Type::Object), |made, (name, schema)| made.property(name, schema).required(name))
}

fn named(name: &str) -> RefOr<Schema> {
    Ref::from_schema_name(name).into()
}

/// What stands at the head of every answer.
fn head() -> Vec<(&'static str, RefOr<Schema>)> {
    vec![
        ("schema", words().into()),
        ("ledger", named("Ledger")),
        ("as_of", object(vec![("seq", number().into()), ("recorded_at", words().into())]).into()),
        ("today", words().format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))).into()),
        ("rule_set", words().into()),
    ]
}

/// Every shape.
pub(super) fn all(components: ComponentsBuilder) -> ComponentsBuilder {
    let ledger = object(vec![
        ("origin", words().into()),
        ("size", number().description(Some("Events")).into()),
        ("root", words().description(Some("The RFC 6962 root over them, base64")).into()),
        ("simulated", ObjectBuilder::new().schema_type(Type::Boolean).into()),
    ]);
    let part = ObjectBuilder::new()
        .schema_type(Type::Object)
        .property("heading", words())
        .property("says", words())
        .property("notice", words())
        .property("list", list(words()))
        .property("facts", list(object(vec![("name", words().into())])))
        .property("table", words())
        .property("caption", words())
        .property("rows", list(ObjectBuilder::new().schema_type(Type::Object).description(Some("A row: the keys of the columns; money as {\"cents\"}"))))
        .description(Some("A heading, a paragraph, a notice, a list, facts or a table: the one of them whose field is there"));
    let page = object(vec![
        ("total", number().description(Some("Rows of the whole list")).into()),
        ("from", number().description(Some("The row this piece begins with, from 0")).into()),
        ("count", number().into()),
        ("next", or_null(Type::String).description(Some("Address of the next piece")).into()),
        ("previous", or_null(Type::String).into()),
    ]);
    let generated = object(vec![("at", words().into()), ("by", words().into())]);
    let report = [head(), vec![("report", words().into()), ("title", words().into()), ("generated", generated.into()), ("parts", list(named("Part")).into())]].concat();
    let finding = object(vec![
        ("id", words().into()),
        ("rule", words().into()),
        ("class", words().enum_values(Some(["violation", "documentation", "advisory"])).into()),
        ("status", words().into()),
        ("disposition", or_null(Type::String).into()),
        ("subject", ObjectBuilder::new().schema_type(Type::Object).into()),
        ("about", ObjectBuilder::new().schema_type(Type::Object).into()),
        ("true_from", words().into()),
        ("first_detectable", words().into()),
        ("known_at_claim", or_null(Type::Boolean).into()),
        ("exposure_cents", number().into()),
        ("message", words().into()),
    ]);
    let findings = [head(), vec![("summary", ObjectBuilder::new().schema_type(Type::Object).into()), ("findings", list(named("Finding")).into()), ("page", named("Page"))]].concat();
    let problem = object(vec![
        ("schema", words().into()),
        ("type", words().into()),
        ("title", words().into()),
        ("status", number().into()),
        ("detail", words().into()),
    ]);
    components
        .schema("Ledger", ledger)
        .schema("Part", part)
        .schema("Page", page)
        .schema("Report", object(report).property("page", named("Page")).description(Some("Any page: docs/web.md")))
        .schema("Finding", finding)
        .schema("Findings", object(findings).description(Some("docs/findings-json.md")))
        .schema("FindingsOrReport", OneOfBuilder::new().item(named("Findings")).item(named("Report")).description(Some("Who sees everything is given the findings with their counts; who sees a part, that part as a page")))
        .schema("Problem", problem.description(Some("RFC 9457")))
}
