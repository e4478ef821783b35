//! Incremental equals full: judging only what further events or another day could have changed gives what judging everything gives.
//! Random histories of a small agency in stages, with late entries, corrections, retractions and retractions of retractions.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::LazyLock;

use domain::{KnownAt, Recorded, Seq, ValidDay};
use proptest::prelude::*;
use rules::kept::{Billed, Dirty, Known};
use rules::{Engine, Finding, Kept, Report, Unit};
use scenario::{replay, script};
use timeline::stored::{Damage, Laid, Pieces};
use timeline::touched::Touched;
use timeline::{History, Timeline, View};

use scenario::world::{LAST, World, crowd, day, moment};

/// Everything a report says, but for the places of lines, which are a history's own.
fn said(report: &Report, history: &History) -> Vec<String> {
    let finding = |f: &Finding| {
        format!(
            "{} {} {} {:?} {:?} {:?} {} {} {:?} {} {} {:?} {:?} {:?}",
            f.id, f.rule, f.subject, f.class, f.status, f.about, f.true_from, f.first_detectable, f.known_at_claim, f.exposure.0, f.message, f.evidence, f.missing, f.contacts.names(history)
        )
    };
    let unjudged = report.not_evaluated.iter().map(|n| format!("{} {} lacks {}", n.rule, n.subject, n.missing));
    std::iter::once(format!("{:?}", report.summary)).chain(report.each().map(finding)).chain(unjudged).collect()
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
    /// Findings, and what they were read from.
    bytes: (Vec<Laid>, Laid),
    known: Known,
    today: ValidDay,
}

impl Scanned {
    fn from_nothing(engine: &Engine, history: &History, today: ValidDay) -> Self {
        let kept = full(engine, history, today);
        Self { bytes: bytes_of(&kept, engine, history), kept, known: Known::of(history), today }
    }

    /// Through bytes and back, as from one night to the next.
    fn go_on(&mut self, engine: &Engine, history: &History, recorded: &[Recorded], seen: usize, today: ValidDay) {
        let touched = Touched::by(history, &recorded[seen..], &mut |seq| told(recorded, seq));
        let reads = Kept::restore_reads(self.bytes.1.clone().into(), &Pieces::Now, history).unwrap();
        let part = |laid: &Laid| Kept::restore_findings(laid.clone().into(), &Pieces::WhenAsked(Damage::default()), history, engine).unwrap();
        let mut found = Kept::default();
        self.bytes.0.iter().for_each(|laid| found.extend(part(laid)));
        self.kept = found.with_reads(reads);
        match self.kept.dirty(engine, history, &touched, self.known, self.today, today) {
            Dirty::Everything => self.kept = full(engine, history, today),
            Dirty::Units(units) => {
                self.kept.forget(&units);
                let (view, billed) = (View::of(history, today), Billed::of(&touched));
                self.kept.findings.iter_mut().for_each(|(_, finding)| billed.retell(&view, finding));
                let units: Vec<Unit> = units.into_iter().collect();
                self.kept.extend(engine.judge_again(&View::of(history, today), &units));
            }
        }
        (self.known, self.today) = (Known::of(history), today);
        self.bytes = bytes_of(&self.kept, engine, history);
    }

    fn report(&self, engine: &Engine, history: &History) -> Report {
        engine.assemble(&View::of(history, self.today), [self.kept.report()])
    }
}

fn bytes_of(kept: &Kept, engine: &Engine, history: &History) -> (Vec<Laid>, Laid) {
    (kept.store_findings(engine, history, 3), kept.store_reads(history))
}

fn told(recorded: &[Recorded], seq: Seq) -> Option<Recorded> {
    recorded.iter().find(|r| r.seq == seq).cloned()
}

/// The history of the events, going on from the one of the first `seen` of them after a night as bytes.
fn resumed(history: &History, recorded: &[Recorded], seen: usize) -> History {
    let sections = history.store().unwrap();
    let kept = Pieces::WhenAsked(Damage::default());
    let history = History::restore(|name| sections.iter().find(|s| s.name == name).map(|s| s.laid.clone().into()), &kept).unwrap();
    let mut timeline = Timeline::resume(history, recorded.iter().filter_map(|r| r.target));
    recorded[seen..].iter().for_each(|r| timeline.apply(r));
    timeline.settle_with(&mut |seq| told(recorded, seq))
}

/// Loading every parameter takes longer than judging a small agency.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(catalog::CATALOG, catalog::TABLES).unwrap());

fn compare(world: &World, stages: &[usize], days: &[i64]) {
    compare_told(&world.unrefused(), stages, days);
}

fn compare_told(recorded: &[Recorded], stages: &[usize], days: &[i64]) {
    let engine = &*ENGINE;
    let mut ends: Vec<usize> = stages.iter().map(|s| s % recorded.len()).chain([recorded.len()]).collect();
    ends.sort_unstable();
    let mut last: Option<(Scanned, History)> = None;
    let mut from = 0;
    for (end, today) in ends.into_iter().zip(days.iter().map(|n| day(*n))) {
        let recorded = &recorded[..end];
        let replayed = replay::history(recorded, KnownAt::END);
        let (scanned, history) = match last.take() {
            Some((mut scanned, history)) => {
                let history = resumed(&history, recorded, from);
                scanned.go_on(engine, &history, recorded, from, today);
                (scanned, history)
            }
            None => (Scanned::from_nothing(engine, &replayed, today), replay::history(recorded, KnownAt::END)),
        };
        similar_asserts(&said(&scanned.report(engine, &history), &history), &said(&engine.run(&replayed, today), &replayed), from, end);
        last = Some((scanned, history));
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

/// Whoever asks for a policy on a topic that none has ever named has asked all the same.
#[test]
fn the_first_policy_on_a_topic_is_seen() {
    let lines = [
        "program_registered program=MH-1 from=2020-01-01".to_owned(),
        format!("contact_recorded contact=C1 start={}T10:00 end={}T10:30", day(20), day(20)),
        format!("policy_adopted policy=PO-1 topics=peer_support from={}", day(10)),
    ];
    let draft = |(n, line): (i64, &String)| script::draft(line, moment(n), |_| None).unwrap();
    let recorded = replay::record((0..).zip(&lines).map(draft).collect()).unwrap();
    compare_told(&recorded, &[2], &[30, 30]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

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

    /// More is taken back than told, and days may go back as well.
    #[test]
    fn nor_where_most_of_it_is_taken_back(
        world in crowd(20, 40),
        stages in prop::collection::vec(any::<usize>(), 3),
        days in prop::collection::vec(0..LAST, 4),
    ) {
        compare(&world, &stages, &days);
    }
}
