//! Disorder: what people do to an agency's books after the fact. Lines come late, say they were entered earlier, are corrected, taken back and given back, told twice.
//! It knows what a field may hold and nothing of what any of it means; a seed always gives the same disorder.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::{EventCorrected, EventRetracted};
use domain::field::{Changes, Kind, Raw};
use domain::ids::{SourceId, TargetRef};
use domain::{Draft, Envelope, Event, KnownAt, Moment, Text, ValidAt, ValidDay};

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 1_440 * MINUTE;

/// Numbers that follow from a seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % (n.max(1) as u64)).unwrap_or(0)
    }

    fn percent(&mut self, n: usize) -> bool {
        self.below(1000) < n * 10
    }

    /// From minus `n` to `n`, often small.
    fn around(&mut self, n: i64) -> i64 {
        let most = [1, 3, n.min(20), n][self.below(4)];
        i64::try_from(self.below(usize::try_from(2 * most + 1).unwrap_or(1))).unwrap_or(0) - most
    }
}

/// How much of it: percent of the lines.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    /// Recorded days or months later than they were.
    pub late: usize,
    /// Said to have been entered earlier than recorded.
    pub entered: usize,
    /// Corrected, some again.
    pub corrected: usize,
    /// Retracted, every third given back.
    pub retracted: usize,
    /// Told again under another name, with something changed.
    pub again: usize,
}

impl Measure {
    /// About what a careless office does in a year.
    pub const CARELESS: Self = Self { late: 5, entered: 4, corrected: 8, retracted: 2, again: 3 };
}

struct Office {
    dice: Dice,
    lines: Vec<Draft>,
    /// Values of a field by type and field, as seen anywhere.
    seen: BTreeMap<(&'static str, &'static str), Vec<Raw<'static>>>,
    from: i64,
    to: i64,
    made: usize,
}

fn recorded(draft: &Draft) -> i64 {
    draft.recorded_at.map_or(0, KnownAt::micros)
}

/// The lines with disorder, in the order of the ledger's clock.
pub fn disturb(drafts: Vec<Draft>, seed: u64, measure: Measure) -> Vec<Draft> {
    let mut seen: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for draft in &drafts {
        for (field, value) in draft.event.fields() {
            seen.entry((draft.event.type_name(), field)).or_default().push(value.into_owned());
        }
    }
    let from = drafts.first().map_or(0, recorded);
    let to = drafts.last().map_or(0, recorded);
    let mut office = Office { dice: Dice(seed), lines: drafts, seen, from, to, made: 0 };
    office.come_late(measure);
    office.tell_again(measure);
    office.correct(measure);
    office.take_back(measure);
    office.lines.sort_by_key(recorded);
    office.lines
}

impl Office {
    fn come_late(&mut self, measure: Measure) {
        let targets: BTreeSet<String> = self.lines.iter().filter_map(|d| Some(d.event.amends()?.as_str().to_owned())).collect();
        for draft in &mut self.lines {
            let told = recorded(draft);
            let target = draft.envelope.source_id.as_ref().is_some_and(|s| targets.contains(s.as_str()));
            if self.dice.percent(measure.late) && !target {
                let days = [2, 20, 120][self.dice.below(3)];
                let later = (told + i64::try_from(self.dice.below(days)).unwrap_or(0) * DAY + MINUTE).min(self.to);
                draft.recorded_at = Some(KnownAt::from_micros(later.max(told)));
            }
            if self.dice.percent(measure.entered) && draft.envelope.entered_at.is_none() {
                let earlier = recorded(draft) - i64::try_from(self.dice.below(60 * 24)).unwrap_or(0) * 30 * MINUTE;
                draft.envelope.entered_at = Some(KnownAt::from_micros(earlier));
            }
        }
    }

    /// A later moment than the one given, before the end.
    fn later(&mut self, than: i64) -> i64 {
        let days = [1, 10, 60, 365][self.dice.below(4)];
        let minutes = i64::try_from(self.dice.below(days * 1_440)).unwrap_or(0) + 1;
        (than + minutes * MINUTE).min(self.to.max(than))
    }

    fn file(&mut self, event: impl Into<Event>, at: i64) {
        self.made += 1;
        let source_id = SourceId::parse(&format!("disorder:{}", self.made)).ok();
        let entered_at = self.dice.percent(10).then(|| KnownAt::from_micros((at - 3 * DAY).max(self.from)));
        let envelope = Envelope { source_id, entered_at, ..Envelope::default() };
        self.lines.push(Draft { event: event.into(), envelope, recorded_at: Some(KnownAt::from_micros(at)) });
    }

    /// A change that the event allows: the value another line has there, or one near its own.
    fn change(&mut self, event: &Event) -> Option<(String, Raw<'static>)> {
        let fixed = event.fixed_fields();
        let open: Vec<_> = event.schema().fields.iter().filter(|f| !fixed.contains(&f.name)).collect();
        let field = open.get(self.dice.below(open.len()))?;
        let now = event.fields().into_iter().find(|(name, _)| *name == field.name)?.1.into_owned();
        let values = self.seen.get(&(event.type_name(), field.name))?;
        // A setting's value belongs to its name.
        let foreign = event.type_name() != "parameter_set";
        let other = values.get(self.dice.below(values.len())).filter(|_| foreign).cloned();
        let value = match field.kind {
            Kind::Day | Kind::Instant | Kind::DayOrInstant | Kind::BirthDate if !self.dice.percent(15) => self.near(&now)?,
            Kind::Int { .. } if !self.dice.percent(30) => Raw::Int(now.as_int()? + self.dice.around(3)),
            Kind::Bool => if let Raw::Bool(b) = now { Raw::Bool(!b) } else { other? },
            Kind::List(_) if self.dice.percent(40) => self.shorter(&now)?,
            Kind::Id(_)
            | Kind::Text
            | Kind::Confidential
            | Kind::BirthDate
            | Kind::Day
            | Kind::Instant
            | Kind::DayOrInstant
            | Kind::Int { .. }
            | Kind::Word(_)
            | Kind::Digest
            | Kind::Scalar
            | Kind::List(_)
            | Kind::Record(_)
            | Kind::Changes => if !field.required && self.dice.percent(30) { Raw::Null } else { other? },
        };
        let change = (field.name.to_owned(), value);
        event.corrected(std::slice::from_ref(&change)).ok().map(|_| change)
    }

    fn near(&mut self, now: &Raw<'static>) -> Option<Raw<'static>> {
        let text = now.as_text()?;
        if let Some(day) = ValidDay::parse(text) {
            return Some(Raw::owned(Moment::Day(day.plus_days(self.dice.around(400))).to_string()));
        }
        let at = ValidAt::parse(text)?.micros();
        let moved = if self.dice.percent(50) { self.dice.around(200) * MINUTE } else { self.dice.around(60) * DAY };
        Some(Raw::owned(ValidAt::from_micros(at + moved).to_string()))
    }

    fn shorter(&mut self, now: &Raw<'static>) -> Option<Raw<'static>> {
        let Raw::List(items) = now else { return None };
        let mut items = items.clone();
        if items.is_empty() {
            return None;
        }
        let place = self.dice.below(items.len());
        if self.dice.percent(50) {
            items.remove(place);
        } else {
            items.push(items[place].clone());
        }
        Some(Raw::List(items))
    }

    fn tell_again(&mut self, measure: Measure) {
        for place in 0..self.lines.len() {
            let event = self.lines[place].event.clone();
            if !self.dice.percent(measure.again) || event.amends().is_some() || matches!(event, Event::Ledger(_)) {
                continue;
            }
            let mut changes = Vec::new();
            if let Some(introduced) = event.introduces() {
                if event.type_name() == "plan_created" || event.type_name() == "plan_amended" {
                    changes.push(("version".to_owned(), Raw::Int(i64::try_from(20 + self.made).unwrap_or(20))));
                } else {
                    changes.push((introduced.field.to_owned(), Raw::owned(format!("again-{}", self.made))));
                }
            }
            for _ in 0..=self.dice.below(2) {
                changes.extend(self.change(&event));
            }
            let told = recorded(&self.lines[place]);
            let at = self.later(told);
            if let Ok(event) = event.corrected(&changes) {
                self.file(event, at);
            }
        }
    }

    fn target(&self, place: usize) -> Option<TargetRef> {
        TargetRef::parse(self.lines[place].envelope.source_id.as_ref()?.as_str()).ok()
    }

    fn correct(&mut self, measure: Measure) {
        for place in 0..self.lines.len() {
            let event = self.lines[place].event.clone();
            if !self.dice.percent(measure.corrected) || event.amends().is_some() || matches!(event, Event::Ledger(_)) {
                continue;
            }
            let mut believed = event.clone();
            let mut told = recorded(&self.lines[place]);
            for _ in 0..=self.dice.below(3) {
                let (Some(change), Some(target), Ok(reason)) = (self.change(&believed), self.target(place), Text::parse("it was otherwise")) else {
                    continue;
                };
                let Ok(now) = believed.corrected(std::slice::from_ref(&change)) else { continue };
                believed = now;
                told = self.later(told);
                self.file(EventCorrected { target, fields: Changes(vec![change]), reason }, told);
            }
        }
    }

    /// Retracts lines, corrections among them, and some retractions.
    fn take_back(&mut self, measure: Measure) {
        let mut place = 0;
        while place < self.lines.len() {
            let amends = self.lines[place].event.amends().is_some();
            let percent = if amends { 20 } else { measure.retracted };
            if self.dice.percent(percent)
                && let (Some(target), Ok(reason)) = (self.target(place), Text::parse("it was not so"))
            {
                let told = recorded(&self.lines[place]);
                let at = self.later(told);
                self.file(EventRetracted { target, reason }, at);
            }
            place += 1;
        }
    }
}
