//! Tests of stored and resumed histories: whatever the way a history came about, it holds the same.
//! Everything a history holds is written with names instead of keys, so that two ways can be compared to the last field.
#![allow(clippy::unwrap_used)]

mod dump;
mod mutated;
mod random;

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use domain::{KnownAt, Recorded, Seq};

use crate::stored::{Damage, Laid, Pieces};
use crate::{History, Section, Timeline};
use dump::dump;

/// Lines as a ledger would record them.
fn recorded<'l>(lines: impl Iterator<Item = &'l str>) -> Vec<Recorded> {
    let mut sources = BTreeMap::new();
    let mut events: Vec<Recorded> = Vec::new();
    for (seq, line) in (1..).zip(lines) {
        let draft = import::parse_line(line).unwrap_or_else(|e| panic!("{line}: {e:?}"));
        let target = draft.event.amends().and_then(|t| sources.get(t.as_str()).copied().or_else(|| t.as_seq()));
        if let Some(source) = &draft.envelope.source_id {
            sources.insert(source.as_str().to_owned(), Seq(seq));
        }
        events.push(Recorded { seq: Seq(seq), recorded_at: draft.recorded_at.unwrap(), envelope: draft.envelope, target, event: draft.event });
    }
    events
}

fn amended(events: &[Recorded]) -> Vec<Seq> {
    events.iter().filter_map(|r| r.target).collect()
}

fn replayed(events: &[Recorded]) -> History {
    let mut timeline = Timeline::new(amended(events));
    events.iter().for_each(|r| timeline.apply(r));
    timeline.settle()
}

fn opened(sections: &[Section], pieces: &Pieces) -> Option<History> {
    let by_name: HashMap<&str, &Laid> = sections.iter().map(|s| (s.name, &s.laid)).collect();
    History::restore(|name| by_name.get(name).map(|laid| (*laid).clone().into()), pieces)
}

fn again(sections: &[Section]) -> Option<History> {
    opened(sections, &Pieces::WhenAsked(Damage::default()))
}

fn stored_and_restored(history: &History) -> History {
    let sections = history.store().unwrap();
    let restored = again(&sections).unwrap();
    assert_eq!(restored.store().unwrap(), sections, "what is read is written again byte for byte");
    restored
}

fn gone_on(history: History, events: &[Recorded], from: usize, to: usize) -> History {
    let mut timeline = Timeline::resume(history, amended(&events[..to]));
    events[from..to].iter().for_each(|r| timeline.apply(r));
    timeline.settle_with(&mut |seq| events[..to].iter().find(|r| r.seq == seq).cloned())
}

/// Splits at each point, and once more half way from there to the end; whatever the way, the history holds the same.
fn check(events: &[Recorded], splits: impl Iterator<Item = usize>) {
    let whole = dump(&replayed(events));
    for split in splits {
        let base = stored_and_restored(&replayed(&events[..split]));
        assert_same(&dump(&gone_on(base, events, split, events.len())), &whole, split);
        let half = split + (events.len() - split) / 2;
        let base = stored_and_restored(&replayed(&events[..split]));
        let middle = stored_and_restored(&gone_on(base, events, split, half));
        assert_same(&dump(&gone_on(middle, events, half, events.len())), &whole, split);
    }
}

fn assert_same(a: &BTreeMap<String, String>, b: &BTreeMap<String, String>, split: usize) {
    let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    for key in keys {
        assert_eq!(a.get(key), b.get(key), "split at {split}: {key}");
    }
}

fn fixtures(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(below)
}

fn conformance() -> Vec<Vec<Recorded>> {
    let mut folders: Vec<PathBuf> = fs::read_dir(fixtures("conformance")).unwrap().map(|e| e.unwrap().path()).collect();
    folders.sort();
    folders.iter().map(|folder| recorded(fs::read_to_string(folder.join("events.jsonl")).unwrap().lines())).collect()
}

#[test]
fn every_public_case_holds_the_same_wherever_it_is_interrupted() {
    let cases = conformance();
    assert!(cases.len() >= 60, "only {} cases found", cases.len());
    for events in cases {
        check(&events, 0..=events.len());
    }
}

fn riverbend() -> Vec<Recorded> {
    let found = import::discover(&[fixtures("riverbend")], None);
    let mut drafts = Vec::new();
    let options = import::Options { simulated: true, threads: 0, max_problems: 1 };
    import::read(&found.sources, options, |located| {
        drafts.push(located.draft);
        std::ops::ControlFlow::Continue(())
    });
    let lines: Vec<String> = drafts.iter().map(import::write_jsonl).collect();
    recorded(lines.iter().map(String::as_str))
}

#[test]
fn the_invented_agency_holds_the_same_wherever_it_is_interrupted() {
    let events = riverbend();
    assert!(events.len() > 500 && !amended(&events).is_empty(), "{} events", events.len());
    check(&events, (0..=6).map(|sixth| events.len() * sixth / 6));
}

#[test]
fn a_history_by_place_goes_on_but_is_not_stored() {
    for events in conformance() {
        let start = |to: usize| {
            let mut timeline = Timeline::by_place(amended(&events[..to]));
            events[..to].iter().for_each(|r| timeline.apply(r));
            timeline.settle()
        };
        let whole = start(events.len());
        let half = start(events.len() / 2);
        assert!(half.store().is_none());
        assert_same(&dump(&gone_on(half, &events, events.len() / 2, events.len())), &dump(&whole), events.len() / 2);
    }
}

/// A birth date, and its correction a day later.
const MISREAD: [&str; 2] = [
    r#"{"recorded_at":"2025-01-01T12:00:00Z","type":"individual_registered","individual":"I-1","birth_date":"1990-01-01"}"#,
    r#"{"recorded_at":"2025-01-02T12:00:00Z","type":"event_corrected","target":"seq:1","fields":{"birth_date":"1991-01-01"},"reason":"misread"}"#,
];

#[test]
fn by_place_an_event_told_anew_was_still_first_known_when_it_was() {
    let events = recorded(MISREAD.into_iter());
    let mut timeline = Timeline::resume_by_place(replayed(&events[..1]), amended(&events));
    timeline.apply(&events[1]);
    let history = timeline.settle_with(&mut |seq| events.iter().find(|r| r.seq == seq).cloned());
    let facts = history.individual_facts(history.find_individual("I-1").unwrap());
    assert_eq!(facts.births.len(), 2, "before the correction and after");
    assert!(facts.births.iter().all(|birth| history.first_known(birth) == events[0].recorded_at));
}

#[test]
fn an_original_that_cannot_be_read_any_more_says_nothing() {
    let events = recorded(MISREAD.into_iter());
    let mut timeline = Timeline::resume(replayed(&events[..1]), amended(&events));
    timeline.apply(&events[1]);
    let history = timeline.settle_with(&mut |_| None);
    let individual = history.find_individual("I-1").unwrap();
    assert!(history.individual_facts(individual).births.is_empty() && history.amendments_of(Seq(1)).is_empty());
    assert_eq!(history.last(), Some((Seq(2), KnownAt::parse("2025-01-02T12:00:00Z").unwrap())));
}
