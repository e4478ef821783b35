//! A proposal as a mapping file: what is sure as it would be written by hand, what is unsure with a question, what is missing as a comment.
//! Writes no value of the file but words of short lists, which a mapping has to name.

use std::fmt::Write;

use domain::field::Kind;

use crate::mapping::guess::propose::{Choice, From, Proposal, meaning, patterns, proposals, words};
use crate::mapping::guess::sample::Sample;

/// Different words of a column that are listed; a column of more is no list of words.
const MAX_WORDS: usize = 25;

/// The mapping file for the tables of a file.
pub(super) fn toml(file: &str, samples: &[Sample]) -> String {
    let mut out = String::new();
    let tables: Vec<(&Sample, Vec<Proposal>)> = samples.iter().map(|s| (s, proposals(s))).collect();
    let _ = write!(
        out,
        "# A proposal for {file}, made from the names of its columns and its first rows.\n\
         # Look at every line with a question mark. Then: countersign map --preview FILE --map THIS\n\
         # docs/mapping.md says what can stand here.\n\n\
         name = {}\nsource = \"ehr\"  # ? 1 to 8 letters for the system the file is from; it begins the id of every event\n",
        quoted(&format!("Proposed for {file}"))
    );
    dates(&mut out, &tables);
    let used: Vec<(&Sample, &Vec<Proposal>)> = tables.iter().filter(|(_, p)| !p.is_empty()).map(|(s, p)| (*s, p)).collect();
    ignored(&mut out, &used);
    for (sample, proposals) in &tables {
        if let Some(sheet) = &sample.sheet {
            let _ = writeln!(out, "\n# The sheet {}, whose columns are named in row {}.", quoted(sheet), sample.header_row);
        }
        if proposals.is_empty() {
            let _ = writeln!(out, "# ? It looks like no event that is known; `countersign schema` lists them. Its columns: {}", sample.header.join(", "));
        }
        for proposal in proposals {
            event(&mut out, sample, proposal, samples.len() > 1);
        }
    }
    if used.is_empty() {
        // A mapping has at least one event; this one reads nothing until its fields are said.
        out.push_str("\n[[event]]  # ? nothing was recognised: say the type and its fields\ntype = \"contact_recorded\"\nkey = []\n[event.fields]\n");
    }
    out
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn columns(choice: &Choice) -> Vec<usize> {
    match choice.from {
        Some(From::Column(a) | From::Minutes(a)) => vec![a],
        Some(From::DayAndTime(a, b)) => vec![a, b],
        Some(From::Constant(_)) | None => Vec::new(),
    }
}

fn dates(out: &mut String, tables: &[(&Sample, Vec<Proposal>)]) {
    let mut found: Option<Vec<&'static str>> = None;
    for (sample, proposals) in tables {
        let is_date = |c: &&Choice| matches!(c.column.kind, Kind::Day | Kind::BirthDate | Kind::Instant | Kind::DayOrInstant);
        let is_length = |c: &&Choice| matches!(c.from, Some(From::Minutes(_)));
        let of: Vec<usize> = proposals.iter().flat_map(|p| &p.choices).filter(is_date).filter(|c| !is_length(c)).flat_map(columns).collect();
        if let Some(here) = patterns(sample, &of) {
            found = Some(found.map_or(here.clone(), |all| all.into_iter().filter(|p| here.contains(p)).collect()));
        }
    }
    match found.as_deref() {
        None => {}
        Some([]) => out.push_str("# dates = [\"MM/DD/YYYY\"]  # ? no one pattern reads all dates of the file: list those that it uses\n"),
        Some([one]) => {
            let _ = writeln!(out, "dates = {}", quoted(one));
        }
        Some([first, others @ ..]) => {
            let _ = writeln!(out, "dates = {}  # ? {} would read the dates of the first rows as well", quoted(first), others.join(" and "));
        }
    }
}

/// Columns that no event reads, of all tables.
fn ignored(out: &mut String, tables: &[(&Sample, &Vec<Proposal>)]) {
    let mut unused: Vec<String> = Vec::new();
    for (sample, proposals) in tables {
        let read: Vec<usize> = proposals.iter().flat_map(|p| &p.choices).flat_map(columns).collect();
        let rest = sample.header.iter().enumerate().filter(|(place, name)| !name.is_empty() && !read.contains(place)).map(|(_, name)| quoted(name));
        for name in rest {
            if !unused.contains(&name) {
                unused.push(name);
            }
        }
    }
    if !unused.is_empty() {
        let _ = writeln!(out, "ignore = [{}]  # ? what is here is not imported; names never are", unused.join(", "));
    }
}

fn event(out: &mut String, sample: &Sample, proposal: &Proposal, several: bool) {
    let _ = writeln!(out, "\n[[event]]  # {}", proposal.schema.doc.trim());
    let _ = writeln!(out, "type = {}", quoted(proposal.schema.name));
    if let Some(part) = proposal.part {
        let _ = writeln!(out, "part = {}", quoted(part));
    }
    if let (Some(sheet), true) = (&sample.sheet, several) {
        let _ = writeln!(out, "sheet = {}", quoted(sheet));
    }
    match key(sample, proposal) {
        Some((column, true)) => {
            let _ = writeln!(out, "key = [{}]", quoted(&sample.header[column]));
        }
        Some((column, false)) => {
            let _ = writeln!(out, "key = [{}]  # ? the columns that name a row and stay the same when it is exported again", quoted(&sample.header[column]));
        }
        None => out.push_str("key = []  # ? the columns that name a row; with none, a row that changes is a new event\n"),
    }
    if let Some(when) = proposal.when {
        let _ = writeln!(out, "when = {}  # only rows where it is filled", quoted(&sample.header[when]));
    }
    out.push_str("[event.fields]\n");
    for choice in &proposal.choices {
        field(out, sample, choice);
    }
}

/// The column that names a row: the event's own id, or else any column of ids whose values differ.
fn key(sample: &Sample, proposal: &Proposal) -> Option<(usize, bool)> {
    let own = proposal.choices.iter().find(|c| matches!(c.column.kind, Kind::Id(_)) && c.required && !c.column.of_line);
    let own = own.and_then(|c| if let Some(From::Column(place)) = c.from { Some((place, c.sure)) } else { None });
    let differ = |place: usize| {
        let mut values: Vec<&String> = sample.values[place].iter().collect();
        let all = values.len();
        values.sort();
        values.dedup();
        all > 0 && values.len() == all
    };
    let other = || sample.header.iter().position(|h| words(h).split(' ').any(|w| w == "id" || w == "number"));
    own.filter(|(place, _)| differ(*place) || proposal.schema.name == "claim_submitted").or_else(|| {
        let place = (0..sample.header.len()).find(|p| words(&sample.header[*p]).split(' ').any(|w| w == "id") && differ(*p)).or_else(other)?;
        Some((place, false))
    })
}

fn field(out: &mut String, sample: &Sample, choice: &Choice) {
    let name = choice.column.name;
    let header = |place: usize| quoted(&sample.header[place]);
    let question = if choice.sure { "" } else { "  # ?" };
    let _ = match &choice.from {
        None if !choice.required => Ok(()),
        None => writeln!(out, "# {name} = \"\"  # ? required: {}; a column, or {{ value = \"...\" }} if it is the same in every row", domain::field::wanted(&choice.column.kind)),
        Some(From::Constant(value)) => writeln!(out, "{name} = {{ value = {} }}  # ? the same in every row", quoted(value)),
        Some(From::DayAndTime(day, time)) => writeln!(out, "{name} = {{ date = {}, time = {} }}{question}", header(*day), header(*time)),
        Some(From::Minutes(place)) => writeln!(out, "{name} = {{ after = \"start\", minutes = {} }}{question}", header(*place)),
        Some(From::Column(place)) => {
            let item = if let Kind::List(inner) = choice.column.kind { *inner } else { choice.column.kind };
            if let Kind::Word(of) = item {
                worded(out, sample, choice, *place, of)
            } else if name.ends_with("_cents") && !sample.header[*place].to_lowercase().contains("cent") {
                writeln!(out, "{name} = {{ column = {}, unit = \"dollars\" }}{question}", header(*place))
            } else {
                writeln!(out, "{name} = {}{question}", header(*place))
            }
        }
    };
}

/// A column of words: those that are understood are listed with their meaning, the others asked about.
fn worded(out: &mut String, sample: &Sample, choice: &Choice, place: usize, of: &'static [&'static str]) -> std::fmt::Result {
    let name = choice.column.name;
    let mut found: Vec<&str> = sample.values[place].iter().flat_map(|v| v.split(';')).map(str::trim).filter(|v| !v.is_empty()).collect();
    found.sort_unstable();
    found.dedup();
    if found.len() > MAX_WORDS {
        return writeln!(out, "# {name} = {}  # ? too many different values; {name} is one of {}", quoted(&sample.header[place]), of.join(", "));
    }
    let known: Vec<String> = found.iter().filter_map(|w| meaning(w, of).map(|ours| format!("{} = {}", quoted(w), quoted(ours)))).collect();
    let unknown: Vec<String> = found.iter().filter(|w| meaning(w, of).is_none()).map(|w| quoted(w)).collect();
    let mark = match (unknown.is_empty(), choice.sure) {
        (true, true) => String::new(),
        (true, false) => "  # ?".to_owned(),
        (false, _) => format!("  # ? say what {} stand for: one of {}", unknown.join(", "), of.join(", ")),
    };
    writeln!(out, "{name} = {{ column = {}, values = {{ {} }} }}{mark}", quoted(&sample.header[place]), known.join(", "))
}
