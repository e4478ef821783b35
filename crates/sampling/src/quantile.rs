//! Quantiles of Student's and Gauss's distributions, for the bounds of an estimate.
//! It refuses tables and approximations: the probability is summed to the last bit, and the quantile found by halving.

use std::f64::consts::{FRAC_1_PI, PI};

/// The probability that Student's t with `df` degrees of freedom lies between -t and t.
///
/// The finite sums of Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 (odd `df`) and 26.7.4 (even): all terms are positive,
/// so nothing cancels.
pub fn student_within(t: f64, df: u64) -> f64 {
    let nu = df as f64;
    let squared = nu / (nu + t * t);
    let sine = t / (nu + t * t).sqrt();
    if df % 2 == 1 {
        // cos + (2/3) cos^3 + (2*4)/(3*5) cos^5 + ...
        let (mut sum, mut term) = (0.0, squared.sqrt());
        for k in 1..=(df - 1) / 2 {
            sum += term;
            term *= squared * (2 * k) as f64 / (2 * k + 1) as f64;
        }
        2.0 * FRAC_1_PI * ((t / nu.sqrt()).atan() + sine * sum)
    } else {
        // 1 + (1/2) cos^2 + (1*3)/(2*4) cos^4 + ...
        let (mut sum, mut term) = (0.0, 1.0);
        for k in 1..=df / 2 {
            sum += term;
            term *= squared * (2 * k - 1) as f64 / (2 * k) as f64;
        }
        sine * sum
    }
}

/// The probability that a standard normal variable lies between -z and z: twice the density times z + z^3/3 + z^5/(3*5) + ...
pub fn normal_within(z: f64) -> f64 {
    let (mut sum, mut term, mut odd) = (0.0, z, 1.0);
    while sum + term > sum {
        sum += term;
        odd += 2.0;
        term *= z * z / odd;
    }
    2.0 * (-z * z / 2.0).exp() / (2.0 * PI).sqrt() * sum
}

/// The t that Student's variable with `df` degrees of freedom stays within, both ways, with this probability (0 to below 1).
pub fn student(within: f64, df: u64) -> f64 {
    halve(within, |t| student_within(t, df))
}

/// The z that a standard normal variable stays within, both ways, with this probability (0 to below 1).
pub fn normal(within: f64) -> f64 {
    halve(within, normal_within)
}

fn halve(within: f64, probability: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while probability(high) < within && high < 1e9 {
        (low, high) = (high, high * 2.0);
    }
    // Each step gains a bit; after 64 the two are neighbours.
    for _ in 0..64 {
        let middle = low + (high - low) / 2.0;
        if probability(middle) < within { low = middle } else { high = middle }
    }
    low + (high - low) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Student's table as printed everywhere (for example Fisher and Yates, Statistical Tables, table III; Cochran, Sampling Techniques, 3rd
    /// edition, p. 27): degrees of freedom, then t for 80, 90, 95 and 99 percent both ways.
    const TABLE: &[(u64, [f64; 4])] = &[
        (1, [3.078, 6.314, 12.706, 63.657]),
        (2, [1.886, 2.920, 4.303, 9.925]),
        (3, [1.638, 2.353, 3.182, 5.841]),
        (4, [1.533, 2.132, 2.776, 4.604]),
        (5, [1.476, 2.015, 2.571, 4.032]),
        (9, [1.383, 1.833, 2.262, 3.250]),
        (10, [1.372, 1.812, 2.228, 3.169]),
        (19, [1.328, 1.729, 2.093, 2.861]),
        (29, [1.311, 1.699, 2.045, 2.756]),
        (30, [1.310, 1.697, 2.042, 2.750]),
        (40, [1.303, 1.684, 2.021, 2.704]),
        (60, [1.296, 1.671, 2.000, 2.660]),
        (120, [1.289, 1.658, 1.980, 2.617]),
    ];

    #[test]
    fn the_quantiles_are_those_of_the_printed_tables() {
        for (df, row) in TABLE {
            for (within, printed) in [0.80, 0.90, 0.95, 0.99].into_iter().zip(row) {
                assert!((student(within, *df) - printed).abs() <= 0.000_501, "{df} {within}: {}", student(within, *df));
            }
        }
        for (within, printed) in [(0.80, 1.281_551_565_545), (0.90, 1.644_853_626_951), (0.95, 1.959_963_984_540), (0.99, 2.575_829_303_549)] {
            assert!((normal(within) - printed).abs() < 1e-11, "{within}: {}", normal(within));
        }
    }

    #[test]
    fn many_degrees_of_freedom_come_near_the_normal_and_few_have_closed_forms() {
        assert!((student(0.90, 1_000_000) - normal(0.90)).abs() < 2e-6);
        for within in [0.5, 0.9, 0.99, 0.999] {
            // df = 1 is Cauchy's distribution, df = 2 has an algebraic quantile.
            assert!((student(within, 1) / (PI * within / 2.0).tan() - 1.0).abs() < 1e-12);
            let two = (2.0 * within * within / (1.0 - within * within)).sqrt();
            assert!((student(within, 2) / two - 1.0).abs() < 1e-12);
        }
        assert_eq!((student(0.0, 5) < 1e-15, normal_within(0.0)), (true, 0.0));
    }
}
