//! What the program itself wrote and reads again: rows and bodies of a ledger, and what a pack holds.

use super::papers::A_PACK;
use crate::Target;
use crate::parts::{joined, part, split};
use crate::run::plain;

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
