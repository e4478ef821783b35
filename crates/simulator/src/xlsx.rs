//! The invented year as a workbook that nobody made for us: a service log with notes and signatures beside each contact, a sheet for everything else.
//! Writes dates, numbers and truth as cells of their kind, and the mapping that reads them; what does not fit the log goes to the sheet of its type.

use std::collections::BTreeMap;
use std::fmt::Write;

use domain::event::{ContactRecorded, Delivery, NoteSigned, NoteWritten, TypeSchema};
use domain::field::Kind;
use domain::words::{Mode, NoteElement, SignatureCapacity, Site};
use domain::{Event, ValidAt, ValidDay};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::agency::Agency;
use crate::calendar::local_text;
use crate::office::Line;
use crate::write::{header, rows};

/// The sheet of the service log.
const LOG: &str = "Service log";

/// Day number of 1970-01-01 in a workbook.
const EPOCH: i32 = 25_569;

const STAMPS: [&str; 4] = ["Recorded", "Record No", "Entered", "Evidence"];

/// Who a stamp of the log is about.
const OF_LOG: [&str; 4] = ["Contact", "Note", "Signature", "Co-Signature"];

const CONTACT: [&str; 21] = [
    "Encounter ID", "Program", "Service", "Staff ID", "Client ID", "Phase", "Format", "Group Session ID", "Modality", "Place", "Service Date", "Start Time",
    "Minutes", "Component", "Activities", "Basis", "Significant Event", "Goal ID", "Recipient", "Purpose Of Contact", "Status",
];
const NOTE: [&str; 4] = ["Note ID", "Note Author", "Note Written", "Note Digest"];
const SIGNED: [&str; 6] = ["Signed By", "Signed At", "Signed As", "Co-Signed By", "Co-Signed At", "Co-Signed As"];

fn modality(mode: Mode) -> &'static str {
    match mode {
        Mode::InPerson => "In Person",
        Mode::Video => "Telehealth",
        Mode::Audio => "Telephone",
    }
}

fn place(site: Site) -> &'static str {
    match site {
        Site::Onsite => "Clinic",
        Site::Offsite => "Community",
    }
}

fn element_column(element: NoteElement) -> String {
    format!("Note: {}", element.as_str().replace('_', " "))
}

/// A row of the log.
#[derive(Default)]
struct Entry<'a> {
    contact: Option<(&'a Line, &'a ContactRecorded)>,
    note: Option<(&'a Line, &'a NoteWritten)>,
    signed: Vec<(&'a Line, &'a NoteSigned)>,
}

/// Wall-clock day and minute of an instant; none where the log could not say it: a second too many, or a night when clocks change.
fn wall_clock(at: ValidAt) -> Option<(ValidDay, u32)> {
    let text = local_text(at);
    let (date, time) = (text.get(..10)?, text.get(11..19)?);
    let day = ValidDay::parse(date)?;
    let (hour, minute): (u32, u32) = (time.get(..2)?.parse().ok()?, time.get(3..5)?.parse().ok()?);
    (time.ends_with(":00") && hour >= 3).then_some((day, hour * 60 + minute))
}

/// Minutes of a contact that the log can hold.
fn minutes(contact: &ContactRecorded) -> Option<i64> {
    let micros = contact.end.micros() - contact.start.micros();
    (micros % 60_000_000 == 0).then_some(micros / 60_000_000)
}

/// The log, and the lines that have no place in it.
fn log(lines: &[Line]) -> (Vec<Entry<'_>>, Vec<&Line>) {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let mut by_contact: BTreeMap<&str, usize> = BTreeMap::new();
    let mut by_note: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rest = Vec::new();
    for line in lines {
        let Event::Delivery(event) = &line.event else {
            rest.push(line);
            continue;
        };
        let taken = if let Delivery::ContactRecorded(c) = event {
            let fits = wall_clock(c.start).is_some() && minutes(c).is_some();
            if fits {
                by_contact.insert(c.contact.as_str(), entries.len());
                entries.push(Entry { contact: Some((line, c)), ..Entry::default() });
            }
            fits
        } else if let Delivery::NoteWritten(n) = event
            && let Some(at) = by_contact.get(n.contact.as_str())
            && let Some(entry) = entries.get_mut(*at).filter(|e| e.note.is_none() && wall_clock(n.written_at).is_some())
        {
            entry.note = Some((line, n));
            by_note.insert(n.note.as_str(), *at);
            true
        } else if let Delivery::NoteSigned(s) = event
            && let Some(at) = by_note.get(s.note.as_str())
            && let Some(entry) = entries.get_mut(*at).filter(|e| e.signed.len() < 2 && s.version.is_none() && wall_clock(s.signed_at).is_some())
        {
            entry.signed.push((line, s));
            true
        } else {
            false
        };
        if !taken {
            rest.push(line);
        }
    }
    (entries, rest)
}

struct Formats {
    date: Format,
    time: Format,
    both: Format,
}

fn column(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}

fn log_header() -> Vec<String> {
    let stamps = OF_LOG.iter().flat_map(|of| STAMPS.iter().map(move |stamp| format!("{of} {stamp}")));
    let elements = NoteElement::ALL.iter().map(|e| element_column(*e));
    CONTACT.iter().chain(&NOTE).chain(&SIGNED).map(|h| (*h).to_owned()).chain(elements).chain(stamps).collect()
}

fn write_log(sheet: &mut Worksheet, entries: &[Entry<'_>], formats: &Formats) -> Result<(), XlsxError> {
    // What a report begins with, so that the header has to be found.
    sheet.write(0, 0, "Riverbend Behavioral Health (invented): service log")?;
    let header = log_header();
    for (at, name) in header.iter().enumerate() {
        sheet.write(2, column(at), name)?;
    }
    let place_of = |name: &str| column(header.iter().position(|h| h == name).unwrap_or(header.len()));
    for (n, entry) in entries.iter().enumerate() {
        let row = u32::try_from(n + 3).unwrap_or(u32::MAX);
        let mut text = |name: &str, value: &str| if value.is_empty() { Ok(()) } else { sheet.write_string(row, place_of(name), value).map(|_| ()) };
        let Some((line, c)) = entry.contact else { continue };
        let optional = |value: Option<String>| value.unwrap_or_default();
        for (name, value) in CONTACT.iter().zip([
            c.contact.to_string(), c.program.to_string(), c.service.to_string(), c.peer.to_string(), c.individual.to_string(), c.phase.to_string(),
            c.format.to_string(), optional(c.group_session.as_ref().map(ToString::to_string)), modality(c.mode).to_owned(), place(c.site).to_owned(),
            String::new(), String::new(), String::new(), optional(c.component.as_ref().map(|t| t.as_str().to_owned())),
            c.activities.iter().map(|a| a.as_str()).collect::<Vec<_>>().join(", "), c.basis.to_string(), optional(c.event.as_ref().map(ToString::to_string)),
            optional(c.goal.as_ref().map(ToString::to_string)), c.recipient.to_string(), optional(c.purpose.as_ref().map(|t| t.as_str().to_owned())), "Complete".to_owned(),
        ]) {
            text(name, &value)?;
        }
        let mut stamped: Vec<(&str, &Line)> = vec![(OF_LOG[0], line)];
        if let Some((line, note)) = entry.note {
            text("Note ID", note.note.as_str())?;
            text("Note Author", note.author.as_str())?;
            text("Note Digest", note.digest.as_ref().map_or("", |d| d.as_str()))?;
            for element in &note.elements {
                text(&element_column(*element), "x")?;
            }
            stamped.push((OF_LOG[1], line));
        }
        for ((line, signed), (of, names)) in entry.signed.iter().zip([(OF_LOG[2], &SIGNED[..3]), (OF_LOG[3], &SIGNED[3..])]) {
            text(names[0], signed.signer.as_str())?;
            text(names[2], as_a_person_says(signed.capacity))?;
            stamped.push((of, line));
        }
        for (of, line) in stamped {
            let entered = line.entered_at.map(|at| local_text(ValidAt::from_micros(at.micros()))).unwrap_or_default();
            let evidence: Vec<&str> = line.evidence.iter().map(|d| d.as_str()).collect();
            for (stamp, value) in STAMPS.iter().zip([line.recorded_at.to_string(), line.source_id.to_string(), entered, evidence.join(";")]) {
                text(&format!("{of} {stamp}"), &value)?;
            }
        }
        if let (Some((day, minute)), Some(length)) = (wall_clock(c.start), minutes(c)) {
            sheet.write_number_with_format(row, place_of("Service Date"), f64::from(EPOCH + day.days()), &formats.date)?;
            sheet.write_number_with_format(row, place_of("Start Time"), f64::from(minute) / 1_440.0, &formats.time)?;
            sheet.write_number(row, place_of("Minutes"), length as f64)?;
        }
        let instants = entry.note.map(|(_, n)| ("Note Written", n.written_at)).into_iter();
        let instants = instants.chain(entry.signed.iter().zip([SIGNED[1], SIGNED[4]]).map(|((_, s), name)| (name, s.signed_at)));
        for (name, at) in instants {
            if let Some((day, minute)) = wall_clock(at) {
                sheet.write_number_with_format(row, place_of(name), f64::from(EPOCH + day.days()) + f64::from(minute) / 1_440.0, &formats.both)?;
            }
        }
    }
    Ok(())
}

fn as_a_person_says(capacity: SignatureCapacity) -> &'static str {
    match capacity {
        SignatureCapacity::Peer => "Peer",
        SignatureCapacity::Lpha => "LPHA",
        SignatureCapacity::Author => "Author",
        SignatureCapacity::Supervisor => "Supervisor",
    }
}

/// `credential_granted` as the tab of a sheet, within the 31 letters that a tab can have.
fn tab(schema: &TypeSchema) -> String {
    title(schema.name).chars().take(31).collect()
}

/// `effective_on` as a person would head a column.
fn title(name: &str) -> String {
    let capital = |word: &str| word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect::<String>();
    match name {
        "recorded_at" => STAMPS[0].into(),
        "source_id" => STAMPS[1].into(),
        "entered_at" => STAMPS[2].into(),
        "evidence" => STAMPS[3].into(),
        name => name.split('_').map(capital).collect::<Vec<_>>().join(" "),
    }
}

/// What a column of a type's sheet holds.
fn kind(schema: &TypeSchema, name: &str) -> Kind {
    let own = schema.fields.iter().find(|f| f.name == name).map(|f| f.kind);
    let of_lines = || schema.fields.iter().find_map(|f| if let Kind::List(Kind::Record(fields)) = f.kind { fields.iter().find(|f| f.name == name) } else { None });
    own.or_else(|| of_lines().map(|f| f.kind)).unwrap_or(Kind::Text)
}

fn write_type(sheet: &mut Worksheet, lines: &[&Line], formats: &Formats) -> anyhow::Result<()> {
    let Some(first) = lines.first() else { return Ok(()) };
    let names = header(first);
    for (at, name) in names.iter().enumerate() {
        sheet.write(0, column(at), title(name))?;
    }
    let mut row = 0;
    for cells in lines.iter().map(|line| rows(line)).collect::<Result<Vec<_>, _>>()?.into_iter().flatten() {
        row += 1;
        for (at, (name, cell)) in names.iter().zip(cells).enumerate().filter(|(_, (_, cell))| !cell.is_empty()) {
            let kind = kind(first.event.schema(), name);
            let day = ValidDay::parse(&cell).filter(|_| matches!(kind, Kind::Day | Kind::BirthDate));
            let number = cell.parse::<f64>().ok().filter(|_| matches!(kind, Kind::Int { .. }));
            if let Some(day) = day {
                sheet.write_number_with_format(row, column(at), f64::from(EPOCH + day.days()), &formats.date)?;
            } else if let Some(number) = number {
                sheet.write_number(row, column(at), number)?;
            } else if matches!(kind, Kind::Bool) {
                sheet.write_boolean(row, column(at), cell == "true")?;
            } else {
                sheet.write_string(row, column(at), cell)?;
            }
        }
    }
    Ok(())
}

impl Agency {
    /// The whole ledger as an XLSX workbook: a service log, and a sheet for every type of what is not in it.
    ///
    /// # Errors
    /// What the writer of workbooks says; nothing known.
    pub fn xlsx(&self) -> anyhow::Result<Vec<u8>> {
        let with = |format: &str| Format::new().set_num_format(format);
        let formats = Formats { date: with("mm/dd/yyyy"), time: with("h:mm AM/PM"), both: with("mm/dd/yyyy hh:mm") };
        let (entries, rest) = log(&self.lines);
        let mut book = Workbook::new();
        write_log(book.add_worksheet().set_name(LOG)?, &entries, &formats)?;
        let mut by_type: BTreeMap<&'static str, Vec<&Line>> = BTreeMap::new();
        for line in rest {
            by_type.entry(line.event.type_name()).or_default().push(line);
        }
        for lines in by_type.values() {
            let Some(first) = lines.first() else { continue };
            write_type(book.add_worksheet().set_name(tab(first.event.schema()))?, lines, &formats)?;
        }
        Ok(book.save_to_buffer()?)
    }
}

/// The mapping that reads [`Agency::xlsx`], as it is shipped.
pub fn xlsx_mapping() -> String {
    let mut out = String::from(LOG_MAPPING);
    let elements: Vec<String> = NoteElement::ALL.iter().map(|e| format!("{:?} = {:?}", element_column(*e), e.as_str())).collect();
    out = out.replace("ELEMENTS", &elements.join(", "));
    for schema in Event::importable() {
        let _ = write!(out, "\n[[event]]\ntype = {:?}\nsheet = {:?}\n[event.fields]\n", schema.name, tab(schema));
        for stamp in ["recorded_at", "source_id", "entered_at", "evidence"] {
            let _ = writeln!(out, "{stamp} = {:?}", title(stamp));
        }
        for field in schema.fields {
            let of_lines = if let Kind::List(Kind::Record(fields)) = field.kind { fields } else { std::slice::from_ref(field) };
            for field in of_lines {
                let _ = writeln!(out, "{} = {:?}", field.name, title(field.name));
            }
        }
    }
    out
}

/// The part of the mapping that is written by hand: the log.
const LOG_MAPPING: &str = include_str!("service_log.toml");
