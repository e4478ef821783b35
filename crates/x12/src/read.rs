//! A file of interchanges to what it says: envelopes checked by number and count, sets handed to the reader of their guide.
//! Refuses what does not add up, passes over sets of other kinds and counts them, and says nothing of what they mean.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;

use domain::ValidAt;
use domain::field::Mismatch;

use crate::answers::{self, Acknowledgements, Statuses, control};
use crate::claims::{Claims, Kind};
use crate::found::{Found, Item, Origin};
use crate::problem::{Problem, shown};
use crate::remits::Remits;
use crate::segment::{self, Segment};
use crate::tokens::Segments;

/// What was met in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Segments.
    pub segments: u64,
    /// Interchanges.
    pub interchanges: u64,
    /// Claims that are whole.
    pub claims: u64,
    /// Payments (CLP).
    pub payments: u64,
    /// Answers.
    pub answers: u64,
    /// Transaction sets passed over, by kind and guide.
    pub passed_over: BTreeMap<String, u64>,
    /// Provider-level adjustments (PLB), which belong to no claim.
    pub provider_adjustments: u64,
}

impl Counts {
    fn count(&mut self, found: &Found) {
        match found {
            Found::Item(Item::Claim(_)) => self.claims += 1,
            Found::Item(Item::Payment(_)) => self.payments += 1,
            Found::Item(Item::Answer(_)) => self.answers += 1,
            Found::Problem(_) | Found::End { .. } => {}
        }
    }
}

/// Reads a file from end to end. Memory does not grow with it.
///
/// # Errors
/// What reading gives. Whatever is wrong with the content is handed to `take`.
pub fn read(input: impl Read, take: impl FnMut(Found)) -> io::Result<Counts> {
    read_from(input, &|_| false, take)
}

/// The same, where the transaction sets of senders who `miscounts` says (ISA06) need not state the right number of their segments.
///
/// # Errors
/// As [`read`].
pub fn read_from(input: impl Read, miscounts: &dyn Fn(&str) -> bool, mut take: impl FnMut(Found)) -> io::Result<Counts> {
    let mut segments = Segments::new(input);
    let mut reader = Reader { miscounts, interchange: None, group: None, set: None, lost: false, counts: Counts::default() };
    loop {
        match segments.next_segment()? {
            None => break,
            Some(Ok(s)) => reader.segment(&s, &mut take),
            Some(Err(problem)) => reader.broken(problem, &mut take),
        }
    }
    reader.end(segments.ordinal(), &mut take);
    reader.counts.segments = segments.ordinal();
    Ok(reader.counts)
}

struct Interchange {
    origin: Arc<Origin>,
    groups: u64,
}

struct Group {
    origin: Arc<Origin>,
    /// GS08 up to the guide, as in `005010X223`.
    guide: String,
    sets: u64,
}

enum Body {
    Claims(Box<Claims>),
    Remits(Box<Remits>),
    Acknowledgements(Acknowledgements),
    Statuses(Statuses),
    PassedOver,
}

struct Set {
    control: String,
    /// Segment of the ST: SE01 counts from it.
    first: u64,
    body: Body,
    well: bool,
    miscounted: bool,
}

struct Reader<'m> {
    /// Whether a sender's count of segments may be wrong.
    miscounts: &'m dyn Fn(&str) -> bool,
    interchange: Option<Interchange>,
    group: Option<Group>,
    set: Option<Set>,
    /// What opens the next envelope was wrong and has been spoken of: what stands in it is passed over without a word more.
    lost: bool,
    counts: Counts,
}

type Take<'a> = &'a mut dyn FnMut(Found);

impl Reader<'_> {
    /// A segment that is none: whatever it would have been, the set around it does not add up.
    fn broken(&mut self, problem: Problem, take: Take<'_>) {
        match &mut self.set {
            Some(set) => set.well = false,
            None => self.lost = true,
        }
        take(Found::Problem(problem));
    }

    fn segment(&mut self, s: &Segment<'_>, take: Take<'_>) {
        let done = match s.id() {
            b"ISA" => self.isa(s, take),
            b"GS" => self.gs(s, take),
            b"ST" => self.st(s, take),
            b"SE" => self.se(s, take),
            b"GE" => self.ge(s, take),
            b"IEA" => self.iea(s, take),
            b"TA1" if self.set.is_none() => self.ta1(s, take),
            id if id.len() < 2 || id.len() > 3 || !id.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) => {
                let found = if id.is_empty() { "an empty segment".to_owned() } else { shown(id) };
                let mismatch = Mismatch::new(found, "a segment id of two or three capitals and digits");
                Err(Problem::new(s.ordinal(), "", mismatch))
            }
            _ => self.inside(s, take),
        };
        if let Err(problem) = done {
            self.broken(problem, take);
        }
    }

    fn inside(&mut self, s: &Segment<'_>, take: Take<'_>) -> Result<(), Problem> {
        let Some(set) = &mut self.set else {
            return self.outside(s, "a segment outside of a transaction set", "ST before it");
        };
        let counts = &mut self.counts;
        let mut counted = |found: Found| {
            counts.count(&found);
            take(found);
        };
        match &mut set.body {
            Body::Claims(body) => body.take(s, &mut counted),
            Body::Remits(body) => body.take(s, &mut counted),
            Body::Acknowledgements(body) => body.take(s, &mut counted),
            Body::Statuses(body) => body.take(s, &mut counted),
            Body::PassedOver => {}
        }
        Ok(())
    }

    /// Something without the envelope it belongs to; said once, until the next envelope that is good.
    fn outside(&self, s: &Segment<'_>, found: &str, wanted: &str) -> Result<(), Problem> {
        if self.lost { Ok(()) } else { Err(s.problem(Mismatch::new(found, wanted))) }
    }

    fn isa(&mut self, s: &Segment<'_>, take: Take<'_>) -> Result<(), Problem> {
        self.unended(s.ordinal(), "ISA", take);
        let open = self.interchange.take().is_some();
        self.group = None;
        self.counts.interchanges += 1;
        self.lost = false;
        let day = segment::day(s.element(9)).ok_or_else(|| s.wrong(9, 0, "a day that exists, YYMMDD"));
        let at = day.and_then(|day| segment::instant(day, s.element(10)).ok_or_else(|| s.wrong(10, 0, "a time of day, HHMM")));
        let number = s.required(13, 0, 9, "a control number");
        self.interchange = Some(Interchange {
            origin: Arc::new(Origin {
                sender: s.optional(6, 0, 15)?.unwrap_or_default().to_owned(),
                receiver: s.optional(8, 0, 15)?.unwrap_or_default().to_owned(),
                interchange: control(number?).to_owned(),
                group: String::new(),
                set: String::new(),
                at: at?,
            }),
            groups: 0,
        });
        if open {
            return Err(s.problem(Mismatch::new("another interchange", "IEA, the end of the one before")));
        }
        Ok(())
    }

    fn gs(&mut self, s: &Segment<'_>, take: Take<'_>) -> Result<(), Problem> {
        self.unended(s.ordinal(), "GS", take);
        let open = self.group.take().is_some();
        let Some(interchange) = &mut self.interchange else {
            return self.outside(s, "a group outside of an interchange", "a good ISA before it");
        };
        interchange.groups += 1;
        self.lost = false;
        let number = control(s.required(6, 0, 9, "a control number")?).to_owned();
        let at: ValidAt = s.instant(4, 5)?;
        let guide = guide(s.required(8, 0, 12, "a version and guide, as in 005010X223A2")?).to_owned();
        self.group = Some(Group { origin: Arc::new(Origin { group: number, at, ..(*interchange.origin).clone() }), guide, sets: 0 });
        if open {
            return Err(s.problem(Mismatch::new("another group", "GE, the end of the one before")));
        }
        Ok(())
    }

    fn st(&mut self, s: &Segment<'_>, take: Take<'_>) -> Result<(), Problem> {
        self.unended(s.ordinal(), "ST", take);
        let Some(group) = &mut self.group else {
            return self.outside(s, "a transaction set outside of a group", "a good GS before it");
        };
        group.sets += 1;
        self.lost = false;
        let number = s.required(2, 0, 9, "a control number")?;
        let origin = Arc::new(Origin { set: control(number).to_owned(), ..(*group.origin).clone() });
        let named = s.optional(3, 0, 35)?.map(guide);
        let kind = String::from_utf8_lossy(s.element(1)).into_owned();
        let body = match (kind.as_str(), named.unwrap_or(&group.guide)) {
            ("837", "005010X223") => Body::Claims(Box::new(Claims::new(Kind::Institutional, origin))),
            ("837", "005010X222") => Body::Claims(Box::new(Claims::new(Kind::Professional, origin))),
            ("835", "005010X221") => Body::Remits(Box::new(Remits::new(origin))),
            ("999", "005010X231") => Body::Acknowledgements(Acknowledgements::new(origin)),
            ("277", "005010X214") => Body::Statuses(Statuses::new(origin)),
            ("837" | "835" | "999", other) => {
                let wanted = "005010X223 or 005010X222 for an 837, 005010X221 for an 835, 005010X231 for a 999";
                let n = if named.is_some() { 3 } else { 0 };
                let mismatch = Mismatch::new(format!("a {kind} of version {other:?}"), wanted);
                let problem = if n == 0 { s.problem(mismatch) } else { s.problem_at(n, 0, mismatch) };
                self.set = Some(Set { control: number.to_owned(), first: s.ordinal(), body: Body::PassedOver, well: false, miscounted: false });
                return Err(problem);
            }
            (_, other) => {
                *self.counts.passed_over.entry(format!("{kind} ({other})")).or_insert(0) += 1;
                Body::PassedOver
            }
        };
        let agrees = named.is_none_or(|named| named == group.guide);
        let group_guide = group.guide.clone();
        self.set = Some(Set { control: number.to_owned(), first: s.ordinal(), body, well: agrees, miscounted: false });
        if !agrees {
            return Err(s.wrong(3, 0, format!("{group_guide}, the guide of its group (GS08)")));
        }
        Ok(())
    }

    fn se(&mut self, s: &Segment<'_>, take: Take<'_>) -> Result<(), Problem> {
        let Some(set) = &mut self.set else {
            return self.outside(s, "the end of a transaction set", "ST before it");
        };
        let counted = s.ordinal() - set.first + 1;
        let problem = if control(s.required(2, 0, 9, "a control number")?) != control(&set.control) {
            Some(s.wrong(2, 0, format!("{}, the control number of the ST", set.control)))
        } else {
            let problem = count(s, counted, "segments from ST to SE");
            set.miscounted = problem.is_some() && self.interchange.as_ref().is_some_and(|i| (self.miscounts)(&i.origin.sender));
            let hint = "if this sender always counts so, and nothing is missing, say miscounts = true for it in x12.toml (docs/x12.md)";
            problem.filter(|_| !set.miscounted).map(|p| Problem { mismatch: p.mismatch.hint(hint), ..p })
        };
        if problem.is_some() {
            set.well = false;
        }
        problem.into_iter().for_each(|p| take(Found::Problem(p)));
        self.close_set(take);
        Ok(())
    }

    /// Ends the set under way: what is half read is finished and everything handed on, then whether it counts.
    fn close_set(&mut self, take: Take<'_>) {
        let Some(mut set) = self.set.take() else { return };
        let mut items = Vec::new();
        let mut keep = |found: Found| items.push(found);
        match &mut set.body {
            Body::Claims(body) => body.finish(&mut keep),
            Body::Remits(body) => {
                body.finish(&mut keep);
                self.counts.provider_adjustments += body.provider_adjustments;
            }
            Body::Statuses(body) => body.finish(&mut keep),
            Body::Acknowledgements(_) | Body::PassedOver => {}
        }
        for found in items {
            self.counts.count(&found);
            take(found);
        }
        take(Found::End { well: set.well, miscounted: set.miscounted });
    }

    /// A set that runs into something that ends it without an SE.
    fn unended(&mut self, s: u64, what: &str, take: Take<'_>) {
        if let Some(set) = &mut self.set {
            set.well = false;
            let mismatch = Mismatch::new(what, format!("SE, the end of the transaction set {}", set.control));
            take(Found::Problem(Problem::new(s, "", mismatch)));
            self.close_set(take);
        }
    }

    fn ge(&mut self, s: &Segment<'_>, take: Take<'_>) -> Result<(), Problem> {
        self.unended(s.ordinal(), "GE", take);
        let Some(group) = self.group.take() else {
            return self.outside(s, "the end of a group", "GS before it");
        };
        if control(s.required(2, 0, 9, "a control number")?) != group.origin.group {
            return Err(s.wrong(2, 0, format!("{}, the control number of the GS", group.origin.group)));
        }
        count(s, group.sets, "transaction sets in the group").map_or(Ok(()), Err)
    }

    fn iea(&mut self, s: &Segment<'_>, take: Take<'_>) -> Result<(), Problem> {
        self.unended(s.ordinal(), "IEA", take);
        let open = self.group.take();
        let Some(interchange) = self.interchange.take() else {
            return self.outside(s, "the end of an interchange", "ISA before it");
        };
        if let Some(group) = open {
            let mismatch = Mismatch::new("IEA", format!("GE, the end of the group {}", group.origin.group));
            return Err(s.problem(mismatch));
        }
        if control(s.required(2, 0, 9, "a control number")?) != interchange.origin.interchange {
            return Err(s.wrong(2, 0, format!("{}, the control number of the ISA", interchange.origin.interchange)));
        }
        count(s, interchange.groups, "groups in the interchange").map_or(Ok(()), Err)
    }

    fn ta1(&mut self, s: &Segment<'_>, take: Take<'_>) -> Result<(), Problem> {
        let Some(interchange) = &self.interchange else {
            return self.outside(s, "an answer outside of an interchange", "a good ISA before it");
        };
        let answer = answers::interchange(s, &interchange.origin)?;
        self.counts.answers += 1;
        take(Found::Item(Item::Answer(Box::new(answer))));
        take(Found::End { well: true, miscounted: false });
        Ok(())
    }

    fn end(&mut self, at: u64, take: Take<'_>) {
        self.unended(at, "the end of the file", take);
        let missing = match (self.group.take(), self.interchange.take()) {
            (Some(group), _) => format!("GE, the end of the group {}", group.origin.group),
            (None, Some(interchange)) => format!("IEA, the end of the interchange {}", interchange.origin.interchange),
            (None, None) => return,
        };
        let mismatch = Mismatch::new("the end of the file", missing).hint("the file was cut off: get it again");
        take(Found::Problem(Problem::new(at, "", mismatch)));
    }
}

/// `005010X223` of `005010X223A2`: addenda change nothing that is read here.
fn guide(version: &str) -> &str {
    version.get(..10).unwrap_or(version)
}

/// Element 1 of a trailer against what was counted.
fn count(s: &Segment<'_>, counted: u64, what: &str) -> Option<Problem> {
    let said = std::str::from_utf8(s.element(1)).ok().and_then(|text| text.trim().parse::<u64>().ok());
    (said != Some(counted)).then(|| s.wrong(1, 0, format!("{counted}, the {what}")))
}
