//! A history by place, seen at a place, says what a replay of the ledger up to that place says: for every public case, at every cut.
//! That is what lets a change be traced to its event without replaying the ledger once for each event.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use domain::{KnownAt, Recorded, Seq, ValidDay};
use rules::{Engine, Report};
use timeline::{History, Timeline, View, axis};

/// The lines of a case as a ledger would record them.
fn recorded(path: &Path) -> Vec<Recorded> {
    let mut sources = BTreeMap::new();
    let mut events: Vec<Recorded> = Vec::new();
    let text = fs::read_to_string(path).unwrap();
    for (seq, line) in (1..).zip(text.lines()) {
        let draft = import::parse_line(line).unwrap();
        let target = draft.event.amends().and_then(|t| sources.get(t.as_str()).copied().or_else(|| t.as_seq()));
        if let Some(source) = &draft.envelope.source_id {
            sources.insert(source.as_str().to_owned(), Seq(seq));
        }
        events.push(Recorded { seq: Seq(seq), recorded_at: draft.recorded_at.unwrap(), envelope: draft.envelope, target, event: draft.event });
    }
    events
}

fn history(mut timeline: Timeline, events: &[Recorded]) -> History {
    events.iter().for_each(|r| timeline.apply(r));
    timeline.settle()
}

fn judge(engine: &Engine, view: &View<'_>) -> BTreeSet<String> {
    let pieces: Vec<Report> = engine.work(view.history()).iter().map(|w| engine.judge(view, w)).collect();
    let report = engine.assemble(view, pieces);
    let found = report.findings.iter().map(|f| format!("{} {} {} {}", f.rule, f.subject, f.class, f.status));
    found.chain(report.not_evaluated.iter().map(|n| format!("{} {} not evaluated", n.rule, n.subject))).collect()
}

#[test]
fn a_view_by_place_is_a_replay_to_that_place() {
    let engine = Engine::new(catalog::CATALOG, catalog::TABLES).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/conformance");
    let mut cuts = 0;
    let mut wrong = Vec::new();
    for folder in fs::read_dir(root).unwrap().flatten().map(|e| e.path()) {
        if fs::read_to_string(folder.join("case.json")).unwrap_or_default().contains("\"refused\"") || !folder.join("events.jsonl").exists() {
            continue;
        }
        let events = recorded(&folder.join("events.jsonl"));
        let amended: Vec<Seq> = events.iter().filter_map(|r| r.target).collect();
        let whole = history(Timeline::by_place(amended.clone()), &events);
        let last = events.iter().map(|r| r.recorded_at).max().unwrap_or(KnownAt::BEGINNING).local_day();
        let today: ValidDay = last.plus_days(20);
        for end in 1..=events.len() {
            let replayed = history(Timeline::new(amended.clone()), &events[..end]);
            let there = judge(&engine, &View::of(&replayed, today));
            let seen = judge(&engine, &View::of(&whole, today).known_by(axis::cut(events[end - 1].seq)));
            if there != seen {
                wrong.push(format!("{} at seq {end}: only by replay {:?}, only by place {:?}", folder.display(), there.difference(&seen), seen.difference(&there)));
            }
            cuts += 1;
        }
    }
    assert!(cuts > 500, "only {cuts} cuts were looked at");
    assert!(wrong.is_empty(), "{} of {cuts}:\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
}
