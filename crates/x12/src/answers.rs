//! What receivers say of a submission: TA1 of an interchange, 999 of its groups and sets, 277CA of single claims.
//! Tells accepted from rejected and keeps the codes; which syntax error it was is for the sender's own tools.

use std::sync::Arc;

use domain::field::Mismatch;

use crate::found::{Answer, AnswerTo, Found, Item, Origin};
use crate::problem::Problem;
use crate::remits::day_or;
use crate::segment::Segment;

/// A control number, as numbers are compared: without leading zeros.
pub(crate) fn control(text: &str) -> &str {
    let stripped = text.trim_start_matches('0');
    if stripped.is_empty() && !text.is_empty() { "0" } else { stripped }
}

/// The TA1 of an interchange.
pub(crate) fn interchange(s: &Segment<'_>, origin: &Arc<Origin>) -> Result<Answer, Problem> {
    let number = s.required(1, 0, 9, "the control number of an interchange")?;
    let verdict = s.required(4, 0, 1, "A, E or R")?;
    if !matches!(verdict, "A" | "E" | "R") {
        return Err(s.wrong(4, 0, "A (accepted), E (accepted with errors) or R (rejected)"));
    }
    let note = s.optional(5, 0, 3)?.unwrap_or("000");
    Ok(Answer {
        segment: s.ordinal(),
        origin: Arc::clone(origin),
        to: AnswerTo::Interchange(control(number).to_owned()),
        accepted: verdict != "R",
        code: format!("TA1 {verdict}:{note}"),
        day: origin.at.local_day(),
    })
}

/// The state of a 999.
#[derive(Debug)]
pub(crate) struct Acknowledgements {
    origin: Arc<Origin>,
    group: Option<String>,
    set: Option<String>,
    sets: u64,
    /// The group is not one of claims: what is said of it is passed over.
    foreign: bool,
}

impl Acknowledgements {
    pub(crate) fn new(origin: Arc<Origin>) -> Self {
        Self { origin, group: None, set: None, sets: 0, foreign: false }
    }

    pub(crate) fn take(&mut self, s: &Segment<'_>, found: &mut dyn FnMut(Found)) {
        match self.read(s) {
            Ok(answer) => answer.into_iter().for_each(|a| found(Found::Item(Item::Answer(Box::new(a))))),
            Err(problem) => found(Found::Problem(problem)),
        }
    }

    fn read(&mut self, s: &Segment<'_>) -> Result<Option<Answer>, Problem> {
        match s.id() {
            b"AK1" => {
                self.foreign = s.element(1) != b"HC";
                self.group = Some(control(s.required(2, 0, 9, "the control number of a group")?).to_owned());
            }
            b"AK2" => self.set = Some(control(s.required(2, 0, 9, "the control number of a transaction set")?).to_owned()),
            b"IK5" | b"AK5" => {
                self.sets += 1;
                let set = self.set.take();
                if set.is_none() {
                    return Err(s.problem(Mismatch::new("a verdict on no transaction set", "an AK2 before it")));
                }
                return self.verdict(s, 1, set);
            }
            // With sets judged one by one the group's verdict says nothing more.
            b"AK9" if self.sets == 0 => return self.verdict(s, 1, None),
            _ => {}
        }
        Ok(None)
    }

    fn verdict(&self, s: &Segment<'_>, n: usize, set: Option<String>) -> Result<Option<Answer>, Problem> {
        let code = s.required(n, 0, 1, "A, E, P or R")?;
        let Some(group) = self.group.clone() else {
            return Err(s.problem(Mismatch::new("a verdict on no group", "an AK1 before it")));
        };
        let accepted = match code {
            "A" | "E" | "P" => true,
            "R" | "M" | "W" | "X" => false,
            _ => return Err(s.wrong(n, 0, "A (accepted), E (with errors), P (partly) or R (rejected)")),
        };
        let (segment, origin) = (s.ordinal(), Arc::clone(&self.origin));
        let day = origin.at.local_day();
        let answer = Answer { segment, origin, to: AnswerTo::Set { group, set }, accepted, code: format!("999 {code}"), day };
        Ok(Some(answer).filter(|_| !self.foreign))
    }
}

/// The state of a 277CA.
#[derive(Debug)]
pub(crate) struct Statuses {
    origin: Arc<Origin>,
    /// In the loop of a claim's patient (HL03 `PT`).
    patient: bool,
    claim: Option<(u64, String)>,
    verdict: Option<(bool, String, domain::ValidDay)>,
}

impl Statuses {
    pub(crate) fn new(origin: Arc<Origin>) -> Self {
        Self { origin, patient: false, claim: None, verdict: None }
    }

    pub(crate) fn take(&mut self, s: &Segment<'_>, found: &mut dyn FnMut(Found)) {
        if let Err(problem) = self.read(s, found) {
            found(Found::Problem(problem));
        }
    }

    fn read(&mut self, s: &Segment<'_>, found: &mut dyn FnMut(Found)) -> Result<(), Problem> {
        match s.id() {
            b"HL" => {
                self.finish(found);
                self.patient = s.element(3) == b"PT";
            }
            b"TRN" if self.patient => {
                self.finish(found);
                self.claim = Some((s.ordinal(), s.required(2, 0, 50, "the claim's number")?.to_owned()));
            }
            // Of a claim's own statuses the first one that rejects counts; those of its lines follow an SVC and are not read.
            b"STC" if self.patient && self.claim.is_some() => {
                let category = s.required(1, 1, 3, "a claim status category, as in A2 or A7")?;
                let accepted = !matches!(category, "A3" | "A4" | "A6" | "A7" | "A8");
                let code = [Some(category), s.optional(1, 2, 4)?].into_iter().flatten().collect::<Vec<_>>().join(":");
                if self.verdict.as_ref().is_none_or(|(before, ..)| *before && !accepted) {
                    self.verdict = Some((accepted, code, day_or(s, 2, self.origin.at.local_day())));
                }
            }
            b"SVC" => self.finish(found),
            _ => {}
        }
        Ok(())
    }

    /// Hands on what is said of the claim under way.
    pub(crate) fn finish(&mut self, found: &mut dyn FnMut(Found)) {
        if let (Some((segment, number)), Some((accepted, code, day))) = (self.claim.take(), self.verdict.take()) {
            let origin = Arc::clone(&self.origin);
            let answer = Answer { segment, origin, to: AnswerTo::Claim(number), accepted, code: format!("277CA {code}"), day };
            found(Found::Item(Item::Answer(Box::new(answer))));
        }
    }
}
