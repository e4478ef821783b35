//! What falls due on paper: waivers and due dates of decisions, overpayment clocks, and sources nobody has read again for a year.
//! A decision about a finding that is gone is not named; a source long overdue is.

use std::collections::{BTreeMap, BTreeSet};

use domain::ValidDay;
use rules::Missing;

use super::{Ahead, Item, Kind};
use crate::acts::Word;
use crate::error::AuditError;
use crate::exposure::{self, Clock, State, Terms};
use crate::loaded::Loaded;

/// Waivers that expire and due dates that come, of findings that are still there.
pub(super) fn decisions(ahead: &Ahead<'_>, loaded: &Loaded) -> Vec<Item> {
    let due: Vec<_> = loaded
        .acts
        .latest()
        .filter_map(|d| Some((d.due_on.filter(|on| ahead.covers(*on))?, d)))
        .filter(|(_, d)| d.word != Word::Remediated)
        .collect();
    if due.is_empty() {
        return Vec::new();
    }
    let report = loaded.judge(ahead.engine);
    let there: BTreeSet<&str> = report.findings.iter().map(|f| f.id.as_str()).collect();
    due.into_iter()
        .filter(|(_, d)| there.contains(d.finding.as_str()))
        .map(|(on, d)| {
            let subject = vec![("finding", d.finding.clone())];
            if d.word == Word::Waived {
                Item { on, kind: Kind::Waiver, subject, says: format!("the waiver of {} expires after {on}; the finding is open again then", d.finding) }
            } else {
                Item { on, kind: Kind::Decision, subject, says: format!("{}, {} by {}, is due on {on}", d.finding, d.word.as_str(), d.by) }
            }
        })
        .collect()
}

/// Last days of running overpayment clocks.
pub(super) fn overpayments(ahead: &Ahead<'_>, loaded: &Loaded) -> Result<Vec<Item>, AuditError> {
    let mut items = Vec::new();
    for o in exposure::overpayments(loaded, &Terms::load()?)? {
        for (law, clock) in [("the federal statute", &o.federal), ("New York", &o.new_york)] {
            let Clock { due_on: Some(on), state: State::Running(_), .. } = *clock else { continue };
            if ahead.covers(on) {
                let says = format!("the clock of {law} on overpayment {}, as people entered it, ends on {on}", o.id);
                items.push(Item { on, kind: Kind::Overpayment, subject: vec![("overpayment", o.id.clone()), ("law", law.to_owned())], says });
            }
        }
    }
    Ok(items)
}

/// Citations and dated parameters by the day they were last read, due a year after it.
pub(super) fn sources(ahead: &Ahead<'_>) -> Result<Vec<Item>, Missing> {
    let months = ahead.own("reread_months")?;
    let mut read: BTreeMap<(String, ValidDay), u64> = BTreeMap::new();
    for (rule, _) in ahead.engine.rules() {
        for citation in rule.authority {
            if let Some(on) = citation.read_day() {
                *read.entry((format!("citations of {}", citation.document.title()), on)).or_default() += 1;
            }
        }
    }
    let sets = ahead.engine.rules().map(|(_, set)| set).chain(ahead.engine.tables().iter()).chain([ahead.own]);
    for period in sets.flat_map(|set| &set.parameters).flat_map(|p| &p.periods) {
        *read.entry(("values of dated parameters".to_owned(), period.read_on)).or_default() += 1;
    }
    let due = |((what, read_on), count): ((String, ValidDay), u64)| {
        let on = read_on.plus_months(months);
        let says = format!("{count} {what}, last read on {read_on}, are to be read again by {on}");
        (on <= ahead.until).then(|| Item { on, kind: Kind::Source, subject: vec![("source", what)], says })
    };
    Ok(read.into_iter().filter_map(due).collect())
}
