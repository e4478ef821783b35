//! Derived state beside a ledger: read again as written, or not at all.
//! Excerpts give the events as a replay gives them.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::ops::Range;
use std::path::{Path, PathBuf};

use domain::{IndividualId, Seq};
use ledger::{Grounds, KeptSection, Ledger, Origin, Pieces, Section, Subject};
use support::*;

fn origin(ledger: &Ledger, version: &str) -> Origin {
    let head = ledger.head().unwrap();
    Origin { size: head.size, root: head.root.0, version: version.to_owned() }
}

/// Name, front and pieces of what `keep` keeps: pieces of every length about a word, and some of equal length in both sections.
fn sections() -> Vec<KeptSection<'static>> {
    let piece = |salt: u8, len: u8| -> Vec<u8> { (0..len).map(|n| salt + n).collect() };
    let first = (0..10).map(|len| piece(10 * len, len)).collect();
    let second = vec![piece(200, 0), piece(210, 7), piece(220, 7)];
    vec![
        KeptSection { name: "one", front: b"what was worked out".to_vec(), pieces: first },
        KeptSection { name: "two", front: vec![7; 30], pieces: second },
        KeptSection { name: "three", front: Vec::new(), pieces: Vec::new() },
    ]
}

fn keep(ledger: &mut Ledger) {
    let origin = origin(ledger, "1");
    ledger.keep_derived("history", origin, sections()).unwrap();
}

/// A front and its pieces, so far as they can be read.
type Seen = Option<(Vec<u8>, Vec<Option<Vec<u8>>>)>;

fn bytes(pieces: &Pieces, number: usize) -> Option<Vec<u8>> {
    pieces.read(number).map(|words| bytemuck::cast_slice(&words).to_vec())
}

/// What an open of the file gives, in full.
fn read(ledger: &Ledger) -> Option<Vec<Seen>> {
    let kept = ledger.derived("history", "1")?;
    let seen = |Section { front, pieces }| (front, (0..pieces.count()).map(|number| bytes(&pieces, number)).collect());
    Some(sections().iter().map(|section| kept.section(section.name).map(seen)).collect())
}

/// Whether nothing of it is read.
fn is_closed(ledger: &Ledger) -> bool {
    read(ledger).is_none_or(|seen| seen.iter().all(Option::is_none))
}

/// What it must give.
fn whole() -> Vec<Seen> {
    let padded = |mut piece: Vec<u8>| {
        piece.resize(piece.len().next_multiple_of(4), 0);
        Some(piece)
    };
    sections().into_iter().map(|section| Some((section.front, section.pieces.into_iter().map(padded).collect()))).collect()
}

/// Where in the file the sealed front of each section lies, and after it the sealed pieces, worked out from the description of the format.
fn layout(file: &[u8]) -> Vec<Vec<Range<usize>>> {
    let head = file[23..27].iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte));
    let mut end = 27 + head;
    let mut next = |len: usize| {
        end += len + 16;
        end - len - 16..end
    };
    let mut placed = Vec::new();
    for section in sections() {
        let front = next(4 + 4 * section.pieces.len() + section.front.len());
        placed.push([front].into_iter().chain(section.pieces.iter().map(|piece| next(piece.len().next_multiple_of(4)))).collect());
    }
    assert_eq!(end, file.len());
    placed
}

/// What a file gives in which something of these parts was changed: all but them.
fn without(layout: &[Vec<Range<usize>>], is_changed: impl Fn(&Range<usize>) -> bool) -> Vec<Seen> {
    let mut seen = whole();
    for (section, parts) in seen.iter_mut().zip(layout) {
        for (_, piece) in section.iter_mut().flat_map(|(_, pieces)| parts[1..].iter().zip(pieces)).filter(|(part, _)| is_changed(part)) {
            *piece = None;
        }
        section.take_if(|_| is_changed(&parts[0]));
    }
    seen
}

/// A ledger with derived state, a reader of it, and the file.
fn kept(dir: &Path) -> (Ledger, PathBuf, Vec<u8>) {
    let path = sample(dir);
    keep(&mut Ledger::open(&path).unwrap());
    let file = path.join("derived/history");
    let good = std::fs::read(&file).unwrap();
    (Ledger::open_reader(&path).unwrap(), file, good)
}

#[test]
fn what_is_kept_is_read_again_by_readers_and_later_writers() {
    let dir = tempfile::tempdir().unwrap();
    let path = sample(dir.path());
    let mut ledger = Ledger::open(&path).unwrap();
    assert!(read(&ledger).is_none());
    keep(&mut ledger);
    ledger.append(&[with_source(contact(900), "late")], ledger::Expect::Any, at(9)).unwrap();
    drop(ledger);
    let reader = Ledger::open_reader(&path).unwrap();
    assert_eq!(read(&reader), Some(whole()));
    assert_eq!(reader.derived("history", "1").unwrap().origin().size + 1, reader.head().unwrap().size);
    assert!(reader.derived("history", "2").is_none(), "another version derived it");
    assert!(reader.derived("findings", "1").is_none());
    assert!(reader.derived("history", "1").unwrap().section("four").is_none());
    assert_eq!(read(&Ledger::open(&path).unwrap()), Some(whole()));
}

#[test]
fn pieces_come_back_in_any_order_to_anybody_who_holds_them() {
    fn is_shared<T: Clone + Send + Sync + 'static>(_: &T) {}
    let dir = tempfile::tempdir().unwrap();
    let (reader, file, _) = kept(dir.path());
    let section = reader.derived("history", "1").unwrap().section("one").unwrap();
    is_shared(&section.pieces);
    let Some((_, expected)) = whole().remove(0) else { unreachable!() };
    for number in [9, 0, 4, 5, 4, 3, 8, 1, 7, 2, 6] {
        assert_eq!(bytes(&section.pieces, number), expected[number], "piece {number}");
    }
    assert_eq!(section.pieces.count(), 10);
    assert!([10, 11, u32::MAX as usize, usize::MAX].iter().all(|number| section.pieces.read(*number).is_none()));
    let none = reader.derived("history", "1").unwrap().section("three").unwrap().pieces;
    assert!(none.count() == 0 && none.read(0).is_none());
    // What was opened is read to its end, whatever became of the file since.
    std::fs::remove_file(file).unwrap();
    let other = section.pieces.clone();
    drop((section, reader));
    let elsewhere = std::thread::spawn(move || (0..other.count()).map(|number| bytes(&other, number)).collect::<Vec<_>>());
    assert_eq!(elsewhere.join().unwrap(), expected);
}

#[test]
fn any_changed_byte_costs_what_it_is_in_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let (reader, file, good) = kept(dir.path());
    let layout = layout(&good);
    let sealed = layout[0][0].start;
    assert_eq!(read(&reader), Some(whole()));
    for place in 0..good.len() {
        let mut bad = good.clone();
        bad[place] ^= 1;
        std::fs::write(&file, &bad).unwrap();
        if place < sealed {
            // The head is bound to all that is sealed.
            assert!(is_closed(&reader), "byte {place}");
        } else {
            assert_eq!(read(&reader), Some(without(&layout, |part| part.contains(&place))), "byte {place}");
        }
    }
}

#[test]
fn of_a_file_that_was_cut_off_only_whole_sections_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let (reader, file, good) = kept(dir.path());
    let layout = layout(&good);
    let sealed = layout[0][0].start;
    for cut in 0..good.len() {
        std::fs::write(&file, &good[..cut]).unwrap();
        let is_whole = |parts: &Vec<Range<usize>>| parts.last().unwrap().end <= cut;
        let expected = whole().into_iter().zip(&layout).map(|(seen, parts)| seen.filter(|_| is_whole(parts))).collect();
        assert_eq!(read(&reader), (cut >= sealed).then_some(expected), "cut at {cut}");
    }
}

#[test]
fn a_file_cut_off_after_it_was_opened_lacks_the_pieces_that_are_gone() {
    let dir = tempfile::tempdir().unwrap();
    let (reader, file, good) = kept(dir.path());
    let pieces = reader.derived("history", "1").unwrap().section("two").unwrap().pieces;
    let cut = layout(&good)[1][3].end - 1;
    std::fs::OpenOptions::new().write(true).open(file).unwrap().set_len(cut as u64).unwrap();
    assert!(pieces.read(1).is_some() && pieces.read(2).is_none());
}

#[test]
fn what_lies_in_the_place_of_another_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (reader, file, good) = kept(dir.path());
    let layout = layout(&good);
    let parts: Vec<Range<usize>> = layout.iter().flatten().cloned().collect();
    let mut tried = 0;
    for (number, one) in parts.iter().enumerate() {
        for other in parts[number + 1..].iter().filter(|other| other.len() == one.len()) {
            let mut bad = good.clone();
            bad[one.clone()].copy_from_slice(&good[other.clone()]);
            bad[other.clone()].copy_from_slice(&good[one.clone()]);
            std::fs::write(&file, &bad).unwrap();
            assert_eq!(read(&reader), Some(without(&layout, |part| part == one || part == other)), "{one:?} and {other:?}");
            tried += 1;
        }
    }
    let equal = |one: (usize, usize), other: (usize, usize)| layout[one.0][one.1].len() == layout[other.0][other.1].len();
    assert!(tried > 10 && equal((0, 6), (0, 7)) && equal((0, 6), (1, 2)) && equal((1, 2), (1, 3)) && equal((2, 0), (0, 1 + 4)));
}

#[test]
fn a_piece_of_an_older_file_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (reader, file, good) = kept(dir.path());
    keep(&mut Ledger::open(file.parent().unwrap().parent().unwrap()).unwrap());
    let newer = std::fs::read(&file).unwrap();
    let layout = layout(&good);
    for part in layout.iter().flatten() {
        let mut bad = newer.clone();
        bad[part.clone()].copy_from_slice(&good[part.clone()]);
        std::fs::write(&file, &bad).unwrap();
        assert_eq!(read(&reader), Some(without(&layout, |known| known == part)), "{part:?}");
    }
}

#[test]
fn state_of_another_ledger_or_of_events_that_are_not_there_is_not_opened() {
    let dir = tempfile::tempdir().unwrap();
    let path = sample(dir.path());
    let mut ledger = Ledger::open(&path).unwrap();
    let real = origin(&ledger, "1");
    ledger.keep_derived("history", Origin { size: real.size + 1, ..real.clone() }, Vec::new()).unwrap();
    assert!(ledger.derived("history", "1").is_none());
    ledger.keep_derived("history", Origin { root: [0; 32], ..real.clone() }, Vec::new()).unwrap();
    assert!(ledger.derived("history", "1").is_none());
    ledger.keep_derived("history", real, Vec::new()).unwrap();
    assert!(ledger.derived("history", "1").is_some());
    let other = dir.path().join("other");
    std::fs::create_dir(&other).unwrap();
    let other = sample(&other);
    std::fs::create_dir(other.join("derived")).unwrap();
    std::fs::copy(path.join("derived/history"), other.join("derived/history")).unwrap();
    assert!(Ledger::open_reader(&other).unwrap().derived("history", "1").is_none());
}

#[test]
fn an_erasure_makes_what_was_derived_unreadable() {
    let dir = tempfile::tempdir().unwrap();
    let path = sample(dir.path());
    let mut ledger = Ledger::open(&path).unwrap();
    keep(&mut ledger);
    let old = std::fs::read(path.join("derived/history")).unwrap();
    let grounds = Grounds { reason: text("asked for it"), approved_by: text("Ben Cole"), on: day("2025-03-01") };
    ledger.erase(&Subject::Individual(IndividualId::parse("I-00007").unwrap()), grounds, at(20)).unwrap();
    assert!(read(&ledger).is_none());
    let erasures = ledger.erasures().unwrap();
    assert!(erasures.unrecorded.is_empty() && erasures.undone.is_empty(), "{erasures:?}");
    keep(&mut ledger);
    assert_eq!(read(&ledger), Some(whole()), "what is derived from now on is sealed anew");
    std::fs::write(path.join("derived/history"), old).unwrap();
    assert!(is_closed(&ledger), "the old file stays closed for good");
}

#[test]
fn an_excerpt_gives_the_events_of_a_replay() {
    let dir = tempfile::tempdir().unwrap();
    let path = sample(dir.path());
    let ledger = Ledger::open_reader(&path).unwrap();
    let some: Vec<_> = all(&ledger).into_iter().filter(|r| r.seq.0 % 7 == 3).collect();
    let seqs: Vec<Seq> = some.iter().map(|r| r.seq).collect();
    let bytes = ledger.excerpt(&seqs).unwrap();
    let mut read = Vec::new();
    assert!(ledger.read_excerpt(&bytes, |recorded| read.push(recorded)).unwrap());
    assert_eq!(read, some);
    assert!(!ledger.read_excerpt(&bytes[..bytes.len() - 1], |_| {}).unwrap());
    assert!(ledger.excerpt(&[Seq(1_000_000)]).is_err());
}
