//! What a scan keeps for the next one: a history, its findings and what they were read from. Whatever was read of it is asked as the next scan would.
//! It refuses to say whether an answer is right: who can write such bytes can make a scan say anything, but not make it wait.

use std::sync::LazyLock;

use domain::{KnownAt, ValidDay};
use rules::{Engine, Kept};
use scenario::replay;
use timeline::{History, Section};
use timeline::stored::{Damage, Laid, Opened, Pieces};
use timeline::view::View;

use crate::Target;
use crate::agency::books;
use crate::parts::{joined, part, split};

/// A small history, and today in it.
static HISTORY_OF_BOOKS: LazyLock<(History, ValidDay)> = LazyLock::new(|| {
    let (recorded, today) = books();
    (replay::history(&recorded, KnownAt::END), today)
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
        let kept = Pieces::WhenAsked(Damage::default());
        let section = |name: &str| gathered(&parts, name).or_else(|| STORED.iter().find(|section| section.name == name).map(|section| section.laid.clone()));
        match History::restore(|name: &str| section(name).map(Opened::from), &kept) {
            None => "not restored".to_owned(),
            Some(history) => {
                // Whatever was restored can be asked, and kept again.
                let stored = history.store().map(|sections| sections.len());
                let judged = ENGINE.as_ref().map(|engine| engine.run(&history, HISTORY_OF_BOOKS.1).findings.len().min(3));
                format!("restored {stored:?} {judged:?}")
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

/// What a scan of it keeps.
static KEPT_OF_BOOKS: LazyLock<Kept> = LazyLock::new(|| {
    let (history, today) = &*HISTORY_OF_BOOKS;
    let (view, mut kept) = (View::of(history, *today), Kept::default());
    if let Some(engine) = &*ENGINE {
        engine.work(history).iter().for_each(|work| kept.extend(engine.judge_keeping(&view, work)));
    }
    kept
});

/// Parts that findings are kept in: an input is one of them.
const PARTS: usize = 16;

pub(super) const KEPT_FINDINGS: Target = Target {
    name: "kept-findings",
    reads: &["rules::Kept::restore_findings", "rules::Kept::restore_finding"],
    good: || ENGINE.iter().flat_map(|engine| KEPT_OF_BOOKS.store_findings(engine, &HISTORY_OF_BOOKS.0, PARTS)).map(|part| joined(spread(FRONT, part))).collect(),
    words: &["\u{1}\u{1}", "\u{7f}\u{7f}", "MHOTRS", "\n==== front 0\n"],
    read: |bytes| {
        let (Some(engine), history) = (&*ENGINE, &HISTORY_OF_BOOKS.0) else { return "no rules".to_owned() };
        let Some(laid) = gathered(&split(bytes), FRONT) else { return "no front".to_owned() };
        let pieces = || Pieces::WhenAsked(Damage::default());
        let alone = |id: &str| Kept::restore_finding(laid.clone().into(), &pieces(), history, engine, id);
        match Kept::restore_findings(laid.clone().into(), &pieces(), history, engine) {
            None => format!("not restored, but {:?}", alone("F-").map(|one| one.is_some())),
            Some(kept) if kept.findings.last().is_some_and(|(_, last)| {
                let first = kept.findings.iter().find(|(_, f)| f.id.eq_ignore_ascii_case(&last.id));
                alone(&last.id).flatten().as_ref() != first.map(|(_, f)| f)
            }) => panic!("a finding read alone is another"),
            Some(kept) => format!("restored {} {}", kept.findings.len().min(5), kept.store_findings(engine, history, 1) == [laid]),
        }
    },
};

pub(super) const KEPT_READS: Target = Target {
    name: "kept-reads",
    reads: &["rules::Kept::restore_reads"],
    good: || vec![joined(spread(FRONT, KEPT_OF_BOOKS.store_reads(&HISTORY_OF_BOOKS.0)))],
    words: &["\u{1}\u{1}", "\u{7f}\u{7f}"],
    read: |bytes| {
        let history = &HISTORY_OF_BOOKS.0;
        let Some(laid) = gathered(&split(bytes), FRONT) else { return "no front".to_owned() };
        let kept = Kept::restore_reads(laid.clone().into(), &Pieces::WhenAsked(Damage::default()), history);
        kept.map_or("not restored".to_owned(), |kept| format!("restored {}", kept.store_reads(history) == laid))
    },
};
