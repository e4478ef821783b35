//! Money at risk: each claim line once, by rule, program, peer or month, with what became of the claims, and the clocks that run.
//! Computes from the ledger and what people entered; never says that an overpayment was "identified", which is a question of law.

mod clocks;
mod groups;
mod limits;

use std::path::Path;

use domain::{Cents, KnownAt, ValidDay};
use rules::Report;
use rules::params::{ParamSet, Value};

pub use clocks::{Clock, Overpayment, State};
pub use groups::{Amounts, By, Group};
pub use limits::{NearLimit, Reached};

use crate::cut::Cut;
use crate::error::AuditError;
use crate::json::Frame;
use crate::loaded::{self, Loaded};
use crate::resume;
use crate::rulebook::{self, ParameterLine};
use crate::scan::{self, Scan, ScanOptions};

/// Money at risk, and what runs.
#[derive(Debug)]
pub struct Exposure {
    /// Ledger, cut and day.
    pub frame: Frame,
    /// How the groups were made.
    pub by: By,
    /// Groups, the most money first; months in order of time.
    pub groups: Vec<Group>,
    /// Everything, each claim line once.
    pub total: Group,
    /// Repaid for overpayments whose findings lie in several groups or in none: part of the total only.
    pub repaid_undivided: Cents,
    /// Live money under findings that are not waived.
    pub after_waivers: Cents,
    /// Overpayments that people entered, with both clocks.
    pub overpayments: Vec<Overpayment>,
    /// Exposed claims near or past an age at which less can be done about them.
    pub limits: Vec<NearLimit>,
    /// The dated parameters behind clocks and ages, with their sources.
    pub sources: Vec<ParameterLine>,
}

/// Computes the money at risk of a ledger.
///
/// # Errors
/// A ledger that cannot be read.
pub fn exposure(dir: &Path, by: By, cut: Cut, today: Option<ValidDay>, now: KnownAt) -> Result<Exposure, AuditError> {
    let engine = loaded::engine()?;
    let ledger = ledger::Ledger::open_reader(dir)?;
    resume::answer(|kept| {
        let Scan { loaded, report, .. } = scan::looked(&ledger, &engine, &ScanOptions::look(cut, today, now), kept, &|_, _| {})?;
        at_risk(&loaded, &report, by)
    })
}

/// The money at risk of a ledger that was loaded and judged.
pub(crate) fn at_risk(loaded: &Loaded, report: &Report, by: By) -> Result<Exposure, AuditError> {
    let terms = Terms::load()?;
    let overpayments = overpayments(loaded, &terms)?;
    let grouped = groups::group(&loaded.view(), &report.findings, by, &overpayments);
    Ok(Exposure {
        by,
        groups: grouped.groups,
        total: grouped.total,
        repaid_undivided: grouped.undivided,
        after_waivers: loaded.after_waivers(report).exposure,
        overpayments,
        limits: limits::near(&loaded.view(), &report.findings, &terms)?,
        sources: rulebook::lines(&terms.0),
        frame: loaded.frame.clone(),
    })
}

/// The overpayments of a ledger with their clocks.
pub(crate) fn overpayments(loaded: &Loaded, terms: &Terms) -> Result<Vec<Overpayment>, AuditError> {
    clocks::overpayments(loaded.acts.steps(), loaded.frame.today, terms)
}

/// The dated parameters of this page.
#[derive(Debug)]
pub(crate) struct Terms(pub(crate) ParamSet);

impl Terms {
    pub(crate) fn load() -> Result<Self, AuditError> {
        Ok(Self(ParamSet::parse("overpayment", include_str!("overpayment.toml"))?))
    }

    /// A whole number in force on a day.
    pub(crate) fn on(&self, name: &str, day: ValidDay) -> Result<i64, AuditError> {
        match self.0.get(name).and_then(|p| p.on(day)) {
            Some(Value::Int(n)) => Ok(*n),
            Some(Value::Flag(_) | Value::Text(_) | Value::List(_)) | None => {
                Err(AuditError::asked(format!("overpayment.{name} is not in force on {day}"), "the dated parameters of the program do not reach back that far"))
            }
        }
    }
}
