//! Writes an invented agency to a folder: `simulate --seed N [--individuals M] [--days D] [--events N] [--plants none|seed|all] [--exports|--x12|--fhir|--xlsx] --out DIR`.
//! `simulate --riverbend FIXTURES` writes the committed fixture instead. Reads nothing but its arguments.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use simulator::{Agency, Config, Planting};

fn main() -> anyhow::Result<()> {
    let mut events = None;
    let mut seed = 1;
    let mut individuals = None;
    let mut days = None;
    let mut plants = Planting::BySeed;
    let mut out = None;
    let mut exports = false;
    let mut x12 = false;
    let mut fhir = false;
    let mut xlsx = false;
    #[allow(clippy::disallowed_methods, reason = "a binary's main reads its arguments")]
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().with_context(|| format!("{name} wants a value"));
        match name.as_str() {
            "--seed" => seed = value()?.parse().context("--seed wants a number")?,
            "--events" => events = Some(value()?.parse::<u64>().context("--events wants a number")?),
            "--individuals" => individuals = Some(value()?.parse::<u32>().context("--individuals wants a number")?),
            "--days" => days = Some(value()?.parse().context("--days wants a number")?),
            "--plants" => {
                plants = match value()?.as_str() {
                    "none" => Planting::Nothing,
                    "seed" => Planting::BySeed,
                    "all" => Planting::Everything,
                    other => bail!("--plants wants none, seed or all, not {other}"),
                }
            }
            "--exports" => exports = true,
            "--x12" => x12 = true,
            "--fhir" => fhir = true,
            "--xlsx" => xlsx = true,
            "--out" => out = Some(PathBuf::from(value()?)),
            "--riverbend" => return write_riverbend(Path::new(&value()?)),
            other => bail!("unknown argument {other}; see the head of simulate.rs"),
        }
    }
    let mut config = events.map_or_else(|| Config::year(seed), |events| Config::of_events(seed, events));
    config.plants = plants;
    if let Some(individuals) = individuals {
        config.individuals = individuals;
        config.peers = individuals / 12;
    }
    if let Some(days) = days {
        config.days = days;
    }
    let out = out.context("--out wants a folder")?;
    let agency = Agency::invent(config);
    if x12 {
        agency.write_x12(&out, false)?;
    } else if fhir {
        agency.write_fhir(&out)?;
    } else if xlsx {
        write_xlsx(&agency, &out)?;
    } else if exports {
        agency.write_exports(&out)?;
    } else {
        agency.write_jsonl(&out)?;
    }
    eprintln!(
        "{} events, {} plants, {} findings expected, today {}",
        agency.lines.len(),
        agency.planted.len(),
        agency.expected().len(),
        agency.today()
    );
    Ok(())
}

#[cfg(feature = "xlsx")]
fn write_xlsx(agency: &Agency, out: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(out)?;
    std::fs::write(out.join("case.json"), agency.case_json())?;
    Ok(std::fs::write(out.join("year.xlsx"), agency.xlsx()?)?)
}

#[cfg(not(feature = "xlsx"))]
fn write_xlsx(_: &Agency, _: &Path) -> anyhow::Result<()> {
    bail!("built without workbooks: cargo run -p simulator --features xlsx --bin simulate -- ...")
}

fn write_riverbend(fixtures: &Path) -> anyhow::Result<()> {
    simulator::riverbend().write_exports(&fixtures.join("riverbend"))?;
    std::fs::write(fixtures.join("riverbend-revocation.jsonl"), simulator::riverbend_revocation())?;
    std::fs::write(fixtures.join("riverbend-revocation.case.json"), simulator::riverbend_revocation_case())?;
    Ok(())
}
