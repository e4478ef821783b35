//! What a scan keeps for the next one: a history, its findings and what they were read from. Whatever was read of it is asked as the next scan would.
//! It refuses to say whether an answer is right: who can write such bytes can make a scan say anything, but not make it wait.

use std::sync::LazyLock;

use domain::{KnownAt, ValidDay};
use rules::kept::{Billed, Dirty, Known};
use rules::{Engine, Kept, Unit};
use scenario::replay;
use timeline::{History, Section};
use timeline::stored::{Damage, Laid, Opened, Pieces};
use timeline::touched::Touched;
use timeline::view::View;

use crate::Target;
use crate::agency::books;
use crate::parts::{joined, part, split};

/// A small history, and today in it.
static HISTORY_OF_BOOKS: LazyLock<(History, ValidDay)> = LazyLock::new(|| {
    let (recorded, today) = books();
    (replay::history(&recorded, KnownAt::END), today)
});

/// What its last events may change, as if they had come after the last scan: claims, what became of them, a correction and a retraction.
static TOUCHED: LazyLock<Touched> = LazyLock::new(|| {
    const LAST: usize = 25;
    let (recorded, _) = books();
    let further = recorded.get(recorded.len().saturating_sub(LAST)..).unwrap_or_default();
    Touched::by(&HISTORY_OF_BOOKS.0, further, &mut |seq| recorded.iter().find(|r| r.seq == seq).cloned())
});

static ENGINE: LazyLock<Option<Engine>> = LazyLock::new(|| Engine::new(catalog::CATALOG, catalog::TABLES).ok());

/// It as sections. An input is one of them, and the others stay as they are: spoiled together, hardly ever would all of them be read.
static STORED: LazyLock<Vec<Section>> = LazyLock::new(|| HISTORY_OF_BOOKS.0.store().unwrap_or_default());

pub(super) const HISTORY: Target = Target {
    name: "history",
    reads: &["timeline::History::restore"],
    good: || STORED.iter().map(|section| joined(spread(section.name, section.laid.clone()))).collect(),
    words: &["\u{0}\u{0}\u{0}\u{0}", "\u{1}\u{0}\u{0}\u{0}", "\u{7f}", "\u{1}", "\n==== head\n"],
    read: |bytes| {
        let parts = split(bytes);
        let damage = Damage::default();
        let section = |name: &str| gathered(&parts, name).or_else(|| STORED.iter().find(|section| section.name == name).map(|section| section.laid.clone()));
        match History::restore(|name: &str| section(name).map(Opened::from), &Pieces::WhenAsked(damage.clone())) {
            None => "not restored".to_owned(),
            Some(history) => {
                // Whatever was restored can be asked, and kept again.
                let stored = history.store().map(|sections| sections.len());
                let judged = ENGINE.as_ref().map(|engine| engine.run(&history, HISTORY_OF_BOOKS.1).findings.len().min(3));
                format!("restored {stored:?} {judged:?}, damage {}", damage.happened())
            }
        }
    },
};

/// The name of what is alone.
const FRONT: &str = "front";

/// A section as parts of an input: its front, and its pieces by their numbers.
fn spread(name: &str, laid: Laid) -> impl Iterator<Item = (String, Vec<u8>)> {
    let pieces = (0..).zip(laid.pieces).map(|(number, piece)| (piece_of(name, number), piece)).collect::<Vec<_>>();
    std::iter::once((name.to_owned(), laid.front)).chain(pieces)
}

fn piece_of(name: &str, number: usize) -> String {
    format!("{name} {number}")
}

/// A section from the parts of an input.
fn gathered(parts: &[(String, &[u8])], name: &str) -> Option<Laid> {
    let front = part(parts, name)?.to_vec();
    let pieces = (0..).map_while(|number| part(parts, &piece_of(name, number)).map(<[u8]>::to_vec)).collect();
    Some(Laid { front, pieces })
}

/// What a scan of it keeps, of each piece of work by itself: an input is one of them.
static KEPT_OF_BOOKS: LazyLock<Vec<Kept>> = LazyLock::new(|| {
    let (history, today) = &*HISTORY_OF_BOOKS;
    let view = View::of(history, *today);
    ENGINE.iter().flat_map(|engine| engine.work(history).into_iter().map(|work| engine.judge_keeping(&view, &work))).collect()
});

/// Parts that the findings of a piece of work are kept in.
const PARTS: usize = 2;

fn findings_of_books() -> Vec<Vec<u8>> {
    let parts = |engine| KEPT_OF_BOOKS.iter().filter(|kept| !kept.findings.is_empty()).flat_map(move |kept| kept.store_findings(engine, &HISTORY_OF_BOOKS.0, PARTS));
    ENGINE.iter().flat_map(parts).map(|part| joined(spread(FRONT, part))).collect()
}

pub(super) const KEPT_FINDINGS: Target = Target {
    name: "kept-findings",
    reads: &["rules::Kept::restore_findings", "rules::Kept::restore_finding"],
    good: findings_of_books,
    words: &["\u{1}\u{1}", "\u{7f}\u{7f}", "MHOTRS", "\n==== front 0\n"],
    read: |bytes| {
        let (Some(engine), history) = (&*ENGINE, &HISTORY_OF_BOOKS.0) else { return "no rules".to_owned() };
        let Some(laid) = gathered(&split(bytes), FRONT) else { return "no front".to_owned() };
        let damage = Damage::default();
        let pieces = || Pieces::WhenAsked(damage.clone());
        let alone = |id: &str| Kept::restore_finding(laid.clone().into(), &pieces(), history, engine, id);
        match Kept::restore_findings(laid.clone().into(), &pieces(), history, engine) {
            None => format!("not restored, but {:?}", alone("F-").map(|one| one.is_some())),
            Some(mut kept) => {
                if let Some((_, last)) = kept.findings.last() {
                    let first = kept.findings.iter().find(|(_, f)| f.id.eq_ignore_ascii_case(&last.id));
                    assert!(alone(&last.id).flatten().as_ref() == first.map(|(_, f)| f), "a finding read alone is another");
                }
                let same = kept.store_findings(engine, history, 1) == [laid.clone()];
                let view = View::of(history, HISTORY_OF_BOOKS.1);
                let billed = Billed::of(&TOUCHED);
                kept.findings.iter_mut().for_each(|(_, finding)| billed.retell(&view, finding));
                let report = engine.assemble(&view, [kept.report()]);
                format!("restored {} {same}, damage {}", report.findings.len().min(2), damage.happened())
            }
        }
    },
};

/// Units of which each is judged again as all would be.
const FEW: usize = 100;

pub(super) const KEPT_READS: Target = Target {
    name: "kept-reads",
    reads: &["rules::Kept::restore_reads"],
    good: || KEPT_OF_BOOKS.iter().map(|kept| joined(spread(FRONT, kept.store_reads(&HISTORY_OF_BOOKS.0)))).collect(),
    words: &["\u{1}\u{1}", "\u{7f}\u{7f}"],
    read: |bytes| {
        let (Some(engine), (history, today)) = (&*ENGINE, &*HISTORY_OF_BOOKS) else { return "no rules".to_owned() };
        let Some(laid) = gathered(&split(bytes), FRONT) else { return "no front".to_owned() };
        match Kept::restore_reads(laid.clone().into(), &Pieces::WhenAsked(Damage::default()), history) {
            None => "not restored".to_owned(),
            Some(kept) => {
                let same = kept.store_reads(history) == laid;
                let again = match kept.dirty(engine, history, &TOUCHED, Known::of(history), today.plus_days(-1), *today) {
                    Dirty::Everything => "everything",
                    Dirty::Units(units) if units.is_empty() => "nothing",
                    Dirty::Units(units) => {
                        let few: Vec<Unit> = units.into_iter().take(FEW).collect();
                        engine.judge_again(&View::of(history, *today), &few);
                        "units"
                    }
                };
                format!("restored {same}, {again} again")
            }
        }
    },
};
