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
pub(crate) fn answer<T, E>(mut give: impl FnMut(Option<&Pieces>) -> Result<T, E>) -> Result<T, E> {
    let damage = Damage::default();
    let answer = give(Some(&Pieces::WhenAsked(damage.clone())));
    if damage.happened() { give(None) } else { answer }
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

    use domain::KnownAt;
    use ledger::{CreateOptions, Ledger};
    use simulator::{Agency, Config};
    use timeline::History;

    use super::*;
    use crate::cut::Cut;
    use crate::error::AuditError;
    use crate::explain::{self, Story, Told};
    use crate::intake::{IntakeOptions, import};
    use crate::loaded;
    use crate::scan::{Scan, ScanOptions, looked, scan};

    #[test]
    fn an_answer_from_what_is_damaged_is_given_again_without_it() {
        let lost = || Opened { front: vec![20, 0, 0], count: 1, read: Box::new(|_| None), all: Box::new(|| None) };
        let mut asked = Vec::new();
        let told = answer(|kept| {
            asked.push(kept.is_some());
            let numbers = kept.and_then(|pieces| History::default().read_with(lost(), pieces, |input| input.array()));
            Ok::<_, ()>(numbers.map(|numbers| numbers.as_slice().len()))
        });
        // Twenty numbers that lie in a piece: opened, and lost when they were asked for.
        assert_eq!((told, asked), (Ok(None), vec![true, false]));
    }

    const NOW: KnownAt = KnownAt::from_micros(1_900_000_000_000_000);

    /// The ledger of an invented agency, with what a scan of it kept.
    fn scanned(dir: &Path) -> PathBuf {
        let (path, file) = (dir.join("ledger"), dir.join("events.jsonl"));
        let options = CreateOptions { origin: "d.example".into(), simulated: true, now: KnownAt::BEGINNING, entropy: Some([7; 32]) };
        drop(Ledger::create(&path, &options).unwrap());
        let mut text = Vec::new();
        Agency::invent(Config::of_events(7, 2_000)).write_jsonl_to(&mut text).unwrap();
        std::fs::write(&file, text).unwrap();
        let options = IntakeOptions { as_type: None, maps: Vec::new(), dry_run: false, partial: false, max_problems: 5, now: NOW };
        assert!(import(&path, &[file], &options, &|_| {}).unwrap().committed);
        scan(&path, &ScanOptions { record: true, ..ScanOptions::look(Cut::Head, None, NOW) }, &|_, _| {}).unwrap();
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
        let path = scanned(folder.path());
        let (whole, times) = told(&path);
        assert_eq!(times, 1);
        let mut again = 0;
        for name in ["history", "findings"] {
            let file = path.join("derived").join(name);
            let bytes = std::fs::read(&file).unwrap();
            for place in (1..16).map(|part| bytes.len() * part / 16) {
                let mut bad = bytes.clone();
                bad[place] ^= 1;
                std::fs::write(&file, bad).unwrap();
                let (said, times) = told(&path);
                assert!(said == whole, "{name} {place}");
                again += times - 1;
            }
            std::fs::write(&file, bytes).unwrap();
        }
        assert!(again > 3, "only {again} answers were begun on what was damaged");
    }
}
