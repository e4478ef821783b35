//! `FORMAT.md` and `vectors.json` against the code: every vector, and the example in the page itself.
//! It refuses to take the expected values from the code that made them: each is recomputed from its inputs.
#![allow(clippy::unwrap_used, missing_docs)]

use chain::*;
use serde_json::Value;

const FORMAT: &str = include_str!("../FORMAT.md");
const VECTORS: &str = include_str!("../vectors.json");

fn unhex(text: &str) -> Vec<u8> {
    assert_eq!(text.len() % 2, 0);
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn text<'a>(vector: &'a Value, name: &str) -> &'a str {
    vector[name].as_str().unwrap()
}

fn bytes<const N: usize>(vector: &Value, name: &str) -> [u8; N] {
    unhex(text(vector, name)).try_into().unwrap()
}

fn number<T: std::str::FromStr<Err: std::fmt::Debug>>(vector: &Value, name: &str) -> T {
    text(vector, name).parse().unwrap()
}

fn list(name: &str) -> Vec<Value> {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let list = vectors[name].as_array().unwrap().clone();
    assert!(!list.is_empty());
    list
}

#[test]
fn the_code_still_makes_the_frozen_file() {
    assert_eq!(vectors::json(), VECTORS);
}

#[test]
fn genesis() {
    for vector in list("genesis") {
        let genesis = Genesis::new(
            LedgerId(bytes(&vector, "ledger_id")),
            number(&vector, "created_at"),
            number::<u8>(&vector, "simulated") == 1,
            bytes(&vector, "log_public_key"),
            text(&vector, "origin"),
            &unhex(text(&vector, "settings")),
        )
        .unwrap();
        let expected = unhex(text(&vector, "bytes"));
        assert_eq!(genesis.to_bytes(), expected);
        assert_eq!(Genesis::from_bytes(&expected), Ok(genesis.clone()));
        assert_eq!(genesis.first_link().to_string(), text(&vector, "first_link"));
        let by_context = blake3::derive_key("countersign genesis v1", &expected);
        assert_eq!(genesis.first_link().0, by_context);
    }
}

#[test]
fn blindings() {
    for vector in list("blinding") {
        let secret: [u8; 32] = bytes(&vector, "ledger_secret");
        let ledger_id: [u8; 16] = bytes(&vector, "ledger_id");
        let seq: u64 = number(&vector, "seq");
        let expected: [u8; 16] = bytes(&vector, "blinding");
        assert_eq!(blinding(&secret, LedgerId(ledger_id), seq), expected);
        let material = [secret.as_slice(), &ledger_id, &seq.to_le_bytes()].concat();
        assert_eq!(blake3::derive_key("countersign blinding v1", &material)[..16], expected);
    }
}

#[test]
fn frames() {
    let genesis = Genesis::from_bytes(&unhex(text(&list("genesis")[0], "bytes"))).unwrap();
    let mut walker = Walker::new(&genesis);
    for vector in list("frames") {
        let expected: [u8; HEADER_LEN] = bytes(&vector, "header");
        let (blinding, payload) = (bytes(&vector, "blinding"), unhex(text(&vector, "payload")));
        let body = [blinding.as_slice(), &payload].concat();
        let header = Header {
            ledger_id: genesis.ledger_id(),
            seq: number(&vector, "seq"),
            recorded_at: number(&vector, "recorded_at"),
            tag: number(&vector, "tag"),
            schema: number(&vector, "schema"),
            body_len: u32::try_from(body.len()).unwrap(),
            body_hash: BodyHash(bytes(&vector, "body_hash")),
            previous: Link(bytes(&vector, "previous_link")),
        };
        assert_eq!(header.to_bytes(), expected);
        assert_eq!(Header::from_bytes(&expected), Ok(header));
        assert_eq!(header.sealing_aad(), expected[..SEALING_AAD_LEN]);
        assert_eq!(body_hash(&body), header.body_hash);
        assert_eq!(body_hash_parts(&blinding, &payload), header.body_hash);
        assert_eq!(header.body_hash.0, blake3::derive_key("countersign body v1", &body));
        assert_eq!(link(&expected).to_string(), text(&vector, "link"));
        assert_eq!(link(&expected).0, blake3::derive_key("countersign link v1", &expected));
        assert_eq!(walker.frame(&expected, &body), Ok(header));
    }
    assert_eq!(walker.head().next_seq, list("frames").len() as u64);
}

/// The hexadecimal at the start of each line of one code block of the page.
fn block(name: &str) -> Vec<u8> {
    let (_, rest) = FORMAT.split_once(&format!("```{name}\n")).unwrap();
    let (block, _) = rest.split_once("```").unwrap();
    block.lines().flat_map(|line| unhex(line.split_whitespace().next().unwrap())).collect()
}

#[test]
fn the_example_in_the_page_is_the_first_frame() {
    let frame = &list("frames")[0];
    assert_eq!(block("header"), unhex(text(frame, "header")));
    assert_eq!(block("body"), unhex(&[text(frame, "blinding"), text(frame, "payload")].concat()));
    assert_eq!(block("link"), unhex(text(frame, "link")));
    for context in [LINK_CONTEXT, BODY_CONTEXT, BLINDING_CONTEXT, GENESIS_CONTEXT] {
        assert!(FORMAT.contains(&format!("| `{context}` |")), "{context} is not in the page");
    }
}
