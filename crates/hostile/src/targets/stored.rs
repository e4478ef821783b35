//! What the program itself wrote and reads again: rows and bodies of a ledger, a history and findings kept from the last scan, and what a pack holds.

use std::sync::LazyLock;

use domain::{Draft, KnownAt, ValidDay};
use rules::{Engine, Kept};
use scenario::replay;
use timeline::History;
use timeline::stored::{Damage, Laid, Opened, Pieces};
use timeline::view::View;

use super::papers::A_PACK;
use crate::Target;
use crate::parts::{joined, part, split};
use crate::run::plain;

const BOOKS: &str = include_str!("../../../../fixtures/riverbend-revocation.jsonl");

/// A small history, and today in it.
static HISTORY_OF_BOOKS: LazyLock<(History, ValidDay)> = LazyLock::new(|| {
    let drafts: Vec<Draft> = BOOKS.lines().filter_map(|line| import::parse_line(line).ok()).collect();
    let recorded = replay::record(drafts).unwrap_or_default();
    let today = recorded.iter().map(|r| r.recorded_at.local_day()).max().unwrap_or(ValidDay::MIN);
    (replay::history(&recorded, KnownAt::END), today)
});

static ENGINE: LazyLock<Option<Engine>> = LazyLock::new(|| Engine::new(catalog::CATALOG, catalog::TABLES).ok());

pub(super) const HISTORY: Target = Target {
    name: "history",
    reads: &["timeline::History::restore"],
    good: || vec![joined(HISTORY_OF_BOOKS.0.store().unwrap_or_default().into_iter().flat_map(|section| spread(section.name, section.laid)))],
    words: &["\u{0}\u{0}\u{0}\u{0}", "\u{1}\u{0}\u{0}\u{0}", "\u{7f}", "\u{1}", "\n==== head\n"],
    read: |bytes| {
        let parts = split(bytes);
        let kept = Pieces::WhenAsked(Damage::default());
        match History::restore(|name: &str| gathered(&parts, name).map(Opened::from), &kept) {
            None => format!("not restored, {} sections", parts.len() / 8),
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

pub(super) const KEPT_FINDINGS: Target = Target {
    name: "kept-findings",
    reads: &["rules::Kept::restore_findings", "rules::Kept::restore_finding"],
    good: || ENGINE.iter().flat_map(|engine| KEPT_OF_BOOKS.store_findings(engine, &HISTORY_OF_BOOKS.0, 2)).map(|part| joined(spread(FRONT, part))).collect(),
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

/// Head of a row with one frame, and what is packed after it.
fn row() -> Vec<u8> {
    let payload = b"no payload in particular";
    let packed = [&[0; 8][..], &14_u16.to_le_bytes(), &1_u16.to_le_bytes(), &(payload.len() as u32).to_le_bytes(), payload].concat();
    let head = [&[1, 1, 0][..], &[7; 32], &5_i64.to_le_bytes(), &5_i64.to_le_bytes(), &(packed.len() as u32).to_le_bytes(), &[9; 32]].concat();
    [head, packed].concat()
}

/// Bytes of a row before the leaves of its frames.
const ROW_HEAD: usize = 55;

pub(super) const ROW: Target = Target {
    name: "row",
    reads: &["ledger::read_row"],
    good: || vec![row()],
    words: &["\u{1}\u{0}\u{1}", "\u{7f}\u{7f}\u{7f}\u{7f}", "\u{0}\u{0}\u{0}\u{0}"],
    read: |bytes| {
        let told = |row: &[u8]| match ledger::read_row(3, row) {
            Ok(frames) => {
                assert!(frames.len() <= 256, "more frames than a row has");
                "taken".to_owned()
            }
            Err(error) => plain(&error.to_string()),
        };
        // As it lies there, and with whatever follows the leaves packed as it should be.
        let leaves = bytes.get(1..3).map_or(0, |count| usize::from(count[0]) | usize::from(count[1]) << 8).min(256) * 32;
        let (head, rest) = bytes.split_at(bytes.len().min(ROW_HEAD + leaves));
        let packed = zstd::bulk::compress(rest, 1).unwrap_or_default();
        format!("{}, {}", told(bytes), told(&[head, &packed].concat()))
    },
};

/// The frames of a pack that have a body: tag, schema, and body.
fn bodies() -> Vec<Vec<u8>> {
    let frames = verify::entries(A_PACK).into_iter().find(|(name, _)| *name == "frames.bin").map(|(_, bytes)| bytes).unwrap_or_default();
    let (mut rest, mut found) = (frames, Vec::<Vec<u8>>::new());
    while let Some((head, after)) = rest.split_at_checked(chain::HEADER_LEN + 1) {
        let Ok(header) = chain::Header::from_bytes(&head[..chain::HEADER_LEN]) else { break };
        let length = if head[chain::HEADER_LEN] == 1 { header.body_len as usize } else { 0 };
        let Some((body, after)) = after.split_at_checked(length) else { break };
        let new = !body.is_empty() && found.iter().all(|known| known[..2] != header.tag.to_le_bytes());
        if new {
            found.push([&header.tag.to_le_bytes()[..], &header.schema.to_le_bytes(), body].concat());
        }
        rest = after;
    }
    found
}

pub(super) const BODY: Target = Target {
    name: "body",
    reads: &["ledger::Outsider::read", "ledger::Outsider::learn"],
    good: bodies,
    words: &["\u{1}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}", "\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{0}", "\u{0}\u{0}", "\u{1}"],
    read: |bytes| {
        let Some((tags, body)) = bytes.split_first_chunk::<4>() else { return "too short".to_owned() };
        let number = |at: usize| u16::from_le_bytes([tags[at], tags[at + 1]]);
        let ledger_id = chain::LedgerId([7; 16]);
        let header = chain::Header {
            ledger_id,
            seq: 4,
            recorded_at: 1_740_830_400_000_000,
            tag: number(0),
            schema: number(2),
            body_len: u32::try_from(body.len()).unwrap_or(u32::MAX),
            body_hash: chain::BodyHash([0; 32]),
            previous: chain::Link([0; 32]),
        };
        let mut outsider = ledger::Outsider::new(ledger_id, std::collections::BTreeMap::new(), std::collections::BTreeSet::new());
        let learned = outsider.learn(&header, body).is_ok();
        match outsider.read(&header, body) {
            Ok((recorded, erased)) => {
                let again = recorded.event.fields().len();
                format!("{learned} {} {}", recorded.event.type_name(), again.min(1) + erased.min(1) as usize)
            }
            Err(reason) => format!("{learned} {reason:?}"),
        }
    },
};

pub(super) const PACKED: Target = Target {
    name: "pack-inside",
    reads: &["verify::check"],
    // A part for each entry but the largest, which stay as they are.
    good: || vec![joined(verify::entries(A_PACK).into_iter().filter(|(_, bytes)| bytes.len() < SMALL))],
    words: &["\"sha256\":\"", "\"bytes\":", "\"size\":18446744073709551615", "\"seq\":-1", "[[[[[[[[", "\n==== manifest.json\n", "\n==== frames.bin\n", "\n==== keys.json\n"],
    read: |bytes| {
        let parts = split(bytes);
        let entries: Vec<(&str, &[u8])> = verify::entries(A_PACK).into_iter().map(|(name, whole)| (name, part(&parts, name).unwrap_or(whole))).collect();
        let file = pack_of(&entries);
        let report = verify::check(&file, &verify::Given::default());
        assert!(!report.verdict().is_green(), "green without a key from outside");
        let _ = verify::to_json(&report);
        let text = verify::to_text(&report);
        let failed: Vec<String> = text.lines().filter(|line| line.contains("failed")).map(|line| plain(&line.to_lowercase())).collect();
        failed.join("; ").chars().take(200).collect()
    },
};

/// Entries below this are spoiled.
pub(super) const SMALL: usize = 8_000;

/// A zip file as `FORMAT.md` of packs spells it: no compression, no dates, no attributes.
pub(super) fn pack_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut central) = (Vec::new(), Vec::new());
    let length = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes();
    for (name, bytes) in entries {
        let fixed = [10_u16, 0, 0, 0, 0x21].into_iter().flat_map(u16::to_le_bytes);
        let sums = [crc32fast::hash(bytes).to_le_bytes(), length(bytes.len()), length(bytes.len())].concat();
        let fields: Vec<u8> = fixed.chain(sums).chain(u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes()).collect();
        let offset = length(file.len());
        file.extend_from_slice(&[b"PK\x03\x04", fields.as_slice(), &[0, 0], name.as_bytes(), bytes].concat());
        central.extend_from_slice(&[b"PK\x01\x02\x14\0", fields.as_slice(), &[0; 12], &offset, name.as_bytes()].concat());
    }
    let count = u16::try_from(entries.len()).unwrap_or(u16::MAX).to_le_bytes();
    let end = [b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count, &length(central.len()), &length(file.len()), &[0, 0]].concat();
    [file, central, end].concat()
}
