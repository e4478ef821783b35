//! `sample draw|estimate|check`: prints what was drawn, what follows from results, and whether a draw comes out again.
//! It never says that an overpayment was identified; whether one was, people enter.

use std::io::{self, Write};
use std::path::Path;

use audit::samples::{Asked, Bounds, Checked, Drawn, Extrapolated, Query, Size, StrataBy, UnitOf, check, draw, extrapolate};
use audit::vocabulary::{Cents, KnownAt};
use audit::words::{count, money, thousands};
use serde_json::{Value, json};

use super::findings::cell;
use super::{Outcome, banner};
use crate::args::{DrawArgs, EstimateArgs, Format, Global, SampleCommand, SampleUnit};
use crate::exit::Done;
use crate::paper::{Style, prose, right, table, trimmed};
use crate::progress::Progress;

pub(crate) fn run(global: &Global, command: &SampleCommand, now: KnownAt) -> Outcome {
    match command {
        SampleCommand::Draw(args) => draw_it(global, args, now),
        SampleCommand::Estimate(args) => estimate_it(global, args),
        SampleCommand::Check { sample } => check_it(global, sample),
    }
}

fn draw_it(global: &Global, args: &DrawArgs, now: KnownAt) -> Outcome {
    let (today, cut) = super::when(&args.when)?;
    let asked = Asked {
        query: Query::parse(&args.universe)?,
        unit: match args.unit {
            SampleUnit::Claim => UnitOf::Claim,
            SampleUnit::Line => UnitOf::Line,
        },
        strata: args.strata.as_deref().map(StrataBy::parse).transpose()?,
        size: Size::parse(&args.size)?,
        seed: args.seed.clone(),
        cut,
        today,
        record: !args.dry_run,
        at: global.at.as_ref().map(|_| now),
    };
    let progress = Progress::new(global, "choosing");
    let drawn = draw(&global.ledger, &asked, &args.output, now, &|n, all| progress.of(n, all))?;
    drop(progress);
    match global.format() {
        Format::Human => human_drawn(global, &drawn)?,
        Format::Json => writeln!(io::stdout().lock(), "{}", serde_json::to_value(&drawn.sample).map_err(audit::AuditError::from)?)?,
        Format::Ndjson => {
            let mut out = io::stdout().lock();
            for unit in &drawn.sample.drawn {
                writeln!(out, "{}", serde_json::to_value(unit).map_err(audit::AuditError::from)?)?;
            }
        }
        Format::Csv => {
            let mut out = io::stdout().lock();
            writeln!(out, "unit,claim,line,stratum,service_date,paid_cents")?;
            for u in &drawn.sample.drawn {
                let line = u.line.map_or_else(String::new, |line| line.to_string());
                writeln!(out, "{},{},{line},{},{},{}", u.unit, u.claim, cell(&u.stratum), u.service_date, u.paid_cents)?;
            }
        }
    }
    Ok(Done::Clean)
}

/// What was paid, as people read it.
fn dollars(cents: u64) -> String {
    money(Cents(i64::try_from(cents).unwrap_or(i64::MAX)))
}

fn human_drawn(global: &Global, drawn: &Drawn) -> io::Result<()> {
    let style = Style::stdout(global);
    let s = &drawn.sample;
    let mut out = io::stdout().lock();
    banner(&mut out, s.ledger.simulated)?;
    let unit = if s.unit == "line" { "paid line" } else { "paid claim" };
    writeln!(out, "{} drawn of {} ({}), seed {}.", style.strong(&count(s.size, unit)), thousands(s.universe.units), dollars(s.universe.paid_cents), s.seed)?;
    writeln!(out, "  universe  {}", s.query)?;
    writeln!(out, "  digest    {}", s.universe.digest)?;
    if s.strata_by.is_some() {
        writeln!(out)?;
        let mut rows = table(&["Stratum", "Units", "Paid", "Drawn", "Paid for those"]);
        for stratum in &s.strata {
            rows.add_row([stratum.stratum.clone(), thousands(stratum.units), dollars(stratum.paid_cents), thousands(stratum.size), dollars(stratum.drawn_paid_cents)]);
        }
        for column in 1..5 {
            right(&mut rows, column);
        }
        writeln!(out, "{}", trimmed(&rows))?;
    }
    if global.quiet {
        return Ok(());
    }
    writeln!(out)?;
    writeln!(out, "  {}  the sample", drawn.names.sample.display())?;
    writeln!(out, "  {}  every unit that could be drawn: with this and the seed anybody draws the same (docs/samples.md)", drawn.names.universe.display())?;
    writeln!(out, "  {}  for the reviewers: overpaid_cents for each unit", drawn.names.worksheet.display())?;
    match s.recorded_seq {
        Some(seq) => writeln!(out, "\nThe draw is on record as seq {seq}.")?,
        None => writeln!(out, "\nThe draw is not on record.")?,
    }
    writeln!(out, "Next: countersign sample estimate {} --results {}", drawn.names.sample.display(), drawn.names.worksheet.display())
}

fn estimate_it(global: &Global, args: &EstimateArgs) -> Outcome {
    let found = extrapolate(&args.sample, &args.results, &args.confidence, args.effective_freedom)?;
    match global.format() {
        Format::Human => human_estimate(global, &found)?,
        Format::Json => writeln!(io::stdout().lock(), "{}", whole(&found))?,
        Format::Ndjson => found.bounds.iter().try_for_each(|b| writeln!(io::stdout().lock(), "{}", bounds_json(b)))?,
        Format::Csv => {
            let mut out = io::stdout().lock();
            writeln!(out, "confidence,sides,point_cents,lower_cents,upper_cents,factor")?;
            for b in &found.bounds {
                writeln!(out, "{},2,{},{},{},{:.9}", b.confidence, found.point, b.two_sided.0, b.two_sided.1, b.factor)?;
                if let Some((lower, upper)) = b.one_sided {
                    writeln!(out, "{},1,{},{lower},{upper},", b.confidence, found.point)?;
                }
            }
        }
    }
    Ok(Done::Clean)
}

fn human_estimate(global: &Global, e: &Extrapolated) -> io::Result<()> {
    let style = Style::stdout(global);
    let mut out = io::stdout().lock();
    banner(&mut out, e.sample.ledger.simulated)?;
    let (drawn, errors): (u64, u64) = e.strata.iter().fold((0, 0), |(d, r), s| (d + s.drawn, r + s.with_error));
    let overpaid: u64 = e.strata.iter().map(|s| s.overpaid).sum();
    writeln!(out, "Estimated overpayment in {} ({}): {}", count(e.sample.universe.units, &format!("paid {}", e.sample.unit)), dollars(e.sample.universe.paid_cents), style.strong(&money(Cents(e.point))))?;
    writeln!(out, "Lower limit of the two-sided 90% interval: {}", style.strong(&money(Cents(e.lower_limit))))?;
    writeln!(out, "From {} drawn: {} overpaid by {} together. Standard error {}.\n", thousands(drawn), thousands(errors), dollars(overpaid), money(Cents(e.standard_error.round() as i64)))?;
    let mut rows = table(&["Confidence", "Both sides: from", "to", "Precision", "One side: at least", "or at most"]);
    for b in &e.bounds {
        let one = |pick: fn((i64, i64)) -> i64| b.one_sided.map_or_else(String::new, |one| money(Cents(pick(one))));
        let precision = b.precision.map_or_else(String::new, |p| format!("{p:.2}%"));
        rows.add_row([format!("{}%", b.confidence), money(Cents(b.two_sided.0)), money(Cents(b.two_sided.1)), precision, one(|o| o.0), one(|o| o.1)]);
    }
    for column in 1..6 {
        right(&mut rows, column);
    }
    writeln!(out, "{}", trimmed(&rows))?;
    if e.strata.len() > 1 {
        writeln!(out)?;
        let mut rows = table(&["Stratum", "Units", "Drawn", "Overpaid", "In the sample", "Mean", "Std deviation"]);
        for s in &e.strata {
            rows.add_row([
                s.stratum.clone(),
                thousands(s.units),
                thousands(s.drawn),
                thousands(s.with_error),
                dollars(s.overpaid),
                money(Cents(s.mean.round() as i64)),
                money(Cents(s.deviation.round() as i64)),
            ]);
        }
        for column in 1..7 {
            right(&mut rows, column);
        }
        writeln!(out, "{}", trimmed(&rows))?;
    }
    writeln!(out)?;
    for remark in &e.remarks {
        write!(out, "{}", prose(remark, 0))?;
    }
    let how = match e.degrees_of_freedom {
        Some(df) => format!("Student's distribution with {}", if df == 1 { "1 degree of freedom".to_owned() } else { format!("{} degrees of freedom", thousands(df)) }),
        None => "the normal distribution".to_owned(),
    };
    let said = format!(
        "Mean per unit of each stratum, finite population correction, bounds from {how}; to the nearest cent. An estimate from the results entered: \
         whether there is an overpayment, and how it is quantified, is for people to decide and to enter."
    );
    write!(out, "{}", prose(&said, 0))
}

fn bounds_json(b: &Bounds) -> Value {
    json!({
        "confidence": b.confidence, "factor": b.factor,
        "two_sided": {"lower_cents": b.two_sided.0, "upper_cents": b.two_sided.1},
        "one_sided": b.one_sided.map(|(lower, upper)| json!({"lower_cents": lower, "upper_cents": upper})),
        "precision_percent": b.precision,
    })
}

fn whole(e: &Extrapolated) -> Value {
    let strata: Vec<Value> = e
        .strata
        .iter()
        .map(|s| {
            json!({"stratum": s.stratum, "units": s.units, "paid_cents": s.paid, "drawn": s.drawn, "drawn_paid_cents": s.drawn_paid,
                   "with_error": s.with_error, "overpaid_cents": s.overpaid, "mean_cents": s.mean, "standard_deviation_cents": s.deviation})
        })
        .collect();
    json!({
        "schema": "countersign.estimate.v1",
        "ledger": {"origin": e.sample.ledger.origin, "size": e.sample.ledger.size, "root": e.sample.ledger.root, "simulated": e.sample.ledger.simulated},
        "query": e.sample.query, "unit": e.sample.unit, "seed": e.sample.seed,
        "universe": {"digest": e.sample.universe.digest, "units": e.sample.universe.units, "paid_cents": e.sample.universe.paid_cents},
        "point_cents": e.point,
        "lower_limit_cents": e.lower_limit,
        "standard_error_cents": e.standard_error,
        "distribution": if e.degrees_of_freedom.is_some() { "student" } else { "normal" },
        "degrees_of_freedom": e.degrees_of_freedom,
        "bounds": e.bounds.iter().map(bounds_json).collect::<Vec<_>>(),
        "strata": strata,
        "remarks": e.remarks,
    })
}

fn check_it(global: &Global, path: &Path) -> Outcome {
    let progress = Progress::new(global, "drawing again");
    let checked = check(&global.ledger, path, &|n, all| progress.of(n, all))?;
    drop(progress);
    let mut out = io::stdout().lock();
    if global.format() == Format::Human {
        say_checked(global, &mut out, &checked)?;
    } else {
        let value = json!({"schema": "countersign.sample-check.v1", "same": checked.differs.is_empty(), "differs": checked.differs, "values_erased": checked.values_erased});
        writeln!(out, "{value}")?;
    }
    Ok(if checked.differs.is_empty() { Done::Clean } else { Done::Found })
}

fn say_checked(global: &Global, out: &mut impl Write, checked: &Checked) -> io::Result<()> {
    let style = Style::stdout(global);
    let s = &checked.sample;
    banner(out, s.ledger.simulated)?;
    if checked.differs.is_empty() {
        let said = format!("The same {} are drawn again from the same {}, with seed {}.", count(s.size, &s.unit), thousands(s.universe.units), s.seed);
        return writeln!(out, "{}", style.good(&said));
    }
    writeln!(out, "{}", style.violation("The sample does not come out again:"))?;
    checked.differs.iter().try_for_each(|what| write!(out, "{}", prose(what, 2)))?;
    if checked.values_erased {
        writeln!(out, "Values were erased since; a rule in the query can therefore find other claims.")?;
    }
    Ok(())
}
