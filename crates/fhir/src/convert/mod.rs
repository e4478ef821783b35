//! A resource to the events it stands for: all of them, or every problem of it.
//! A resource that has no meaning for the ledger is counted under what it is, never guessed at.

mod care;
mod delivery;
mod staff;

use std::borrow::Cow;

use domain::event::Event;
use domain::field::{FieldProblem, FieldType, Fields, Mismatch, Raw};
use domain::{Digest, Draft, Envelope, KnownAt, SourceId, Text, ValidAt};
use serde::Deserialize;

use crate::BASE;
use crate::groups::Groups;
use crate::mapping::Mapping;
use crate::resource::{Coding, Common, Concept, Extension, Named, Reference, kind_of};

/// What a resource came to.
#[derive(Debug)]
pub(crate) enum Made {
    /// Its events, and parts of it that are counted because they have no meaning.
    Drafts(Vec<Draft>, Vec<&'static str>),
    /// Everything that is wrong with it.
    Refused(Vec<FieldProblem>),
    /// Nothing for the ledger: what it is, for counting.
    Passed(Cow<'static, str>),
}

/// A field of an event: its name, its value, and where in the resource the value comes from.
type Given<'a> = (&'static str, Raw<'a>, &'static str);

/// Reads one resource.
pub(crate) fn convert<'m>(text: &'m str, mapping: &'m Mapping, groups: &'m Groups) -> Made {
    if !text.trim_start().starts_with('{') {
        // A list would be read as the fields of a struct in their order.
        let mismatch = Mismatch::new("text that is not a JSON object", "one FHIR resource, a JSON object");
        return Made::Refused(vec![FieldProblem { field: String::new(), mismatch }]);
    }
    let kind = match kind_of(text) {
        Ok(kind) => kind,
        Err(error) => return Made::Refused(vec![not_json(&error)]),
    };
    let Some(name) = kind else {
        let mismatch = Mismatch::new("no resourceType", "a FHIR resource").hint("every resource names its type in resourceType");
        return Made::Refused(vec![FieldProblem { field: "resourceType".into(), mismatch }]);
    };
    let maker = Maker { kind: &name, id: "", mapping, groups, drafts: Vec::new(), problems: Vec::new(), passed: Vec::new() };
    match name.as_ref() {
        "Practitioner" => maker.read(text, staff::practitioner),
        "PractitionerRole" => maker.read(text, staff::practitioner_role),
        "Patient" => maker.read(text, care::patient),
        "EpisodeOfCare" => maker.read(text, care::episode),
        "CarePlan" => maker.read(text, care::plan),
        "Encounter" => maker.read(text, delivery::encounter),
        "DocumentReference" => maker.read(text, delivery::document),
        "Provenance" => maker.read(text, delivery::provenance),
        "Group" => maker.read(text, delivery::group),
        other => Made::Passed(Cow::Owned(short(other))),
    }
}

/// The name of an unknown kind, as much of it as a list of counts can show.
fn short(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// What stands where JSON was wanted: the words of serde_json and the column, without "line 1".
pub fn found_instead(error: &serde_json::Error) -> String {
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    if error.is_eof() {
        format!("JSON that ends in the middle ({words})")
    } else if error.is_data() {
        format!("JSON of another shape ({words})")
    } else {
        format!("text that is not JSON ({words}, column {})", error.column())
    }
}

pub(crate) fn not_json(error: &serde_json::Error) -> FieldProblem {
    FieldProblem { field: String::new(), mismatch: Mismatch::new(found_instead(error), "one FHIR resource, a JSON object") }
}

/// Collects the events and the problems of one resource.
struct Maker<'m> {
    kind: &'m str,
    id: &'m str,
    mapping: &'m Mapping,
    groups: &'m Groups,
    drafts: Vec<Draft>,
    problems: Vec<FieldProblem>,
    passed: Vec<&'static str>,
}

/// What an event's envelope is made of.
struct About<'e, 'a> {
    /// Ending of the key, for resources that stand for several events.
    suffix: &'e str,
    /// When it was entered, as the resource says.
    entered: Option<&'e str>,
    extensions: &'e [Extension<'a>],
}

impl<'m> Maker<'m> {
    fn read<T: Deserialize<'m> + Named<'m>>(mut self, text: &'m str, make: impl FnOnce(&mut Self, T)) -> Made {
        match serde_json::from_str::<T>(text) {
            Ok(resource) => {
                self.id = resource.id().unwrap_or_default();
                if self.id.is_empty() {
                    self.problem("id", Mismatch::new("nothing", "the id of the resource"));
                }
                make(&mut self, resource);
            }
            Err(error) => {
                let problem = not_json(&error);
                self.problem("", problem.mismatch);
            }
        }
        if !self.problems.is_empty() {
            return Made::Refused(self.problems);
        }
        Made::Drafts(self.drafts, self.passed)
    }

    /// Notes what is wrong, named by the resource and the place in it.
    fn problem(&mut self, path: &str, mismatch: Mismatch) {
        let id = if self.id.is_empty() { "?" } else { self.id };
        let field = if path.is_empty() { format!("{}/{id}", self.kind) } else { format!("{}/{id} {path}", self.kind) };
        self.problems.push(FieldProblem { field, mismatch });
    }

    /// This part of the resource means nothing to the ledger.
    fn pass(&mut self, what: &'static str) {
        self.passed.push(what);
    }

    /// One event of the resource.
    fn event(&mut self, event_type: &'static str, given: Vec<Given<'_>>, about: &About<'_, '_>) {
        let paths: Vec<(&'static str, &'static str)> = given.iter().map(|(name, _, path)| (*name, *path)).collect();
        let fields = given.into_iter().filter(|(_, value, _)| *value != Raw::Null).map(|(name, value, _)| (Cow::Borrowed(name), value)).collect();
        let event = match Event::read(event_type, Fields(fields)) {
            Ok(event) => event,
            Err(problems) => {
                for problem in problems {
                    let name = problem.field.split(['.', '[']).next().unwrap_or_default();
                    let path = paths.iter().find(|(field, _)| *field == name).map_or(name.to_owned(), |(_, path)| (*path).to_owned());
                    self.problem(&path, problem.mismatch);
                }
                return;
            }
        };
        if let Some((envelope, recorded_at)) = self.envelope(about) {
            self.drafts.push(Draft { event, envelope, recorded_at });
        }
    }

    fn envelope(&mut self, about: &About<'_, '_>) -> Option<(Envelope, Option<KnownAt>)> {
        let before = self.problems.len();
        let own = |name| text_of(about.extensions, name).map_or(Raw::Null, Raw::text);
        let given = text_of(about.extensions, "source-id").map(Raw::text);
        let key = given.unwrap_or_else(|| self.key(about.suffix).map_or(Raw::Null, Raw::owned));
        let entered = about.entered.filter(|_| self.mapping.takes_last_updated());
        let entered = text_of(about.extensions, "entered-at").or(entered).map_or(Raw::Null, Raw::text);
        let source_id: Option<SourceId> = self.field("extension source-id", &key);
        let entered_at: Option<KnownAt> = self.field("meta.lastUpdated", &entered);
        let recorded_at: Option<KnownAt> = self.field("extension recorded-at", &own("recorded-at"));
        let actor: Option<Text> = self.field("extension actor", &own("actor"));
        let mut evidence: Vec<Digest> = Vec::new();
        for digest in texts_of(about.extensions, "evidence") {
            evidence.extend(self.field::<Digest>("extension evidence", &Raw::text(digest)));
        }
        (self.problems.len() == before).then_some((Envelope { source_id, entered_at, actor, evidence, provenance: None }, recorded_at))
    }

    fn field<T: FieldType>(&mut self, path: &str, raw: &Raw<'_>) -> Option<T> {
        if *raw == Raw::Null {
            return None;
        }
        T::read(raw).map_err(|mismatch| self.problem(path, mismatch)).ok()
    }

    /// The key under which an event is known; without one that fits, the ledger takes the hash of the event.
    fn key(&self, suffix: &str) -> Option<String> {
        let key = format!("{}:{}{suffix}", self.kind, self.id);
        SourceId::parse(&key).ok().map(|_| key)
    }

    /// What was said of `key`, or the default; a problem if there is neither.
    fn wanted<'c>(&mut self, key: &'static str, path: &'static str, said: Option<&'c str>) -> Raw<'c>
    where
        'm: 'c,
    {
        match said.or_else(|| self.mapping.default_of(key)) {
            Some(value) => Raw::text(value),
            None => {
                self.problem(path, crate::mapping::unsaid(&format!("a code for {key}"), key));
                Raw::Null
            }
        }
    }
}

/// All codings of some concepts.
fn codings<'c, 'a>(concepts: &'c [Concept<'a>]) -> impl Iterator<Item = &'c Coding<'a>> {
    concepts.iter().flat_map(|concept| concept.coding.iter())
}

fn own<'e, 'a>(extensions: &'e [Extension<'a>], name: &str) -> impl Iterator<Item = &'e Extension<'a>> {
    extensions.iter().filter(move |e| e.url.as_str().strip_prefix(BASE) == Some(name))
}

fn texts_of<'e>(extensions: &'e [Extension<'_>], name: &str) -> impl Iterator<Item = &'e str> {
    own(extensions, name).filter_map(|e| e.text.as_ref().map(|t| t.as_str()))
}

fn text_of<'e>(extensions: &'e [Extension<'_>], name: &str) -> Option<&'e str> {
    texts_of(extensions, name).next()
}

fn list_of<'e>(extensions: &'e [Extension<'_>], name: &str) -> Raw<'e> {
    Raw::List(texts_of(extensions, name).map(Raw::text).collect())
}

fn about<'e, 'a>(common: &'e Common<'a>, suffix: &'e str) -> About<'e, 'a> {
    About { suffix, entered: common.meta.last_updated.as_ref().map(|t| t.as_str()), extensions: &common.extension }
}

/// A date of FHIR as a local day: of an instant, the day in New York; anything else as it is, to be refused where it is no day.
fn day<'t>(text: Option<&'t str>) -> Raw<'t> {
    let Some(text) = text else { return Raw::Null };
    match ValidAt::parse(text).filter(|_| text.len() > 10) {
        Some(at) => Raw::owned(at.local_day().to_string()),
        None => Raw::text(text),
    }
}

fn text<'t>(text: Option<&'t str>) -> Raw<'t> {
    text.map_or(Raw::Null, Raw::text)
}

/// The id a reference names, or a problem that says why it names none.
fn id_of<'r>(maker: &mut Maker<'_>, path: &'static str, reference: &'r Reference<'_>, kinds: &[&str]) -> Raw<'r> {
    match (reference.id_of(kinds), &reference.reference) {
        (Some(id), _) => Raw::text(id),
        (None, None) => Raw::Null,
        (None, Some(given)) => {
            let hint = if given.as_str().contains('?') { "a search is no reference: export with literal references" } else { "only such a reference has a meaning here" };
            maker.problem(path, Mismatch::new(format!("{:?}", given.as_str()), format!("a reference to {}", kinds.join(" or "))).hint(hint));
            Raw::Null
        }
    }
}

/// The program of the first reference that names one, else the default.
fn program<'r>(maker: &mut Maker<'_>, path: &'static str, references: &[&'r Reference<'r>], mapping: &'r Mapping) -> Raw<'r> {
    match references.iter().find_map(|r| mapping.program(r)).or_else(|| mapping.default_of("program")) {
        Some(program) => Raw::text(program),
        None => {
            let mismatch = crate::mapping::unsaid("a reference to the program", "program");
            maker.problem(path, Mismatch { found: "no reference".into(), ..mismatch });
            Raw::Null
        }
    }
}
