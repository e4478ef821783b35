//! Programs in a list, and one of them: who works there, contacts by month, findings, money, supervision, and when it last gave something to record.
//! Shows counts as they were told.

use audit::desk::{ProgramLine, ProgramPage};
use audit::vocabulary::ValidDay;
use audit::words::{count, day, money};

use super::person;
use crate::document::{Block, Cell, Column, Document, Table, Thing};
use crate::figure::bars::{Bar, Bars};
use crate::figure::columns::Columns;
use crate::figure::{Drawing, Figure};
use crate::stamp::Stamp;

/// Every program.
pub fn list(programs: &[ProgramLine], (from, to): (ValidDay, ValidDay), stamp: Stamp) -> Document {
    let found = programs.iter().filter(|p| p.findings[0] > 0).count();
    let verb = if found == 1 { "has" } else { "have" };
    let title = match programs.len() {
        0 => "No program is on record.".to_owned(),
        n => format!("{found} of {} {verb} violations.", count(n as u64, "program")),
    };
    let columns = [
        Column::words("program", "Program"),
        Column::words("kind", "Kind"),
        Column::numbers("staff", "Staff"),
        Column::numbers("contacts", "Contacts"),
        Column::words("last_contact", "Last contact"),
        Column::numbers("violation", "Violations"),
        Column::numbers("documentation", "Documentation"),
        Column::numbers("advisory", "Advisories"),
        Column::numbers("exposure", "At risk"),
    ];
    let caption = format!("Contacts and staff from {} to {}", day(from), day(to));
    let mut table = Table::new("programs", caption, &columns).or_else("`countersign import` reads exports; a program is there once an event names it.");
    for p in programs {
        table.row(
            [
                Cell::Id(Thing::Program, p.program.clone()),
                p.kind.map_or(Cell::text("not registered"), Cell::text),
                Cell::Count(p.staff),
                Cell::Count(p.contacts),
                Cell::day(p.last_contact),
            ]
            .into_iter()
            .chain(p.findings.map(Cell::Count))
            .chain([Cell::Money(p.exposure)]),
        );
    }
    let page = Document::new("programs", title, stamp).with(Block::Table(table));
    let at_risk: Vec<&ProgramLine> = programs.iter().filter(|p| p.exposure.0 > 0).collect();
    if at_risk.is_empty() { page } else { page.with(Block::Figure(exposure(&at_risk))) }
}

fn exposure(programs: &[&ProgramLine]) -> Figure {
    let mut sorted = programs.to_vec();
    sorted.sort_by_key(|p| std::cmp::Reverse(p.exposure));
    let columns = [Column::words("program", "Program"), Column::numbers("violation", "Violations"), Column::numbers("exposure", "At risk")];
    let mut twin = Table::new("exposure", "Money at risk by program", &columns);
    for p in &sorted {
        twin.row([Cell::Id(Thing::Program, p.program.clone()), Cell::Count(p.findings[0]), Cell::Money(p.exposure)]);
    }
    Figure {
        title: "Money at risk by program.".to_owned(),
        says: "On live claims; a claim line under several findings counts once.".to_owned(),
        drawing: Drawing::Bars(Bars { bars: sorted.iter().map(|p| Bar { label: format!("{}, {}", p.program, count(p.findings[0], "violation")), amount: p.exposure }).collect() }),
        twin,
        together: false,
    }
}

/// A program.
pub fn page(page: &ProgramPage, stamp: Stamp) -> Document {
    let p = &page.line;
    let risk = if p.exposure.0 > 0 { format!("{} at risk", money(p.exposure)) } else { "no money at risk".to_owned() };
    let said = super::findings::by_class(p.findings);
    let title = if said.is_empty() { format!("No finding in {}; {risk}.", p.program) } else { format!("{said} in {}; {risk}.", p.program) };
    let mut document = Document::new(format!("program-{}", p.program), title, stamp)
        .with(Block::Facts(vec![
            ("Registered as".to_owned(), Cell::text(p.kind.unwrap_or("nothing yet"))),
            ("Violations".to_owned(), Cell::Count(p.findings[0])),
            ("Documentation gaps".to_owned(), Cell::Count(p.findings[1])),
            ("Advisories".to_owned(), Cell::Count(p.findings[2])),
            ("At risk".to_owned(), Cell::Money(p.exposure)),
        ]))
        .with(Block::Heading("Contacts by month".to_owned()))
        .with(Block::Figure(months(page)))
        .with(Block::Heading("Who works there".to_owned()))
        .with(Block::Table(staff(page)));
    if !page.coverage.is_empty() {
        document = document.with(Block::Heading("Supervision of peers".to_owned())).with(Block::Figure(person::strips(&page.coverage, (page.from, page.to))));
    }
    document.with(Block::Heading("How fresh its records are".to_owned())).with(Block::Table(fresh(page)))
}

fn months(page: &ProgramPage) -> Figure {
    let columns = [Column::words("month", "Month"), Column::numbers("contacts", "Contacts")];
    let mut twin = Table::new("months", "Contacts by month", &columns);
    for (month, n) in &page.months {
        let (year, of_year, _) = month.ymd();
        twin.row([Cell::Text(format!("{year:04}-{of_year:02}")), Cell::Count(*n)]);
    }
    Figure {
        title: format!("{} from {} to {}.", count(page.line.contacts, "contact"), day(page.from), day(page.to)),
        says: "The last month goes to the evaluation day.".to_owned(),
        drawing: Drawing::Columns(Columns { months: page.months.clone() }),
        twin,
        together: false,
    }
}

fn staff(page: &ProgramPage) -> Table {
    let columns = [
        Column::words("person", "Person"),
        Column::words("roles", "Engaged as"),
        Column::numbers("contacts", "Contacts"),
        Column::words("last_contact", "Last contact"),
        Column::numbers("violation", "Violations"),
        Column::numbers("documentation", "Documentation"),
        Column::numbers("advisory", "Advisories"),
    ];
    let caption = format!("{}, the most contacts first", count(page.staff.len() as u64, "person"));
    let mut table = Table::new("staff", caption, &columns).or_else("Nobody is engaged for it, and nobody had a contact in it within the year.");
    for s in &page.staff {
        let roles = s.roles.as_deref().map_or("not engaged here on the evaluation day", |roles| if roles.is_empty() { "no role said" } else { roles });
        table.row(
            [Cell::Id(Thing::Person, s.person.clone()), Cell::text(roles), Cell::Count(s.contacts), Cell::day(s.last_contact)].into_iter().chain(s.findings.map(Cell::Count)),
        );
    }
    table
}

fn fresh(page: &ProgramPage) -> Table {
    let columns = [Column::words("source", "Last"), Column::words("on", "About"), Column::words("recorded_at", "Recorded")];
    let mut table = Table::new("sources", "The last of each on record", &columns).or_else("No contact, note or claim is on record.");
    for last in &page.last {
        table.row([Cell::text(last.source), Cell::Day(last.on), Cell::Day(last.recorded_at.local_day())]);
    }
    table
}
