//! The worklist as a page shows it: the findings that are sought, in an order, and how many there are of each class.
//! Chooses and sorts; judges nothing.

use std::cmp::Reverse;

use domain::ValidDay;
use rules::Finding;

use super::Desk;
use crate::acts::{Acts, Decision};
use crate::worklist::Choice;

/// Which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By class, then the one known longest first.
    #[default]
    Class,
    /// The one known last first.
    Newest,
    /// The one known longest first.
    Oldest,
    /// The most money first.
    Money,
    /// By rule.
    Rule,
}

impl Sort {
    /// Every order, with its word.
    pub const ALL: [(Sort, &'static str); 5] =
        [(Sort::Class, "class"), (Sort::Newest, "newest"), (Sort::Oldest, "oldest"), (Sort::Money, "money"), (Sort::Rule, "rule")];

    /// Reads an order; anything else is by class.
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|(_, word)| *word == text).map_or(Sort::Class, |(sort, _)| sort)
    }
}

/// What is sought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// The filter of the worklist.
    pub choice: Choice,
    /// Words that must stand in the message or the id.
    pub text: Option<String>,
    /// Whether the agency could have known at the claim.
    pub known_at_claim: Option<bool>,
    /// Assigned to this person.
    pub assignee: Option<String>,
    /// Order.
    pub sort: Sort,
}

/// A line of the worklist.
#[derive(Debug, Clone, Copy)]
pub struct Line<'d> {
    /// The finding.
    pub finding: &'d Finding,
    /// What holds about it.
    pub decision: Option<&'d Decision>,
    /// Days since it could first be known.
    pub age: i64,
}

impl<'d> Line<'d> {
    /// A finding with what was decided about it and its age, on a day.
    pub fn of(finding: &'d Finding, acts: &'d Acts, today: ValidDay) -> Self {
        Self { finding, decision: acts.in_force(&finding.id, today), age: today.days_since(finding.first_detectable.local_day()).max(0) }
    }
}

/// What the worklist holds.
#[derive(Debug, Clone)]
pub struct Listing<'d> {
    /// The findings that fit, in order.
    pub findings: Vec<&'d Finding>,
    /// How many there are of each class: violations, documentation gaps, advisories.
    pub by_class: [u64; 3],
}

/// Findings in every order, by their places in the report: the same for whoever asks.
pub(super) type Orders = [Vec<u32>; Sort::ALL.len()];

impl Desk {
    /// The findings that fit, of those that are `seen` at all.
    pub fn list(&self, sought: &Sought, seen: &dyn Fn(&Finding) -> bool) -> Listing<'_> {
        let today = self.frame().today;
        let text = sought.text.as_ref().map(|t| t.to_lowercase());
        let fits = |f: &Finding| {
            sought.choice.fits(f, self.acts(), today)
                && sought.known_at_claim.is_none_or(|known| f.known_at_claim == Some(known))
                && sought.assignee.as_deref().is_none_or(|who| self.assignee(&f.id) == Some(who))
                && text.as_deref().is_none_or(|t| f.message.to_lowercase().contains(t) || f.id.to_lowercase().contains(t))
        };
        let all = &self.report().findings;
        let order = self.orders().get(sought.sort as usize).map_or(&[][..], Vec::as_slice);
        let findings: Vec<&Finding> = order.iter().filter_map(|place| all.get(usize::try_from(*place).ok()?)).map(AsRef::as_ref).filter(|f| fits(f) && seen(f)).collect();
        let by_class = super::by_class(findings.iter().copied());
        Listing { findings, by_class }
    }

    pub(super) fn orders(&self) -> &Orders {
        self.orders.get_or_init(|| {
            let report = self.report();
            Sort::ALL.map(|(sort, _)| {
                let mut order: Vec<(u32, &Finding)> = (0..).zip(report.each()).collect();
                match sort {
                    Sort::Class => order.sort_by_key(|(_, f)| (f.class, f.first_detectable)),
                    Sort::Newest => order.sort_by_key(|(_, f)| Reverse(f.first_detectable)),
                    Sort::Oldest => order.sort_by_key(|(_, f)| f.first_detectable),
                    Sort::Money => order.sort_by_key(|(_, f)| Reverse(f.exposure)),
                    Sort::Rule => order.sort_by_key(|(_, f)| (f.rule, f.first_detectable)),
                }
                order.into_iter().map(|(place, _)| place).collect()
            })
        })
    }

    /// A finding as a line of the worklist.
    pub fn line<'d>(&'d self, finding: &'d Finding) -> Line<'d> {
        Line::of(finding, self.acts(), self.frame().today)
    }

    /// To whom a finding was assigned last.
    pub fn assignee(&self, finding: &str) -> Option<&str> {
        self.acts().decisions(finding).iter().rev().find(|d| d.word == crate::acts::Word::Assigned).map(|d| d.by.as_str())
    }

    /// Everybody to whom something was assigned, in order.
    pub fn assignees(&self) -> &[String] {
        &self.counted().assignees
    }

    /// The rules that found something `seen`, in order, with how often.
    pub fn rules_found(&self, seen: &dyn Fn(&Finding) -> bool) -> Vec<(&'static str, usize)> {
        let mut counts: std::collections::BTreeMap<&'static str, usize> = std::collections::BTreeMap::new();
        self.report().findings.iter().filter(|f| seen(f)).for_each(|f| *counts.entry(f.rule).or_default() += 1);
        counts.into_iter().collect()
    }

    /// The rules that found something, in order, with how often.
    pub fn rules_counted(&self) -> &[(String, usize)] {
        &self.counted().rules
    }

    /// The programs that findings are about, in order, with how often.
    pub fn programs_found(&self) -> &[(String, usize)] {
        &self.counted().programs
    }

    /// The peers that findings are about, in order, with how often.
    pub fn peers_found(&self) -> &[(String, usize)] {
        &self.counted().peers
    }

    fn counted(&self) -> &Counted {
        self.counted.get_or_init(|| {
            let findings = &self.report().findings;
            let mut assignees: Vec<String> = findings.iter().filter_map(|f| self.assignee(&f.id)).map(str::to_owned).collect();
            assignees.sort_unstable();
            assignees.dedup();
            Counted {
                rules: count(findings.iter().map(|f| f.rule)),
                programs: count(findings.iter().filter_map(|f| f.about.program.as_deref())),
                peers: count(findings.iter().filter_map(|f| f.about.peer.as_deref())),
                assignees,
            }
        })
    }
}

/// What the findings are about, with how often.
#[derive(Debug)]
pub(super) struct Counted {
    rules: Vec<(String, usize)>,
    programs: Vec<(String, usize)>,
    peers: Vec<(String, usize)>,
    assignees: Vec<String>,
}

fn count<'a>(words: impl Iterator<Item = &'a str>) -> Vec<(String, usize)> {
    let mut counts: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    counts.into_iter().map(|(word, n)| (word.to_owned(), n)).collect()
}
