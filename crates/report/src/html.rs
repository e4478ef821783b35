//! A document as HTML: its blocks for a page of the web interface, or a whole page that prints well and stands alone.
//! Writes no script, no style attribute and no text that was not escaped.

use audit::describe::moment;
use audit::vocabulary::{Class, ValidAt};
use audit::words::{day, known, money, thousands};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::document::{Block, Cell, Document, Table, Thing};
use crate::figure;
use crate::stamp::Stamp;

/// The style of documents, on screen and on paper.
pub const STYLE: &str = include_str!("style.css");

/// Where the page of a thing is; nothing where it has none.
pub type Links<'l> = dyn Fn(Thing, &str) -> Option<String> + 'l;

/// The blocks of a document.
pub fn blocks(blocks: &[Block], links: &Links<'_>) -> Markup {
    html! { @for block in blocks { (self::block(block, links)) } }
}

/// One block.
pub fn block(block: &Block, links: &Links<'_>) -> Markup {
    match block {
        Block::Heading(text) => html! { h2 { (text) } },
        Block::Prose(text) => html! { @for p in text.split("\n\n") { p.prose { (p) } } },
        Block::Notice(text) => html! { p.notice { strong { (text) } } },
        Block::List(lines) => html! { ul.lines { @for line in lines { li { (line) } } } },
        Block::Facts(facts) => html! {
            dl.facts { @for (name, value) in facts { div { dt { (name) } dd { (cell(value, links)) } } } }
        },
        Block::Table(table) => self::table(table, links),
        Block::Figure(figure) => html! {
            figure.drawing {
                figcaption { strong { (figure.title) } " " (figure.says) }
                div.scroll tabindex="0" role="region" aria-label=(figure.title) { (figure::svg(figure)) }
                @if figure.together { (self::table(&figure.twin, links)) }
                @else { details { summary { "The same as a table" } (self::table(&figure.twin, links)) } }
            }
        },
    }
}

/// A table in a region of its own that scrolls.
pub fn table(table: &Table, links: &Links<'_>) -> Markup {
    if table.rows.is_empty() {
        return html! { p.empty { (table.empty) } };
    }
    html! {
        div.scroll tabindex="0" role="region" aria-label=(table.caption) {
            table {
                caption { (table.caption) }
                thead { tr { @for column in &table.columns { th.num[column.numeric] scope="col" { (column.title) } } } }
                tbody {
                    @for row in &table.rows {
                        tr { @for (column, value) in table.columns.iter().zip(row) { td class=[breadth(value, column.numeric)] { (cell(value, links)) } } }
                    }
                }
            }
        }
    }
}

/// Words longer than these are a sentence and need room; shorter ones stay on one line.
const SHORT: usize = 24;
const LONG: usize = 44;

/// How much room a cell needs: a number, a short word, a sentence.
fn breadth(value: &Cell, numeric: bool) -> Option<&'static str> {
    let letters = match value {
        Cell::Text(text) | Cell::Named(_, _, text) => text.chars().count(),
        Cell::Empty | Cell::Id(..) | Cell::Ids(..) | Cell::Day(_) | Cell::Instant(_) | Cell::Money(_) | Cell::Count(_) => SHORT + 1,
        Cell::Days(_) | Cell::Class(_) | Cell::Seq(_) | Cell::Hash(_) | Cell::Answer(_) => SHORT + 1,
    };
    if numeric {
        Some("num")
    } else if letters > LONG {
        Some("says")
    } else {
        (letters <= SHORT).then_some("short")
    }
}

/// A value.
pub fn cell(value: &Cell, links: &Links<'_>) -> Markup {
    match value {
        Cell::Empty => html! {},
        Cell::Text(text) => html! { (text) },
        Cell::Id(thing, id) => linked(*thing, id, html! { span.id { (id) } }, links),
        Cell::Named(thing, id, words) => linked(*thing, id, html! { (words) }, links),
        Cell::Ids(thing, ids) => html! {
            @for (i, id) in ids.iter().enumerate() { @if i > 0 { ", " } (linked(*thing, id, html! { span.id { (id) } }, links)) }
        },
        Cell::Day(at) => html! { time datetime=(at) { (day(*at)) } },
        Cell::Instant(at) => html! { time datetime=(at) { (known(*at)) } },
        Cell::Money(amount) => html! { (money(*amount)) },
        Cell::Count(n) => html! { (thousands(*n)) },
        Cell::Days(n) => html! { (n) " d" },
        Cell::Class(class) => self::class(*class),
        Cell::Seq(seq) => html! { span.id { "seq " (seq) } },
        Cell::Hash(hash) => html! { span.hash { (hash) } },
        Cell::Answer(answer) => html! { @match answer { Some(true) => "yes", Some(false) => "no", None => "not billed" } },
    }
}

fn linked(thing: Thing, id: &str, inner: Markup, links: &Links<'_>) -> Markup {
    match links(thing, id) {
        Some(to) => html! { a href=(to) { (inner) } },
        None => inner,
    }
}

/// The shape that goes with a class.
pub fn shape(class: Class) -> &'static str {
    match class {
        Class::Violation => "■",
        Class::Documentation => "▲",
        Class::Advisory => "●",
    }
}

/// A class: a shape, a word and a colour, each of which says it alone.
pub fn class(class: Class) -> Markup {
    html! { span class={ "class " (class.as_str()) } { span.shape aria-hidden="true" { (shape(class)) } " " (class.as_str()) } }
}

/// A moment as a person writes it, with what a program reads.
pub fn when(at: Option<audit::vocabulary::Moment>) -> Markup {
    html! { @if let Some(at) = at { time datetime=(at) { (moment(at)) } } }
}

/// An instant of the world.
pub fn at(at: ValidAt) -> Markup {
    html! { time datetime=(at) { (audit::words::instant(at)) } }
}

/// What a document is of, as its last lines.
pub fn stamp(stamp: &Stamp) -> Markup {
    html! { dl.stamp { @for (name, value) in stamp.lines() { div { dt { (name) } dd { (value) } } } } }
}

/// A page that stands alone, for a file or a printer.
pub fn page(document: &Document) -> String {
    let links = |_: Thing, _: &str| None;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (document.title) " · " (document.stamp.frame.origin) }
                style { (PreEscaped(STYLE)) }
            }
            body.standalone {
                main {
                    p.origin { (document.stamp.frame.origin) @if document.stamp.frame.simulated { " · " strong { "SIMULATED: nobody in this ledger exists" } } }
                    h1 { (document.title) }
                    (blocks(&document.blocks, &links))
                    (blocks(&document.aside, &links))
                }
                footer { (stamp(&document.stamp)) }
            }
        }
    };
    page.into_string()
}
