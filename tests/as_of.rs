//! As-of never changes: what was answered at a cut is answered at it for ever, whatever is appended later.
//! Random histories through a real ledger, and the two ways of looking back against each other.

use std::collections::{BTreeMap, BTreeSet};

use audit::Cut;
use audit::scan::look;
use domain::event::{Claims, Event};
use domain::{KnownAt, Recorded, Seq};
use proptest::prelude::*;
use rules::{Engine, Finding, Report};
use scenario::replay;
use timeline::View;

use scenario::world::world;

use crate::world::{recorded, told};

/// The report at a cut, as the bytes that `scan --json` prints.
fn bytes(ledger: &std::path::Path, cut: Cut) -> String {
    let scan = look(ledger, cut, None, KnownAt::BEGINNING).unwrap();
    scan.loaded.json(&scan.report).unwrap()
}

/// When an event counts as known: a claim from its submission (evaluation.md, "Times and money").
pub(crate) fn known(recorded: &Recorded) -> KnownAt {
    if let Event::Claims(Claims::ClaimSubmitted(e)) = &recorded.event { e.submitted_at.as_submission_known() } else { recorded.known_at() }
}

/// What a report says but for where it begins in time and on which events it rests, which both look beyond a cut.
fn said(report: &Report) -> Vec<String> {
    let finding = |f: &Finding| {
        format!("{} {} {:?} {:?} {} {} {} {:?}", f.rule, f.subject, f.class, f.status, f.true_from, f.exposure.0, f.message, f.missing)
    };
    let unjudged = report.not_evaluated.iter().map(|n| format!("{} {} lacks {}", n.rule, n.subject, n.missing));
    report.each().map(finding).chain(unjudged).collect()
}

/// Everything judged as it was known at an instant, out of a history that knows more.
pub(crate) fn judged_by(engine: &Engine, view: &View<'_>) -> Report {
    let pieces: Vec<Report> = engine.work(view.history()).iter().map(|work| engine.judge(view, work)).collect();
    engine.assemble(view, pieces)
}

/// A claim that was retracted and told again counts from its submission, before its retraction was known: for a while there are two of
/// it, which no ledger ever held. Such a claim is left out the second time.
fn without_claims_told_again(mut recorded: Vec<Recorded>) -> Vec<Recorded> {
    let mut told = BTreeSet::new();
    recorded.retain(|r| if let Event::Claims(Claims::ClaimSubmitted(e)) = &r.event { told.insert(e.claim.as_str().to_owned()) } else { true });
    recorded
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_answer_at_a_cut_never_changes(world in world(40, 16), inner in any::<prop::sample::Index>()) {
        let folder = tempfile::tempdir().unwrap();
        let mut answers: BTreeMap<u64, String> = BTreeMap::new();
        let ledger = told(&world, folder.path(), 4, |ledger| {
            let size = ledger::Ledger::open_reader(ledger).unwrap().head().unwrap().size;
            // At the head of the time, and somewhere inside.
            for seq in [size - 1, inner.index(size as usize) as u64] {
                answers.insert(seq, bytes(ledger, Cut::Seq(Seq(seq))));
            }
            assert_eq!(bytes(ledger, Cut::Head), answers[&(size - 1)], "the head is the cut at its last event");
        });
        for (seq, then) in &answers {
            prop_assert_eq!(&bytes(&ledger, Cut::Seq(Seq(*seq))), then, "the report at seq {} changed", seq);
        }
        // An instant is the cut at the last event recorded by then.
        let reader = ledger::Ledger::open_reader(&ledger).unwrap();
        let last = KnownAt::from_micros(reader.header(Seq(reader.head().unwrap().size / 2)).unwrap().recorded_at);
        prop_assert_eq!(bytes(&ledger, Cut::Instant(last)), bytes(&ledger, Cut::Seq(reader.cut_at(last).unwrap())));
    }

    /// Looking back inside a history that knows everything gives what a history of only the things known by then gives.
    #[test]
    fn looking_back_forgets_exactly_what_was_not_known(world in world(30, 14)) {
        let engine = Engine::new(catalog::CATALOG, catalog::TABLES).unwrap();
        let recorded = without_claims_told_again(recorded(&world));
        let everything = replay::history(&recorded, KnownAt::END);
        let again = replay::history(&recorded, KnownAt::END);
        let mut instants: Vec<KnownAt> = recorded.iter().map(known).collect();
        instants.sort_unstable();
        instants.dedup();
        let today = instants.last().unwrap().local_day();
        prop_assert_eq!(said(&engine.run(&everything, today)), said(&engine.run(&again, today)), "a replay differs from another");
        for at in instants {
            let by_then: Vec<Recorded> = recorded.iter().filter(|r| known(r) <= at).cloned().collect();
            let only = engine.run(&replay::history(&by_then, KnownAt::END), at.local_day());
            let back = judged_by(&engine, &View::of(&everything, at.local_day()).known_by(at));
            prop_assert_eq!(said(&back), said(&only), "as known at {}", at);
        }
    }
}
