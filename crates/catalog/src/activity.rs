//! Whether an activity recorded on a contact stands on one of the lists of the table `activities`.
//! A list names codes; a finer code such as X1.01 belongs to its head, X1. Knows no list itself.

use domain::ValidDay;
use rules::{Case, Missing, Params};

/// Whether a list of the table has the activity: by its code, or by the part before the first full stop.
///
/// # Errors
/// When the list is not in force on the day.
pub(crate) fn is_listed(p: &Params<'_>, list: &str, activity: &str, day: ValidDay) -> Result<bool, Missing> {
    let head = activity.split_once('.').map_or(activity, |(head, _)| head);
    Ok(p.lists(list, activity, day)? || p.lists(list, head, day)?)
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
