//! The one-line notation of findings in `cases.md`, and whether a finding is what a line expects.
//! Compares what a line gives and nothing else, but every finding must be expected by some line.

use anyhow::{Context, Result, bail};
use rules::{Finding, NotEvaluated};

use crate::script::instant;

/// One expected line: a finding, or a rule that could not be judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// Rule.
    pub rule: String,
    /// Subject as `key=value` words, in the order given.
    pub subject: Vec<(String, String)>,
    /// Class and status; `None` for a line that begins with `not_evaluated`.
    pub class: Option<(String, String)>,
    /// Further fields to compare, by name.
    pub further: Vec<(String, String)>,
}

const CLASSES: [&str; 3] = ["violation", "documentation", "advisory"];
const FURTHER: [&str; 4] = ["detectable", "exposure", "true_from", "known_at_claim"];

impl Expected {
    /// Parses a line.
    ///
    /// # Errors
    /// What cannot be understood.
    pub fn parse(line: &str) -> Result<Self> {
        let mut words = line.split_whitespace().peekable();
        let not_evaluated = words.next_if_eq(&"not_evaluated").is_some();
        let rule = words.next().context("a rule is missing")?.to_owned();
        let mut subject = Vec::new();
        while let Some((key, value)) = words.peek().and_then(|w| w.split_once('=')) {
            subject.push((key.to_owned(), value.to_owned()));
            words.next();
        }
        if subject.is_empty() {
            bail!("{line:?}: a subject (contact=C1) is missing");
        }
        let mut expected = Self { rule, subject, class: None, further: Vec::new() };
        if !not_evaluated {
            let class = words.next().filter(|c| CLASSES.contains(c)).with_context(|| format!("{line:?}: a class is missing"))?;
            let status = if words.next_if_eq(&"cured_late").is_some() { "cured_late" } else { "open" };
            expected.class = Some((class.to_owned(), status.to_owned()));
        }
        while let Some(name) = words.next() {
            if !FURTHER.contains(&name) {
                bail!("{line:?}: {name:?} is none of {FURTHER:?}");
            }
            expected.further.push((name.to_owned(), words.next().with_context(|| format!("{name} has no value"))?.to_owned()));
        }
        Ok(expected)
    }

    fn same_subject(&self, rule: &str, subject: &rules::subject::SubjectName) -> bool {
        let given: Vec<(String, String)> = subject.0.iter().map(|(k, v)| ((*k).to_owned(), v.to_string())).collect();
        self.rule == rule && self.subject == given
    }

    /// Whether a finding is the one of this line, further fields included.
    pub fn matches(&self, f: &Finding) -> bool {
        let class = Some((f.class.as_str().to_owned(), f.status.as_str().to_owned()));
        self.class == class && self.same_subject(f.rule, &f.subject) && self.further.iter().all(|(n, v)| further_matches(f, n, v))
    }

    /// Whether an unjudged rule is the one of this line.
    pub fn matches_not_evaluated(&self, n: &NotEvaluated) -> bool {
        self.class.is_none() && self.same_subject(n.rule, &n.subject)
    }
}

fn known_at_claim(f: &Finding) -> &'static str {
    match f.known_at_claim {
        Some(true) => "true",
        Some(false) => "false",
        None => "none",
    }
}

fn further_matches(f: &Finding, name: &str, value: &str) -> bool {
    match name {
        "detectable" => instant(value).is_some_and(|at| at.micros() == f.first_detectable.micros()),
        "exposure" => f.exposure.0.to_string() == value,
        "true_from" => f.true_from.to_string() == value,
        "known_at_claim" => known_at_claim(f) == value,
        _ => false,
    }
}

/// A finding as a line that would expect it, with every further field.
pub fn write(f: &Finding) -> String {
    let status = if f.status == rules::Status::CuredLate { " cured_late" } else { "" };
    format!(
        "{} {} {}{status} detectable {} exposure {} true_from {} known_at_claim {}",
        f.rule,
        f.subject,
        f.class.as_str(),
        f.first_detectable,
        f.exposure.0,
        f.true_from,
        known_at_claim(f)
    )
}

/// An unjudged rule as a line that would expect it.
pub fn write_not_evaluated(n: &NotEvaluated) -> String {
    format!("not_evaluated {} {}", n.rule, n.subject)
}
