//! Somebody served over time, as a picture with its table: enrolment and plans, contacts and what hangs on them, findings.
//! Names the individual as it is told; who is hidden is decided where the document is shown.

use audit::desk::{IndividualTime, MarkOf, by_class};
use audit::words::{count, day, sentence};

use super::{findings, person};
use super::time::{Drawn, Marked};
use crate::document::{Block, Cell, Document, Thing};
use crate::figure::Figure;
use crate::figure::bands::Sign;
use crate::stamp::Stamp;

/// Somebody served over time.
pub fn document(time: &IndividualTime<'_>, stamp: Stamp) -> Document {
    let said = findings::by_class(by_class(time.findings.iter().copied()));
    let title = if said.is_empty() { format!("No finding touches {}.", time.individual) } else { format!("{said} touch {}.", time.individual) };
    // One finding touches, several touch.
    let title = if time.findings.len() == 1 { title.replace(" touch ", " touches ") } else { title };
    let mut page = Document::new(format!("individual {}", time.individual), title, stamp);
    page.blocks.extend(time.known.map(|at| super::time::as_known(at, &time.corrected)));
    page.with(Block::Figure(drawn(time)))
        .with(Block::Heading("Findings".to_owned()))
        .with(Block::Table(person::findings("findings", "By class", &time.findings)))
}

fn drawn(time: &IndividualTime<'_>) -> Figure {
    let mut marks = Vec::new();
    for of in MarkOf::ALL {
        let thing = match of {
            MarkOf::Contact | MarkOf::Note | MarkOf::Signature => Some(Thing::Contact),
            MarkOf::Claim => Some(Thing::Claim),
            MarkOf::Event => None,
        };
        marks.extend(time.marks.iter().filter(|mark| mark.of == of).map(|mark| Marked {
            lane: of.named(),
            on: mark.on,
            says: sentence(&mark.says),
            sign: if mark.stands { Sign::Stroke } else { Sign::Hollow },
            id: thing.zip(mark.id.clone()).map_or(Cell::Empty, |(thing, id)| Cell::Id(thing, id)),
        }));
    }
    let of = |of: MarkOf| time.marks.iter().filter(|mark| mark.of == of).count() as u64;
    super::time::figure(Drawn {
        title: format!("{} from {} to {}.", time.individual, day(time.from), day(time.to)),
        says: format!(
            "{}, {}, {} and {}. Hatched: admitted without a plan on record. An empty square is a claim that was voided, denied or replaced.",
            sentence(&count(of(MarkOf::Contact), "contact")),
            count(of(MarkOf::Note), "note"),
            count(of(MarkOf::Signature), "signature"),
            count(of(MarkOf::Claim), "claim line"),
        ),
        from: time.from,
        to: time.to,
        lanes: &time.lanes,
        corrected: &time.corrected,
        marks,
        findings: &time.findings,
    })
}
