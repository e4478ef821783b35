//! Somebody on the staff over time, as a picture with its table, and everybody in a list.
//! Draws spans as they are told.

use audit::desk::{Holds, Lane, PersonTime};
use audit::history::supervision::Stretch;
use audit::vocabulary::{Class, Finding};
use audit::words::{count, day, known, sentence};

use crate::document::{Block, Cell, Column, Document, Table, Thing};
use crate::figure::bands::{self, Band, Bands, Look, Tick};
use crate::figure::{Drawing, Figure};
use crate::stamp::Stamp;

/// Everybody, with how many findings each has.
pub fn list(people: &[(String, [u64; 3])], stamp: Stamp) -> Document {
    let columns = [
        Column::words("person", "Person"),
        Column::numbers("violation", "Violations"),
        Column::numbers("documentation", "Documentation"),
        Column::numbers("advisory", "Advisories"),
    ];
    let mut table = Table::new("people", "Staff, in order of their ids", &columns).or_else("Nobody on the staff is on record yet. `countersign import` reads exports.");
    for (person, counts) in people {
        table.row([Cell::Id(Thing::Person, person.clone())].into_iter().chain(counts.map(Cell::Count)));
    }
    let found = people.iter().filter(|(_, counts)| counts[0] > 0).count() as u64;
    let verb = if found == 1 { "has" } else { "have" };
    Document::new("people", format!("{} of {} {verb} violations.", found, count(people.len() as u64, "person")), stamp).with(Block::Table(table))
}

/// Somebody over time.
pub fn document(time: &PersonTime<'_>, stamp: Stamp) -> Document {
    let of = |class| time.findings.iter().filter(|f| f.class == class).count() as u64;
    let counts = [(of(Class::Violation), "violation"), (of(Class::Documentation), "documentation gap"), (of(Class::Advisory), "advisory")];
    let said: Vec<String> = counts.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| count(n, word)).collect();
    let title = if said.is_empty() { format!("No finding is about {}.", time.person) } else { format!("{} about {}.", said.join(", "), time.person) };
    let mut page = Document::new(format!("person-{}", time.person), title, stamp);
    if let Some(at) = time.known {
        page = page.with(Block::Notice(format!("As known on {}: what was entered later is not shown, whatever day it is about.", known(at))));
    }
    page.with(Block::Figure(drawn(time)))
        .with(Block::Heading("Findings".to_owned()))
        .with(Block::Table(findings("findings", "By class", &time.findings)))
        .with(Block::Heading("Supervision".to_owned()))
        .with(Block::Table(supervision(&time.supervision)))
}

/// A few findings as a table.
pub(super) fn findings(name: &'static str, caption: &str, findings: &[&Finding]) -> Table {
    let columns = [
        Column::words("class", "Class"),
        Column::words("finding", "What"),
        Column::words("rule", "Rule"),
        Column::words("true_from", "True from"),
        Column::numbers("exposure", "At risk"),
    ];
    let mut table = Table::new(name, caption, &columns).or_else("No finding.");
    for f in findings {
        table.row([
            Cell::Class(f.class),
            Cell::Named(Thing::Finding, f.id.clone(), sentence(&f.message)),
            Cell::Id(Thing::Rule, f.rule.to_owned()),
            Cell::Day(f.true_from),
            Cell::Money(f.exposure),
        ]);
    }
    table
}

fn drawn(time: &PersonTime<'_>) -> Figure {
    let mut lanes: Vec<bands::Lane> = time.lanes.iter().map(lane).collect();
    let tick = |on, label: String, class| Tick { on, label, class };
    if !time.contacts.is_empty() {
        let ticks = time.contacts.iter().map(|(on, n)| tick(*on, count(*n, "contact"), None)).collect();
        lanes.push(bands::Lane { name: "Contacts".to_owned(), bands: Vec::new(), ticks });
    }
    for (class, name) in [(Class::Violation, "Violations"), (Class::Documentation, "Documentation gaps"), (Class::Advisory, "Advisories")] {
        let ticks: Vec<Tick> = time.findings.iter().filter(|f| f.class == class).map(|f| tick(f.true_from, sentence(&f.message), Some(class))).collect();
        if !ticks.is_empty() {
            lanes.push(bands::Lane { name: name.to_owned(), bands: Vec::new(), ticks });
        }
    }
    let columns = [Column::words("lane", "What"), Column::words("from", "From"), Column::words("to", "Through"), Column::words("says", "How it stood")];
    let mut twin = Table::new("spans", "Spans", &columns).or_else("Nothing is on record.");
    for lane in &time.lanes {
        for span in &lane.spans {
            twin.row([Cell::text(&lane.name), Cell::Day(span.from), Cell::Day(span.to), Cell::text(&span.says)]);
        }
    }
    let contacts: u64 = time.contacts.iter().map(|(_, n)| n).sum();
    Figure {
        title: format!("{} from {} to {}.", time.person, day(time.from), day(time.to)),
        says: format!("{}. Framed with dashes: not in force, or nobody who may supervise.", sentence(&count(contacts, "contact"))),
        drawing: Drawing::Bands(Bands { from: time.from, to: time.to, pointer: None, lanes }),
        twin,
        together: false,
    }
}

fn lane(lane: &Lane) -> bands::Lane {
    let look = |holds| match holds {
        Holds::Fully => Look::Solid,
        Holds::Partly => Look::Pale,
        Holds::Not => Look::Gap,
    };
    let bands = lane.spans.iter().map(|s| Band { from: s.from, to: s.to, label: s.says.clone(), look: look(s.holds) }).collect();
    bands::Lane { name: lane.name.clone(), bands, ticks: Vec::new() }
}

/// Who supervised, whether they may, and every gap.
fn supervision(stretches: &[Stretch]) -> Table {
    let columns = [
        Column::words("program", "Program"),
        Column::words("from", "From"),
        Column::words("to", "Through"),
        Column::words("supervisors", "Supervisors, and why they qualify or not"),
        Column::words("covered", "Supervised"),
        Column::numbers("contacts", "Contacts"),
    ];
    let mut table = Table::new("supervision", "Every supervisor and every gap", &columns).or_else("No supervision is on record.");
    for s in stretches {
        let said: Vec<String> = s.supervisors.iter().map(|by| format!("{}: {}", by.person, by.why)).collect();
        let who = if said.is_empty() { "nobody was assigned".to_owned() } else { said.join("; ") };
        table.row([
            Cell::Id(Thing::Program, s.program.clone()),
            Cell::Day(s.from),
            Cell::Day(s.to),
            Cell::Text(sentence(&who)),
            Cell::text(if s.covered() { "yes" } else { "no" }),
            Cell::Count(s.contacts),
        ]);
    }
    table
}
