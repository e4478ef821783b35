//! What a scan keeps as bytes, and back: read only beside the history whose keys it holds.
//! Anything that is not what it should be reads as nothing; it is not authenticated, whoever keeps the bytes seals them.

use std::sync::{Arc, LazyLock};

use compact_str::CompactString;
use domain::event::Event;
use domain::{Cents, KnownAt, Seq, ValidDay};
use rustc_hash::FxHashMap;
use timeline::stored::{Input, Laid, Opened, Output, Pieces, Stored};
use timeline::History;

use super::by_individual::{ByIndividual, Own};
use super::reach::Reach;
use super::stored_reads::{put_read, take_read};
use super::{Kept, RulePlace, Unit};
use crate::class::{Class, Status};
use crate::contact_set::ContactSet;
use crate::engine::Engine;
use crate::finding::{About, Finding, NotEvaluated};
use crate::subject::{Name, Subject, SubjectName};

/// The keys of subject names, by number.
const KEYS: &[&str] = &[
    "contact", "claim", "group_session", "individual", "program", "date", "peer", "month", "person", "credential", "plan", "version", "week",
];

impl Kept {
    /// The findings, and what could not be judged, as bytes: in so many parts, each of which is read by itself.
    pub fn store_findings(&self, engine: &Engine, history: &History, parts: usize) -> Vec<Laid> {
        let places = places(engine);
        // In the order of reports: who makes one of them again has little to put in order.
        let mut findings: Vec<_> = self.findings.iter().collect();
        findings.sort_by(|(_, a), (_, b)| a.order().cmp(&b.order()));
        let (mut findings, mut lacking) = (&findings[..], &self.not_evaluated[..]);
        let part = |left: usize| {
            let (now, later) = findings.split_at(findings.len().div_ceil(left));
            findings = later;
            history.write_with(|out| {
                out.reserve(now.iter().map(|(_, finding)| room(finding)).sum());
                list(out, now, |out, (unit, finding)| {
                    put_text(out, &finding.id);
                    out.measured(|out| {
                        unit.put(out);
                        put_finding(out, &places, finding);
                    });
                });
                let lacking = std::mem::take(&mut lacking);
                out.measured(|out| {
                    list(out, lacking, |out, (unit, lacking)| {
                        unit.put(out);
                        place_of(&places, lacking.rule).put(out);
                        put_subject(out, &lacking.subject);
                        put_text(out, &lacking.missing);
                    });
                });
            })
        };
        (1..=parts).rev().map(part).collect()
    }

    /// What they were read from, as bytes.
    pub fn store_reads(&self, history: &History) -> Laid {
        history.write_with(|out| {
            self.reach.put(out);
            list(out, &self.individuals.sorted(), |out, (individual, own)| {
                individual.put(out);
                own.people.put(out);
                put_day(out, own.asked);
                own.papers.put(out);
            });
            // Judged in any order; equal states are equal bytes all the same.
            let mut reads: Vec<_> = self.reads.iter().collect();
            reads.sort_by_key(|(unit, _)| *unit);
            list(out, &reads, |out, (unit, read)| {
                unit.put(out);
                put_read(out, read);
            });
            list(out, &self.ahead, |out, (day, unit)| {
                put_day(out, *day);
                unit.put(out);
            });
            self.daily.put(out);
        })
    }

    /// Findings of a part from bytes, without what they were read from; `None` when they are not, or speak of rules or keys that are not there.
    pub fn restore_findings(opened: Opened, pieces: &Pieces, history: &History, engine: &Engine) -> Option<Self> {
        history.read_with(opened, pieces, |input| {
            let findings = taken(input, |input| {
                let (id, mut one) = (take_text(input)?, input.measured()?);
                found(&mut one, id, engine)
            })?;
            let mut lacking = input.measured()?;
            let not_evaluated = taken(&mut lacking, |input| {
                let (unit, rule) = (Unit::take(input)?, rule_at(engine, input)?);
                Some((unit, NotEvaluated { rule: rule.id, subject: take_subject(input)?, missing: take_text(input)? }))
            })?;
            lacking.is_at_end().then(|| Self { findings, not_evaluated, ..Self::default() })
        })
    }

    /// The one finding of a part that has this id, in letters of either case, and none of the others; `None` as for [`Kept::restore_findings`].
    pub fn restore_finding(opened: Opened, pieces: &Pieces, history: &History, engine: &Engine, id: &str) -> Option<Option<Arc<Finding>>> {
        history.read_with(opened, pieces, |input| {
            let mut first = None;
            for _ in 0..input.count(1)? {
                let (own, mut one) = (text(input)?, input.measured()?);
                if first.is_none() && own.eq_ignore_ascii_case(id) {
                    first = Some(found(&mut one, own.into(), engine)?.1);
                }
            }
            input.measured()?;
            Some(first)
        })
    }

    /// What findings were read from, from bytes, without the findings; `None` likewise.
    pub fn restore_reads(opened: Opened, pieces: &Pieces, history: &History) -> Option<Self> {
        history.read_with(opened, pieces, |input| {
            Some(Self {
                reach: Reach::take(input)?,
                individuals: ByIndividual::from_iter(taken(input, |input| {
                    Some((Stored::take(input)?, Own { people: Stored::take(input)?, asked: take_day(input)?, papers: Stored::take(input)? }))
                })?),
                reads: taken(input, |input| Some((Unit::take(input)?, take_read(input)?)))?,
                ahead: taken(input, |input| Some((take_day(input)?, Unit::take(input)?)))?,
                daily: Stored::take(input)?,
                ..Self::default()
            })
        })
    }

    /// Findings as [`Kept::restore_findings`] gives them, all parts together, with what they were read from, as [`Kept::restore_reads`] gives it.
    #[must_use]
    pub fn with_reads(self, reads: Self) -> Self {
        Self { findings: self.findings, not_evaluated: self.not_evaluated, ..reads }
    }
}

pub(super) fn list<T>(out: &mut Output<'_>, items: &[T], put: impl Fn(&mut Output<'_>, &T)) {
    out.number(items.len() as u64);
    items.iter().for_each(|item| put(out, item));
}

/// Things that room is made for at once, before it is seen that they are there.
const MANY: usize = 1 << 16;

pub(super) fn taken<T>(input: &mut Input<'_>, take: impl Fn(&mut Input<'_>) -> Option<T>) -> Option<Vec<T>> {
    let count = input.count(1)?;
    let mut all = Vec::with_capacity(count.min(MANY));
    for _ in 0..count {
        all.push(take(input)?);
    }
    Some(all)
}

fn put_text(out: &mut Output<'_>, text: &str) {
    out.number(text.len() as u64);
    out.raw(text.as_bytes());
}

fn text<'a>(input: &mut Input<'a>) -> Option<&'a str> {
    let len = input.count(1)?;
    std::str::from_utf8(input.slice(len)?).ok()
}

fn take_text<T: for<'t> From<&'t str>>(input: &mut Input<'_>) -> Option<T> {
    text(input).map(T::from)
}

fn put_optional(out: &mut Output<'_>, text: Option<&CompactString>) {
    text.is_some().put(out);
    if let Some(text) = text {
        put_text(out, text);
    }
}

fn take_optional(input: &mut Input<'_>) -> Option<Option<CompactString>> {
    Some(if bool::take(input)? { Some(take_text(input)?) } else { None })
}

/// A day; the ends of all days lie outside what can be written.
pub(super) fn put_day(out: &mut Output<'_>, day: ValidDay) {
    out.signed(i64::from(day.days()));
}

pub(super) fn take_day(input: &mut Input<'_>) -> Option<ValidDay> {
    let days = i32::try_from(input.signed()?).ok()?;
    [ValidDay::MIN, ValidDay::MAX].into_iter().find(|end| end.days() == days).or_else(|| near(days))
}

/// A day that some question may have named: also one a little beyond what events may name.
fn near(days: i32) -> Option<ValidDay> {
    ValidDay::from_ymd(1970, 1, 1).map(|epoch| epoch.plus_days(i64::from(days))).filter(|day| day.days() == days)
}

type Places = FxHashMap<&'static str, RulePlace>;

fn places(engine: &Engine) -> Places {
    engine.rules().zip(0..).map(|((rule, _), place)| (rule.id, RulePlace(place))).collect()
}

fn place_of(places: &Places, rule: &str) -> RulePlace {
    places.get(rule).copied().unwrap_or(RulePlace(u16::MAX))
}

/// Bytes that a finding takes at once, or somewhat more.
fn room(f: &Finding) -> usize {
    512 + f.message.len() + 4 * (f.lines.len() + 2 * f.evidence.len())
}

/// Names of event types, sorted.
static TYPES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut types: Vec<&str> = Event::types().map(|schema| schema.name).collect();
    types.sort_unstable();
    types
});

fn put_evidence(out: &mut Output<'_>, (seq, name): &(Seq, &'static str)) {
    out.number(seq.0);
    // A type beyond the last is none, and nothing that holds one is read.
    out.number(TYPES.binary_search(name).unwrap_or(TYPES.len()) as u64);
}

fn take_evidence(input: &mut Input<'_>) -> Option<(Seq, &'static str)> {
    let seq = Seq(input.number()?);
    Some((seq, *TYPES.get(usize::try_from(input.number()?).ok()?)?))
}

fn rule_at(engine: &Engine, input: &mut Input<'_>) -> Option<&'static crate::Rule> {
    let place = RulePlace::take(input)?;
    engine.rules.get(usize::from(place.0)).map(|loaded| loaded.rule)
}

impl Stored for RulePlace {
    fn put(&self, out: &mut Output<'_>) {
        self.0.put(out);
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        u16::take(input).map(Self)
    }
}

fn put_subject(out: &mut Output<'_>, subject: &SubjectName) {
    list(out, &subject.0, |out, (key, name)| {
        let number = KEYS.iter().position(|known| known == key).unwrap_or(KEYS.len());
        out.number(number as u64);
        match name {
            Name::Text(text) => {
                true.put(out);
                put_text(out, text);
            }
            Name::Number(number) => {
                false.put(out);
                number.put(out);
            }
        }
    });
}

fn take_subject(input: &mut Input<'_>) -> Option<SubjectName> {
    let named = taken(input, |input| {
        let key = KEYS.get(usize::try_from(input.number()?).ok()?)?;
        let name = if bool::take(input)? { Name::Text(take_text(input)?) } else { Name::Number(u32::take(input)?) };
        Some((*key, name))
    })?;
    Some(SubjectName(named))
}

/// All of a finding but its id.
fn put_finding(out: &mut Output<'_>, places: &Places, f: &Finding) {
    place_of(places, f.rule).put(out);
    put_subject(out, &f.subject);
    out.number(f.class as u64);
    (f.status == Status::CuredLate).put(out);
    put_optional(out, f.about.program.as_ref());
    put_optional(out, f.about.peer.as_ref());
    put_optional(out, f.about.individual.as_ref());
    out.texts(f.about.claims.parts());
    put_day(out, f.true_from);
    out.signed(f.first_detectable.micros());
    f.known_at_claim.put(out);
    out.signed(f.exposure.0);
    put_text(out, &f.message);
    list(out, &f.evidence, put_evidence);
    list(out, &f.missing, |out, missing| put_text(out, missing));
    out.array(f.contacts.places());
    f.contacts.bounds().put(out);
    f.lines.put(out);
}

/// A finding with its unit, by itself.
fn found(one: &mut Input<'_>, id: CompactString, engine: &Engine) -> Option<(Unit, Arc<Finding>)> {
    let (unit, finding) = (Unit::take(one)?, take_finding(one, id, engine)?);
    one.is_at_end().then(|| (unit, Arc::new(finding)))
}

fn take_finding(input: &mut Input<'_>, id: CompactString, engine: &Engine) -> Option<Finding> {
    let rule = rule_at(engine, input)?;
    let subject = take_subject(input)?;
    Some(Finding {
        id,
        rule: rule.id,
        class: *[Class::Violation, Class::Documentation, Class::Advisory].get(usize::try_from(input.number()?).ok()?)?,
        status: if bool::take(input)? { Status::CuredLate } else { Status::Open },
        subject,
        about: About {
            program: take_optional(input)?,
            peer: take_optional(input)?,
            individual: take_optional(input)?,
            claims: input.texts()?.into(),
        },
        true_from: take_day(input)?,
        first_detectable: KnownAt::from_micros(input.signed()?),
        known_at_claim: Stored::take(input)?,
        exposure: Cents(input.signed()?),
        message: take_text(input)?,
        evidence: taken(input, take_evidence)?.into(),
        missing: taken(input, take_text)?,
        citation: *rule.authority.first()?,
        contacts: ContactSet::of_places(input.array()?, Stored::take(input)?),
        lines: Stored::take(input)?,
    })
}

impl Stored for Unit {
    fn put(&self, out: &mut Output<'_>) {
        match self {
            Unit::Contact(contact) => {
                out.number(0);
                contact.put(out);
            }
            Unit::Individual(individual) => {
                out.number(1);
                individual.put(out);
            }
            Unit::Rule(place, subject) => {
                out.number(2);
                place.put(out);
                subject.put(out);
            }
            Unit::Month(individual, first) => {
                out.number(3);
                individual.put(out);
                first.put(out);
            }
        }
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        Some(match input.number()? {
            0 => Unit::Contact(Stored::take(input)?),
            1 => Unit::Individual(Stored::take(input)?),
            2 => Unit::Rule(Stored::take(input)?, Stored::take(input)?),
            3 => Unit::Month(Stored::take(input)?, Stored::take(input)?),
            _ => return None,
        })
    }
}

/// Subjects by number, each with its keys; the numbers are a stored code.
macro_rules! stored_subjects {
    ($( $number:literal $variant:ident ( $( $field:ident ),* ) )*) => {
        impl Stored for Subject {
            fn put(&self, out: &mut Output<'_>) {
                match self {
                    $( Subject::$variant( $( $field ),* ) => {
                        out.number($number);
                        $( $field.put(out); )*
                    } )*
                }
            }
            fn take(input: &mut Input<'_>) -> Option<Self> {
                Some(match input.number()? {
                    $( $number => {
                        $( let $field = Stored::take(input)?; )*
                        Subject::$variant( $( $field ),* )
                    } )*
                    _ => return None,
                })
            }
        }
    };
}

stored_subjects! {
    0 Contact(contact)
    1 ClaimContact(claim, contact)
    2 Session(session)
    3 IndividualProgram(individual, program)
    4 IndividualProgramDate(individual, program, day)
    5 IndividualPeer(individual, peer)
    6 IndividualMonth(individual, first)
    7 PersonCredential(person, kind)
    8 Person(person)
    9 PlanVersion(individual, plan, version)
    10 Program(program)
    11 ProgramWeek(program, monday, peer)
}
