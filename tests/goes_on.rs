//! A recorded scan that goes on from the last one against one that judges everything anew: the same bytes, night after night, and the same answers between.
//! Random histories through a real ledger, with everything a night can bring between two scans.

use std::path::Path;

use audit::ahead::gate::gate;
use audit::ahead::what_if::what_if;
use audit::changes::{Change, since_last};
use audit::explain::explain;
use audit::exposure::{By, exposure};
use audit::history::supervision::supervision;
use audit::history::trail::{Of, trail};
use audit::intake::IntakeOptions;
use audit::scan::{Scan, ScanOptions, scan, seen};
use audit::settings::settings;
use audit::upcoming::upcoming;
use audit::vocabulary::Finding;
use audit::{AuditError, Cut};
use domain::event::{Claims, Event};
use domain::{Draft, KnownAt};
use ledger::{Ledger, Outcome};
use proptest::prelude::*;
use scenario::world::{LAST, crowd, day};

use crate::world::told;

fn options(record: bool, full: bool, today: i64) -> ScanOptions {
    ScanOptions { today: Some(day(today)), cut: Cut::Head, record, full, now: KnownAt::BEGINNING }
}

fn json(scan: &Scan) -> String {
    scan.loaded.json(&scan.report).unwrap()
}

/// A change without what a text may say differently: kind, finding, and causes.
fn said(changes: &[Change]) -> Vec<String> {
    changes.iter().map(|c| format!("{:?} {} {:?} {:?} {:?}", c.kind, c.difference.finding.id, c.difference.before, c.difference.after, c.causes)).collect()
}

/// What people ask of a day: money, what falls due, settings, and of some findings the story, the peer's supervision and everybody's trail.
fn answers(dir: &Path, today: i64, findings: &[&Finding]) -> Result<Vec<String>, AuditError> {
    let (now, on) = (KnownAt::BEGINNING, Some(day(today)));
    let mut answers = Vec::new();
    for by in [By::Rule, By::Program, By::Peer, By::Month] {
        answers.push(format!("{:?}", exposure(dir, by, Cut::Head, on, now)?));
    }
    answers.push(format!("{:?}", upcoming(dir, 366, Cut::Head, on, now)?));
    answers.push(format!("{:?}", settings(dir, day(today))?));
    answers.push(seen(dir, Cut::Head, on, now, |scan| scan.loaded.json(&scan.report))?);
    for f in findings {
        let story = explain(dir, &f.id, Cut::Head, on, now)?;
        answers.push(format!("{story:?}"));
        if let Some(peer) = &f.about.peer {
            answers.push(format!("{:?}", supervision(dir, peer, None, Cut::Head, now)?));
        }
        let session = f.subject.get("group_session");
        let (peer, individual) = (f.about.peer.as_deref(), f.about.individual.as_deref());
        let (contact, claim) = (story.contacts.first().map(String::as_str), f.about.claims.iter().next());
        let of = [(Of::Person, peer), (Of::Individual, individual), (Of::Contact, contact), (Of::Claim, claim), (Of::Session, session.as_deref())];
        for (of, id) in of {
            // A contact that is billed and not on record is a finding too, and so is a claim that only a later event names.
            if let Some(id) = id {
                answers.push(trail(dir, of, id, None, Cut::Head, now).map_or_else(|error| error.to_string(), |trail| format!("{trail:?}")));
            }
        }
    }
    Ok(answers)
}

/// What would change if some drafts came in, and which of their claims would be held.
fn foretold(dir: &Path, today: i64, drafts: &[Draft]) -> Result<Vec<String>, AuditError> {
    let options = IntakeOptions { as_type: None, maps: Vec::new(), dry_run: true, partial: false, max_problems: 5, now: KnownAt::BEGINNING };
    let is_claim = |draft: &&Draft| matches!(draft.event, Event::Claims(Claims::ClaimSubmitted(_)));
    let file = dir.join("further.jsonl");
    let written = |drafts: Vec<&Draft>| {
        let accepted = accepted(dir, drafts);
        let some = !accepted.is_empty();
        std::fs::write(&file, accepted.iter().map(|draft| import::write_jsonl(draft) + "\n").collect::<String>()).unwrap();
        ([file.clone()], some)
    };
    let (all, some) = written(drafts.iter().collect());
    let changes = what_if(dir, &all, Some(day(today)), &options)?.changes;
    assert!(changes.is_some() || !some, "the file was refused");
    let (claims, some) = written(drafts.iter().filter(is_claim).collect());
    let held = gate(dir, &claims, false, Some(day(today)), &options)?;
    assert!(held.frame.is_some() || !some, "the claims were refused");
    Ok(vec![format!("{changes:?}"), format!("{held:?}")])
}

/// Those drafts that the ledger would take.
fn accepted<'d>(dir: &Path, drafts: Vec<&'d Draft>) -> Vec<&'d Draft> {
    let mut ledger = Ledger::open_to_rehearse(dir).unwrap();
    let mut batch = ledger.begin_import(KnownAt::BEGINNING).unwrap();
    drafts.into_iter().filter(|draft| matches!(batch.push(draft).unwrap(), Outcome::Appended(_))).collect()
}

/// What a finding says aloud: without the places of its contacts and claim lines in the history it was found in, which are nobody's business.
/// A story names the contacts beside it.
fn aloud(said: &str) -> String {
    [", contacts: ContactSet([", ", lines: ["].iter().fold(said.to_owned(), |said, places| {
        let mut parts = said.split(places);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.filter_map(|part| part.split_once(']')).fold(first, |said, (_, rest)| said + rest)
    })
}

/// Does something while one byte of each file that the last scan kept is another, at so much of its length in a thousand.
fn damaged<T>(kept: &Path, at: usize, work: impl FnOnce() -> T) -> T {
    let files: Vec<_> = std::fs::read_dir(kept).unwrap().map(|entry| entry.unwrap().path()).collect();
    let whole: Vec<Vec<u8>> = files.iter().map(|file| std::fs::read(file).unwrap()).collect();
    for (file, whole) in files.iter().zip(&whole) {
        let mut bytes = whole.clone();
        bytes[whole.len() * at / 1000] ^= 0x10;
        std::fs::write(file, bytes).unwrap();
    }
    let done = work();
    files.iter().zip(&whole).for_each(|(file, whole)| std::fs::write(file, whole).unwrap());
    done
}

/// The same questions with what the last scan kept, if one did, whole and damaged somewhere, and from the events alone.
fn asked_all_ways(dir: &Path, today: i64, scan: &Scan, further: &[Draft]) -> Result<(), AuditError> {
    let (kept, away) = (dir.join("derived"), dir.join("kept elsewhere"));
    if !kept.exists() {
        return Ok(());
    }
    let all = &scan.report.findings;
    let some: Vec<&Finding> = all.iter().map(AsRef::as_ref).step_by(all.len() / ASKED + 1).collect();
    let ask = || Ok::<_, AuditError>([answers(dir, today, &some)?, foretold(dir, today, further)?].concat());
    let going_on = ask()?;
    // Each time somewhere else: what differs is how many events and findings there are, and the day.
    let at = (today.unsigned_abs() as usize * 7 + all.len() * 131 + further.len() * 17) % 1000;
    let with_damage = damaged(&kept, at, ask)?;
    std::fs::rename(&kept, &away).unwrap();
    let anew = ask()?;
    std::fs::rename(&away, &kept).unwrap();
    assert_eq!((going_on.len(), with_damage.len()), (anew.len(), anew.len()));
    for (going_on, anew) in going_on.iter().chain(&with_damage).zip(anew.iter().cycle()).map(|(going_on, anew)| (aloud(going_on), aloud(anew))) {
        let same = going_on.bytes().zip(anew.bytes()).take_while(|(a, b)| a == b).count();
        let near = |text: &str| text.chars().skip(same.saturating_sub(400)).take(800).collect::<String>();
        assert!(going_on == anew, "going on: {}\nfrom the events: {}", near(&going_on), near(&anew));
    }
    Ok(())
}

/// Nights a history is told in.
const NIGHTS: usize = 4;
/// Findings asked about each night.
const ASKED: usize = 3;

/// One night: both ways to judge, both ways to tell what changed, and both ways to answer what people ask before and after.
fn night(dir: &Path, today: i64, further: &[Draft]) -> Result<Option<usize>, AuditError> {
    let anew = scan(dir, &options(false, true, today), &|_, _| {})?;
    let told_anew = since_last(dir, &anew)?;
    asked_all_ways(dir, today, &anew, further)?;
    let going_on = scan(dir, &options(true, false, today), &|_, _| {})?;
    assert_eq!(json(&going_on), json(&anew));
    let told = since_last(dir, &going_on)?;
    assert_eq!(told.is_some(), told_anew.is_some());
    if let (Some(told), Some(anew)) = (told, told_anew) {
        assert_eq!(said(&told.changes), said(&anew.changes));
        assert_eq!(told.before.summary, anew.before.summary);
        assert_eq!(told.before.frame, anew.before.frame);
    }
    asked_all_ways(dir, today, &going_on, further)?;
    Ok(going_on.judged)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_scan_that_goes_on_says_what_a_scan_from_nothing_says(world in crowd(60, 20), days in prop::collection::vec(0..LAST, NIGHTS)) {
        let folder = tempfile::tempdir().unwrap();
        let mut days = days;
        days.sort_unstable();
        let mut days = days.into_iter();
        let mut went_on = 0;
        let drafts = world.drafts();
        let mut further = drafts.chunks(drafts.len().div_ceil(NIGHTS)).skip(1);
        told(&world, folder.path(), NIGHTS, |dir| {
            let judged = night(dir, days.next().unwrap_or(LAST), further.next().unwrap_or_default()).unwrap();
            went_on += usize::from(judged.is_some());
        });
        prop_assert!(went_on > 0, "no scan went on from another");
    }
}
