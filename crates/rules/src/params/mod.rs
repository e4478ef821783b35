//! Dated parameters: every threshold with the days it is in force, its unit and its source.
//! The loader refuses gaps and overlaps; a value that is not in force on a day is missing, never a default.

mod asked;

use std::collections::BTreeMap;

use domain::ValidDay;
use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::rule::{Rule, Table};

pub use asked::Params;

/// Why parameters cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum ParamError {
    /// The file is not the TOML that is wanted.
    #[error("{owner}: parameters cannot be read: {message}")]
    Unreadable {
        /// Rule or table.
        owner: String,
        /// What the parser says.
        message: String,
    },
    /// A date is not one.
    #[error("{owner}: parameter {name}: {text:?} is not a date, YYYY-MM-DD")]
    Date {
        /// Rule or table.
        owner: String,
        /// Parameter.
        name: String,
        /// What was there.
        text: String,
    },
    /// Two periods leave days between them without a value, or share days.
    #[error("{owner}: parameter {name}: the period from {from} does not begin the day after the one before it ends ({previous})")]
    Seam {
        /// Rule or table.
        owner: String,
        /// Parameter.
        name: String,
        /// First day of the later period.
        from: ValidDay,
        /// What the earlier period says of its end.
        previous: String,
    },
    /// A rule without the day it came into force.
    #[error("{owner}: no parameter in_force says from which day the rule is in force")]
    NeverInForce {
        /// Rule.
        owner: String,
    },
}

/// A value of a parameter.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A switch.
    Flag(bool),
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PeriodToml {
    from: String,
    to: Option<String>,
    value: Value,
    #[serde(default)]
    unit: String,
    source: String,
    #[serde(default)]
    locator: String,
    read_on: String,
    #[serde(default)]
    settable: bool,
    setting: Option<String>,
    #[serde(default)]
    note: String,
}

/// One period of a parameter.
#[derive(Debug, Clone)]
pub struct Period {
    /// First day in force.
    pub from: ValidDay,
    /// Last day in force, if it ended.
    pub to: Option<ValidDay>,
    /// Value.
    pub value: Value,
    /// Unit, in words.
    pub unit: String,
    /// Document and section, or "agency policy".
    pub source: String,
    /// At most twelve words that find the place.
    pub locator: String,
    /// The day the source was last read.
    pub read_on: ValidDay,
    /// What a reader should know, such as "verify with OMH".
    pub note: String,
}

/// From after the last day to before the first.
const NEVER: (ValidDay, ValidDay) = (ValidDay::MAX, ValidDay::MIN);

/// A parameter: its periods, and the agency setting that overrides it, if one may.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Name within its rule or table.
    pub name: String,
    /// Periods in order, without gap or overlap.
    pub periods: Vec<Period>,
    /// The name under which an agency may set it.
    pub setting: Option<String>,
}

impl Parameter {
    /// The value in force on a day.
    pub fn on(&self, day: ValidDay) -> Option<&Value> {
        self.periods.iter().rev().find(|p| p.from <= day && p.to.is_none_or(|to| day <= to)).map(|p| &p.value)
    }

    /// The first and the last day on which it is true.
    fn days(&self) -> (ValidDay, ValidDay) {
        let true_in = self.periods.iter().filter(|p| p.value == Value::Flag(true));
        true_in.fold(NEVER, |(first, last), p| (first.min(p.from), last.max(p.to.unwrap_or(ValidDay::MAX))))
    }
}

/// The parameters of one rule or table.
#[derive(Debug, Clone)]
pub struct ParamSet {
    /// Rule id or table name.
    pub owner: String,
    /// Parameters by name.
    pub parameters: Vec<Parameter>,
    /// The place of the one that says when the rule is in force: it is asked before every check.
    in_force: Option<usize>,
    /// The first and the last day on which it says so; the first after the last where there is none.
    days: (ValidDay, ValidDay),
}

/// The shared tables, found by a parameter's whole name at once: checks ask a million times.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    sets: Vec<ParamSet>,
    places: FxHashMap<String, (usize, usize)>,
}

impl Tables {
    /// Loads the tables.
    ///
    /// # Errors
    /// [`ParamError`].
    pub fn load(tables: &[Table]) -> Result<Self, ParamError> {
        let sets: Vec<ParamSet> = tables.iter().map(ParamSet::of_table).collect::<Result<_, _>>()?;
        let named = |(i, set): (usize, &ParamSet)| {
            let owner = set.owner.clone();
            set.parameters.iter().enumerate().map(move |(j, p)| (format!("{owner}.{}", p.name), (i, j))).collect::<Vec<_>>()
        };
        let places = sets.iter().enumerate().flat_map(named).collect();
        Ok(Self { sets, places })
    }

    /// The tables, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &ParamSet> {
        self.sets.iter()
    }

    /// A parameter by its whole name, as in `disciplines.lpha`.
    pub fn get(&self, name: &str) -> Option<&Parameter> {
        let (set, place) = self.places.get(name)?;
        self.sets.get(*set)?.parameters.get(*place)
    }
}

impl ParamSet {
    /// Loads the parameters of a rule.
    ///
    /// # Errors
    /// [`ParamError`], also when the rule does not say when it came into force.
    pub fn of_rule(rule: &Rule) -> Result<Self, ParamError> {
        let set = Self::parse(rule.id, rule.params)?;
        if set.in_force.is_none() {
            return Err(ParamError::NeverInForce { owner: set.owner });
        }
        Ok(set)
    }

    /// No parameters: whoever asks without a rule finds the shared tables alone.
    pub fn none(owner: &str) -> Self {
        Self { owner: owner.to_owned(), parameters: Vec::new(), in_force: None, days: NEVER }
    }

    /// Loads the parameters of a table.
    ///
    /// # Errors
    /// [`ParamError`].
    pub fn of_table(table: &Table) -> Result<Self, ParamError> {
        Self::parse(table.name, table.params)
    }

    /// Loads parameters from TOML: `[[name]]` tables, each one period.
    ///
    /// # Errors
    /// [`ParamError`].
    pub fn parse(owner: &str, text: &str) -> Result<Self, ParamError> {
        let unreadable = |message: String| ParamError::Unreadable { owner: owner.to_owned(), message };
        let tables: BTreeMap<String, Vec<PeriodToml>> = toml::from_str(text).map_err(|e| unreadable(e.to_string()))?;
        let parameters: Vec<Parameter> = tables.into_iter().map(|(name, periods)| parameter(owner, name, periods)).collect::<Result<_, _>>()?;
        let in_force = parameters.iter().position(|p| p.name == "in_force");
        let days = in_force.and_then(|place| parameters.get(place)).map_or(NEVER, Parameter::days);
        Ok(Self { owner: owner.to_owned(), parameters, in_force, days })
    }

    /// A parameter by name.
    pub fn get(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|p| p.name == name)
    }
}

fn parameter(owner: &str, name: String, periods: Vec<PeriodToml>) -> Result<Parameter, ParamError> {
    let day = |text: &str| {
        ValidDay::parse(text).ok_or_else(|| ParamError::Date { owner: owner.to_owned(), name: name.clone(), text: text.to_owned() })
    };
    let mut setting = None;
    let mut done: Vec<Period> = Vec::new();
    for p in periods {
        if let Some(given) = p.setting {
            setting = Some(given);
        } else if p.settable {
            setting = Some(format!("{owner}.{name}"));
        }
        let from = day(&p.from)?;
        let previous = done.last().map(|last: &Period| last.to);
        let seamless = previous.is_none_or(|to| to.is_some_and(|to| to.plus_days(1) == from));
        if !seamless {
            let previous = previous.flatten().map_or("it is open".to_owned(), |to| format!("on {to}"));
            return Err(ParamError::Seam { owner: owner.to_owned(), name: name.clone(), from, previous });
        }
        let to = p.to.as_deref().map(day).transpose()?;
        let read_on = day(&p.read_on)?;
        done.push(Period { from, to, value: p.value, unit: p.unit, source: p.source, locator: p.locator, read_on, note: p.note });
    }
    Ok(Parameter { name, periods: done, setting })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use timeline::View;

    use super::*;

    const PERIOD: &str = "source = \"[G] Billing\"\nread_on = \"2026-11-21\"\n";

    #[test]
    fn a_gap_and_an_overlap_are_refused() {
        for second in ["2025-01-03", "2025-01-01", "2024-06-01"] {
            let text = format!(
                "[[max]]\nfrom = \"2024-01-01\"\nto = \"2025-01-01\"\nvalue = 12\n{PERIOD}[[max]]\nfrom = \"{second}\"\nvalue = 13\n{PERIOD}"
            );
            assert!(matches!(ParamSet::parse("R", &text), Err(ParamError::Seam { .. })), "{second}");
        }
        let text = format!(
            "[[max]]\nfrom = \"2024-01-01\"\nto = \"2025-01-01\"\nvalue = 12\n{PERIOD}[[max]]\nfrom = \"2025-01-02\"\nvalue = 13\n{PERIOD}"
        );
        let set = ParamSet::parse("R", &text).unwrap();
        let on = |d: &str| set.get("max").unwrap().on(ValidDay::parse(d).unwrap()).cloned();
        assert_eq!(on("2023-12-31"), None);
        assert_eq!(on("2025-01-01"), Some(Value::Int(12)));
        assert_eq!(on("2025-01-02"), Some(Value::Int(13)));
    }

    #[test]
    fn the_least_number_from_a_day_on_is_told_only_where_one_is_in_force_ever_after() {
        let first = format!("[[max]]\nfrom = \"2024-01-01\"\nto = \"2025-01-01\"\nvalue = 12\n{PERIOD}");
        let second = |to: &str, value: &str| ParamSet::parse("R", &format!("{first}[[max]]\nfrom = \"2025-01-02\"\n{to}value = {value}\n{PERIOD}")).unwrap();
        let (tables, history) = (Tables::load(&[]).unwrap(), timeline::History::default());
        let day = |d: &str| ValidDay::parse(d).unwrap();
        let view = View::of(&history, day("2026-01-01"));
        let least = |set: &ParamSet, from: &str| Params::new(set, &tables, view).least_int("max", day(from));
        assert_eq!(least(&second("", "13"), "2024-06-01"), Some(12));
        assert_eq!(least(&second("", "11"), "2024-06-01"), Some(11));
        assert_eq!(least(&second("", "13"), "2025-01-02"), Some(13));
        assert_eq!(least(&second("", "13"), "2023-12-31"), None, "not in force at first");
        assert_eq!(least(&second("to = \"2025-12-31\"\n", "13"), "2024-06-01"), None, "not in force at last");
        assert_eq!(least(&second("", "true"), "2024-06-01"), None, "not a number later");
        assert_eq!(least(&second("", "13"), "2025-01-01"), Some(12));
    }

    #[test]
    fn a_rule_is_looked_at_on_the_days_between_the_first_and_the_last_on_which_it_is_in_force() {
        let (tables, history) = (Tables::load(&[]).unwrap(), timeline::History::default());
        let day = |d: &str| ValidDay::parse(d).unwrap();
        let days = |text: &str| {
            let set = ParamSet::parse("R", text).unwrap();
            let params = Params::new(&set, &tables, View::of(&history, day("2026-01-01")));
            let (from, to) = params.days();
            assert!(from > to || params.in_force(from) && !params.in_force(from.plus_days(-1)));
            assert!(from > to || params.in_force(to) && (to == ValidDay::MAX || !params.in_force(to.plus_days(1))));
            ((from, to), params.days_from(day("2024-06-01")))
        };
        let period = |from: &str, to: &str, value: &str| format!("[[in_force]]\nfrom = \"{from}\"\n{to}value = {value}\n{PERIOD}");
        let (first, interlude) = (period("2022-11-23", "to = \"2024-01-31\"\n", "true"), period("2024-02-01", "to = \"2024-02-29\"\n", "false"));
        let again = period("2024-03-01", "", "true");
        assert_eq!(days(&format!("{first}{interlude}{again}")), ((day("2022-11-23"), ValidDay::MAX), (day("2024-06-01"), ValidDay::MAX)));
        assert_eq!(days(&format!("{first}{interlude}")).0, (day("2022-11-23"), day("2024-01-31")));
        let (never, still) = days(&interlude);
        assert!(never.0 > never.1 && still.0 > still.1);
    }

    #[test]
    fn an_open_period_followed_by_another_is_refused() {
        let text = format!("[[max]]\nfrom = \"2024-01-01\"\nvalue = 12\n{PERIOD}[[max]]\nfrom = \"2025-01-02\"\nvalue = 13\n{PERIOD}");
        assert!(matches!(ParamSet::parse("R", &text), Err(ParamError::Seam { .. })));
    }
}
