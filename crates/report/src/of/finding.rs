//! The story of a finding as a document: what happened and what was known on two lines, what is missing, the rule, the cure, the decisions.
//! Tells it in the order in which a person asks: what, since when, could we have known, what now.

use audit::acts::{Decision, Word};
use audit::describe::moment;
use audit::explain::{Fact, Story};
use audit::known_when::Turn;
use audit::words::{count, day, sentence};

use crate::document::{Block, Cell, Column, Document, Table, Thing};
use crate::figure::axes::{Axes, Mark, Sign};
use crate::figure::{Drawing, Figure};
use crate::stamp::Stamp;

/// Facts drawn; a story has more only where a month's units are added up.
const DRAWN: usize = 14;

/// The story as a document.
pub fn document(story: &Story, stamp: Stamp) -> Document {
    let f = &story.finding;
    Document::new(format!("finding-{}", f.id), format!("{}.", sentence(&f.message).trim_end_matches('.')), stamp)
        .with(Block::Prose(story.verdict()))
        .with(Block::Figure(axes(story)))
        .with(Block::Heading("What is missing".to_owned()))
        .with(missing(story))
        .with(Block::Heading("What would cure it".to_owned()))
        .with(Block::Prose(story.page.section("How to cure").unwrap_or("The rule's page names no cure.").to_owned()))
        .with(Block::Heading("The rule".to_owned()))
        .with(Block::Prose(story.page.title.clone()))
        .with(Block::Facts(vec![
            ("Rule".to_owned(), Cell::Id(Thing::Rule, f.rule.to_owned())),
            ("Document".to_owned(), Cell::text(f.citation.document.title())),
            ("Section".to_owned(), Cell::text(f.citation.section)),
            ("Words that find the place".to_owned(), Cell::Text(format!("\u{201c}{}\u{201d}", f.citation.locator))),
        ]))
        .with(Block::Heading("How the finding went as more became known".to_owned()))
        .with(Block::Table(turns(story)))
        .with(Block::Heading("What people decided".to_owned()))
        .with(Block::Table(decided(&story.decisions, &story.frame.today)))
        .beside(about(story))
}

fn about(story: &Story) -> Block {
    let f = &story.finding;
    let mut facts = vec![
        ("Finding".to_owned(), Cell::Id(Thing::Finding, f.id.to_string())),
        ("Class".to_owned(), Cell::Class(f.class)),
        ("Status".to_owned(), Cell::Text(f.status.as_str().replace('_', " "))),
        ("Decided".to_owned(), Cell::text(story.disposition.unwrap_or("nothing yet"))),
    ];
    let ids = [("Program", Thing::Program, &f.about.program), ("Peer", Thing::Person, &f.about.peer), ("Individual", Thing::Individual, &f.about.individual)];
    facts.extend(ids.into_iter().filter_map(|(name, thing, id)| Some((name.to_owned(), Cell::Id(thing, id.as_deref()?.to_owned())))));
    let contacts = Cell::Ids(Thing::Contact, story.contacts.clone());
    let claims = Cell::Ids(Thing::Claim, f.about.claims.iter().map(ToString::to_string).collect());
    facts.extend((!f.contacts.is_empty()).then_some(("Contacts".to_owned(), contacts)));
    facts.extend((!f.about.claims.is_empty()).then_some(("Claims".to_owned(), claims)));
    facts.push(("True from".to_owned(), Cell::Day(f.true_from)));
    facts.push(("Could be known from".to_owned(), Cell::Instant(f.first_detectable)));
    facts.push(("Known at the claim".to_owned(), Cell::Answer(f.known_at_claim)));
    facts.push(("At risk".to_owned(), Cell::Money(f.exposure)));
    Block::Facts(facts)
}

fn axes(story: &Story) -> Figure {
    let f = &story.finding;
    let drawn = story.facts.len() <= DRAWN;
    let marks = (1..).zip(&story.facts).filter(|(_, fact)| drawn || fact.is_evidence).take(DRAWN).map(|(number, fact)| Mark {
        number,
        label: sentence(&fact.says),
        true_on: fact.true_at.map(|at| at.day()),
        known_on: fact.known_at.local_day(),
        sign: sign(fact),
        late: story.late(fact) && sign(fact) != Sign::Money,
    });
    let says = match f.known_at_claim {
        Some(false) => format!("The claim was sent before it could be known, on {}.", day(f.first_detectable.local_day())),
        Some(true) => "It could be known when the claim was sent.".to_owned(),
        None => format!("It could be known from {} on; no claim was sent.", day(f.first_detectable.local_day())),
    };
    Figure {
        title: "The same events, when they were true and when they were known.".to_owned(),
        says: format!("{says} Numbers are those of the table; squares are claims and payments; days without an event are left out."),
        drawing: Drawing::Axes(Axes {
            marks: marks.collect(),
            claimed_on: story.first_submission.map(|at| at.local_day()),
            knowable_on: f.first_detectable.local_day(),
        }),
        twin: facts(story),
        together: true,
    }
}

fn sign(fact: &Fact) -> Sign {
    if fact.kind.starts_with("claim_") {
        Sign::Money
    } else if fact.is_evidence {
        Sign::Evidence
    } else {
        Sign::Other
    }
}

/// The facts as a table.
fn facts(story: &Story) -> Table {
    let columns = [
        Column::numbers("number", "No."),
        Column::words("says", "What"),
        Column::words("true_at", "True on"),
        Column::words("known_at", "Known on"),
        Column::words("rests", "The finding rests on it"),
        Column::words("actor", "Entered by"),
        Column::words("seq", "Event"),
    ];
    let mut table = Table::new("facts", "What happened, and when it was known", &columns).or_else("No event is behind it: something that should be there is not.");
    for (number, fact) in (1..).zip(&story.facts) {
        let rests = match (fact.is_evidence, story.late(fact) && sign(fact) != Sign::Money) {
            (true, true) => "yes, known after the claim",
            (true, false) => "yes",
            (false, _) => "",
        };
        table.row([
            Cell::Count(number),
            Cell::Text(sentence(&fact.says)),
            fact.true_at.map_or(Cell::Empty, |at| Cell::Text(moment(at))),
            Cell::Instant(fact.known_at),
            Cell::text(rests),
            fact.actor.clone().map_or(Cell::Empty, Cell::Text),
            Cell::Seq(fact.seq),
        ]);
    }
    table
}

fn missing(story: &Story) -> Block {
    let missing = &story.finding.missing;
    if missing.is_empty() {
        return Block::Prose("Nothing is missing: what is on record breaks the rule.".to_owned());
    }
    Block::List(missing.iter().map(|m| sentence(m)).collect())
}

/// Causes named before "and more": an import of a year brings many at one instant.
const CAUSES: usize = 3;

fn turns(story: &Story) -> Table {
    let columns = [Column::words("at", "Known on"), Column::words("what", "The finding"), Column::words("class", "Class"), Column::words("because", "Because")];
    let caption = if story.known_when.cut_short { "The latest steps; the beginning is missing" } else { "From the first moment on" };
    let mut table = Table::new("known_when", caption, &columns).or_else("What is on record does not say when it appeared.");
    for turn in &story.known_when.turns {
        let class = turn.standing.map_or(Cell::Empty, |(class, _)| Cell::Class(class));
        table.row([Cell::Instant(turn.at), Cell::text(turn.what), class, Cell::Text(because(turn))]);
    }
    table
}

fn because(turn: &Turn) -> String {
    if turn.causes.is_empty() {
        return "A deadline passed.".to_owned();
    }
    let said: Vec<String> = turn.causes.iter().take(CAUSES).map(|f| format!("{} (seq {})", sentence(&f.says), f.seq)).collect();
    let more = turn.causes.len().saturating_sub(CAUSES);
    if more > 0 { format!("{}; and {}", said.join("; "), count(more as u64, "more event")) } else { said.join("; ") }
}

/// Decisions as a table.
fn decided(decisions: &[Decision], today: &audit::vocabulary::ValidDay) -> Table {
    let columns = [
        Column::words("on", "On"),
        Column::words("what", "Decision"),
        Column::words("by", "By"),
        Column::words("actor", "Entered or approved by"),
        Column::words("rationale", "Why"),
        Column::words("due_on", "Until"),
        Column::words("seq", "Event"),
    ];
    let mut table = Table::new("decisions", "Oldest first", &columns).or_else("Nobody has decided anything about it yet.");
    for d in decisions {
        let what = match d.word {
            Word::Waived if d.expired(*today) => "waived, expired".to_owned(),
            Word::Acknowledged | Word::Assigned | Word::Disputed | Word::Waived | Word::Remediated => d.word.as_str().to_owned(),
        };
        table.row([
            Cell::Day(d.on),
            Cell::Text(what),
            Cell::Text(d.by.clone()),
            d.actor.clone().map_or(Cell::Empty, Cell::Text),
            d.rationale.clone().map_or(Cell::Empty, Cell::Text),
            Cell::day(d.due_on),
            Cell::Seq(d.seq),
        ]);
    }
    table
}
