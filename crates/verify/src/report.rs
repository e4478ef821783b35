//! What a check found: its steps, what the pack tells, the verdict, and the one sentence that sums it up.
//! It refuses a green verdict where a step failed, where nothing was there to check, or where no key came from outside.

use crate::time;

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything it asks for holds.
    Passed,
    /// Something does not hold.
    Failed,
    /// It was not done, and the detail says why.
    NotChecked,
}

impl Outcome {
    /// As it is printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Passed => "passed",
            Outcome::Failed => "failed",
            Outcome::NotChecked => "not checked",
        }
    }
}

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Short name, the same in every version.
    pub id: &'static str,
    /// What is checked, for people.
    pub what: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// What was found.
    pub detail: String,
}

/// A finding's evidence as the bodies say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restated {
    /// Finding.
    pub id: String,
    /// Rule.
    pub rule: String,
    /// Class: violation, documentation or advisory.
    pub class: String,
    /// The finding's own message, as the pack says it.
    pub message: String,
    /// Seq of each event of evidence, and what its body says.
    pub evidence: Vec<(u64, String)>,
}

/// What the pack is of, as far as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Origin of the ledger.
    pub origin: String,
    /// Whether the ledger says that its people are invented.
    pub simulated: bool,
    /// Events in the ledger, and the root over them in base64.
    pub tree: Option<(u64, String)>,
    /// The scope in words.
    pub scope: String,
    /// First and last seq of a pack that is whole between them.
    pub complete: Option<(u64, u64)>,
    /// Day the findings were judged on, and the rule set.
    pub judged: Option<(String, String)>,
    /// Records, and those whose body is here.
    pub frames: u64,
    /// Records whose body is here.
    pub bodies: u64,
    /// `recorded_at` of the first and last record, microseconds.
    pub recorded: Option<(i64, i64)>,
    /// Findings: violations, documentation gaps, advisories.
    pub findings: Option<(u64, u64, u64)>,
    /// Sealed values that nobody can open any more.
    pub erased: u64,
    /// Records under 42 CFR part 2 are in it.
    pub part2: bool,
    /// The largest checkpoint from outside that this pack was shown to continue: where it came from, and its size.
    pub anchor: Option<(String, u64)>,
    /// Earliest time at which a known witness had seen this very tree, POSIX seconds.
    pub witnessed: Option<u64>,
}

/// What is to be said in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every step passed under a key from outside.
    Verified,
    /// The same, and some values were erased in the meantime.
    VerifiedWithErasedParts,
    /// Every step passed, but the key is the pack's own.
    SelfConsistentOnly,
    /// Something does not hold, or there is nothing in it.
    Failed,
}

impl Verdict {
    /// As `FORMAT.md` names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Verified => "verified",
            Verdict::VerifiedWithErasedParts => "verified_with_erased_parts",
            Verdict::SelfConsistentOnly => "self_consistent_only",
            Verdict::Failed => "failed",
        }
    }

    /// Whether it can be relied on: exit code 0.
    pub fn is_green(self) -> bool {
        matches!(self, Verdict::Verified | Verdict::VerifiedWithErasedParts)
    }
}

/// Everything that a check found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The steps in the order they were taken.
    pub steps: Vec<Step>,
    /// What the pack is of.
    pub told: Told,
    /// The findings with their evidence.
    pub restated: Vec<Restated>,
    /// Whether the key came from outside.
    pub key_given: bool,
}

/// A step under way.
pub(crate) struct Open<'r> {
    report: &'r mut Report,
    id: &'static str,
    what: &'static str,
}

impl Report {
    pub(crate) fn step(&mut self, id: &'static str, what: &'static str) -> Open<'_> {
        Open { report: self, id, what }
    }

    /// The verdict.
    pub fn verdict(&self) -> Verdict {
        let failed = self.steps.iter().any(|step| step.outcome == Outcome::Failed);
        // The last of the steps on evidence: without it a report is not a whole one.
        let whole = self.steps.iter().any(|step| step.id == "counts" && step.outcome == Outcome::Passed);
        if failed || !whole || self.told.frames == 0 {
            Verdict::Failed
        } else if !self.key_given {
            Verdict::SelfConsistentOnly
        } else if self.told.erased > 0 {
            Verdict::VerifiedWithErasedParts
        } else {
            Verdict::Verified
        }
    }

    /// Whether these records are the ones, since when, whether anything was left out, and what the rules said: in one sentence.
    pub fn sentence(&self) -> String {
        let told = &self.told;
        let verdict = self.verdict();
        if verdict == Verdict::Failed {
            let why = self.steps.iter().find(|step| step.outcome == Outcome::Failed);
            let why = why.map_or("there is nothing in it that could be checked".to_owned(), |step| step.detail.clone());
            return format!("FAILED: do not rely on this pack, because {why}.");
        }
        let (size, _) = told.tree.clone().unwrap_or_default();
        let records = count(told.frames, "record");
        let opening = match verdict {
            Verdict::SelfConsistentOnly => format!("Self-consistent only: {records} agree with each other and with a key that the pack brought itself, so all of it may have been made up (check with --key), claiming to be of {}", told.origin),
            Verdict::VerifiedWithErasedParts => format!("Verified, with erased parts: these {records} are the ones in {} at {}, {} of which nobody can open any more", told.origin, count(size, "event"), count(told.erased, "sealed value")),
            Verdict::Verified | Verdict::Failed => format!("Verified: these {records} are the ones in {} at {}", told.origin, count(size, "event")),
        };
        format!("{opening}; {}; {}; {}.", self.since(), self.left_out(), self.rules())
    }

    fn since(&self) -> String {
        let told = &self.told;
        let (first, last) = told.recorded.unwrap_or_default();
        let recorded = format!("recorded from {} to {} by the ledger's own clock", time::date(first), time::date(last));
        let anchor = told.anchor.as_ref().map(|(whose, size)| format!("and unchanged since your checkpoint {whose} over {}", count(*size, "event")));
        let witnessed = told.witnessed.map(|seconds| format!("and unchanged since a witness saw them on {}", time::date(i64::try_from(seconds).unwrap_or(0).saturating_mul(1_000_000))));
        match (anchor, witnessed) {
            (None, None) => format!("{recorded}, since when nobody outside vouches for"),
            (anchor, witnessed) => [Some(recorded), anchor, witnessed].into_iter().flatten().collect::<Vec<_>>().join(", "),
        }
    }

    fn left_out(&self) -> String {
        let told = &self.told;
        let withheld = told.frames.saturating_sub(told.bodies);
        let bodies = if withheld == 0 { String::new() } else { format!(" (the contents of {withheld} are withheld and listed)") };
        match told.complete {
            Some((from, to)) => format!("nothing between seq {from} and seq {to} was left out{bodies}"),
            None => format!("it is a selection ({}){bodies}, which cannot prove that nothing belonging to it was left out", told.scope),
        }
    }

    fn rules(&self) -> String {
        let (Some((violations, gaps, advisories)), Some((today, _))) = (self.told.findings, self.told.judged.as_ref()) else {
            return "what the rules said was not read".into();
        };
        format!("the rules, as the ledger's holder ran them for {today}, said {}, {} and {}", count(violations, "violation"), count(gaps, "documentation gap"), match advisories {
            1 => "1 advisory".to_owned(),
            n => format!("{} advisories", grouped(n)),
        })
    }
}

impl Open<'_> {
    fn end(self, outcome: Outcome, detail: String) {
        self.report.steps.push(Step { id: self.id, what: self.what, outcome, detail });
    }

    pub(crate) fn not_checked(self, detail: impl Into<String>) {
        self.end(Outcome::NotChecked, detail.into());
    }

    /// Ends the step with what was found, and hands the value on.
    pub(crate) fn ended<T>(self, result: Result<(T, String), String>) -> Option<T> {
        match result {
            Ok((value, detail)) => {
                self.end(Outcome::Passed, detail);
                Some(value)
            }
            Err(why) => {
                self.end(Outcome::Failed, why);
                None
            }
        }
    }
}

/// A number and what it counts.
pub(crate) fn count(n: u64, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{} {what}s", grouped(n)) }
}

/// A number with commas.
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
