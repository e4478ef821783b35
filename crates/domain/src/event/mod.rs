//! Every event of the vocabulary (events.md), in seven families, each a plain struct of typed fields.
//! Refuses unknown types and fields by value; does not decide whether an event is believable, only whether it can be read.

#[macro_use]
mod family;
mod workforce;
mod program;
mod individuals;
mod delivery;
mod claims;
mod findings;
mod ledger;

pub use claims::*;
pub use delivery::*;
pub use findings::*;
pub use individuals::*;
pub use ledger::*;
pub use program::*;
pub use workforce::*;

use crate::field::{FieldProblem, FieldSpec, Fields, Mismatch, Raw, Stray};
use crate::given::Values;
use std::borrow::Cow;

/// The stored number of an event type; never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventTag(pub u16);

/// What is known of an event type without having one: its names and fields.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TypeSchema {
    /// Name in the interchange, as in `credential_granted`.
    pub name: &'static str,
    /// Stored number.
    pub tag: EventTag,
    /// Family it belongs to.
    pub family: &'static str,
    /// Its fields in order.
    pub fields: &'static [FieldSpec],
    /// First line of its documentation.
    pub doc: &'static str,
}

/// One fact about the world, or one act of the ledger itself.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// People, credentials, licences, supervision, training.
    Workforce(Workforce),
    /// Programs, settings, policies, meetings.
    Program(Program),
    /// Individuals, admissions, plans.
    Individuals(Individuals),
    /// Contacts, groups, notes, signatures.
    Delivery(Delivery),
    /// Claims, payments, overpayments.
    Claims(Claims),
    /// Corrections and the work on findings.
    Findings(Findings),
    /// What the ledger itself appends.
    Ledger(Ledger),
}

impl Event {
    /// Every event type a file may contain, in the order of events.md; the ledger's own types are not among them.
    pub fn importable() -> impl Iterator<Item = &'static TypeSchema> {
        [Workforce::TYPES, Program::TYPES, Individuals::TYPES, Delivery::TYPES, Claims::TYPES, Findings::TYPES].into_iter().flatten()
    }

    /// Every event type.
    pub fn types() -> impl Iterator<Item = &'static TypeSchema> {
        Self::importable().chain(Ledger::TYPES)
    }

    /// The most fields that an importable type has.
    pub const WIDEST: usize = {
        let families = [Workforce::TYPES, Program::TYPES, Individuals::TYPES, Delivery::TYPES, Claims::TYPES, Findings::TYPES];
        let (mut widest, mut family) = (0, 0);
        while family < families.len() {
            let mut of_type = 0;
            while of_type < families[family].len() {
                let fields = families[family][of_type].fields.len();
                widest = if fields > widest { fields } else { widest };
                of_type += 1;
            }
            family += 1;
        }
        widest
    };

    /// The schema of a type by its name.
    pub fn schema_of(name: &str) -> Option<&'static TypeSchema> {
        Self::types().find(|t| t.name == name)
    }

    /// Reads an importable event of the named type. All problems are reported, including fields that are not of the type.
    ///
    /// # Errors
    /// Every field that is missing, unknown, given twice or of the wrong shape.
    pub fn read(type_name: &str, mut fields: Fields<'_>) -> Result<Event, Vec<FieldProblem>> {
        Self::read_from(type_name, &mut fields, &mut Vec::new())
    }

    /// As [`Event::read`], for whoever reads many lines: the fields are taken out of `fields`, and both it and `values`, which is room to work in, keep
    /// their memory for the next line.
    ///
    /// # Errors
    /// As [`Event::read`].
    pub fn read_from<'a>(type_name: &str, fields: &mut Fields<'a>, values: &mut Vec<Raw<'a>>) -> Result<Event, Vec<FieldProblem>> {
        match Self::importable().find(|t| t.name == type_name) {
            Some(schema) => Self::read_named(schema, fields, values),
            None => Err(vec![unknown_type(type_name)]),
        }
    }

    /// Reads back an event of the ledger's own types, as an audit pack or a listing wrote it; files being imported go through [`Event::read`].
    ///
    /// # Errors
    /// As [`Event::read`].
    pub fn read_own(type_name: &str, mut fields: Fields<'_>) -> Result<Event, Vec<FieldProblem>> {
        match Ledger::TYPES.iter().find(|t| t.name == type_name) {
            Some(schema) => Self::read_named(schema, &mut fields, &mut Vec::new()),
            None => Err(vec![unknown_type(type_name)]),
        }
    }

    /// Reads an event of a type whose fields are given in their places, as rows under a header are.
    ///
    /// # Errors
    /// Every field that is missing or of the wrong shape.
    pub fn read_values(schema: &TypeSchema, values: &dyn Values) -> Result<Event, Vec<FieldProblem>> {
        let event = Self::of_values(schema, values)?;
        let problems = event.inconsistencies();
        if problems.is_empty() { Ok(event) } else { Err(problems) }
    }

    /// Fields that have no place in the type are problems; a readable event must also agree with itself.
    fn read_named<'a>(schema: &TypeSchema, fields: &mut Fields<'a>, values: &mut Vec<Raw<'a>>) -> Result<Event, Vec<FieldProblem>> {
        let Stray { repeated, unknown } = fields.place(schema.fields, values);
        if repeated.is_empty() && unknown.is_empty() {
            return Self::read_values(schema, values);
        }
        let mut problems = Self::of_values(schema, values).err().unwrap_or_default();
        problems.extend(repeated.into_iter().map(|field| {
            let mismatch = Mismatch::new("the field a second time", "each field once");
            FieldProblem { field, mismatch }
        }));
        let known: Vec<&str> = schema.fields.iter().map(|f| f.name).collect();
        problems.extend(unknown.iter().map(|name| unknown_field(schema.name, name, &known)));
        Err(problems)
    }

    fn of_values(schema: &TypeSchema, values: &dyn Values) -> Result<Event, Vec<FieldProblem>> {
        let tag = schema.tag;
        // One after the other, so that an event is moved once and not through every family after its own.
        if let Some(read) = Delivery::read(tag, values) {
            return read.map(Event::Delivery);
        }
        if let Some(read) = Claims::read(tag, values) {
            return read.map(Event::Claims);
        }
        if let Some(read) = Workforce::read(tag, values) {
            return read.map(Event::Workforce);
        }
        if let Some(read) = Individuals::read(tag, values) {
            return read.map(Event::Individuals);
        }
        if let Some(read) = Program::read(tag, values) {
            return read.map(Event::Program);
        }
        if let Some(read) = Findings::read(tag, values) {
            return read.map(Event::Findings);
        }
        // Every schema is of one of the families.
        Ledger::read(tag, values).map_or_else(|| Err(vec![unknown_type(schema.name)]), |read| read.map(Event::Ledger))
    }

    /// The event with some fields replaced, as a correction asks; `null` clears an optional field.
    ///
    /// # Errors
    /// The problems the replaced fields would have in a line of a file.
    pub fn corrected(&self, changes: &[(String, Raw<'static>)]) -> Result<Event, Vec<FieldProblem>> {
        let mut fields = self.fields();
        for (name, value) in changes {
            match fields.iter_mut().find(|(k, _)| *k == name) {
                Some((_, slot)) => *slot = value.clone(),
                None => {
                    let known: Vec<&str> = fields.iter().map(|(k, _)| *k).collect();
                    return Err(vec![unknown_field(self.type_name(), name, &known)]);
                }
            }
        }
        let given = fields.into_iter().map(|(k, v)| (Cow::Borrowed(k), v)).collect();
        Event::read(self.type_name(), Fields(given))
    }

    /// The schema of this event's type.
    pub fn schema(&self) -> &'static TypeSchema {
        match self {
            Event::Workforce(e) => e.schema(),
            Event::Program(e) => e.schema(),
            Event::Individuals(e) => e.schema(),
            Event::Delivery(e) => e.schema(),
            Event::Claims(e) => e.schema(),
            Event::Findings(e) => e.schema(),
            Event::Ledger(e) => e.schema(),
        }
    }

    /// The event that a correction or retraction points at, as it says it; `None` for every other event.
    pub fn amends(&self) -> Option<&crate::ids::TargetRef> {
        if let Event::Findings(Findings::EventCorrected(e)) = self {
            Some(&e.target)
        } else if let Event::Findings(Findings::EventRetracted(e)) = self {
            Some(&e.target)
        } else {
            None
        }
    }

    /// The name of the type in the interchange.
    pub fn type_name(&self) -> &'static str {
        self.schema().name
    }

    /// Every field with its value, absent ones as `Raw::Null`, in the order of the type. Confidential fields are in the clear.
    pub fn fields(&self) -> Vec<(&'static str, Raw<'_>)> {
        match self {
            Event::Workforce(e) => e.fields(),
            Event::Program(e) => e.fields(),
            Event::Individuals(e) => e.fields(),
            Event::Delivery(e) => e.fields(),
            Event::Claims(e) => e.fields(),
            Event::Findings(e) => e.fields(),
            Event::Ledger(e) => e.fields(),
        }
    }
}

fn unknown_type(name: &str) -> FieldProblem {
    let names: Vec<&str> = Event::importable().map(|t| t.name).collect();
    let own = Ledger::TYPES.iter().any(|t| t.name == name);
    let mismatch = Mismatch::new(Raw::text(name).describe(), "an event type");
    let mismatch = if own {
        mismatch.hint("the ledger writes this type itself; it cannot be imported")
    } else if let Some(close) = crate::words::nearest(name, &names) {
        mismatch.hint(format!("did you mean {close}?"))
    } else {
        mismatch.hint("`countersign schema` lists the types")
    };
    FieldProblem { field: "type".into(), mismatch }
}

fn unknown_field(type_name: &str, field: &str, known: &[&str]) -> FieldProblem {
    let mismatch = Mismatch::new("a field that this type does not have", format!("a field of {type_name}"));
    let mismatch = match crate::words::nearest(field, known) {
        Some(close) => mismatch.hint(format!("did you mean {close}?")),
        None => mismatch.hint(format!("it has {}", known.join(", "))),
    };
    FieldProblem { field: field.into(), mismatch }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn fields(pairs: &[(&'static str, Raw<'static>)]) -> Fields<'static> {
        Fields(pairs.iter().map(|(k, v)| (Cow::Borrowed(*k), v.clone())).collect())
    }

    fn revocation() -> Vec<(&'static str, Raw<'static>)> {
        vec![
            ("person", Raw::text("P-014")),
            ("credential", Raw::text("NYCPS")),
            ("effective_on", Raw::text("2025-03-01")),
        ]
    }

    #[test]
    fn tags_and_names_are_given_once() {
        let mut tags: Vec<_> = Event::types().map(|t| t.tag).collect();
        let mut names: Vec<_> = Event::types().map(|t| t.name).collect();
        let (n, m) = (tags.len(), names.len());
        tags.sort();
        tags.dedup();
        names.sort();
        names.dedup();
        assert_eq!((tags.len(), names.len()), (n, m));
        assert!(Event::types().all(|t| t.fields.len() <= 128), "fields are marked as given in a word of 128 bits");
    }

    #[test]
    fn an_event_is_read_back_from_its_own_fields() {
        let event = Event::read("credential_revoked", fields(&revocation())).unwrap();
        let again = event.fields().into_iter().map(|(k, v)| (Cow::Borrowed(k), v)).collect();
        assert_eq!(Event::read(event.type_name(), Fields(again)).unwrap(), event);
    }

    #[test]
    fn every_problem_of_a_line_is_reported() {
        let mut given = revocation();
        given[1] = ("credential", Raw::text("NYCSP"));
        given[2] = ("effective_on", Raw::text("2025-02-30"));
        given.push(("reson", Raw::text("ethics")));
        let problems = Event::read("credential_revoked", fields(&given)).unwrap_err();
        let named: Vec<&str> = problems.iter().map(|p| p.field.as_str()).collect();
        assert_eq!(named, ["credential", "effective_on", "reson"]);
        assert_eq!(problems[2].mismatch.hint.as_deref(), Some("did you mean reason?"));
    }

    #[test]
    fn a_field_given_twice_and_a_ledger_type_are_refused() {
        let mut given = revocation();
        given.push(("person", Raw::text("P-015")));
        assert_eq!(Event::read("credential_revoked", fields(&given)).unwrap_err()[0].field, "person");
        let problems = Event::read("scan_completed", Fields::default()).unwrap_err();
        assert!(problems[0].mismatch.hint.as_deref().unwrap().contains("ledger writes"));
    }

    #[test]
    fn a_correction_replaces_fields_and_null_clears_an_optional_one() {
        let mut given = revocation();
        given.push(("reason", Raw::text("ethics finding")));
        let event = Event::read("credential_revoked", fields(&given)).unwrap();
        let changed = event
            .corrected(&[("effective_on".into(), Raw::text("2025-04-01")), ("reason".into(), Raw::Null)])
            .unwrap();
        let Event::Workforce(Workforce::CredentialRevoked(changed)) = changed else { unreachable!() };
        assert_eq!(changed.effective_on.to_string(), "2025-04-01");
        assert_eq!(changed.reason, None);
        assert!(event.corrected(&[("person".into(), Raw::Null)]).is_err());
        assert!(event.corrected(&[("colour".into(), Raw::Null)]).is_err());
    }
}
