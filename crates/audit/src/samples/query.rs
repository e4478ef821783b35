//! The query that chooses a universe: `key=value` terms, all of which must hold; `all` for none.
//! It refuses what it does not know, and has no key for an individual: a query is recorded in the clear.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use domain::ValidDay;

use crate::error::AuditError;

/// What a term asks about, in the order in which a query is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Program,
    Payer,
    Peer,
    RateCode,
    Hcpcs,
    Rule,
    From,
    To,
}

const KEYS: [(Key, &str); 8] = [
    (Key::Program, "program"),
    (Key::Payer, "payer"),
    (Key::Peer, "peer"),
    (Key::RateCode, "rate_code"),
    (Key::Hcpcs, "hcpcs"),
    (Key::Rule, "rule"),
    (Key::From, "from"),
    (Key::To, "to"),
];

/// The longest query, in bytes: it is recorded with the sample.
const LONGEST: usize = 1_000;

/// A query. Its text is the same for the same meaning: keys in one order, values sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    texts: BTreeMap<Key, BTreeSet<String>>,
    pub(super) from: Option<ValidDay>,
    pub(super) to: Option<ValidDay>,
}

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// An unknown or repeated key, a term that is none, a date that is none.
    pub fn parse(text: &str) -> Result<Self, AuditError> {
        let hint = format!("terms are key=value, apart by blanks, as in program=MH-1 from=2025-01-01; keys are {}; all takes everything", KEYS.map(|(_, name)| name).join(", "));
        let wrong = |what: String| AuditError::asked(format!("--universe: {what}"), hint.clone());
        if text.len() > LONGEST {
            return Err(wrong(format!("a query of {} bytes, at most {LONGEST} are taken", text.len())));
        }
        let mut query = Self::default();
        let terms = terms(text).map_err(wrong)?;
        if terms.is_empty() {
            return Err(wrong("an empty query".to_owned()));
        }
        if terms.len() == 1 && terms.first().is_some_and(|term| term == "all") {
            return Ok(query);
        }
        for term in &terms {
            let (name, value) = term.split_once('=').ok_or_else(|| wrong(format!("{term:?} is no term")))?;
            let key = KEYS.iter().find(|(_, known)| *known == name).map(|(key, _)| *key).ok_or_else(|| wrong(format!("{name:?} is no key")))?;
            if value.is_empty() {
                return Err(wrong(format!("{name} has no value")));
            }
            let again = || wrong(format!("{name} stands twice; for one of several, write {name}=A,B"));
            match key {
                Key::From | Key::To => {
                    let day = ValidDay::parse(value).ok_or_else(|| wrong(format!("{name}={value} is not a date")))?;
                    let place = if key == Key::From { &mut query.from } else { &mut query.to };
                    if place.replace(day).is_some() {
                        return Err(again());
                    }
                }
                Key::Program | Key::Payer | Key::Peer | Key::RateCode | Key::Hcpcs | Key::Rule => {
                    let values = values(value).ok_or_else(|| wrong(format!("{term:?} has a value between commas that is empty")))?;
                    if query.texts.insert(key, values).is_some() {
                        return Err(again());
                    }
                }
            }
        }
        if let (Some(from), Some(to)) = (query.from, query.to)
            && to < from
        {
            return Err(wrong(format!("to={to} lies before from={from}")));
        }
        Ok(query)
    }

    /// Whether a value fits what a key asks; it fits when nothing is asked.
    pub(super) fn fits(&self, key: Key, value: Option<&str>) -> bool {
        self.texts.get(&key).is_none_or(|wanted| value.is_some_and(|value| wanted.contains(value)))
    }

    /// What a key asks, if it does.
    pub(super) fn wanted(&self, key: Key) -> Option<&BTreeSet<String>> {
        self.texts.get(&key)
    }
}

/// Terms apart by blanks; blanks within quotes do not part.
fn terms(text: &str) -> Result<Vec<String>, String> {
    let (mut terms, mut term, mut quoted) = (Vec::new(), String::new(), false);
    for c in text.chars() {
        if c.is_control() {
            return Err(format!("the control character {c:?}"));
        }
        if c == '"' {
            quoted = !quoted;
        }
        if c == ' ' && !quoted {
            terms.extend(Some(std::mem::take(&mut term)).filter(|term| !term.is_empty()));
        } else {
            term.push(c);
        }
    }
    if quoted {
        return Err("a quotation mark that is not closed".to_owned());
    }
    terms.extend(Some(term).filter(|term| !term.is_empty()));
    Ok(terms)
}

/// Values apart by commas; a whole value may be quoted.
fn values(text: &str) -> Option<BTreeSet<String>> {
    let (mut values, mut value, mut quoted) = (BTreeSet::new(), String::new(), false);
    for c in text.chars().chain([',']) {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => {
                if value.is_empty() {
                    return None;
                }
                values.insert(std::mem::take(&mut value));
            }
            other => value.push(other),
        }
    }
    Some(values)
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |value: &String| value.bytes().all(|b| b.is_ascii_alphanumeric() || b"._:-".contains(&b));
        let written = |value: &String| if plain(value) { value.clone() } else { format!("\"{value}\"") };
        let mut terms: Vec<String> = Vec::new();
        for (key, name) in KEYS {
            let text = self.texts.get(&key).map(|values| values.iter().map(written).collect::<Vec<_>>().join(","));
            let day = match key {
                Key::From => self.from,
                Key::To => self.to,
                Key::Program | Key::Payer | Key::Peer | Key::RateCode | Key::Hcpcs | Key::Rule => None,
            };
            terms.extend(text.or(day.map(|day| day.to_string())).map(|value| format!("{name}={value}")));
        }
        f.write_str(&if terms.is_empty() { "all".to_owned() } else { terms.join(" ") })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_same_meaning_is_written_the_same() {
        let query = Query::parse("to=2025-03-31  program=MH-2,MH-1 from=2025-01-01 payer=\"Health Plan, Inc\",MCD").unwrap();
        assert_eq!(query.to_string(), "program=MH-1,MH-2 payer=\"Health Plan, Inc\",MCD from=2025-01-01 to=2025-03-31");
        assert_eq!(Query::parse(&query.to_string()).unwrap(), query);
        assert_eq!(Query::parse("all").unwrap().to_string(), "all");
        assert!(query.fits(Key::Payer, Some("Health Plan, Inc")) && !query.fits(Key::Payer, Some("Health Plan")) && !query.fits(Key::Payer, None));
        assert!(query.fits(Key::Peer, None));
    }

    #[test]
    fn what_is_not_known_is_refused_by_name() {
        for (text, what) in [
            ("", "an empty query"),
            ("everything", "\"everything\" is no term"),
            ("individual=I-1", "\"individual\" is no key"),
            ("program=MH-1 program=MH-2", "program stands twice"),
            ("program=", "program has no value"),
            ("program=MH-1,,MH-2", "between commas"),
            ("from=yesterday", "from=yesterday is not a date"),
            ("from=2025-02-01 to=2025-01-01", "lies before"),
            ("payer=\"Health Plan", "not closed"),
            ("all program=MH-1", "\"all\" is no term"),
        ] {
            let error = Query::parse(text).unwrap_err();
            assert!(error.to_string().contains(what) && error.hint().is_some(), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_what_is_read_is_read_again(text in "(program|payer|rule|from|x)?[= ,\"a-z0-9-]{0,30}") {
            if let Ok(query) = Query::parse(&text) {
                prop_assert_eq!(Query::parse(&query.to_string()).unwrap(), query);
            }
        }
    }
}
