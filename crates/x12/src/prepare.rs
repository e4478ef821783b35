//! A claim in the words of the ledger: whose it is, which program's, and which of its lines bill which day.
//! Names every problem of the claim at once; joins nothing.

use domain::field::Mismatch;
use domain::{IndividualId, ProgramId, Units, ValidDay};

use crate::desk::Desk;
use crate::found::{Claim, Line};
use crate::problem::Problem;

/// The lines of a claim on one day: an event has one service date.
pub(crate) struct Part<'c> {
    pub(crate) day: ValidDay,
    pub(crate) lines: Vec<(&'c Line, Units)>,
}

/// A claim in the words of the ledger.
pub(crate) struct Prepared<'c> {
    pub(crate) individual: IndividualId,
    pub(crate) program: ProgramId,
    pub(crate) parts: Vec<Part<'c>>,
}

impl Desk<'_> {
    /// The claim in the words of the ledger: individual, program, and its taken lines by day.
    pub(crate) fn prepare<'c>(&self, claim: &'c Claim) -> Result<Prepared<'c>, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut parts: Vec<Part<'c>> = Vec::new();
        for line in claim.lines.iter().filter(|line| self.map.takes(&line.code)) {
            let problem = |field: &str, mismatch: Mismatch| Problem::new(line.segment, field, mismatch);
            let day = match line.days.or(claim.days) {
                Some((from, to)) if from == to => Some(from),
                Some((from, to)) => {
                    let hint = "a line bills one contact: split it by day, or leave its code out of codes in x12.toml";
                    problems.push(problem("DTP03", Mismatch::new(format!("{from} to {to}"), "the one day of the contact").hint(hint)));
                    None
                }
                None => {
                    problems.push(problem("DTP03", Mismatch::new("a line without a service date", "DTP*472")));
                    None
                }
            };
            let units = whole_units(line);
            if units.is_none() {
                let found = format!("{} {}", thousandths(line.quantity), line.basis);
                problems.push(problem("SV", Mismatch::new(found, "a whole number of units (UN)")));
            }
            if line.charge < 0 {
                problems.push(problem("SV", Mismatch::new("a negative charge", "a charge of zero or more")));
            }
            if let (Some(day), Some(units)) = (day, units) {
                match parts.iter_mut().find(|part| part.day == day) {
                    Some(part) => part.lines.push((line, units)),
                    None => parts.push(Part { day, lines: vec![(line, units)] }),
                }
            }
        }
        parts.sort_by_key(|part| part.day);
        if parts.is_empty() && problems.is_empty() {
            // Nothing of it is taken: whose it is does not matter, and its program need not be mapped.
            let nobody = IndividualId::parse("-").ok().zip(ProgramId::parse("-").ok());
            return nobody.map(|(individual, program)| Prepared { individual, program, parts }).ok_or_else(Vec::new);
        }
        let individual = self.map.individual(claim).map_err(|p| problems.push(p)).ok();
        let program = self.map.program(claim).cloned().map_err(|p| problems.push(p)).ok();
        match (individual, program) {
            (Some(individual), Some(program)) if problems.is_empty() => Ok(Prepared { individual, program, parts }),
            _ => Err(problems),
        }
    }
}

fn whole_units(line: &Line) -> Option<Units> {
    let whole = line.basis == "UN" && line.quantity >= 0 && line.quantity % 1_000 == 0;
    u32::try_from(line.quantity / 1_000).ok().filter(|n| whole && *n <= 100_000).map(Units)
}

fn thousandths(quantity: i64) -> String {
    let text = format!("{}.{:03}", quantity / 1_000, quantity.unsigned_abs() % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
