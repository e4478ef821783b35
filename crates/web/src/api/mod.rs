//! The interface as programs read it: OpenAPI 3.1, made from the table of routes and nothing else, and the same as a page in words.
//! Describes no form of a person's; what is not in the table is not here.

mod schemas;

use axum::http::Method;
use report::document::{Block, Cell, Column, Document, Table};
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathItem, PathsBuilder};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, Required};

use crate::answer::Answer;
use crate::layout::{Place, Sheet};
use crate::params;
use crate::routes::{Gives, Page, ROUTES, Route};
use crate::trouble::Trouble;
use crate::visit::{Form, Visit};

/// Under what name the token of a service stands in the description.
const TOKEN: &str = "token";

/// The description as JSON.
pub(crate) fn openapi(_: &Visit<'_>) -> Result<Page, Trouble> {
    let value = serde_json::to_value(described()).map_err(|_| Trouble::Machine)?;
    Ok(Page::Answer(Answer::json(&value)))
}

/// Every address in words.
pub(crate) fn show(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let columns = [Column::words("address", "Address"), Column::words("says", "What it gives"), Column::words("takes", "What it may be told"), Column::words("roles", "Who may ask")];
    let mut table = Table::new("addresses", "What is there as JSON is there as .csv, .xlsx and .html, too", &columns);
    for (route, form) in addresses().filter(|(_, form)| matches!(form, Form::Html | Form::Json)) {
        let takes: Vec<String> = params::of(route).map(|p| format!("{}: {} ({})", p.name, p.says, p.may_be())).collect();
        table.row([Cell::text(address(route, form)), Cell::text(route.says), Cell::text(takes.join("; ")), Cell::text(roles(route))]);
    }
    let document = Document::new("addresses", "Programs read what people read.".to_owned(), visit.stamp())
        .with(Block::Prose("A program sends the token of its service with every request: Authorization: Bearer TOKEN. The command countersign account add NAME --role service makes one.".to_owned()))
        .with(Block::Prose("/openapi.json describes the same for programs. Lists come in pieces: each answer gives the address of the next one, in its Link header and as page.next. An answer's ETag, sent back as If-None-Match, is answered 304 while nothing it was made from has changed.".to_owned()))
        .with(Block::Table(table));
    Ok(Sheet::new(Place::Ledger, document).into())
}

/// Every address of a program: a route and the form of it that is there.
pub(crate) fn addresses() -> impl Iterator<Item = (&'static Route, Form)> {
    ROUTES.iter().filter(|route| route.method == Method::GET).flat_map(|route| {
        let forms: &[Form] = match route.gives {
            Gives::Sheet | Gives::List(_) => Form::FILES,
            Gives::File(_) if !route.path.starts_with("/assets/") => &[Form::Html],
            Gives::File(_) | Gives::Form => &[],
        };
        forms.iter().map(move |form| (route, *form))
    })
}

/// An address as OpenAPI writes it: open parts in braces.
pub(crate) fn address(route: &Route, form: Form) -> String {
    let parts: Vec<String> = route.path.split('/').map(|part| part.strip_prefix(':').map_or_else(|| part.to_owned(), |open| format!("{{{open}}}"))).collect();
    format!("{}{}", parts.join("/"), form.end())
}

fn roles(route: &Route) -> String {
    if route.may.is_empty() { "anybody, without an account".to_owned() } else { route.may.iter().map(|r| r.as_str()).collect::<Vec<_>>().join(", ") }
}

fn described() -> OpenApi {
    let mut paths = PathsBuilder::new();
    for (route, form) in addresses() {
        paths = paths.path(address(route, form), PathItem::new(HttpMethod::Get, operation(route, form)));
    }
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("The token of a service, as `countersign account add NAME --role service` prints it once.")).build();
    let components = schemas::all(ComponentsBuilder::new()).security_scheme(TOKEN, SecurityScheme::Http(scheme)).build();
    let info = InfoBuilder::new()
        .title("countersign")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("An event-sourced compliance audit ledger: what its pages say, for programs. Reading only; decisions are made by people, in the browser."))
        .build();
    OpenApiBuilder::new().info(info).paths(paths).components(Some(components)).build()
}

fn operation(route: &Route, form: Form) -> OperationBuilder {
    let name = route.path.trim_matches('/').replace(['/', '.'], "_").replace(':', "");
    let mut made = OperationBuilder::new()
        .operation_id(Some(format!("{name}{}", form.end().replace('.', "_"))))
        .summary(Some(route.says))
        .description(Some(format!("For: {}.", roles(route))))
        .parameters(Some(route.path.split('/').filter_map(|part| part.strip_prefix(':')).map(open_part)))
        .response("200", given(route, form))
        .response("4XX", problem("The address is not for this visitor, asks for what there is not, or says what it does not take"))
        .response("503", problem("The ledger is being written; try again"));
    if route.is_sheet() {
        made = made.parameters(Some(params::of(route).map(told)));
    }
    if route.of_the_ledger {
        made = made.response("304", ResponseBuilder::new().description("What the program has is what it would be given"));
    }
    if route.may.is_empty() { made.securities(Some([SecurityRequirement::default()])) } else { made.security(SecurityRequirement::new::<_, [&str; 0], &str>(TOKEN, [])) }
}

fn open_part(name: &str) -> Parameter {
    let schema = schemas::words().min_length(Some(1));
    ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path).required(Required::True).description(Some("The id of the thing")).schema(Some(schema)).build()
}

fn told(param: &params::Param) -> Parameter {
    let says = format!("{}: {}", audit::words::sentence(param.says), param.may_be());
    ParameterBuilder::new()
        .name(param.name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(says))
        .schema(Some(schemas::of(param)))
        .build()
}

fn given(route: &Route, form: Form) -> Response {
    let (kind, schema) = match (route.gives, form) {
        (Gives::File(kind), _) => (kind, None),
        (_, Form::Json) if route.path == "/findings" => ("application/json", Some("FindingsOrReport")),
        (_, Form::Json) => ("application/json", Some("Report")),
        (_, Form::Csv) => ("text/csv", None),
        (_, Form::Xlsx) => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", None),
        (_, Form::Pdf) => ("application/pdf", None),
        (_, Form::Html | Form::Print) => ("text/html", None),
    };
    let content = ContentBuilder::new().schema(schema.map(Ref::from_schema_name)).build();
    let header = |says: &str| HeaderBuilder::new().schema(Some(schemas::words())).description(Some(says)).build();
    let mut response = ResponseBuilder::new().description(route.says).content(kind, content);
    if matches!(route.gives, Gives::List(_)) {
        response = response.header("Link", header("The pieces before and after this one (RFC 8288); absent where there is none"));
    }
    if route.of_the_ledger {
        response = response.header("ETag", header("What the answer was made from: ledger, rules, day, and who sees it how"));
    }
    response.build()
}

fn problem(says: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(says).content("application/problem+json", content).build()
}
