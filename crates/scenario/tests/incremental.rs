//! Incremental equals full: judging only what further events or another day could have changed gives what judging everything gives.
//! Random histories of a small agency in stages, with late entries, corrections, retractions and retractions of retractions.

use domain::{KnownAt, Recorded, ValidDay};
use proptest::prelude::*;
use rules::kept::{Dirty, Known};
use rules::{Engine, Finding, Kept, Report, Unit};
use scenario::replay;
use timeline::touched::Touched;
use timeline::{History, View};

use scenario::world::{LAST, World, crowd, day};

/// Everything a report says, but for the places of lines, which are a history's own.
fn said(report: &Report) -> Vec<String> {
    let finding = |f: &Finding| {
        format!(
            "{} {} {} {:?} {:?} {:?} {} {} {:?} {} {} {:?} {:?} {:?}",
            f.id, f.rule, f.subject, f.class, f.status, f.about, f.true_from, f.first_detectable, f.known_at_claim, f.exposure.0, f.message, f.evidence, f.missing, f.contacts
        )
    };
    let unjudged = report.not_evaluated.iter().map(|n| format!("{} {} lacks {}", n.rule, n.subject, n.missing));
    std::iter::once(format!("{:?}", report.summary)).chain(report.findings.iter().map(finding)).chain(unjudged).collect()
}

fn full(engine: &Engine, history: &History, today: ValidDay) -> Kept {
    let view = View::of(history, today);
    let mut kept = Kept::default();
    engine.work(history).iter().for_each(|work| kept.extend(engine.judge_keeping(&view, work)));
    kept
}

/// A scan that goes on from the last one; says how many units it judged.
struct Scanned {
    kept: Kept,
    known: Known,
    today: ValidDay,
}

impl Scanned {
    fn from_nothing(engine: &Engine, history: &History, today: ValidDay) -> Self {
        Self { kept: full(engine, history, today), known: Known::of(history), today }
    }

    fn go_on(&mut self, engine: &Engine, history: &History, further: &[Recorded], today: ValidDay) {
        let mut touched = Touched::default();
        further.iter().for_each(|recorded| touched.add(history, &recorded.event));
        touched.settle(history);
        match self.kept.dirty(engine, history, &touched, self.known, self.today, today) {
            Dirty::Everything => self.kept = full(engine, history, today),
            Dirty::Units(units) => {
                self.kept.forget(&units);
                let units: Vec<Unit> = units.into_iter().collect();
                self.kept.extend(engine.judge_again(&View::of(history, today), &units));
            }
        }
        (self.known, self.today) = (Known::of(history), today);
    }

    fn report(&self, engine: &Engine, history: &History) -> Report {
        engine.assemble(&View::of(history, self.today), [self.kept.report()])
    }
}

fn compare(world: &World, stages: &[usize], days: &[i64]) {
    let engine = Engine::new(catalog::CATALOG, catalog::TABLES).unwrap();
    let mut recorded = world.unrefused();
    recorded.retain(|r| r.target.is_none());
    let mut ends: Vec<usize> = stages.iter().map(|s| s % recorded.len()).chain([recorded.len()]).collect();
    ends.sort_unstable();
    let mut scanned: Option<Scanned> = None;
    let mut from = 0;
    for (end, today) in ends.into_iter().zip(days.iter().map(|n| day(*n))) {
        let history = replay::history(&recorded[..end], KnownAt::END);
        match &mut scanned {
            Some(scanned) => scanned.go_on(&engine, &history, &recorded[from..end], today),
            None => scanned = Some(Scanned::from_nothing(&engine, &history, today)),
        }
        let report = scanned.as_ref().unwrap().report(&engine, &history);
        similar_asserts(&said(&report), &said(&engine.run(&history, today)), from, end);
        from = end;
    }
}

fn similar_asserts(incremental: &[String], full: &[String], from: usize, end: usize) {
    for line in incremental {
        assert!(full.contains(line), "only incremental, after {from}..{end}: {line}");
    }
    for line in full {
        assert!(incremental.contains(line), "only full, after {from}..{end}: {line}");
    }
    assert_eq!(incremental, full, "the same, in another order");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_could_not_have_changed_did_not(
        world in crowd(60, 20),
        stages in prop::collection::vec(any::<usize>(), 3),
        days in prop::collection::vec(0..LAST, 4),
    ) {
        let mut days = days;
        days.sort_unstable();
        compare(&world, &stages, &days);
    }
}
