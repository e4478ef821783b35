//! Something over time as a picture and the table that says the same: lanes of spans, what later entries changed, marks and findings.
//! Draws what it is given, in that order.

use audit::desk::{Holds, Lane};
use audit::vocabulary::{Class, Finding, KnownAt, ValidDay};
use audit::words::{known, sentence};

use crate::document::{Block, Cell, Column, Table, Thing};
use crate::figure::bands::{self, Band, Bands, Look, Sign, Tick};
use crate::figure::{Drawing, Figure};

/// A mark with its row in the table.
pub(super) struct Marked {
    pub(super) lane: &'static str,
    pub(super) on: ValidDay,
    pub(super) says: String,
    pub(super) sign: Sign,
    pub(super) id: Cell,
}

/// What is drawn.
pub(super) struct Drawn<'t> {
    pub(super) title: String,
    pub(super) says: String,
    pub(super) from: ValidDay,
    pub(super) to: ValidDay,
    pub(super) lanes: &'t [Lane],
    /// Lanes as they are known now, where that is otherwise.
    pub(super) corrected: &'t [Lane],
    pub(super) marks: Vec<Marked>,
    pub(super) findings: &'t [&'t Finding],
}

const NOW: &str = ", known now";

/// The picture.
pub(super) fn figure(drawn: Drawn<'_>) -> Figure {
    let Drawn { title, says, from, to, lanes, corrected, mut marks, findings } = drawn;
    for (class, lane) in [(Class::Violation, "Violations"), (Class::Documentation, "Documentation gaps"), (Class::Advisory, "Advisories")] {
        marks.extend(findings.iter().filter(|f| f.class == class).map(|f| Marked {
            lane,
            on: f.true_from,
            says: sentence(&f.message),
            sign: Sign::Found(class),
            id: Cell::Id(Thing::Finding, f.id.to_string()),
        }));
    }
    let as_now = |c: &Lane| Lane { name: format!("{}{NOW}", c.name), spans: c.spans.clone() };
    let now = |lane: &Lane| corrected.iter().find(|c| c.name == lane.name).map(as_now);
    let new = corrected.iter().filter(|c| !lanes.iter().any(|lane| lane.name == c.name)).map(as_now);
    let told: Vec<Lane> = lanes.iter().flat_map(|lane| std::iter::once(lane.clone()).chain(now(lane))).chain(new).collect();
    let mut rows: Vec<bands::Lane> = told.iter().map(band_lane).collect();
    for same in marks.chunk_by(|a, b| a.lane == b.lane) {
        let ticks = same.iter().map(|m| Tick { on: m.on, label: m.says.clone(), sign: m.sign }).collect();
        rows.extend(same.first().map(|first| bands::Lane { name: first.lane.to_owned(), bands: Vec::new(), ticks }));
    }
    Figure { title, says, drawing: Drawing::Bands(Bands { from, to, lanes: rows }), twin: twin(&told, marks), together: false }
}

fn twin(lanes: &[Lane], marks: Vec<Marked>) -> Table {
    let columns = [
        Column::words("lane", "What"),
        Column::words("from", "From"),
        Column::words("to", "Through"),
        Column::words("says", "How it stood, or what it was"),
        Column::words("id", "Which"),
    ];
    let mut twin = Table::new("spans", "Spans and marks", &columns).or_else("Nothing is on record.");
    for lane in lanes {
        for span in &lane.spans {
            let says = if span.holds == Holds::Not { format!("{}: a gap", span.says) } else { span.says.clone() };
            twin.row([Cell::text(&lane.name), Cell::Day(span.from), Cell::Day(span.to), Cell::Text(says), Cell::Empty]);
        }
    }
    for mark in marks {
        let says = if mark.sign == Sign::Hollow { format!("{}: stands no more", mark.says) } else { mark.says };
        twin.row([Cell::text(mark.lane), Cell::Day(mark.on), Cell::Day(mark.on), Cell::Text(says), mark.id]);
    }
    twin
}

/// Spans as bands.
pub(super) fn band_lane(lane: &Lane) -> bands::Lane {
    let look = |holds| match holds {
        Holds::Fully => Look::Solid,
        Holds::Partly => Look::Pale,
        Holds::Not => Look::Gap,
    };
    let bands = lane.spans.iter().map(|s| Band { from: s.from, to: s.to, label: s.says.clone(), look: look(s.holds) }).collect();
    bands::Lane { name: lane.name.clone(), bands, ticks: Vec::new() }
}

/// What a reader must know of a picture as known on a day.
pub(super) fn as_known(at: KnownAt, corrected: &[Lane]) -> Block {
    let then = format!("As known on {}: what was entered later is not shown, whatever day it is about.", known(at));
    let changed = if corrected.is_empty() {
        "Nothing entered since has changed a span of these days."
    } else {
        "Where later entries changed how these days stand, the lane is drawn a second time, as known now."
    };
    Block::Notice(format!("{then} {changed}"))
}
