//! Whether an activity recorded on a contact stands on one of the lists of the table `activities`.
//! A list names codes; a finer code such as X1.01 belongs to its head, X1. Knows no list itself.

use domain::ValidDay;
use rules::{Case, Missing, Params};

/// Whether a list has the activity: by its code, or by any part of it that ends before a full stop.
///
/// # Errors
/// When the list is not in force on the day.
pub(crate) fn is_listed(p: &Params<'_>, list: &str, activity: &str, day: ValidDay) -> Result<bool, Missing> {
    for (end, _) in activity.match_indices('.') {
        if p.lists(list, &activity[..end], day)? {
            return Ok(true);
        }
    }
    p.lists(list, activity, day)
}

/// The activities of a contact that stand on a list, in their order.
///
/// # Errors
/// When the list is not in force on the day.
pub(crate) fn listed<'h>(case: &Case<'h>, p: &Params<'_>, list: &str) -> Result<Vec<&'h str>, Missing> {
    let mut found = Vec::new();
    for activity in case.activities() {
        if is_listed(p, list, activity, case.day())? {
            found.push(activity);
        }
    }
    Ok(found)
}

/// Whether activities are given and every one stands on a list.
///
/// # Errors
/// When the list is not in force on the day.
pub(crate) fn only(case: &Case<'_>, p: &Params<'_>, list: &str) -> Result<bool, Missing> {
    let mut given = false;
    for activity in case.activities() {
        if !is_listed(p, list, activity, case.day())? {
            return Ok(false);
        }
        given = true;
    }
    Ok(given)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use rules::Table;
    use rules::params::{ParamSet, Tables};
    use timeline::{Timeline, View};

    #[test]
    fn a_finer_code_belongs_to_its_head_and_a_longer_one_does_not() {
        let text = "[[clinical]]\nfrom = \"2022-11-23\"\nvalue = [\"X1\", \"B2.03\"]\nsource = \"invented\"\nread_on = \"2026-11-21\"\n";
        let own = ParamSet::parse("a rule", "").unwrap();
        let tables = Tables::load(&[Table { name: "activities", params: text }]).unwrap();
        let history = Timeline::default().settle();
        let day = |text| ValidDay::parse(text).unwrap();
        let p = Params::new(&own, &tables, View::of(&history, day("2025-01-01")));
        let on_list = |activity| is_listed(&p, "activities.clinical", activity, day("2022-11-23")).unwrap();
        for activity in ["X1", "X1.01", "X1.01.a", "X1.", "B2.03", "B2.03.b"] {
            assert!(on_list(activity), "{activity}");
        }
        for activity in ["X10", "X", "A1.X1", "B2", "B2.04", "B2.030", "x1", ".X1", ""] {
            assert!(!on_list(activity), "{activity}");
        }
        assert!(is_listed(&p, "activities.clinical", "X1", day("2022-11-22")).is_err());
    }
}
