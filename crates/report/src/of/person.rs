//! Somebody on the staff over time, as a picture with its table, and everybody in a list.
//! Draws spans as they are told.

use audit::desk::{ContactInside, Lane, PersonInside, PersonTime, by_class};
use audit::history::supervision::Stretch;
use audit::vocabulary::{Finding, ValidDay};
use audit::words::{count, day, known, sentence};

use crate::document::{Block, Cell, Column, Document, Table, Thing};
use super::time::{Drawn, Marked};
use crate::figure::bands::{Bands, Sign};
use crate::figure::{Drawing, Figure};
use crate::stamp::Stamp;

/// Everybody, with how many findings each has.
pub fn list(people: &[(String, [u64; 3])], coverage: &[Lane], days: (ValidDay, ValidDay), stamp: Stamp) -> Document {
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
    let page = Document::new("people", format!("{} of {} {verb} violations.", found, count(people.len() as u64, "person")), stamp).with(Block::Table(table));
    if coverage.is_empty() { page } else { page.with(Block::Heading("Supervision of peers".to_owned())).with(Block::Figure(strips(coverage, days))) }
}

/// Supervision of peers as strips, one beside the other.
pub(super) fn strips(coverage: &[Lane], (from, to): (ValidDay, ValidDay)) -> Figure {
    let with_gaps = coverage.iter().filter(|lane| lane.gaps().next().is_some()).count();
    let columns = [Column::words("peer", "Peer"), Column::words("from", "From"), Column::words("to", "Through"), Column::words("says", "Supervised"), Column::numbers("days", "Days")];
    let mut twin = Table::new("coverage", "Supervision, each stretch", &columns).or_else("No peer delivered services on these days.");
    for lane in coverage {
        for span in &lane.spans {
            twin.row([Cell::text(&lane.name), Cell::Day(span.from), Cell::Day(span.to), Cell::text(&span.says), Cell::Days(span.to.days_since(span.from) + 1)]);
        }
    }
    let says = match with_gaps {
        0 => format!("Each of {} had somebody who may supervise on every day.", count(coverage.len() as u64, "peer")),
        n => format!("{} of {} had days without anybody who may supervise; they are hatched.", n, count(coverage.len() as u64, "peer")),
    };
    Figure {
        title: format!("Supervision of each peer from {} to {}.", day(from), day(to)),
        says,
        drawing: Drawing::Bands(Bands { from, to, lanes: coverage.iter().map(super::time::band_lane).collect() }),
        twin,
        together: false,
    }
}

/// Somebody over time.
pub fn document(time: &PersonTime<'_>, stamp: Stamp) -> Document {
    let said = super::findings::by_class(by_class(time.findings.iter().copied()));
    let title = if said.is_empty() { format!("No finding is about {}.", time.person) } else { format!("{said} about {}.", time.person) };
    let mut page = Document::new(format!("person-{}", time.person), title, stamp);
    page.blocks.extend(time.known.map(|at| super::time::as_known(at, &time.corrected)));
    page.with(Block::Figure(picture(&time.person, (time.from, time.to), (&time.lanes, &time.corrected), &time.contacts, &time.findings)))
        .with(Block::Heading("Findings".to_owned()))
        .with(Block::Table(findings("findings", "By class", &time.findings)))
        .with(Block::Heading("Supervision".to_owned()))
        .with(Block::Table(supervision(&time.supervision)))
}

/// Somebody on the staff as far as a part of the records goes.
pub fn inside(time: &PersonInside<'_>, stamp: Stamp) -> Document {
    let said = super::findings::by_class(by_class(time.findings.iter().copied()));
    let title = if said.is_empty() { format!("No finding in this part of the records is about {}.", time.person) } else { format!("{said} about {} in this part of the records.", time.person) };
    let mut page = Document::new(format!("person-{}", time.person), title, stamp);
    page.blocks.extend(time.known.map(|at| Block::Prose(format!("As known on {}: what was entered later is not shown, whatever day it is about.", known(at)))));
    page.with(Block::Figure(picture(&time.person, (time.from, time.to), (&time.lanes, &[]), &time.days(), &time.findings)))
        .with(Block::Heading("Findings".to_owned()))
        .with(Block::Table(findings("findings", "By class", &time.findings)))
        .with(Block::Heading("Supervision".to_owned()))
        .with(Block::Table(supervision(&time.supervision)))
        .with(Block::Heading("Contacts".to_owned()))
        .with(Block::Table(contacts(&time.contacts)))
}

fn contacts(contacts: &[ContactInside]) -> Table {
    let columns = [Column::words("contact", "Contact"), Column::words("day", "Day"), Column::words("program", "Program"), Column::words("individual", "Individual")];
    let mut table = Table::new("contacts", count(contacts.len() as u64, "contact"), &columns).or_else("None was known then.");
    for c in contacts {
        table.row([Cell::Id(Thing::Contact, c.contact.clone()), Cell::Day(c.day), Cell::Id(Thing::Program, c.program.clone()), Cell::Id(Thing::Individual, c.individual.clone())]);
    }
    table
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
            Cell::Named(Thing::Finding, f.id.to_string(), sentence(&f.message)),
            Cell::Id(Thing::Rule, f.rule.to_owned()),
            Cell::Day(f.true_from),
            Cell::Money(f.exposure),
        ]);
    }
    table
}

fn picture(person: &str, (from, to): (ValidDay, ValidDay), (lanes, corrected): (&[Lane], &[Lane]), contacts: &[(ValidDay, u64)], findings: &[&Finding]) -> Figure {
    let all: u64 = contacts.iter().map(|(_, n)| n).sum();
    let marks = contacts.iter().map(|(on, n)| Marked { lane: "Contacts", on: *on, says: count(*n, "contact"), sign: Sign::Stroke, id: Cell::Empty });
    super::time::figure(Drawn {
        title: format!("{person} from {} to {}.", day(from), day(to)),
        says: format!("{}. Hatched: not in force, or nobody who may supervise.", sentence(&count(all, "contact"))),
        from,
        to,
        lanes,
        corrected,
        marks: marks.collect(),
        findings,
    })
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
