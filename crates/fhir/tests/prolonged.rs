//! Files that are small and ask for much: bundles within bundles, a million empty entries, everything signed by everybody.
//! Each is read in about the time of its bytes, refused where it means nothing, and panics nowhere.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

use std::sync::Arc;
use std::time::Instant;

use fhir::{Groups, Item, Mapping, Reader};

/// Events, what was refused in words, and how long reading took.
fn read(text: &str, groups: Groups) -> (usize, Vec<(u64, String)>, u64) {
    let begun = Instant::now();
    let mut reader = Reader::new(text.as_bytes(), Arc::new(Mapping::standard())).with_groups(Arc::new(groups));
    let (mut drafts, mut refused) = (0, Vec::new());
    while let Some((line, item)) = reader.next_item().unwrap() {
        match item {
            Item::Drafts(more) => drafts += more.len(),
            Item::Refused(problems) => refused.extend(problems.into_iter().map(|p| (line, format!("{} {}", p.field, p.mismatch.found)))),
            Item::Passed(_) => {}
        }
    }
    (drafts, refused, begun.elapsed().as_secs())
}

fn gathered(text: &str) -> Groups {
    let mut groups = Groups::default();
    groups.gather(text.as_bytes()).unwrap();
    groups
}

#[test]
fn a_bundle_within_others_is_read_to_some_depth_and_refused_below() {
    let nested = |depth: usize, inner: &str| {
        format!("{}{inner}{}", "{\"resourceType\":\"Bundle\",\"entry\":[".repeat(depth), "]}".repeat(depth))
    };
    let patient = "{\"resourceType\":\"Patient\",\"id\":\"p-1\"}";
    assert_eq!(read(&nested(3, patient), Groups::default()).0, 1);
    let deep = nested(100_000, patient);
    let (drafts, refused, _) = read(&deep, gathered(&deep));
    assert_eq!((drafts, refused), (0, vec![(1, "Bundle a bundle within 5 others".to_owned())]));
    // An entry whose resource is an entry: no resource, however deep.
    let entries = format!("{}\"Group\"{}", "{\"resource\":".repeat(100_000), "}".repeat(100_000));
    assert_eq!(read(&entries, gathered(&entries)).0, 0);
}

#[test]
fn many_empty_entries_are_counted_and_their_lines_found_in_one_pass() {
    let bundle = format!("{{\"resourceType\":\"Bundle\",\"entry\":[{}{{}}]}}\n", "{},".repeat(700_000));
    let (drafts, refused, seconds) = read(&bundle, Groups::default());
    assert_eq!((drafts, refused.len()), (0, 10_001));
    assert!(refused[10_000].1.contains("690001 more resources"), "{:?}", refused[10_000]);
    assert!(seconds < 20, "{seconds} seconds: lines are counted again for every entry");
    let lines = "{\n\"resourceType\":\"Bundle\",\"entry\":[\n{},\n\n{},{}\n]}\n";
    assert_eq!(read(lines, Groups::default()).1.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 5, 5]);
}

#[test]
fn everything_signed_by_everybody_is_refused() {
    let provenance = format!(
        "{{\"resourceType\":\"Provenance\",\"id\":\"1\",\"target\":[{}],\"signature\":[{}]}}\n",
        vec!["{\"reference\":\"CarePlan/1\"}"; 100_000].join(","),
        vec!["{}"; 100_000].join(",")
    );
    let (drafts, refused, _) = read(&provenance, Groups::default());
    assert_eq!((drafts, refused.len()), (0, 1));
    assert!(refused[0].1.contains("100000 signatures of 100000 resources"), "{refused:?}");
}

#[test]
fn a_session_of_a_group_larger_than_any_is_refused_and_costs_nothing() {
    let members = |n: usize| (0..n).map(|n| format!("{{\"entity\":{{\"reference\":\"Patient/{n}\"}}}}")).collect::<Vec<_>>().join(",");
    let group = format!("{{\"resourceType\":\"Group\",\"id\":\"g\",\"member\":[{}]}}\n", members(6_000));
    let session = "{\"resourceType\":\"Encounter\",\"id\":\"e\",\"status\":\"finished\",\"subject\":{\"reference\":\"Group/g\"}}\n";
    let (drafts, refused, _) = read(&session.repeat(1_000), gathered(&group));
    assert_eq!((drafts, refused.len()), (0, 1_000));
    assert!(refused[0].1.contains("a group of 6000 members"), "{refused:?}");
}
