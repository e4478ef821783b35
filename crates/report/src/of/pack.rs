//! The cover of an audit pack as a letter to send with it: what is in it, what was left out, what was found, and how to check it.
//! Proves nothing; the pack does, under a key that comes by another way.

use audit::packs::{CoverFinding, Made};
use audit::vocabulary::{KnownAt, Seq};
use audit::words::{count, sentence, thousands};
use serde::{Deserialize, Serialize};

use crate::document::{Block, Cell, Column, Document, Table, Thing};
use crate::stamp::Stamp;

/// A finding on the cover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// Id.
    pub id: String,
    /// Class, for people.
    pub class: String,
    /// What it says.
    pub says: String,
    /// Document and section.
    pub citation: String,
    /// Whether it could be known when it was billed, for people.
    pub known: String,
}

/// A pack that was made, as its cover tells it; it can be kept, and the cover printed again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handed {
    /// What it is about.
    pub about: String,
    /// To whom it goes.
    pub recipient: Option<String>,
    /// Records, and those with their contents.
    pub records: (u64, u64),
    /// Length of the file.
    pub bytes: u64,
    /// Digest of the file.
    pub digest: String,
    /// The event that records it.
    pub recorded: u64,
    /// The key that checks it.
    pub vkey: String,
    /// Carries the notice of 42 CFR part 2.
    pub part2: bool,
    /// What was left out, in words.
    pub left_out: Vec<String>,
    /// Counts, in words.
    pub summary: Vec<(String, String)>,
    /// What was found.
    pub findings: Vec<Found>,
}

impl Handed {
    /// Of a pack just made; nothing of a dry run.
    pub fn of(made: &Made) -> Option<Self> {
        let cover = made.cover.as_ref()?;
        let found = |f: &CoverFinding| Found {
            id: f.id.clone(),
            class: f.class.clone(),
            says: f.message.clone(),
            citation: f.citation.clone(),
            known: f.known.clone(),
        };
        Some(Self {
            about: made.words.clone(),
            recipient: cover.recipient.clone(),
            records: (made.frames, made.bodies),
            bytes: made.bytes,
            digest: made.digest.clone()?,
            recorded: made.recorded?.0,
            vkey: made.vkey.clone(),
            part2: made.part2,
            left_out: made.redactions.clone(),
            summary: cover.summary.clone(),
            findings: cover.findings.iter().map(found).collect(),
        })
    }
}

/// The cover.
pub fn cover(handed: &Handed, made_at: Option<KnownAt>, made_by: &str, stamp: Stamp) -> Document {
    let (records, bodies) = handed.records;
    let title = format!("Audit pack about {}: {}, {}.", handed.about, count(records, "record"), count(handed.findings.len() as u64, "finding"));
    let mut page = Document::new(format!("pack-cover-{}", handed.recorded), title, stamp);
    if handed.part2 {
        page = page.with(Block::Notice(audit::packs::NOTICE.to_owned()));
    }
    let mut facts = vec![("For".to_owned(), Cell::text(handed.recipient.as_deref().unwrap_or("not said")))];
    facts.extend(handed.summary.iter().map(|(name, value)| (name.clone(), Cell::text(value))));
    facts.push(("Records".to_owned(), Cell::Text(format!("{}, {} with their contents", thousands(records), thousands(bodies)))));
    facts.push(("Made by".to_owned(), Cell::text(made_by)));
    facts.extend(made_at.map(|at| ("Made on".to_owned(), Cell::Instant(at))));
    facts.push(("On record as".to_owned(), Cell::Seq(Seq(handed.recorded))));
    facts.push(("Length".to_owned(), Cell::Text(format!("{} bytes", thousands(handed.bytes)))));
    facts.push(("Digest of the file".to_owned(), Cell::Hash(handed.digest.clone())));
    facts.push(("Key that checks it".to_owned(), Cell::Hash(handed.vkey.clone())));
    page.with(Block::Facts(facts))
        .with(Block::Heading("What was found".to_owned()))
        .with(Block::Table(findings(&handed.findings)))
        .with(Block::Heading("What was left out".to_owned()))
        .with(Block::List(handed.left_out.clone()))
        .with(Block::Heading("How to check it".to_owned()))
        .with(Block::Prose(
            "Get the key by another way than this letter and the pack: from the agency's web site, by telephone, or from a visit before. Then run countersign-verify FILE --key KEY, \
             or open the page that checks packs in a browser and choose the file; nothing leaves the computer. The check says in one sentence whether these records are the ones in \
             the ledger, and what it did not check."
                .to_owned(),
        ))
}

fn findings(found: &[Found]) -> Table {
    let columns = [
        Column::words("finding", "Finding"),
        Column::words("class", "Class"),
        Column::words("says", "What"),
        Column::words("citation", "Guidance"),
        Column::words("known", "Known when billed"),
    ];
    let mut table = Table::new("findings", "As the rules said at that cut", &columns).or_else("No finding is about it.");
    for f in found {
        table.row([Cell::Id(Thing::Finding, f.id.clone()), Cell::text(&f.class), Cell::Text(sentence(&f.says)), Cell::text(&f.citation), Cell::text(&f.known)]);
    }
    table
}
