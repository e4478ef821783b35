//! The estimate: what the results in a sample say of the universe, as a point and with bounds.
//! It refuses to estimate from one unit of a stratum that has more, and to round anything but the last figures.
//!
//! The estimator is the mean per unit, of each stratum by itself (Cochran, Sampling Techniques, 3rd edition, 2.7 to 2.9 and 5.3 to 5.6):
//! with N units, n drawn, values y of sum S and sum of squares Q, the point estimate is the sum over strata of N S / n, and the square of its
//! standard error the sum of N (N - n) s^2 / n with s^2 = (n Q - S^2) / (n (n - 1)). N - n is the finite population correction.
//! The values are what was overpaid for each unit, so this is the difference estimator of paid against what should have been paid.
//! S, Q and n Q - S^2 are whole numbers and exact; the rest is done in `f64` and rounded once, to the nearest cent, halves away from zero.

use std::fmt;

use crate::quantile::{normal, student};

/// What was found in one stratum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moments {
    /// The stratum's name.
    pub stratum: String,
    /// Units in it.
    pub population: u64,
    /// Units drawn from it.
    pub sample: u64,
    /// Units with something overpaid.
    pub nonzero: u64,
    /// Sum of the values, in cents.
    pub sum: i128,
    /// Sum of their squares.
    pub squares: i128,
}

/// Why there is no estimate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsound {
    /// Nothing was drawn.
    Empty,
    /// More units drawn from a stratum than it has.
    Overdrawn(String),
    /// One unit, or none, of a stratum that has more: no spread can be told.
    TooFew(String),
    /// Values too large to be squared and summed; none that money can be.
    TooLarge,
}

impl fmt::Display for Unsound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |name: &str| if name.is_empty() { "the universe".to_owned() } else { format!("stratum {name}") };
        match self {
            Unsound::Empty => f.write_str("nothing was drawn"),
            Unsound::Overdrawn(name) => write!(f, "more units were drawn than {} has", of(name)),
            Unsound::TooFew(name) => write!(f, "fewer than two units were drawn from {}, which has more: no spread can be told", of(name)),
            Unsound::TooLarge => f.write_str("the amounts are too large to be money"),
        }
    }
}

impl std::error::Error for Unsound {}

impl Moments {
    /// Adds up the values of one stratum.
    ///
    /// # Errors
    /// [`Unsound::TooLarge`].
    pub fn of(stratum: &str, population: u64, values: impl IntoIterator<Item = u64>) -> Result<Self, Unsound> {
        let mut moments = Self { stratum: stratum.to_owned(), population, sample: 0, nonzero: 0, sum: 0, squares: 0 };
        for value in values {
            let value = i128::from(value);
            moments.sample += 1;
            moments.nonzero += u64::from(value != 0);
            moments.sum += value;
            let square = value.checked_mul(value).ok_or(Unsound::TooLarge)?;
            moments.squares = moments.squares.checked_add(square).ok_or(Unsound::TooLarge)?;
        }
        Ok(moments)
    }

    /// `n Q - S^2`: n (n - 1) times the variance.
    fn spread(&self) -> Result<i128, Unsound> {
        let product = i128::from(self.sample).checked_mul(self.squares);
        let square = self.sum.checked_mul(self.sum);
        product.zip(square).and_then(|(product, square)| product.checked_sub(square)).ok_or(Unsound::TooLarge)
    }

    /// Mean of the values, in cents.
    pub fn mean(&self) -> f64 {
        self.sum as f64 / self.sample as f64
    }

    /// Variance of the values; 0 for a single one.
    fn variance(&self) -> Result<f64, Unsound> {
        let n = self.sample as f64;
        Ok(if self.sample < 2 { 0.0 } else { self.spread()? as f64 / (n * (n - 1.0)) })
    }

    /// Standard deviation of the values, in cents; 0 for a single one.
    pub fn deviation(&self) -> f64 {
        self.variance().unwrap_or(f64::NAN).sqrt()
    }
}

/// Which distribution the bounds are taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantile {
    /// Student's, with these degrees of freedom.
    Student(u64),
    /// The normal one.
    Normal,
}

/// How sure: a percentage with two decimals, above 0 and below 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Confidence(u32);

impl Confidence {
    /// 90 %: the lower bound of this two-sided interval is what the Office of Inspector General of HHS recommends for recovery.
    pub const NINETY: Confidence = Confidence(9_000);
    /// 95 %.
    pub const NINETY_FIVE: Confidence = Confidence(9_500);

    /// Hundredths of a percent, 1 to 9,999.
    pub fn of(hundredths: u32) -> Option<Self> {
        (1..10_000).contains(&hundredths).then_some(Self(hundredths))
    }

    /// Hundredths of a percent.
    pub fn hundredths(self) -> u32 {
        self.0
    }

    fn share(self) -> f64 {
        f64::from(self.0) / 10_000.0
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match rest {
            0 => write!(f, "{whole}"),
            tenths if tenths % 10 == 0 => write!(f, "{whole}.{}", tenths / 10),
            _ => write!(f, "{whole}.{rest:02}"),
        }
    }
}

/// Bounds at one confidence. All amounts are cents.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// How sure.
    pub confidence: Confidence,
    /// How many standard errors the two-sided bounds lie from the point.
    pub factor: f64,
    /// Lower and upper bound, both ways at once.
    pub both: (i64, i64),
    /// How many standard errors the one-sided bounds lie from the point; `None` below 50 %.
    pub one_factor: Option<f64>,
    /// The lower bound alone, and the upper one alone: each with this confidence.
    pub one: Option<(i64, i64)>,
}

/// An estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// What it was made from.
    pub strata: Vec<Moments>,
    /// The point estimate, in cents.
    pub point: i64,
    /// Its standard error, in cents, not rounded.
    pub standard_error: f64,
    /// Where its bounds come from.
    pub quantile: Quantile,
    exact: f64,
}

/// Estimates the total from what was found in each stratum.
///
/// Bounds come from Student's distribution with n - 1 degrees of freedom where there is one stratum, and from the normal distribution where
/// there are several, as RAT-STATS does; [`Estimate::by_effective_freedom`] takes Student's there as well.
///
/// # Errors
/// [`Unsound`].
pub fn estimate(strata: Vec<Moments>) -> Result<Estimate, Unsound> {
    if strata.iter().all(|s| s.sample == 0) {
        return Err(Unsound::Empty);
    }
    let (mut whole, mut rest, mut variance) = (0i128, 0.0, 0.0);
    for stratum in &strata {
        if stratum.sample > stratum.population {
            return Err(Unsound::Overdrawn(stratum.stratum.clone()));
        }
        if stratum.sample < stratum.population.min(2) {
            return Err(Unsound::TooFew(stratum.stratum.clone()));
        }
        if stratum.sample == 0 {
            continue;
        }
        let product = i128::from(stratum.population).checked_mul(stratum.sum).ok_or(Unsound::TooLarge)?;
        whole = whole.checked_add(product.div_euclid(i128::from(stratum.sample))).ok_or(Unsound::TooLarge)?;
        rest += product.rem_euclid(i128::from(stratum.sample)) as f64 / stratum.sample as f64;
        variance += weight(stratum) * stratum.variance()?;
    }
    // What lies beyond 2^53 cents is not money.
    let exact = if whole.unsigned_abs() < 1 << 53 { whole as f64 + rest } else { return Err(Unsound::TooLarge) };
    let quantile = match strata.as_slice() {
        [only] => Quantile::Student(only.sample.saturating_sub(1).max(1)),
        _ => Quantile::Normal,
    };
    Ok(Estimate { strata, point: cents(exact), standard_error: variance.sqrt(), quantile, exact })
}

/// N (N - n) / n.
fn weight(stratum: &Moments) -> f64 {
    let (population, sample) = (stratum.population as f64, stratum.sample as f64);
    population * (population - sample) / sample
}

/// To the nearest cent, halves away from zero.
fn cents(amount: f64) -> i64 {
    amount.round() as i64
}

impl Estimate {
    /// The same estimate with bounds from Student's distribution, by Satterthwaite's effective degrees of freedom (Cochran, 5.4, equation
    /// 5.16), rounded down to a whole number: wider than the normal ones, and more honest where strata are small.
    #[must_use]
    pub fn by_effective_freedom(mut self) -> Self {
        let (mut sum, mut squares) = (0.0, 0.0);
        for stratum in self.strata.iter().filter(|s| s.sample > 1) {
            let term = weight(stratum) * stratum.variance().unwrap_or(0.0);
            sum += term;
            squares += term * term / (stratum.sample - 1) as f64;
        }
        if squares > 0.0 {
            self.quantile = Quantile::Student(((sum * sum / squares).floor() as u64).max(1));
        }
        self
    }

    /// Bounds at a confidence.
    pub fn interval(&self, confidence: Confidence) -> Interval {
        let factor = |within: f64| match self.quantile {
            Quantile::Student(df) => student(within, df),
            Quantile::Normal => normal(within),
        };
        let bounds = |factor: f64| (cents(self.exact - factor * self.standard_error), cents(self.exact + factor * self.standard_error));
        let both = factor(confidence.share());
        // One side alone at 95 % is one side of both at 90 %.
        let one_factor = (confidence.0 >= 5_000).then(|| factor(2.0 * confidence.share() - 1.0));
        Interval { confidence, factor: both, both: bounds(both), one_factor, one: one_factor.map(bounds) }
    }

    /// Half the width of a two-sided interval against the point estimate, in percent; `None` when the point is zero.
    pub fn precision(&self, interval: &Interval) -> Option<f64> {
        (self.exact > 0.0).then(|| 100.0 * interval.factor * self.standard_error / self.exact)
    }
}
