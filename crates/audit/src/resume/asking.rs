//! Answers from what was kept, of which only that is read which the answer asks for.
//! None is given for which something was asked that turned out to be damaged: then everything is derived from the ledger.

use timeline::stored::{AllPieces, Damage, Opened, Pieces};

/// What was kept, all of it read at once: nothing of it can turn out to be damaged after it was opened.
pub(crate) static READ_NOW: Pieces = Pieces::Now;

/// Gives an answer from what was kept, and if that was damaged once more without it. `give` gets how it is to be read, or nothing where it is not to
/// be used; what it gives must not read anything of it any more.
///
/// # Errors
/// Those of `give`.
pub(crate) fn answer<T, E>(give: impl FnMut(Option<&Pieces>) -> Result<T, E>) -> Result<T, E> {
    begun(give).map(|(answer, _)| answer)
}

/// As [`answer`], where more will be read for it later: with the damage to look at then.
///
/// # Errors
/// Those of `give`.
pub(crate) fn begun<T, E>(mut give: impl FnMut(Option<&Pieces>) -> Result<T, E>) -> Result<(T, Damage), E> {
    let damage = Damage::default();
    let answer = give(Some(&Pieces::WhenAsked(damage.clone())));
    if damage.happened() { Ok((give(None)?, Damage::default())) } else { Ok((answer?, damage)) }
}

/// A section of a derived file, as a history reads it.
pub(super) fn opened(section: ledger::Section) -> Opened {
    let ledger::Section { front, pieces } = section;
    let every = pieces.clone();
    Opened {
        front,
        count: pieces.count(),
        read: Box::new(move |number| pieces.read(number)),
        all: Box::new(move || every.read_all().map(|all| Box::new(Room(all)) as Box<dyn AllPieces>)),
    }
}

struct Room(ledger::AllPieces);

impl AllPieces for Room {
    fn piece(&self, number: usize) -> Option<&[u32]> {
        self.0.piece(number)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    use domain::{KnownAt, Seq};
    use ledger::{CreateOptions, Ledger};
    use simulator::{Agency, Config};
    use timeline::History;

    use super::*;
    use crate::cut::Cut;
    use crate::error::AuditError;
    use crate::explain::{self, Story, Told};
    use crate::intake::{IntakeOptions, import};
    use crate::changes::since_last;
    use crate::loaded;
    use crate::resume::state::version;
    use crate::resume::{Asked, head, keep, spell};
    use crate::scan::{Scan, ScanOptions, looked, scan};

    /// Reads twenty numbers that lie in a piece: opened, and lost when they are asked for.
    fn read_lost(pieces: &Pieces) -> Option<usize> {
        let lost = Opened { front: vec![20, 0, 0], count: 1, read: Box::new(|_| None), all: Box::new(|| None) };
        History::default().read_with(lost, pieces, |input| input.array()).map(|numbers| numbers.as_slice().len())
    }

    #[test]
    fn an_answer_from_what_is_damaged_is_given_again_without_it() {
        let mut asked = Vec::new();
        let told = answer(|kept| {
            asked.push(kept.is_some());
            Ok::<_, ()>(kept.and_then(read_lost))
        });
        assert_eq!((told, asked), (Ok(None), vec![true, false]));
    }

    const NOW: KnownAt = KnownAt::from_micros(1_900_000_000_000_000);

    /// The ledger of an invented agency, with what a scan of all but its last `later` events kept.
    fn scanned(dir: &Path, later: usize) -> PathBuf {
        let (path, file) = (dir.join("ledger"), dir.join("events.jsonl"));
        let options = CreateOptions { origin: "d.example".into(), simulated: true, now: KnownAt::BEGINNING, entropy: Some([7; 32]) };
        drop(Ledger::create(&path, &options).unwrap());
        let mut text = Vec::new();
        Agency::invent(Config::of_events(7, 2_000)).write_jsonl_to(&mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let options = IntakeOptions { as_type: None, maps: Vec::new(), dry_run: false, partial: false, max_problems: 5, now: NOW };
        let (before, after) = lines.split_at(lines.len() - later);
        for (first, lines) in [(true, before), (false, after)].into_iter().filter(|(_, lines)| !lines.is_empty()) {
            std::fs::write(&file, lines.join("\n")).unwrap();
            assert!(import(&path, std::slice::from_ref(&file), &options, &|_| {}).unwrap().committed);
            if first {
                scan(&path, &ScanOptions { record: true, ..ScanOptions::look(Cut::Head, None, NOW) }, &|_, _| {}).unwrap();
            }
        }
        path
    }

    /// Everything found, and the stories of some of it; and how often it had to be told.
    fn told(path: &Path) -> (String, usize) {
        let (engine, ledger, mut times) = (loaded::engine().unwrap(), Ledger::open_reader(path).unwrap(), 0);
        let in_words = |Story { contacts, facts, first_submission, known_when, .. }| format!("{contacts:?} {facts:?} {first_submission:?} {known_when:?}");
        let told = answer(|kept| {
            times += 1;
            let Scan { loaded, report, .. } = looked(&ledger, &engine, &ScanOptions::look(Cut::Head, None, NOW), kept, &|_, _| {})?;
            let from = Told { ledger: &ledger, engine: &engine, loaded: &loaded };
            let some = report.findings.iter().step_by(report.findings.len() / 5 + 1);
            let stories = some.map(|f| Ok((f.id.clone(), in_words(explain::told(&from, Arc::clone(f))?))));
            Ok::<_, AuditError>((loaded.json(&report)?, stories.collect::<Result<Vec<_>, AuditError>>()?))
        });
        let (mut all, stories) = told.unwrap();
        for (id, story) in stories {
            // Asked for alone, a story reads no other finding.
            assert!(in_words(explain::explain(path, &id.to_lowercase(), Cut::Head, None, NOW).unwrap()) == story, "{id}");
            all += &story;
        }
        (all, times)
    }

    #[test]
    fn wherever_what_was_kept_is_damaged_the_same_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = scanned(folder.path(), 0);
        let (whole, times) = told(&path);
        assert_eq!(times, 1);
        let mut again = 0;
        each_damage(&path, |place| {
            let (said, times) = told(&path);
            assert!(said == whole, "{place}");
            again += times - 1;
        });
        assert!(again > 3, "only {again} answers were begun on what was damaged");
    }

    /// Does something with what was kept damaged in one place, for many places.
    fn each_damage(path: &Path, mut work: impl FnMut(&str)) {
        for name in ["history", "findings"] {
            let file = path.join("derived").join(name);
            let bytes = std::fs::read(&file).unwrap();
            for part in 1..16 {
                let mut bad = bytes.clone();
                bad[bytes.len() * part / 16] ^= 1;
                std::fs::write(&file, bad).unwrap();
                work(&format!("{name} {part}"));
            }
            std::fs::write(&file, bytes).unwrap();
        }
    }

    fn copied(from: &Path, to: &Path) {
        std::fs::create_dir(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
            let to = to.join(entry.file_name());
            if entry.path().is_dir() { copied(&entry.path(), &to) } else { std::fs::copy(entry.path(), to).map(|_| ()).unwrap() }
        }
    }

    /// What a night says, what it records, and what is found after it; and how often it was told.
    fn night(path: &Path) -> (String, usize) {
        let mut times = 0;
        let options = ScanOptions { record: true, ..ScanOptions::look(Cut::Head, None, NOW) };
        let said = crate::scan::told(path, &options, &|_, _| {}, |done| {
            times += 1;
            let changes = since_last(path, &done)?.unwrap();
            let changed: Vec<_> = changes.changes.iter().map(|change| (&change.difference.finding.id, change.kind, &change.causes)).collect();
            Ok::<_, AuditError>(format!("{:?} {} {changed:?}", done.recorded, done.loaded.json(&done.report)?))
        });
        let last = Ledger::open_reader(path).unwrap().head().unwrap().size - 1;
        let recorded = Ledger::open_reader(path).unwrap().get(Seq(last)).unwrap().unwrap();
        let next = scan(path, &ScanOptions::look(Cut::Head, None, NOW), &|_, _| {}).unwrap();
        (format!("{} {:?} {}", said.unwrap(), recorded.event, next.loaded.json(&next.report).unwrap()), times)
    }

    #[test]
    fn a_night_over_what_is_damaged_says_and_records_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let evening = scanned(folder.path(), 60);
        let in_a_copy = || {
            let copy = folder.path().join("copy");
            copied(&evening, &copy);
            let night = night(&copy);
            std::fs::remove_dir_all(copy).unwrap();
            night
        };
        let (whole, times) = in_a_copy();
        assert_eq!(times, 1);
        each_damage(&evening, |place| assert!(in_a_copy().0 == whole, "{place}"));
    }

    #[test]
    fn a_history_that_turns_out_to_be_damaged_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = scanned(folder.path(), 0);
        let (engine, damage) = (loaded::engine().unwrap(), Damage::default());
        assert!(read_lost(&Pieces::WhenAsked(damage.clone())) == Some(0) && damage.happened());
        let mut ledger = Ledger::open(&path).unwrap();
        let asked = Asked { kept: None, recorded: true, ..Asked::of(None, NOW.local_day()) };
        let standing = head(&ledger, &engine, asked, &|_, _| {}).unwrap();
        let kept = |ledger: &Ledger| ledger.derived("history", &version(&engine)).is_some();
        assert!(kept(&ledger));
        keep(&mut ledger, &engine, &standing, spell(&engine, &standing), false, &damage).unwrap();
        assert!(!kept(&ledger));
        keep(&mut ledger, &engine, &standing, spell(&engine, &standing), false, &Damage::default()).unwrap();
        assert!(kept(&ledger));
    }
}
