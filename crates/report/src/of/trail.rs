//! The trail of somebody or something: every event that names it, in the order in which things were true, and the findings that touch it.
//! Leaves out nothing that names it and adds nothing that does not.

use audit::describe::moment;
use audit::history::trail::Trail;
use audit::vocabulary::{Finding, IdKind};
use audit::words::{count, sentence};

use super::person;
use crate::document::{Block, Cell, Column, Document, Table, Thing};
use crate::stamp::Stamp;

/// The trail as a document.
pub fn document(trail: &Trail, stamp: Stamp) -> Document {
    let (of, id) = (trail.of.as_str(), &trail.id);
    let findings: Vec<&Finding> = trail.findings.iter().map(AsRef::as_ref).collect();
    let title = format!("{} and {} of the {of} {id}.", sentence(&count(trail.facts.len() as u64, "event")), count(findings.len() as u64, "finding"));
    // A word of its own: an individual's id is hidden in the names of files, too.
    let mut page = Document::new(format!("{of} {id}"), title, stamp)
        .with(Block::Table(person::findings("findings", "Findings that touch it", &findings)))
        .with(Block::Heading("What is on record".to_owned()))
        .with(Block::Table(facts(trail)));
    page.aside.extend(names(trail));
    page
}

/// The events of a trail as a table.
pub(super) fn facts(trail: &Trail) -> Table {
    let columns = [
        Column::words("true_at", "True on"),
        Column::words("known_at", "Known on"),
        Column::words("says", "What"),
        Column::words("actor", "Entered by"),
        Column::words("seq", "Event"),
    ];
    let mut table = Table::new("trail", "In the order in which things were true", &columns);
    for fact in &trail.facts {
        table.row([
            fact.true_at.map_or(Cell::Empty, |at| Cell::Text(moment(at))),
            Cell::Instant(fact.known_at),
            Cell::Text(sentence(&fact.says)),
            fact.actor.clone().map_or(Cell::Empty, Cell::Text),
            Cell::Seq(fact.seq),
        ]);
    }
    table
}

/// Ids shown of each kind.
const SHOWN: usize = 24;

/// What the events name, each with its page.
fn names(trail: &Trail) -> Option<Block> {
    let kinds = [
        ("Program", IdKind::Program, Thing::Program),
        ("Individual", IdKind::Individual, Thing::Individual),
        ("Staff", IdKind::Person, Thing::Person),
        ("Group session", IdKind::GroupSession, Thing::Session),
        ("Contact", IdKind::Contact, Thing::Contact),
        ("Claim", IdKind::Claim, Thing::Claim),
    ];
    let mut facts = Vec::new();
    for (name, kind, thing) in kinds {
        let Some(ids) = trail.names.get(&kind) else { continue };
        let first: Vec<String> = ids.iter().take(SHOWN).cloned().collect();
        let more = if ids.len() > SHOWN { format!("{name}, the first {SHOWN} of {}", ids.len()) } else { name.to_owned() };
        facts.push((more, Cell::Ids(thing, first)));
    }
    (!facts.is_empty()).then_some(Block::Facts(facts))
}
