//! One line of any format, as envelope and payload, to a draft event.
//! Looks at this line alone: order, provenance and what a ledger allows are asked elsewhere.

use std::borrow::Cow;

use domain::event::{Event, TypeSchema};
use domain::field::{FieldProblem, FieldType, Fields, Mismatch, Raw};
use domain::given::{Given, Values};
use domain::{Digest, Draft, Envelope, KnownAt, SourceId, Text};

use crate::json;

/// What every line may carry besides the fields of its type (events.md, "A line"); no event type has fields of these names.
pub const ENVELOPE_FIELDS: [&str; 6] = ["type", "source_id", "entered_at", "actor", "evidence", "recorded_at"];

/// Fields of a contact, the widest type, so that a line is gathered in one allocation.
const USUAL_FIELDS: usize = 20;

/// Fields of the envelope that have a slot: all but the type.
const AROUND: usize = ENVELOPE_FIELDS.len() - 1;

/// Where a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    SourceId,
    EnteredAt,
    Actor,
    Evidence,
    RecordedAt,
    /// The field at this place of the type.
    Field(usize),
    /// Into something that is put together first: the type itself, a line of a claim.
    Elsewhere,
}

impl Slot {
    /// The slot of a field that every line may carry.
    pub(crate) fn of_envelope(name: &str) -> Self {
        match name {
            "source_id" => Slot::SourceId,
            "entered_at" => Slot::EnteredAt,
            "actor" => Slot::Actor,
            "evidence" => Slot::Evidence,
            "recorded_at" => Slot::RecordedAt,
            _ => Slot::Elsewhere,
        }
    }

    /// Its place among those of the envelope, in the order in which [`drafted`] takes them.
    fn around(self) -> Option<usize> {
        match self {
            Slot::SourceId => Some(0),
            Slot::EnteredAt => Some(1),
            Slot::Actor => Some(2),
            Slot::Evidence => Some(3),
            Slot::RecordedAt => Some(4),
            Slot::Field(_) | Slot::Elsewhere => None,
        }
    }
}

/// The draft of an event, whose problems come after those of the envelope, which is given in the order of [`Slot`].
fn drafted(around: [Given<'_>; AROUND], mut problems: Vec<FieldProblem>, event: Result<Event, Vec<FieldProblem>>) -> Result<Draft, Vec<FieldProblem>> {
    let [source_id, entered_at, actor, evidence, recorded_at] = around;
    let source_id: Option<SourceId> = optional("source_id", source_id, &mut problems);
    let entered_at: Option<KnownAt> = optional("entered_at", entered_at, &mut problems);
    let actor: Option<Text> = optional("actor", actor, &mut problems);
    let evidence: Vec<Digest> = optional("evidence", evidence, &mut problems).unwrap_or_default();
    let recorded_at: Option<KnownAt> = optional("recorded_at", recorded_at, &mut problems);
    if let (Some(entered), Some(recorded)) = (entered_at, recorded_at)
        && entered > recorded
    {
        let mismatch = Mismatch::new(entered.to_string(), format!("an instant not later than recorded_at, {recorded}"));
        problems.push(FieldProblem { field: "entered_at".into(), mismatch });
    }
    match event {
        Ok(event) if problems.is_empty() => {
            Ok(Draft { event, envelope: Envelope { source_id, entered_at, actor, evidence, provenance: None }, recorded_at })
        }
        Ok(_) => Err(problems),
        Err(more) => {
            problems.extend(more);
            Err(problems)
        }
    }
}

/// A line whose fields have names, taken apart and not yet understood.
#[derive(Debug, Default)]
pub(crate) struct Line<'a> {
    event_type: Option<Raw<'a>>,
    /// The envelope, by [`Slot::around`]; absent values are none or null.
    around: [Option<Raw<'a>>; AROUND],
    repeated: Vec<FieldProblem>,
    fields: Fields<'a>,
    /// Room to put the fields in the order of their type; it and `fields` are used again for the next line.
    values: Vec<Raw<'a>>,
}

impl<'a> Line<'a> {
    /// Empties the line for another one.
    pub(crate) fn clear(&mut self) {
        self.event_type = None;
        self.around = Default::default();
        self.repeated.clear();
        self.fields.0.clear();
    }

    /// Adds a field. One of the envelope given twice is noted here, one of the payload by the event type.
    #[inline]
    pub(crate) fn put(&mut self, name: Cow<'a, str>, value: Raw<'a>) {
        let slot = if name == "type" { Some(&mut self.event_type) } else { Slot::of_envelope(&name).around().and_then(|place| self.around.get_mut(place)) };
        let Some(slot) = slot else {
            if self.fields.0.capacity() == 0 {
                self.fields.0.reserve_exact(USUAL_FIELDS);
            }
            return self.fields.0.push((name, value));
        };
        if slot.is_some() {
            let mismatch = Mismatch::new("the field a second time", "each field once");
            self.repeated.push(FieldProblem { field: name.into_owned(), mismatch });
        } else {
            *slot = Some(value);
        }
    }

    /// The type it names.
    pub(crate) fn event_type(&self) -> Option<&str> {
        self.event_type.as_ref().and_then(Raw::as_text)
    }

    /// Reads the line as an event of its `type`; it is empty then.
    ///
    /// # Errors
    /// Every problem of every field.
    pub(crate) fn draft(&mut self) -> Result<Draft, Vec<FieldProblem>> {
        let event_type = self.event_type.take().unwrap_or(Raw::Null);
        match event_type.as_text() {
            Some(name) => self.draft_of(name),
            None => {
                let mismatch = Mismatch::new(event_type.describe(), "an event type")
                    .hint("every line names its type, as in \"type\":\"contact_recorded\"");
                Err(vec![FieldProblem { field: "type".into(), mismatch }])
            }
        }
    }

    /// Reads the line as an event of the named type; it is empty then.
    ///
    /// # Errors
    /// Every problem of every field.
    pub(crate) fn draft_of(&mut self, event_type: &str) -> Result<Draft, Vec<FieldProblem>> {
        let mut problems = std::mem::take(&mut self.repeated);
        for (name, value) in &self.fields.0 {
            json::nested_duplicates(name, value, &mut problems);
        }
        let event = Event::read_from(event_type, &mut self.fields, &mut self.values);
        let around = std::mem::take(&mut self.around);
        drafted(around.each_ref().map(|raw| raw.as_ref().map_or(Given::Absent, Given::of)), problems, event)
    }
}

/// A value that a row gives: lent by the row or its mapping, or put together from them.
#[derive(Debug)]
pub(crate) enum Held<'a> {
    Lent(Given<'a>),
    Own(Raw<'a>),
}

impl<'a> Held<'a> {
    pub(crate) const ABSENT: Held<'static> = Held::Lent(Given::Absent);

    /// Text.
    #[inline]
    pub(crate) fn text(text: &'a str) -> Self {
        Held::Lent(Given::Text(text))
    }

    /// Text that stands somewhere or was made.
    pub(crate) fn of(text: Cow<'a, str>) -> Self {
        match text {
            Cow::Borrowed(text) => Held::text(text),
            Cow::Owned(text) => Held::Own(Raw::owned(text)),
        }
    }

    /// Whether it is a value at all.
    pub(crate) fn is_absent(&self) -> bool {
        matches!(self, Held::Lent(Given::Absent) | Held::Own(Raw::Null))
    }

    /// The value by itself.
    pub(crate) fn into_raw(self) -> Raw<'a> {
        match self {
            Held::Lent(given) => given.to_raw(),
            Held::Own(raw) => raw,
        }
    }
}

/// A row whose columns have places, taken apart and not yet understood. What was not put is absent.
#[derive(Debug)]
pub(crate) struct PlacedLine<'a> {
    schema: &'static TypeSchema,
    around: [Given<'a>; AROUND],
    fields: [Given<'a>; Event::WIDEST],
    /// The few values that nobody lends, each with its slot.
    own: Vec<(Slot, Raw<'a>)>,
    /// Whether a value may have names in it, which may be given twice.
    has_names: bool,
}

impl<'a> PlacedLine<'a> {
    pub(crate) fn new(schema: &'static TypeSchema) -> Self {
        Self { schema, around: [Given::Absent; AROUND], fields: [Given::Absent; Event::WIDEST], own: Vec::new(), has_names: false }
    }

    /// Puts a value in its slot; each has one column at most.
    #[inline]
    pub(crate) fn put(&mut self, slot: Slot, value: Held<'a>) {
        match value {
            Held::Lent(given) => self.lend(slot, given),
            Held::Own(raw) => {
                self.has_names |= matches!(raw, Raw::List(_) | Raw::Record(_));
                self.own.push((slot, raw));
            }
        }
    }

    /// Puts a value that somebody lends in its slot.
    #[inline]
    pub(crate) fn lend(&mut self, slot: Slot, given: Given<'a>) {
        self.has_names |= matches!(given, Given::Other(_));
        let place = if let Slot::Field(place) = slot { self.fields.get_mut(place) } else { slot.around().and_then(|place| self.around.get_mut(place)) };
        if let Some(place) = place {
            *place = given;
        }
    }

    fn own(&self, slot: Slot) -> Given<'_> {
        self.own.iter().find(|(of, _)| *of == slot).map_or(Given::Absent, |(_, raw)| Given::of(raw))
    }

    /// Reads the row as an event of its type.
    ///
    /// # Errors
    /// Every problem of every field.
    pub(crate) fn draft(&self) -> Result<Draft, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        if self.has_names {
            for (place, spec) in self.schema.fields.iter().enumerate() {
                if let Given::Other(raw) = self.given(place) {
                    json::nested_duplicates(spec.name, raw, &mut problems);
                }
            }
        }
        let mut around = self.around;
        for (slot, raw) in &self.own {
            if let Some(place) = slot.around().and_then(|place| around.get_mut(place)) {
                *place = Given::of(raw);
            }
        }
        drafted(around, problems, Event::read_values(self.schema, self))
    }
}

impl Values for PlacedLine<'_> {
    #[inline]
    fn given(&self, place: usize) -> Given<'_> {
        match self.fields.get(place) {
            None | Some(Given::Absent) => self.own(Slot::Field(place)),
            Some(given) => *given,
        }
    }
}

fn optional<T: FieldType>(name: &str, given: Given<'_>, problems: &mut Vec<FieldProblem>) -> Option<T> {
    if given == Given::Absent {
        return None;
    }
    given.read().map_err(|mismatch| problems.push(FieldProblem { field: name.into(), mismatch })).ok()
}

/// Reads one event from its JSON text, as `append` gets it. The draft has no provenance.
///
/// # Errors
/// Every problem of every field; a field with an empty name stands for the text as a whole.
pub fn parse_line(text: &str) -> Result<Draft, Vec<FieldProblem>> {
    match json::object(text) {
        Ok(mut line) => line.draft(),
        Err(error) => Err(vec![FieldProblem { field: String::new(), mismatch: json::mismatch(&error) }]),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn no_event_type_has_a_field_of_the_envelope() {
        for field in Event::types().flat_map(|t| t.fields) {
            assert!(!ENVELOPE_FIELDS.contains(&field.name), "{}", field.name);
        }
    }

    fn problems(text: &str) -> Vec<(String, String)> {
        parse_line(text).unwrap_err().into_iter().map(|p| (p.field, p.mismatch.found)).collect()
    }

    #[test]
    fn problems_of_envelope_and_payload_come_together() {
        let text = r#"{"type":"admitted","type":"admitted","actor":"","entered_at":"soon","individual":"","program":"MH-1","admitted_at":"2025-02-30"}"#;
        let fields: Vec<String> = problems(text).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["type", "entered_at", "actor", "individual", "admitted_at"]);
    }

    #[test]
    fn a_line_without_a_type_is_told_so() {
        assert_eq!(problems(r#"{"person":"P-1"}"#), [("type".to_owned(), "nothing".to_owned())]);
        assert_eq!(problems(r#"{"type":7}"#), [("type".to_owned(), "7".to_owned())]);
    }

    #[test]
    fn an_entry_cannot_be_later_than_its_recording() {
        let text = r#"{"type":"admitted","individual":"I","program":"M","admitted_at":"2025-02-03","recorded_at":"2025-02-03T12:00:00Z","entered_at":"2025-02-03T12:00:01Z"}"#;
        assert_eq!(problems(text)[0].0, "entered_at");
    }
}
