//! The units that a query chooses: live claims that were paid, or their lines, with what was paid for each.
//! It refuses a rule that does not exist; a universe without a unit is an answer, said by whoever asked.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::{Claims, ClaimSubmitted, Event};
use domain::{Cents, Seq, ValidDay};
use ledger::Ledger;
use rules::{Class, Engine};
use timeline::money::Claim;
use timeline::view::LineRef;
use timeline::{Row, View};

use super::query::{Key, Query};
use super::strata::{StrataBy, Traits};
use crate::error::AuditError;
use crate::loaded::Loaded;
use crate::settled::settled;

/// What a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnitOf {
    /// A claim.
    #[default]
    Claim,
    /// A line of a claim.
    Line,
}

impl UnitOf {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            UnitOf::Claim => "claim",
            UnitOf::Line => "line",
        }
    }
}

/// A unit with what people want to see of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Framed {
    pub(super) unit: sampling::Unit,
    pub(super) claim: String,
    pub(super) line: Option<u32>,
    pub(super) service_date: ValidDay,
}

/// Every unit that the query chooses.
pub(super) fn choose(ledger: &Ledger, engine: &Engine, loaded: &Loaded, query: &Query, of: UnitOf, by: Option<&StrataBy>) -> Result<Vec<Framed>, AuditError> {
    let view = loaded.view();
    let exposed = exposed(engine, loaded, query)?;
    let payers = if query.wanted(Key::Payer).is_some() || by == Some(&StrataBy::Payer) { payers(ledger, loaded.frame.size)? } else { BTreeMap::new() };
    let history = view.history();
    let mut chosen = Vec::new();
    for key in history.all_claims() {
        let Some(row) = view.claim(key).filter(|_| view.live(key)) else { continue };
        let paid = paid(&view, row);
        let claim = &row.value;
        let program = history.program_name(claim.program);
        let payer = payers.get(&row.seq()).map(String::as_str);
        let rate_code = claim.rate_code.map(|code| history.text_name(code));
        let dated = query.from.is_none_or(|from| claim.service_date >= from) && query.to.is_none_or(|to| claim.service_date <= to);
        let fits = query.fits(Key::Program, Some(program)) && query.fits(Key::Payer, payer) && query.fits(Key::RateCode, rate_code);
        if paid == 0 || !dated || !fits {
            continue;
        }
        let lines: Vec<(LineRef<'_>, u64)> = shares(&view, row, paid).into_iter().filter(|(line, _)| fits_line(&view, query, exposed.as_ref(), line)).collect();
        let name = history.claim_name(key);
        let framed = |line: Option<u32>, paid: u64| {
            let traits = Traits { program, payer, rate_code, service_date: claim.service_date, paid };
            let id = line.map_or_else(|| name.to_owned(), |line| format!("{name}/{line}"));
            let unit = sampling::Unit { id, stratum: by.map(|by| by.of(&traits)).unwrap_or_default(), paid };
            Framed { unit, claim: name.to_owned(), line, service_date: claim.service_date }
        };
        match of {
            UnitOf::Claim if !lines.is_empty() => chosen.push(framed(None, paid)),
            UnitOf::Claim => {}
            UnitOf::Line => chosen.extend(lines.iter().filter(|(_, paid)| *paid > 0).map(|(line, paid)| framed(Some(line.line.number), *paid))),
        }
    }
    Ok(chosen)
}

fn paid(view: &View<'_>, claim: &Row<Claim>) -> u64 {
    let paid: Cents = view.payments(claim.value.claim).map(|p| p.value.paid).sum();
    u64::try_from(paid.0).unwrap_or(0)
}

/// What was paid for a claim, divided among its lines by their charges so that the shares add up to it: each line gets the difference of
/// the rounded shares up to it and before it.
fn shares<'h>(view: &View<'h>, row: &'h Row<Claim>, paid: u64) -> Vec<(LineRef<'h>, u64)> {
    let money = Cents(i64::try_from(paid).unwrap_or(i64::MAX));
    let (mut charged, mut given) = (Cents(0), 0);
    let mut shares = Vec::new();
    for line in view.lines_of(row) {
        charged = charged + line.line.charge;
        let up_to = u64::try_from(money.share(charged, row.value.charge).0).unwrap_or(0);
        shares.push((line, up_to.saturating_sub(given)));
        given = up_to;
    }
    shares
}

fn fits_line(view: &View<'_>, query: &Query, exposed: Option<&BTreeSet<u32>>, line: &LineRef<'_>) -> bool {
    let history = view.history();
    // A contact that was retracted still says who was said to have delivered it.
    let peer = || history.contact_rows(line.line.contact).max_by_key(|row| row.seq()).map(|row| history.person_name(row.value.peer));
    exposed.is_none_or(|places| places.contains(&line.place))
        && query.fits(Key::Hcpcs, Some(history.text_name(line.line.hcpcs)))
        && (query.wanted(Key::Peer).is_none() || query.fits(Key::Peer, peer()))
}

/// Lines under a violation of the rules asked for; `None` when none is asked for.
fn exposed(engine: &Engine, loaded: &Loaded, query: &Query) -> Result<Option<BTreeSet<u32>>, AuditError> {
    let Some(wanted) = query.wanted(Key::Rule) else { return Ok(None) };
    if let Some(unknown) = wanted.iter().find(|rule| catalog::CATALOG.iter().all(|known| known.id != rule.as_str())) {
        return Err(AuditError::asked(format!("--universe: there is no rule {unknown}"), "`countersign rules list` shows those there are"));
    }
    let report = loaded.judge(engine);
    let found = report.findings.iter().filter(|f| f.class == Class::Violation && wanted.contains(f.rule));
    Ok(Some(found.flat_map(|f| f.exposed_lines().iter().copied()).collect()))
}

/// The payer on each claim, by the seq of its submission.
fn payers(ledger: &Ledger, size: u64) -> Result<BTreeMap<Seq, String>, AuditError> {
    let claims = settled(ledger, &[ClaimSubmitted::SCHEMA.tag], size)?;
    let payer = |(recorded, event): (domain::Recorded, Event)| match event {
        Event::Claims(Claims::ClaimSubmitted(e)) => e.payer.map(|payer| (recorded.seq, payer.as_str().to_owned())),
        Event::Workforce(_) | Event::Program(_) | Event::Individuals(_) | Event::Delivery(_) | Event::Claims(_) | Event::Findings(_) | Event::Ledger(_) => None,
    };
    Ok(claims.into_iter().filter_map(payer).collect())
}
