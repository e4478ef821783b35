//! What an address may say after its question mark: each name with what it may be, as `/openapi.json` tells it and as programs are held to it.
//! A page for people leaves out what it cannot read and says so; a program is refused, because nobody would see the notice.

use audit::vocabulary::ValidDay;
use audit::worklist::amount;

use crate::paging;
use crate::routes::{Gives, Route};
use crate::trouble::Trouble;

/// A name and what it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Param {
    pub(crate) name: &'static str,
    /// What it is, without a full stop.
    pub(crate) says: &'static str,
    pub(crate) kind: Kind,
}

/// What a value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Any words.
    Words,
    /// A day, as 2025-03-04.
    Day,
    /// A whole number inside bounds.
    Number { least: u32, most: u32 },
    /// Dollars, as 100 or 99.50.
    Dollars,
    /// One of some words.
    OneOf(&'static [&'static str]),
    /// Where a page of a list goes on.
    Cursor,
}

impl Param {
    /// Any words.
    pub(crate) const fn words(name: &'static str, says: &'static str) -> Self {
        Self { name, says, kind: Kind::Words }
    }

    /// A day.
    pub(crate) const fn day(name: &'static str, says: &'static str) -> Self {
        Self { name, says, kind: Kind::Day }
    }

    /// A whole number.
    pub(crate) const fn number(name: &'static str, says: &'static str, least: u32, most: u32) -> Self {
        Self { name, says, kind: Kind::Number { least, most } }
    }

    /// Dollars.
    pub(crate) const fn dollars(name: &'static str, says: &'static str) -> Self {
        Self { name, says, kind: Kind::Dollars }
    }

    /// One of some words.
    pub(crate) const fn one_of(name: &'static str, says: &'static str, words: &'static [&'static str]) -> Self {
        Self { name, says, kind: Kind::OneOf(words) }
    }

    /// Whether a value is one.
    pub(crate) fn fits(&self, value: &str) -> bool {
        match self.kind {
            Kind::Words => !value.chars().any(char::is_control),
            Kind::Day => ValidDay::parse(value).is_some(),
            Kind::Number { least, most } => {
                value.bytes().all(|b| b.is_ascii_digit()) && value.parse::<u32>().is_ok_and(|n| (least..=most).contains(&n))
            }
            Kind::Dollars => amount(value).is_ok() && is_written_as_money(value),
            Kind::OneOf(words) => words.contains(&value),
            Kind::Cursor => paging::is_cursor(value),
        }
    }

    /// What a value may be, in words.
    pub(crate) fn may_be(&self) -> String {
        match self.kind {
            Kind::Words => "words".to_owned(),
            Kind::Day => "a day, as 2025-03-04".to_owned(),
            Kind::Number { least, most } => format!("a whole number from {least} to {most}"),
            Kind::Dollars => "dollars, as 100 or 99.50".to_owned(),
            Kind::OneOf(words) => words.join(", "),
            Kind::Cursor => "what an answer gave as the next or the previous page".to_owned(),
        }
    }
}

/// Whether dollars are written as people write them: a sign or none, commas between thousands or none, a place or two for the cents or none.
fn is_written_as_money(value: &str) -> bool {
    let plain = value.strip_prefix('$').unwrap_or(value);
    let (dollars, cents) = plain.split_once('.').unwrap_or((plain, "00"));
    let digits = |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let mut groups = dollars.split(',');
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let whole = if rest.is_empty() { digits(first, 12) } else { digits(first, 3) && rest.len() <= 3 && rest.iter().all(|g| g.len() == 3 && digits(g, 3)) };
    whole && digits(cents, 2)
}

/// Everything a route may be told, those of lists among them.
pub(crate) fn of(route: &Route) -> impl Iterator<Item = &Param> {
    let listed: &[Param] = if matches!(route.gives, Gives::List(_)) { &paging::PARAMS } else { &[] };
    route.takes.iter().chain(listed)
}

/// Refuses what a program says that no page takes, or twice, or that is not what it must be.
///
/// What is said is read as it was sent: a form of ours leaves fields empty, a program that says a name means something by it.
pub(crate) fn held(route: &Route, said_in_address: &str) -> Result<(), Trouble> {
    let mut said: Vec<String> = Vec::new();
    for (name, value) in form_urlencoded::parse(said_in_address.as_bytes()) {
        let Some(param) = of(route).find(|p| p.name == name) else {
            let known: Vec<&str> = of(route).map(|p| p.name).collect();
            let takes = if known.is_empty() { "it takes nothing".to_owned() } else { format!("it takes {}", known.join(", ")) };
            return Err(Trouble::Parameter(format!("This address takes no “{name}”: {takes}.")));
        };
        if !param.fits(value.trim()) {
            return Err(Trouble::Parameter(format!("“{value}” is no value of {name}: {}.", param.may_be())));
        }
        if said.iter().any(|before| *before == name) {
            return Err(Trouble::Parameter(format!("{name} is said twice.")));
        }
        said.push(name.into_owned());
    }
    Ok(())
}
