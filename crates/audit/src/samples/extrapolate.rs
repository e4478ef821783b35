//! From what was found in a sample to the universe: point estimate, bounds, and what they rest on.
//! It refuses incomplete results, and to say more than an estimate can: whether there is an overpayment, people enter.

use std::path::Path;

use sampling::{Confidence, Estimate, Moments, Quantile, estimate};

use super::file::Sample;
use super::results;
use crate::error::AuditError;

/// What was found in one stratum. Amounts are cents.
#[derive(Debug, Clone, PartialEq)]
pub struct StratumFound {
    /// Its name.
    pub stratum: String,
    /// Units in it.
    pub units: u64,
    /// What was paid for them.
    pub paid: u64,
    /// Units drawn.
    pub drawn: u64,
    /// What was paid for those.
    pub drawn_paid: u64,
    /// Units drawn with something overpaid.
    pub with_error: u64,
    /// What was overpaid for the units drawn.
    pub overpaid: u64,
    /// Mean overpaid per unit.
    pub mean: f64,
    /// Standard deviation of it.
    pub deviation: f64,
}

/// Bounds at one confidence. Amounts are cents.
#[derive(Debug, Clone, PartialEq)]
pub struct Bounds {
    /// In percent, as `90` or `97.5`.
    pub confidence: String,
    /// How many standard errors the two-sided bounds lie from the point.
    pub factor: f64,
    /// Lower and upper bound, both ways at once.
    pub two_sided: (i64, i64),
    /// Lower bound alone and upper bound alone, each with this confidence; not below 50 %.
    pub one_sided: Option<(i64, i64)>,
    /// Half the width of the two-sided interval, in percent of the point estimate.
    pub precision: Option<f64>,
}

/// An estimate with everything it rests on. Amounts are cents.
#[derive(Debug, Clone, PartialEq)]
pub struct Extrapolated {
    /// The sample.
    pub sample: Sample,
    /// By stratum.
    pub strata: Vec<StratumFound>,
    /// The point estimate.
    pub point: i64,
    /// Its standard error, not rounded.
    pub standard_error: f64,
    /// Student's degrees of freedom; `None` for the normal distribution.
    pub degrees_of_freedom: Option<u64>,
    /// At 90 %, 95 %, and what else was asked for, ascending.
    pub bounds: Vec<Bounds>,
    /// The lower bound of the two-sided 90 % interval, which HHS-OIG uses for recovery.
    pub lower_limit: i64,
    /// What to bear in mind.
    pub remarks: Vec<String>,
}

/// Estimates the total overpaid in a sample's universe from results.
///
/// # Errors
/// A file that is no sample or no results; results that are not complete; a confidence that is none.
pub fn extrapolate(sample: &Path, results: &Path, confidences: &[String], by_effective_freedom: bool) -> Result<Extrapolated, AuditError> {
    let sample = Sample::read(sample)?;
    let mut wanted = vec![Confidence::NINETY, Confidence::NINETY_FIVE];
    for text in confidences {
        wanted.push(confidence(text)?);
    }
    wanted.sort_unstable();
    wanted.dedup();
    let found = results::read(results, &sample)?;
    let of = |name: &str| sample.drawn.iter().zip(&found).filter(|(unit, _)| unit.stratum == name).map(|(_, overpaid)| *overpaid).collect::<Vec<_>>();
    let unsound = |e: sampling::Unsound| AuditError::asked(format!("there is no estimate: {e}"), "draw a larger sample with the same seed: it contains this one");
    let moments = sample.strata.iter().map(|s| Moments::of(&s.stratum, s.units, of(&s.stratum))).collect::<Result<Vec<_>, _>>().map_err(unsound)?;
    let mut estimated = estimate(moments).map_err(unsound)?;
    if by_effective_freedom {
        estimated = estimated.by_effective_freedom();
    }
    let bounds: Vec<Bounds> = wanted.iter().map(|confidence| bounds(&estimated, *confidence)).collect();
    let strata: Vec<StratumFound> = sample.strata.iter().zip(&estimated.strata).map(|(s, m)| StratumFound {
        stratum: s.stratum.clone(),
        units: s.units,
        paid: s.paid_cents,
        drawn: s.size,
        drawn_paid: s.drawn_paid_cents,
        with_error: m.nonzero,
        overpaid: u64::try_from(m.sum).unwrap_or(0),
        mean: m.mean(),
        deviation: m.deviation(),
    }).collect();
    let remarks = remarks(&strata, &estimated);
    Ok(Extrapolated {
        strata,
        point: estimated.point,
        standard_error: estimated.standard_error,
        degrees_of_freedom: if let Quantile::Student(df) = estimated.quantile { Some(df) } else { None },
        bounds,
        lower_limit: estimated.interval(Confidence::NINETY).both.0,
        remarks,
        sample,
    })
}

fn bounds(estimated: &Estimate, confidence: Confidence) -> Bounds {
    let interval = estimated.interval(confidence);
    Bounds {
        confidence: confidence.to_string(),
        factor: interval.factor,
        two_sided: interval.both,
        one_sided: interval.one,
        precision: estimated.precision(&interval),
    }
}

/// Reads a percentage with at most two decimals.
fn confidence(text: &str) -> Result<Confidence, AuditError> {
    let wrong = || AuditError::asked(format!("--confidence: {text:?} is no confidence"), "a percentage above 0 and below 100 with at most two decimals, as in 97.5");
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(decimals) {
        return Err(wrong());
    }
    let number = |text: &str| text.parse::<u32>().unwrap_or(0);
    let hundredths = number(whole) * 100 + if decimals.len() == 1 { number(decimals) * 10 } else { number(decimals) };
    Confidence::of(hundredths).ok_or_else(wrong)
}

/// Fewer units than this in a stratum, or fewer with an error, and the bounds rest on little.
const FEW: u64 = 30;
const FEW_ERRORS: u64 = 8;

fn remarks(strata: &[StratumFound], estimated: &Estimate) -> Vec<String> {
    let mut remarks = Vec::new();
    let small: Vec<&str> = strata.iter().filter(|s| s.drawn < FEW && s.drawn < s.units).map(|s| if s.stratum.is_empty() { "the universe" } else { s.stratum.as_str() }).collect();
    if !small.is_empty() {
        remarks.push(format!("Fewer than {FEW} units were drawn from {}: bounds from few units are rough.", small.join(", ")));
    }
    let errors: u64 = strata.iter().map(|s| s.with_error).sum();
    if errors > 0 && errors < FEW_ERRORS {
        remarks.push(format!("Only {errors} of the units drawn had anything overpaid: amounts that are mostly zero are far from normally distributed, and the true confidence may be lower than stated."));
    }
    if errors == 0 {
        remarks.push("Nothing was overpaid in the sample, so the estimate is zero with bounds of zero. That does not show that nothing was overpaid in the universe.".to_owned());
    }
    let ninety = estimated.interval(Confidence::NINETY).both;
    if ninety.0 < 0 {
        remarks.push("The lower bound is below zero: the sample does not show that anything was overpaid beyond what was found in it.".to_owned());
    }
    let paid: u64 = strata.iter().map(|s| s.paid).sum();
    if i64::try_from(paid).is_ok_and(|paid| ninety.1 > paid) {
        remarks.push("The upper bound lies above what was paid in all: the sample is too small for this spread.".to_owned());
    }
    remarks
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_confidence_is_a_percentage_with_two_decimals() {
        assert_eq!(confidence("90").unwrap(), Confidence::NINETY);
        assert_eq!(confidence("97.5").unwrap().to_string(), "97.5");
        assert_eq!(confidence("99.05").unwrap().to_string(), "99.05");
        for wrong in ["", "0", "100", "0.9x", "90%", "-5", "99.999", "9 0", "."] {
            assert!(confidence(wrong).is_err(), "{wrong}");
        }
    }
}
