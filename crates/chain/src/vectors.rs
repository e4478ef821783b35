//! The test vectors of `FORMAT.md`, made anew from the code, to be compared with the frozen `vectors.json`.
//! It refuses to be a JSON library: it prints one fixed shape, and what it printed once it prints for ever.
//!
//! A new vector goes to the end of its list; `vectors.json` then grows and no line of it changes.

use crate::frame::{LedgerId, blinding, body_hash_parts, link};
use crate::genesis::Genesis;
use crate::walk::{Draft, Head};

/// The seconds of an invented ledger's birth: 2026-01-05T14:00:00Z, in microseconds.
const CREATED_AT: i64 = 1_767_621_600_000_000;
const LEDGER_SECRET: [u8; 32] = [0x5e; 32];

struct Frame {
    draft: Draft,
    payload: &'static [u8],
}

const FRAMES: [Frame; 4] = [
    Frame { draft: Draft { recorded_at: CREATED_AT + 1, tag: 1, schema: 1 }, payload: b"first payload" },
    Frame { draft: Draft { recorded_at: CREATED_AT + 1, tag: 0x0203, schema: 2 }, payload: b"" },
    Frame { draft: Draft { recorded_at: CREATED_AT + 2_500_000, tag: 0xffff, schema: 0xffff }, payload: &[0; 2000] },
    Frame { draft: Draft { recorded_at: i64::MAX, tag: 7, schema: 1 }, payload: b"\x00\xff" },
];

fn ledger_id() -> LedgerId {
    LedgerId(std::array::from_fn(|i| 0xa0 + i as u8))
}

/// The whole of `vectors.json`, final newline included.
///
/// # Panics
/// Never: the origins and settings below are within their bounds, and the frames follow in time.
pub fn json() -> String {
    let mut geneses = Vec::new();
    let mut frames = Vec::new();
    let settings: [&[u8]; 2] = [b"", b"settings \x00\x01\xff"];
    for (simulated, settings) in [false, true].into_iter().zip(settings) {
        let genesis = Genesis::new(ledger_id(), CREATED_AT, simulated, [0x1c; 32], "ledger.example/log1", settings)
            .expect("the vectors' genesis is within its bounds");
        geneses.push(genesis_line(&genesis));
        if !simulated {
            frames = frame_lines(&genesis);
        }
    }
    let blindings = [0, 1, 256, u64::MAX].map(|seq| {
        object(&[
            ("ledger_secret", hex(&LEDGER_SECRET)),
            ("ledger_id", ledger_id().to_string()),
            ("seq", seq.to_string()),
            ("blinding", hex(&blinding(&LEDGER_SECRET, ledger_id(), seq))),
        ])
    });
    let lists = [("genesis", geneses), ("blinding", blindings.to_vec()), ("frames", frames)]
        .map(|(name, lines)| format!("  \"{name}\": [\n    {}\n  ]", lines.join(",\n    ")));
    format!("{{\n{}\n}}\n", lists.join(",\n"))
}

fn genesis_line(genesis: &Genesis) -> String {
    object(&[
        ("ledger_id", genesis.ledger_id().to_string()),
        ("created_at", genesis.created_at().to_string()),
        ("simulated", u8::from(genesis.simulated()).to_string()),
        ("log_public_key", hex(genesis.log_public_key())),
        ("origin", genesis.origin().to_owned()),
        ("settings", hex(genesis.settings())),
        ("bytes", hex(&genesis.to_bytes())),
        ("first_link", genesis.first_link().to_string()),
    ])
}

fn frame_lines(genesis: &Genesis) -> Vec<String> {
    let mut head = Head::genesis(genesis);
    let mut lines = Vec::new();
    for Frame { draft, payload } in FRAMES {
        let before = head;
        let blinding = blinding(&LEDGER_SECRET, head.ledger_id, head.next_seq);
        let header = head.extend(draft, &blinding, payload).expect("the vectors' frames follow in time");
        lines.push(object(&[
            ("seq", before.next_seq.to_string()),
            ("recorded_at", draft.recorded_at.to_string()),
            ("tag", draft.tag.to_string()),
            ("schema", draft.schema.to_string()),
            ("blinding", hex(&blinding)),
            ("payload", hex(payload)),
            ("body_hash", body_hash_parts(&blinding, payload).to_string()),
            ("previous_link", before.link.to_string()),
            ("header", hex(&header)),
            ("link", link(&header).to_string()),
        ]));
    }
    lines
}

/// All values are strings: JSON readers lose the low bits of 64-bit numbers.
fn object(fields: &[(&str, String)]) -> String {
    let fields: Vec<_> = fields.iter().map(|(name, value)| format!("\"{name}\": \"{value}\"")).collect();
    format!("{{{}}}", fields.join(", "))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
