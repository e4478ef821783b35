//! The estimates against published examples, and against an oracle in Python that works with exact fractions.
//! Where there is no `python3` the oracle's test says so and passes; the published figures always count.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::process::Command;

use proptest::prelude::*;
use sampling::*;

/// Cochran, Sampling Techniques, 3rd edition, section 2.8: signatures on 50 of 676 sheets of a petition. The book gives 19,888 signatures and
/// 80 percent limits of 18,107 and 21,669 with t = 1.28; a full count gave 21,045.
const SHEETS: &[(u64, usize)] = &[
    (42, 23), (41, 4), (36, 1), (32, 1), (29, 1), (27, 2), (23, 1), (19, 1), (16, 2), (15, 2), (14, 1), (11, 1), (10, 1), (9, 1), (7, 1),
    (6, 3), (5, 2), (4, 1), (3, 1),
];

#[test]
fn cochrans_petition_sheets() {
    let values = SHEETS.iter().flat_map(|(y, times)| std::iter::repeat_n(*y, *times));
    let moments = Moments::of("", 676, values).unwrap();
    assert_eq!((moments.sample, moments.sum, moments.squares), (50, 1_471, 54_497), "the book's sums");
    assert!((moments.deviation().powi(2) - 229.0).abs() < 0.05, "the book's s squared, 229.0");
    let estimate = estimate(vec![moments]).unwrap();
    assert_eq!(estimate.point, 19_888);
    // The book multiplies by 1.28, the normal quantile to three figures.
    let (low, high) = (19_888.0 - 1.28 * estimate.standard_error, 19_888.0 + 1.28 * estimate.standard_error);
    assert!((low - 18_107.0).abs() < 1.0 && (high - 21_669.0).abs() < 1.0, "{low} {high}");
    // Student's t with 49 degrees of freedom is 1.299.
    assert_eq!(estimate.quantile, Quantile::Student(49));
    let interval = estimate.interval(Confidence::of(8_000).unwrap());
    assert!((interval.factor - 1.299).abs() < 0.000_5 && interval.both.0 < 18_107 && interval.both.1 > 21_669);
}

/// Lohr, Sampling: Design and Analysis, example 3.2: acres of farms in 300 of 3,078 counties by region. The book gives for each region N, n,
/// mean and variance, a total of 909,736,035 acres and a standard error of 50,417,248.
#[test]
fn lohrs_farms_by_region() {
    // Sums and sums of squares that have the printed means (to a tenth) and variances.
    let region = |name: &str, population: u64, sample: u64, mean: f64, variance: f64| {
        let n = sample as f64;
        let sum = (mean * n).round();
        let squares = variance * (n - 1.0) + sum * sum / n;
        Moments { stratum: name.to_owned(), population, sample, nonzero: sample, sum: sum as i128, squares: squares.round() as i128 }
    };
    let estimate = estimate(vec![
        region("Northeast", 220, 21, 97_629.8, 7_647_472_708.0),
        region("North Central", 1_054, 103, 300_504.2, 29_618_183_543.0),
        region("South", 1_382, 135, 211_315.0, 53_587_487_856.0),
        region("West", 422, 41, 662_295.5, 396_185_950_266.0),
    ])
    .unwrap();
    assert!((estimate.point - 909_736_035).abs() < 200, "the printed means have one decimal: {}", estimate.point);
    assert!((estimate.standard_error - 50_417_248.0).abs() < 100.0, "{}", estimate.standard_error);
    assert_eq!(estimate.quantile, Quantile::Normal);
    // The book's 95 percent interval: 810,918,229 to 1,008,553,841 with 1.96.
    let (low, high) = estimate.interval(Confidence::NINETY_FIVE).both;
    assert!((low - 810_920_045).abs() < 3_000 && (high - 1_008_552_025).abs() < 3_000, "{low} {high}");
    let student = estimate.by_effective_freedom();
    assert!(matches!(student.quantile, Quantile::Student(df) if (40..=296).contains(&df)), "{:?}", student.quantile);
}

#[test]
fn by_hand_ten_claims_of_a_hundred() {
    // Ten of 100 claims: 0 but for 50.00 and 30.00. S = 8000, Q = 34,000,000; nQ - S^2 = 276,000,000; s^2 = 3,066,666.67;
    // se^2 = 100 * 90 / 10 * s^2 = 2,760,000,000, se = 52,535.70; t(9; 90 %) = 1.833113; 96,304 from the point.
    let estimate = estimate(vec![Moments::of("", 100, [0, 0, 5_000, 0, 0, 0, 3_000, 0, 0, 0]).unwrap()]).unwrap();
    assert_eq!((estimate.point, estimate.strata[0].nonzero), (80_000, 2));
    assert!((estimate.standard_error - 52_535.702_146).abs() < 1e-5);
    let ninety = estimate.interval(Confidence::NINETY);
    assert_eq!(ninety.both, (-16_304, 176_304));
    let one = estimate.interval(Confidence::NINETY_FIVE);
    assert_eq!(one.one, Some(ninety.both), "95 % on one side is one side of 90 % on both");
    assert!((estimate.precision(&ninety).unwrap() - 120.38).abs() < 0.01);
    assert_eq!(estimate.interval(Confidence::of(4_000).unwrap()).one, None);
}

#[test]
fn a_census_has_no_error_and_a_sample_of_one_no_estimate() {
    let all = estimate(vec![Moments::of("", 3, [100, 0, 50]).unwrap()]).unwrap();
    assert_eq!((all.point, all.standard_error, all.interval(Confidence::NINETY).both), (150, 0.0, (150, 150)));
    let moments = |name: &str, population, values: &[u64]| Moments::of(name, population, values.iter().copied()).unwrap();
    let mixed = estimate(vec![moments("a", 1, &[700]), moments("b", 10, &[5, 5])]).unwrap();
    assert_eq!((mixed.point, mixed.standard_error), (750, 0.0));
    assert_eq!(estimate(vec![moments("a", 2, &[1])]), Err(Unsound::TooFew("a".to_owned())));
    assert_eq!(estimate(vec![moments("a", 2, &[1, 2]), moments("b", 5, &[])]), Err(Unsound::TooFew("b".to_owned())));
    assert_eq!(estimate(vec![moments("a", 1, &[1, 2])]), Err(Unsound::Overdrawn("a".to_owned())));
    assert_eq!(estimate(vec![]), Err(Unsound::Empty));
    assert_eq!(Moments::of("", 2, [u64::MAX, u64::MAX]), Err(Unsound::TooLarge));
    // A third of a cent is rounded once: 10 * 100 / 3 and 20 * 50 / 3 are 666.67 together.
    let thirds = estimate(vec![moments("a", 10, &[100, 0, 0]), moments("b", 20, &[50, 0, 0])]).unwrap();
    assert_eq!(thirds.point, 667);
}

/// Exact fractions for the point and the variance, and Student's probability by summing its density in small steps: nothing shared with the
/// program but the definitions.
const ORACLE: &str = r#"
import math, sys
from fractions import Fraction
from statistics import NormalDist
def t_within(t, df):
    c = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(df * math.pi)
    f = lambda x: c * (1 + x * x / df) ** (-(df + 1) / 2)
    n = 4000; h = t / n
    return 2 * h / 3 * (f(0) + f(t) + 4 * sum(f((2 * k + 1) * h) for k in range(n // 2)) + 2 * sum(f(2 * k * h) for k in range(1, n // 2)))
for line in sys.stdin:
    strata, factors, df = eval(line)
    point = variance = Fraction(0)
    for N, ys in strata:
        n, S, Q = len(ys), sum(ys), sum(y * y for y in ys)
        point += Fraction(N * S, n)
        if n > 1: variance += Fraction(N * (N - n), n) * Fraction(n * Q - S * S, n * (n - 1))
    se = math.sqrt(variance)
    whole = point.numerator * 2 // point.denominator
    nearest = (whole + 1) // 2
    within = [t_within(f, df) if df else 2 * NormalDist().cdf(f) - 1 for f in factors]
    bounds = [(float(point) - f * se, float(point) + f * se) for f in factors]
    print(nearest, repr(se), " ".join(repr(w) for w in within), " ".join(f"{a!r} {b!r}" for a, b in bounds))
"#;

fn samples() -> impl Strategy<Value = Vec<(u64, Vec<u64>)>> {
    let values = prop::collection::vec(prop_oneof![3 => Just(0u64), 2 => 1u64..20_000, 1 => 1_000_000u64..90_000_000], 2..60);
    prop::collection::vec((values, 0u64..5_000).prop_map(|(values, more)| (values.len() as u64 + more, values)), 1..5)
}

#[test]
fn an_oracle_with_exact_fractions_agrees() {
    if Command::new("python3").arg("--version").output().is_err() {
        println!("SKIPPED: no python3 here, so the oracle with exact fractions was not asked");
        return;
    }
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut asked, mut expected) = (String::new(), Vec::new());
    for _ in 0..150 {
        let strata = samples().new_tree(&mut runner).unwrap().current();
        let moments = strata.iter().enumerate().map(|(n, (population, values))| Moments::of(&n.to_string(), *population, values.iter().copied()).unwrap());
        let estimate = estimate(moments.collect()).unwrap();
        let intervals = [Confidence::NINETY, Confidence::NINETY_FIVE].map(|c| estimate.interval(c));
        let df = if let Quantile::Student(df) = estimate.quantile { df } else { 0 };
        let tuple = strata.iter().map(|(population, values)| format!("({population},{values:?}),")).collect::<String>();
        asked.push_str(&format!("([{tuple}],[{:?},{:?}],{df})\n", intervals[0].factor, intervals[1].factor));
        expected.push((estimate, intervals));
    }
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("oracle.py"), ORACLE).unwrap();
    std::fs::write(dir.path().join("asked"), asked).unwrap();
    let output = Command::new("python3").arg(dir.path().join("oracle.py")).stdin(std::fs::File::open(dir.path().join("asked")).unwrap()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said.lines().count(), expected.len());
    for (line, (estimate, intervals)) in said.lines().zip(expected) {
        let mut words = line.split(' ').map(|word| word.parse::<f64>().unwrap());
        let mut next = || words.next().unwrap();
        assert_eq!(next(), estimate.point as f64, "{line}");
        let se = next();
        assert!((se - estimate.standard_error).abs() <= 1e-9 * se.max(1.0), "{line}");
        for within in [0.90, 0.95] {
            assert!((next() - within).abs() < 1e-9, "{line}");
        }
        for interval in intervals {
            for bound in [interval.both.0, interval.both.1] {
                assert!((next() - bound as f64).abs() <= 0.500_1, "{line}");
            }
        }
    }
}

proptest! {
    /// Whatever was found, the bounds lie around the point, wider for more confidence, and the same in any order of the values.
    #[test]
    fn bounds_lie_around_the_point(strata in samples()) {
        let moments = |turned: bool| {
            let of = |(n, (population, values)): (usize, &(u64, Vec<u64>))| {
                let mut values = values.clone();
                if turned { values.reverse() }
                Moments::of(&n.to_string(), *population, values).unwrap()
            };
            strata.iter().enumerate().map(of).collect::<Vec<_>>()
        };
        let one = estimate(moments(false)).unwrap();
        prop_assert_eq!(&one, &estimate(moments(true)).unwrap());
        let (ninety, more) = (one.interval(Confidence::NINETY), one.interval(Confidence::of(9_990).unwrap()));
        prop_assert!(more.both.0 <= ninety.both.0 && ninety.both.0 <= one.point && one.point <= ninety.both.1 && ninety.both.1 <= more.both.1);
        prop_assert!(ninety.both.0 <= ninety.one.unwrap().0);
    }
}
