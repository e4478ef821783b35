//! What falls due: what is in force today and will not be, and what must be on record by a day that is not over.
//! Asks the same view and the same dated parameters as the rules; raises no finding, because nothing is missing yet.

mod care;
mod papers;
mod people;

use std::path::Path;

use domain::{KnownAt, ValidDay};
use ledger::Ledger;
use rules::params::ParamSet;
use rules::{Engine, Missing, Params};
use timeline::{PersonKey, View};

use crate::cut::Cut;
use crate::error::AuditError;
use crate::json::Frame;
use crate::loaded::{self, Loaded};
use crate::resume;

/// Kind of thing that falls due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A peer credential ends.
    Credential,
    /// A licence or permit ends.
    Licence,
    /// A designation as professional staff, or a qualification as supervisor, ends.
    Designation,
    /// The twelve months of a CRPA end.
    Crpa,
    /// A birthday ends a permission.
    Birthday,
    /// A contract ends.
    Contract,
    /// An assignment of a supervisor ends or has ended.
    Supervision,
    /// Collaboration with a contracted peer must be on record.
    Collaboration,
    /// A waiver expires.
    Waiver,
    /// A decision about a finding set a due date.
    Decision,
    /// The last day of an overpayment clock.
    Overpayment,
    /// A source must be read again.
    Source,
}

impl Kind {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Credential => "credential",
            Kind::Licence => "licence",
            Kind::Designation => "designation",
            Kind::Crpa => "crpa",
            Kind::Birthday => "birthday",
            Kind::Contract => "contract",
            Kind::Supervision => "supervision",
            Kind::Collaboration => "collaboration",
            Kind::Waiver => "waiver",
            Kind::Decision => "decision",
            Kind::Overpayment => "overpayment",
            Kind::Source => "source",
        }
    }
}

/// One thing that falls due.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// The last day on which it still is, or may still be done.
    pub on: ValidDay,
    /// What it is.
    pub kind: Kind,
    /// Whom and what it is about, as names and ids.
    pub subject: Vec<(&'static str, String)>,
    /// In a sentence, dates as YYYY-MM-DD.
    pub says: String,
}

/// What falls due.
#[derive(Debug)]
pub struct Upcoming {
    /// Ledger, cut and day.
    pub frame: Frame,
    /// Days looked ahead.
    pub days: u32,
    /// By date, then kind and subject.
    pub items: Vec<Item>,
    /// What could not be asked because a parameter is missing or was set to nonsense.
    pub not_evaluated: Vec<String>,
}

/// Looks ahead from the evaluation day.
///
/// # Errors
/// A ledger that cannot be read.
pub fn upcoming(dir: &Path, days: u32, cut: Cut, today: Option<ValidDay>, now: KnownAt) -> Result<Upcoming, AuditError> {
    let engine = loaded::engine()?;
    let ledger = Ledger::open_reader(dir)?;
    resume::answer(|kept| {
        let loaded = resume::loaded(&ledger, &engine, cut, today, now.local_day(), kept)?;
        due(&engine, &loaded, days)
    })
}

/// What falls due in a ledger that was loaded.
pub(crate) fn due(engine: &Engine, loaded: &Loaded, days: u32) -> Result<Upcoming, AuditError> {
    let own = ParamSet::parse("upcoming", include_str!("upcoming.toml"))?;
    let today = loaded.frame.today;
    let ahead = Ahead { view: loaded.view(), engine, own: &own, today, until: today.plus_days(i64::from(days)) };
    let mut items = people::items(&ahead);
    let mut not_evaluated = Vec::new();
    for asked in [people::crpa(&ahead), people::ypa(&ahead), care::pros_birthdays(&ahead), care::collaboration(&ahead), papers::sources(&ahead)] {
        match asked {
            Ok(found) => items.extend(found),
            Err(Missing(what)) => not_evaluated.push(what),
        }
    }
    items.extend(care::contracts(&ahead));
    items.extend(papers::decisions(&ahead, loaded));
    items.extend(papers::overpayments(&ahead, loaded)?);
    items.sort();
    items.dedup();
    Ok(Upcoming { frame: loaded.frame.clone(), days, items, not_evaluated })
}

/// The view, the parameters and the days looked at.
struct Ahead<'a> {
    view: View<'a>,
    engine: &'a Engine,
    own: &'a ParamSet,
    today: ValidDay,
    until: ValidDay,
}

impl<'a> Ahead<'a> {
    /// A whole number of a rule's parameters, or of a shared table's, as the agency's settings have it on a day.
    fn int(&self, rule: &str, name: &str, day: ValidDay) -> Result<i64, Missing> {
        let set = self.engine.rules().find(|(r, _)| r.id == rule).map_or(self.own, |(_, set)| set);
        Params::new(set, self.engine.tables(), self.view).int(name, day)
    }

    /// A whole number of this page's own parameters.
    fn own(&self, name: &str) -> Result<i64, Missing> {
        Params::new(self.own, self.engine.tables(), self.view).int(name, self.today)
    }

    /// Whether a day is one of those looked at.
    fn covers(&self, day: ValidDay) -> bool {
        self.today <= day && day <= self.until
    }

    /// The first day looked at after which something is no longer so.
    fn last_day(&self, holds: impl Fn(ValidDay) -> bool) -> Option<ValidDay> {
        last_day(self.today, self.until, holds)
    }

    /// Whether a person works here on a day; somebody of whom no engagement is on record is taken to.
    fn works(&self, person: PersonKey, day: ValidDay) -> bool {
        let facts = self.view.history().person_facts(person);
        let unknown = self.view.rows(&facts.engaged, |_| true).next().is_none();
        unknown || self.view.engagement(person, day).is_some()
    }

    /// Everybody who works here today.
    fn staff(&self) -> impl Iterator<Item = PersonKey> {
        self.view.history().all_people().filter(|p| self.works(*p, self.today))
    }

    fn person(&self, person: PersonKey) -> String {
        self.view.history().person_name(person).to_owned()
    }
}

fn last_day(from: ValidDay, until: ValidDay, holds: impl Fn(ValidDay) -> bool) -> Option<ValidDay> {
    (0..=until.days_since(from)).map(|n| from.plus_days(n)).find(|day| holds(*day) && !holds(day.plus_days(1)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_last_day_is_the_last_on_which_it_holds() {
        let day = |t: &str| ValidDay::parse(t).unwrap();
        let through = |last: &'static str| move |d: ValidDay| d <= day(last);
        assert_eq!(last_day(day("2025-06-18"), day("2025-06-20"), through("2025-06-18")), Some(day("2025-06-18")));
        assert_eq!(last_day(day("2025-06-18"), day("2025-06-20"), through("2025-06-20")), Some(day("2025-06-20")));
        assert_eq!(last_day(day("2025-06-18"), day("2025-06-20"), through("2025-06-21")), None);
        assert_eq!(last_day(day("2025-06-18"), day("2025-06-20"), through("2025-06-17")), None);
        // Two intervals that meet are one: a renewal on record ends nothing.
        let renewed = |d: ValidDay| d <= day("2025-06-19") || d >= day("2025-06-20");
        assert_eq!(last_day(day("2025-06-18"), day("2025-06-25"), renewed), None);
    }
}
