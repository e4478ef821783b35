//! The counts that a pack's findings are summed up in: held against the findings listed, and, where every event is here, against the rules run again.
//! Refuses to judge money or what was not evaluated of a selection: they may hang on records of others.

use serde_json::Value;

const CLASSES: [&str; 3] = ["violation", "documentation", "advisory"];

/// What does not agree, in words; `here` is the report of the rules run again where the pack holds everything they need, and is about everything.
pub(super) fn disagreeing(theirs: &Value, here: Option<&Value>) -> Vec<String> {
    let summary = &theirs["summary"];
    let items = |name: &str| theirs[name].as_array().map_or(&[][..], Vec::as_slice);
    let of_class = |class: &str| items("findings").iter().filter(|finding| finding["class"] == class).count();
    let listed = CLASSES.map(|class| (class, of_class(class))).into_iter().chain([("not_evaluated", items("not_evaluated").len())]);
    let mut found: Vec<String> = listed
        .filter(|(name, count)| summary[name].as_u64() != Some(*count as u64))
        .map(|(name, count)| format!("{name}: {} stated, {count} listed", summary[name]))
        .collect();
    if let Some(here) = here {
        for name in ["exposure_cents", "after_waivers"] {
            if summary[name] != here["summary"][name] {
                found.push(format!("{name}: {} in the pack, {} here", summary[name], here["summary"][name]));
            }
        }
        if theirs["not_evaluated"] != here["not_evaluated"] {
            found.push("not_evaluated: the pack lists others than the rules give here".to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn report(violation: u64, exposure: i64) -> Value {
        json!({"summary": {"violation": violation, "documentation": 0, "advisory": 1, "not_evaluated": 0, "exposure_cents": exposure, "after_waivers": {"violation": 1}},
            "findings": [{"class": "violation"}, {"class": "advisory"}], "not_evaluated": []})
    }

    #[test]
    fn counts_are_those_of_what_is_listed_and_money_is_that_of_the_rules() {
        assert!(disagreeing(&report(1, 500), None).is_empty());
        assert!(disagreeing(&report(1, 500), Some(&report(1, 500))).is_empty());
        assert_eq!(disagreeing(&report(2, 500), None), ["violation: 2 stated, 1 listed"]);
        assert_eq!(disagreeing(&report(1, 0), Some(&report(1, 500))), ["exposure_cents: 0 in the pack, 500 here"]);
        assert_eq!(disagreeing(&json!({}), None).len(), 4);
    }
}
