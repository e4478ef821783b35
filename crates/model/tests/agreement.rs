//! Two judges, one page: the product's rules against the model's, on invented agencies whose books somebody threw into disorder.
//! A few small agencies in every run; `cargo xtask model` sets `MODEL_SEEDS` (as `0..200`) and `MODEL_EVENTS` for the long one.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot go on fails, and reads what the long run is told")]

use std::collections::{BTreeMap, BTreeSet};

use domain::{KnownAt, Recorded, ValidAt, ValidDay};
use model::disturb::{Measure, disturb};
use model::{Found, Verdicts};
use rules::{Class, Engine};
use scenario::replay;
use simulator::{Agency, Config, Planting};

fn books(seed: u64, events: u64) -> Vec<Recorded> {
    // Plants and disorder make about as many again.
    let config = Config { plants: if seed % 2 == 0 { Planting::Everything } else { Planting::BySeed }, ..Config::of_events(seed, events * 11 / 20) };
    let agency = Agency::invent(config);
    replay::record(disturb(agency.drafts().collect(), seed, Measure::CARELESS)).unwrap()
}

/// Three cuts: the end, and two moments before it.
fn cuts(recorded: &[Recorded], seed: u64) -> [KnownAt; 3] {
    let n = recorded.len();
    let at = |place: usize| recorded[place.min(n - 1)].recorded_at;
    let shift = usize::try_from(seed % 97).unwrap() * n / 400;
    [at(n / 3 + shift), at(n / 2 + shift), KnownAt::END]
}

fn today(recorded: &[Recorded], cut: KnownAt) -> ValidDay {
    let last = recorded.iter().rfind(|r| r.recorded_at <= cut).unwrap();
    ValidAt::from_micros(last.recorded_at.micros()).local_day()
}

fn class(of: Class) -> model::Class {
    match of {
        Class::Violation => model::Class::Violation,
        Class::Documentation => model::Class::Documentation,
        Class::Advisory => model::Class::Advisory,
    }
}

fn product(engine: &Engine, recorded: &[Recorded], cut: KnownAt, today: ValidDay) -> Verdicts {
    let report = replay::judge(engine, recorded, cut, today);
    let judged = |rule: &str| model::RULES.contains(&rule);
    let findings = report.findings.iter().filter(|f| judged(f.rule)).map(|f| Found {
        rule: f.rule,
        subject: f.subject.to_string(),
        class: class(f.class),
        cured_late: f.status.as_str() == "cured_late",
        true_from: f.true_from,
        first_detectable: f.first_detectable,
        known_at_claim: f.known_at_claim,
        exposure_cents: f.exposure.0,
    });
    let unjudged = report.not_evaluated.iter().filter(|n| judged(n.rule)).map(|n| (n.rule, n.subject.to_string()));
    Verdicts { findings: findings.collect(), not_evaluated: unjudged.collect() }
}

fn differences(product: &Verdicts, model: &Verdicts) -> Vec<String> {
    let by_subject = |verdicts: &Verdicts| -> BTreeMap<(&'static str, String), Found> {
        verdicts.findings.iter().map(|f| ((f.rule, f.subject.clone()), f.clone())).collect()
    };
    let (ours, theirs) = (by_subject(product), by_subject(model));
    let all: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
    let mut said: Vec<String> = all
        .into_iter()
        .filter(|key| ours.get(*key) != theirs.get(*key))
        .map(|key| format!("{} {}\n    product {:?}\n    model   {:?}", key.0, key.1, ours.get(key), theirs.get(key)))
        .collect();
    let unjudged = product.not_evaluated.symmetric_difference(&model.not_evaluated);
    said.extend(unjudged.map(|(rule, subject)| {
        let who = if product.not_evaluated.contains(&(rule, subject.clone())) { "product" } else { "model" };
        format!("{rule} {subject} not evaluated by the {who} alone")
    }));
    said
}

fn seeds() -> (std::ops::Range<u64>, u64) {
    let range = std::env::var("MODEL_SEEDS").ok().and_then(|text| {
        let (from, to) = text.split_once("..")?;
        Some(from.parse().ok()?..to.parse().ok()?)
    });
    let events = std::env::var("MODEL_EVENTS").ok().and_then(|text| text.parse().ok());
    (range.unwrap_or(0..3), events.unwrap_or(3_000))
}

#[test]
fn two_judges_agree() {
    let engine = Engine::new(catalog::CATALOG, catalog::TABLES).unwrap();
    let (seeds, events) = seeds();
    let mut wrong = Vec::new();
    let mut rules = BTreeMap::new();
    let mut judged = 0;
    for seed in seeds.clone() {
        let recorded = books(seed, events);
        for cut in cuts(&recorded, seed) {
            let today = today(&recorded, cut);
            let model = model::judge(&recorded, cut, today);
            judged += model.findings.len();
            for found in &model.findings {
                *rules.entry(found.rule).or_insert(0) += 1;
            }
            let differ = differences(&product(&engine, &recorded, cut, today), &model);
            wrong.extend(differ.into_iter().map(|what| format!("seed {seed}, cut {cut}, today {today}: {what}")));
        }
        println!("seed {seed}: {} events, {judged} findings so far, {} differences so far", recorded.len(), wrong.len());
    }
    let never: Vec<_> = model::RULES.iter().filter(|rule| !rules.contains_key(*rule)).collect();
    println!("never found: {never:?}");
    assert!(judged > 500, "only {judged} findings");
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}
