//! Which event types a table looks like, and which column is which field: every choice with how sure it is.
//! Takes no column twice in one event, and no name of a person for an id.

use domain::event::{Event, TypeSchema};
use domain::field::Kind;

use crate::csv::{Column, possible};
use crate::mapping::clock::{Pattern, date_and_time, time};
use crate::mapping::guess::sample::Sample;
use crate::mapping::guess::synonyms::{COSIGNED_AT, COSIGNER, DAY, HEADERS, MINUTES, WORDS};
use crate::mapping::table::is_name;

/// Where the value of a field may come from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum From {
    Column(usize),
    /// A column of days and one of times.
    DayAndTime(usize, usize),
    /// Minutes after the start.
    Minutes(usize),
    /// The same in every row.
    Constant(&'static str),
}

/// A field and where it may come from.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) column: Column,
    pub(super) required: bool,
    pub(super) from: Option<From>,
    pub(super) sure: bool,
}

/// An event that the rows of a table may give.
#[derive(Debug, Clone)]
pub(super) struct Proposal {
    pub(super) schema: &'static TypeSchema,
    pub(super) part: Option<&'static str>,
    /// The column that must be filled for a row to give it.
    pub(super) when: Option<usize>,
    pub(super) choices: Vec<Choice>,
}

impl Proposal {
    fn has(&self, name: &str) -> bool {
        self.choices.iter().any(|c| c.column.name == name && c.from.is_some())
    }

    /// How well the table fits: columns that match, against required fields that nothing gives.
    fn score(&self) -> i64 {
        let of = |c: &Choice| match (&c.from, c.required) {
            (Some(_), true) => 4 + 2 * i64::from(c.sure),
            (Some(_), false) => 1 + i64::from(c.sure),
            // Much of a large type may be the same in every row, and so in no column.
            (None, true) => -1,
            (None, false) => 0,
        };
        self.choices.iter().map(of).sum()
    }
}

/// A header in lower case, with everything between its words made one blank.
pub(super) fn words(header: &str) -> String {
    let spaced: String = header.chars().map(|c| if c.is_alphanumeric() || c == ':' { c.to_ascii_lowercase() } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The events that a table looks like; empty when it looks like none.
pub(super) fn proposals(sample: &Sample) -> Vec<Proposal> {
    let all = Event::importable().filter(|t| !t.fields.iter().any(|f| f.kind == Kind::Changes)).map(|schema| proposal(sample, schema));
    // The type that explains the most of the table; the first of the vocabulary among equals.
    let Some(best) = all.filter(|p| p.score() > 0).max_by_key(|p| (p.score(), std::cmp::Reverse(p.schema.tag.0))) else { return Vec::new() };
    let mut proposals = vec![best];
    if proposals[0].schema.name == "contact_recorded" {
        proposals.extend(notes(sample));
    }
    proposals
}

/// The note and signatures beside a contact.
fn notes(sample: &Sample) -> Vec<Proposal> {
    let mut found = Vec::new();
    let schema = |name| Event::schema_of(name);
    if let Some(mut note) = schema("note_written").map(|s| proposal(sample, s))
        && (note.has("note") || note.has("written_at"))
    {
        note.when = column_of(&note, "note").or(column_of(&note, "written_at"));
        found.push(note);
    }
    if let Some(mut signed) = schema("note_signed").map(|s| proposal(sample, s))
        && signed.has("signed_at")
    {
        signed.when = column_of(&signed, "signed_at");
        constant(&mut signed, "capacity", "peer");
        found.push(signed);
    }
    let exact = |names: &[&str]| sample.header.iter().position(|h| names.contains(&words(h).as_str()));
    if let (Some(signer), Some(at), Some(schema)) = (exact(COSIGNER), exact(COSIGNED_AT), schema("note_signed")) {
        let mut second = proposal(sample, schema);
        second.part = Some("cosignature");
        second.when = Some(at);
        for choice in &mut second.choices {
            match choice.column.name {
                "signer" => (choice.from, choice.sure) = (Some(From::Column(signer)), true),
                "signed_at" => (choice.from, choice.sure) = (Some(From::Column(at)), true),
                _ => {}
            }
        }
        constant(&mut second, "capacity", "lpha");
        found.push(second);
    }
    found
}

fn constant(proposal: &mut Proposal, field: &str, value: &'static str) {
    for choice in proposal.choices.iter_mut().filter(|c| c.column.name == field && c.from.is_none()) {
        (choice.from, choice.sure) = (Some(From::Constant(value)), false);
    }
}

fn column_of(proposal: &Proposal, field: &str) -> Option<usize> {
    proposal.choices.iter().find(|c| c.column.name == field).and_then(|c| match c.from {
        Some(From::Column(column) | From::DayAndTime(column, _)) => Some(column),
        _ => None,
    })
}

/// How surely a header names a field: 3 by the field's own name, 2 by a usual one, 1 perhaps.
fn rank(column: &Column, header: &str) -> u8 {
    let header = words(header);
    // A number of something is its id, to whoever keeps lists.
    let header = header.strip_suffix(" no").or(header.strip_suffix(" nr")).or(header.strip_suffix(" number")).map_or(header.clone(), |of| format!("{of} id"));
    let (own, bare) = (column.name.replace('_', " "), column.name.trim_end_matches("_cents").replace('_', " "));
    let with_id = format!("{own} id");
    if header == own || header == bare || header == with_id {
        return 3;
    }
    let known = HEADERS.iter().find(|(name, ..)| *name == column.name);
    match known {
        Some((_, sure, _)) if sure.contains(&header.as_str()) => 2,
        Some((_, _, maybe)) if maybe.contains(&header.as_str()) => 1,
        _ => 0,
    }
}

fn proposal(sample: &Sample, schema: &'static TypeSchema) -> Proposal {
    let possible = possible(schema);
    // The surest pairs first, so that "Start Date" is not spent on a field that it fits less.
    let mut pairs: Vec<(u8, usize, usize)> = Vec::new();
    for (field, (column, _)) in possible.iter().enumerate().filter(|(_, (c, _))| c.name != "evidence") {
        for (place, header) in sample.header.iter().enumerate().filter(|(_, h)| !h.is_empty() && !is_name(h)) {
            let rank = rank(column, header);
            if rank > 0 && fits(sample, column, place) {
                pairs.push((rank, field, place));
            }
        }
    }
    pairs.sort_by_key(|(rank, field, place)| (std::cmp::Reverse(*rank), *field, *place));
    let mut choices: Vec<Choice> =
        possible.into_iter().map(|(column, required)| Choice { column, required, from: None, sure: false }).collect();
    let mut spent = vec![false; sample.header.len()];
    for (rank, field, place) in pairs {
        if choices[field].from.is_none() && !spent[place] {
            choices[field].from = Some(From::Column(place));
            choices[field].sure = rank > 1;
            spent[place] = true;
        }
    }
    let mut proposal = Proposal { schema, part: None, when: None, choices };
    times(sample, &mut proposal);
    proposal
}

/// Whether the values of a column can be what a field of dates or numbers holds.
fn fits(sample: &Sample, column: &Column, place: usize) -> bool {
    let values = &sample.values[place];
    let has_digit = |v: &String| v.bytes().any(|b| b.is_ascii_digit());
    if matches!(column.kind, Kind::Day | Kind::BirthDate | Kind::Instant | Kind::DayOrInstant) {
        return sample.dated[place] || values.iter().all(|v| time(v).is_some() || v.len() >= 6 && has_digit(v));
    }
    !matches!(column.kind, Kind::Int { .. }) || values.iter().all(has_digit)
}

/// Joins a column of times with the one of the day, and finds an end in a length.
fn times(sample: &Sample, proposal: &mut Proposal) {
    let exact = |names: &[&str]| sample.header.iter().position(|h| names.contains(&words(h).as_str()));
    let day = exact(DAY);
    let is_time = |place: usize| !sample.values[place].is_empty() && sample.values[place].iter().all(|v| time(v).is_some());
    for choice in proposal.choices.iter_mut().filter(|c| matches!(c.column.kind, Kind::Instant)) {
        if let (Some(From::Column(place)), Some(day)) = (choice.from.clone(), day)
            && is_time(place)
        {
            choice.from = Some(From::DayAndTime(day, place));
        }
    }
    let has_start = proposal.has("start");
    for choice in proposal.choices.iter_mut().filter(|c| c.column.name == "end" && c.from.is_none() && has_start) {
        choice.from = exact(MINUTES).map(From::Minutes);
        choice.sure = choice.from.is_some();
    }
}

/// The patterns in which all dates of a table can be read, the likeliest first; none where no date needs one.
pub(super) fn patterns(sample: &Sample, columns: &[usize]) -> Option<Vec<&'static str>> {
    const KNOWN: [&str; 13] = [
        "MM/DD/YYYY", "DD/MM/YYYY", "MM/DD/YY", "DD/MM/YY", "MM-DD-YYYY", "DD-MM-YYYY", "DD.MM.YYYY", "YYYY/MM/DD", "YYYYMMDD", "DD-Mon-YYYY",
        "DD Mon YYYY", "Mon DD, YYYY", "Mon DD YYYY",
    ];
    let texts: Vec<&String> = columns.iter().filter(|c| !sample.dated[**c]).flat_map(|c| &sample.values[*c]).collect();
    let dates: Vec<&&String> = texts.iter().filter(|t| time(t).is_none() && date_and_time(t, &[]).is_none() && !t.contains('T')).collect();
    if dates.is_empty() {
        return None;
    }
    let reads = |pattern: &str| Pattern::read(pattern).is_ok_and(|p| dates.iter().all(|t| date_and_time(t, std::slice::from_ref(&p)).is_some()));
    Some(KNOWN.into_iter().filter(|pattern| reads(pattern)).collect())
}

/// The word of the vocabulary that a word of the file surely stands for.
pub(super) fn meaning(word: &str, of: &'static [&'static str]) -> Option<&'static str> {
    let spelled = words(word);
    let same = of.iter().find(|w| w.replace('_', " ").eq_ignore_ascii_case(&spelled));
    let known = WORDS.iter().find(|(theirs, ours)| words(theirs) == spelled && of.contains(ours)).map(|(_, ours)| ours);
    same.or(known).copied()
}
