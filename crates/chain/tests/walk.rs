//! Chains that are whole, and every way in which one can be broken.
//! It refuses to test a break without showing first that the chain held.
#![allow(clippy::unwrap_used, missing_docs)]

use chain::*;
use proptest::prelude::*;

const SECRET: [u8; 32] = [9; 32];

fn genesis() -> Genesis {
    Genesis::new(LedgerId([1; 16]), 1_000, true, [2; 32], "ledger.example/test", b"settings").unwrap()
}

#[derive(Clone, Debug, PartialEq)]
struct Frame {
    header: [u8; HEADER_LEN],
    body: Vec<u8>,
}

fn chain_of(genesis: &Genesis, payloads: &[Vec<u8>]) -> Vec<Frame> {
    let mut head = Head::genesis(genesis);
    let frame = |payload: &Vec<u8>| {
        let seq = head.next_seq;
        let blinding = blinding(&SECRET, head.ledger_id, seq);
        let draft = Draft { recorded_at: 1_000 + seq as i64 * 10, tag: 3, schema: 1 };
        let header = head.extend(draft, &blinding, payload).unwrap();
        Frame { header, body: [blinding.as_slice(), payload].concat() }
    };
    payloads.iter().map(frame).collect()
}

fn walk(genesis: &Genesis, frames: &[Frame]) -> Result<Head, Break> {
    let mut walker = Walker::new(genesis);
    for frame in frames {
        walker.frame(&frame.header, &frame.body)?;
    }
    Ok(walker.head())
}

fn five() -> Vec<Frame> {
    chain_of(&genesis(), &(0..5).map(|i| vec![i; 20]).collect::<Vec<_>>())
}

/// Rewrites one header, as somebody who does not mend the chain behind it would.
fn with(frames: &[Frame], at: usize, change: impl FnOnce(&mut Header)) -> Vec<Frame> {
    let mut frames = frames.to_vec();
    let mut header = Header::from_bytes(&frames[at].header).unwrap();
    change(&mut header);
    frames[at].header = header.to_bytes();
    frames
}

fn broken(frames: &[Frame]) -> (u64, BreakKind) {
    let found = walk(&genesis(), frames).unwrap_err();
    (found.seq, found.kind)
}

#[test]
fn a_whole_chain_is_walked_to_its_head() {
    let frames = five();
    let head = walk(&genesis(), &frames).unwrap();
    assert_eq!((head.next_seq, head.recorded_at), (5, 1_040));
    assert_eq!(head.link, link(&frames[4].header));

    // Bodies withheld, or in parts, or from the middle on: the same head.
    let mut walker = Walker::new(&genesis());
    for frame in &frames[..3] {
        walker.header_only(&frame.header).unwrap();
    }
    let mut walker = Walker::resume(walker.head());
    for frame in &frames[3..] {
        let (blinding, payload) = frame.body.split_first_chunk().unwrap();
        walker.frame_parts(&frame.header, blinding, payload).unwrap();
    }
    assert_eq!(walker.head(), head);
}

#[test]
fn every_kind_of_break_is_named_where_it_is() {
    let frames = five();
    let without = |at: usize| [&frames[..at], &frames[at + 1..]].concat();
    assert_eq!(broken(&without(0)), (0, BreakKind::WrongSeq(1)));
    assert_eq!(broken(&without(2)), (2, BreakKind::WrongSeq(3)));
    let mut swapped = frames.clone();
    swapped.swap(1, 2);
    assert_eq!(broken(&swapped), (1, BreakKind::WrongSeq(2)));
    let twice = [&frames[..2], &frames[1..]].concat();
    assert_eq!(broken(&twice), (2, BreakKind::WrongSeq(1)));

    let other_tag = with(&frames, 2, |header| header.tag = 4);
    assert_eq!(broken(&other_tag), (3, BreakKind::WrongPreviousLink));
    let renumbered = with(&without(2), 2, |header| header.seq = 2);
    assert_eq!(broken(&renumbered), (2, BreakKind::WrongPreviousLink));
    let earlier = with(&frames, 2, |header| header.recorded_at = 1_009);
    assert_eq!(broken(&earlier), (2, BreakKind::TimeWentBack { earliest: 1_010, found: 1_009 }));
    let before_birth = with(&frames, 0, |header| header.recorded_at = 999);
    assert_eq!(broken(&before_birth), (0, BreakKind::TimeWentBack { earliest: 1_000, found: 999 }));
    let foreign = with(&frames, 2, |header| header.ledger_id = LedgerId([8; 16]));
    assert_eq!(broken(&foreign), (2, BreakKind::WrongLedgerId(LedgerId([8; 16]))));

    let mut body = frames.clone();
    body[3].body[30] ^= 1;
    assert_eq!(broken(&body), (3, BreakKind::WrongBodyHash));
    body[3].body.push(0);
    assert_eq!(broken(&body), (3, BreakKind::WrongBodyLength { stated: 36, found: 37 }));
    let mut version = frames.clone();
    version[1].header[0] = 2;
    assert_eq!(broken(&version), (1, BreakKind::Header(HeaderError::Version(2))));
}

#[test]
fn after_a_break_the_walker_stands_where_it_stood() {
    let frames = five();
    let mut walker = Walker::new(&genesis());
    walker.frame(&frames[0].header, &frames[0].body).unwrap();
    let before = walker.head();
    assert!(walker.frame(&frames[2].header, &frames[2].body).is_err());
    assert!(walker.frame(&frames[1].header, &frames[0].body).is_err());
    assert_eq!(walker.head(), before);
    assert!(walker.frame(&frames[1].header, &frames[1].body).is_ok());
}

#[test]
fn the_first_frame_follows_from_everything_in_the_genesis() {
    let genesis = genesis();
    let frames = five();
    assert!(walk(&genesis, &frames).is_ok());
    let bytes = genesis.to_bytes();
    let mut accepted = 0;
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        if let Ok(other) = Genesis::from_bytes(&changed) {
            accepted += 1;
            assert!(walk(&other, &frames).is_err(), "byte {at} is not bound");
        }
    }
    // All but the version, the lengths and what is no letter any more can be read at all.
    assert!(accepted > 16 + 8 + 1 + 32 + 8, "{accepted}");
}

#[test]
fn a_head_refuses_what_no_reader_would_take_and_stays_as_it_was() {
    let mut head = Head::genesis(&genesis());
    let before = head;
    let back = Draft { recorded_at: 999, tag: 1, schema: 1 };
    assert_eq!(head.extend(back, &[0; 16], b""), Err(ExtendError::TimeWentBack { earliest: 1_000, given: 999 }));
    let draft = Draft { recorded_at: 1_000, ..back };
    let most = MAX_BODY_LEN as usize - BLINDING_LEN;
    let too_long = vec![0; most + 1];
    assert_eq!(head.extend(draft, &[0; 16], &too_long), Err(ExtendError::PayloadTooLong(most + 1)));
    assert_eq!(head, before);
    let header = head.extend(draft, &[0; 16], &too_long[1..]).unwrap();
    assert!(Header::from_bytes(&header).is_ok());
}

#[test]
fn headers_and_geneses_of_other_shapes_are_refused() {
    let header = five()[0].header;
    assert_eq!(Header::from_bytes(&header[..105]), Err(HeaderError::Length(105)));
    assert_eq!(Header::from_bytes(&[header.as_slice(), &[0]].concat()), Err(HeaderError::Length(107)));
    for wrong in [0, 15, MAX_BODY_LEN + 1, u32::MAX] {
        let mut bytes = header;
        bytes[38..42].copy_from_slice(&wrong.to_le_bytes());
        assert_eq!(Header::from_bytes(&bytes), Err(HeaderError::BodyLength(wrong)));
    }

    let new = |origin: &str, settings: &[u8]| Genesis::new(LedgerId([1; 16]), 0, false, [2; 32], origin, settings);
    assert_eq!(new("", b""), Err(GenesisError::Origin));
    assert_eq!(new("two\nlines", b""), Err(GenesisError::Origin));
    assert_eq!(new(&"o".repeat(256), b""), Err(GenesisError::Origin));
    assert_eq!(new("o", &[0; 65_536]), Err(GenesisError::Settings));
    let bytes = genesis().to_bytes();
    for len in 0..bytes.len() {
        assert_eq!(Genesis::from_bytes(&bytes[..len]), Err(GenesisError::Length));
    }
    assert_eq!(Genesis::from_bytes(&[bytes.as_slice(), &[0]].concat()), Err(GenesisError::Length));
    let mut marked = bytes.clone();
    marked[26] = 2;
    assert_eq!(Genesis::from_bytes(&marked), Err(GenesisError::Simulated(2)));
    let mut later = bytes;
    later[0] = 2;
    assert_eq!(Genesis::from_bytes(&later), Err(GenesisError::Version(2)));
}

#[test]
fn blindings_differ_by_secret_ledger_and_seq() {
    let one = blinding(&SECRET, LedgerId([1; 16]), 1);
    assert_ne!(one, blinding(&SECRET, LedgerId([1; 16]), 2));
    assert_ne!(one, blinding(&SECRET, LedgerId([2; 16]), 1));
    assert_ne!(one, blinding(&[8; 32], LedgerId([1; 16]), 1));
}

proptest! {
    #[test]
    fn any_changed_bit_of_any_frame_breaks_the_chain_there_or_at_the_next(
        payloads in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..60), 2..8),
        at in any::<usize>(), byte in any::<usize>(), bit in 0_u32..8,
    ) {
        let frames = chain_of(&genesis(), &payloads);
        prop_assert!(walk(&genesis(), &frames).is_ok());
        // The last header is vouched for by the tree alone, so it is left out here.
        let at = at % (frames.len() - 1);
        let mut changed = frames.clone();
        let byte = byte % (HEADER_LEN + changed[at].body.len());
        match byte.checked_sub(HEADER_LEN) {
            None => changed[at].header[byte] ^= 1 << bit,
            Some(byte) => changed[at].body[byte] ^= 1 << bit,
        }
        let found = walk(&genesis(), &changed).unwrap_err();
        prop_assert!(found.seq == at as u64 || found.seq == at as u64 + 1, "{found}");
    }

    #[test]
    fn parsers_never_panic_and_write_back_what_they_take(
        mut bytes in proptest::collection::vec(any::<u8>(), 0..200), version in any::<bool>(),
    ) {
        if version && bytes.len() >= 2 {
            bytes[..2].copy_from_slice(&[1, 0]);
        }
        if let Ok(genesis) = Genesis::from_bytes(&bytes) {
            prop_assert_eq!(genesis.to_bytes(), bytes.clone());
        }
        bytes.resize(HEADER_LEN, 0);
        if let Ok(header) = Header::from_bytes(&bytes) {
            prop_assert_eq!(header.to_bytes().to_vec(), bytes);
        }
    }
}
