//! `first_detectable` against brute force: every instant at which anything became known, and every midnight at which a deadline could pass.
//! The oracle knows nothing of traces; it asks at each instant and looks how far back the finding goes without a break.

use std::collections::BTreeMap;

use domain::KnownAt;
use proptest::prelude::*;
use rules::{Class, Engine};
use scenario::replay;
use timeline::View;

use crate::as_of::{judged_by, known};
use scenario::world::{LAST, day, world};

use crate::world::recorded;

/// A finding is the same while rule and subject are, and while it is no advisory or stays one (evaluation.md, "Last ones").
type Same = (&'static str, String, bool);

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_first_moment_of_a_finding_is_where_brute_force_finds_it(world in world(24, 10)) {
        let engine = Engine::new(catalog::CATALOG, catalog::TABLES).unwrap();
        let recorded = recorded(&world);
        let history = replay::history(&recorded, KnownAt::END);
        let today = day(LAST);
        let mut instants: Vec<KnownAt> = recorded.iter().map(known).collect();
        instants.extend((-30..LAST).map(|n| day(n).deadline_passed()));
        instants.sort_unstable();
        instants.dedup();
        // Since when each finding holds without a break, as of the instant looked at.
        let mut since: BTreeMap<Same, KnownAt> = BTreeMap::new();
        for at in instants {
            let report = judged_by(&engine, &View::of(&history, today).known_by(at));
            let now: Vec<Same> = report.findings.iter().map(|f| (f.rule, f.subject.to_string(), f.class == Class::Advisory)).collect();
            since.retain(|same, _| now.contains(same));
            for same in now {
                since.entry(same).or_insert(at);
            }
        }
        let report = engine.run(&history, today);
        prop_assert_eq!(report.findings.len(), since.len());
        for f in &report.findings {
            let same = (f.rule, f.subject.to_string(), f.class == Class::Advisory);
            let expected = since.get(&same).map(ToString::to_string);
            prop_assert_eq!(Some(f.first_detectable.to_string()), expected, "{} {}: {}", f.rule, f.subject, f.message);
        }
    }
}
